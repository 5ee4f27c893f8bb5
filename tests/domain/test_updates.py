"""What the patient is to hear: which of six updates waits, by when, and what becomes of telling it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from domain_practice import CORA, MARA, Story, Told, at, clocks, on_the_wall, rules

from pabot.domain import commands as c
from pabot.domain import ladder, updates
from pabot.domain.deadlines import Clock, running
from pabot.domain.errors import Invalid, NotNow
from pabot.domain.model import Decision, Reached, ToldBy, Update
from pabot.domain.statuses import Status
from pabot.domain.update_times import parse_updates, times, typed

BOOK = replace(rules(), updates=times())
TOLD_OFF = replace(rules(), updates=times(parse_updates("Submitted > off\nPending > 3 calendar days\nDelayed > off")))


def story(book: Any = BOOK) -> Story:
    return Story(book=book)


def tried(of: Story, result: Reached = Reached.NOT_REACHED, **typed: Any) -> Story:
    return of.does(CORA, c.TellPatient, how=ToldBy.PHONE, told_at=of.now, result=result, **typed)


def news(of: Story) -> Story:
    return of.does(CORA, c.TellPatient, how=ToldBy.PORTAL, told_at=of.now)


def waits(of: Story) -> Update | None:
    found = updates.waiting(of.state, of.book, of.now)
    return found.update if found else None


# Which update waits after each part of a request's life: what happened, which, and by when. It is sent Mon Jun 1.
WAITING: list[tuple[str, Told, Update | None, str]] = [
    ("being prepared", lambda s: s.ready(), None, ""),
    ("sent", lambda s: s.ready().submit(), Update.SUBMITTED, "Tue 2026-06-02 17:00"),
    ("the payer has it", lambda s: s.pending(), Update.SUBMITTED, "Tue 2026-06-02 17:00"),
    ("told so", lambda s: news(s.pending()), Update.PENDING, "Mon 2026-06-08 17:00"),
    ("told again", lambda s: news(news(s.pending()).wait_until("2026-06-04 10:00")), Update.PENDING,
     "Tue 2026-06-09 17:00"),
    ("the payer asks", lambda s: news(s.pending()).wait_until("2026-06-03 10:00").payer_asks(),
     Update.ADDITIONAL_INFORMATION, "Thu 2026-06-04 17:00"),
    ("told what it asks", lambda s: news(news(s.pending()).payer_asks()), None, ""),
    ("answered", lambda s: news(news(s.pending()).payer_asks()).answer_payer(), Update.PENDING, "Mon 2026-06-08 17:00"),
    ("approved", lambda s: news(s.pending()).approve(), Update.APPROVED, "Tue 2026-06-02 09:13"),
    ("approved before anybody told", lambda s: s.pending().approve(), Update.APPROVED, "Tue 2026-06-02 09:12"),
    ("denied", lambda s: s.pending().deny(), Update.DENIED, "Mon 2026-06-01 17:00"),
    ("knows the denial", lambda s: s.pending().deny().tell(), None, ""),
    ("appealed", lambda s: s.pending().deny().tell().decide(Decision.APPEAL).appeal(), Update.PENDING,
     "Mon 2026-06-08 17:00"),
    ("the end", lambda s: s.pending().approve().tell(and_close=True), None, ""),
]  # fmt: skip


@pytest.mark.parametrize(("told", "update", "due"), [row[1:] for row in WAITING], ids=[row[0] for row in WAITING])
def test_one_update_waits_and_a_clock_runs_for_it(told: Told, update: Update | None, due: str) -> None:
    after = told(story())
    assert waits(after) is update
    decided = update in (Update.APPROVED, Update.DENIED)
    expected = {Clock.PATIENT_TOLD} if decided else {Clock.PATIENT_UPDATE}
    found = clocks_of(after)
    assert found.keys() & {Clock.PATIENT_TOLD, Clock.PATIENT_UPDATE} == (expected if update else set())
    assert [on_the_wall(found[kind].due_at) for kind in expected if update] == ([due] if update else [])


def test_a_late_answer_is_the_newest_news() -> None:
    """The payer's seven days are over on Jun 8; the patient last heard on Jun 5."""
    after = news(story().pending().wait_until("2026-06-05 10:00"))
    assert on_the_wall(clocks_of(after)[Clock.PATIENT_UPDATE].due_at) == "Tue 2026-06-09 17:00"
    assert waits(after.wait_until("2026-06-08 16:00")) is Update.PENDING
    assert waits(after.wait_until("2026-06-08 18:00")) is Update.DELAYED
    assert waits(news(after)) is Update.PENDING


def test_what_was_just_decided_waits_at_once() -> None:
    """A card is drawn as of the minute in which it is looked at."""
    after = news(story().pending()).approve()
    found = updates.tellable(after.state, BOOK, after.now - timedelta(seconds=59))
    assert found == (Update.APPROVED,)


def clocks_of(of: Story) -> dict[Clock, Any]:
    return {clock.kind: clock for clock in running(of.state, of.book)}


def test_the_practice_says_what_is_told_and_when() -> None:
    quiet = story(TOLD_OFF).pending()
    assert waits(quiet) is Update.PENDING
    assert on_the_wall(clocks_of(quiet)[Clock.PATIENT_UPDATE].due_at) == "Thu 2026-06-04 17:00"
    none = Story().pending()
    assert waits(none) is None
    assert Clock.PATIENT_UPDATE not in clocks(none.state)
    assert parse_updates(typed(())) == parse_updates(typed(parse_updates("denied > Same  business day")))


@pytest.mark.parametrize(
    "text",
    ["Soon > 1 business day", "Approved > off", "Denied > 9 business days", "Pending > 0 calendar days", "Delayed >"],
)
def test_a_setting_that_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as wrong:
        parse_updates(text)
    assert set(wrong.value.fields) == {"patient_updates"}


def test_news_never_comes_to_the_managers() -> None:
    after = story().pending()
    clock = next(one for one in ladder.clocks(after.state, after.book) if one.kind is Clock.PATIENT_UPDATE)
    assert clock.managers_at is None


def test_an_attempt_keeps_the_update_waiting_until_its_next_try() -> None:
    after = tried(story().pending().approve())
    attempt = after.state.attempt
    assert attempt is not None
    assert (attempt.tries, attempt.next_on, attempt.tried_by) == (1, date(2026, 6, 2), CORA.user_id)
    assert (after.state.status, after.state.patient_knows) == (Status.APPROVED, False)
    assert on_the_wall(clocks_of(after)[Clock.PATIENT_TOLD].due_at) == "Tue 2026-06-02 17:00"
    tried(after.wait_until("2026-06-02 10:00"), Reached.LEFT_WORD, next_on=date(2026, 6, 4), and_close=True)
    again = after.state.attempt
    assert again is not None
    assert (again.tries, after.state.status) == (2, Status.APPROVED)
    assert on_the_wall(clocks_of(after)[Clock.PATIENT_TOLD].due_at) == "Thu 2026-06-04 17:00"
    assert after.tell().state.patient_knows


def test_a_new_update_counts_its_tries_from_the_start() -> None:
    after = tried(tried(story().pending())).approve()
    found = updates.waiting(after.state, after.book, after.now)
    assert found is not None
    assert found.tries == 0
    assert tried(after).state.attempt.tries == 1  # type: ignore[union-attr]


def test_somebody_else_of_the_practice_may_have_told_them() -> None:
    told = {"how": ToldBy.PHONE, "told_at": at("2026-06-01 09:13"), "told_by_id": MARA.user_id}
    after = story().pending().approve().does(CORA, c.TellPatient, **told)
    assert after.state.patient_update is not None
    assert after.state.patient_update.told_by == MARA.user_id


# What is refused: what was done, what was typed, and the field or the sentence.
REFUSED: list[tuple[str, Told, dict[str, Any], str]] = [
    ("nothing is sent", lambda s: s.ready(), {}, "nothing to tell"),
    ("no decision yet", lambda s: s.pending(), {"update": Update.APPROVED}, "update"),
    ("no question", lambda s: s.pending(), {"update": Update.ADDITIONAL_INFORMATION}, "update"),
    ("not late", lambda s: s.pending(), {"update": Update.DELAYED}, "update"),
    ("an old update beside a decision", lambda s: s.pending().approve(), {"update": Update.SUBMITTED}, "update"),
    ("the other decision", lambda s: s.pending().approve(), {"update": Update.DENIED}, "update"),
    ("before the decision", lambda s: s.pending().approve(), {"told_at": at("2026-05-29 09:00")}, "told_at"),
    ("before it was sent", lambda s: s.pending(), {"told_at": at("2026-05-29 09:00")}, "told_at"),
    ("in the future", lambda s: s.pending(), {"told_at": at("2026-06-03 09:00")}, "told_at"),
    ("by a stranger", lambda s: s.pending(), {"told_by_id": "UNOBODY"}, "told_by"),
    ("news that closes", lambda s: s.pending(), {"and_close": True}, "still being worked on"),
    ("tried again in the past", lambda s: s.pending(), {"result": Reached.LEFT_WORD, "next_on": date(2026, 5, 29)},
     "next_on"),
    ("tried again some day", lambda s: s.pending(), {"result": Reached.LEFT_WORD, "next_on": date(2026, 9, 1)},
     "next_on"),
]  # fmt: skip


@pytest.mark.parametrize(("told", "typed", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_cannot_have_been_told_is_refused(told: Told, typed: dict[str, Any], said: str) -> None:
    after = told(story())
    before = after.state
    with pytest.raises((Invalid, NotNow)) as wrong:
        after.does(CORA, c.TellPatient, **{"how": ToldBy.PHONE, "told_at": after.now, **typed})
    assert after.state is before
    assert said in (wrong.value.fields if isinstance(wrong.value, Invalid) else wrong.value.sentence)


def test_an_unrouted_denial_is_routed_before_anybody_is_told() -> None:
    denied = story().pending().deny()
    assert denied.state.denial is not None
    unrouted = replace(denied.state, status=Status.DENIED, denial=replace(denied.state.denial, routed_at=None))
    assert updates.tellable(unrouted, BOOK, denied.now) == ()
