"""Alembic's revisions, run from code so that no ini file is needed."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine


def configuration(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = url
    return config


def upgrade(url: str) -> None:
    """Bring a database to the newest revision."""
    command.upgrade(configuration(url), "head")


def heads(url: str = "sqlite://") -> tuple[str, ...]:
    return tuple(ScriptDirectory.from_config(configuration(url)).get_heads())


def current(url: str) -> str | None:
    """The revision a database is at, or None when it is empty."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
