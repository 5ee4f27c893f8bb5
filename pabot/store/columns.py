"""Column types and shorthands that all tables share."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        utc = _in_utc(value)
        return utc.replace(tzinfo=None) if utc and dialect.name == "sqlite" else utc

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """On SQLite the text itself, as SQLAlchemy would write it: a save has a score of instants."""
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        at: datetime = value
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _in_utc(value: datetime | None) -> datetime | None:
    """Raises ValueError without a zone."""
    if value is not None and value.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return value.astimezone(UTC) if value else None


def _as_text(value: datetime | None) -> str | None:
    utc = _in_utc(value)
    return utc.replace(tzinfo=None).isoformat(" ", "microseconds") if utc else None


BigId = BigInteger().with_variant(Integer, "sqlite")


def new_id() -> Column[int]:
    return Column("id", BigId, primary_key=True, autoincrement=True)


def sealed(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="", info={"sealed": True})


def words(name: str) -> Column[str]:
    return Column(name, String, nullable=False, server_default="")


def of_authorization() -> Column[int]:
    return Column("authorization", ForeignKey("authorization.number"), nullable=False, index=True)


def some_rows(condition: str, name: str, *columns: str, sqlite: str = "", unique: bool = False) -> Index:
    """An index over some rows only."""
    here = text(sqlite or condition)
    return Index(name, *columns, unique=unique, postgresql_where=text(condition), sqlite_where=here)
