"""Steps on an approval after it was granted: what was used of it, and that it may run out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from pabot.domain import commands as c
from pabot.domain.errors import Invalid
from pabot.domain.expiry import NO_RENEWAL, LetRunOut, RecordUse, units
from pabot.domain.model import AuthorizationState, Member
from pabot.domain.roles import Action
from pabot.domain.rules import Rules
from pabot.domain.statuses import Status
from pabot.domain.steps import Plan, StepRule

MOST_USED = 9999
GRANTED = frozenset({Status.APPROVED, Status.PATIENT_NOTIFIED, Status.CLOSED})


def record_use(state: AuthorizationState, command: RecordUse, actor: Member, now: datetime, rules: Rules) -> Plan:
    """The new total of each line. Going over what was approved is recorded as well: it is a fact, and a warning."""
    approved = {line.seq: line for line in units(state)}
    faults = {
        f"used_{seq}": "That is no line of this approval." if seq not in approved else f"At most {MOST_USED}."
        for seq, used in command.used
        if seq not in approved or not 0 <= used <= MOST_USED
    }
    used = dict(command.used)
    if not faults and all(line.used == used.get(seq, line.used) for seq, line in approved.items()):
        faults = {f"used_{seq}": "That is what is on file already." for seq in used}
    if faults:
        raise Invalid(faults)
    lines = tuple(replace(line, units_used=used.get(line.seq, line.units_used)) for line in state.lines)
    facts = replace(state, lines=lines)
    said = ", ".join(f"{line.code} {line.used} of {line.approved}" for line in units(facts))
    return Plan(facts, (), detail={"units_used": said})


def let_run_out(state: AuthorizationState, command: LetRunOut, actor: Member, now: datetime, rules: Rules) -> Plan:
    if command.reason not in NO_RENEWAL:
        raise Invalid({"reason": "Choose one of the reasons."})
    return Plan(replace(state, no_renewal=command.reason), (), detail={"reason": NO_RENEWAL[command.reason]})


STEPS: Mapping[type[c.Command], StepRule] = {
    RecordUse: StepRule(
        "record_use",
        "Units used",
        Action.RECORD_USE,
        GRANTED,
        record_use,
        applies=lambda state: any(line.approved > 1 for line in units(state)),
    ),
    LetRunOut: StepRule(
        "let_run_out",
        "No renewal needed",
        Action.RECORD_USE,
        GRANTED,
        let_run_out,
        applies=lambda state: state.is_granted and state.expires_on is not None and not state.no_renewal,
    ),
}
