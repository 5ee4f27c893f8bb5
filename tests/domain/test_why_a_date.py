"""Every clock explains itself: until when, in which unit, whose rule it is, counted from what and since when."""

from datetime import date

import pytest
from domain_practice import CORA, DORA, MANUAL, MARA, PAYER, Story, Told, at, begun, clocks, on_the_wall, rules

from pabot.domain import commands as c
from pabot.domain import commands_clocks as k
from pabot.domain import ladder
from pabot.domain.clocks import PASSED_ON
from pabot.domain.commands_review import AcceptReview
from pabot.domain.deadlines import Clock
from pabot.domain.model import Decision, LineOfBusiness, Urgency
from pabot.domain.payer_rules import DEFAULTS, Layer, Rule, RuleKind, Window, by_law

BOUND = {RuleKind.P2P: Rule(Window(7, "bd"), MANUAL, layer=Layer.PAYER)}
SATURDAY = date(2026, 6, 13)


def asked_twice(story: Story) -> Story:
    return story.with_checklist().asks_for(2).wait_until("2026-06-02 10:00").asks_for(2)


def expedited(story: Story) -> Story:
    return story.given(urgency=Urgency.EXPEDITED)


def by_default(story: Story) -> Story:
    story.book = rules(payer=dict(DEFAULTS[LineOfBusiness.MEDICARE_ADVANTAGE]))
    return story


def with_calls(story: Story) -> Story:
    story.book = rules(payer=PAYER | BOUND)
    return story


def nobody_licensed(story: Story) -> Story:
    story.book = rules(CORA, MARA)
    return story


def worried(story: Story) -> Story:
    asked = story.ready().wait_until("2026-06-05 19:00")
    return asked.does(CORA, c.AskClinician, question="May she wait?", trigger="patient_worry")


def taken(story: Story) -> Story:
    return story.does(CORA, c.CheckRequirement, required=True, missing="office note")


# Every story begins on Monday, June 1, 2026 at nine; the office is open from eight to five.
ROWS: list[tuple[str, Told, Clock, str, str, str, str]] = [
    ("opened", lambda s: s, Clock.FIRST_TOUCH, "Mon 2026-06-01 11:00", "bh", "practice",
     "2 business hours from opening on Jun 1"),
    ("ordered", lambda s: s, Clock.SUBMISSION, "Mon 2026-06-01 17:00", "bd", "practice",
     "same business day as the order on Jun 1"),
    ("missing", taken, Clock.DOCUMENT_CHASE, "Tue 2026-06-02 17:00", "bd", "practice",
     "1 business day from needing documents on Jun 1"),
    ("asked", lambda s: s.with_checklist().asks_for(2), Clock.DOCUMENT_CHASE, "Tue 2026-06-02 17:00", "bd", "practice",
     "1 business day from asking for them on Jun 1"),
    ("asked again", asked_twice, Clock.DOCUMENT_CHASE, "Thu 2026-06-04 17:00", "bd", "practice",
     "2 business days from asking again on Jun 2"),
    ("sent", lambda s: s.ready().submit(), Clock.ACKNOWLEDGEMENT, "Tue 2026-06-02 17:00", "bd", "practice",
     "1 business day from sending on Jun 1"),
    ("sent, expedited", lambda s: expedited(s).ready().submit(), Clock.ACKNOWLEDGEMENT, "Mon 2026-06-01 11:11", "ch",
     "practice", "expedited: 2 hours from sending on Jun 1"),
    ("the payer has it", lambda s: s.pending(), Clock.PAYER_RESPONSE, "Mon 2026-06-08 17:00", "cd", "payer",
     "payer's standard window, 7 calendar days from receipt on Jun 1 (payer: Harbor Health manual)"),
    ("no receipt yet", lambda s: s.ready().submit(), Clock.PAYER_RESPONSE, "Mon 2026-06-08 17:00", "cd", "payer",
     "payer's standard window, 7 calendar days from sending on Jun 1 (payer: Harbor Health manual)"),
    ("by default", lambda s: by_default(s).pending(), Clock.PAYER_RESPONSE, "Mon 2026-06-08 17:00", "cd", "default",
     "payer's standard window, 7 calendar days from receipt on Jun 1 (default, verify: CMS-0057-F; 42 CFR 422.582)"),
    ("expedited", lambda s: expedited(s).pending(), Clock.PAYER_RESPONSE, "Thu 2026-06-04 09:11", "ch", "payer",
     "payer's expedited window, 72 hours from receipt on Jun 1 (payer: Harbor Health manual)"),
    ("answered", lambda s: s.pending().payer_asks().wait_until("2026-06-02 10:00").answer_payer(),
     Clock.PAYER_RESPONSE, "Tue 2026-06-09 17:00", "cd", "payer",
     "payer's standard window, 7 calendar days from our answer on Jun 2 (payer: Harbor Health manual)"),
    ("the payer's date", lambda s: s.ready().submit(tracking_number="H", expected_on=date(2026, 6, 4)),
     Clock.PAYER_RESPONSE, "Thu 2026-06-04 17:00", "cd", "payer", "the date that the payer gave, Jun 4"),
    ("appealed", lambda s: s.pending().deny().decide(Decision.APPEAL).appeal(), Clock.PAYER_RESPONSE,
     "Wed 2026-07-01 17:00", "cd", "payer", "decision on the appeal filed on Jun 1"),
    ("a call", lambda s: s.pending().deny().decide(Decision.P2P).book_call(), Clock.PAYER_RESPONSE,
     "Tue 2026-06-02 17:00", "cd", "practice", "the day of the peer-to-peer call on Jun 2"),
    ("the next check", lambda s: s.pending(), Clock.FOLLOW_UP, "Thu 2026-06-04 17:00", "bd", "practice",
     "the next check with the payer, set for Jun 4"),
    ("a check on a Saturday", lambda s: s.pending().given(next_check_on=date(2026, 6, 6)), Clock.FOLLOW_UP,
     "Mon 2026-06-08 17:00", "bd", "practice",
     "the next check with the payer, set for Jun 6, a closed day: on the next open one"),
    ("the checklist's limit", lambda s: s.limited().pending(), Clock.ESCALATION_TRIGGER, "Mon 2026-06-08 17:00", "bd",
     "checklist",
     "checklist “Power wheelchairs”: raise after 5 business days without an answer, from sending on Jun 1"),
    ("the payer asks by a date", lambda s: s.pending().payer_asks(due_on=SATURDAY), Clock.INFORMATION,
     "Fri 2026-06-12 17:00", "cd", "letter",
     "the payer's own information date, Jun 13; Jun 13 is closed: met on the last open day before"),
    ("the payer asks", lambda s: s.pending().payer_asks(), Clock.INFORMATION, "Mon 2026-06-15 17:00", "cd", "default",
     "payer's information window, 14 calendar days from its question of Jun 1 (default, verify: our judgement)"),
    ("nobody to route to", lambda s: nobody_licensed(s).pending().deny(), Clock.ROUTING, "Mon 2026-06-01 11:12", "bh",
     "practice", "2 business hours from the denial on Jun 1, and before that day closes"),
    ("routed", lambda s: s.pending().deny(), Clock.ACCEPTANCE, "Mon 2026-06-01 13:13", "bh", "practice",
     "4 business hours from routing the denial on Jun 1"),
    ("asked a clinician", lambda s: expedited(s).ready().ask(), Clock.ACCEPTANCE, "Mon 2026-06-01 10:12", "ch",
     "practice", "expedited: 1 hour from asking on Jun 1"),
    ("in hand", lambda s: s.pending().deny().does(DORA, AcceptReview), Clock.JUDGEMENT, "Tue 2026-06-02 17:00", "bd",
     "practice", "1 business day from taking the denial in hand on Jun 1"),
    ("a worry in hand", lambda s: worried(s).does(DORA, AcceptReview), Clock.JUDGEMENT, "Fri 2026-06-05 23:02",
     "ch", "practice", "urgent worry: 4 hours from taking the question in hand on Jun 5"),
    ("a worry", lambda s: worried(s), Clock.ACCEPTANCE, "Fri 2026-06-05 20:01", "ch", "practice",
     "urgent worry: 1 hour from asking on Jun 5"),
    ("urgency proposed", lambda s: s.pending().wait_until("2026-06-03 10:00").does(
        CORA, k.ChangeDetails, urgency=Urgency.EXPEDITED), Clock.ACCEPTANCE, "Wed 2026-06-03 14:01", "bh", "practice",
     "4 business hours from proposing expedited review on Jun 3"),
    ("denied", lambda s: s.pending().deny(), Clock.APPEAL_READY, "Tue 2026-06-02 09:12", "ch", "practice",
     "24 hours from the denial on Jun 1"),
    ("denied, a letter's date", lambda s: s.pending().deny(appeal_by=date(2026, 7, 8)), Clock.APPEAL_WINDOW,
     "Wed 2026-07-08 17:00", "cd", "letter", "the payer's own level 1 plan reconsideration date, Jul 8"),
    ("denied, a rule's date", lambda s: s.pending().deny(notice_on=date(2026, 6, 1)), Clock.APPEAL_WINDOW,
     "Wed 2026-08-05 17:00", "cd", "payer",
     "payer's level 1 plan reconsideration window, 65 calendar days from the notice of Jun 1 "
     "(payer: Harbor Health manual)"),
    ("a call's letter", lambda s: s.pending().deny(p2p_by=date(2026, 6, 10)), Clock.P2P_WINDOW, "Wed 2026-06-10 17:00",
     "cd", "letter", "the payer's own level 1 peer-to-peer date, Jun 10"),
    ("a call's rule", lambda s: with_calls(s).pending().deny(), Clock.P2P_WINDOW, "Wed 2026-06-10 17:00", "bd", "payer",
     "payer's level 1 peer-to-peer window, 7 business days from the notice of Jun 1 (payer: Harbor Health manual)"),
    ("a patient to tell", lambda s: s.pending().deny(), Clock.PATIENT_TOLD, "Mon 2026-06-01 17:00", "bd", "practice",
     "same business day as the denial on Jun 1"),
    ("good news to tell", lambda s: s.pending().approve(), Clock.PATIENT_TOLD, "Tue 2026-06-02 09:12", "ch", "practice",
     "24 hours from the decision on Jun 1"),
    ("told", lambda s: s.pending().approve().tell(), Clock.CLOSURE, "Wed 2026-06-03 17:00", "bd", "practice",
     "2 business days from telling the patient on Jun 1"),
    ("judged after telling", lambda s: s.pending().deny().tell().wait_until("2026-06-03 10:00").decide(Decision.ACCEPT),
     Clock.CLOSURE, "Fri 2026-06-05 17:00", "bd", "practice", "2 business days from the last judgement on Jun 3"),
    ("granted until", lambda s: s.pending().approve(expires_on=date(2026, 8, 31)), Clock.EXPIRY, "Mon 2026-08-31 17:00",
     "cd", "payer", "the approval's last day, Aug 31, as the payer decided on Jun 1"),
    ("an appointment", lambda s: s.given(appointment_on=date(2026, 6, 15)).pending(), Clock.SERVICE_DATE,
     "Fri 2026-06-12 17:00", "bd", "practice", "the business day before the appointment on Jun 15"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "clock", "due", "unit", "source", "why"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_a_date_says_why_it_is_what_it_is(told: Told, clock: Clock, due: str, unit: str, source: str, why: str) -> None:
    story = told(Story())
    found = clocks(story.state, story.book)[clock]
    assert (on_the_wall(found.due_at), found.unit, found.source, found.why) == (due, unit, source, why)


def test_every_clock_is_explained_here() -> None:
    calls = {Clock.PATIENT_QUESTION, Clock.PATIENT_WORRY, *PASSED_ON}
    assert {row[2] for row in ROWS} | {Clock.PATIENT_UPDATE, *calls} == set(Clock)


@pytest.mark.parametrize(
    ("received", "clock", "due", "why"),
    [
        ("2026-06-05 16:40", Clock.APPEAL_READY, "Mon 2026-06-08 16:40",
         "24 hours from the denial on Jun 5, moved to the next open hours"),
        ("2026-06-05 16:40", Clock.PATIENT_TOLD, "Mon 2026-06-08 08:40",
         "the denial in the last hour on Jun 5: the next open hour"),
        ("2026-06-06 10:00", Clock.PATIENT_TOLD, "Mon 2026-06-08 17:00",
         "next business day after the denial on Jun 6"),
        ("2026-06-06 06:00", Clock.APPEAL_READY, "Mon 2026-06-08 17:00",  # never the first minute
         "24 hours from the denial on Jun 6, moved to the next open hours"),
    ],
)  # fmt: skip
def test_a_denial_at_an_odd_hour(received: str, clock: Clock, due: str, why: str) -> None:
    story = begun(received).pending().wait_until(received).deny()
    found = clocks(story.state)[clock]
    assert (on_the_wall(found.due_at), found.why) == (due, why)


@pytest.mark.parametrize(
    ("received", "target", "breach"),
    [
        ("2026-06-01 09:00", "Mon 2026-06-01 11:00", "Mon 2026-06-01 13:00"),
        ("2026-06-01 14:00", "Mon 2026-06-01 16:00", "Mon 2026-06-01 17:00"),  # before close of the same day
        ("2026-06-01 16:30", "Mon 2026-06-01 17:00", "Mon 2026-06-01 17:00"),
        ("2026-06-06 10:00", "Mon 2026-06-08 10:00", "Mon 2026-06-08 12:00"),
    ],
)
def test_a_denial_is_routed_in_two_hours_and_the_managers_hear_after_four(
    received: str, target: str, breach: str
) -> None:
    story = nobody_licensed(begun(received).pending().wait_until(received))
    story.deny(received_at=at(received))
    (found,) = [each for each in ladder.clocks(story.state, story.book) if each.kind is Clock.ROUTING]
    assert found.managers_at
    assert (on_the_wall(found.due_at), on_the_wall(found.managers_at)) == (target, breach)


@pytest.mark.parametrize(
    ("line_of_business", "codes", "window"),
    [
        (LineOfBusiness.MEDICARE_FFS, ("K0856", "E2311"), Window(5, "bd")),
        (LineOfBusiness.MEDICARE_FFS, ("K0856", "64483"), Window(7, "cd")),
        (LineOfBusiness.MEDICARE_FFS, (), Window(7, "cd")),
        (LineOfBusiness.MEDICARE_ADVANTAGE, ("K0856",), Window(7, "cd")),
    ],
)
def test_original_medicare_answers_sooner_where_all_is_equipment(
    line_of_business: LineOfBusiness, codes: tuple[str, ...], window: Window
) -> None:
    found = by_law(line_of_business, codes)
    assert found[RuleKind.STANDARD].window == window
    assert found[RuleKind.EXPEDITED] == DEFAULTS[line_of_business][RuleKind.EXPEDITED]


def test_a_call_s_window_is_not_opened_for_a_denial_that_nobody_would_call_about() -> None:
    story = with_calls(Story()).pending().deny(reason="missing_docs")
    assert Clock.P2P_WINDOW not in clocks(story.state, story.book)
