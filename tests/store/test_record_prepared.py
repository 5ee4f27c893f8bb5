"""A prepared statement does what SQLAlchemy does with the same statement, on both databases."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from record_practice import Bench, a_practice
from sqlalchemy import Boolean, Column, Connection, Date, Integer, MetaData, String, Table, bindparam, select, update

from pabot.domain.errors import Unavailable
from pabot.store.columns import Instant
from pabot.store.engine import insert_once
from pabot.store.prepared import Prepared

NOTE = Table(
    "note_of_a_test",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("words", String),
    Column("at", Instant()),
    Column("on", Date()),
    Column("read", Boolean()),
    Column("times", Integer, server_default="3"),
)
NINE = datetime(2026, 11, 16, 14, 0, tzinfo=UTC)
ROWS: tuple[dict[str, Any], ...] = (
    {"id": 1, "words": 'O\'Hara "said" 100 % of :it ?', "at": NINE, "on": date(2026, 11, 16), "read": True},
    {"id": 2, "words": None, "at": None, "on": None, "read": False},
)
ALL = select(NOTE).order_by(NOTE.c.id)


@pytest.fixture
def filled(practice: Bench) -> Any:
    with practice.store.write() as session:
        NOTE.create(session.connection)
        add = Prepared(NOTE.insert())
        for row in ROWS:
            add.run(session.connection, row)
        yield session.connection
        NOTE.drop(session.connection)


def as_written(connection: Connection) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(ALL)]


def test_what_was_inserted_is_read_as_it_was_given(filled: Connection) -> None:
    assert Prepared(ALL).rows(filled, {}) == as_written(filled) == [(*row.values(), 3) for row in ROWS]


def test_an_update_writes_the_columns_that_it_is_given_each_time_anew(filled: Connection) -> None:
    change = Prepared(update(NOTE).where(NOTE.c.id == bindparam("which")))
    for values in ({"words": "<!channel>"}, {"at": NINE, "read": None}, {"words": "*Again*"}):
        change.run(filled, {"which": 2, **values})
    assert as_written(filled)[1] == (2, "*Again*", NINE, None, None, 3)


def test_a_fixed_value_is_part_of_the_statement(filled: Connection) -> None:
    since = Prepared(select(NOTE.c.id, NOTE.c.at).where(NOTE.c.at >= NINE, NOTE.c.read.is_(True)).limit(5))
    assert since.rows(filled, {}) == [(1, NINE)]


@pytest.mark.parametrize(("which", "found"), [(1, (1, NINE)), (9, None)])
def test_one_row_or_none(filled: Connection, which: int, found: object) -> None:
    one = Prepared(select(NOTE.c.id, NOTE.c.at).where(NOTE.c.id == bindparam("which")))
    assert one.row(filled, {"which": which}) == found


def test_only_the_first_inserts_once(filled: Connection) -> None:
    assert [insert_once(filled, NOTE, {"id": which, "words": "x"}) for which in (2, 3, 3)] == [False, True, False]


def test_a_value_that_is_missing_is_said_before_anything_runs(filled: Connection) -> None:
    with pytest.raises(KeyError, match="the statement wants which"):
        Prepared(update(NOTE).where(NOTE.c.id == bindparam("which"))).run(filled, {"words": "x"})
    assert as_written(filled)[1][1] is None


def test_a_column_with_a_default_of_python_is_refused(filled: Connection) -> None:
    own = Table("note_of_a_test", MetaData(), Column("id", Integer), Column("words", String, default=lambda: "made"))
    with pytest.raises(ValueError, match="takes all of its values from its caller"):
        Prepared(own.insert()).run(filled, {"id": 7})


def test_an_instant_without_its_zone_is_refused(filled: Connection) -> None:
    with pytest.raises(ValueError, match="an instant needs its zone"):
        Prepared(NOTE.insert()).run(filled, {"id": 8, "at": NINE.replace(tzinfo=None)})


def test_what_the_driver_cannot_do_is_told_as_silence_of_the_record(sqlite_url: str) -> None:
    silence = pytest.raises(Unavailable, match="Nothing was saved")
    with a_practice(sqlite_url) as bench, silence, bench.store.write() as session:
        Prepared(ALL).rows(session.connection, {})  # no such table
