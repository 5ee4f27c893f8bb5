"""Somebody is away: the owner stays, the covers act for them, and both read what they need, once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from record_practice import BILL, CARL, CORA, FAY, IDA, MAX, MONDAY, NED, Bench, once, together

from pabot.domain import commands as c
from pabot.domain.absences import Absence, GoAway, Split
from pabot.domain.errors import Invalid, NotAllowed, NotNow
from pabot.domain.model import Channel, Role
from pabot.domain.practice import SaveMember
from pabot.services.telling import HAND_OVER, IS_IN, WELCOME_BACK

TODAY, WEDNESDAY, FRIDAY = date(2026, 11, 16), date(2026, 11, 18), date(2026, 11, 20)
TUESDAY_10_30 = datetime(2026, 11, 17, 15, 30, tzinfo=UTC)


def goes(practice: Bench, user: str, *covers: str, by: str = "", **changed: object) -> Absence:
    command = replace(GoAway(user, TODAY, WEDNESDAY, covers), **changed)  # type: ignore[arg-type]
    return practice.desk.go_away(command, actor=practice.member(by or user), key=once("away"))


def told(practice: Bench, kind: str) -> list[str]:
    rows = practice.rows("SELECT recipient FROM message WHERE kind = :kind ORDER BY id", kind=kind)
    return [row["recipient"] for row in rows]


def theirs(practice: Bench, user: str) -> list[int]:
    return sorted(line.number for line in practice.desk.mine(actor=practice.member(user)).lines)


def tidewater(practice: Bench) -> int:
    return practice.desk.plans("Tidewater")[0].plan_id


def noted(practice: Bench, number: int, by: str) -> dict[str, object]:
    practice.step(by, c.LogContact(number=number, channel=Channel.PHONE, result="In review"))
    return dict(practice.desk.card(number, actor=practice.member(MAX)).timeline[0].detail)


def test_the_owner_stays_and_the_cover_acts_for_them(practice: Bench) -> None:
    number = practice.pending().state.number
    goes(practice, CORA, CARL)
    assert practice.member(CORA).away
    card = practice.desk.card(number, actor=practice.member(CARL))
    assert card.state.owner_id == CORA
    assert theirs(practice, CARL) == [number]
    assert noted(practice, number, CARL)["for"] == CORA
    assert "for" not in noted(practice, number, BILL)  # somebody else helps in their own name
    practice.clock.set(TUESDAY_10_30 + timedelta(days=7))
    practice.desk.raise_alarms()
    assert set(told(practice, "overdue_owner")) == {CARL}


@pytest.mark.parametrize("split", Split)
def test_several_covers_each_have_their_share_and_nobody_another_s(practice: Bench, split: Split) -> None:
    numbers = [practice.open().state.number for _ in range(2)]
    numbers += [practice.open(plan_id=tidewater(practice)).state.number for _ in range(2)]
    command = GoAway(CORA, TODAY, WEDNESDAY, (CARL, BILL), split)
    shown = practice.desk.split(command, actor=practice.member(CORA))
    assert [(portion.cover, portion.count) for portion in shown] == [("Carl Ostermann", 2), ("Bill Aster", 2)]
    if split is Split.PAYER:
        assert [portion.payers for portion in shown] == [("Northwind Health",), ("Tidewater Mutual",)]
    goes(practice, CORA, CARL, BILL, split=split)
    assert sorted(theirs(practice, CARL) + theirs(practice, BILL)) == numbers
    assert len(theirs(practice, CARL)) == 2
    assert sorted(told(practice, HAND_OVER)) == [BILL, CARL]


def test_what_is_new_for_who_is_away_goes_by_payer_else_to_who_has_fewest(practice: Bench) -> None:
    for _ in range(2):
        practice.open()
    practice.open(plan_id=tidewater(practice))
    goes(practice, CORA, CARL, BILL)
    northwind, other = practice.open(by=MAX).state.number, practice.open(by=MAX, plan_id=tidewater(practice)).state
    for number in (northwind, other.number):
        practice.step(MAX, c.Assign(number=number, owner_id=CORA))
    assert northwind in theirs(practice, CARL)
    assert other.number in theirs(practice, BILL)
    assert told(practice, "assigned") == [CARL, BILL]
    assert practice.desk.card(northwind, actor=practice.member(MAX)).state.owner_id == CORA


def test_the_hand_over_names_what_is_due_the_legal_dates_and_the_rest(practice: Bench) -> None:
    due = practice.open().state.number  # to be sent today
    asked = practice.pending().state.number
    practice.step(
        CORA,
        c.RecordInformationRequest(
            number=asked, asked="A photo", clinical=False, received_at=practice.clock.now(), due_on=date(2026, 11, 19)
        ),
    )
    pending = practice.pending().state.number
    absence = goes(practice, CORA, CARL)
    over = practice.desk.hand_over(absence.id, cover=CARL)
    assert (over.owner, over.back_on, over.total, over.over) == ("Cora Lindqvist", WEDNESDAY, 3, False)
    assert {item.line.number for item in over.due_today} == {due}
    assert [(item.line.number, item.clock.value) for item in over.legal] == [(asked, "information")]
    assert sum(over.rest.values()) == 1
    assert {line.number for line in over.lines} == {due, asked, pending}
    assert told(practice, HAND_OVER) == [CARL]


def test_it_ends_by_itself_and_the_owner_reads_what_was_done(practice: Bench) -> None:
    number = practice.pending().state.number
    absence = goes(practice, CORA, CARL)
    noted(practice, number, CARL)
    practice.clock.set(datetime(2026, 11, 18, 4, 59, tzinfo=UTC))  # a minute before midnight
    assert practice.desk.keep_absences() == 0
    practice.clock.forward(minutes=1)
    assert practice.desk.keep_absences() == 1
    assert practice.desk.keep_absences() == 0
    assert not practice.member(CORA).away
    assert told(practice, WELCOME_BACK) == [CORA]
    (row,) = practice.rows("SELECT next_try_at FROM message WHERE kind = :kind", kind=WELCOME_BACK)
    assert str(row["next_try_at"]).startswith("2026-11-18 13:00")  # when the office opens, not at midnight
    welcome = practice.desk.welcome(absence.id)
    assert [(done.line.number, done.kinds, done.by) for done in welcome.done] == [
        (number, ("log_contact",), ("Carl Ostermann",))
    ]
    assert practice.desk.hand_over(absence.id, cover=CARL).over
    assert theirs(practice, CARL) == []


def test_a_later_day_begins_by_itself_that_morning(practice: Bench) -> None:
    number = practice.open().state.number
    goes(practice, CORA, CARL, starts_on=WEDNESDAY, back_on=FRIDAY)
    assert (practice.member(CORA).away, practice.desk.keep_absences()) == (False, 0)
    practice.clock.set(datetime(2026, 11, 18, 11, 0, tzinfo=UTC))
    with practice.another() as second:
        together(practice.desk.keep_absences, second.desk.keep_absences)
    assert practice.member(CORA).away
    assert theirs(practice, CARL) == [number]
    assert told(practice, HAND_OVER) == [CARL]


def test_back_ends_what_runs_or_cancels_what_is_planned(practice: Bench) -> None:
    goes(practice, CORA, CARL)
    planned = goes(practice, CORA, CARL, starts_on=FRIDAY, back_on=None)
    for _ in range(2):
        practice.desk.come_back(CORA, actor=practice.member(CORA), key=once("back"))
        assert not practice.member(CORA).away
    assert practice.desk.absence(CORA) is None
    assert planned.begun_at is None
    assert told(practice, WELCOME_BACK) == [CORA]  # of the one that ran
    with pytest.raises(NotNow, match="not down as away"):
        practice.desk.come_back(CORA, actor=practice.member(CORA), key=once("back"))


def test_a_manager_may_for_anyone_others_for_themselves_only(practice: Bench) -> None:
    with pytest.raises(NotAllowed):
        goes(practice, CORA, CARL, by=BILL)
    with pytest.raises(NotAllowed):
        practice.desk.come_back(CORA, actor=practice.member(CARL), key=once("back"))
    goes(practice, CORA, CARL, by=MAX)
    assert practice.member(CORA).away


@pytest.mark.parametrize(
    ("user", "cover", "said"),
    [(CORA, CORA, "themselves"), (CORA, FAY, "cannot work on requests"), (IDA, CORA, "no clinician")],
)
def test_a_refused_absence_leaves_nothing(practice: Bench, user: str, cover: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        goes(practice, user, cover)
    assert practice.rows("SELECT id FROM absence") == []
    assert not practice.member(user).away


def test_two_who_would_cover_for_each_other_at_the_same_moment(practice: Bench) -> None:
    with practice.another() as second:
        done = together(lambda: goes(practice, CORA, CARL), lambda: goes(second, CARL, CORA))
    assert sorted(type(each).__name__ for each in done) == ["Absence", "Invalid"]
    assert sum(practice.member(user).away for user in (CORA, CARL)) == 1


def test_two_managers_at_once_save_one_absence(practice: Bench) -> None:
    eve = SaveMember("U0EVE", "Eve Castellan", frozenset({Role.MANAGER}))
    practice.desk.save_member(eve, actor=None, key=once("staff"))
    with practice.another() as second:
        done = together(lambda: goes(practice, CORA, CARL, by=MAX), lambda: goes(second, CORA, BILL, by="U0EVE"))
    (refused,) = [each for each in done if isinstance(each, Invalid)]
    assert "is down as away already, from Nov 16, back on Nov 18." in refused.sentence
    assert len(practice.rows("SELECT id FROM absence")) == 1


def test_what_a_clinician_was_asked_is_asked_of_the_cover(practice: Bench) -> None:
    number = practice.denied().state.number
    goes(practice, IDA, NED)
    assert told(practice, "decision") == [IDA, NED]
    board = practice.desk.home(actor=practice.member(NED))
    assert [line.number for line in board.waiting.lines] == [number]
    assert practice.desk.card(number, actor=practice.member(NED)).state.clinician_id == IDA


def test_the_tick_on_the_staff_list_is_an_absence_without_an_end(practice: Bench) -> None:
    practice.open()
    member = practice.member(CORA)
    out = SaveMember(CORA, member.name, member.roles, cover_id=CARL, away=True)
    practice.desk.save_member(out, actor=practice.member(MAX), key=once("staff"))
    practice.desk.save_member(replace(out, name="Cora L."), actor=practice.member(MAX), key=once("staff"))
    assert told(practice, HAND_OVER) == [CARL]
    practice.desk.save_member(replace(out, cover_id=BILL), actor=practice.member(MAX), key=once("staff"))
    assert told(practice, HAND_OVER) == [CARL, BILL]
    assert (len(theirs(practice, BILL)), theirs(practice, CARL)) == (1, [])
    practice.desk.save_member(replace(out, away=False), actor=practice.member(MAX), key=once("staff"))
    assert told(practice, WELCOME_BACK) == [CORA]
    assert practice.desk.absence(CORA) is None


def test_managers_are_asked_once_about_who_has_done_nothing(practice: Bench) -> None:
    practice.open()
    practice.clock.set(TUESDAY_10_30 - timedelta(minutes=1))
    assert practice.desk.ask_who_is_in() == 0
    practice.clock.forward(minutes=1)
    assert (practice.desk.ask_who_is_in(), practice.desk.ask_who_is_in()) == (1, 0)
    assert told(practice, IS_IN) == [MAX]
    day = TUESDAY_10_30.date()
    asked = practice.desk.presence(CORA, day)
    assert (asked.due, asked.away, asked.working, asked.said_by) == (1, False, False, None)
    with pytest.raises(NotAllowed):
        practice.desk.they_are_in(CORA, actor=practice.member(CARL), key=once("in"))
    practice.desk.they_are_in(CORA, actor=practice.member(MAX), key=once("in"))
    assert practice.desk.presence(CORA, day).said_by == "Max Tiller"
    (row,) = practice.rows("SELECT wanted FROM message WHERE kind = :kind", kind=IS_IN)
    assert row["wanted"] == 2


def test_a_manager_gets_one_message_about_all_of_them_and_none_about_themselves(practice: Bench) -> None:
    practice.open()
    practice.open(CARL)
    practice.step(CORA, c.Assign(number=practice.open().state.number, owner_id=MAX))
    practice.clock.set(TUESDAY_10_30)
    assert practice.desk.ask_who_is_in() == 3
    (row,) = practice.rows("SELECT recipient, subject FROM message WHERE kind = :kind", kind=IS_IN)
    assert row == {"recipient": MAX, "subject": f"{TUESDAY_10_30.date()}:{CARL},{CORA},{MAX}"}
    for count, user in enumerate((CORA, CARL), 2):
        practice.desk.they_are_in(user, actor=practice.member(MAX), key=once("in"))
        (row,) = practice.rows("SELECT wanted FROM message WHERE kind = :kind", kind=IS_IN)
        assert row["wanted"] == count


@pytest.mark.parametrize("why", ["worked", "away", "nothing due", "closed"])
def test_nobody_asks_about_who_works_or_is_away_or_has_nothing_due(practice: Bench, why: str) -> None:
    number = practice.open().state.number
    if why == "away":
        practice.clock.set(TUESDAY_10_30 - timedelta(hours=2))
        goes(practice, CORA, CARL, starts_on=TUESDAY_10_30.date())
        noted(practice, number, CARL)
    if why == "nothing due":
        practice.step(MAX, c.Withdraw(number=number, reason="plan_changed", payer_told=True))
    practice.clock.set(TUESDAY_10_30 + timedelta(days=4 if why == "closed" else 0))
    if why == "worked":
        noted(practice, number, CORA)
    assert practice.desk.ask_who_is_in() == 0


@pytest.mark.parametrize(("cover", "heir"), [(BILL, BILL), (FAY, CARL), (None, CARL)])
def test_a_deactivated_account_hands_over_and_managers_read_it_once(
    practice: Bench, cover: str | None, heir: str
) -> None:
    number = practice.open().state.number
    member = practice.member(CORA)
    named = SaveMember(CORA, member.name, member.roles, cover_id=cover)
    practice.desk.save_member(named, actor=practice.member(MAX), key=once("staff"))
    assert (practice.desk.account_gone(CORA), practice.desk.account_gone(CORA)) == (True, False)
    assert not practice.member(CORA).active
    assert practice.desk.card(number, actor=practice.member(MAX)).state.owner_id == heir
    assert (told(practice, "assigned"), told(practice, "account_gone")) == ([heir], [MAX])


def test_accounts_are_looked_at_once_a_day(practice: Bench) -> None:
    assert set(practice.desk.accounts_to_check()) == {CORA, CARL, BILL, IDA, NED, MAX, FAY}
    assert practice.desk.accounts_to_check() == ()
    practice.clock.set(MONDAY + timedelta(days=1))
    assert practice.desk.accounts_to_check()
