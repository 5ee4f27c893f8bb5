"""A checklist at work: when an unanswered request is raised, what is left to do at the end, how long approvals hold."""

from dataclasses import replace
from datetime import date

import pytest
from domain_practice import CORA, DORA, MARA, Story, Told, clocks, due

from pabot.domain import commands as c
from pabot.domain.deadlines import ESCALATED, HELD_UP_BY, Clock
from pabot.domain.errors import Invalid
from pabot.domain.library import Checklist
from pabot.domain.model import Channel, Decision
from pabot.domain.statuses import Status

TRIGGER = Clock.ESCALATION_TRIGGER
STEPS = Checklist("Power wheelchairs", closure_steps=("Send the number to the vendor", "Note the last day"))


def runs(story: Story) -> bool:
    return TRIGGER in clocks(story.state, story.book)


@pytest.mark.parametrize(
    ("days", "last"), [(1, "Tue 2026-06-02 17:00"), (5, "Mon 2026-06-08 17:00"), (24, "Mon 2026-07-06 17:00")]
)
def test_the_limit_counts_business_days_from_sending(days: int, last: str) -> None:
    assert due(Story().limited(days).pending(), TRIGGER) == last


def test_the_limit_says_whose_it_is() -> None:
    found = clocks((story := Story().limited().pending()).state, story.book)[TRIGGER]
    assert (
        found.why
        == "checklist “Power wheelchairs”: raise after 5 business days without an answer, from sending on Jun 1"
    )
    assert (found.source, found.unit) == ("checklist", "bd")


def test_it_is_raised_and_nobody_s_judgement_waits_for_it() -> None:
    assert TRIGGER in ESCALATED - HELD_UP_BY.keys()


@pytest.mark.parametrize(
    "told",
    [
        lambda s: s.ready(),
        lambda s: s.pending().payer_asks(),
        lambda s: s.pending().approve(),
        lambda s: s.pending().deny(),
        lambda s: s.pending().deny().tell().decide(Decision.APPEAL).appeal(),
        lambda s: s.pending().deny().tell().decide(Decision.P2P).book_call(),
        lambda s: s.pending().withdraw(),
    ],
    ids=["not sent", "asked", "approved", "denied", "appeal filed", "call booked", "withdrawn"],
)
def test_it_runs_only_while_the_first_decision_is_awaited(told: Told) -> None:
    assert not runs(told(Story().limited()))


def test_a_question_to_a_clinician_does_not_stop_it() -> None:
    story = Story().limited().pending().ask()
    assert story.state.status is Status.CLINICAL_REVIEW
    assert runs(story)


def test_what_is_sent_back_or_sent_again_starts_it_anew() -> None:
    asked = Story().limited().pending().payer_asks().wait_until("2026-06-10 10:00").answer_payer()
    assert due(asked, TRIGGER) == "Wed 2026-06-17 17:00"
    again = Story().limited().pending().wait_until("2026-06-04 10:00")
    again.does(CORA, c.SendAgain, reason="Fax cut off", channel=Channel.FAX, submitted_at=again.now)
    assert due(again, TRIGGER) == "Thu 2026-06-11 17:00"


def test_a_checklist_without_a_limit_raises_nothing() -> None:
    assert not runs(Story().with_checklist().gathers(1, 2).submit(tracking_number="HH-1"))


def approved() -> Story:
    return Story().with_checklist(STEPS).pending().approve()


@pytest.mark.parametrize(
    "ends",
    [
        lambda s, **typed: s.tell().close(**typed),
        lambda s, **typed: s.tell(and_close=True, **typed),
        lambda s, **typed: s.does(MARA, c.WaiveUpdate, reason="moved away", and_close=True, **typed),
    ],
    ids=["close", "tell and close", "waive and close"],
)
def test_closing_wants_every_step_done_or_a_note(ends: Told) -> None:
    with pytest.raises(Invalid) as refused:
        ends(approved(), closure_steps=frozenset({"Note the last day"}))
    assert refused.value.fields == {"closure_steps_1": "Tick what is done. If something is not, say why in the note."}
    done = ends(approved(), closure_steps=frozenset(STEPS.closure_steps))
    noted = ends(
        approved(), closure_steps=frozenset({"Note the last day", "One of before"}), note="The vendor has closed"
    )
    for story in (done, noted):
        assert story.state.status is Status.CLOSED
    assert detail(done)["done"] == "Send the number to the vendor; Note the last day"
    assert not detail(done)["undone"]
    assert (detail(noted)["done"], detail(noted)["undone"]) == ("Note the last day", "Send the number to the vendor")


def detail(story: Story) -> dict[str, str]:
    assert story.change
    return dict(story.change.steps[0].detail)


def test_telling_without_closing_asks_for_no_step() -> None:
    assert approved().tell().state.status is Status.PATIENT_NOTIFIED


def test_a_request_without_a_checklist_closes_as_before() -> None:
    assert Story().pending().approve().tell().close().state.status is Status.CLOSED


def test_an_approval_without_its_end_is_told_the_usual_one_and_nothing_is_filled_in() -> None:
    usual = " The payer's approvals usually hold 90 days: until Aug 29, 2026."
    story = Story().with_checklist(replace(STEPS, valid_days=90)).pending()
    for start, said in ((date(2026, 6, 1), usual), (None, "")):
        with pytest.raises(Invalid) as refused:
            story.approve(effective_on=start, expires_on=None)
        assert refused.value.fields == {
            "expires_on": f"Give both dates, or tick that the payer stated none.{said}",
        }


def test_the_first_day_of_an_approval_counts() -> None:
    assert replace(STEPS, valid_days=1).usually_ends(date(2026, 6, 1)) == date(2026, 6, 1)
    assert STEPS.usually_ends(date(2026, 6, 1)) is None


def test_a_clinician_may_log_what_came_of_raising_it() -> None:
    assert "log_contact" in Story().limited().pending().offers(DORA)
