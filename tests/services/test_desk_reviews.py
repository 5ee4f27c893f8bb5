"""Once a week the managers read which checklists in use want looking at, and why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from record_practice import BILL, CORA, MAX, Bench, once
from test_desk_late import away
from test_desk_library import HARBOR, entries
from test_desk_proposals import FORM, VIDEO, approve, chairs, follow, propose, told

from pabot.domain import commands as c
from pabot.domain.answers import ReviewLine
from pabot.domain.proposals import Propose

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # ten o'clock in the practice


@pytest.fixture
def library(practice: Bench) -> Bench:
    verified = HARBOR.replace("- service:", "- verified_on: 2026-11-23\n    service:").replace(
        "{service: Any", "{verified_on: 2026-11-23, service: Any"
    )
    practice.desk.import_payers(entries(verified), source="harbor.yaml")
    practice.clock.set(MONDAY)
    return practice


def reviewed(library: Bench) -> tuple[ReviewLine, ...]:
    return library.desk.review(library.desk.calendar().day(library.clock.now())).lines


def asked_beyond(library: Bench, times: int) -> None:
    """The payer asks so often for something that the checklist does not name."""
    for _ in range(times):
        number = follow(library)
        now = library.clock.now()
        library.step(CORA, c.RecordDocuments(number=number, received=frozenset({1}), location="chart"))
        library.step(CORA, c.Submit(number=number, channel=c.Channel.FAX, submitted_at=now, tracking_number="T"))
        asked = c.RecordInformationRequest(number=number, asked="A photo", clinical=False, received_at=now)
        library.step(CORA, asked)


def test_a_checklist_that_holds_and_was_looked_at_is_no_news(library: Bench) -> None:
    follow(library)
    assert not library.desk.queue_review()
    assert reviewed(library) == ()


@pytest.mark.parametrize(("times", "due"), [(2, False), (3, True)])
def test_payers_that_ask_beyond_it_three_times_in_thirty_days(library: Bench, times: int, due: bool) -> None:
    asked_beyond(library, times)
    assert [line.asked for line in reviewed(library)] == [times] * due
    library.clock.forward(days=31)
    assert reviewed(library) == ()


def test_a_reported_change_until_it_is_decided(library: Bench) -> None:
    made = propose(library, FORM)
    (line,) = reviewed(library)
    assert [(report.by, report.why) for report in line.reported] == [
        ("Cora Lindqvist", "Pat at Harbor said so, ref 4711")
    ]
    approve(library, made)
    assert reviewed(library) == ()


def test_half_a_year_without_a_look_matters_where_requests_follow_it(library: Bench) -> None:
    library.clock.forward(days=181)
    assert reviewed(library) == ()
    follow(library)
    (line,) = reviewed(library)
    assert (line.checklist_id, line.stale, line.followed) == (chairs(library)[2], True, 1)


def test_what_payers_ask_beyond_comes_first(library: Bench) -> None:
    asked_beyond(library, 3)
    library.clock.forward(days=1)
    payer_id = chairs(library)[0]
    imaging = next(
        line.checklist_id
        for line in library.desk.payer_page(payer_id, actor=library.member(MAX)).checklists
        if line.service == "Any imaging"
    )
    version = library.desk.checklist_page(imaging, actor=library.member(MAX)).answer.kept
    assert version
    changed = replace(version.body, items=(*version.body.items, VIDEO))
    command = Propose(payer_id, changed, "By phone", imaging, version.n)
    library.desk.propose(command, actor=library.member(CORA), key=once("propose"))
    assert [line.checklist_id for line in reviewed(library)] == [chairs(library)[2], imaging]


@pytest.mark.parametrize(
    ("at", "sent"),
    [
        (MONDAY - timedelta(hours=4), False),  # before the office opens
        (MONDAY - timedelta(days=1), False),  # on Sunday
        (MONDAY, True),
        (MONDAY + timedelta(days=2), True),  # nobody was there before
    ],
)
def test_it_is_sent_when_the_office_first_opens_in_a_week(library: Bench, at: datetime, sent: bool) -> None:
    propose(library, FORM)
    library.clock.set(at)
    assert library.desk.queue_review() is sent


def test_it_is_sent_once_a_week(library: Bench) -> None:
    propose(library, FORM)
    assert [library.desk.queue_review() for _ in range(3)] == [True, False, False]
    library.clock.set(MONDAY + timedelta(days=7))
    assert library.desk.queue_review()
    assert told(library, "library_review") == {MAX}


def test_the_cover_reads_it_while_the_manager_is_away(library: Bench) -> None:
    propose(library, FORM)
    away(library, MAX, cover=BILL)
    library.desk.queue_review()
    assert told(library, "library_review") == {BILL}
