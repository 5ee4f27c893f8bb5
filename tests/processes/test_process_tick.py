"""`pabot tick`: the jobs once, now or at another time; a practice's own clock never runs ahead."""

import pytest
from office import Office
from terminal import Terminal

from pabot.domain import commands as c
from pabot.domain.model import Category, Channel, ServiceLine
from tests.e2e.practice import words

LATER = "2035-01-05T09:00"
AHEAD = "The clock may run ahead only in a sandbox, or with --rehearsal on a database that no worker has served."


@pytest.fixture
def waiting(sqlite_office: Office) -> Office:
    """A request that the payer has not answered yet."""
    with sqlite_office.inside() as one:
        cora, now = one.desk.directory().members["U0CORA"], one.clock.now()
        command = c.OpenAuthorization(
            patient=c.Patient("C-1", "J.D.", "Juno", "Nobody"),
            plan_id=one.desk.plans()[0].plan_id,
            category=Category.SERVICE,
            service="Power wheelchair",
            lines=(ServiceLine(1, "K0856", "NU"),),
            diagnoses=("G35",),
            clinician_id="U0IDA",
            ordered_on=one.desk.calendar().day(now),
        )
        number = one.desk.open_authorization(command, actor=cora, key="open").state.number
        one.desk.take_step(c.MarkReady(number=number), actor=cora, key="ready")
        sent = c.Submit(number=number, channel=Channel.PORTAL, submitted_at=now, tracking_number="T1")
        one.desk.take_step(sent, actor=cora, key="sent")
    return sqlite_office


def test_the_jobs_run_once(terminal: Terminal, waiting: Office) -> None:
    said = terminal("tick", waiting)
    assert said.code == 0
    assert said.out.startswith("Messages sent or tried: ")


def test_a_practice_s_own_clock_does_not_run_ahead(terminal: Terminal, waiting: Office) -> None:
    said = terminal(f"tick --at {LATER}", waiting)
    assert (said.code, said.sentence) == (1, AHEAD)
    assert not waiting.colleague("cora").direct_messages


def test_a_sandbox_s_clock_may(terminal: Terminal, waiting: Office) -> None:
    with waiting.inside() as one:
        one.desk.mark_sandbox()
    assert terminal(f"tick --at {LATER}", waiting).code == 0
    assert "PA-" in words(waiting.colleague("cora").direct_messages[-1])


def test_a_rehearsal_may_until_a_worker_was_there(terminal: Terminal, waiting: Office) -> None:
    assert terminal(f"tick --rehearsal --at {LATER}", waiting).code == 0
    assert waiting.colleague("cora").direct_messages
    with waiting.inside() as one:
        one.desk.worker_was_here()
    said = terminal(f"tick --rehearsal --at {LATER}", waiting)
    assert (said.code, said.sentence) == (1, AHEAD)


def test_another_workspace_s_token_is_refused(terminal: Terminal, waiting: Office) -> None:
    with waiting.inside() as one:
        one.desk.know_identity("T0OTHER", "B0BOT", "U0BOT")
    said = terminal("tick", waiting)
    assert (said.code, said.sentence) == (1, "This database belongs to workspace T0OTHER; the token is for T0PRACTICE.")
