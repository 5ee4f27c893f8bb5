"""Clocks follow the facts: changed details, holds, the practice's calendar; old and new dates are in the record."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from record_practice import BILL, CARL, CORA, FAY, IDA, MAX, MONDAY, SETTINGS, Bench, once, together

from pabot.domain import commands as c
from pabot.domain.absences import GoAway
from pabot.domain.commands_clocks import ChangeDetails, HoldUntil, Resume
from pabot.domain.deadlines import Clock, Moved
from pabot.domain.errors import Invalid, NotAllowed, NotNow
from pabot.domain.model import Channel, Urgency
from pabot.domain.practice import Closure, PracticeSettings
from pabot.domain.statuses import Status

NEW_YORK = ZoneInfo("America/New_York")
FRIDAY = date(2026, 11, 20)


def at(text: str, zone: ZoneInfo = NEW_YORK) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def due(practice: Bench, number: int, kind: Clock) -> str:
    """When a running row is due, on the practice's wall."""
    query = 'SELECT due_at FROM deadline WHERE "authorization" = :n AND kind = :kind AND done_at IS NULL'
    (row,) = practice.rows(query, n=number, kind=kind.value)
    found = row["due_at"]
    found = datetime.fromisoformat(found) if isinstance(found, str) else found
    instant = found if found.tzinfo else found.replace(tzinfo=UTC)
    return f"{instant.astimezone(practice.desk.zone):%a %b %d %H:%M}"


def moved(practice: Bench, number: int, kind: str) -> dict[Clock, tuple[str, str]]:
    """Which dates an entry of the history says it moved."""
    timeline = practice.desk.card(number, actor=practice.member(CORA)).timeline
    entry = next(entry for entry in timeline if entry.kind == kind)
    zone = practice.desk.zone
    dates = [Moved.read(text) for text in str(entry.detail["moved"]).split(", ")]
    return {
        one.kind: (f"{one.old.astimezone(zone):%b %d %H:%M}", f"{one.new.astimezone(zone):%b %d %H:%M}")
        for one in dates
    }


def save(practice: Bench, settings: PracticeSettings) -> None:
    practice.desk.save_settings(settings, actor=practice.member(MAX), key=once("settings"))


# A fact that was recorded wrongly


def test_a_receipt_that_was_earlier_moves_the_payers_date(practice: Bench) -> None:
    number = practice.pending().state.number
    practice.clock.forward(days=2)
    sent = MONDAY
    assert due(practice, number, Clock.PAYER_RESPONSE) == "Mon Nov 23 17:00"
    practice.step(CARL, ChangeDetails(number=number, acknowledged_at=sent + timedelta(days=1), reason="Read the fax"))
    assert due(practice, number, Clock.PAYER_RESPONSE) == "Tue Nov 24 17:00"
    assert moved(practice, number, "change_details") == {Clock.PAYER_RESPONSE: ("Nov 23 17:00", "Nov 24 17:00")}


def test_expedited_review_is_proposed_by_a_coordinator_and_said_by_a_clinician(practice: Bench) -> None:
    number = practice.pending().state.number
    card = practice.step(CORA, ChangeDetails(number=number, urgency=Urgency.EXPEDITED))
    assert (card.state.urgency, card.state.urgency_proposed) == (Urgency.STANDARD, True)
    assert practice.rows("SELECT recipient FROM message WHERE kind = 'attest'") == [{"recipient": IDA}]
    practice.step(IDA, c.AttestUrgency(number=number, expedited=True, basis="She cannot breathe lying down"))
    assert due(practice, number, Clock.PAYER_RESPONSE) == "Thu Nov 19 10:00"
    assert moved(practice, number, "attest_urgency")[Clock.PAYER_RESPONSE] == ("Nov 23 17:00", "Nov 19 10:00")
    with pytest.raises(NotAllowed, match="clinician"):
        practice.step(CORA, ChangeDetails(number=number, urgency=Urgency.STANDARD))
    practice.step(IDA, ChangeDetails(number=number, urgency=Urgency.STANDARD))
    assert due(practice, number, Clock.PAYER_RESPONSE) == "Mon Nov 23 17:00"


def test_another_payer_before_sending_is_checked_anew_and_its_window_rules(practice: Bench) -> None:
    number = practice.open().state.number
    practice.step(CORA, c.MarkReady(number=number))
    (plan,) = practice.desk.plans("Tidewater")
    card = practice.step(CORA, ChangeDetails(number=number, plan_id=plan.plan_id))
    assert (card.state.status, card.payer.payer) == (Status.REQ_CHECK, "Tidewater Mutual")
    practice.step(CORA, c.MarkReady(number=number))
    sent = c.Submit(number=number, channel=Channel.PORTAL, submitted_at=practice.clock.now(), tracking_number="T-1")
    practice.step(CORA, sent)
    assert due(practice, number, Clock.PAYER_RESPONSE) == "Tue Dec 01 17:00"  # fifteen calendar days


def test_what_a_payer_has_goes_to_no_other_and_its_plan_may_be_put_right(practice: Bench) -> None:
    number = practice.pending().state.number
    (other,) = practice.desk.plans("Tidewater")
    with pytest.raises(NotNow, match="Another payer has"):
        practice.step(CORA, ChangeDetails(number=number, plan_id=other.plan_id))
    ours = other.line_of_business
    practice.desk.add_plan("Northwind Health", "Silver", ours)
    silver = next(plan for plan in practice.desk.plans("Northwind") if plan.plan == "Silver")
    with pytest.raises(NotAllowed, match="insurance"):
        practice.step(IDA, ChangeDetails(number=number, plan_id=silver.plan_id))
    card = practice.step(BILL, ChangeDetails(number=number, plan_id=silver.plan_id))
    assert (card.state.status, card.payer.plan) == (Status.PENDING, "Silver")
    assert moved(practice, number, "change_details")[Clock.PAYER_RESPONSE] == ("Nov 23 17:00", "Dec 01 17:00")


def test_a_change_that_changes_nothing_and_a_front_desk_are_refused(practice: Bench) -> None:
    state = practice.pending().state
    with pytest.raises(Invalid, match="Nothing is changed"):
        practice.step(CORA, ChangeDetails(number=state.number, acknowledged_at=state.acknowledged_at))
    with pytest.raises(NotAllowed):
        practice.step(FAY, ChangeDetails(number=state.number, appointment_on=FRIDAY))


def test_an_appointment_put_off_past_the_approval_comes_to_the_managers_at_once(practice: Bench) -> None:
    number = practice.pending(appointment_on=FRIDAY).state.number
    practice.step(
        CORA,
        c.RecordApproval(
            number=number,
            decided_at=practice.clock.now(),
            authorization_number="A-1",
            effective_on=date(2026, 11, 16),
            expires_on=date(2026, 12, 16),
        ),
    )
    query = "SELECT managers_at FROM deadline WHERE kind = 'expiry' AND done_at IS NULL"
    assert practice.rows(query) == [{"managers_at": None}]
    practice.step(CORA, ChangeDetails(number=number, appointment_on=date(2027, 1, 4)))
    assert practice.rows(query) != [{"managers_at": None}]
    practice.clock.forward(minutes=5)
    practice.desk.raise_alarms()
    raised = practice.desk.overdue_for_managers(date(2026, 11, 16))
    assert [item.clock for item in raised.items] == [Clock.EXPIRY]


def test_a_correction_takes_the_details_back(practice: Bench) -> None:
    number = practice.pending().state.number
    practice.clock.forward(days=2)
    practice.step(CORA, ChangeDetails(number=number, acknowledged_at=MONDAY + timedelta(days=1)))
    practice.take_back(CORA, number)
    assert due(practice, number, Clock.PAYER_RESPONSE) == "Mon Nov 23 17:00"


# On hold


def ready(practice: Bench, **order: object) -> int:
    number = practice.open(**order).state.number
    practice.step(CORA, c.MarkReady(number=number))
    return number


def test_a_hold_pauses_the_practices_clocks_and_is_listed(practice: Bench) -> None:
    number = ready(practice)
    until = date(2026, 11, 23)
    card = practice.step(CORA, HoldUntil(number=number, until_on=until, reason="too_early"))
    assert due(practice, number, Clock.SUBMISSION) == "Mon Nov 23 17:00"
    assert moved(practice, number, "hold_until") == {Clock.SUBMISSION: ("Nov 16 17:00", "Nov 23 17:00")}
    assert "resume" in card.steps
    practice.clock.set(at("2026-11-18 09:00"))
    practice.desk.raise_alarms()
    assert practice.rows("SELECT * FROM escalation") == []
    listed = practice.desk.queue("hold", actor=practice.member(CARL))
    assert [(line.number, line.needed) for line in listed.lines] == [
        (number, "On hold until Nov 23, then: submit to the payer")
    ]
    assert practice.desk.queue("overdue", actor=practice.member(CARL)).lines == ()
    assert practice.desk.card(number, actor=practice.member(CORA)).days_on_hold == 2


def test_an_appointment_does_not_wait_for_a_hold(practice: Bench) -> None:
    number = ready(practice, appointment_on=date(2026, 11, 25))
    before = due(practice, number, Clock.SERVICE_DATE)
    with pytest.raises(Invalid, match="appointment is on Nov 25"):
        practice.step(CORA, HoldUntil(number=number, until_on=date(2026, 11, 25), reason="patient"))
    practice.step(CORA, HoldUntil(number=number, until_on=FRIDAY, reason="patient"))
    assert due(practice, number, Clock.SERVICE_DATE) == before


def test_a_hold_ends_by_itself_on_its_day_once(practice: Bench) -> None:
    number = ready(practice)
    practice.step(CORA, HoldUntil(number=number, until_on=date(2026, 11, 21), reason="patient"))  # a Saturday
    practice.clock.set(at("2026-11-21 10:00"))
    practice.desk.keep_clocks()
    assert practice.desk.card(number, actor=practice.member(CORA)).state.on_hold_until
    practice.clock.set(at("2026-11-23 08:00"))
    with practice.another() as second:
        answers = together(practice.desk.keep_clocks, second.desk.keep_clocks)
    assert not [answer for answer in answers if isinstance(answer, BaseException)]
    state = practice.desk.card(number, actor=practice.member(CORA)).state
    assert (state.on_hold_until, state.days_on_hold) == (None, 5)
    assert due(practice, number, Clock.SUBMISSION) == "Mon Nov 23 17:00"
    assert len(practice.rows("SELECT * FROM event WHERE kind = 'resume'")) == 1


def test_a_hold_is_ended_by_whoever_resumes_it(practice: Bench) -> None:
    number = ready(practice)
    practice.step(CORA, HoldUntil(number=number, until_on=date(2026, 12, 21), reason="coverage"))
    practice.clock.set(at("2026-11-18 09:00"))
    practice.step(CARL, Resume(number=number))
    assert due(practice, number, Clock.SUBMISSION) == "Wed Nov 18 17:00"
    with pytest.raises(NotNow):
        practice.step(CARL, Resume(number=number))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"until_on": date(2026, 11, 16)}, "until_on"),
        ({"until_on": date(2027, 11, 16)}, "until_on"),
        ({"reason": "no such"}, "reason"),
        ({"reason": "other"}, "note"),
    ],
)
def test_what_a_hold_must_say(practice: Bench, typed: dict[str, object], field: str) -> None:
    number = ready(practice)
    with pytest.raises(Invalid) as wrong:
        practice.step(CORA, HoldUntil(number=number, **{"until_on": FRIDAY, "reason": "patient", **typed}))  # type: ignore[arg-type]
    assert set(wrong.value.fields) == {field}


def test_an_expedited_request_is_never_put_on_hold(practice: Bench) -> None:
    number = ready(practice)
    practice.step(CORA, HoldUntil(number=number, until_on=FRIDAY, reason="patient"))
    practice.step(IDA, ChangeDetails(number=number, urgency=Urgency.EXPEDITED))
    card = practice.desk.card(number, actor=practice.member(CORA))
    assert card.state.on_hold_until is None
    assert "hold_until" not in card.steps


# The practice's calendar changes under running clocks


def test_a_closure_added_later_moves_the_dates_and_says_so(practice: Bench) -> None:
    number = practice.open(by=CORA).state.number
    practice.clock.set(at("2026-11-16 10:30"))
    payers = practice.pending().state.number
    before = due(practice, payers, Clock.PAYER_RESPONSE)
    save(practice, replace(SETTINGS, closures=(Closure(date(2026, 11, 16)),)))
    practice.desk.keep_clocks()
    assert due(practice, number, Clock.SUBMISSION) == "Tue Nov 17 17:00"
    assert moved(practice, number, "calendar")[Clock.SUBMISSION] == ("Nov 16 17:00", "Nov 17 17:00")
    assert due(practice, payers, Clock.PAYER_RESPONSE) == before  # a closure gives the payer no more time
    entries = len(practice.rows("SELECT * FROM event"))
    practice.desk.keep_clocks()
    assert len(practice.rows("SELECT * FROM event")) == entries


def test_a_holiday_taken_away_returns_the_dates(practice: Bench) -> None:
    practice.clock.set(at("2026-11-25 18:00"))  # the eve of Thanksgiving, after closing
    number = practice.open(ordered_on=date(2026, 11, 25)).state.number
    assert due(practice, number, Clock.SUBMISSION) == "Fri Nov 27 17:00"
    save(practice, replace(SETTINGS, holidays="none"))
    practice.desk.keep_clocks()
    assert due(practice, number, Clock.SUBMISSION) == "Thu Nov 26 17:00"


def test_a_time_zone_changed_in_mid_week_moves_the_dates_with_the_office(practice: Bench) -> None:
    number = practice.open().state.number
    save(practice, replace(SETTINGS, timezone="America/Los_Angeles"))
    practice.desk.keep_clocks()
    assert due(practice, number, Clock.SUBMISSION) == "Mon Nov 16 17:00"  # on the new wall
    assert practice.desk.zone.key == "America/Los_Angeles"


def test_more_requests_than_one_transaction_takes_are_all_set_anew_by_workers_at_once(practice: Bench) -> None:
    numbers = [practice.open().state.number for _ in range(3)]
    _copy(practice, numbers[0], 230)
    save(practice, replace(SETTINGS, closures=(Closure(date(2026, 11, 16)),)))
    with practice.another() as second:
        answers = together(practice.desk.keep_clocks, second.desk.keep_clocks)
    assert not [answer for answer in answers if isinstance(answer, BaseException)]
    left = practice.rows(
        "SELECT id FROM deadline WHERE kind = 'submission' AND done_at IS NULL AND due_at < :end",
        end=str(at("2026-11-17 00:00"))[:19] if practice.store.is_sqlite else at("2026-11-17 00:00"),
    )
    assert left == []
    assert practice.rows("SELECT clocks_set_until FROM practice") == [{"clocks_set_until": None}]


def _copy(practice: Bench, number: int, times: int) -> None:
    """So many more requests like one, with its running clocks."""
    from sqlalchemy import insert, select

    from pabot.store import schema

    with practice.store.write() as session:
        connection = session.connection
        like = dict(connection.execute(select(schema.authorization).filter_by(number=number)).one()._mapping)
        clocks = connection.execute(select(schema.deadline).filter_by(authorization=number)).all()
        first = number + 1000
        rows = [{**like, "number": first + n} for n in range(times)]
        connection.execute(insert(schema.authorization), rows)
        kept = [{name: value for name, value in clock._mapping.items() if name != "id"} for clock in clocks]
        again = [{**clock, "authorization": row["number"]} for row in rows for clock in kept]
        connection.execute(insert(schema.deadline), again)


# Expedited over closed days


def expedited(practice: Bench) -> int:
    number = ready(practice)
    practice.step(IDA, ChangeDetails(number=number, urgency=Urgency.EXPEDITED))
    sent = c.Submit(number=number, channel=Channel.PORTAL, submitted_at=practice.clock.now(), tracking_number="T-1")
    practice.step(CORA, sent)
    return number


def test_an_expedited_request_over_a_weekend_asks_who_covers(practice: Bench) -> None:
    practice.clock.set(at("2026-11-20 10:00"))
    number = expedited(practice)
    card = practice.desk.card(number, actor=practice.member(CORA))
    assert card.warnings == (
        "Expedited, and the practice is closed on Sat Nov 21, Sun Nov 22: no cover is named for Cora Lindqvist and "
        "Dr. Ida Voss. Name one with /pa away.",
    )
    ((line, names),) = practice.desk.digest(FRIDAY).uncovered
    assert (line.number, names) == (number, ("Cora Lindqvist", "Dr. Ida Voss"))
    monday = date(2026, 11, 23)
    for person, cover in ((CORA, CARL), (IDA, "U0NED")):
        away = GoAway(person, date(2026, 11, 21), monday, (cover,))
        practice.desk.go_away(away, actor=practice.member(MAX), key=once("away"))
    assert practice.desk.card(number, actor=practice.member(CORA)).warnings == ()
    assert practice.desk.digest(FRIDAY).uncovered == ()


@pytest.mark.parametrize("sent", ["2026-11-16 10:00", "2026-11-17 10:00"])
def test_in_mid_week_nobody_is_asked(practice: Bench, sent: str) -> None:
    practice.clock.set(at(sent))
    number = expedited(practice)
    assert practice.desk.card(number, actor=practice.member(CORA)).warnings == ()
    assert practice.desk.digest(date(2026, 11, 17)).uncovered == ()
