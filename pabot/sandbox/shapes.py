"""Describing JSON as small checks that name what is wrong and where: the grammar in which `block_kit` is written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One thing Slack would refuse; `pointer` is a JSON pointer. As words, it reads like Slack's own."""

    pointer: str
    message: str
    code: str = "invalid"

    def __str__(self) -> str:
        return f"[ERROR] {self.message} [json-pointer:{self.pointer}]"


Check = Callable[[Any, str], Iterator[Problem]]
"""(value, pointer) → problems."""


def anything(_value: Any, _at: str) -> Iterator[Problem]:
    yield from ()


def flag(value: Any, at: str) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield Problem(at, "must provide a boolean", "invalid_type")


def string(most: int, least: int = 0) -> Check:
    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(at, "must provide a string", "invalid_type")
        elif len(value) > most:
            yield Problem(at, f"must be less than {most + 1} characters", "too_long")
        elif len(value) < least:
            yield Problem(at, f"must be more than {least - 1} characters", "too_short")

    return check


def whole(least: int, most: int | None = None) -> Check:
    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Problem(at, "must provide an integer", "invalid_type")
        elif value < least or (most is not None and value > most):
            yield Problem(at, f"must be between {least} and {most if most is not None else 'any'}", "out_of_range")

    return check


def one_of(*allowed: str) -> Check:
    def check(value: Any, at: str) -> Iterator[Problem]:
        if value not in allowed:
            yield Problem(at, f"must be one of: {', '.join(allowed)}", "invalid_value")

    return check


def text(most: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> Check:
    """A text object of at most `most` characters; empty words are refused."""
    whole_shape = shape({"type": one_of(*kinds), "text": string(most, 1)}, {"emoji": flag, "verbatim": flag})

    def check(value: Any, at: str) -> Iterator[Problem]:
        yield from whole_shape(value, at)
        if isinstance(value, dict) and value.get("type") == "mrkdwn" and "emoji" in value:
            yield Problem(at, "emoji is for plain_text", "unexpected")

    return check


def plain(most: int) -> Check:
    return text(most, ("plain_text",))


def many(item: Check, least: int = 1, most: int | None = None) -> Check:
    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(at, "must provide an array", "invalid_type")
            return
        if len(value) < least:
            yield Problem(at, f"no fewer than {least} items allowed", "too_few")
        if most is not None and len(value) > most:
            yield Problem(at, f"no more than {most} items allowed", "too_many")
        for index, each in enumerate(value):
            yield from item(each, f"{at}/{index}")

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these fields and no others. A field that is null counts as absent."""
    known = {**required, **(optional or {})}

    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(at, "must provide an object", "invalid_type")
            return
        for name in required:
            if value.get(name) is None:
                yield Problem(at, f"missing required field: {name}", "missing_field")
        for name, content in value.items():
            if name not in known:
                yield Problem(at, f"invalid additional property: {name}", "unexpected")
            elif content is not None:
                yield from known[name](content, f"{at}/{name}")

    return check


def by_type(shapes: Mapping[str, Check], allowed: frozenset[str] | None = None) -> Check:
    """An object whose `type` says which shape it has to have."""

    def check(value: Any, at: str) -> Iterator[Problem]:
        kind = str(value.get("type")) if isinstance(value, dict) else "none"
        if kind not in shapes or (allowed is not None and kind not in allowed):
            yield Problem(f"{at}/type", f"unsupported type: {kind}", "unsupported_type")
        else:
            yield from shapes[kind](value, at)

    return check


def every(*checks: Check) -> Check:
    """All of these have to hold."""

    def check(value: Any, at: str) -> Iterator[Problem]:
        for each in checks:
            yield from each(value, at)

    return check


def rule(holds: Callable[[Any], bool], message: str, code: str = "invalid") -> Check:
    """A condition on the whole object. A value too malformed to be asked is left to the other checks."""

    def check(value: Any, at: str) -> Iterator[Problem]:
        try:
            broken = not holds(value)
        except (TypeError, KeyError, AttributeError, IndexError, ValueError):
            return
        if broken:
            yield Problem(at, message, code)

    return check
