"""Ten days of the rehearsal, and that its checks find what is wrong when something is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from rehearsal import checks
from rehearsal.days import Plan, Rehearsal, opened, rehearse

PLAN = Plan(days=10, arrivals=8, seed=3, stride=timedelta(hours=1))


def test_ten_days_with_outages_absences_and_a_dst_night_hold(database_url: str) -> None:
    done = rehearse(database_url, PLAN)
    assert done.faults == []
    assert (done.days, done.restarts) == (10, 10)
    assert (done.digests, done.missed) == (4, 2)  # of five business days, Slack was away for one whole
    assert min(done.requests, done.raised, done.posted) > 10  # it was a practice at work


@pytest.fixture
def quiet(sqlite_url: str) -> Iterator[Rehearsal]:
    """The same practice after its first day, a Friday."""
    with opened(sqlite_url, replace(PLAN, days=1)) as one:
        assert one.live(lambda day, faults: None).faults == []
        yield one


BROKEN = {
    "no owner": 'UPDATE "authorization" SET owner_id = NULL WHERE number = 1001',
    "no clock runs": 'DELETE FROM deadline WHERE "authorization" = 1001',
    "and waits": "UPDATE message SET sent = 0, next_try_at = '2026-10-30 12:00:00.000000' WHERE id = 1",
    "told as of": "UPDATE escalation SET day = '2026-10-29'",
}


@pytest.mark.parametrize("said", BROKEN)
def test_what_breaks_in_the_tables_is_said_at_the_end_of_the_day(quiet: Rehearsal, said: str) -> None:
    assert list(checks.at_the_end_of_a_day(quiet.pabot, quiet.workspace, away=False)) == []
    with quiet.pabot.store.write() as session:
        assert session.connection.execute(text(BROKEN[said])).rowcount >= 1
    found = list(checks.at_the_end_of_a_day(quiet.pabot, quiet.workspace, away=False))
    assert found
    assert all(said in fault for fault in found)


def test_a_clock_that_was_not_raised_is_said_at_the_next_tick(quiet: Rehearsal) -> None:
    quiet.clock.forward(hours=60)  # Monday
    quiet.pabot.desk.raise_alarms()
    assert list(checks.at_a_tick(quiet.pabot)) == []
    with quiet.pabot.store.write() as session:
        session.connection.execute(text("DELETE FROM escalation"))
    assert list(checks.at_a_tick(quiet.pabot))


def test_a_second_digest_and_a_second_copy_are_said(quiet: Rehearsal) -> None:
    quiet.clock.forward(hours=60)
    today = quiet.pabot.desk.calendar().day(quiet.clock.now())
    assert any("0 digests" in fault for fault in ended(quiet))
    quiet.pabot.jobs.run("digest")
    quiet.pabot.jobs.run("deliver")
    assert list(ended(quiet)) == []
    (digest,) = checks.digests(quiet.workspace, today)
    quiet.workspace.post(digest.channel, digest.user, digest.text, metadata=digest.metadata)
    assert ["2 digests" in fault or "posted twice" in fault for fault in ended(quiet)] == [True, True]


def ended(quiet: Rehearsal) -> list[str]:
    return list(checks.at_the_end_of_a_day(quiet.pabot, quiet.workspace, away=False))
