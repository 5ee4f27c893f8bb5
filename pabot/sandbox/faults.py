"""Faults on demand: what goes wrong between an app and Slack, by rule or by seed."""

import random
from dataclasses import asdict, dataclass
from typing import Literal

from pabot.sandbox.model import Json

Kind = Literal["error_500", "drop_before", "drop_after", "rate_limited", "slow", "refused"]
KINDS: tuple[Kind, ...] = ("error_500", "drop_before", "drop_after", "rate_limited", "slow", "refused")


@dataclass
class Fault:
    """One thing that goes wrong.

    `error_500`: the server fails. `drop_before` / `drop_after`: the connection is cut before the call counts, or after
    it has been done. `rate_limited`: 429, wait `seconds`. `slow`: `seconds` late. `refused`: answered with `error`.
    It strikes a call of `method` (`*`: any) in `channel` (None: any) with probability `rate`, `times` times (None: on).
    """

    kind: Kind
    method: str = "*"
    times: int | None = None
    rate: float = 1.0
    seconds: float = 1.0
    error: str = "fatal_error"
    channel: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is none of {', '.join(KINDS)}")

    def concerns(self, method: str, channel: str | None) -> bool:
        return self.times != 0 and self.method in ("*", method) and self.channel in (None, channel)


class Faults:
    """The rules in force. `outage`: nothing answers. `duplicate_envelopes`: every payload is delivered twice."""

    def __init__(self, seed: int = 0) -> None:
        self.rules: list[Fault] = []
        self.outage = False
        self.duplicate_envelopes = False
        self.reseed(seed)

    def reseed(self, seed: int) -> None:
        """Make the chances of `rate` repeat."""
        self._random = random.Random(seed)  # noqa: S311 - repeatable chance is the point

    def add(self, kind: Kind, method: str = "*", **how: object) -> Fault:
        """A rule until lifted; `how` as in `Fault`."""
        rule = Fault(kind, method, **how)  # type: ignore[arg-type]
        self.rules.append(rule)
        return rule

    def next(self, kind: Kind, method: str = "*", times: int = 1, **how: object) -> Fault:
        """A rule for the next `times` calls."""
        return self.add(kind, method, times=times, **how)

    def clear(self) -> None:
        """All is well again."""
        self.rules.clear()
        self.outage = self.duplicate_envelopes = False

    def draw(self, method: str, channel: str | None) -> tuple[float, Fault | None]:
        """What strikes this call: seconds to wait, and the fault, if any. The first rule that fires counts."""
        waited = 0.0
        for rule in list(self.rules):
            if not rule.concerns(method, channel) or self._random.random() >= rule.rate:
                continue
            if rule.times is not None:
                rule.times -= 1
            if rule.kind != "slow":
                return waited, rule
            waited += rule.seconds
        return waited, None

    def describe(self) -> Json:
        """The rules in force, as JSON."""
        return {
            "rules": [asdict(rule) for rule in self.rules],
            "outage": self.outage,
            "duplicate_envelopes": self.duplicate_envelopes,
        }
