"""What the bot owes its readers: nothing lost, nothing twice, however Slack behaves and whoever is killed."""

import pytest
from practice import Practice, buttons, words

from benchmarks import delivering


def denied(practice: Practice) -> int:
    number = practice.cora.opens_request()
    practice.cora.does(number, "Ready to submit")
    practice.cora.does(number, "Submitted", channel="portal", tracking_number="TRK-1")
    practice.cora.does(number, "Denied", reason="experimental")
    return number


def test_an_answer_that_was_lost_is_looked_for_before_sending_again(practice: Practice) -> None:
    denied(practice)
    practice.workspace.faults.next("drop_after", "chat.postMessage")
    practice.deliver()
    assert len(practice.ida.direct_messages) == 1


@pytest.mark.parametrize("fault", ["error_500", "drop_before", "rate_limited"])
def test_a_call_that_failed_is_made_again(practice: Practice, fault: str) -> None:
    denied(practice)
    practice.workspace.faults.next(fault, "chat.postMessage")  # type: ignore[arg-type]
    practice.deliver()
    assert len(practice.ida.direct_messages) == 1


def test_what_slack_refuses_for_good_is_shown_to_managers(practice: Practice) -> None:
    practice.workspace.faults.add("refused", "conversations.open", error="user_disabled")
    denied(practice)
    practice.deliver()
    assert practice.max.person.open_home() is not None
    assert "user_disabled" in words(practice.max.person.home)  # type: ignore[arg-type]
    assert "user_disabled" not in words(practice.cora.person.open_home())  # type: ignore[arg-type]


def test_a_message_that_was_deleted_is_posted_anew(practice: Practice) -> None:
    number = denied(practice)
    practice.deliver()
    practice.workspace.channels[practice.ida.direct_messages[0].channel].messages.clear()
    practice.ida.presses(practice.ida.card(number), "Appeal")
    practice.ida.submits(reason="It fits.")
    practice.deliver()
    assert [buttons(message).get("Appeal") for message in practice.ida.direct_messages] == [None]


def test_an_outage_loses_nothing(practice: Practice) -> None:
    denied(practice)
    practice.workspace.faults.outage = True
    practice.pabot.jobs.delivery.run()
    practice.workspace.faults.outage = False
    practice.deliver()
    assert len(practice.ida.direct_messages) == 1


def test_a_channel_shared_with_outsiders_gets_nothing(practice: Practice) -> None:
    practice.workspace.channels["C0TEAM"].is_ext_shared = True
    practice.cora.opens_request()
    practice.clock.forward(days=1)
    practice.tick()
    assert not practice.team_messages()


def test_killed_workers_lose_nothing_and_send_nothing_twice(database_url: str) -> None:
    outcome = delivering.deliver(messages_each=3, people=20, control=False, url=database_url)
    assert outcome.kills > 1
    assert (outcome.lost, outcome.twice) == (0, 0), outcome
