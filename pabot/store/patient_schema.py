"""Tables of what patients were told, or could not be told, and of their calls.

The decisions they know are in `patient_update`.
"""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, String, Table, text

from pabot.store.columns import Instant, metadata, new_id, of_authorization, sealed

patient_news = Table(
    "patient_news",
    metadata,
    new_id(),
    of_authorization(),
    Column("update", String, nullable=False),
    Column("told_at", Instant, nullable=False),
    Column("told_by", String, nullable=False),
    Column("how", String, nullable=False),
    sealed("note"),
    Column("voided", Boolean, nullable=False, server_default=text("false")),
)

attempt = Table(
    "attempt",
    metadata,
    new_id(),
    of_authorization(),
    Column("update", String, nullable=False),
    Column("tried_at", Instant, nullable=False),
    Column("tried_by", String, nullable=False),
    Column("how", String, nullable=False),
    Column("result", String, nullable=False),
    Column("next_on", Date, nullable=False),
    Column("tries", Integer, nullable=False),
    sealed("note"),
    Column("voided", Boolean, nullable=False, server_default=text("false")),
)

patient_call = Table(
    "patient_call",
    metadata,
    Column("authorization", ForeignKey("authorization.number"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("caller", String, nullable=False),
    Column("asked", String, nullable=False),
    sealed("said"),
    Column("read_out", Boolean, nullable=False),
    Column("taken_by", String, nullable=False),
    Column("asked_of", String),
    Column("answered_by", String),
    Column("answered_at", Instant),
    sealed("answer"),
)
