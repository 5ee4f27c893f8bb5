"""When each clock of a request is due."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from domain_practice import (
    CORA,
    DEAN,
    DORA,
    MARA,
    PAYER,
    REQUEST,
    RULES,
    Story,
    at,
    begun,
    clocks,
    due,
    on_the_wall,
    rules,
)

from pabot.domain import commands as c
from pabot.domain.deadlines import Clock, expected_response
from pabot.domain.model import AuthorizationState, Channel, Decision, Urgency
from pabot.domain.payer_rules import Rule, RuleKind, Window
from pabot.domain.rules import next_check
from pabot.domain.statuses import Status

EXPEDITED = replace(REQUEST, urgency=Urgency.EXPEDITED)


@pytest.mark.parametrize(
    ("ordered", "by", "why"),
    [
        ("2026-06-01 09:00", "Mon 2026-06-01 17:00", "same business day as the order on Jun 1"),
        ("2026-06-01 17:30", "Tue 2026-06-02 17:00", "next business day after the order on Jun 1"),
        ("2026-06-05 18:00", "Mon 2026-06-08 17:00", "next business day after the order on Jun 5"),
        ("2026-06-06 10:00", "Mon 2026-06-08 17:00", "next business day after the order on Jun 6"),
        # after the early closing before Thanksgiving
        ("2026-11-25 13:00", "Fri 2026-11-27 17:00", "next business day after the order on Nov 25"),
    ],
)
def test_a_request_goes_out_on_the_business_day_of_its_order(ordered: str, by: str, why: str) -> None:
    deadline = clocks(replace(REQUEST, ordered_at=at(ordered)))[Clock.SUBMISSION]
    assert on_the_wall(deadline.due_at) == by
    assert deadline.why == why


def test_the_first_look_is_due_in_two_business_hours() -> None:
    late = replace(REQUEST, created_at=at("2026-06-05 16:30"))
    assert on_the_wall(clocks(late)[Clock.FIRST_TOUCH].due_at) == "Mon 2026-06-08 09:30"


def test_a_resubmission_goes_out_on_the_day_it_is_decided() -> None:
    story = Story().pending().deny().tell().wait_until("2026-06-03 09:00").decide(Decision.RESUBMIT)
    assert due(story, Clock.SUBMISSION) == "Wed 2026-06-03 17:00"
    assert clocks(story.state)[Clock.SUBMISSION].why == "same business day as the decision to resubmit on Jun 3"


def test_documents_are_chased_after_a_business_day() -> None:
    story = Story(now=at("2026-06-05 10:00")).does(CORA, c.CheckRequirement, required=True, missing="office note")
    assert due(story, Clock.DOCUMENT_CHASE) == "Mon 2026-06-08 17:00"


@pytest.mark.parametrize(
    ("request_", "sent", "by", "unit"),
    [
        (REQUEST, "2026-06-05 15:59", "Mon 2026-06-08 17:00", "bd"),
        (EXPEDITED, "2026-06-05 16:00", "Fri 2026-06-05 18:00", "ch"),
    ],
)
def test_the_payers_confirmation(request_: AuthorizationState, sent: str, by: str, unit: str) -> None:
    story = Story(request_).ready().wait_until(sent).submit()
    assert due(story, Clock.ACKNOWLEDGEMENT) == by
    assert clocks(story.state)[Clock.ACKNOWLEDGEMENT].unit == unit


@pytest.mark.parametrize(
    ("request_", "window", "sent", "by"),
    [
        (REQUEST, Window(7, "cd"), "2026-06-01 10:00", "Mon 2026-06-08 17:00"),
        (REQUEST, Window(7, "cd"), "2026-05-18 10:00", "Mon 2026-05-25 23:59"),  # a holiday: its last minute
        (REQUEST, Window(7, "cd"), "2026-03-02 10:00", "Mon 2026-03-09 17:00"),  # over the clock change
        (REQUEST, Window(2, "bd"), "2026-06-05 10:00", "Tue 2026-06-09 17:00"),
        (REQUEST, Window(2, "bd"), "2026-05-21 10:00", "Mon 2026-05-25 23:59"),  # our holiday gives the payer no more
        (REQUEST, Window(72, "h"), "2026-06-05 10:00", "Mon 2026-06-08 10:00"),  # never pauses for a weekend
        (EXPEDITED, Window(7, "cd"), "2026-06-05 10:00", "Mon 2026-06-08 10:00"),
        (EXPEDITED, Window(7, "cd"), "2026-03-06 10:00", "Mon 2026-03-09 11:00"),  # 72 real hours
    ],
)
def test_the_payers_response(request_: AuthorizationState, window: Window, sent: str, by: str) -> None:
    moment = at(sent)
    sent_state = replace(
        request_,
        status=Status.PENDING,
        submitted_at=moment - timedelta(hours=3),
        acknowledged_at=moment,
    )
    book = rules(payer=PAYER | {RuleKind.STANDARD: Rule(window)})
    deadline = clocks(sent_state, book)[Clock.PAYER_RESPONSE]
    assert on_the_wall(deadline.due_at) == by
    assert deadline.started_at == moment


def test_without_a_receipt_the_payers_window_runs_from_sending() -> None:
    story = Story().ready().submit()
    assert clocks(story.state)[Clock.PAYER_RESPONSE].started_at == story.state.submitted_at


def test_an_answer_expected_on_a_closed_day_is_expected_on_that_day() -> None:
    """Seven days from a Saturday end on a Saturday, and on no day after it."""
    expected = expected_response(at("2026-05-23 10:00"), RULES, expedited=False)
    assert expected == (date(2026, 5, 30), "standard window, 7 calendar days")


def test_the_date_the_payer_gave_rules() -> None:
    story = Story().ready().submit(tracking_number="HH-1", expected_on=date(2026, 6, 4))
    assert due(story, Clock.PAYER_RESPONSE) == "Thu 2026-06-04 17:00"
    story.does(CORA, c.LogContact, channel=Channel.PHONE, result="two days more", expected_on=date(2026, 6, 6))
    assert due(story, Clock.PAYER_RESPONSE) == "Sat 2026-06-06 23:59"
    assert clocks(story.state)[Clock.PAYER_RESPONSE].source == "payer"


def test_an_appeals_answer_is_due_when_the_payer_must_decide_it() -> None:
    story = Story().pending().deny().decide(Decision.APPEAL).appeal()
    assert due(story, Clock.PAYER_RESPONSE) == "Wed 2026-07-01 17:00"
    fast = Story().pending().deny().decide(Decision.APPEAL).appeal(DORA, expedited=True)
    assert due(fast, Clock.PAYER_RESPONSE) == "Thu 2026-06-04 17:00"


def test_a_call_is_to_be_recorded_on_its_day() -> None:
    story = Story().pending().deny().decide(Decision.P2P)
    story.book_call(scheduled_for=at("2026-06-04 11:00"))
    assert due(story, Clock.PAYER_RESPONSE) == "Thu 2026-06-04 17:00"


def test_a_contact_moves_the_follow_up() -> None:
    story = Story().pending()
    assert due(story, Clock.FOLLOW_UP) == "Thu 2026-06-04 17:00"  # half of seven days, at most three business days
    story.wait_until("2026-06-04 10:00").does(CORA, c.LogContact, channel=Channel.PORTAL, result="in review")
    assert due(story, Clock.FOLLOW_UP) == "Mon 2026-06-08 17:00"  # two business days on
    story.does(CORA, c.LogContact, channel=Channel.PORTAL, result="call again", next_check_on=date(2026, 6, 6))
    assert due(story, Clock.FOLLOW_UP) == "Mon 2026-06-08 17:00"  # a Saturday lands in open hours


@pytest.mark.parametrize(
    ("today", "expected", "first", "expedited", "day"),
    [
        ("2026-06-01 10:00", date(2026, 6, 8), True, False, "2026-06-04"),  # half the window
        ("2026-06-01 10:00", date(2026, 6, 2), True, False, "2026-06-02"),  # at least one business day
        ("2026-06-01 10:00", date(2026, 7, 1), True, False, "2026-06-04"),  # at most three
        ("2026-06-05 10:00", date(2026, 6, 12), True, False, "2026-06-08"),
        ("2026-06-05 10:00", date(2026, 6, 20), False, False, "2026-06-09"),  # then every two
        ("2026-06-05 10:00", date(2026, 6, 4), False, False, "2026-06-08"),  # late: every one
        ("2026-06-05 10:00", date(2026, 6, 20), True, True, "2026-06-08"),  # expedited: the next open day
        ("2026-06-05 10:00", None, True, False, "2026-06-09"),
    ],
)
def test_the_next_check(today: str, expected: date | None, first: bool, expedited: bool, day: str) -> None:
    found = next_check(at(today), expected, RULES, first=first, expedited=expedited)
    assert found == date.fromisoformat(day)


def test_the_payers_own_information_date_is_met_before_a_closed_day() -> None:
    story = Story().pending().payer_asks(due_on=date(2026, 6, 7))  # a Sunday
    assert due(story, Clock.INFORMATION) == "Fri 2026-06-05 17:00"
    plain = Story().pending().payer_asks()
    assert due(plain, Clock.INFORMATION) == "Mon 2026-06-15 17:00"  # fourteen days when the payer names none


def test_a_denial_that_nobody_can_take_is_to_be_routed_in_two_business_hours() -> None:
    story = Story(now=at("2026-06-05 16:00"), book=rules(CORA, MARA)).pending().deny()
    assert story.state.status is Status.DENIED
    assert due(story, Clock.ROUTING) == "Fri 2026-06-05 17:00"  # always before close of the same day
    story.book = RULES
    story.does(CORA, c.Route, to=DEAN.user_id)
    assert Clock.ROUTING not in clocks(story.state)
    assert Clock.ACCEPTANCE in clocks(story.state)


@pytest.mark.parametrize(
    ("request_", "by"),
    [(REQUEST, "Mon 2026-06-08 11:03"), (EXPEDITED, "Fri 2026-06-05 17:03")],
)
def test_a_clinician_answers_in_four_business_hours_or_one_real_one(request_: AuthorizationState, by: str) -> None:
    story = Story(request_, at("2026-06-05 16:00")).pending().deny()
    assert due(story, Clock.ACCEPTANCE) == by


def test_handing_the_denial_on_starts_the_clinicians_clock_anew() -> None:
    story = Story().pending().deny().wait_until("2026-06-02 10:00").does(DORA, c.Route, to=DEAN.user_id)
    assert due(story, Clock.ACCEPTANCE) == "Tue 2026-06-02 14:01"


def test_a_proposal_of_expedited_review_waits_for_a_clinician() -> None:
    story = Story(replace(REQUEST, urgency_proposed=True))
    assert due(story, Clock.ACCEPTANCE) == "Mon 2026-06-01 13:00"
    story.does(DORA, c.AttestUrgency, expedited=True, basis="cannot walk")
    assert Clock.ACCEPTANCE not in clocks(story.state)


def test_attesting_moves_the_payers_clock() -> None:
    story = Story(replace(REQUEST, urgency_proposed=True)).pending()
    assert due(story, Clock.PAYER_RESPONSE) == "Mon 2026-06-08 17:00"
    story.does(DORA, c.AttestUrgency, expedited=True)
    assert due(story, Clock.PAYER_RESPONSE) == "Thu 2026-06-04 09:11"


@pytest.mark.parametrize(
    ("received", "by"),
    [
        ("2026-06-01 10:00", "Tue 2026-06-02 10:00"),
        ("2026-06-05 16:40", "Mon 2026-06-08 16:40"),
        ("2026-03-06 16:40", "Mon 2026-03-09 16:40"),
        ("2026-10-30 16:40", "Mon 2026-11-02 16:40"),
        ("2026-11-25 11:00", "Fri 2026-11-27 11:00"),
    ],
)
def test_an_appeal_or_a_decision_within_a_day_rolled_into_hours(received: str, by: str) -> None:
    story = begun(received).pending().wait_until(received).deny()
    assert due(story, Clock.APPEAL_READY) == by
    story.decide(Decision.ACCEPT)
    assert Clock.APPEAL_READY not in clocks(story.state)


def test_the_letters_appeal_date_rules_and_is_met_before_a_closed_day() -> None:
    by_rule = Story().pending().deny()
    assert due(by_rule, Clock.APPEAL_WINDOW) == "Wed 2026-08-05 17:00"  # sixty-five days from the notice
    assert clocks(by_rule.state)[Clock.APPEAL_WINDOW].why == (
        "payer's level 1 plan reconsideration window, 65 calendar days from the notice of Jun 1 "
        "(payer: Harbor Health manual)"
    )
    letter = Story().pending().deny(appeal_by=date(2026, 7, 4))  # a Saturday after a closed Friday
    assert due(letter, Clock.APPEAL_WINDOW) == "Thu 2026-07-02 17:00"
    assert clocks(letter.state)[Clock.APPEAL_WINDOW].why == (
        "the payer's own level 1 plan reconsideration date, Jul 4; Jul 4 is closed: met on the last open day before"
    )


def test_what_an_appeal_grants_in_part_can_be_appealed_again_and_the_window_runs() -> None:
    story = Story().commercial().pending().deny().tell().decide(Decision.APPEAL).appeal().partly()
    story.tell().decide(Decision.APPEAL)
    assert story.state.denial is not None
    assert story.state.denial.level == 2
    assert Clock.APPEAL_WINDOW in clocks(story.state)


def test_an_approval_taken_back_after_an_appeal_can_be_appealed_and_the_window_runs() -> None:
    story = Story().pending().deny().decide(Decision.APPEAL).appeal().approve().deny()
    story.tell().decide(Decision.APPEAL)
    assert Clock.APPEAL_WINDOW in clocks(story.state)
    story.appeal()
    assert Clock.APPEAL_WINDOW not in clocks(story.state)


def test_a_later_denial_has_its_own_peer_to_peer_window() -> None:
    story = Story().pending().deny(p2p_by=date(2026, 6, 5)).decide(Decision.P2P).book_call()
    story.deny(p2p_by=date(2026, 6, 12))
    assert due(story, Clock.P2P_WINDOW) == "Fri 2026-06-12 17:00"
    story.decide(Decision.P2P).book_call()
    assert Clock.P2P_WINDOW not in clocks(story.state)
    story.approve()
    assert Clock.P2P_WINDOW not in clocks(story.state)


@pytest.mark.parametrize(
    ("received", "by"),
    [
        ("2026-06-01 10:00", "Mon 2026-06-01 17:00"),
        ("2026-06-01 16:30", "Tue 2026-06-02 08:30"),  # within the last hour: an open hour is left
        ("2026-06-05 16:59", "Mon 2026-06-08 08:59"),
        ("2026-06-06 10:00", "Mon 2026-06-08 17:00"),
    ],
)
def test_a_patient_hears_of_a_denial_the_same_business_day(received: str, by: str) -> None:
    story = begun(received).pending().wait_until(received).deny()
    assert due(story, Clock.PATIENT_TOLD) == by
    story.tell()
    assert Clock.PATIENT_TOLD not in clocks(story.state)


@pytest.mark.parametrize(
    ("decided", "by"),
    [("2026-06-01 10:00", "Tue 2026-06-02 10:00"), ("2026-06-05 16:40", "Mon 2026-06-08 16:40")],
)
def test_a_patient_hears_of_an_approval_within_a_day(decided: str, by: str) -> None:
    story = begun(decided).pending().wait_until(decided).approve()
    assert due(story, Clock.PATIENT_TOLD) == by


def test_an_upheld_appeal_is_to_be_told_anew() -> None:
    story = Story().pending().deny().tell().decide(Decision.APPEAL).appeal()
    assert Clock.PATIENT_TOLD not in clocks(story.state)
    story.wait_until("2026-06-20 10:00").deny()
    assert Clock.PATIENT_TOLD in clocks(story.state)


def test_a_told_request_is_closed_in_two_business_days() -> None:
    story = Story(now=at("2026-06-04 10:00")).pending().approve().tell()
    assert due(story, Clock.CLOSURE) == "Mon 2026-06-08 17:00"


def test_a_request_told_during_its_review_is_closed_in_two_business_days_of_the_decision() -> None:
    story = Story().pending().deny().tell().wait_until("2026-06-03 10:00").decide(Decision.ACCEPT)
    assert due(story, Clock.CLOSURE) == "Fri 2026-06-05 17:00"


def test_an_approvals_last_day_runs_on_after_closing() -> None:
    story = Story().pending().approve(expires_on=date(2026, 8, 31)).tell(and_close=True)
    assert due(story, Clock.EXPIRY) == "Mon 2026-08-31 17:00"
    assert not story.state.is_open


def test_what_is_expected_is_said_with_its_reason() -> None:
    sent: datetime = at("2026-06-01 10:00")
    assert expected_response(sent, RULES, expedited=False) == (date(2026, 6, 8), "standard window, 7 calendar days")
    assert expected_response(sent, RULES, expedited=True) == (date(2026, 6, 4), "expedited window, 72 hours")
