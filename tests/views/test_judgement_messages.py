"""Messages to whoever is asked to judge, and to the owner of what was judged: what is wanted first, and by when."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from message_samples import ANSWERED, BEA, CORA, DECIDED, DENIAL, IDA, LOOK, NOW, OTTO, QUESTION, RETURNED, card, entry
from reading import first_line, pressed, values, words

from pabot.domain.cards import Privacy
from pabot.domain.model import Decision, DenialClass, ServiceLine, Urgency
from pabot.domain.statuses import Outcome, Status
from pabot.views import messages
from tests.sample_windows import left_open


def test_a_decision_says_what_is_wanted_by_when_and_all_there_is_to_decide_on() -> None:
    drawn = messages.decision(LOOK, card(), IDA, 77)
    assert first_line(drawn) == "*Your decision is wanted.* Press “I have it” by Mon Nov 23, 1:30 PM EST."
    for fact in (
        "PA-1042 · J.D. · Power wheelchair · Northwind Health",
        "Gold HMO",
        "Tue Nov 17",  # ordered
        "Tue Dec 1, 2026",  # wanted from
        "Thu Dec 3, 2026",  # appointment
        "Document missing from the packet",
        "> The face-to-face note is older than six months.",
        "Fri Nov 20, 2026",  # the notice
        "Peer-to-peer window: 5 business days left, act by Mon Nov 30, 2026",
        "Appeal window: 44 business days left, act by Fri Jan 22, 2027, the last open day; the window ends Sun Jan 24.",
        "Level 1: plan reconsideration.",
    ):
        assert fact in words(drawn)


def test_a_decision_is_one_press_away() -> None:
    drawn = messages.decision(LOOK, card(), IDA, 77)
    assert pressed(drawn) == [
        "pa.decide_denial.appeal",
        "pa.decide_denial.p2p",
        "pa.decide_denial.resubmit",
        "pa.decide_denial.accept",
        "pa.accept_review.open",
        "pa.route.open",
        "pa.ask_for_more.open",
        "pa.return_review.open",
        "pa.patient.which",  # at full privacy
    ]
    assert all(value["number"] == 1042 for value in values(drawn))
    assert {value.get("child") for value in values(drawn)[:-1]} == {77}
    at_minimum = messages.decision(replace(LOOK, privacy=Privacy.MINIMUM), card(), IDA, 77)
    assert "pa.patient.which" not in pressed(at_minimum)


def test_accepting_asks_first_and_names_what_is_given_up() -> None:
    drawn = messages.decision(LOOK, card(), IDA, 77)
    accept = next(block for block in drawn.blocks if block["block_id"] == "decisions")["elements"][-1]
    assert accept["style"] == "danger"
    assert "appeal" in accept["confirm"]["text"]["text"]
    assert (
        "filed by Fri Jan 22, 2027, the last open day; the window ends Sun Jan 24" in accept["confirm"]["text"]["text"]
    )


def test_a_biller_is_not_offered_to_give_up_what_only_a_clinician_may() -> None:
    clinical = replace(DENIAL, routed_to=BEA.user_id, reason="wrong_code", denial_class=DenialClass.ADMINISTRATIVE)
    assert "pa.decide_denial.accept" not in pressed(messages.decision(LOOK, card(denial=clinical), BEA, 77))
    listed = replace(clinical, reason="missing_docs")
    assert "pa.decide_denial.accept" in pressed(messages.decision(LOOK, card(denial=listed), BEA, 77))


def test_only_steps_that_this_person_may_take_have_buttons() -> None:
    without = replace(card(), steps=("route",))
    assert pressed(messages.decision(LOOK, without, IDA, 77)) == ["pa.route.open", "pa.patient.which"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"denial": DECIDED}, "*Decided.* Dr. Ida Voss chose “Appeal”, Mon Nov 23, 10:30 AM EST."),
        ({"denial": replace(DENIAL, routed_to=OTTO.user_id)}, "*This went to Dr. Otto Brandt*"),
        ({"denial": replace(DENIAL, routed_to=None, routed_at=None)}, "*This is with nobody for now.*"),
        ({"denial": replace(DENIAL, id=78, level=2)}, "*This denial is no longer the one in question.*"),
        ({"denial": None}, "*This denial is no longer the one in question.*"),
        (
            {"status": Status.CLOSED, "outcome": Outcome.WITHDRAWN, "closed_at": NOW},
            "*The request was closed, Mon Nov 23",
        ),
    ],
)
def test_a_settled_denial_has_no_buttons_and_says_why(changed: dict[str, object], said: str) -> None:
    drawn = messages.decision(LOOK, card(**changed), IDA, 77)
    assert first_line(drawn).startswith(said)
    assert pressed(drawn) == []


def test_a_decision_marked_in_error_asks_again() -> None:
    settled = messages.decision(LOOK, card(denial=DECIDED), IDA, 77)
    again = messages.decision(LOOK, card(denial=DENIAL), IDA, 77)
    assert pressed(settled) == []
    assert "pa.decide_denial.appeal" in pressed(again)
    told = messages.instruction(LOOK, card(denial=DENIAL), 77)
    assert first_line(told).startswith("*The decision is being changed.*")


def test_a_question_says_first_what_is_wanted_and_why_it_is_asked() -> None:
    worry = replace(QUESTION, trigger="patient_worry", background="She called at nine: *no sleep*")
    said = words(messages.question(LOOK, card(denial=None, question=worry), IDA, 8))
    assert said.startswith("🔴 *Urgent.* *Your answer is wanted.*")
    assert "*The patient has an urgent worry.* Cora Lindqvist asks:\n> Is home use documented?" in said
    assert "The facts:\n> She called at nine: ∗no sleep∗" in said


def test_what_was_given_back_says_by_whom_and_why() -> None:
    gone = replace(DENIAL, routed_to=None, routed_at=None, returned_by=IDA.user_id, returned_at=NOW)
    for drawn in (
        messages.decision(LOOK, card(denial=gone, question=None), IDA, 77),
        messages.question(LOOK, card(denial=None, question=RETURNED), IDA, 8),
    ):
        assert first_line(drawn).startswith("*Given back.* Dr. Ida Voss returned it")
        assert pressed(drawn) == []
    of = entry("return_review", returned="cannot_judge", words="the gait study")
    told = words(messages.returned(LOOK, card(entry=of, denial=None), "save-1"))
    assert "*Dr. Ida Voss gave this back unanswered*" in told
    assert "> the gait study" in told


FRIDAY = datetime(2026, 11, 27, 21, 40, tzinfo=UTC)  # 16:40 at the practice, which closes at five


@pytest.mark.parametrize(
    ("now", "p2p_by", "second_line"),
    [
        (
            FRIDAY,
            date(2026, 11, 27),
            "🔴 *Peer-to-peer window: 20 business minutes left, act by Fri Nov 27, 2026. "
            "It closes before the next open day.*",
        ),
        (
            FRIDAY,
            date(2026, 11, 29),
            "🔴 *Peer-to-peer window: 20 business minutes left, act by Fri Nov 27, 2026, the last open day; "
            "the window ends Sun Nov 29. It closes before the next open day.*",
        ),
        (FRIDAY, date(2026, 11, 30), "🕒 *Peer-to-peer window: 9 business hours left, act by Mon Nov 30, 2026.*"),
        (NOW, date(2026, 11, 30), "🕒 *Peer-to-peer window: 5 business days left, act by Mon Nov 30, 2026.*"),
        (FRIDAY, date(2026, 11, 26), "🔴 *Peer-to-peer window: it was to be used by Thu Nov 26, 2026.*"),
        (
            NOW,
            None,
            "🕒 *Appeal window: 44 business days left, act by Fri Jan 22, 2027, the last open day; "
            "the window ends Sun Jan 24.*",
        ),
    ],
    ids=["closes in minutes", "ends on a Sunday", "on Monday", "in a week", "passed", "no call is possible"],
)
def test_the_soonest_window_stands_right_below_what_is_wanted(
    now: datetime, p2p_by: date | None, second_line: str
) -> None:
    of = card(denial=replace(DENIAL, p2p_by=p2p_by))
    drawn = messages.decision(LOOK, replace(of, now=now, windows=left_open(of.state, now)), IDA, 77)
    assert words(drawn).splitlines()[1] == second_line
    section = drawn.blocks[0]["text"]["text"]
    assert section.count("window ends Sun Jan 24") == 1  # each window once, the day to act by with its reason


def test_a_question_can_be_answered_or_passed_on_until_it_is_answered() -> None:
    open_one = messages.question(LOOK, card(denial=None), IDA, 8)
    assert first_line(open_one) == "*Your answer is wanted.* Press “I have it” by Mon Nov 23, 1:30 PM EST."
    answers = ["pa.answer_question.open", "pa.accept_review.open", "pa.route.open", "pa.return_review.open"]
    assert pressed(open_one) == answers
    assert all(value == {"number": 1042, "child": 8, "what": "question"} for value in values(open_one))
    taken = messages.question(LOOK, card(denial=None, question=replace(QUESTION, accepted_at=NOW)), IDA, 8)
    assert first_line(taken) == "*Your answer is wanted.*"
    for settled in (ANSWERED, RETURNED, replace(QUESTION, asked_of=OTTO.user_id), replace(QUESTION, id=9), None):
        assert pressed(messages.question(LOOK, card(question=settled), IDA, 8)) == []


def test_urgency_is_asked_until_somebody_licensed_has_said() -> None:
    proposed = messages.attest(LOOK, card(urgency_proposed=True), IDA)
    assert pressed(proposed) == ["pa.attest_urgency.yes", "pa.attest_urgency.no", "pa.route.open"]
    elsewhere = card(urgency_proposed=True, urgency_asked_of=OTTO.user_id, urgency_asked_at=NOW)
    assert first_line(messages.attest(LOOK, elsewhere, IDA)).startswith("*This went to")
    assert pressed(messages.attest(LOOK, card(urgency_proposed=True), CORA)) == []
    said = messages.attest(LOOK, card(urgency=Urgency.EXPEDITED, attested_by=IDA.user_id), IDA)
    assert "Dr. Ida Voss said expedited" in words(said)
    assert pressed(said) == []
    assert pressed(messages.attest(LOOK, card(), IDA)) == []


@pytest.mark.parametrize(
    ("choice", "todo", "kind"),
    [
        (Decision.APPEAL, "File the appeal", "file_appeal"),
        (Decision.P2P, "Book the peer-to-peer call", "book_peer_to_peer"),
        (Decision.RESUBMIT, "Correct the request and send it again", "submit"),
        (Decision.ACCEPT, "Tell the patient", "tell_patient"),
    ],
)
def test_the_owner_is_told_what_to_do_now_with_one_button(choice: Decision, todo: str, kind: str) -> None:
    decided = replace(card(denial=replace(DECIDED, decision=choice), outcome=Outcome.DENIED), steps=(kind,))
    drawn = messages.instruction(LOOK, decided, 77)
    assert first_line(drawn).startswith(f"*{todo}.*")
    assert "Send the October note with the appeal." in words(drawn)
    assert pressed(drawn) == [f"pa.{kind}.open"]
    done = messages.instruction(LOOK, replace(decided, steps=()), 77)
    assert pressed(done) == ["pa.card.open"]


def test_a_partial_approval_names_what_was_cut() -> None:
    cut = ServiceLine(1, "K0856", "NU", 3, approved=True, units_approved=1)
    drawn = messages.decision(LOOK, card(outcome=Outcome.PARTIAL, lines=(cut,), denial=DENIAL), IDA, 77)
    assert "Asked for: K0856 NU × 3 · approved × 1" in words(drawn)
    assert "Approved in part, the rest denied: *Document missing" in words(drawn)
