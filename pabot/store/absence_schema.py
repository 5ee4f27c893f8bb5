"""The tables of people away: an absence, and who acts for which request while it lasts."""

from sqlalchemy import Column, Date, ForeignKey, Index, String, Table, text

from pabot.store.columns import Instant, metadata, new_id

absence = Table(
    "absence",
    metadata,
    new_id(),
    Column("user_id", ForeignKey("staff.user_id"), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("back_on", Date),  # none: until they say so
    Column("covers", String, nullable=False),  # Slack ids, joined by a space; the first takes what nobody was given
    Column("split", String, nullable=False),
    Column("begun_at", Instant),
    Column("ended_at", Instant),
    Index(
        "ix_absence_not_over",
        "user_id",
        postgresql_where=text("ended_at IS NULL"),
        sqlite_where=text("ended_at IS NULL"),
    ),
    Index(
        "uq_absence_running",
        "user_id",
        unique=True,
        postgresql_where=text("begun_at IS NOT NULL AND ended_at IS NULL"),
        sqlite_where=text("begun_at IS NOT NULL AND ended_at IS NULL"),
    ),
)

absence_share = Table(
    "absence_share",
    metadata,
    Column("absence_id", ForeignKey("absence.id"), primary_key=True),
    Column("number", ForeignKey("authorization.number"), primary_key=True),
    Column("cover_id", String, nullable=False),
)
