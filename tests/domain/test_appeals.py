"""Appeals level by level and line of business by line, and calls with the payer's reviewer."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from domain_practice import BILL, CORA, DORA, MARA, Story, Told, clocks, denial_of

from pabot.domain import appeals
from pabot.domain import commands as c
from pabot.domain import commands_appeals as ca
from pabot.domain.deadlines import Clock
from pabot.domain.errors import Invalid, NotAllowed, NotNow
from pabot.domain.letters import may_have
from pabot.domain.model import Decision, LineOfBusiness
from pabot.domain.next_steps import needed
from pabot.domain.payer_rules import DEFAULTS, PayerRules, Rule, RuleKind, Window
from pabot.domain.statuses import Outcome, PendingKind, Status
from pabot.domain.steps import NoticeKind

L, S = LineOfBusiness, Status
Call = ca.CallOutcome
AUTO = "sent on by the plan"

# Line of business; its levels: name, filed within days, decided within days, whether the patient's consent is needed.
TABLE = [
    (L.MEDICARE_FFS, []),
    (L.MEDICARE_ADVANTAGE, [("plan reconsideration", 65, 30, False), ("independent review", AUTO, 30, False)]),
    (L.PART_D, [("redetermination", 65, 7, False), ("independent review", 65, 7, False)]),
    (L.MEDICAID_FFS, [("state fair hearing", 60, 90, True)]),
    (L.MEDICAID_MCO, [("plan appeal", 60, 30, True), ("state fair hearing", 120, 90, True)]),
    (L.CHIP, [("plan appeal", 60, 30, True), ("state review", 120, 90, True)]),
    (L.QHP, [("internal appeal", 180, 30, False), ("external review", 120, 45, True)]),
    (L.COMMERCIAL_INSURED, [("internal appeal", 180, 30, False), ("external review", 120, 45, True)]),
    (L.ERISA_SELF_FUNDED, [("internal appeal", 180, 30, False), ("external review", 120, 45, True)]),
    (L.TRICARE_VA, [("reconsideration", 90, 30, False), ("second reconsideration", 60, 30, False)]),
    (L.WORKERS_COMP, [("reconsideration", 30, 30, False), ("independent medical review", 30, 30, False)]),
    (L.OTHER, [("internal appeal", 60, 30, False), ("external review", 60, 45, True)]),
]


def days(rule: Rule | None) -> int | str:
    return rule.window.value if rule else AUTO


@pytest.mark.parametrize(("line", "levels"), TABLE)
def test_the_levels_of_each_line_of_business(line: LineOfBusiness, levels: list[object]) -> None:
    payer = DEFAULTS[line]
    found = appeals.way(line, payer)
    assert levels == [
        (one.name, days(appeals.filing_rule(one, payer)), appeals.decision_rule(one, payer).window.value, one.consent)
        for one in found
    ]
    assert appeals.level_at(line, payer, len(found) + 1) is None


def test_every_line_of_business_is_in_the_table() -> None:
    assert {line for line, _ in TABLE} == set(appeals.WAYS) == set(L)


def test_a_plan_with_a_second_internal_appeal_has_it_before_external_review() -> None:
    second = Rule(Window(30, "cd"), "manual")
    payer: PayerRules = DEFAULTS[L.QHP] | {RuleKind.APPEAL_SECOND: second}
    names = [level.name for level in appeals.way(L.QHP, payer)]
    assert names == ["internal appeal", "second internal appeal", "external review"]
    assert appeals.filing_rule(appeals.level_at(L.QHP, payer, 2), payer) == second


def to_appeal(line: LineOfBusiness = L.COMMERCIAL_INSURED, reason: str = "not_medically_necessary") -> Story:
    story = Story().given(line_of_business=line)
    story.book = replace(story.book, payer=DEFAULTS[line])
    return story.pending().deny(reason=reason).decide(Decision.APPEAL)


def test_an_upheld_appeal_goes_to_external_review_and_is_overturned_there() -> None:
    story = to_appeal().argue().appeal(reference="AP-1")
    assert clocks(story.state)[Clock.PAYER_RESPONSE].why == "decision on the appeal filed on Jun 1"
    story.wait_until("2026-06-20 10:00").deny(received_at=story.now, notice_on=date(2026, 6, 19))
    denial = denial_of(story)
    assert (denial.level, denial.appeal_by, denial.routed_to) == (2, date(2026, 10, 17), DORA.user_id)
    assert not denial.is_argued
    why = clocks(story.state, story.book)[Clock.APPEAL_WINDOW].why
    assert why.startswith("payer's level 2 external review window, 120 calendar days from the notice of Jun 19")
    story.decide(Decision.APPEAL)
    with pytest.raises(Invalid) as wrong:
        story.appeal(consent_by="", consent_on=None)
    assert set(wrong.value.fields) == {"consent_by"}
    story.appeal(reference="XR-2")
    assert story.state.appeal is not None
    assert (story.state.appeal.kind, story.state.appeal.decision_due_on) == ("external review", date(2026, 8, 4))
    story.approve()
    assert (story.state.status, story.state.outcome) == (S.APPROVED, Outcome.APPROVED)
    assert (story.state.appeal.level, story.state.appeal.outcome) == (2, Outcome.APPROVED)


def test_after_the_last_level_nothing_further_can_be_filed() -> None:
    story = to_appeal().appeal().deny().decide(Decision.APPEAL).appeal().deny()
    denial = denial_of(story)
    assert (denial.level, denial.appeal_by, denial.appeal_source) == (3, None, "")
    assert Clock.APPEAL_WINDOW not in clocks(story.state)
    with pytest.raises(NotNow, match="nothing further can be filed"):
        story.decide(Decision.APPEAL)
    story.decide(Decision.ACCEPT)
    assert story.state.status is S.DENIED


def test_a_letter_may_name_a_level_beyond_those_we_know() -> None:
    story = to_appeal().appeal().deny().decide(Decision.APPEAL).appeal().deny(appeal_by=date(2026, 9, 1))
    why = clocks(story.state)[Clock.APPEAL_WINDOW].why
    assert why == "the payer's own level 3 further appeal date, Sep 1"
    story.decide(Decision.APPEAL).appeal()
    assert story.state.pending_kind is PendingKind.APPEAL


def test_medicare_advantage_sends_what_it_upholds_on_by_itself() -> None:
    story = to_appeal(L.MEDICARE_ADVANTAGE).appeal().wait_until("2026-06-15 09:00").deny()
    state = story.state
    assert (state.status, state.pending_kind, needed(state)) == (
        S.PENDING,
        PendingKind.APPEAL,
        "Follow up on the appeal",
    )
    assert state.appeal is not None
    assert (state.appeal.level, state.appeal.kind, state.appeal.automatic) == (2, "independent review", True)
    assert (denial_of(story).decision, denial_of(story).decided_by) == (Decision.APPEAL, None)
    assert story.change is not None
    assert [(one.kind, one.to) for one in story.change.notices] == [(NoticeKind.SENT_ON, DORA.user_id)]
    assert clocks(state)[Clock.PAYER_RESPONSE].due_at.date() == date(2026, 7, 15)
    assert not state.patient_knows  # of the upheld denial
    assert not {"file_appeal", "decide_denial", "change_decision"} & story.offers(DORA)
    assert denial_of(story.deny()).level == 3


def test_original_medicare_takes_no_appeal() -> None:
    story = Story().given(line_of_business=L.MEDICARE_FFS)
    story.book = replace(story.book, payer=DEFAULTS[L.MEDICARE_FFS])
    with pytest.raises(Invalid) as wrong:
        story.pending().deny(appeal_by=date(2026, 7, 1))
    assert appeals.RESUBMIT_ONLY in wrong.value.fields["appeal_by"]
    story.deny()
    assert denial_of(story).appeal_by is None
    with pytest.raises(NotNow, match="correct it and send it again"):
        story.decide(Decision.APPEAL)
    assert story.decide(Decision.RESUBMIT).state.rounds == 2


REFUSED: list[tuple[str, Told, str, str]] = [
    ("unsigned", lambda s: s.appeal(signed_by=""), "signed_by", "needs the signature of a clinician"),
    ("signed by a coordinator", lambda s: s.appeal(signed_by=CORA.user_id), "signed_by", "signature of a clinician"),
    ("half a consent", lambda s: s.appeal(consent_on=None), "consent_on", "who signed the consent and when"),
    ("consent of tomorrow", lambda s: s.appeal(consent_on=date(2026, 6, 2)), "consent_on", "future"),
    ("expedited on nobody's word", lambda s: s.appeal(expedited=True), "expedited", "needs a clinician's word"),
    ("without the notes", lambda s: s.appeal(packet=frozenset({"denial_letter"})), "without", "Clinical notes"),
    ("decided before it was filed", lambda s: s.appeal(decision_due_on=date(2026, 5, 1)), "decision_due_on", "before"),
    ("too long a list", lambda s: s.appeal(attachments="page\n" * 61), "attachments", "at most 60"),
]


@pytest.mark.parametrize(("told", "field", "says"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_an_appeal_is_not_filed_without(told: Told, field: str, says: str) -> None:
    story = to_appeal()
    with pytest.raises(Invalid) as wrong:
        told(story)
    assert says in wrong.value.fields[field]
    assert story.state.open_appeal is None


@pytest.mark.parametrize("line", [L.MEDICAID_MCO, L.MEDICAID_FFS, L.CHIP])
def test_medicaid_wants_the_patient_s_consent_at_the_first_level(line: LineOfBusiness) -> None:
    story = to_appeal(line)
    with pytest.raises(Invalid, match="written consent"):
        story.appeal(consent_by="", consent_on=None)
    consent = {"consent_by": "the patient's mother", "consent_on": date(2026, 6, 1)}
    story.does(CORA, ca.PackAppeal, **consent)
    assert (denial_of(story).consent_by, denial_of(story).consent_on) == tuple(consent.values())


WORDS_OF_A_CLINICIAN: list[Told] = [
    lambda s: s.appeal(DORA, expedited=True),
    lambda s: s.argue(expedited=True).appeal(expedited=True),
    lambda s: s.does(DORA, c.ChangeDecision).decide(Decision.APPEAL, expedited=True).appeal(expedited=True),
]


@pytest.mark.parametrize("told", WORDS_OF_A_CLINICIAN)
def test_an_expedited_appeal_on_a_clinician_s_word_is_decided_in_three_days(told: Told) -> None:
    appeal = told(to_appeal()).state.appeal
    assert appeal is not None
    assert (appeal.expedited, appeal.decision_due_on) == (True, date(2026, 6, 4))


def test_a_biller_does_not_say_that_waiting_endangers_the_patient() -> None:
    story = Story().pending().deny(reason="missing_docs")
    with pytest.raises(Invalid, match="a clinician's to say"):
        story.decide(Decision.APPEAL, BILL, expedited=True)


def test_an_administrative_letter_may_be_signed_by_a_biller() -> None:
    story = Story().pending().deny(reason="missing_docs").decide(Decision.APPEAL, BILL).appeal(signed_by=BILL.user_id)
    assert story.state.open_appeal is not None


def test_a_packet_may_lack_something_for_a_reason_and_hold_twenty_attachments() -> None:
    listed = "\n".join(f"Chart scan, page {page}" for page in range(1, 21))
    story = to_appeal().appeal(packet=frozenset(), without="the payer has them", attachments=listed)
    assert story.state.appeal is not None
    assert story.state.appeal.without == "the payer has them"
    assert len(denial_of(story).attachments.splitlines()) == 20


def test_a_partly_overturned_appeal_leaves_the_rest_at_the_next_level() -> None:
    story = to_appeal().appeal().partly()
    assert story.state.appeal is not None
    assert (story.state.outcome, story.state.appeal.outcome) == (Outcome.PARTIAL, Outcome.PARTIAL)
    assert (denial_of(story).level, denial_of(story).lines, denial_of(story).appeal_by) == (2, "2", date(2026, 9, 29))


@pytest.mark.parametrize(
    ("who", "step"), [(DORA, ca.WithdrawAppeal), (CORA, ca.DismissAppeal)], ids=["withdrawn", "dismissed"]
)
def test_an_appeal_without_a_decision_leaves_the_denial_to_be_decided_again(who: object, step: type) -> None:
    story = to_appeal().appeal().wait_until("2026-06-10 10:00").does(who, step, reason="no consent came with it")
    state = story.state
    assert (state.status, state.return_status, state.outcome) == (S.CLINICAL_REVIEW, S.DENIED, Outcome.DENIED)
    assert state.appeal is not None
    assert (state.appeal.outcome, state.appeal.dismissed) == (Outcome.WITHDRAWN, step is ca.DismissAppeal)
    assert state.undecided_denial is not None
    found = clocks(state, story.book)
    assert found[Clock.APPEAL_READY].why == "24 hours from the end of the appeal on Jun 10"
    assert Clock.APPEAL_WINDOW in found
    story.decide(Decision.APPEAL).appeal()
    assert story.state.open_appeal is not None


def test_only_who_may_decide_withdraws_an_appeal() -> None:
    for who in (CORA, BILL, MARA):
        with pytest.raises(NotAllowed):
            to_appeal().appeal().does(who, ca.WithdrawAppeal, reason="enough")


def test_only_a_clinician_writes_the_reasons_and_each_version_counts() -> None:
    story = to_appeal()
    for who in (CORA, BILL, MARA):
        with pytest.raises(NotAllowed, match="Only a clinician may write why care is necessary"):
            story.argue(who)
    story.argue(text="The first try.").argue(text="", where="the chart, letter of June 1")
    denial = denial_of(story)
    assert (denial.necessity, denial.necessity_where) == ("", "the chart, letter of June 1")
    assert (denial.necessity_version, denial.necessity_by) == (2, DORA.user_id)
    with pytest.raises(Invalid, match="one of both"):
        story.argue(text="both", where="both")


# Calls


def to_call() -> Story:
    return Story().commercial().pending().deny().decide(Decision.P2P)


def test_a_call_that_could_only_explain_leaves_the_decision_to_an_appeal() -> None:
    story = to_call().book_call(requested_with="Ray", reference="P-7").wait_until("2026-06-03 10:00")
    story.call_ends(Call.EDUCATIONAL, note="Only explained the policy.")
    state = story.state
    assert (state.status, state.undecided_denial is not None) == (S.CLINICAL_REVIEW, True)
    assert story.change is not None
    assert [(one.kind, one.to) for one in story.change.notices] == [(NoticeKind.DECISION, DORA.user_id)]
    assert clocks(state)[Clock.APPEAL_READY].why == "24 hours from the end of the call on Jun 3"
    story.decide(Decision.APPEAL).appeal()
    assert (story.state.status, story.state.pending_kind) == (S.PENDING, PendingKind.APPEAL)


def test_the_payer_s_window_for_calls_is_that_of_its_first_denial() -> None:
    calls: PayerRules = {RuleKind.P2P: Rule(Window(7, "bd"), "manual")}
    story = Story().commercial()
    story.book = replace(story.book, payer=DEFAULTS[L.COMMERCIAL_INSURED] | calls)
    story.pending().deny()
    assert denial_of(story).p2p_by == date(2026, 6, 10)
    story.decide(Decision.APPEAL).appeal().deny()
    assert denial_of(story).p2p_by is None
    letter = story.decide(Decision.APPEAL).appeal().deny(p2p_by=date(2026, 6, 8))
    assert denial_of(letter).p2p_by == date(2026, 6, 8)


def test_what_the_plan_sends_on_by_itself_wants_no_letter() -> None:
    story = to_appeal(L.MEDICARE_ADVANTAGE)
    assert may_have(CORA, story.state, story.book.policy)
    story.appeal()
    assert may_have(CORA, story.state, story.book.policy)  # a copy of what was filed
    assert not may_have(CORA, story.deny().state, story.book.policy)


def test_a_call_is_asked_for_before_it_has_a_time() -> None:
    story = to_call()
    slots = tuple(story.now + timedelta(days=day) for day in (1, 2, 3))
    story.book_call(scheduled_for=None, requested_at=story.now, slots=slots)
    assert story.state.open_peer_to_peer is not None
    assert len(story.state.open_peer_to_peer.slots.split()) == 3
    assert needed(story.state) == "Agree on a time for the call"
    assert Clock.P2P_WINDOW not in clocks(story.state)
    assert {Clock.FOLLOW_UP, Clock.PAYER_RESPONSE} <= set(clocks(story.state))
    story.book_call(scheduled_for=slots[1])
    call = story.state.open_peer_to_peer
    assert (call.scheduled_for, len(call.slots.split())) == (slots[1], 3)
    assert needed(story.state) == "Record what came of the peer-to-peer call"


def test_a_call_that_is_won_waits_for_the_approval() -> None:
    story = to_call().book_call().call_ends(Call.OVERTURNED)
    assert (story.state.status, needed(story.state)) == (S.PENDING, "Record the payer's approval")
    assert not {Clock.P2P_WINDOW, Clock.APPEAL_READY} & set(clocks(story.state))
    assert "book_peer_to_peer" not in story.offers(DORA)
    assert story.approve().state.status is S.APPROVED


def test_a_missed_call_is_booked_again_and_the_owner_is_told() -> None:
    story = to_call().book_call().call_ends(Call.MISSED)
    assert story.change is not None
    assert [(one.kind, one.to) for one in story.change.notices] == [(NoticeKind.INSTRUCTION, CORA.user_id)]
    assert needed(story.state) == "Book the peer-to-peer call"
    assert story.book_call().state.open_peer_to_peer is not None


def test_a_coordinator_writes_an_outcome_down_as_dictated() -> None:
    story = to_call().book_call()
    with pytest.raises(NotAllowed, match="Approval of a clinician"):
        story.call_ends(Call.UPHELD, CORA)
    with pytest.raises(NotAllowed):
        story.call_ends(Call.UPHELD, CORA, director=MARA.user_id)
    story.call_ends(Call.UPHELD, CORA, director=DORA.user_id)
    assert story.state.peer_to_peer is not None
    assert story.state.peer_to_peer.dictated_by == DORA.user_id


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"scheduled_for": None}, "scheduled_for"),
        ({"requested_at": Story().now + timedelta(days=30)}, "requested_at"),
        ({"slots": (Story().now,) * 4}, "slot_1"),
    ],
)
def test_a_call_s_times_make_sense(typed: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        to_call().book_call(**typed)
    assert set(wrong.value.fields) == {field}
