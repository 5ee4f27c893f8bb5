"""Steps around a clinician's review: asking, handing over, taking in hand, answering, giving back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from pabot.domain import commands as c
from pabot.domain import review, roles, updates
from pabot.domain.commands_review import AcceptReview, ReturnReview
from pabot.domain.errors import AlreadyDone, Invalid, NotNow
from pabot.domain.model import AuthorizationState, DenialClass, Member, Question
from pabot.domain.review import Matter
from pabot.domain.roles import Action
from pabot.domain.rules import Rules
from pabot.domain.statuses import OPEN, Status
from pabot.domain.steps import Notice, NoticeKind, Plan, StepRule

S = Status
NEWS: Mapping[Matter, NoticeKind] = {
    Matter.QUESTION: NoticeKind.QUESTION,
    Matter.DENIAL: NoticeKind.DECISION,
    Matter.URGENCY: NoticeKind.ATTEST,
}
CLASSES: Mapping[str, DenialClass] = {  # what whoever gives a denial back says it is
    review.NOT_CLINICAL: DenialClass.ADMINISTRATIVE,
    review.CLINICAL: DenialClass.CLINICAL,
}
GONE = "That is no longer the one in question. Open the request to see where it stands."


def ask_clinician(
    state: AuthorizationState, command: c.AskClinician, actor: Member, now: datetime, rules: Rules
) -> Plan:
    """From anywhere, and back to there; where a denial is under review already, the request stays there."""
    member = rules.staff.clinician_for(command.to or state.clinician_id, state.number)
    if member is None:
        raise Invalid({"to": "No clinician is on the staff list. A manager can add one with /pa staff."})
    asked = Question(None, actor.user_id, member.user_id, command.question, now)
    asked = replace(asked, trigger=command.trigger, background=command.background)
    in_review = state.status is S.CLINICAL_REVIEW
    facts = replace(state, question=asked, owner_id=state.owner_id or actor.user_id)
    if asked.is_urgent:  # somebody else has the worry now
        facts = replace(facts, worry_since=None)
    facts = replace(facts, return_status=state.return_status if in_review else state.status)
    if command.payers_question and (payers := state.open_information_request):
        asked = replace(asked, text=f"{command.question}\n{payers.as_question}")
        facts = replace(facts, question=asked, information_request=replace(payers, clinical=True))
    said = {"trigger": command.trigger, "question": command.question, "background": command.background}
    notice = Notice(NoticeKind.QUESTION, member.user_id)
    return Plan(facts, () if in_review else (S.CLINICAL_REVIEW,), (notice,), {"to": member.user_id, **said})


def route(state: AuthorizationState, command: c.Route, actor: Member, now: datetime, rules: Rules) -> Plan:
    """Give what waits to another licensed person (or biller); *Not mine* is this step as well."""
    chosen = rules.staff.get(command.to)
    if chosen is None or not chosen.active:
        raise Invalid({"to": "That person is not on the staff list."})
    matter = review.meant(state, command.what)
    wanted, had = review.may_judge(state, matter), review.asked_of(state, matter)
    if not chosen.is_(*wanted):
        words = " or ".join(roles.ROLE_WORDS[role] for role in roles.COLUMNS if role in wanted)
        raise Invalid({"to": f"{chosen.name} is not {words}, so cannot judge this."})
    member = rules.staff.judge_for(chosen.user_id, wanted, state.number) or chosen
    if member.user_id == had:
        raise Invalid({"to": f"{member.name} has it already."})
    facts = given_to(state, matter, member.user_id, now)
    routed = matter is Matter.DENIAL and state.status is not S.CLINICAL_REVIEW
    facts = replace(facts, return_status=state.status if routed else state.return_status)
    detail = {"to": member.user_id, "had": had or "", "note": command.note}
    return Plan(facts, (S.CLINICAL_REVIEW,) if routed else (), (Notice(NEWS[matter], member.user_id),), detail)


def given_to(state: AuthorizationState, matter: Matter, to: str, now: datetime) -> AuthorizationState:
    """Somebody has it now, and has not yet said so: their time to take it in hand begins."""
    question, denial = state.question, state.denial
    if matter is Matter.QUESTION and question:
        return replace(state, question=replace(question, asked_of=to, asked_at=now, accepted_at=None))
    if matter is Matter.DENIAL and denial:
        return replace(state, denial=replace(denial, routed_to=to, routed_at=now, accepted_at=None))
    return replace(state, urgency_asked_of=to, urgency_asked_at=now)


def accept(state: AuthorizationState, command: AcceptReview, actor: Member, now: datetime, rules: Rules) -> Plan:
    """Whoever says that they have it has it from now on, also where another was asked."""
    matter = _of_theirs(state, command.what, command.child, actor, free=True)
    had = review.asked_of(state, matter)
    if review.in_hand(state, matter):
        raise AlreadyDone(f"{rules.staff.name(had)} has it already. Nothing changed now.")
    facts = given_to(state, matter, actor.user_id, now) if had != actor.user_id else state
    if matter is Matter.QUESTION and facts.question:
        facts = replace(facts, question=replace(facts.question, accepted_at=now))
    elif facts.denial:
        facts = replace(facts, denial=replace(facts.denial, accepted_at=now))
    return Plan(facts, (), detail={"had": had if had and had != actor.user_id else ""})


def answer_question(
    state: AuthorizationState, command: c.AnswerQuestion, actor: Member, now: datetime, rules: Rules
) -> Plan:
    question = state.question
    if question is None or question.id != command.question_id:
        raise NotNow("That question is no longer the one in question. Open the request to see where it stands.")
    if question.over_at:
        by, did = (
            question.returned_by or question.answered_by,
            "gave this back" if question.returned_by else "answered this",
        )
        who = rules.staff.name(by) if by else "The payer's decision"
        raise AlreadyDone(f"{who} {did} already. Nothing changed now.")
    taken = question.accepted_at or now
    answered = replace(question, answer=command.answer, answered_at=now, answered_by=actor.user_id, accepted_at=taken)
    facts, path = _back(replace(state, question=answered))
    if question.is_urgent:  # a patient's worry: they have yet to hear the answer
        facts = updates.answer_waits(facts, now, urgent=True)
    return Plan(facts, path, to_owner(NoticeKind.ANSWERED, state, actor, rules), {"answer": command.answer})


def give_back(state: AuthorizationState, command: ReturnReview, actor: Member, now: datetime, rules: Rules) -> Plan:
    """Unanswered, with a reason: the request is where it was, and its owner hears why; a worried patient is theirs."""
    matter = _of_theirs(state, command.what, command.child, actor)
    allowed = review.reasons(state, matter)
    if command.reason not in allowed:
        raise Invalid({"reason": "Choose one of the options."})
    said = f"{allowed[command.reason]}: {command.words}"
    given: dict[str, Any] = {"returned_at": now, "returned_by": actor.user_id, "return_reason": said}
    told = to_owner(NoticeKind.RETURNED, state, actor, rules)
    detail = {"returned": command.reason, "words": said}
    asked = state.open_information_request
    if matter is Matter.QUESTION and state.question:
        facts = replace(updates.worry_left(state, now), question=replace(state.question, **given))
        if asked and command.reason == review.NOT_CLINICAL:  # it is an administrative question of the payer's
            facts = replace(facts, information_request=replace(asked, clinical=False))
        facts, path = _back(facts)
        return Plan(facts, path, told, detail)
    if state.denial is None:
        raise NotNow(GONE)
    kind = CLASSES.get(command.reason, state.denial.denial_class)
    denial = replace(state.denial, denial_class=kind, routed_to=None, routed_at=None, accepted_at=None, **given)
    facts, path = leave(replace(state, denial=denial, return_status=None), state.stands_at)
    return Plan(facts, path, told, detail)


def leave(facts: AuthorizationState, to: Status) -> tuple[AuthorizationState, tuple[Status, ...]]:
    """Where a request goes from a review: at once, or, while a question about it is open, when that is over."""
    if facts.status is S.CLINICAL_REVIEW and facts.open_question:
        return replace(facts, return_status=to), ()
    return facts, (to,)


def to_owner(kind: NoticeKind, state: AuthorizationState, actor: Member, rules: Rules) -> tuple[Notice, ...]:
    """To whoever acts for the owner today; nobody needs to be told what they did themselves."""
    to = rules.staff.acting_for(state.owner_id or state.opened_by, state.number)
    return (Notice(kind, to.user_id),) if to and to.user_id != actor.user_id else ()


def _of_theirs(state: AuthorizationState, what: str, child: int | None, actor: Member, *, free: bool = False) -> Matter:
    """What a button is about that names the question or denial it stood under. Raises NotNow when that is over."""
    matter = review.at_hand(state, what, actor, free=free)
    named = state.question if matter is Matter.QUESTION else state.denial
    if matter is None or what not in ("", matter) or named is None or (child is not None and child != named.id):
        raise NotNow(GONE)
    return matter


def _back(state: AuthorizationState) -> tuple[AuthorizationState, tuple[Status, ...]]:
    """Where a request goes once its question is over: where it came from, unless a denial keeps it here."""
    if review.denial_keeps(state) or state.return_status is None:
        return state, ()
    return replace(state, return_status=None), (state.return_status,)


_JUDGED = frozenset({S.CLINICAL_REVIEW})


def _can_be_taken(state: AuthorizationState) -> bool:
    waits = (matter for matter in review.waiting(state) if matter is not Matter.URGENCY)
    return any(not review.in_hand(state, matter) for matter in waits)


def _may_ask(state: AuthorizationState) -> bool:
    """One question at a time; a denial that nobody has is routed first."""
    unrouted = state.status is S.DENIED and state.undecided_denial is not None
    return state.open_question is None and not unrouted


STEPS: Mapping[type[c.Command], StepRule] = {
    AcceptReview: StepRule(
        "accept_review", "I have it", Action.ANSWER_QUESTION, _JUDGED, accept, applies=_can_be_taken
    ),
    c.AnswerQuestion: StepRule(
        "answer_question",
        "Answer",
        Action.ANSWER_QUESTION,
        _JUDGED,
        answer_question,
        applies=lambda state: state.open_question is not None,
    ),
    ReturnReview: StepRule(
        "return_review",
        "Return",
        Action.ANSWER_QUESTION,
        _JUDGED,
        give_back,
        applies=lambda state: state.open_question is not None or state.undecided_denial is not None,
    ),
    c.Route: StepRule("route", "Route", Action.ROUTE, OPEN, route, applies=lambda state: bool(review.waiting(state))),
    c.AskClinician: StepRule(
        "ask_clinician",
        "Ask a clinician",
        Action.ROUTE,
        OPEN,
        ask_clinician,
        applies=_may_ask,
    ),
}
