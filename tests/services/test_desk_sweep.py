"""The sweep: what is due with the payers comes once, one payer after the other, and goes on where it was left."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from record_practice import BILL, CARL, CORA, FAY, IDA, MAX, Bench, once, together

from pabot.domain import commands as c
from pabot.domain.absences import GoAway
from pabot.domain.contacts import Found
from pabot.domain.errors import Invalid, NotAllowed, Stale
from pabot.domain.model import Channel
from pabot.domain.sweep import MOST_AT_ONCE, SweepPage, Swept
from pabot.services.telling import UPDATE

THURSDAY, FRIDAY = date(2026, 11, 19), date(2026, 11, 20)
THURSDAY_9 = datetime(2026, 11, 19, 14, 0, tzinfo=UTC)  # Thursday, 9:00 in New York; the checks are due by its close


def tidewater(practice: Bench) -> int:
    return practice.desk.plans("Tidewater")[0].plan_id


def due_on_thursday(practice: Bench, count: int = 1, **changed: object) -> list[int]:
    """Requests sent on Monday, whose first check is due on Thursday."""
    numbers = [practice.pending(**changed).state.number for _ in range(count)]
    return numbers


def at(practice: Bench, sweep: str = "morning", by: str = CORA) -> SweepPage:
    return practice.desk.sweep(sweep, actor=practice.member(by))


def next_number(page: SweepPage) -> int | None:
    return page.card.state.number if page.card else None


def said(number: int, **more: object) -> c.LogContact:
    usual = {"channel": Channel.PORTAL, "found": Found.NO_CHANGE}
    return c.LogContact(number=number, **usual | more)  # type: ignore[arg-type]


def save(practice: Bench, command: c.LogContact, *alike: tuple[int, int], by: str = CORA, key: str = "") -> Swept:
    return practice.desk.record_swept(command, alike, actor=practice.member(by), key=key or once("sweep"))


def drawn(practice: Bench, number: int) -> tuple[int, int]:
    """A request as a form shows it: number and version."""
    return number, practice.desk.card(number, actor=practice.member(CORA)).state.version


def reminded(practice: Bench) -> list[tuple[str, str]]:
    rows = practice.rows("SELECT recipient, subject FROM message WHERE kind = :kind ORDER BY id", kind=UPDATE)
    return [(row["recipient"], row["subject"]) for row in rows]


def walked(practice: Bench, sweep: str = "morning") -> list[int]:
    """Every request of a sweep, each saved as it comes."""
    numbers = []
    while number := next_number(at(practice, sweep)):
        numbers.append(number)
        save(practice, said(number))
    return numbers


def test_one_payer_comes_after_the_other(practice: Bench) -> None:
    first, second, third = (
        *due_on_thursday(practice),
        *due_on_thursday(practice, plan_id=tidewater(practice)),
        *due_on_thursday(practice),
    )
    assert at(practice).card is None  # on Monday nothing is due yet
    practice.clock.set(THURSDAY_9)
    page = at(practice)
    assert (page.place, page.total, page.more_of_payer) == (1, 3, 1)
    assert [peer.line.number for peer in page.peers] == [third]
    assert [peer.tracking_number for peer in page.peers] == [f"TRK-{third}"]
    assert walked(practice) == [first, third, second]


def test_what_was_checked_is_due_no_more_and_the_next_sweep_goes_on_behind_it(practice: Bench) -> None:
    numbers = due_on_thursday(practice, 3)
    practice.clock.set(THURSDAY_9)
    save(practice, said(numbers[0]))
    again = at(practice, "begun anew")
    assert (next_number(again), again.place, again.total) == (numbers[1], 2, 3)


def test_a_check_set_for_today_again_comes_back_with_the_next_update_time(practice: Bench) -> None:
    (number,) = due_on_thursday(practice)
    practice.clock.set(THURSDAY_9)
    save(practice, said(number, next_check_on=THURSDAY))
    assert at(practice).card is None
    practice.clock.forward(hours=1)
    assert next_number(at(practice)) == number


@pytest.mark.parametrize(("asked_on", "is_due"), [(None, True), (FRIDAY, True), (date(2026, 11, 24), False)])
def test_an_answer_that_is_overdue_is_asked_for_once(practice: Bench, asked_on: date | None, is_due: bool) -> None:
    """It was due on Monday 23; from then on the next check says when."""
    (number,) = due_on_thursday(practice)
    if asked_on:
        practice.clock.set(datetime(asked_on.year, asked_on.month, asked_on.day, 16, 0, tzinfo=UTC))
        save(practice, said(number, next_check_on=date(2026, 12, 1)))
    practice.clock.set(datetime(2026, 11, 25, 16, 0, tzinfo=UTC))
    assert (next_number(at(practice)) == number) is is_due


def test_not_now_is_last_in_the_next_sweep_and_absent_from_this_one(practice: Bench) -> None:
    numbers = due_on_thursday(practice, 3)
    practice.clock.set(THURSDAY_9)
    practice.desk.put_off(numbers[0], "morning", actor=practice.member(CORA))
    page = at(practice)
    assert (next_number(page), page.place, page.total, page.put_off) == (numbers[1], 2, 3, 1)
    assert walked(practice) == numbers[1:]
    end = at(practice)
    assert (end.card, end.place, end.put_off) == (None, 4, 1)
    assert walked(practice, "afternoon") == numbers[:1]


def test_what_was_put_off_yesterday_stands_where_it_belongs_today(practice: Bench) -> None:
    numbers = due_on_thursday(practice, 2)
    practice.clock.set(THURSDAY_9)
    practice.desk.put_off(numbers[0], "morning", actor=practice.member(CORA))
    practice.clock.forward(hours=24)
    assert next_number(at(practice, "morning")) == numbers[0]


def test_no_change_is_saved_for_several_with_one_reference(practice: Bench) -> None:
    numbers = due_on_thursday(practice, 4)
    practice.clock.set(THURSDAY_9)
    command = said(numbers[0], found=Found.IN_REVIEW, reference="CALL-7", minutes=9, told_next="Send the notes")
    swept = save(practice, command, *(drawn(practice, number) for number in numbers[1:3]))
    assert swept.saved == tuple(numbers[:3])
    rows = practice.rows('SELECT "authorization", reference, minutes FROM contact ORDER BY "authorization"')
    assert [(row["authorization"], row["reference"], row["minutes"]) for row in rows] == [
        (numbers[0], "CALL-7", 9),
        (numbers[1], "CALL-7", 0),  # one call: its minutes count once
        (numbers[2], "CALL-7", 0),
    ]
    other = practice.desk.card(numbers[1], actor=practice.member(CORA)).timeline[0].detail
    assert (other["result"], other["told_next"]) == ("No change", "")
    assert next_number(at(practice)) == numbers[3]


def test_what_somebody_changed_meanwhile_is_left_out_and_named(practice: Bench) -> None:
    mine, changed, closed, alike = due_on_thursday(practice, 4)
    practice.clock.set(THURSDAY_9)
    shown = [drawn(practice, number) for number in (changed, closed, alike)]
    practice.step(CARL, said(changed))
    practice.step(MAX, c.Withdraw(number=closed, reason="patient_declined", payer_told=True))
    swept = save(practice, said(mine), *shown)
    assert (swept.saved, swept.refused) == ((mine, alike), (changed, closed))
    assert len(practice.rows("SELECT 1 FROM contact")) == 3


def hand_over(practice: Bench, number: int) -> None:
    practice.step(MAX, c.Assign(number=number, owner_id=CARL))


def withdraw(practice: Bench, number: int) -> None:
    practice.step(MAX, c.Withdraw(number=number, reason="patient_declined", payer_told=True))


@pytest.mark.parametrize("change", [hand_over, withdraw])
def test_where_the_request_itself_changed_nothing_is_saved(
    practice: Bench, change: Callable[[Bench, int], None]
) -> None:
    mine, other = due_on_thursday(practice, 2)
    practice.clock.set(THURSDAY_9)
    (number, version), alike = drawn(practice, mine), drawn(practice, other)
    change(practice, mine)
    with pytest.raises(Stale):
        save(practice, said(number, version=version), alike)
    assert not practice.rows("SELECT 1 FROM contact")
    assert next_number(at(practice)) == other


def test_what_cannot_be_saves_nothing_of_all_that_was_picked(practice: Bench) -> None:
    mine, other = due_on_thursday(practice, 2)
    practice.clock.set(THURSDAY_9)
    with pytest.raises(Invalid) as wrong:
        save(practice, said(mine, next_check_on=date(2026, 11, 1)), drawn(practice, other), key="the form")
    assert list(wrong.value.fields) == ["next_check_on"]
    assert not practice.rows("SELECT 1 FROM contact")
    assert save(practice, said(mine), drawn(practice, other), key="the form").saved == (mine, other)


def test_a_form_sent_twice_is_saved_once(practice: Bench) -> None:
    mine, other = due_on_thursday(practice, 2)
    practice.clock.set(THURSDAY_9)
    alike = drawn(practice, other)
    answers = [save(practice, said(mine), alike, key="a double click") for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(practice.rows("SELECT 1 FROM contact")) == 2


def test_two_who_sweep_the_same_payer_at_once_record_each_request_once(practice: Bench) -> None:
    """Both picked the same; what the other was quicker with is left out, or their own form says so."""
    numbers = due_on_thursday(practice, 6)
    practice.clock.set(THURSDAY_9)
    shown = dict(drawn(practice, number) for number in numbers)

    def sweep(by: str, order: list[int]) -> Swept:
        first, *others = order
        with practice.another() as theirs:
            return save(theirs, said(first, version=shown[first]), *((n, shown[n]) for n in others), by=by)

    done = together(lambda: sweep(CORA, numbers), lambda: sweep(CARL, numbers[::-1]))
    assert {type(answer) for answer in done} <= {Swept, Stale}
    counts = practice.rows('SELECT "authorization", count(*) AS n FROM contact GROUP BY "authorization"')
    assert {row["authorization"]: row["n"] for row in counts} == dict.fromkeys(numbers, 1)


def test_a_payer_with_many_due_takes_several_saves(practice: Bench) -> None:
    numbers = due_on_thursday(practice, MOST_AT_ONCE + 10)
    practice.clock.set(THURSDAY_9)
    page = at(practice)
    assert (len(page.peers), page.more_of_payer, page.total) == (MOST_AT_ONCE, MOST_AT_ONCE + 9, len(numbers))
    save(practice, said(numbers[0]), *((peer.line.number, peer.version) for peer in page.peers))
    rest = at(practice)
    assert (rest.place, rest.total, rest.more_of_payer) == (MOST_AT_ONCE + 2, len(numbers), 8)


def test_a_cover_sweeps_what_the_owner_would_have(practice: Bench) -> None:
    (number,) = due_on_thursday(practice)
    practice.clock.set(THURSDAY_9)
    command = GoAway(CORA, THURSDAY, None, (CARL,))
    practice.desk.go_away(command, actor=practice.member(CORA), key=once("away"))
    assert next_number(at(practice, by=CARL)) == number
    save(practice, said(number), by=CARL)
    assert practice.desk.card(number, actor=practice.member(MAX)).timeline[0].detail["for"] == CORA


def test_only_who_may_record_a_contact_sweeps(practice: Bench) -> None:
    (number,) = due_on_thursday(practice)
    with pytest.raises(NotAllowed):
        at(practice, by=FAY)
    with pytest.raises(NotAllowed):
        practice.desk.put_off(number, "morning", actor=practice.member(FAY))
    with pytest.raises(NotAllowed):
        save(practice, said(number), by=FAY)
    assert at(practice, by=IDA).card is None


def test_my_work_and_the_home_tab_say_how_much_is_due(practice: Bench) -> None:
    due_on_thursday(practice, 2)
    practice.clock.set(THURSDAY_9)
    for user, count in ((CORA, 2), (BILL, 0), (FAY, 0)):
        assert practice.desk.mine(actor=practice.member(user)).to_sweep == count
        assert practice.desk.home(actor=practice.member(user)).to_sweep == count


TEN, THREE = "2026-11-19 10:00", "2026-11-19 15:00"


@pytest.mark.parametrize(
    ("hour", "minute", "about"),
    [
        (9, 59, None),
        (10, 0, TEN),
        (11, 59, TEN),
        (12, 0, None),  # after an outage it is no news any more
        (15, 0, THREE),
        (16, 30, THREE),
        (17, 0, None),
    ],
)
def test_at_each_update_time_the_owner_is_reminded_once(
    practice: Bench, hour: int, minute: int, about: str | None
) -> None:
    due_on_thursday(practice, 2)
    practice.clock.set(THURSDAY_9 + timedelta(hours=hour - 9, minutes=minute))
    assert practice.desk.queue_updates() == (1 if about else 0)
    assert practice.desk.queue_updates() == 0
    assert reminded(practice) == ([(CORA, about)] if about else [])


def test_workers_at_once_remind_once(practice: Bench) -> None:
    due_on_thursday(practice)
    practice.clock.set(THURSDAY_9 + timedelta(hours=1))

    def tick() -> int:
        with practice.another() as worker:
            return worker.desk.queue_updates()

    assert sorted(together(tick, tick, tick)) == [0, 0, 1]  # type: ignore[type-var]
    assert reminded(practice) == [(CORA, TEN)]


def test_nobody_is_reminded_of_nothing_nor_on_a_closed_day(practice: Bench) -> None:
    practice.clock.set(THURSDAY_9 + timedelta(hours=1))
    assert practice.desk.queue_updates() == 0
    practice.clock.set(datetime(2026, 11, 16, 15, 0, tzinfo=UTC))
    due_on_thursday(practice)
    practice.clock.set(datetime(2026, 11, 21, 15, 0, tzinfo=UTC))  # Saturday
    assert practice.desk.queue_updates() == 0
    assert reminded(practice) == []


def test_the_cover_is_reminded_of_what_the_owner_has_due(practice: Bench) -> None:
    due_on_thursday(practice)
    practice.clock.set(THURSDAY_9)
    command = GoAway(CORA, THURSDAY, None, (CARL,))
    practice.desk.go_away(command, actor=practice.member(CORA), key=once("away"))
    practice.clock.forward(hours=1)
    practice.desk.queue_updates()
    assert reminded(practice) == [(CARL, TEN)]
    told = practice.desk.update(TEN, reader=practice.member(CARL))
    assert (told.due, told.payers, told.over) == (1, 1, False)


def test_the_practice_names_its_times_or_none(practice: Bench) -> None:
    due_on_thursday(practice)
    for times, expected in (((), []), (("09:15",), [(CORA, "2026-11-19 09:15")])):
        settings = replace(practice.desk.settings(), update_times=times)
        practice.desk.save_settings(settings, actor=practice.member(MAX), key=once("settings"))
        practice.clock.set(THURSDAY_9 + timedelta(hours=1, minutes=1))
        practice.desk.queue_updates()
        assert reminded(practice) == expected
