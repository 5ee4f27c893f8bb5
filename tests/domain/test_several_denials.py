"""Letters about some lines only, and further letters while the first is to be answered."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from domain_practice import BILL, CORA, DORA, REQUEST, THREE, Story, Told, clocks, denial_of, sent

from pabot.domain import commands as c
from pabot.domain.commands_review import AcceptReview, ReturnReview
from pabot.domain.deadlines import Clock
from pabot.domain.errors import Invalid, NotNow
from pabot.domain.model import Decision, DenialClass
from pabot.domain.next_steps import needed, waits_for
from pabot.domain.statuses import Outcome, Status
from pabot.domain.steps import NoticeKind

S = Status
A, B, C = DenialClass.ADMINISTRATIVE, DenialClass.BENEFIT, DenialClass.CLINICAL


def open_lines(story: Story) -> str:
    return " ".join(str(line.seq) for line in story.state.awaited_lines)


def notices(story: Story) -> list[tuple[NoticeKind, str]]:
    assert story.change is not None
    return [(one.kind, one.to) for one in story.change.notices]


# Letters on some lines


def test_a_letter_on_one_line_is_judged_beside_the_request_which_stays_with_the_payer() -> None:
    story = sent().deny(lines=(2,))
    state = story.state
    assert (state.status, state.stage, state.outcome) == (S.CLINICAL_REVIEW, S.PENDING, Outcome.DENIED)
    assert (denial_of(story).lines, denial_of(story).routed_to, open_lines(story)) == ("2", DORA.user_id, "1 3")
    assert [line.approved for line in state.lines] == [None, False, None]
    found = set(clocks(state, story.book))
    assert {Clock.FOLLOW_UP, Clock.PAYER_RESPONSE, Clock.APPEAL_WINDOW, Clock.APPEAL_READY, Clock.PATIENT_TOLD} <= found
    assert {"record_approval", "record_denial", "log_contact"} <= story.offers(CORA)
    story.decide(Decision.ACCEPT)
    assert (story.state.status, needed(story.state)) == (S.PENDING, "Follow up with the payer")
    story.tell()
    assert "close" not in story.offers(CORA)
    assert Clock.FOLLOW_UP in clocks(story.state, story.book)


def test_a_letter_on_a_line_proves_that_the_payer_has_what_was_sent() -> None:
    story = Story(replace(REQUEST, lines=THREE)).ready().submit().deny(lines=(1,))
    assert (story.state.stage, story.state.acknowledged_at) == (S.PENDING, story.now)
    assert Clock.ACKNOWLEDGEMENT not in clocks(story.state)


WHOLE = [(), (1, 2, 3)]


@pytest.mark.parametrize("lines", WHOLE)
def test_a_letter_on_all_lines_denies_the_request(lines: tuple[int, ...]) -> None:
    story = sent().deny(lines=lines)
    assert (story.state.stage, denial_of(story).lines, open_lines(story)) == (S.DENIED, "", "")
    assert [line.approved for line in story.state.lines] == [None] * 3


def test_a_line_that_is_not_there_cannot_be_denied() -> None:
    with pytest.raises(Invalid) as wrong:
        sent().deny(lines=(4,))
    assert set(wrong.value.fields) == {"lines_1"}


# What was done about the denial of line 2 before the payer approved the rest; where the request stands then.
APPROVED_LATER: list[tuple[str, Told, Status, Status, Decision | None]] = [
    ("nobody decided yet", lambda s: s, S.CLINICAL_REVIEW, S.APPROVED, None),
    ("it was accepted", lambda s: s.decide(Decision.ACCEPT), S.APPROVED, S.APPROVED, Decision.ACCEPT),
    ("to be appealed", lambda s: s.decide(Decision.APPEAL), S.CLINICAL_REVIEW, S.APPROVED, Decision.APPEAL),
    ("appealed", lambda s: s.decide(Decision.APPEAL).argue().appeal(), S.PENDING, S.PENDING, Decision.APPEAL),
    ("a call is booked", lambda s: s.decide(Decision.P2P).book_call(), S.PENDING, S.PENDING, Decision.P2P),
    (
        "it came back unjudged",
        lambda s: s.does(DORA, ReturnReview, reason="cannot_judge", words="the study"),
        S.APPROVED,
        S.APPROVED,
        None,
    ),
]


@pytest.mark.parametrize(
    ("before", "status", "stage", "decision"),
    [row[1:] for row in APPROVED_LATER],
    ids=[row[0] for row in APPROVED_LATER],
)
@pytest.mark.parametrize("typed", [{"rest": True}, {"approved": ((1, 1), (3, 1))}], ids=["the rest", "line by line"])
def test_when_the_rest_is_approved_nothing_is_denied_again(
    before: Told, status: Status, stage: Status, decision: Decision | None, typed: dict[str, Any]
) -> None:
    story = before(sent().deny(lines=(2,)))
    first = denial_of(story).id
    story.approve(**typed)
    state = story.state
    assert (state.status, state.stage, state.outcome) == (status, stage, Outcome.PARTIAL)
    assert (denial_of(story).id, denial_of(story).lines, denial_of(story).decision) == (first, "2", decision)
    assert [line.approved for line in state.lines] == [True, False, True]
    assert not state.patient_knows
    contests = (state.open_appeal, state.open_peer_to_peer)
    assert (any(contests), Clock.FOLLOW_UP in clocks(state, story.book)) == (stage is S.PENDING,) * 2


def test_what_is_cut_of_the_rest_joins_the_denial_that_waits() -> None:
    story = sent().deny(lines=(2,)).approve(approved=((1, 1),), cut_reason="wrong_code", cut_reason_text="bundled")
    state = story.state
    assert (state.status, state.stage, state.outcome) == (S.CLINICAL_REVIEW, S.APPROVED, Outcome.PARTIAL)
    assert (denial_of(story).lines, denial_of(story).reason) == ("2 3", "not_medically_necessary")
    assert denial_of(story).reason_text == "Also denied, E2361: Code or units wrong. bundled"


def test_what_is_cut_of_the_rest_after_the_decision_is_a_denial_of_its_own() -> None:
    story = sent().deny(lines=(2,)).decide(Decision.ACCEPT).approve(approved=((1, 1),))
    assert (denial_of(story).lines, denial_of(story).decision, denial_of(story).level) == ("3", None, 1)
    assert story.state.status is S.CLINICAL_REVIEW


def test_an_approval_of_everything_ends_the_denial_that_waited() -> None:
    story = sent().deny(lines=(2,)).approve()
    assert (story.state.status, story.state.outcome) == (S.APPROVED, Outcome.APPROVED)
    assert story.state.undecided_denial is None
    assert not {Clock.APPEAL_WINDOW, Clock.APPEAL_READY, Clock.ACCEPTANCE} & set(clocks(story.state, story.book))
    assert story.tell(and_close=True).state.status is S.CLOSED


def test_nothing_is_left_to_approve_where_all_was_decided() -> None:
    with pytest.raises(Invalid, match="decided every line already"):
        sent().approve(rest=True)


def test_an_upheld_appeal_leaves_the_rest_with_the_payer() -> None:
    story = sent().deny(lines=(2,)).decide(Decision.APPEAL).argue().appeal().deny(lines=(2,))
    assert (denial_of(story).level, denial_of(story).lines, open_lines(story)) == (2, "2", "1 3")
    assert (story.state.status, story.state.stage) == (S.CLINICAL_REVIEW, S.PENDING)
    assert clocks(story.state, story.book)[Clock.PAYER_RESPONSE].why.startswith("payer's standard window")
    assert Clock.FOLLOW_UP in clocks(story.state, story.book)
    upheld = sent().deny(lines=(2,)).decide(Decision.APPEAL).argue().appeal().deny(lines=(1, 2, 3))
    assert (denial_of(upheld).level, denial_of(upheld).lines, upheld.state.stage) == (2, "", S.DENIED)


def test_while_one_denial_is_contested_the_rest_is_contested_in_a_request_of_its_own() -> None:
    story = sent().deny(lines=(2,)).decide(Decision.APPEAL).argue().appeal()
    with pytest.raises(NotNow, match="Open a request of its own for K0856 and record this there"):
        story.deny(lines=(1,))
    with pytest.raises(NotNow, match="Open a request of its own for E2361"):
        story.approve(approved=((1, 1),))


def test_a_resubmission_asks_the_payer_for_all_of_it_anew() -> None:
    story = sent().deny(lines=(2,)).decide(Decision.RESUBMIT).submit(tracking_number="HH-2")
    assert open_lines(story) == ""
    story.deny(lines=(1,))
    assert (denial_of(story).lines, open_lines(story)) == ("1", "2 3")


def test_a_payer_takes_part_of_an_approval_back() -> None:
    story = sent().approve().deny(lines=(3,))
    assert (story.state.status, story.state.stage, story.state.outcome) == (
        S.CLINICAL_REVIEW,
        S.APPROVED,
        Outcome.PARTIAL,
    )
    assert [line.approved for line in story.state.lines] == [True, True, False]
    story.deny(lines=(1, 2))
    assert (story.state.stage, story.state.outcome, denial_of(story).lines) == (S.DENIED, Outcome.DENIED, "")


# Further letters


@dataclass(frozen=True)
class Case:
    """Two letters, and what they come to."""

    name: str
    first: dict[str, Any]
    then: dict[str, Any]
    reason: str
    kind: DenialClass
    lines: str
    appeal_by: date
    source: str
    with_: str
    words: str = ""
    p2p_by: date | None = None


LETTER = "letter"
RULE = "45 CFR 147.136"
JUN, JUL = date(2026, 6, 20), date(2026, 7, 20)
D180 = date(2026, 11, 28)  # 180 days from June 1
CASES = [
    Case(
        "two letters on two lines",
        {"lines": (1,), "reason_text": "no gait study", "appeal_by": JUL, "reference": "D-1", "p2p_by": JUL},
        {"lines": (2,), "reason": "experimental", "appeal_by": JUN, "reference": "D-2"},
        "not_medically_necessary",
        C,
        "1 2",
        JUN,
        LETTER,
        DORA.user_id,
        "no gait study\nAlso denied, E2311: Experimental or unproven.",
        JUL,
    ),
    Case(
        "a corrected letter",
        {"lines": (1,), "reason_text": "no gait study", "appeal_by": JUN, "p2p_by": JUN},
        {"lines": (1,), "reason": "quantity_frequency", "reason_text": "one is enough", "appeal_by": JUL},
        "quantity_frequency",
        C,
        "1",
        JUL,
        LETTER,
        DORA.user_id,
        "one is enough",
        JUN,  # as the first letter says, for the second is silent
    ),
    Case(
        "a corrected letter that names more",
        {"lines": (1,)},
        {"lines": (1, 2, 3), "appeal_by": JUL},
        "not_medically_necessary",
        C,
        "",
        JUL,
        LETTER,
        DORA.user_id,
    ),
    Case(
        "administrative, then clinical",
        {"lines": (1,), "reason": "wrong_code", "reason_text": "bundled", "appeal_by": JUL},
        {"lines": (3,), "reason_text": "not needed"},
        "not_medically_necessary",
        C,
        "1 3",
        JUL,
        LETTER,
        DORA.user_id,
        "not needed\nAlso denied, K0856: Code or units wrong. bundled",
    ),
    Case(
        "clinical, then administrative",
        {"lines": (1,)},
        {"lines": (2,), "reason": "missing_docs", "appeal_by": JUN},
        "not_medically_necessary",
        C,
        "1 2",
        JUN,
        LETTER,
        DORA.user_id,
        "Also denied, E2311: Document missing from the packet.",
    ),
    Case(
        "administrative, then of the benefit",
        {"lines": (1,), "reason": "missing_docs"},
        {"lines": (2,), "reason": "benefit_exclusion"},
        "benefit_exclusion",
        B,
        "1 2",
        D180,
        "",
        DORA.user_id,
        "Also denied, K0856: Document missing from the packet.",
    ),
    Case(
        "two administrative ones",
        {"lines": (1,), "reason": "missing_docs"},
        {"lines": (2,), "reason": "eligibility", "appeal_by": JUN},
        "missing_docs",
        A,
        "1 2",
        JUN,
        LETTER,
        BILL.user_id,
        "Also denied, E2311: Coverage not active or wrong member.",
    ),
    Case(
        "a letter that names fewer than were denied",
        {},
        {"lines": (2,), "reason": "experimental", "appeal_by": JUN},
        "not_medically_necessary",
        C,
        "",
        JUN,
        LETTER,
        DORA.user_id,
        "Also denied, E2311: Experimental or unproven.",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_two_letters_come_to(case: Case) -> None:
    story = sent().deny(**case.first)
    first = denial_of(story)
    story.deny(**case.then)
    found = denial_of(story)
    assert (found.id, found.level, found.received_at) == (first.id, 1, first.received_at)
    assert (found.reason, found.denial_class, found.lines, found.reason_text) == (
        case.reason,
        case.kind,
        case.lines,
        case.words,
    )
    assert (found.appeal_by, found.p2p_by, found.routed_to) == (case.appeal_by, case.p2p_by, case.with_)
    assert not case.source or found.appeal_source == case.source
    assert (story.state.status, waits_for(story.state)) == (S.CLINICAL_REVIEW, case.with_)
    assert story.change is not None
    corrects = case.name.startswith("a corrected")
    assert story.change.steps[0].detail["notice"] == ("corrects" if corrects else "joins")


def test_who_has_it_keeps_it_in_hand_and_reads_of_what_came_besides() -> None:
    """Slack is silent about an edit: of more lines they read in a message, of a correction where they read before."""
    story = sent().deny(lines=(1,)).does(DORA, AcceptReview)
    taken = denial_of(story).accepted_at
    story.deny(lines=(2,))
    assert (notices(story), denial_of(story).accepted_at) == ([(NoticeKind.DECISION, DORA.user_id)], taken)
    story.deny(lines=(1, 2), reason="experimental")
    assert (notices(story), denial_of(story).accepted_at) == ([], taken)


def test_what_turns_out_clinical_goes_from_the_biller_to_the_clinician() -> None:
    story = sent().deny(lines=(1,), reason="missing_docs")
    assert denial_of(story).routed_to == BILL.user_id
    story.deny(lines=(2,))
    assert notices(story) == [(NoticeKind.DECISION, DORA.user_id)]
    assert "decide_denial" not in story.offers(BILL)


def test_the_patient_hears_of_other_lines_and_not_of_a_correction() -> None:
    assert sent().deny().tell().deny(reason="experimental").state.patient_knows
    assert not sent().deny(lines=(1,)).tell().deny(lines=(2,)).state.patient_knows
    for decided in (lambda s: s, lambda s: s.decide(Decision.ACCEPT)):
        story = decided(sent().deny(lines=(1,)))
        stamped = story.now  # the second letter lay here while they were told of the first
        assert not story.tell().deny(lines=(2,), received_at=stamped).state.patient_knows


def test_when_the_rest_is_denied_too_the_payer_has_nothing_left() -> None:
    story = sent().deny(lines=(1,)).deny()  # of what was still open
    assert (story.state.stage, denial_of(story).lines, open_lines(story)) == (S.DENIED, "", "")
    assert not {Clock.FOLLOW_UP, Clock.PAYER_RESPONSE} & set(clocks(story.state, story.book))


def test_what_was_decided_and_not_begun_is_decided_again_with_what_joins_it() -> None:
    story = sent().deny(lines=(1,)).decide(Decision.APPEAL).argue().deny(lines=(2,))
    assert (denial_of(story).decision, denial_of(story).lines) == (None, "1 2")
    assert denial_of(story).is_argued
    assert notices(story) == [(NoticeKind.DECISION, DORA.user_id)]
    story.decide(Decision.APPEAL).appeal()
    assert story.state.open_appeal is not None


def test_a_denial_that_was_answered_keeps_its_own_record() -> None:
    story = sent().deny(lines=(1,)).decide(Decision.ACCEPT)
    first = denial_of(story).id
    story.deny()
    assert (denial_of(story).id != first, denial_of(story).lines, denial_of(story).decision) == (True, "2 3", None)
    assert story.state.stage is S.DENIED


def test_another_letter_routes_what_had_come_back() -> None:
    story = sent().deny(lines=(1,)).does(DORA, ReturnReview, reason="cannot_judge", words="the study")
    assert (story.state.status, denial_of(story).routed_to) == (S.PENDING, None)
    assert Clock.ROUTING in clocks(story.state, story.book)
    with pytest.raises(NotNow, match="Route the denial first"):
        story.tell()
    story.deny(lines=(2,))
    assert (story.state.status, denial_of(story).routed_to) == (S.CLINICAL_REVIEW, DORA.user_id)


def test_what_came_back_is_routed_by_hand_and_goes_back_to_the_payer_s_desk_when_decided() -> None:
    story = sent().deny(lines=(1,)).does(DORA, ReturnReview, reason="cannot_judge", words="the study")
    story.does(CORA, c.Route, to=DORA.user_id).decide(Decision.ACCEPT)
    assert story.state.status is S.PENDING
