"""Alembic's entry: one connection, one transaction."""

from typing import Literal

from alembic import context
from sqlalchemy import create_engine

from pabot.store import absence_schema, approval_schema, bookkeeping, schema, wording_schema
from pabot.store.columns import Instant, metadata

# importing them is what fills `metadata`
TABLES = (schema, absence_schema, approval_schema, bookkeeping, wording_schema)


def render(kind: str, item: object, autogen_context: object) -> str | Literal[False]:
    """Revisions name the database's own types, not ours."""
    return "sa.DateTime(timezone=True)" if isinstance(item, Instant) else False


def run() -> None:
    engine = create_engine(context.config.attributes["url"])
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata, render_item=render)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
