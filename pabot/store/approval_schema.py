"""The tables of approvals: a step that somebody asks for, and who was asked to approve it, one after the other."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, literal_column, text

from pabot.store.columns import Instant, metadata, new_id, sealed

approval = Table(
    "approval",
    metadata,
    new_id(),
    Column("authorization", ForeignKey("authorization.number"), nullable=False),
    Column("kind", String, nullable=False),  # of the step
    sealed("command"),  # JSON: the step as it was typed
    sealed("detail"),  # JSON: what the timeline would keep of it
    sealed("why"),
    Column("by", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("roles", String, nullable=False),  # who may approve it, joined by a space
    Column("round", Integer, nullable=False),  # of those below, the one that runs
    Column("state", String, nullable=False),
    Column("decided_by", String),
    Column("decided_at", Instant),
    sealed("answer"),
    Index(  # one step of one request is asked for once
        "uq_approval_open",
        "authorization",
        "kind",
        unique=True,
        postgresql_where=text("state = 'open'"),
        sqlite_where=text("state = 'open'"),
    ),
)

IS_OPEN = approval.c.state == literal_column("'open'")  # as the partial index has it

approval_round = Table(
    "approval_round",
    metadata,
    Column("approval_id", ForeignKey("approval.id"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("asked_of", String, index=True),  # none: all were asked, and it is with the managers
    Column("at", Instant, nullable=False),
    Column("due_at", Instant),  # until when; none: it goes on to nobody
)
