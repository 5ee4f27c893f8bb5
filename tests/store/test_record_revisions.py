"""The revisions: together they make the tables that are used, and each can be taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from record_practice import CORA, Bench
from sqlalchemy import Engine, create_engine, inspect, text

from pabot.store import migrations
from pabot.store.columns import metadata
from pabot.store.migrations import configuration, current, upgrade


# SQLite tells nothing of an index over an expression; the plans of what is read often show that they are there.
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
def test_the_revisions_make_exactly_the_tables_that_are_used(database_url: str) -> None:
    with engine_of(database_url) as found, found.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_there_is_one_newest_revision_and_its_name_is_known() -> None:
    script = ScriptDirectory.from_config(configuration("sqlite://"))
    assert script.get_heads() == [migrations.HEAD]


def test_upgrading_an_upgraded_database_leaves_it_alone(practice: Bench) -> None:
    number = practice.open().state.number
    upgrade(practice.url)
    assert current(practice.url) == migrations.HEAD
    assert practice.desk.card(number, actor=practice.member(CORA)).service == "Power wheelchair"


def test_every_revision_is_taken_back_and_made_again(practice: Bench) -> None:
    """One after the other, down, up and down: what a downgrade leaves behind is in the upgrade's way."""
    practice.open()
    practice.store.close()
    script = ScriptDirectory.from_config(configuration(practice.url))
    for revision in script.walk_revisions():
        before = str(revision.down_revision or "base")
        command.downgrade(configuration(practice.url), before)
        command.upgrade(configuration(practice.url), revision.revision)
        command.downgrade(configuration(practice.url), before)
    with engine_of(practice.url) as emptied:
        assert inspect(emptied).get_table_names() == ["alembic_version"]
    upgrade(practice.url)
    assert current(practice.url) == migrations.HEAD


def test_indexes_and_defaults_are_those_that_the_tables_declare(empty_url: str) -> None:
    """What comparing with the metadata leaves out: conditions of indexes, and what a column holds by itself."""
    with engine_of(empty_url) as found:
        metadata.create_all(found)
        declared = details(found)
        metadata.drop_all(found)
        upgrade(empty_url)
        assert details(found) == declared


def details(found: Engine) -> dict[str, Any]:
    """Each index as the database words it; each column's type, default and whether it may be empty."""
    with found.connect() as connection:
        indexes = {row.name: row.words for row in connection.execute(text(INDEXES[found.dialect.name]))}
    tables = [name for name in inspect(found).get_table_names() if name != "alembic_version"]
    columns = {
        f"{name}.{column['name']}": (str(column["type"]), str(column["default"]).strip("'"), column["nullable"])
        for name in tables
        for column in inspect(found).get_columns(name)
    }
    return indexes | columns


INDEXES = {
    "sqlite": "SELECT name, sql AS words FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": "SELECT indexname AS name, indexdef AS words FROM pg_indexes WHERE schemaname = 'public' "
    "AND tablename <> 'alembic_version'",
}


@contextmanager
def engine_of(url: str) -> Iterator[Engine]:
    found = create_engine(url)
    try:
        yield found
    finally:
        found.dispose()


def test_an_empty_file_has_no_revision(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    assert current(url) is None
    upgrade(url)
    assert current(url) == migrations.HEAD
