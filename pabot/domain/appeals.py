"""The levels at which a denial can be contested, by line of business: what each is called, until when, on whose word.

A letter's own date wins over all windows here; they only prefill and are shown as *verify* (our judgement). The first
level's windows are those of the payer's rules; the others' stand here unless the library has the payer's own.
Sources: 42 CFR 422.582, 422.590 and 422.592 (Medicare Advantage), 42 CFR 438.402 and 438.408 (Medicaid managed care),
29 CFR 2560.503-1, 45 CFR 147.136 (internal appeal and external review); what has none is marked as to be verified.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from pabot.domain.model import LETTER, Appeal, AuthorizationState, Denial, DenialClass, LineOfBusiness, Member, Role
from pabot.domain.payer_rules import PayerRules, Rule, RuleKind, Window
from pabot.domain.rules import Rules, next_check, window_ends_on
from pabot.domain.statuses import PendingKind

VERIFY = "our assumption; verify with the payer"


@dataclass(frozen=True, slots=True)
class Level:
    """One level. `file` and `decided` are None where the payer's own rules say it."""

    name: str  # as its letters call it
    kind: RuleKind = RuleKind.APPEAL  # the rule that holds the payer's own window
    file: Window | None = None  # from the notice to filing
    decided: Window | None = None  # from filing to the decision
    source: str = ""
    consent: bool = False  # the patient's written consent is needed when the practice files it
    automatic: bool = False  # the plan sends it on by itself: nothing is filed, only tracked


_SECOND = Level("second internal appeal", RuleKind.APPEAL_SECOND)
_FURTHER = Level("further appeal")
# Four months from the final denial: 120 days are never later than that.
_EXTERNAL = Level(
    "external review", RuleKind.EXTERNAL, Window(120, "cd"), Window(45, "cd"), "45 CFR 147.136", consent=True
)
_INTERNAL = (Level("internal appeal"), _EXTERNAL)

_L = LineOfBusiness
# fmt: off
WAYS: Mapping[LineOfBusiness, tuple[Level, ...]] = {
    _L.MEDICARE_FFS: (),  # a non-affirmation is corrected and sent again, as often as needed
    _L.MEDICARE_ADVANTAGE: (
        Level("plan reconsideration"),
        Level("independent review", RuleKind.EXTERNAL, None, Window(30, "cd"), "42 CFR 422.592", automatic=True),
    ),
    _L.PART_D: (
        Level("redetermination"),
        Level("independent review", RuleKind.EXTERNAL, Window(65, "cd"), Window(7, "cd"), VERIFY),
    ),
    _L.MEDICAID_FFS: (Level("state fair hearing", decided=Window(90, "cd"), source=VERIFY, consent=True),),
    _L.MEDICAID_MCO: (
        Level("plan appeal", consent=True),
        Level("state fair hearing", RuleKind.EXTERNAL, Window(120, "cd"), Window(90, "cd"), "42 CFR 438.408",
              consent=True),
    ),
    _L.CHIP: (
        Level("plan appeal", consent=True),
        Level("state review", RuleKind.EXTERNAL, Window(120, "cd"), Window(90, "cd"), VERIFY, consent=True),
    ),
    _L.QHP: _INTERNAL,
    _L.COMMERCIAL_INSURED: _INTERNAL,
    _L.ERISA_SELF_FUNDED: _INTERNAL,
    _L.TRICARE_VA: (
        Level("reconsideration"),
        Level("second reconsideration", RuleKind.APPEAL_SECOND, Window(60, "cd"), Window(30, "cd"), VERIFY),
    ),
    _L.WORKERS_COMP: (
        Level("reconsideration"),
        Level("independent medical review", RuleKind.EXTERNAL, Window(30, "cd"), Window(30, "cd"), VERIFY),
    ),
    _L.OTHER: (
        Level("internal appeal"),
        Level("external review", RuleKind.EXTERNAL, Window(60, "cd"), Window(45, "cd"), VERIFY, consent=True),
    ),
}
# fmt: on

RESUBMIT_ONLY = "Original Medicare takes no appeal of this: correct it and send it again, as often as needed."
NOTHING_FURTHER = "That was the last level: nothing further can be filed."


def way(line_of_business: LineOfBusiness, payer: PayerRules) -> tuple[Level, ...]:
    """All levels, in their order. A plan whose rules give a second internal appeal has one before external review."""
    levels = WAYS[line_of_business]
    second = RuleKind.APPEAL_SECOND in payer and all(level.kind is not RuleKind.APPEAL_SECOND for level in levels)
    return (levels[0], _SECOND, *levels[1:]) if second and levels else levels


def level_at(line_of_business: LineOfBusiness, payer: PayerRules, level: int) -> Level | None:
    """The first is 1; None where there is no such level."""
    levels = way(line_of_business, payer)
    return levels[level - 1] if 0 < level <= len(levels) else None


def open_to(state: AuthorizationState, denial: Denial, payer: PayerRules) -> Level | None:
    """To what this denial can be appealed; None: to nothing. A letter may name more than the table knows.

    What the plan had sent on by itself and was not taken up there is a person's to file again; so is what it did not
    send on, for then a person has to decide about it.
    """
    found, before = level_at(state.line_of_business, payer, denial.level), state.appeal
    fell_through = before is not None and before.level == denial.level and before.is_void
    if found and (fell_through or denial.routed_to):
        found = replace(found, automatic=False)
    named = denial.appeal_by is not None and denial.appeal_source == LETTER
    return _FURTHER if found is None and named and WAYS[state.line_of_business] else found


def nothing_open(state: AuthorizationState) -> str:
    """Why no appeal can be filed, where none can."""
    return NOTHING_FURTHER if WAYS[state.line_of_business] else RESUBMIT_ONLY


def filing_rule(level: Level | None, payer: PayerRules) -> Rule | None:
    """Until when a level is filed; None where nothing is filed, or nobody knows."""
    if level is None or level.automatic or level == _FURTHER:
        return None
    default = Rule(level.file, level.source) if level.file else None
    return payer.get(level.kind) or default


def decision_rule(level: Level, payer: PayerRules) -> Rule:
    """How long the decision takes; the payer's own window is that of its own levels."""
    return Rule(level.decided, level.source) if level.decided else payer[RuleKind.APPEAL_DECISION]


def with_appeal(state: AuthorizationState, appeal: Appeal, rules: Rules) -> AuthorizationState:
    """The request while an appeal is decided."""
    due_on, expedited = appeal.decision_due_on, appeal.expedited or state.is_expedited
    check = next_check(appeal.filed_at, due_on, rules, first=True, expedited=expedited)
    return replace(
        state,
        appeal=appeal,
        pending_kind=PendingKind.APPEAL,
        expected_on=due_on,
        expected_source="decision on the appeal",
        next_check_on=check,
    )


def decided_by(level: Level, filed_on: date, rules: Rules, *, expedited: bool) -> date:
    """Expedited appeals are decided within three days by law; others within the window of their level."""
    if expedited:
        return filed_on + timedelta(days=3)
    return window_ends_on(decision_rule(level, rules.payer), filed_on)


def signers(denial: Denial) -> frozenset[Role]:
    """Who may sign the letter: a clinician; of an administrative denial, a biller as well."""
    administrative = denial.denial_class is DenialClass.ADMINISTRATIVE
    return frozenset({Role.CLINICIAN, Role.BILLER} if administrative else {Role.CLINICIAN})


def wants_reasons(denial: Denial, filer: Member) -> bool:
    """Whether a clinician must first record why the care is necessary, or where their text says it.

    A clinician files on their own word; what is administrative argues no necessity.
    """
    return Role.BILLER not in signers(denial) and not denial.is_argued and not filer.is_(Role.CLINICIAN)


def argued(denial: Denial, text: str, where: str, by: str, at: datetime) -> Denial:
    """The denial with a clinician's reasons, or where they lie. The record keeps each version."""
    version = denial.necessity_version + 1
    return replace(
        denial, necessity=text, necessity_where=where, necessity_by=by, necessity_at=at, necessity_version=version
    )


# What belongs in the packet of an appeal: its key, what it is, and whether filing without it wants a reason.
# The letter and the consent are not among them: nobody may do without those.
PACKET: Mapping[str, tuple[str, bool]] = {
    "denial_letter": ("The payer's denial letter", True),
    "notes": ("Clinical notes that the letter refers to", True),
    "form": ("The payer's own appeal form, if it has one", False),
}
MOST_ATTACHMENTS = 60


def lacking(packet: str) -> tuple[str, ...]:
    """What of the packet is required and not in it, in words; `packet`: the keys that are, joined by a space."""
    there = packet.split()
    return tuple(label for key, (label, required) in PACKET.items() if required and key not in there)
