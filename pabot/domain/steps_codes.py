"""A change of codes or diagnoses before the payer has them, and the checklist that follows the codes.

A clinician changes them, or somebody who says which clinician directs it (founding guide R9).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from pabot.domain import commands as c
from pabot.domain.codes import unnamed, written
from pabot.domain.documents import follow, of_items
from pabot.domain.errors import Invalid
from pabot.domain.library import Checklist, Requirement
from pabot.domain.model import AuthorizationState, Member, Role, ServiceLine
from pabot.domain.roles import Action
from pabot.domain.rules import Rules
from pabot.domain.statuses import Status
from pabot.domain.steps import Plan, StepRule

S = Status


def change_codes(state: AuthorizationState, command: c.ChangeCodes, actor: Member, now: datetime, rules: Rules) -> Plan:
    """Old and new order and codes are in the entry. That diagnoses changed is all it says of them."""
    medication, therapy = command.medication or state.medication, command.therapy or state.therapy
    if faults := unnamed(state.category, command.lines, medication):
        raise Invalid(faults)
    lines = state.lines if _typed(command.lines) == _typed(state.lines) else command.lines
    diagnoses = command.diagnoses or state.diagnoses
    facts = replace(state, lines=lines, diagnoses=diagnoses, medication=medication, therapy=therapy)
    if facts == state:
        raise Invalid({"codes": "This is what is on file. Nothing is changed."})
    if lines != state.lines:
        facts = on_checklist(facts, rules.found)
    detail = {
        "director": "" if actor.is_(Role.CLINICIAN) else command.director or "",
        "ordered": _differs(_ordered(state), _ordered(facts)),
        "codes": _differs(_typed(state.lines), _typed(lines)),
        "diagnoses": "changed" if diagnoses != state.diagnoses else "",
        "reason": command.reason,
    }
    return Plan(facts, _onward(facts), detail=detail)


def on_checklist(state: AuthorizationState, found: tuple[int, Checklist] | None) -> AuthorizationState:
    """The request under the checklist version that holds for its codes; under none, nothing is required by one."""
    version, body = found or (None, None)
    if version == state.checklist_version_id:
        return state
    required = body is not None and body.authorization is Requirement.REQUIRED
    wanted = of_items(body.items) if body and required else ()
    asks = " ".join(fact.field for fact in body.asks) if body else ""
    return replace(state, checklist_version_id=version, documents=follow(state.documents, wanted), asks=asks)


def _differs(before: str, after: str) -> str:
    return f"{before} → {after}" if before != after else ""


def _ordered(state: AuthorizationState) -> str:
    return ", ".join(str(order) for order in (state.medication, state.therapy) if order) or "no more than the codes"


def _typed(lines: tuple[ServiceLine, ...]) -> str:
    return ", ".join(map(written, lines)) or "no code"


def _onward(facts: AuthorizationState) -> tuple[Status, ...]:
    """Back to the documents when the new codes want more. That they want less makes nothing ready by itself."""
    incomplete = facts.wanting or facts.facts_wanting
    return (S.DOCS_NEEDED,) if facts.status is S.READY and incomplete else ()


STEPS: Mapping[type[c.Command], StepRule] = {
    c.ChangeCodes: StepRule(
        "change_codes",
        "Change codes",
        Action.CHANGE_CODE,
        frozenset({S.NEW, S.REQ_CHECK, S.DOCS_NEEDED, S.READY}),
        change_codes,
        applies=lambda state: state.open_information_request is None,  # the payer has them, and waits for documents
        directed=True,
    ),
}
