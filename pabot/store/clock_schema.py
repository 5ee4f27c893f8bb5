"""Tables of the clocks that run for requests, and of their alarms."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table

from pabot.store.columns import BigId, Instant, metadata, new_id, of_authorization, some_rows, words


def _of_running(name: str, *columns: str, unique: bool = False) -> Index:
    return some_rows("done_at IS NULL", name, *columns, unique=unique)


deadline = Table(
    "deadline",
    metadata,
    new_id(),
    of_authorization(),
    Column("kind", String, nullable=False),
    words("about"),  # tells clocks of one kind apart
    Column("asked_of", String),  # whoever was asked to judge; none: the owner
    Column("due_at", Instant, nullable=False),
    Column("unit", String, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("source", String, nullable=False),
    Column("why", String, nullable=False),
    Column("done_at", Instant),
    Column("done_by", String),
    Column("ended", String),  # met, moved, corrected
    Column("superseded_by", BigId),
    Column("managers_at", Instant),  # when the managers hear of it; as the rules were when the clock started
    _of_running("uq_deadline_running", "authorization", "kind", "about", unique=True),
    _of_running("ix_deadline_running_due", "due_at"),
    _of_running("ix_deadline_running_managers", "managers_at"),
    _of_running("ix_deadline_running_asked", "asked_of"),
)

escalation = Table(
    "escalation",
    metadata,
    Column("deadline_id", ForeignKey("deadline.id"), primary_key=True),
    Column("level", Integer, primary_key=True),
    Column("raised_at", Instant, nullable=False),
    Column("day", Date, nullable=False, index=True),
)
