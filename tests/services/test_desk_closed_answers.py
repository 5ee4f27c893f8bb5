"""A patient calls about a closed request, and a doctor answers: the answer is one person's to pass on, always."""

from dataclasses import replace
from datetime import timedelta

import pytest
from record_practice import BILL, CARL, CORA, FAY, IDA, MAX, NED, SETTINGS, Bench, once, tamper

from pabot.domain import commands as c
from pabot.domain.absences import GoAway
from pabot.domain.commands_patient import AnswerCall, HandOverCall, PassOn, RecordPatientCall
from pabot.domain.happenings import Asked, Caller
from pabot.domain.model import Role
from pabot.domain.practice import SaveMember


def ruled(practice: Bench, owner: str | None) -> None:
    """The practice's own rule says who has this payer's requests; opened before it was made, they had nobody."""
    rules = ((practice.desk.plans("Northwind")[0].payer_id, owner),) if owner else ()
    settings = replace(SETTINGS, payer_owners=rules)
    practice.desk.save_settings(settings, actor=practice.member(MAX), key=once("settings"))


def leaves(practice: Bench, user: str, **changed: object) -> None:
    member = practice.member(user)
    left = SaveMember(user, member.name, member.roles, active=False)
    practice.desk.save_member(replace(left, **changed), actor=practice.member(MAX), key=once("staff"))  # type: ignore[arg-type]


def closed(practice: Bench, opener: str) -> int:
    """A doctor's own has no owner here: nobody claimed it before it was withdrawn."""
    number = practice.open(by=opener).state.number
    practice.step(NED, c.Withdraw(number=number, reason="plan_changed", payer_told=True))
    return number


def called(practice: Bench, number: int) -> None:
    at = practice.clock.now()
    said = RecordPatientCall(number=number, at=at, caller=Caller.PATIENT, asked=Asked.WORRY, said="It bleeds again")
    practice.step(FAY, said)
    if practice.desk.card(number, actor=practice.member(MAX)).state.open_calls[-1].asked_of != NED:
        practice.step(NED, HandOverCall(number=number, to=NED))


def answered(practice: Bench, number: int) -> None:
    practice.step(NED, AnswerCall(number=number, answer="Please come in today."))


def who_has_it(practice: Bench, number: int) -> set[str]:
    """Of those who are here, by the alarms, Home and /pa mine; card and digest name one owner."""
    practice.clock.forward(hours=2)
    practice.desk.raise_alarms()
    card = practice.desk.card(number, actor=practice.member(MAX))
    (digest,) = practice.desk.digest().breaches
    late = practice.rows("SELECT DISTINCT recipient FROM message WHERE kind = 'overdue_owner'")
    staff = [practice.member(user) for user in (CORA, CARL, BILL, IDA, NED, MAX)]
    people = [one for one in staff if one.active and not one.away]
    mine = {one.user_id for one in people if number in lines(practice.desk.mine(actor=one))}
    home = {one.user_id for one in people if number in lines(practice.desk.home(actor=one).mine)}
    assert mine == home == {row["recipient"] for row in late}
    assert card.state.owner_id is not None
    assert digest.waits_for == practice.member(card.state.owner_id).name
    return mine


def lines(page: object) -> set[int]:
    return {line.number for line in page.lines}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("opener", "gone", "rule", "has_it"),
    [
        (CORA, {}, None, CORA),
        (IDA, {}, None, IDA),  # it had no owner: who opened it
        (IDA, {}, CARL, IDA),
        (IDA, {IDA: {}}, CARL, CARL),  # by the rule that gives a request without an owner to somebody
        (IDA, {IDA: {}}, None, MAX),  # nobody else: a manager
        (CORA, {CORA: {"cover_id": BILL}}, CARL, BILL),
        (CORA, {CORA: {}}, CARL, CARL),
        (CORA, {CORA: {"active": True, "roles": frozenset({Role.VIEWER})}}, CARL, CARL),
        (CORA, {CORA: {}}, None, MAX),
    ],
)
@pytest.mark.parametrize("when", ["before the call", "before the answer", "after it"])
def test_an_answer_on_a_closed_request_is_somebody_s(
    practice: Bench, opener: str, gone: dict[str, dict[str, object]], rule: str | None, has_it: str, when: str
) -> None:
    number = closed(practice, opener)
    ruled(practice, rule)
    story = {"before the call": called, "before the answer": answered}
    for moment in ("before the call", "before the answer", "after it"):
        if moment == when:
            for user, how in gone.items():
                leaves(practice, user, **how)
        if moment in story:
            story[moment](practice, number)
    assert who_has_it(practice, number) == {has_it}
    practice.step(MAX, PassOn(number=number))
    assert practice.desk.digest().breaches == ()


def test_whoever_has_it_from_now_on_reads_so(practice: Bench) -> None:
    number = closed(practice, CORA)
    ruled(practice, CARL)
    leaves(practice, CORA)
    called(practice, number)
    rows = practice.rows("SELECT recipient FROM message WHERE kind = 'assigned'")
    assert [row["recipient"] for row in rows] == [CARL]
    answered(practice, number)
    rows = practice.rows("SELECT recipient FROM message WHERE kind = 'call_answered'")
    assert [row["recipient"] for row in rows] == [CARL]
    kinds = [entry.kind for entry in practice.desk.card(number, actor=practice.member(MAX)).timeline]
    assert kinds.count("assign") == 1


def test_whoever_covers_reads_of_it_in_the_hand_over(practice: Bench) -> None:
    number, other = closed(practice, CORA), closed(practice, CORA)
    called(practice, number)
    answered(practice, number)
    today = practice.desk.calendar().day(practice.clock.now())
    away = practice.desk.go_away(GoAway(CORA, today, None, (CARL,)), actor=practice.member(CORA), key=once("away"))
    over = practice.desk.hand_over(away.id, cover=CARL)
    assert [item.line.number for item in over.due_today] == [number]
    assert other not in lines(over)
    assert who_has_it(practice, number) == {CARL}
    practice.step(CARL, PassOn(number=number))
    assert practice.desk.hand_over(away.id, cover=CARL).lines == ()


def test_a_call_that_comes_while_its_owner_is_away_is_the_cover_s(practice: Bench) -> None:
    number = closed(practice, CORA)
    today = practice.desk.calendar().day(practice.clock.now())
    away = GoAway(CORA, today, today + timedelta(days=30), (CARL,))
    practice.desk.go_away(away, actor=practice.member(CORA), key=once("away"))
    called(practice, number)
    answered(practice, number)
    rows = practice.rows("SELECT recipient FROM message WHERE kind = 'call_answered'")
    assert [row["recipient"] for row in rows] == [CARL]
    assert who_has_it(practice, number) == {CARL}


def test_the_auditor_gives_it_to_somebody_where_a_record_has_nobody(practice: Bench) -> None:
    number = closed(practice, CORA)
    called(practice, number)
    answered(practice, number)
    tamper(practice.url, 'UPDATE "authorization" SET owner_id = NULL WHERE number = ?', number)
    assert practice.desk.audit() == 0
    assert who_has_it(practice, number) == {CORA}
