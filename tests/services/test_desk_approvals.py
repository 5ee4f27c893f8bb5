"""“With approval”: who is asked, what happens when they answer, and that it is never forgotten."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from record_practice import BILL, CARL, CORA, FAY, IDA, MAX, NED, SETTINGS, STAFF, Bench, a_practice, once, together

from pabot.domain import commands as c
from pabot.domain.cards import AuthorizationCard
from pabot.domain.errors import AlreadyDone, Invalid, NotAllowed, NotFound, NotNow, NotOnStaff, Stale
from pabot.domain.model import Channel, Role
from pabot.domain.practice import SaveMember
from pabot.domain.statuses import Outcome, Status

EVE = "U0EVE"
MANAGER = frozenset({Role.MANAGER})
WHY = "The family moved away."


@pytest.fixture
def practice(sqlite_url: str) -> Iterator[Bench]:
    with a_practice(sqlite_url) as bench:
        yield bench


@pytest.fixture
def either(database_url: str) -> Iterator[Bench]:
    """For what each database does in its own way."""
    with a_practice(database_url) as bench:
        yield bench


def ask(practice: Bench, command: c.Command, by: str = CORA, why: str = WHY, key: str = "") -> AuthorizationCard:
    return practice.desk.take_or_ask(command, why, actor=practice.member(by), key=key or once("ask"))


def withdrawal(number: int, **changed: object) -> c.Withdraw:
    return c.Withdraw(**{"number": number, "reason": "patient_declined", "note": "Called on Friday.", **changed})


def asked(practice: Bench, by: str = CORA, **changed: object) -> tuple[int, int]:
    """A request of which somebody asks the withdrawal; its number, and the approval's id."""
    number = practice.open(**changed).state.number
    (approval,) = ask(practice, withdrawal(number), by).approvals
    return number, approval.id


def approve(
    practice: Bench, approval_id: int, by: str = IDA, note: str = "", version: int | None = None, key: str = ""
) -> AuthorizationCard:
    member = practice.member(by)
    return practice.desk.approve_step(approval_id, note, version, actor=member, key=key or once("approve"))


def decline(practice: Bench, approval_id: int, by: str = IDA, note: str = "Call them first.") -> AuthorizationCard:
    return practice.desk.decline_step(approval_id, note, actor=practice.member(by), key=once("decline"))


def take_back(practice: Bench, approval_id: int, by: str = CORA) -> AuthorizationCard:
    return practice.desk.take_back_asked(approval_id, actor=practice.member(by), key=once("back"))


def card(practice: Bench, number: int, by: str = MAX) -> AuthorizationCard:
    return practice.desk.card(number, actor=practice.member(by))


def person(practice: Bench, user: str, **changed: object) -> None:
    known = {member.user_id: member for member in STAFF}.get(user)
    values = {
        "user_id": user,
        "name": known.name if known else "Eve Castellan",
        "roles": known.roles if known else MANAGER,
    }
    practice.desk.save_member(SaveMember(**{**values, **changed}), actor=None, key=once("staff"))


def told(practice: Bench, kind: str) -> list[str]:
    rows = practice.rows("SELECT recipient FROM message WHERE kind = :kind ORDER BY id", kind=kind)
    return [row["recipient"] for row in rows]


def waits_for(practice: Bench, number: int) -> str | None:
    (approval,) = card(practice, number).approvals
    return approval.asked_of


def events(practice: Bench, number: int) -> list[tuple[str, str]]:
    rows = practice.rows("SELECT kind, actor FROM event WHERE subject = :of ORDER BY seq", of=f"authorization:{number}")
    return [(row["kind"], row["actor"]) for row in rows]


def answers(practice: Bench, user: str = CORA) -> list[str]:
    """What became of what somebody asked, by the messages that tell it."""
    rows = practice.rows("SELECT subject FROM message WHERE kind = 'approval_answer' AND recipient = :to", to=user)
    found = [practice.desk.answered(int(row["subject"]), reader=practice.member(user)).approval for row in rows]
    return [approval.state.value for approval in found]


def test_asking_changes_nothing_of_the_request(practice: Bench) -> None:
    before = practice.open().state
    after = ask(practice, withdrawal(before.number))
    assert after.state == before
    (approval,) = after.approvals
    assert (approval.kind, approval.by, approval.asked_of, approval.why) == ("withdraw", CORA, IDA, WHY)
    assert approval.due_at == practice.clock.now() + timedelta(hours=4)
    assert approval.detail["note"] == "Called on Friday."
    assert told(practice, "approvals") == [IDA]
    assert events(practice, before.number)[-1] == ("ask_approval", CORA)


def test_approved_it_is_done_under_both_names(either: Bench) -> None:
    _, approval_id = asked(either)
    after = approve(either, approval_id, note="They told me too.")
    assert (after.state.status, after.state.outcome, after.approvals) == (Status.CLOSED, Outcome.WITHDRAWN, ())
    entry = after.timeline[0]
    assert (entry.kind, entry.by) == ("withdraw", "Cora Lindqvist")
    assert (entry.detail["approved_by"], entry.detail["approval_note"]) == (IDA, "They told me too.")
    assert answers(either) == ["approved"]


def test_declined_nothing_happened_and_whoever_asked_reads_why(practice: Bench) -> None:
    number, approval_id = asked(practice)
    after = decline(practice, approval_id, note="<!channel> Call them *first*.")
    assert (after.state.status, after.approvals) == (Status.NEW, ())
    assert answers(practice) == ["declined"]
    assert practice.desk.answered(approval_id, reader=practice.member(CORA)).approval.answer.startswith("<!channel>")
    ask(practice, withdrawal(number))  # it may be asked again
    assert waits_for(practice, number) == IDA


def test_declining_wants_a_reason(practice: Bench) -> None:
    _, approval_id = asked(practice)
    with pytest.raises(Invalid, match="Say why not"):
        decline(practice, approval_id, note="  ")


def test_whoever_asked_may_take_it_back_and_nobody_else(practice: Bench) -> None:
    number, approval_id = asked(practice)
    with pytest.raises(NotAllowed, match="Only Cora Lindqvist may take back"):
        take_back(practice, approval_id, CARL)
    assert take_back(practice, approval_id).approvals == ()
    with pytest.raises(AlreadyDone, match="Cora Lindqvist took this back"):
        approve(practice, approval_id)
    assert events(practice, number)[-1] == ("approval_taken_back", CORA)


def test_the_same_is_not_asked_twice(practice: Bench) -> None:
    number, _ = asked(practice)
    with pytest.raises(AlreadyDone, match=r"Cora Lindqvist asked for this already; Dr\. Ida Voss is asked"):
        ask(practice, withdrawal(number), CARL)
    with pytest.raises(AlreadyDone, match="asked for this already"):
        practice.desk.who_approves(number, "withdraw", actor=practice.member(CARL))


def test_a_form_sent_twice_asks_once(practice: Bench) -> None:
    number = practice.open().state.number
    first = ask(practice, withdrawal(number), key="form-1").approvals
    assert ask(practice, withdrawal(number), key="form-1").approvals == first


def test_of_two_who_ask_at_once_one_has_asked(either: Bench) -> None:
    with either.another() as elsewhere:
        for _ in range(3):
            number = either.open().state.number
            said = together(
                partial(ask, either, withdrawal(number), CORA), partial(ask, elsewhere, withdrawal(number), CARL)
            )
            assert len([one for one in said if isinstance(one, AuthorizationCard)]) == 1, said
            assert len([one for one in said if isinstance(one, AlreadyDone)]) == 1, said


def test_of_two_who_answer_at_once_one_has_answered(either: Bench) -> None:
    with either.another() as elsewhere:
        for _ in range(3):
            number, approval_id = asked(either)
            said = together(partial(approve, either, approval_id, IDA), partial(decline, elsewhere, approval_id, MAX))
            assert len([one for one in said if isinstance(one, AuthorizationCard)]) == 1, said
            assert len([one for one in said if isinstance(one, AlreadyDone)]) == 1, said
            kinds = [kind for kind, _ in events(either, number)]
            assert kinds.count("withdraw") + kinds.count("approval_declined") == 1


def test_pressed_twice_it_is_done_once(practice: Bench) -> None:
    number, approval_id = asked(practice)
    approve(practice, approval_id, key="press-1")
    assert approve(practice, approval_id, key="press-1").state.status is Status.CLOSED
    with pytest.raises(AlreadyDone, match=r"Dr\. Ida Voss approved this already"):
        approve(practice, approval_id, MAX)
    assert [kind for kind, _ in events(practice, number)].count("withdraw") == 1


def test_nobody_approves_what_they_asked_for(practice: Bench) -> None:
    _, approval_id = asked(practice)
    person(practice, CORA, roles=frozenset({Role.COORDINATOR, Role.MANAGER}))
    for answer in (approve, decline):
        with pytest.raises(NotAllowed, match=r"Nobody approves what they asked for themselves\. Ask Dr\. Ida Voss"):
            answer(practice, approval_id, CORA)
    assert approve(practice, approval_id, MAX).state.status is Status.CLOSED


@pytest.mark.parametrize("by", [CARL, BILL, FAY])
def test_only_a_holder_of_the_role_answers(practice: Bench, by: str) -> None:
    _, approval_id = asked(practice)
    for answer in (approve, decline):
        with pytest.raises(NotAllowed, match="Only a clinician or a manager may approve or decline this"):
            answer(practice, approval_id, by)


def test_a_role_removed_between_asking_and_approving_counts(practice: Bench) -> None:
    _, approval_id = asked(practice)
    person(practice, EVE)
    person(practice, MAX, roles=frozenset({Role.COORDINATOR}))
    with pytest.raises(NotAllowed, match="Only a clinician or a manager"):
        approve(practice, approval_id, MAX)
    person(practice, IDA, active=False)
    with pytest.raises(NotOnStaff):
        approve(practice, approval_id, IDA)
    assert approve(practice, approval_id, EVE).state.status is Status.CLOSED


@pytest.mark.parametrize("changed", [{"active": False}, {"roles": frozenset({Role.VIEWER})}])
def test_whoever_asked_must_still_be_allowed_to_ask(practice: Bench, changed: dict[str, object]) -> None:
    number, approval_id = asked(practice)
    person(practice, CORA, **changed)
    with pytest.raises(NotNow, match="It cannot be done any more, and Cora Lindqvist is told so"):
        approve(practice, approval_id)
    assert card(practice, number).state.status is Status.NEW
    assert card(practice, number).approvals == ()
    assert events(practice, number)[-1] == ("approval_overtaken", IDA)


def test_a_request_that_moved_on_closes_the_asking_in_the_same_save(practice: Bench) -> None:
    number, approval_id = asked(practice)
    practice.step(MAX, c.Withdraw(number=number, reason="duplicate"))
    assert card(practice, number).approvals == ()
    assert answers(practice) == ["overtaken"]
    with pytest.raises(AlreadyDone, match="cannot be done any more"):
        approve(practice, approval_id)


def test_what_stands_against_the_step_by_now_is_told_to_both(practice: Bench) -> None:
    """The payer has it meanwhile, and must be told first."""
    number, approval_id = asked(practice)
    practice.step(CORA, c.MarkReady(number=number))
    practice.step(CORA, c.Submit(number=number, channel=Channel.FAX, submitted_at=practice.clock.now()))
    assert card(practice, number).approvals
    with pytest.raises(NotNow, match="The payer has this request"):
        approve(practice, approval_id)
    assert (card(practice, number).state.status, answers(practice)) == (Status.SUBMITTED, ["overtaken"])


def test_a_denial_that_came_meanwhile_is_a_clinician_s(practice: Bench) -> None:
    state = practice.pending().state
    assert ask(practice, withdrawal(state.number, payer_told=True)).approvals
    now = practice.clock.now()
    denial = c.RecordDenial(
        number=state.number, reason="not_medically_necessary", notice_on=now.date(), received_at=now
    )
    practice.step(CORA, denial)
    assert (card(practice, state.number).approvals, answers(practice)) == ((), ["overtaken"])
    assert card(practice, state.number).state.outcome is Outcome.DENIED


def test_the_approver_answers_what_they_looked_at(practice: Bench) -> None:
    number, approval_id = asked(practice)
    seen = card(practice, number).state.version
    practice.step(CORA, c.MarkReady(number=number))
    with pytest.raises(Stale, match="Nothing was saved"):
        approve(practice, approval_id, version=seen)
    assert approve(practice, approval_id, version=card(practice, number).state.version).state.status is Status.CLOSED


def test_what_cannot_be_done_is_not_asked_for(practice: Bench) -> None:
    number = practice.pending().state.number
    with pytest.raises(Invalid, match="The payer has this request"):
        ask(practice, withdrawal(number))
    with pytest.raises(Stale):
        ask(practice, withdrawal(number, payer_told=True, version=1))
    assert card(practice, number).approvals == ()
    with pytest.raises(NotAllowed, match="Only"):
        ask(practice, c.WaiveUpdate(number=number, reason="x"))
    with pytest.raises(NotAllowed):
        ask(practice, withdrawal(number), FAY)


def test_who_may_do_it_alone_asks_nobody(practice: Bench) -> None:
    number = practice.open().state.number
    assert ask(practice, withdrawal(number), MAX).state.status is Status.CLOSED


@pytest.mark.parametrize(
    ("setting", "by", "command"),
    [
        ("coordinators_submit", CORA, lambda number, at: c.Submit(number=number, channel=Channel.FAX, submitted_at=at)),
        ("coordinators_withdraw_before_submission", CORA, lambda number, at: withdrawal(number)),
    ],
)
def test_a_setting_decides_whether_it_is_asked(practice: Bench, setting: str, by: str, command: object) -> None:
    for lets in (True, False):
        settings = replace(SETTINGS, **{setting: lets})
        practice.desk.save_settings(settings, actor=practice.member(MAX), key=once("settings"))
        number = practice.open().state.number
        practice.step(CORA, c.MarkReady(number=number))
        after = ask(practice, command(number, practice.clock.now()), by)
        assert (after.approvals == ()) is lets
        assert (after.state.status is Status.READY) is not lets


def test_a_reopening_is_asked_of_a_manager(practice: Bench) -> None:
    number = practice.open().state.number
    practice.step(MAX, withdrawal(number))
    again = c.Reopen(number=number, reason="They are back.", to=Status.REQ_CHECK)
    (approval,) = ask(practice, again).approvals
    assert approval.asked_of == MAX
    with pytest.raises(NotAllowed, match="Only a manager"):
        approve(practice, approval.id, IDA)
    assert approve(practice, approval.id, MAX).state.status is Status.REQ_CHECK


def test_several_for_one_person_are_one_message(either: Bench) -> None:
    for _ in range(3):
        asked(either)
        either.clock.forward(minutes=5)
    rows = either.rows("SELECT subject FROM message WHERE kind = 'approvals' AND recipient = :ida ORDER BY id", ida=IDA)
    lists = [either.desk.asked_list(either.member(IDA), row["subject"]) for row in rows]
    assert [each.is_newest for each in lists] == [False, False, True]
    assert (len(lists[-1].items), lists[-1].total) == (3, 3)
    assert len(either.desk.home(actor=either.member(IDA)).approvals) == 3


def test_unanswered_it_goes_on_after_four_business_hours(either: Bench) -> None:
    person(either, EVE)
    number, approval_id = asked(either)
    either.clock.forward(hours=3, minutes=59)
    assert either.desk.keep_approvals() == 0
    either.clock.forward(minutes=1)
    for expected in (EVE, MAX):  # the responsible clinician was asked, now the managers by name
        assert either.desk.keep_approvals() == 1
        assert either.desk.keep_approvals() == 0
        assert waits_for(either, number) == expected
        either.clock.set(card(either, number).approvals[0].due_at)
    assert either.desk.keep_approvals() == 1
    assert waits_for(either, number) is None  # all were asked
    assert either.desk.keep_approvals() == 0
    assert {MAX, EVE} <= set(told(either, "overdue_manager"))
    day = either.desk.calendar().day(either.clock.now())
    assert [each.approval.id for each in either.desk.overdue_for_managers(day).approvals] == [approval_id]
    since = either.rows("SELECT subject FROM message WHERE kind = 'approvals' AND recipient = :ida", ida=IDA)[0][
        "subject"
    ]
    earlier = either.desk.asked_list(either.member(IDA), since)
    assert (earlier.items, len(earlier.left)) == ((), 1)
    assert approve(either, approval_id, IDA).state.status is Status.CLOSED  # who was passed over may still answer


def test_two_workers_ask_the_next_once(either: Bench) -> None:
    person(either, EVE)
    number, _ = asked(either)
    either.clock.forward(hours=4)
    with either.another() as elsewhere:
        together(either.desk.keep_approvals, elsewhere.desk.keep_approvals)
    assert waits_for(either, number) == EVE
    assert len(either.rows("SELECT * FROM approval_round")) == 2
    assert told(either, "approvals") == [IDA, EVE]


def test_it_is_counted_in_open_hours(practice: Bench) -> None:
    practice.clock.forward(hours=6)  # 4 PM
    number, _ = asked(practice)
    due = card(practice, number).approvals[0].due_at
    assert due == practice.clock.now() + timedelta(hours=19)  # one hour today, three tomorrow from eight on


@pytest.mark.parametrize(
    "changed", [{"active": False}, {"roles": frozenset({Role.BILLER})}, {"away": True, "cover_id": NED}]
)
def test_whoever_is_asked_and_goes_is_followed_by_the_next(practice: Bench, changed: dict[str, object]) -> None:
    number, _ = asked(practice)
    person(practice, IDA, **changed)
    assert practice.desk.keep_approvals() == 1
    assert waits_for(practice, number) == NED  # who answers for her
    assert practice.desk.keep_approvals() == 0


def test_whoever_is_away_is_not_asked(practice: Bench) -> None:
    person(practice, IDA, away=True, cover_id=NED)
    number, _ = asked(practice)
    assert waits_for(practice, number) == NED


def test_where_nobody_is_left_to_ask_it_waits_for_whoever_comes(practice: Bench) -> None:
    number = practice.open().state.number
    practice.step(MAX, withdrawal(number))
    ask(practice, c.Reopen(number=number, reason="They are back.", to=Status.REQ_CHECK))
    practice.clock.forward(hours=4)
    practice.desk.keep_approvals()
    assert waits_for(practice, number) is None
    person(practice, EVE)
    assert practice.desk.keep_approvals() == 1
    assert waits_for(practice, number) == EVE


def test_an_asker_who_left_is_found_by_the_clock(practice: Bench) -> None:
    number, _ = asked(practice)
    person(practice, CORA, active=False)
    assert practice.desk.keep_approvals() == 1
    assert card(practice, number).approvals == ()


def test_what_does_not_exist_is_answered_by_nobody(practice: Bench) -> None:
    for answer in (approve, decline, take_back):
        with pytest.raises(NotFound):
            answer(practice, 4711, MAX)


def test_what_was_typed_is_sealed(practice: Bench) -> None:
    asked(practice)
    row = practice.rows("SELECT * FROM approval")[0]
    assert not any(word in str(value) for value in row.values() for word in ("moved away", "Friday", "declined"))


def test_an_asking_is_no_entry_to_take_back(practice: Bench) -> None:
    number, _ = asked(practice)
    assert card(practice, number, CORA).correctable is None
