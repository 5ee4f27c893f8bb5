"""An approval that runs out is renewed in time, or somebody has said that it need not be."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from record_practice import BILL, CARL, CORA, FAY, MAX, Bench, once

from pabot.domain import commands as c
from pabot.domain.cards import AuthorizationCard
from pabot.domain.errors import Invalid, NotAllowed, NotNow
from pabot.domain.expiry import LetRunOut, RecordUse, Renew, Units
from pabot.domain.model import ServiceLine, ToldBy
from pabot.domain.practice import SaveMember

DUE = date(2026, 12, 7)  # a Monday, two weeks after which this approval ends
LAST_DAY = date(2026, 12, 21)
VISITS = (ServiceLine(1, "97110", "", 20),)


def approved(practice: Bench, last_day: date = LAST_DAY, lines: tuple[ServiceLine, ...] = VISITS) -> int:
    number = practice.pending(lines=lines).state.number
    granted = c.RecordApproval(
        number=number,
        decided_at=practice.clock.now(),
        authorization_number=f"A-{number}",
        effective_on=date(2026, 11, 1),
        expires_on=last_day,
    )
    practice.step(CORA, granted)
    return number


def used(practice: Bench, number: int, units: int) -> AuthorizationCard:
    return practice.step(CORA, RecordUse(number=number, used=((1, units),)))


def renewal(practice: Bench, number: int, **changed: object) -> Renew:
    state = practice.desk.card(number, actor=practice.member(CORA)).state
    order = {
        "number": number,
        "plan_id": state.plan_id,
        "service": "Physical therapy",
        "lines": tuple(ServiceLine(line.seq, line.code, line.modifiers, line.units) for line in state.lines),
        "clinician_id": state.clinician_id,
        "ordered_on": practice.desk.calendar().day(practice.clock.now()),
    }
    return Renew(**order | changed)  # type: ignore[arg-type]


def renewed(practice: Bench, number: int) -> int:
    order = renewal(practice, number)
    return practice.desk.renew(order, actor=practice.member(CORA), key=once("renew")).state.number


def diagnoses(practice: Bench, number: int) -> list[str]:
    rows = practice.rows('SELECT code FROM diagnosis WHERE "authorization" = :n ORDER BY seq', n=number)
    return [row["code"] for row in rows]


def morning(practice: Bench, day: date, hour: int = 14) -> int:
    practice.clock.set(datetime(day.year, day.month, day.day, hour, tzinfo=UTC))
    return practice.desk.remind_of_renewals()


def told(practice: Bench) -> list[str]:
    rows = practice.rows("SELECT recipient FROM message WHERE kind = 'running_out' ORDER BY id")
    return [row["recipient"] for row in rows]


def listed(practice: Bench, day: date, reader: str = CORA) -> list[int]:
    return [item.line.number for item in practice.desk.running_out(reader, day)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (DUE - timedelta(days=3), []),
        (DUE, [CORA]),
        (DUE + timedelta(days=1), []),
        (LAST_DAY - timedelta(days=3), [CORA]),  # a Friday: tomorrow is the last day, and Sunday is closed
        (LAST_DAY, []),
    ],
)
def test_the_owner_reads_it_two_weeks_and_a_day_before(practice: Bench, day: date, expected: list[str]) -> None:
    approved(practice)
    morning(practice, day)
    assert told(practice) == expected


def test_it_comes_once_a_day_from_the_digest_s_time_and_several_are_one_message(practice: Bench) -> None:
    numbers = [approved(practice), approved(practice)]
    assert morning(practice, DUE, hour=12) == 0  # seven in the morning
    assert [morning(practice, DUE, hour=hour) for hour in (13, 14, 20)] == [1, 0, 0]
    assert listed(practice, DUE) == numbers


def test_an_approval_outlives_its_request_and_its_owner(practice: Bench) -> None:
    number = approved(practice)
    practice.step(CORA, c.TellPatient(number=number, how=ToldBy.PHONE, told_at=practice.clock.now(), and_close=True))
    member = practice.member(CORA)
    gone = SaveMember(CORA, member.name, member.roles, active=False)
    practice.desk.save_member(gone, actor=practice.member(MAX), key=once("staff"))
    morning(practice, DUE)
    assert told(practice) == [MAX]
    assert listed(practice, DUE, MAX) == [number]


@pytest.mark.parametrize(
    ("units", "by_then", "low"),
    [(20, 14, False), (20, 15, True), (100, 79, False), (100, 80, True), (4, 0, False), (4, 1, True), (1, 1, False)],
)
def test_few_units_left_are_told_once(practice: Bench, units: int, by_then: int, low: bool) -> None:
    number = approved(practice, date(2027, 10, 29), (ServiceLine(1, "97110", "", units),))
    if by_then and units > 1:
        used(practice, number, by_then)
    assert [morning(practice, day) for day in (date(2026, 11, 23), date(2026, 11, 24))] == [int(low), 0]


def test_what_was_used_is_kept_by_line_and_can_be_taken_back(practice: Bench) -> None:
    number = approved(practice)
    card = used(practice, number, 6)
    assert card.state.lines[0].units_used == 6
    assert card.timeline[0].detail["units_used"] == "97110 6 of 20"
    practice.take_back(CORA, number)
    assert practice.desk.card(number, actor=practice.member(CORA)).state.lines[0].units_used == 0


@pytest.mark.parametrize("wrong", [((1, 0),), ((1, -1),), ((1, 10_000),), ((2, 3),)])
def test_impossible_use_is_refused_under_its_field(practice: Bench, wrong: tuple[tuple[int, int], ...]) -> None:
    number = approved(practice)
    with pytest.raises(Invalid) as refused:
        practice.step(CORA, RecordUse(number=number, used=wrong))
    assert list(refused.value.fields) == [f"used_{wrong[0][0]}"]


def test_more_than_was_approved_is_a_fact_and_none_are_left() -> None:
    assert (Units(1, "97110", 20, 23).left, Units(1, "97110", 20, 23).runs_low) == (0, True)


def test_a_renewal_carries_everything_over_and_ends_the_reminders(practice: Bench) -> None:
    number = approved(practice)
    before = practice.desk.card(number, actor=practice.member(CORA))
    follows = renewed(practice, number)
    after = practice.desk.card(follows, actor=practice.member(CORA))
    assert (after.state.renews, after.state.category) == (number, before.state.category)
    assert after.patient.initials == before.patient.initials
    assert diagnoses(practice, follows) == diagnoses(practice, number) != []
    assert (after.state.lines[0].units, after.state.lines[0].approved) == (20, None)
    assert practice.desk.card(number, actor=practice.member(CORA)).renewal == follows
    assert morning(practice, DUE) == 0
    assert not practice.desk.queue("expiring", actor=practice.member(CORA)).lines


def test_it_is_not_its_own_duplicate_but_another_open_one_is_told(practice: Bench) -> None:
    number = approved(practice)
    follows = renewed(practice, number)
    assert follows != number
    with pytest.raises(NotNow, match=f"PA-{follows} renews"):
        renewed(practice, number)


def test_a_renewal_that_comes_to_nothing_brings_the_reminders_back(practice: Bench) -> None:
    number = approved(practice)
    follows = renewed(practice, number)
    practice.step(MAX, c.Withdraw(number=follows, reason="plan_changed"))
    assert practice.desk.card(number, actor=practice.member(CORA)).renewal is None
    morning(practice, DUE)
    assert listed(practice, DUE) == [number]


def test_the_message_that_was_sent_follows_what_becomes_of_it(practice: Bench) -> None:
    first, second = approved(practice), approved(practice)
    morning(practice, DUE)
    wanted = practice.rows("SELECT wanted FROM message WHERE kind = 'running_out'")[0]["wanted"]
    practice.step(CORA, LetRunOut(number=first, reason="finished"))
    assert listed(practice, DUE) == [second]
    assert practice.rows("SELECT wanted FROM message WHERE kind = 'running_out'")[0]["wanted"] > wanted


def test_a_correction_brings_the_reminder_back(practice: Bench) -> None:
    number = approved(practice)
    practice.step(CORA, LetRunOut(number=number, reason="finished"))
    assert morning(practice, DUE) == 0
    practice.take_back(MAX, number)
    assert listed(practice, DUE) == [number]


@pytest.mark.parametrize(("away", "reader"), [(False, CORA), (True, CARL)])
def test_the_cover_reads_it_while_the_owner_is_away(practice: Bench, away: bool, reader: str) -> None:
    approved(practice)
    member = practice.member(CORA)
    saved = SaveMember(CORA, member.name, member.roles, cover_id=CARL, away=away)
    practice.desk.save_member(saved, actor=practice.member(MAX), key=once("staff"))
    morning(practice, DUE)
    assert told(practice) == [reader]


def test_what_was_not_approved_is_not_renewed_nor_by_who_only_looks(practice: Bench) -> None:
    pending = practice.pending().state.number
    with pytest.raises(NotNow, match="nothing to renew"):
        practice.desk.renew(renewal(practice, pending), actor=practice.member(CORA), key=once("renew"))
    number = approved(practice)
    with pytest.raises(NotAllowed):
        practice.desk.renew(renewal(practice, number), actor=practice.member(FAY), key=once("renew"))


def test_a_form_sent_twice_opens_one_renewal(practice: Bench) -> None:
    number = approved(practice)
    order, key = renewal(practice, number), once("renew")
    first = practice.desk.renew(order, actor=practice.member(BILL), key=key)
    again = practice.desk.renew(replace(order, note="once more"), actor=practice.member(BILL), key=key)
    assert again.state.number == first.state.number
