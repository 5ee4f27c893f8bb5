"""One absence from the form to the return, as it is seen in Slack."""

from datetime import UTC, datetime

from practice import Practice, words

WEDNESDAY_8 = datetime(2026, 11, 18, 13, 0, tzinfo=UTC)
TUESDAY_10_30 = datetime(2026, 11, 17, 15, 30, tzinfo=UTC)


def by_itself(practice: Practice) -> None:
    """What the worker does about people, once."""
    practice.pabot.desk.keep_absences()
    practice.pabot.desk.ask_who_is_in()
    practice.pabot.jobs.look_at_accounts()
    practice.deliver()


def test_a_coordinator_goes_and_her_colleague_works_for_her_until_she_is_back(practice: Practice) -> None:
    number = practice.cora.opens_request()
    practice.cora.opens_form("away")
    done = practice.cora.submits(covers=["Carl Ostermann"], starts_on="2026-11-16", back_on="2026-11-18")
    assert "You are away from Nov 16, back on Nov 18." in words(done)
    practice.deliver()

    over = practice.carl.direct_messages[-1]
    assert words(over).startswith("*You cover for Cora Lindqvist, who is back on Wed Nov 18, 2026.*")
    assert f"PA-{number}" in words(over)
    assert f"PA-{number}" in words(practice.carl.command("mine"))
    practice.carl.does(number, "Ready to submit")
    practice.carl.does(number, "Submitted", channel="portal", tracking_number="TRK-1")
    assert "for Cora Lindqvist" in words(practice.cora.card(number))

    practice.clock.set(WEDNESDAY_8)
    by_itself(practice)
    back = next(words(message) for message in practice.cora.direct_messages if "Welcome back" in words(message))
    assert "Something was done for you on 1 request." in back
    assert "by Carl Ostermann" in back
    assert "Cora Lindqvist is back" in words(practice.carl.direct_messages[0])


def test_a_manager_is_asked_who_is_in_and_says_away_today(practice: Practice) -> None:
    number = practice.cora.opens_request()
    practice.clock.set(TUESDAY_10_30)
    by_itself(practice)
    asked = next(m for m in practice.max.direct_messages if "Is Cora Lindqvist in today?" in words(m))
    practice.max.presses(asked, "Away today")
    practice.max.submits(covers=["Carl Ostermann"])
    practice.deliver()
    assert "Cora Lindqvist is down as away" in words(asked)
    assert f"PA-{number}" in words(practice.carl.command("mine"))


def test_whose_account_was_deactivated_leaves_nothing_with_nobody(practice: Practice) -> None:
    number = practice.cora.opens_request()
    practice.workspace.users["U0CORA"].deleted = True
    by_itself(practice)
    assert "The Slack account of Cora Lindqvist is deactivated" in words(practice.max.direct_messages[-1])
    assert f"PA-{number}" in words(practice.carl.direct_messages[-1])
    assert not practice.pabot.desk.directory().members["U0CORA"].active
