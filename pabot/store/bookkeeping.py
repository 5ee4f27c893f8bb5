"""The tables that keep the record honest: keys, events, messages to send, request keys, job runs, faults."""

from sqlalchemy import Column, Date, Index, Integer, String, Table, Text, UniqueConstraint, text

from pabot.store.columns import BigId, Instant, metadata, new_id

data_key = Table(
    "data_key", metadata, Column("name", String, primary_key=True), Column("wrapped", Text, nullable=False)
)

event = Table(
    "event",
    metadata,
    new_id(),
    Column("subject", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("before", String),
    Column("after", String),
    Column("save", String, nullable=False),
    Column("corrects", String),  # the save that this event marks as recorded in error
    Column("payload", Text, nullable=False),  # sealed JSON: the words of the step
    Column("image", Text, nullable=False),  # sealed JSON: the request before the save, on its first step
    Column("digest", String, nullable=False),
    Column("mac", String, nullable=False),
    UniqueConstraint("subject", "seq"),
    Index("ix_event_at", "at"),  # who did anything today
)

event_head = Table(
    "event_head",
    metadata,
    Column("subject", String, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("mac", String, nullable=False),
)

message = Table(
    "message",
    metadata,
    new_id(),
    Column("key", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("recipient", String, nullable=False),  # a person's or a channel's Slack id
    Column("subject", String, nullable=False),  # what it shows: an authorization's number, a day, a deadline's id
    Column("wanted", Integer, nullable=False),
    Column("sent", Integer, nullable=False),
    Column("channel", String),
    Column("ts", String),
    Column("marker", String, nullable=False, unique=True),  # opaque; found again in Slack's message metadata
    Column("state", String, nullable=False),  # waiting, sending, unknown, parked
    Column("lease_until", Instant),
    Column("next_try_at", Instant, nullable=False),
    Column("thread_of", String),  # the key of the message in whose thread it stands
    Column("held_until", Instant),  # quiet hours: a first post leaves no sooner
    Column("posting_since", Instant),  # a first post was begun; its outcome is unknown until `ts` is there
    Column("attempts", Integer, nullable=False),
    Column("error", String),
    Column("authorization", BigId, index=True),
    Column("created_at", Instant, nullable=False),
    Index(
        "ix_message_unsent",
        "next_try_at",
        "id",
        postgresql_where=text("sent < wanted AND state <> 'parked'"),
        sqlite_where=text("sent < wanted AND state <> 'parked'"),
    ),
    Index("ix_message_list", "kind", "subject"),
    Index(
        "ix_message_parked",
        "id",
        postgresql_where=text("state = 'parked'"),
        sqlite_where=text("state = 'parked'"),
    ),
)

recipient_pace = Table(
    "recipient_pace",
    metadata,
    Column("recipient", String, primary_key=True),
    Column("free_at", Instant, nullable=False),
)

request_key = Table(
    "request_key",
    metadata,
    Column("key", String, primary_key=True),
    Column("use_case", String, nullable=False),
    Column("result", String, nullable=False),
    Column("at", Instant, nullable=False),  # read once a day: an index would cost every save more than it gives
)

job_run = Table(
    "job_run",
    metadata,
    Column("job", String, primary_key=True),
    Column("period", String, primary_key=True),
    Column("at", Instant, nullable=False),
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("tick", String, primary_key=True),
    Column("ran_at", Instant, nullable=False),  # when it last ran well, to half a minute
)

fault = Table(
    "fault",
    metadata,
    new_id(),
    Column("kind", String, nullable=False),
    Column("subject", String, nullable=False),  # an authorization's number, a message's id, a day, a tick
    Column("found_at", Instant, nullable=False),
    Column("day", Date, nullable=False, index=True),  # whose message to managers names it
    Column("mended_at", Instant),
    Index(
        "uq_fault_standing",
        "kind",
        "subject",
        unique=True,
        postgresql_where=text("mended_at IS NULL"),
        sqlite_where=text("mended_at IS NULL"),
    ),
)
