"""What the patient is to hear next, since when, and by when: one update waits at a time, the newest replaces it.

A decision waits until the patient was told it, or telling was waived. The other four are news: whatever the patient
hears meanwhile answers them, and they hold nothing up.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from pabot.domain.clocks import Deadline, on
from pabot.domain.clocks_payer import payer_response
from pabot.domain.happenings import DECISIONS, Update
from pabot.domain.model import AuthorizationState
from pabot.domain.rules import Rules
from pabot.domain.statuses import AWAITING_ANSWER, WITH_PAYER, Outcome, Status


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update that the patient has not heard. `why` says by what rule it is due then, and counted from what."""

    update: Update
    since: datetime
    due_at: datetime
    unit: str
    why: str
    tries: int = 0  # how often somebody has tried to tell it

    @property
    def is_decision(self) -> bool:
        return self.update in DECISIONS


class _Unheard(NamedTuple):
    """Something to tell: since when, and from when its time is counted, in a word."""

    update: Update
    since: datetime
    start: datetime
    word: str


def waiting(state: AuthorizationState, rules: Rules, now: datetime) -> Waiting | None:
    """The one update that waits now. That an answer is late is the only one that may still lie ahead."""
    return standing(state, rules, now, payer_response(state, rules))[0]


def soonest(state: AuthorizationState, rules: Rules) -> Waiting | None:
    """Of what waits or will wait by itself, what is due first: that is what a clock runs for."""
    found = (_due(one, state, rules) for one in _unheard(state, rules, payer_response(state, rules)))
    return min(found, key=lambda one: one.due_at, default=None)


def tellable(state: AuthorizationState, rules: Rules, now: datetime) -> tuple[Update, ...]:
    """The updates that a patient could be told now, the one that waits first; beside a decision no other."""
    return standing(state, rules, now, payer_response(state, rules))[1]


def standing(
    state: AuthorizationState, rules: Rules, now: datetime, response: Deadline | None
) -> tuple[Waiting | None, tuple[Update, ...]]:
    """What waits and what could be told, given the clock of the payer's answer."""
    begun = (one for one in _unheard(state, rules, response) if one.update is not Update.DELAYED or one.since <= now)
    newest = max(begun, key=lambda one: one.since, default=None)
    waits = _due(newest, state, rules) if newest else None
    return waits, _tellable(waits, state, now, response)


def _tellable(
    waits: Waiting | None, state: AuthorizationState, now: datetime, response: Deadline | None
) -> tuple[Update, ...]:
    first = (waits.update,) if waits else ()
    if not may_tell(state) or (waits and waits.is_decision):
        return first if may_tell(state) else ()
    if state.open_information_request:
        return (Update.ADDITIONAL_INFORMATION,)
    late = (Update.DELAYED,) if response and response.due_at <= now else ()
    return tuple(dict.fromkeys((*first, *late, Update.PENDING, Update.SUBMITTED)))


def may_tell(state: AuthorizationState) -> bool:
    """Whether there is anything to tell at all. A denial is routed first, so that what happens next can be said."""
    if is_unrouted(state):
        return False
    return decision(state) is not None or state.open_information_request is not None or is_awaited(state)


def answer_waits(state: AuthorizationState, now: datetime, *, urgent: bool) -> AuthorizationState:
    """A clinician has answered, and the patient has yet to hear it: since the first such answer."""
    if urgent:
        return replace(state, urgent_answer_since=state.urgent_answer_since or now)
    return replace(state, answer_since=state.answer_since or now)


def worry_left(state: AuthorizationState, now: datetime) -> AuthorizationState:
    """For where a question ends without an answer: was it about an urgent worry, the patient has yet to be called."""
    question = state.open_question
    return replace(state, worry_since=state.worry_since or now) if question and question.is_urgent else state


def decision(state: AuthorizationState) -> Update | None:
    """The payer's decision, while the patient does not know it."""
    if state.decided_at is None or state.outcome is None or state.patient_knows or not state.is_open:
        return None
    return Update.DENIED if state.outcome is Outcome.DENIED else Update.APPROVED


def is_unrouted(state: AuthorizationState) -> bool:
    """A denial that nobody has: also while a question about it keeps the request under review."""
    could_be = state.status in (Status.DENIED, Status.CLINICAL_REVIEW) or state.status in WITH_PAYER
    return could_be and state.undecided_denial is not None and state.undecided_denial.routed_at is None


def is_awaited(state: AuthorizationState) -> bool:
    """Whether the payer has the request and its answer is awaited."""
    return state.is_open and state.stage in AWAITING_ANSWER and state.submitted_at is not None


def began(update: Update, state: AuthorizationState, rules: Rules) -> datetime | None:
    """Since when there has been something of that kind to tell."""
    asked, response = state.open_information_request, payer_response(state, rules)
    starts = {
        Update.ADDITIONAL_INFORMATION: asked.received_at if asked else None,
        Update.DELAYED: response.due_at if response else None,
    }
    return starts.get(update, state.decided_at if update in DECISIONS else state.submitted_at)


def _unheard(state: AuthorizationState, rules: Rules, response: Deadline | None) -> Iterator[_Unheard]:
    """What the practice tells of it."""
    decided = decision(state)
    if decided and state.decided_at:
        word = "the denial" if decided is Update.DENIED else "the decision"
        found: Iterable[_Unheard] = (_Unheard(decided, state.decided_at, state.decided_at, word),)
    else:
        found = _news(state, rules, response)
    return (one for one in found if rules.updates[one.update])


def _news(state: AuthorizationState, rules: Rules, response: Deadline | None) -> Iterator[_Unheard]:
    """What is no decision. Of the payer's question nothing else is said meanwhile."""
    heard, sent, asked = state.patient_heard_at, state.submitted_at, state.open_information_request
    if asked and state.is_open:
        if heard is None or heard < asked.received_at:
            since = asked.received_at
            yield _Unheard(Update.ADDITIONAL_INFORMATION, since, since, "the payer's question")
        return
    if sent is None or not is_awaited(state):
        return
    unsaid = heard is None or (state.rounds > 1 and heard < sent)  # sent again within a round is no news
    if unsaid and rules.updates[Update.SUBMITTED]:
        yield _Unheard(Update.SUBMITTED, sent, sent, "sending")
    else:
        since = heard or sent
        yield _Unheard(Update.PENDING, since, since, "what the patient last heard" if heard else "sending")
    if response and (heard is None or heard < response.due_at):
        last = response.due_at - timedelta(seconds=1)  # the day that ended then is the one that is counted from
        yield _Unheard(Update.DELAYED, response.due_at, last, "the day of the payer's answer")


def _due(one: _Unheard, state: AuthorizationState, rules: Rules) -> Waiting:
    """By when it is told; after an attempt, on the day of the next one."""
    attempt = state.attempt
    if attempt is None or attempt.update is not one.update or attempt.tried_at < one.since:
        due, unit, why = _window(one, rules)
        return Waiting(one.update, one.since, due, unit, why)
    due = rules.calendar.closes(rules.calendar.first_open_day(attempt.next_on))
    why = f"the day of the next try, after trying {on(attempt.tried_at, rules)}"
    return Waiting(one.update, one.since, due, "bd", why, attempt.tries)


def _window(one: _Unheard, rules: Rules) -> tuple[datetime, str, str]:
    """Its end, the unit it is counted in, and why."""
    window, calendar, start = rules.updates[one.update], rules.calendar, one.start
    if window is None or not window.value:  # what has none at all is not told
        return _same_day(one, rules)
    why = f"{window} from {one.word} {on(start, rules)}"
    if window.unit == "h":
        end = start + timedelta(hours=window.value)
        due = calendar.rolled(end)
        moved = "" if due == end else ", moved to the next open hours"
        return due, "ch", f"{why}{moved}"
    if window.unit == "cd":  # at the close of that day, so that what is due on one day comes together
        day = calendar.first_open_day(calendar.day(start) + timedelta(days=window.value))
        return calendar.closes(day), "cd", why
    return calendar.plus_business_days(start, window.value), "bd", why


def _same_day(one: _Unheard, rules: Rules) -> tuple[datetime, str, str]:
    """By the close of the business day; what comes in its last hour, within the next open one."""
    calendar, start, word = rules.calendar, one.start, one.word
    close = calendar.closes(calendar.business_day(start))
    next_hour = calendar.plus_business_hours(start, 1)
    why = f"same business day as {word} {on(start, rules)}"
    if next_hour > close:
        why = f"{word} in the last hour {on(start, rules)}: the next open hour"
    elif calendar.business_day(start) != calendar.day(start):
        why = f"next business day after {word} {on(start, rules)}"
    return max(close, next_hour), "bd", why
