"""What is late reaches everybody who must act or answer for it, once a request and day, and says what is wanted."""

from datetime import UTC, datetime, timedelta

import pytest
from record_practice import BILL, CARL, CORA, IDA, MAX, NED, Bench, once

from pabot.domain import commands as c
from pabot.domain.deadlines import ESCALATED, OWNERS_ALONE, Clock
from pabot.domain.model import Decision
from pabot.domain.practice import PracticeSettings, SaveMember

TUESDAY_NOON = datetime(2026, 11, 17, 17, 0, tzinfo=UTC)


def away(practice: Bench, user: str, cover: str) -> None:
    member = practice.member(user)
    command = SaveMember(user, member.name, member.roles, cover_id=cover, away=True)
    practice.desk.save_member(command, actor=practice.member(MAX), key=once("staff"))


def alarmed(practice: Bench, kind: str) -> list[str]:
    rows = practice.rows("SELECT recipient FROM message WHERE kind = :kind ORDER BY recipient", kind=kind)
    return [row["recipient"] for row in rows]


def raise_at(practice: Bench, at: datetime) -> None:
    practice.clock.set(at)
    practice.desk.raise_alarms()


def wanted_of(practice: Bench, user: str) -> set[Clock]:
    day = practice.desk.calendar().day(practice.clock.now())
    return {item.clock for item in practice.desk.overdue_for(user, day).items if item.wants_decision}


def test_what_of_one_request_ran_out_together_is_one_message(practice: Bench) -> None:
    practice.denied()
    raise_at(practice, TUESDAY_NOON)
    assert alarmed(practice, "overdue_owner") == [CORA]
    late = practice.desk.overdue_at(CORA, TUESDAY_NOON)
    assert {item.clock for item in late.items} >= {Clock.ACCEPTANCE, Clock.APPEAL_READY, Clock.PATIENT_TOLD}


def test_what_runs_out_later_is_news_again(practice: Bench) -> None:
    practice.denied()
    raise_at(practice, TUESDAY_NOON - timedelta(hours=17))  # the clinician's answer; later the patient
    raise_at(practice, TUESDAY_NOON)
    assert alarmed(practice, "overdue_owner") == [CORA, CORA]


def test_another_doctor_who_was_asked_hears_of_it_as_well(practice: Bench) -> None:
    number = practice.denied().state.number
    practice.step(IDA, c.Route(number=number, to=NED))
    raise_at(practice, TUESDAY_NOON)
    assert alarmed(practice, "overdue_clinician") == [IDA, NED]
    assert wanted_of(practice, NED) == {Clock.ACCEPTANCE, Clock.APPEAL_READY}
    assert wanted_of(practice, IDA) == set()


def test_a_biller_who_was_asked_hears_of_it(practice: Bench) -> None:
    number = practice.pending().state.number
    denial = {"reason": "missing_docs", "notice_on": practice.desk.calendar().day(practice.clock.now())}
    practice.step(CORA, c.RecordDenial(number=number, received_at=practice.clock.now(), **denial))
    raise_at(practice, TUESDAY_NOON)
    assert alarmed(practice, "overdue_clinician") == [BILL, IDA]
    assert wanted_of(practice, BILL) == {Clock.ACCEPTANCE, Clock.APPEAL_READY}
    assert wanted_of(practice, IDA) == set()


def test_the_cover_is_asked_in_the_place_of_who_is_away(practice: Bench) -> None:
    practice.denied()
    away(practice, IDA, NED)
    raise_at(practice, TUESDAY_NOON)
    assert alarmed(practice, "overdue_clinician") == [NED]
    assert Clock.ACCEPTANCE in wanted_of(practice, NED)
    assert [line.clinician for line in practice.desk.home(actor=practice.member(NED)).waiting.lines] == ["Dr. Ida Voss"]


@pytest.mark.parametrize("expedited", [False, True])
def test_what_ends_at_today_s_close_or_in_the_evening_is_due_today(practice: Bench, expedited: bool) -> None:
    """In the digest's list and in its owner's block."""
    practice.clock.set(TUESDAY_NOON + timedelta(hours=6))
    number = practice.pending(by=IDA if expedited else CORA, expedited=expedited).state.number
    clocks = practice.desk.card(number, actor=practice.member(CORA)).clocks
    ends = {clock.kind: clock.due_at for clock in clocks if clock.kind in ESCALATED - OWNERS_ALONE}
    assert ends
    for kind, at in ends.items():
        practice.clock.set(at - timedelta(minutes=30))
        assert (number, kind) in {(item.line.number, item.clock) for item in practice.desk.digest().due_today}
        shares = practice.desk.owners_morning(practice.desk.calendar().day(at)).shares
        assert kind in {item.clock for share in shares for item in share.items}


def test_what_was_decided_and_not_carried_out_is_late_for_the_owner(practice: Bench) -> None:
    denied = practice.denied().state
    assert denied.denial is not None
    assert denied.denial.id is not None
    command = c.DecideDenial(number=denied.number, denial_id=denied.denial.id, decision=Decision.APPEAL, reason="Notes")
    practice.step(IDA, command)
    raise_at(practice, TUESDAY_NOON)
    late = practice.desk.overdue_at(CORA, TUESDAY_NOON)
    assert Clock.APPEAL_READY in {item.clock for item in late.items}
    assert wanted_of(practice, IDA) == set()
    assert practice.desk.digest().waiting_for_clinician == ()


@pytest.mark.parametrize(
    ("set_to", "told_at", "posted"),
    [
        ("08:00", "11:59", True),
        ("08:00", "12:00", False),
        ("08:00", "07:59", False),
        ("13:30", "13:29", False),
        ("13:30", "16:59", True),
        ("13:30", "17:00", False),
    ],
)
def test_a_digest_is_caught_up_until_noon_or_for_four_hours(
    practice: Bench, set_to: str, told_at: str, posted: bool
) -> None:
    settings = PracticeSettings(**{**_settings(practice), "digest_at": set_to})
    practice.desk.save_settings(settings, actor=practice.member(MAX), key=once("settings"))
    hour, minute = map(int, told_at.split(":"))
    practice.clock.set(datetime(2026, 11, 17, 5, 0, tzinfo=UTC) + timedelta(hours=hour, minutes=minute))
    assert practice.desk.queue_digest() is posted


def _settings(practice: Bench) -> dict[str, object]:
    settings = practice.desk.settings()
    return {name: getattr(settings, name) for name in settings.__dataclass_fields__}


def to_managers(practice: Bench) -> list[tuple[Clock, str]]:
    day = practice.desk.calendar().day(practice.clock.now())
    return [(item.clock, item.held_by) for item in practice.desk.overdue_for_managers(day).items]


def overdue_follow_up(practice: Bench) -> int:
    """A request whose check with the payer ran out this moment."""
    number = practice.pending().state.number
    (due,) = practice.rows("select due_at from deadline where kind = 'follow_up' and done_at is null")
    at = due["due_at"] if isinstance(due["due_at"], datetime) else datetime.fromisoformat(due["due_at"])
    practice.clock.set(at.replace(tzinfo=at.tzinfo or UTC) + timedelta(seconds=1))
    practice.desk.raise_alarms()
    return number


def a_day_passes(practice: Bench) -> None:
    calendar = practice.desk.calendar()
    practice.clock.set(calendar.plus_business_days(practice.clock.now(), 1) + timedelta(seconds=1))
    practice.clock.set(calendar.opens(calendar.next_open_day(calendar.day(practice.clock.now()))))


def test_what_a_business_day_does_not_clear_comes_to_the_managers_once(practice: Bench) -> None:
    overdue_follow_up(practice)
    assert alarmed(practice, "overdue_manager") == []
    a_day_passes(practice)
    assert practice.desk.raise_alarms() > 0
    assert alarmed(practice, "overdue_manager") == [MAX]
    assert (Clock.FOLLOW_UP, "") in to_managers(practice)
    assert practice.desk.raise_alarms() == 0


def test_who_is_on_it_keeps_it_from_the_managers_for_a_while(practice: Bench) -> None:
    number = overdue_follow_up(practice)
    calendar = practice.desk.calendar()
    later = calendar.day(practice.clock.now()) + timedelta(days=6)
    practice.step(CORA, c.Hold(number=number, reason="promised", until_on=later))
    a_day_passes(practice)
    practice.desk.raise_alarms()
    assert alarmed(practice, "overdue_manager") == []
    practice.clock.set(calendar.opens(calendar.first_open_day(later)) + timedelta(seconds=1))
    practice.desk.raise_alarms()
    assert (Clock.FOLLOW_UP, "") in to_managers(practice)  # nothing was cleared by it


def test_the_list_says_who_is_on_it_and_the_all_clear_comes_with_the_fact(practice: Bench) -> None:
    number = overdue_follow_up(practice)
    practice.step(CORA, c.Hold(number=number, reason="on_it"))
    day = practice.desk.calendar().day(practice.clock.now())
    assert {item.held_by for item in practice.desk.escalated_on(day).items} == {"Cora Lindqvist"}
    practice.step(CORA, c.LogContact(number=number, channel=c.Channel.PHONE, result="no change"))
    assert practice.desk.escalated_on(day).items == ()


def test_several_that_run_out_for_one_person_together_are_one_message(practice: Bench) -> None:
    for _ in range(3):
        practice.open()
    raise_at(practice, TUESDAY_NOON)
    assert alarmed(practice, "overdue_owner") == [CORA]
    late = practice.desk.overdue_at(CORA, TUESDAY_NOON)
    assert len({item.line.number for item in late.items}) == 3
    number = late.items[0].line.number
    practice.step(MAX, c.Assign(number=number, owner_id=CARL))
    assert number not in {item.line.number for item in practice.desk.overdue_at(CORA, TUESDAY_NOON).items}


def test_a_manager_away_has_a_cover_who_is_told(practice: Bench) -> None:
    away(practice, MAX, cover=BILL)
    overdue_follow_up(practice)
    a_day_passes(practice)
    practice.desk.raise_alarms()
    assert alarmed(practice, "overdue_manager") == [BILL]
