"""Asking the library inside an open transaction: which checklist holds, and everything that is known with it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from pabot.domain.answers import Answer, Kept, Reported
from pabot.domain.cards import PayerFacts
from pabot.domain.errors import Invalid
from pabot.domain.library import Checklist
from pabot.domain.matching import Asked, Match, best_first, is_about
from pabot.domain.model import AuthorizationState, Category, ServiceLine
from pabot.domain.payer_rules import by_law, resolved
from pabot.domain.rules import InsurancePlan, Rules
from pabot.services.room import rules_for
from pabot.store import library, payers, proposals
from pabot.store.payers import Named
from pabot.store.store import Session

NO_CODE = ""  # in no range


def answers(session: Session, plans: Sequence[Named], code: str, now: datetime) -> tuple[Answer, ...]:
    """What a payer wants for a code; plans with the same answer share one."""
    entries = library.matches(session.connection, plans[0][0].payer_id, code)
    groups: dict[object, list[Named]] = {}
    for facts, contacts in plans:
        best = best_first(entries, asked_of(session, facts, code, None, now))[:1]
        rules = session.practice.payer_rules.get(facts.plan_id, {})
        key = (tuple(best), facts.line_of_business, tuple(sorted(rules.items())))
        groups.setdefault(key, []).append((facts, contacts))
    return tuple(_answer(session, group, entries, code, now) for group in groups.values())


def _answer(session: Session, group: Sequence[Named], entries: Sequence[Match], code: str, now: datetime) -> Answer:
    """The one answer of plans that share it."""
    facts, contacts = group[0]
    asked = asked_of(session, facts, code, None, now)
    best = best_first(entries, asked)
    held = kept(session, best[0].version_id, best[0].by) if best else None
    rules = resolved(by_law(facts.line_of_business, [code]), session.practice.payer_rules.get(facts.plan_id, {}))
    by_category = [f"{match.service} ({match.by})" for match in entries if match.category]
    return Answer(
        payer_id=facts.payer_id,
        payer=facts.payer,
        plans=tuple(each.plan for each, _ in group),
        line_of_business=facts.line_of_business,
        code=code,
        on=asked.on,
        kept=held,
        lapsed=None if held else _lapsed(entries, asked),
        rules=resolved(rules, dict(held.body.rules)) if held else rules,
        contacts=contacts,
        plan_id=facts.plan_id if len(group) == 1 else None,
        reported=reported(session, held.checklist_id) if held and best[0].is_reported else (),
        also=(*(match.service for match in best[1:]), *by_category),
    )


def best_of(
    session: Session, facts: PayerFacts, codes: Collection[str], category: Category, now: datetime
) -> Match | None:
    """The checklist for a request: the most specific one over all its codes; of equals, the first code's.

    What has no code, a medication by its name, can only be matched by its category.
    """
    found: list[Match] = []
    for code in codes or (NO_CODE,):
        entries = library.matches(session.connection, facts.payer_id, code)
        found += best_first(entries, asked_of(session, facts, code, category, now))[:1]
    return min(found, key=lambda match: match.specificity, default=None)


def checklist_for(
    session: Session, facts: PayerFacts, lines: Iterable[ServiceLine], category: Category, now: datetime
) -> tuple[int, Checklist] | None:
    """The checklist version that holds for what is asked for now, and what it says."""
    match = best_of(session, facts, [line.code for line in lines], category, now)
    return (match.version_id, session.versions.get(session.connection, match.version_id).body) if match else None


def of_plan(session: Session, state: AuthorizationState, plan_id: int, now: datetime) -> Rules:
    """The rules as they would be for a request under another plan, with that plan and its checklist."""
    found = payers.plans(session.connection, plan_id=plan_id)
    if not found:
        raise Invalid({"payer": "Choose a payer and plan from the list."})
    facts = found[0]
    moved = replace(state, plan_id=facts.plan_id, payer_id=facts.payer_id, line_of_business=facts.line_of_business)
    plan = InsurancePlan(facts.plan_id, facts.payer_id, facts.line_of_business, f"{facts.payer}, {facts.plan}")
    checklist = checklist_for(session, facts, state.lines, state.category, now)
    return replace(rules_for(session, moved), found=checklist, plan=plan)


def asked_of(session: Session, facts: PayerFacts, code: str, category: Category | None, now: datetime) -> Asked:
    return Asked(code, session.practice.calendar.day(now), facts.plan_id, facts.line_of_business, category)


def kept(session: Session, version_id: int, matched_by: str = "") -> Kept:
    """A version with its history in short, as a match led to it or a request keeps it."""
    version = session.versions.get(session.connection, version_id)
    facts = version.facts
    approver = session.practice.names.get(facts.approved_by, facts.approved_by)
    return Kept(
        facts.checklist_id, version_id, version.body, facts.n, facts.approved_at, approver, matched_by, facts.why
    )


def newest(session: Session, state: AuthorizationState) -> tuple[int, Checklist] | None:
    """The version in force of the request's checklist, when the request keeps an earlier one."""
    if state.checklist_version_id is None:
        return None
    version_id = library.newest(session.connection, state.checklist_version_id)
    if version_id is None or version_id == state.checklist_version_id:
        return None
    return version_id, session.versions.get(session.connection, version_id).body


def reported(session: Session, checklist_id: int) -> tuple[Reported, ...]:
    """What was proposed about a checklist and waits to be approved."""
    names = session.practice.names
    found = proposals.open_about(session.connection, checklist_id)
    return tuple(Reported(each.id, each.at, names.get(each.by, each.by), each.why) for each in found)


def _lapsed(entries: Iterable[Match], asked: Asked) -> Match | None:
    """An entry that is about the code but not in force that day: removed, or from later on."""
    fitting = [match for match in entries if match.codes and is_about(match, asked)]
    return min(fitting, key=lambda match: match.specificity, default=None)
