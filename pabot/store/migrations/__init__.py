"""The database's revisions, run from code so that no ini file is needed.

Alembic is slow to import, so it is imported only where a revision is really run.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0022"  # the newest revision; a test holds it against the files


def configuration(url: str) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = url
    return config


def upgrade(url: str) -> None:
    """Bring a database to the newest revision; one that is there already is left alone."""
    if current(url) == HEAD:
        return
    from alembic import command

    command.upgrade(configuration(url), "head")


def current(url: str) -> str | None:
    """The revision a database is at, or None when it is empty."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return found
    finally:
        engine.dispose()
