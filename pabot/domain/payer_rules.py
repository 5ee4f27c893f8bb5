"""How long a payer takes and gives: its windows, from the law's defaults to the word of one checklist.

A narrower layer wins over a wider one: line of business, payer, plan, checklist. Whatever a letter says wins over all.
The defaults only prefill and are shown as *verify* (our judgement).
Sources: CMS-0057-F, 29 CFR 2560.503-1, 42 CFR 422 and 438, CMS pages on OPD and DMEPOS prior authorization.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pabot.domain.errors import Invalid
from pabot.domain.model import LineOfBusiness

INFORMATION_DAYS = 14  # calendar days to answer a payer's question when it names no date (our judgement)
UNITS: Mapping[str, str] = {"h": "hour", "cd": "calendar day", "bd": "business day"}


_WINDOW = re.compile(r"\s*(\d{1,4})\s+(hour|calendar day|business day)s?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Window:
    """A span: value and unit (`h` calendar hours, `cd` calendar days, `bd` business days)."""

    value: int
    unit: str

    def __str__(self) -> str:
        return f"{self.value} {UNITS[self.unit]}{'' if self.value == 1 else 's'}"


def parse_window(text: str) -> Window:
    """`7 calendar days`, `2 business days` or `72 hours`. Raises Invalid."""
    found = _WINDOW.fullmatch(text)
    if not found:
        wrong = f"“{text.strip()[:30]}” is no window. Write it like 7 calendar days, 2 business days or 72 hours."
        raise Invalid({"window": wrong})
    return Window(int(found[1]), next(unit for unit, name in UNITS.items() if name == found[2].lower()))


class RuleKind(StrEnum):
    """What a payer's rule is about."""

    STANDARD = "decision_standard"  # from receipt to decision
    EXPEDITED = "decision_expedited"
    FIRST_CHECK = "first_check"  # from sending to our first look at it
    CHECK_EVERY = "check_every"
    INFORMATION = "information"  # from the payer's question to our answer
    APPEAL = "appeal"  # from the notice date to filing, level by level
    APPEAL_SECOND = "appeal_second"
    EXTERNAL = "external_review"
    APPEAL_DECISION = "appeal_decision"  # from filing to the payer's decision
    P2P = "peer_to_peer"  # from the notice to asking for the call


RULE_LABELS: Mapping[RuleKind, str] = {
    RuleKind.STANDARD: "Standard decision",
    RuleKind.EXPEDITED: "Expedited decision",
    RuleKind.FIRST_CHECK: "First check",
    RuleKind.CHECK_EVERY: "Then check every",
    RuleKind.INFORMATION: "Answer a question within",
    RuleKind.APPEAL: "Appeal within",
    RuleKind.APPEAL_SECOND: "Second appeal within",
    RuleKind.EXTERNAL: "External review within",
    RuleKind.APPEAL_DECISION: "Appeal decided within",
    RuleKind.P2P: "Peer-to-peer within",
}


class Layer(StrEnum):
    """Where a rule comes from, widest first."""

    DEFAULT = "default"
    PAYER = "payer"
    PLAN = "plan"
    CHECKLIST = "checklist"


@dataclass(frozen=True, slots=True)
class Rule:
    """One window with where it is written and when somebody last looked."""

    window: Window
    source: str = ""
    verified_on: date | None = None
    layer: Layer = Layer.DEFAULT

    @property
    def words(self) -> str:
        """`7 calendar days (payer)`, or that it is a default to be verified."""
        return f"{self.window} ({'default, verify' if self.layer is Layer.DEFAULT else self.layer})"


PayerRules = dict[RuleKind, Rule]


def resolved(*layers: PayerRules) -> PayerRules:
    """The rules in force: layers from the widest to the narrowest, each over the ones before."""
    found: dict[RuleKind, Rule] = {}
    for layer in layers:
        found.update(layer)
    return found


def kept_source(rule: Rule) -> str:
    """Where a rule is written, as it is kept with a date that was computed by it."""
    return rule.source or rule.layer.value


def _by_default(standard: Window, expedited: Window, appeal_days: int, decision_days: int, source: str) -> PayerRules:
    windows = {
        RuleKind.STANDARD: standard,
        RuleKind.EXPEDITED: expedited,
        RuleKind.APPEAL: Window(appeal_days, "cd"),
        RuleKind.APPEAL_DECISION: Window(decision_days, "cd"),
    }
    ours = {RuleKind.INFORMATION: Rule(Window(INFORMATION_DAYS, "cd"), "our judgement")}
    return {**{kind: Rule(window, source) for kind, window in windows.items()}, **ours}


_L = LineOfBusiness
_h72, _h24, _cd7, _cd15 = Window(72, "h"), Window(24, "h"), Window(7, "cd"), Window(15, "cd")

# fmt: off
DEFAULTS: Mapping[LineOfBusiness, PayerRules] = {
    _L.MEDICARE_FFS:       _by_default(_cd7, Window(2, "bd"), 120, 60, "Medicare OPD and DMEPOS lists"),
    _L.MEDICARE_ADVANTAGE: _by_default(_cd7, _h72, 65, 30, "CMS-0057-F; 42 CFR 422.582"),
    _L.PART_D:             _by_default(_h72, _h24, 65, 7, "Part D coverage determinations"),
    _L.MEDICAID_FFS:       _by_default(_cd7, _h72, 60, 30, "CMS-0057-F"),
    _L.MEDICAID_MCO:       _by_default(_cd7, _h72, 60, 30, "CMS-0057-F; 42 CFR 438.402"),
    _L.CHIP:               _by_default(_cd7, _h72, 60, 30, "CMS-0057-F"),
    _L.QHP:                _by_default(_cd15, _h72, 180, 30, "45 CFR 147.136"),
    _L.COMMERCIAL_INSURED: _by_default(_cd15, _h72, 180, 30, "state law; verify with the payer"),
    _L.ERISA_SELF_FUNDED:  _by_default(_cd15, _h72, 180, 30, "29 CFR 2560.503-1"),
    _L.TRICARE_VA:         _by_default(_cd7, _h72, 90, 30, "our assumption; verify with the payer"),
    _L.WORKERS_COMP:       _by_default(_cd7, _h72, 30, 30, "our assumption; verify with the payer"),
    _L.OTHER:              _by_default(_cd15, _h72, 60, 30, "our assumption; verify with the payer"),
}
# fmt: on
_DMEPOS = re.compile(r"[AEKL]\d{4}")  # equipment and supplies, by the first letter of their HCPCS codes
_EQUIPMENT = Rule(Window(5, "bd"), "Medicare DMEPOS list; never over 7 calendar days")


def by_law(line_of_business: LineOfBusiness, codes: Iterable[str] = ()) -> PayerRules:
    """The defaults for a request: Original Medicare answers sooner where all that is asked for is equipment."""
    rules, asked = DEFAULTS[line_of_business], tuple(codes)
    if line_of_business is _L.MEDICARE_FFS and asked and all(map(_DMEPOS.fullmatch, asked)):
        return {**rules, RuleKind.STANDARD: _EQUIPMENT}
    return rules
