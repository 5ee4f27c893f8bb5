"""Direct messages about one request: what is wanted, by when, and nothing to press once it is settled."""

from dataclasses import replace
from datetime import timedelta

import appeal_samples
import message_samples as samples
import pytest
from message_samples import (
    ANSWERED,
    DECIDED,
    DENIAL,
    IDA,
    LOOK,
    NOW,
    OTTO,
    QUESTION,
    RETURNED,
    card,
    entry,
    held,
    item,
    late,
    line,
    page,
)
from reading import first_line, fits, pressed, same_as_golden, words

from pabot.domain.approvals import ApprovalState
from pabot.domain.cards import AskedLine, RunningOut
from pabot.domain.deadlines import Clock
from pabot.domain.decide import STEPS_BY_KIND
from pabot.domain.expiry import Units
from pabot.domain.health import Fault, FaultKind, FaultLine, FaultReport
from pabot.domain.statuses import Status
from pabot.views import approvals, health, messages, overdue, renewals, round_up

RUNS_OUT = RunningOut(line(status=Status.CLOSED, expires_on=NOW.date() + timedelta(days=14)), ())


def nearly(number: int) -> RunningOut:
    """Of which few units are left, and no last day is known."""
    return RunningOut(line(number, status=Status.APPROVED), (Units(1, "97110", 20, 16), Units(2, "97140", 20, 2)))


JUDGED = (
    line(legal_at=NOW + timedelta(days=4)),
    line(1050, expedited=True, needed="Answer the patient who called", legal_at=NOW + timedelta(days=30)),
    *(line(at, needed="Answer the question") for at in (1051, 1052)),
)

FAULTS = FaultReport(
    NOW.date(),
    (
        FaultLine(Fault(FaultKind.NO_OWNER, "1042"), line()),
        FaultLine(Fault(FaultKind.NO_CLOCK, "1050"), line(1050)),
        FaultLine(Fault(FaultKind.NOT_RAISED, "1051"), line(1051)),
        FaultLine(Fault(FaultKind.MESSAGE, "77", "Dr. Ida Voss"), None),
        FaultLine(Fault(FaultKind.DIGEST, "2026-11-23"), None),
        FaultLine(Fault(FaultKind.TICK, "alarms"), None),
        FaultLine(Fault(FaultKind.WORDING, "denied:en", "“Denied, English”"), None),
    ),
)

LEFT = entry("return_review", returned="cannot_judge", words="Is there a fever?")
LEFT_WORRIED = replace(
    card(entry=LEFT),
    steps=("call_back",),
    clocks=(replace(samples.ACCEPTANCE, kind=Clock.WORRY_LEFT, started_at=LEFT.at),),
)
ANSWERED_WORRY = replace(
    card(question=replace(ANSWERED, trigger="patient_worry"), denial=None),
    steps=("pass_on",),
    clocks=(replace(samples.ACCEPTANCE, kind=Clock.TELL_WORRIED),),
)
NAMES = samples.NAMES
ASKED = AskedLine(samples.approval(), line(status=Status.PENDING))
SENT = AskedLine(
    samples.approval(id=6, number=1050, kind="submit", detail={"channel": "fax"}, why=""),
    line(1050, status=Status.READY),
)
GONE = AskedLine(samples.approval(id=4, number=1017, asked_of="U0MAX"), line(1017))
LEFT_OVER = AskedLine(samples.approval(asked_of=None, due_at=None), line())
MANY = tuple(AskedLine(samples.approval(id=at, number=at, why=samples.HOSTILE), line(at)) for at in range(1001, 1021))


def answer(state: ApprovalState, said: str) -> AskedLine:
    return AskedLine(samples.approval(state=state, decided_by="U0MAX", decided_at=NOW, answer=said), line())


ALL = {
    "decision": lambda: messages.decision(LOOK, card(), IDA, 77),
    "decision_decided": lambda: messages.decision(LOOK, card(denial=DECIDED), IDA, 77),
    "decision_again": lambda: messages.decision(LOOK, appeal_samples.again(), IDA, 77),
    "decision_last_level": lambda: messages.decision(LOOK, appeal_samples.at_the_end(), IDA, 77),
    "sent_on": lambda: messages.sent_on(LOOK, appeal_samples.forwarded(), 77),
    "sent_on_over": lambda: messages.sent_on(LOOK, appeal_samples.contested(), 77),
    "approvals": lambda: approvals.message(LOOK, samples.asked_list(ASKED, SENT, left=(GONE,)), IDA),
    "approvals_many": lambda: approvals.message(LOOK, samples.asked_list(*MANY, total=31), IDA),
    "approvals_moved": lambda: approvals.message(LOOK, samples.asked_list(ASKED, is_newest=False), IDA),
    "approvals_over": lambda: approvals.message(LOOK, samples.asked_list(left=(GONE,)), IDA),
    "approval_approved": lambda: approvals.answered(LOOK, answer(ApprovalState.APPROVED, "They told me too."), NAMES),
    "approval_declined": lambda: approvals.answered(LOOK, answer(ApprovalState.DECLINED, "Call them first."), NAMES),
    "approval_overtaken": lambda: approvals.answered(LOOK, answer(ApprovalState.OVERTAKEN, "It has moved on."), NAMES),
    "closing": lambda: messages.closing(LOOK, card(denial=replace(DENIAL, p2p_by=NOW.date())), OTTO, 77),
    "closing_decided": lambda: messages.closing(LOOK, card(denial=DECIDED), OTTO, 77),
    "closing_gone": lambda: messages.closing(LOOK, card(denial=None), OTTO, 77),
    "question": lambda: messages.question(LOOK, card(denial=None), IDA, 8),
    "question_answered": lambda: messages.question(LOOK, card(question=ANSWERED), IDA, 8),
    "question_returned": lambda: messages.question(LOOK, card(question=RETURNED), IDA, 8),
    "returned": lambda: messages.returned(LOOK, card(entry=entry("return_review", words="The gait study.")), "save-1"),
    "returned_worry": lambda: messages.returned(LOOK, LEFT_WORRIED, "save-1"),
    "returned_besides_a_worry": lambda: messages.returned(
        LOOK, replace(LEFT_WORRIED, clocks=(replace(samples.ACCEPTANCE, kind=Clock.WORRY_LEFT),)), "save-1"
    ),
    "attest": lambda: messages.attest(LOOK, card(urgency_proposed=True, denial=None), IDA),
    "instruction": lambda: messages.instruction(LOOK, replace(card(denial=DECIDED), steps=("file_appeal",)), 77),
    "answered": lambda: messages.answered(LOOK, card(question=ANSWERED, denial=None), 8),
    "answered_worry": lambda: messages.answered(LOOK, ANSWERED_WORRY, 8),
    "need": lambda: messages.need(LOOK, card(entry=entry("ask_for_more", need="The October note.")), "save-1"),
    "assigned": lambda: messages.assigned(LOOK, card(entry=entry("assign", note="You know them.")), "save-1"),
    "unassigned": lambda: messages.unassigned(LOOK, page(line(), line(1050), total=14)),
    "unassigned_none": lambda: messages.unassigned(LOOK, page()),
    "overdue_owner": lambda: overdue.overdue_owner(LOOK, late(item(), item(clock=Clock.APPEAL_READY))),
    "overdue_owner_cleared": lambda: overdue.overdue_owner(LOOK, late()),
    "overdue_owner_held": lambda: overdue.overdue_owner(LOOK, late(held(item()))),
    "running_out": lambda: renewals.reminder(LOOK, (RUNS_OUT, *(nearly(at) for at in range(1101, 1110))), NOW.date()),
    "running_out_clear": lambda: renewals.reminder(LOOK, (), NOW.date()),
    "round_up": lambda: round_up.message(LOOK, page(*JUDGED)),
    "round_up_many": lambda: round_up.message(LOOK, page(*(line(at) for at in range(1001, 1021)), total=31)),
    "round_up_clear": lambda: round_up.message(LOOK, page()),
    "overdue_owner_several": lambda: overdue.overdue_owner(
        LOOK, late(item(), held(item(1043), "promised"), item(1044))
    ),
    "overdue_managers": lambda: overdue.overdue_managers(LOOK, late(item(), held(item(1043))), samples.NAMES),
    "overdue_managers_asked": lambda: overdue.overdue_managers(
        LOOK, replace(late(item(1043)), approvals=(LEFT_OVER,)), samples.NAMES
    ),
    "overdue_managers_asked_only": lambda: overdue.overdue_managers(
        LOOK, replace(late(), approvals=(LEFT_OVER,)), samples.NAMES
    ),
    "overdue_managers_clear": lambda: overdue.overdue_managers(LOOK, late(), samples.NAMES),
    "overdue_clinician": lambda: overdue.overdue_clinician(LOOK, late(item(), item(1043, wants_decision=False))),
    "overdue_clinician_knows": lambda: overdue.overdue_clinician(LOOK, late(item(wants_decision=False))),
    "overdue_clinician_clear": lambda: overdue.overdue_clinician(LOOK, late()),
    "escalated_today": lambda: overdue.escalated_today(LOOK, late(item(), item(1043))),
    "escalated_today_clear": lambda: overdue.escalated_today(LOOK, late()),
    "faults": lambda: health.faults(LOOK, FAULTS),
    "faults_mended": lambda: health.faults(LOOK, replace(FAULTS, lines=())),
}


@pytest.mark.parametrize("name", ALL)
def test_every_message_is_as_it_was_looked_at(request: pytest.FixtureRequest, name: str) -> None:
    drawn = ALL[name]()
    fits(drawn)
    same_as_golden(request, f"message_{name}", drawn)


@pytest.mark.parametrize("name", ALL)
def test_whatever_its_reader_may_press_slack_takes_it(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(samples, "STEPS", tuple(STEPS_BY_KIND))
    fits(ALL[name]())


@pytest.mark.parametrize("name", ALL)
def test_no_message_says_who_the_patient_is_even_where_privacy_is_full(name: str) -> None:
    drawn = ALL[name]()
    for word in samples.IDENTITY:
        assert word not in words(drawn) + drawn.text


def test_words_of_an_entry_marked_in_error_are_not_repeated() -> None:
    wrong = card(entry=entry("ask_for_more", in_error=True, need="The wrong note."))
    drawn = messages.need(LOOK, wrong, "save-1")
    assert "recorded in error" in first_line(drawn)
    assert "The wrong note." not in words(drawn)


@pytest.mark.parametrize("draw", [messages.need, messages.assigned])
def test_an_entry_too_old_for_the_card_still_makes_a_message(draw: object) -> None:
    drawn = draw(LOOK, card(), "long-ago")  # type: ignore[operator]
    assert pressed(drawn) == ["pa.card.open"]


def test_the_first_line_of_a_clinicians_list_says_whether_anything_is_wanted() -> None:
    wanted = overdue.overdue_clinician(LOOK, late(item(), item(1043), item(1044, wants_decision=False)))
    assert first_line(wanted) == "*Your decision is wanted on 2 requests: the first was due Mon Nov 23, 8:30 AM EST.*"
    known = overdue.overdue_clinician(LOOK, late(item(wants_decision=False)))
    assert first_line(known).startswith("*For your information: 1 late request")
    clear = overdue.overdue_clinician(LOOK, late())
    assert first_line(clear).startswith("*Nothing more is wanted of you here.*")
    assert pressed(clear) == []


def test_the_channel_reads_no_more_than_minimum_and_an_all_clear() -> None:
    drawn = overdue.escalated_today(LOOK, late(item()))
    assert "PA-1042 · J.D. · Power wheelchair · Northwind Health" in words(drawn)
    clear = overdue.escalated_today(LOOK, late())
    assert first_line(clear).startswith("*All clear.*")
    assert pressed(clear) == []


def test_a_cleared_alarm_has_nothing_to_press() -> None:
    late_call = overdue.overdue_owner(LOOK, late(item(clock=Clock.FOLLOW_UP)))
    answers = ["pa.hold.on_it", "pa.hold.for", "pa.assign.open"]
    assert pressed(late_call) == ["pa.card.open", "pa.log_contact.open", *answers]
    assert pressed(overdue.overdue_owner(LOOK, late())) == []


def test_an_untold_patient_is_the_owners_to_tell_whatever_the_clinician_decides() -> None:
    untold = overdue.overdue_owner(LOOK, late(item(clock=Clock.PATIENT_TOLD)))
    assert "Next: Tell the patient." in first_line(untold)
    assert "waits for" not in words(untold)
    assert pressed(untold)[:2] == ["pa.card.open", "pa.tell_patient.open"]


def test_what_somebody_is_on_is_not_asked_again() -> None:
    drawn = overdue.overdue_owner(LOOK, late(held(item())))
    assert "Bea Munro is on it until Mon Nov 23, 2:30 PM EST" in words(drawn)
    assert "pa.hold.on_it" not in pressed(drawn)
    several = overdue.overdue_owner(LOOK, late(item(), held(item(1043))))
    assert "pa.hold.on_it" in pressed(several)


def test_a_request_with_two_late_clocks_is_one_line() -> None:
    drawn = overdue.escalated_today(LOOK, late(item(clock=Clock.FOLLOW_UP), item(clock=Clock.PAYER_RESPONSE)))
    assert "1 request is late" in first_line(drawn)
    assert words(drawn).count("PA-1042 · J.D.") == 1
    assert "Check with payer, due Mon Nov 23, 8:30 AM EST; Payer's response, due" in words(drawn)


HOSTILE_ONES = {
    "decision": lambda h: messages.decision(LOOK, card(service=h, denial=replace(DENIAL, reason_text=h)), IDA, 77),
    "question": lambda h: messages.question(LOOK, card(service=h, question=replace(QUESTION, text=h)), IDA, 8),
    "instruction": lambda h: messages.instruction(
        LOOK, card(denial=replace(DECIDED, decision_reason=h, decision_words=h)), 77
    ),
    "answered": lambda h: messages.answered(LOOK, card(service=h, question=replace(ANSWERED, text=h, answer=h)), 8),
    "need": lambda h: messages.need(LOOK, card(entry=entry("ask_for_more", need=h)), "save-1"),
    "overdue_clinician": lambda h: overdue.overdue_clinician(
        LOOK, late(*(item(number, service=h, payer=h, waits_for=h) for number in range(1, 300)))
    ),
    "escalated_today": lambda h: overdue.escalated_today(
        LOOK, late(*(item(number, service=h, payer=h, waits_for=h) for number in range(1, 300)))
    ),
    "unassigned": lambda h: messages.unassigned(LOOK, page(*(line(n, service=h, payer=h) for n in range(1, 11)))),
}


@pytest.mark.parametrize("name", HOSTILE_ONES)
@pytest.mark.parametrize("words_typed", [samples.HOSTILE, "\n" * 1900 + "x", "&" * 2000, "*" * 2000])
def test_hostile_words_stay_words_and_fit(name: str, words_typed: str) -> None:
    drawn = HOSTILE_ONES[name](words_typed)
    fits(drawn)
    assert "<!channel>" not in words(drawn) + drawn.text
    assert "<https://evil" not in words(drawn)
    assert "\u202e" not in words(drawn)


def test_what_does_not_fit_is_counted() -> None:
    drawn = overdue.escalated_today(LOOK, late(*(item(number) for number in range(1, 201))))
    shown = words(drawn).count("• ")
    assert f"and {200 - shown} more" in words(drawn)
    menu = next(block for block in drawn.blocks if block["block_id"] == "choose")
    assert menu["elements"][0]["type"] == "external_select"  # more than a menu holds: it searches
    fewer = overdue.escalated_today(LOOK, late(*(item(number) for number in range(1, 101))))
    menu = next(block for block in fewer.blocks if block["block_id"] == "choose")
    assert len(menu["elements"][0]["options"]) == 100


@pytest.mark.parametrize("name", ALL)
def test_a_lock_screen_shows_nobodys_words(name: str) -> None:
    drawn = ALL[name]()
    for typed in (
        DENIAL.reason_text,
        DECIDED.decision_reason,
        DECIDED.decision_words,
        QUESTION.text,
        ANSWERED.answer,
        "The October note.",
        "You know them.",
        "Power wheelchair",
    ):
        assert typed not in drawn.text


def test_a_lock_screen_shows_number_initials_payer_and_status() -> None:
    drawn = messages.decision(LOOK, card(), IDA, 77)
    assert drawn.text == "PA-1042 · J.D. · Northwind Health · Escalated for clinical review"


def test_many_faults_are_counted_and_the_message_still_fits() -> None:
    hostile = [line(number, service=samples.HOSTILE, payer=samples.HOSTILE) for number in range(1, 101)]
    broken = tuple(FaultLine(Fault(FaultKind.NO_OWNER, str(one.number)), one) for one in hostile)
    drawn = health.faults(LOOK, replace(FAULTS, lines=broken))
    fits(drawn)
    assert "and 88 more" in words(drawn)
    assert "<!channel>" not in words(drawn)


def test_the_lock_screen_of_a_fault_names_no_patient() -> None:
    assert health.faults(LOOK, FAULTS).text == "7 things are not as they should be"
