"""Denials, appeals, calls, cuts, withdrawals: what becomes of them, who is asked and who is told."""

from dataclasses import replace
from datetime import date

import pytest
from domain_practice import BILL, COLE, CORA, DEAN, DORA, MARA, Story, Told, rules

from pabot.domain import commands as c
from pabot.domain.deadlines import Clock, running
from pabot.domain.errors import AlreadyDone, NotAllowed, NotNow
from pabot.domain.model import Decision, DenialClass, Member
from pabot.domain.next_steps import needed, waits_for
from pabot.domain.review import Matter, asked
from pabot.domain.statuses import Outcome, PendingKind, Status
from pabot.domain.steps import NoticeKind

S = Status


def notices(story: Story) -> list[tuple[NoticeKind, str]]:
    assert story.change is not None
    return [(notice.kind, notice.to) for notice in story.change.notices]


# Hard days


@pytest.mark.parametrize("first", Decision)
@pytest.mark.parametrize("then", Decision)
def test_a_decision_is_changed_until_it_is_carried_out(first: Decision, then: Decision) -> None:
    story = Story().pending().deny().decide(first).does(DORA, c.ChangeDecision)
    assert (story.state.status, story.state.undecided_denial is not None) == (S.CLINICAL_REVIEW, True)
    assert waits_for(story.state) == DORA.user_id
    assert {kind for kind, _ in notices(story)} == {NoticeKind.INSTRUCTION, NoticeKind.DECISION}
    assert Clock.APPEAL_READY in {clock.kind for clock in running(story.state, story.book)}
    straight, changed = Story().pending().deny().decide(then), story.decide(then)
    for name in ("status", "rounds", "outcome", "return_status"):
        assert getattr(changed.state, name) == getattr(straight.state, name)


@pytest.mark.parametrize("first", Decision)
@pytest.mark.parametrize("then", Decision)
@pytest.mark.parametrize("answered", ["before it is decided anew", "after"])
def test_a_decision_is_changed_while_another_doctor_is_asked(first: Decision, then: Decision, answered: str) -> None:
    """The question goes on waiting for whom it was asked of, and what is decided in the end stands as if at once."""
    story = Story().pending().deny().decide(first).ask(to=DEAN.user_id).does(DORA, c.ChangeDecision)
    assert dict(asked(story.state)) == {Matter.QUESTION: DEAN.user_id, Matter.DENIAL: DORA.user_id}
    assert {Clock.ACCEPTANCE, Clock.APPEAL_READY} <= {clock.kind for clock in running(story.state, story.book)}
    changed = story.decide(then).answer(DEAN) if answered == "after" else story.answer(DEAN).decide(then)
    straight = Story().pending().deny().decide(then)
    for name in ("status", "rounds", "outcome", "stage"):
        assert getattr(changed.state, name) == getattr(straight.state, name)


@pytest.mark.parametrize(
    "told",
    [
        lambda s: s.decide(Decision.APPEAL).appeal(),
        lambda s: s.decide(Decision.P2P).book_call(),
        lambda s: s.decide(Decision.RESUBMIT).submit(),
        lambda s: s.decide(Decision.ACCEPT).tell(),
        lambda s: s,  # not decided yet
        lambda s: s.decide(Decision.APPEAL).withdraw(),
    ],
    ids=["filed", "booked", "sent", "told", "undecided", "withdrawn"],
)
def test_what_is_carried_out_is_not_changed_any_more(told: Told) -> None:
    story = told(Story().pending().deny())
    assert "change_decision" not in story.offers(DORA)
    with pytest.raises((NotNow, AlreadyDone)):
        story.does(DORA, c.ChangeDecision)


FRIDAY = date(2026, 6, 5)
WITH_COVER = (CORA, replace(DORA, cover_id=DEAN.user_id), DEAN, BILL, MARA)


@pytest.mark.parametrize(
    ("people", "typed", "told"),
    [
        (WITH_COVER, {"p2p_by": FRIDAY}, [DEAN, MARA]),
        (WITH_COVER, {"p2p_by": date(2026, 6, 7)}, [DEAN, MARA]),  # a Sunday: met on Friday
        (WITH_COVER, {"appeal_by": FRIDAY}, [DEAN, MARA]),
        (WITH_COVER, {"p2p_by": date(2026, 6, 8)}, []),  # she is here again on Monday
        (WITH_COVER, {}, []),
        ((CORA, DORA, DEAN), {"p2p_by": FRIDAY}, []),  # nobody covers
        (
            (CORA, replace(DORA, cover_id=MARA.user_id), MARA),
            {"p2p_by": FRIDAY},
            [MARA],
        ),  # as a manager: a cover without a licence
    ],
)
def test_cover_and_managers_know_of_a_window_that_closes_before_the_next_open_day(
    people: tuple[Member, ...], typed: dict[str, date], told: list[Member]
) -> None:
    story = Story(book=rules(*people)).pending().wait_until("2026-06-05 16:40").deny(notice_on=FRIDAY, **typed)
    closing = [to for kind, to in notices(story) if kind is NoticeKind.CLOSING]
    assert closing == [member.user_id for member in told]
    assert (NoticeKind.DECISION, DORA.user_id) in notices(story)


def test_only_who_may_decide_may_change_it() -> None:
    clinical = Story().pending().deny().decide(Decision.APPEAL)
    assert {who.user_id for who in (CORA, BILL, DORA, MARA) if "change_decision" in clinical.offers(who)} == {
        DORA.user_id
    }
    administrative = Story().pending().deny(reason="missing_docs").decide(Decision.RESUBMIT, BILL)
    assert "change_decision" in administrative.offers(BILL)
    with pytest.raises(NotAllowed, match="Only a clinician may decide"):
        clinical.does(CORA, c.ChangeDecision)


def test_a_denial_goes_to_the_ordering_clinician_in_the_same_save() -> None:
    story = Story().pending().deny()
    assert story.state.denial is not None
    assert story.state.denial.routed_to == DORA.user_id
    assert notices(story) == [(NoticeKind.DECISION, DORA.user_id)]
    assert waits_for(story.state) == DORA.user_id
    assert needed(story.state) == "Decide what to do about the denial"


@pytest.mark.parametrize(
    ("reason", "denial_class", "to"),
    [
        ("missing_docs", DenialClass.ADMINISTRATIVE, BILL),
        ("wrong_code", DenialClass.ADMINISTRATIVE, BILL),
        ("benefit_exclusion", DenialClass.BENEFIT, DORA),
        ("other", DenialClass.CLINICAL, DORA),
    ],
)
def test_the_reason_decides_who_gets_it(reason: str, denial_class: DenialClass, to: Member) -> None:
    denial = Story().pending().deny(reason=reason).state.denial
    assert denial is not None
    assert (denial.denial_class, denial.routed_to) == (denial_class, to.user_id)


@pytest.mark.parametrize(
    ("people", "to"),
    [
        ((CORA, DORA), DORA),  # no biller: the clinician
        ((CORA, DORA, replace(BILL, away=True)), DORA),
        ((CORA, replace(DORA, away=True, cover_id=DEAN.user_id), DEAN), DEAN),
        ((CORA, replace(DORA, away=True), DEAN, MARA), DEAN),  # a manager is no cover for a licence
    ],
)
def test_somebody_away_is_covered_by_somebody_licensed(people: tuple[Member, ...], to: Member) -> None:
    denial = Story(book=rules(*people)).pending().deny(reason="missing_docs").state.denial
    assert denial is not None
    assert denial.routed_to == to.user_id


def test_a_partial_approval_asks_the_clinician_about_the_cut_lines() -> None:
    story = Story().pending().partly()
    assert (story.state.status, story.state.outcome) == (S.CLINICAL_REVIEW, Outcome.PARTIAL)
    assert [(line.approved, line.units_approved) for line in story.state.lines] == [(True, 1), (False, 0)]
    assert story.state.denial is not None
    assert (story.state.denial.lines, story.state.denial.routed_to) == ("2", DORA.user_id)
    story.decide(Decision.ACCEPT)
    assert (story.state.status, needed(story.state)) == (S.APPROVED, "Tell the patient what was approved")
    story.tell(and_close=True)
    assert (story.state.status, story.state.outcome) == (S.CLOSED, Outcome.PARTIAL)


def test_fewer_units_are_a_cut_too() -> None:
    denial = Story().pending().approve(approved=((1, 1), (2, 1))).state.denial
    assert denial is not None
    assert denial.lines == "2"


def test_an_upheld_appeal_is_a_new_denial_of_the_next_level() -> None:
    story = Story().commercial().pending().deny().tell().decide(Decision.APPEAL)
    assert notices(story) == [(NoticeKind.INSTRUCTION, CORA.user_id)]
    assert (waits_for(story.state), needed(story.state)) == (CORA.user_id, "File the appeal")
    story.appeal(reference="AP-1")
    assert story.state.pending_kind is PendingKind.APPEAL
    assert needed(story.state) == "Follow up on the appeal"
    story.deny()
    assert story.state.appeal is not None
    assert story.state.appeal.outcome is Outcome.DENIED
    assert story.state.denial is not None
    assert (story.state.denial.level, story.state.denial.decision) == (2, None)
    assert not story.state.patient_knows
    story.decide(Decision.APPEAL).appeal().approve()
    assert story.state.appeal is not None
    assert (story.state.appeal.level, story.state.appeal.outcome) == (2, Outcome.APPROVED)


def test_a_call_that_changes_nothing_is_upheld_and_a_new_denial() -> None:
    story = Story().pending().deny().decide(Decision.P2P).book_call()
    assert needed(story.state) == "Record what came of the peer-to-peer call"
    first = story.state.denial
    story.deny()
    assert story.state.peer_to_peer is not None
    assert story.state.peer_to_peer.outcome == "upheld"
    assert story.state.denial is not None
    assert first is not None
    assert story.state.denial.id != first.id
    assert story.state.denial.decision is None


def test_a_call_that_wins_is_overturned() -> None:
    call = Story().pending().deny().decide(Decision.P2P).book_call().approve().state.peer_to_peer
    assert call is not None
    assert call.outcome == "overturned"


def test_a_won_appeal_is_not_filed_again() -> None:
    story = Story().pending().deny().decide(Decision.APPEAL).appeal().approve().tell()
    assert "file_appeal" not in story.offers(CORA)
    with pytest.raises(NotNow):
        story.appeal()


@pytest.mark.parametrize(
    "told",
    [
        lambda s: s.ask(),
        lambda s: s.pending().payer_asks(clinical=True),
        lambda s: s.pending().deny(),
        lambda s: s.pending().deny().decide(Decision.APPEAL).appeal(),
        lambda s: s.pending().deny().decide(Decision.P2P).book_call(),
        lambda s: s.pending().partly(),
    ],
)
def test_a_withdrawal_leaves_nothing_open(told: Told) -> None:
    state = told(Story()).withdraw().state
    assert (state.status, state.outcome, state.close_reason) == (S.CLOSED, Outcome.WITHDRAWN, "patient_declined")
    left = (
        state.open_question,
        state.open_information_request,
        state.open_appeal,
        state.open_peer_to_peer,
        state.undecided_denial,
    )
    assert left == (None, None, None, None, None)
    assert waits_for(state) is None


def test_a_duplicate_is_closed_as_one() -> None:
    assert Story().withdraw(reason="duplicate").state.outcome is Outcome.DUPLICATE


def test_a_resubmission_is_a_new_round_and_the_patient_is_still_to_be_told() -> None:
    story = Story().pending().deny().decide(Decision.RESUBMIT)
    assert story.state.rounds == 2
    story.submit()
    assert (story.state.outcome, story.state.pending_kind) == (Outcome.DENIED, PendingKind.INITIAL)
    assert Clock.PATIENT_TOLD in {clock.kind for clock in running(story.state, rules())}
    assert story.state.acknowledged_at is None


def test_reopening_forgets_the_ending() -> None:
    story = Story().pending().approve().tell(and_close=True).does(DORA, c.Reopen, reason="wrong chair")
    assert (story.state.outcome, story.state.closed_at, story.state.close_reason) == (None, None, "")
    assert story.state.is_open


def test_taking_a_request_makes_it_yours_and_sending_it_too() -> None:
    assert Story().does(COLE, c.Claim).state.owner_id == COLE.user_id
    assert Story().ready(BILL).state.owner_id == BILL.user_id


def test_asking_for_more_tells_the_owner() -> None:
    story = Story().pending().deny().does(DORA, c.AskForMore, need="gait study")
    assert notices(story) == [(NoticeKind.NEED, CORA.user_id)]


def test_an_answer_is_read_by_the_owner() -> None:
    story = Story().ready().ask(COLE)
    assert notices(story) == [(NoticeKind.QUESTION, DORA.user_id)]
    assert notices(story.answer()) == [(NoticeKind.ANSWERED, CORA.user_id)]


def test_handing_over_tells_the_new_owner_but_not_oneself() -> None:
    story = Story().pending().does(MARA, c.Assign, owner_id=COLE.user_id)
    assert notices(story) == [(NoticeKind.ASSIGNED, COLE.user_id)]
    assert notices(story.does(MARA, c.Assign, owner_id=MARA.user_id)) == []


def test_only_the_first_of_several_steps_carries_the_words() -> None:
    change = Story().pending().deny(reason_text="criteria 4 not met").change
    assert change is not None
    assert [bool(step.detail) for step in change.steps] == [True, False]
    assert change.steps[0].detail["text"] == "criteria 4 not met"


def test_an_approval_without_a_number_needs_its_reason_and_dates_may_be_missing() -> None:
    story = (
        Story()
        .pending()
        .approve(
            authorization_number="",
            no_number_reason="plan issues none",
            effective_on=None,
            expires_on=None,
            dates_not_stated=True,
        )
    )
    assert story.state.status is S.APPROVED
