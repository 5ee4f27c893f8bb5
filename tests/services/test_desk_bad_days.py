"""Bad days of the practice's clocks: clock changes, clocks that differ, a flood of late items, settings in mid-week."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from record_practice import CORA, MAX, SETTINGS, Bench, once, together
from sqlalchemy import event, insert, select

from pabot.clock import StandingClock
from pabot.domain.practice import PracticeSettings
from pabot.services.alarms import BATCH
from pabot.store import schema
from pabot.views import overdue
from pabot.views.text import Look, Texts

NEW_YORK = ZoneInfo("America/New_York")
FLOOD = 5000
EVERY_DAY = "08:00-17:00 mon-sun"


def at(text: str, zone: ZoneInfo = NEW_YORK, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


def save(practice: Bench, settings: PracticeSettings) -> None:
    practice.desk.save_settings(settings, actor=practice.member(MAX), key=once("settings"))


def digests(practice: Bench) -> list[str]:
    return [row["subject"] for row in practice.rows("SELECT subject FROM message WHERE kind = 'digest' ORDER BY id")]


def through(practice: Bench, first: datetime, last: datetime, step: timedelta) -> list[datetime]:
    """Look for a digest at every step from first to last; answers when one was queued."""
    queued, now = [], first
    while now <= last:
        practice.clock.set(now)
        if practice.desk.queue_digest():
            queued.append(now)
        now += step
    return queued


@pytest.mark.parametrize(
    ("night", "digest_at", "comes"),
    [
        ("2027-03-14", "02:30", "2027-03-14 03:30"),  # the spring night has no 02:30: the moment it would have been
        ("2027-03-14", "08:00", "2027-03-14 08:00"),
        ("2026-11-01", "01:30", "2026-11-01 01:30"),  # the autumn night has it twice: the first one, and once
        ("2026-11-01", "08:00", "2026-11-01 08:00"),
    ],
)
def test_on_the_nights_of_the_clock_change_the_digest_comes_once(
    practice: Bench, night: str, digest_at: str, comes: str
) -> None:
    practice.clock.set(at(f"{night} 00:00"))
    save(practice, replace(SETTINGS, office_hours=EVERY_DAY, digest_at=digest_at, holidays="none"))
    start = at(f"{night} 00:00")
    assert through(practice, start, start + timedelta(hours=12), timedelta(minutes=10)) == [at(comes)]
    assert digests(practice) == [night]


@pytest.mark.parametrize(
    ("zone", "moved_at", "days"),
    [
        ("America/Los_Angeles", "2026-11-18 07:00", ["2026-11-18", "2026-11-19"]),  # not posted yet: three hours later
        ("America/Los_Angeles", "2026-11-18 09:00", ["2026-11-18", "2026-11-19"]),  # posted already: not once more
        ("Europe/London", "2026-11-18 06:00", ["2026-11-18", "2026-11-19"]),  # its time has passed there: at once
    ],
)
def test_a_time_zone_changed_in_mid_week_neither_doubles_nor_drops_a_digest(
    practice: Bench, zone: str, moved_at: str, days: list[str]
) -> None:
    before, after = at("2026-11-18 05:00"), at("2026-11-19 14:00")
    through(practice, before, at(moved_at), timedelta(minutes=20))
    save(practice, replace(SETTINGS, timezone=zone))
    through(practice, at(moved_at), after, timedelta(minutes=20))
    assert digests(practice) == days


@pytest.mark.parametrize("off", [timedelta(hours=1), timedelta(hours=-1)])
def test_a_worker_whose_clock_is_an_hour_off_doubles_and_drops_nothing(practice: Bench, off: timedelta) -> None:
    practice.open()
    practice.clock.set(at("2026-11-17 08:30"))
    with practice.another(clock=StandingClock(practice.clock.now() + off)) as other:
        for _ in range(3):
            together(other.desk.raise_alarms, practice.desk.raise_alarms)
            together(other.desk.queue_digest, practice.desk.queue_digest)
        practice.clock.forward(hours=2)
        practice.desk.raise_alarms()
        practice.desk.queue_digest()
    assert digests(practice) == ["2026-11-17"]
    raised = practice.rows("SELECT deadline_id, level FROM escalation ORDER BY deadline_id, level")
    assert raised
    assert len({tuple(row.values()) for row in raised}) == len(raised)
    late = "SELECT id FROM deadline WHERE kind = :kind AND done_at IS NULL"
    assert {row["id"] for row in practice.rows(late, kind="submission")} <= {row["deadline_id"] for row in raised}


def test_five_thousand_items_late_at_once_are_one_message_a_person(practice: Bench) -> None:
    _flood(practice, practice.open().state.number, FLOOD - 1)
    practice.clock.set(at("2026-11-17 09:00"))
    with _raised_in_each_transaction(practice) as sizes:
        assert practice.desk.raise_alarms() == FLOOD
    assert max(sizes) <= BATCH
    told = practice.rows("SELECT kind, recipient FROM message WHERE kind LIKE 'overdue%' OR kind = 'escalated_today'")
    assert sorted((row["kind"], row["recipient"]) for row in told) == [
        ("escalated_today", "C0TEAM"),
        ("overdue_clinician", "U0IDA"),
        ("overdue_owner", CORA),
    ]
    late = practice.desk.overdue_at(CORA, practice.clock.now())
    assert len(late.items) == FLOOD
    drawn = overdue.overdue_owner(Look(Texts.found(), NEW_YORK, practice.privacy), late)
    assert "5000 requests late" in drawn.text
    assert len(drawn.blocks) <= 50


def test_what_slack_could_not_take_for_a_day_is_one_message(practice: Bench) -> None:
    for hours in range(6):
        practice.clock.set(at("2026-11-17 09:00") + timedelta(hours=hours))
        practice.open()
        practice.clock.forward(days=1)
        practice.desk.raise_alarms()
    waiting = practice.rows("SELECT subject FROM message WHERE kind = 'overdue_owner' ORDER BY id")
    *earlier, last = [datetime.fromisoformat(row["subject"]) for row in waiting]
    assert earlier
    assert {bool(practice.desk.overdue_at(CORA, moment).items) for moment in earlier} == {False}
    told = {item.line.number for item in practice.desk.overdue_at(CORA, last).items}
    everything = practice.rows(
        'SELECT DISTINCT d."authorization" AS n FROM escalation JOIN deadline d ON d.id = deadline_id WHERE level = 1'
    )
    assert told == {row["n"] for row in everything}


def _flood(practice: Bench, number: int, times: int) -> None:
    """So many more requests like one, each with its submission due."""
    with practice.store.write() as session:
        connection = session.connection
        like = dict(connection.execute(select(schema.authorization).filter_by(number=number)).one()._mapping)
        clock = connection.execute(select(schema.deadline).filter_by(authorization=number, kind="submission")).one()
        kept = {name: value for name, value in clock._mapping.items() if name != "id"}
        numbers = range(number + 1000, number + 1000 + times)
        connection.execute(insert(schema.authorization), [{**like, "number": each} for each in numbers])
        connection.execute(insert(schema.deadline), [{**kept, "authorization": each} for each in numbers])


class _raised_in_each_transaction:
    """How many escalations each transaction wrote."""

    def __init__(self, practice: Bench) -> None:
        with practice.store.write() as session:
            self.engine = session.connection.engine
        self.sizes = [0]

    def __enter__(self) -> list[int]:
        event.listen(self.engine, "after_cursor_execute", self._count)
        event.listen(self.engine, "commit", self._next)
        return self.sizes

    def __exit__(self, *wrong: object) -> None:
        event.remove(self.engine, "after_cursor_execute", self._count)
        event.remove(self.engine, "commit", self._next)

    def _count(self, connection: object, cursor: object, statement: str, *rest: object) -> None:
        self.sizes[-1] += statement.startswith("INSERT INTO escalation")

    def _next(self, connection: object) -> None:
        self.sizes.append(0)
