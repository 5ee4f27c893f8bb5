"""Tables of what patients were told, or could not be told. The decisions they know are in `patient_update`."""

from sqlalchemy import Boolean, Column, Date, Integer, String, Table, text

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
