"""When the managers hear of a clock, and how long an alarm may be answered without clearing it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from domain_practice import CORA, DORA, RULES, VERA, Story, Told

from pabot.domain import commands as c
from pabot.domain import ladder
from pabot.domain.deadlines import Clock
from pabot.domain.errors import Invalid, NotAllowed
from pabot.domain.model import Channel, Urgency
from pabot.domain.steps_alarms import REASONS

CALENDAR = RULES.calendar


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone).astimezone(UTC)


def heard(story: Story, clock: Clock) -> datetime | None:
    (found,) = [each for each in ladder.clocks(story.state, story.book) if each.kind is clock]
    return found.managers_at


# The story begins on a Monday at nine; the office is open from eight to five.
TOLD: list[tuple[str, Told, Clock, str]] = [
    ("a follow-up, a business day later", lambda s: s.pending(), Clock.FOLLOW_UP, "+1"),
    ("the payer's answer", lambda s: s.pending(), Clock.PAYER_RESPONSE, "+1"),
    ("a question that waits", lambda s: s.ready().ask(), Clock.ACCEPTANCE, "+1"),
    ("an appeal window, three business days before", lambda s: s.pending().deny(), Clock.APPEAL_WINDOW, "-3"),
    ("a call's window, one before", lambda s: s.pending().deny(p2p_by=date(2026, 6, 10)), Clock.P2P_WINDOW, "-1"),
    (
        "an appointment without approval, two business days before: one before its eve",
        lambda s: s.given(appointment_on=date(2026, 6, 26)).pending(),
        Clock.SERVICE_DATE,
        "-1",
    ),
]


@pytest.mark.parametrize(("told", "clock", "days"), [row[1:] for row in TOLD], ids=[row[0] for row in TOLD])
def test_the_managers_hear_a_day_later_or_sooner(told: Told, clock: Clock, days: str) -> None:
    story = told(Story())
    (running,) = [each for each in ladder.clocks(story.state, story.book) if each.kind is clock]
    if days.startswith("+"):
        assert running.managers_at == CALENDAR.plus_business_days(running.due_at, int(days))
        return
    day = CALENDAR.day(running.due_at)
    for _ in range(-int(days)):
        day = CALENDAR.day_before(day)
    assert running.managers_at == CALENDAR.opens(day)


@pytest.mark.parametrize(
    ("told", "clock"),
    [
        (lambda s: s, Clock.FIRST_TOUCH),
        (lambda s: s.ready().submit(), Clock.ACKNOWLEDGEMENT),
        (lambda s: s.pending().approve().tell(), Clock.CLOSURE),
        (lambda s: s.pending().approve(), Clock.EXPIRY),
    ],
)
def test_what_never_comes_to_them(told: Told, clock: Clock) -> None:
    assert heard(told(Story()), clock) is None


def test_an_expedited_request_without_confirmation_after_24_hours() -> None:
    story = Story().given(urgency=Urgency.EXPEDITED).ready().submit()
    assert story.state.submitted_at
    assert heard(story, Clock.ACKNOWLEDGEMENT) == story.state.submitted_at + timedelta(hours=24)


def test_an_approval_that_ends_before_the_appointment_at_once() -> None:
    story = Story().pending().approve()
    assert story.state.expires_on
    story.given(appointment_on=story.state.expires_on + timedelta(days=1))
    assert heard(story, Clock.EXPIRY) == story.state.decided_at
    assert heard(story.given(appointment_on=story.state.expires_on), Clock.EXPIRY) is None


def held(story: Story, reason: str = "on_it", **typed: object) -> datetime:
    until = story.does(CORA, c.Hold, reason=reason, **typed).state.held_until
    assert until
    return until


def test_on_it_holds_four_business_hours_and_whatever_is_waited_for_until_morning() -> None:
    story = Story().pending()
    assert held(story) == CALENDAR.plus_business_hours(story.now, 4)
    tomorrow = CALENDAR.opens(CALENDAR.next_open_day(story.today))
    assert {held(story, reason) for reason in REASONS if reason != "on_it"} == {tomorrow}


def test_a_date_that_the_payer_promised_is_waited_for() -> None:
    story = (
        Story()
        .pending()
        .does(CORA, c.LogContact, channel=Channel.PHONE, result="Thursday", expected_on=date(2026, 6, 4))
    )
    assert held(story, "promised") == CALENDAR.opens(date(2026, 6, 4))
    assert held(story, "patient") == CALENDAR.opens(date(2026, 6, 2))


def test_another_day_is_its_opening() -> None:
    story = Story().pending()
    friday = CALENDAR.day(story.now) + timedelta(days=4)
    assert held(story, "promised", until_on=friday) == CALENDAR.opens(CALENDAR.first_open_day(friday))


@pytest.mark.parametrize("days", [-1, 0, 8])
def test_no_longer_than_a_week_and_not_into_the_past(days: int) -> None:
    story = Story().pending()
    with pytest.raises(Invalid, match="within the next seven"):
        held(story, "promised", until_on=CALENDAR.day(story.now) + timedelta(days=days))


def test_never_past_a_legal_deadline() -> None:
    story = Story().pending().payer_asks()
    asked = story.state.information_request
    assert asked
    near = CALENDAR.day(story.now) + timedelta(days=1)
    story.given(information_request=type(asked)(**{**_facts(asked), "due_on": near}))
    with pytest.raises(Invalid, match="A legal deadline ends on"):
        held(story, "promised", until_on=near + timedelta(days=2))
    assert held(story, "promised") <= CALENDAR.closes(near)


def test_a_hold_changes_nothing_else_and_is_in_the_record() -> None:
    story = Story().pending()
    before, clocks = story.state, ladder.clocks(story.state, story.book)
    held(story)
    assert ladder.clocks(story.state, story.book) == clocks
    assert story.state.status is before.status
    assert story.change
    assert story.change.steps[0].detail["held"] == "on_it"


def test_the_front_desk_answers_no_alarm() -> None:
    with pytest.raises(NotAllowed):
        Story().pending().does(VERA, c.Hold, reason="on_it")
    assert Story().pending().does(DORA, c.Hold, reason="on_it").state.held_by == DORA.user_id


def _facts(value: object) -> dict[str, object]:
    return {name: getattr(value, name) for name in value.__slots__}  # type: ignore[attr-defined]
