"""The tables. SQLAlchemy Core: the entities are the domain's frozen values, and a mapped class would be a second copy.

Columns marked `sealed` hold Fernet tokens. A column named like a field of a domain value holds that field.
Partial indexes use the literal `is_open`, because a bound predicate makes SQLite scan the table.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

FIRST_NUMBER = 1001

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
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        return value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        at: datetime = value
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


BigId = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[int]:
    return Column("id", BigId, primary_key=True, autoincrement=True)


def _sealed(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="", info={"sealed": True})


def _words(name: str) -> Column[str]:
    return Column(name, String, nullable=False, server_default="")


def _of_authorization() -> Column[int]:
    return Column("authorization", ForeignKey("authorization.number"), nullable=False, index=True)


practice = Table(
    "practice",
    metadata,
    Column("id", Integer, primary_key=True),
    _words("team_id"),
    _words("bot_id"),
    _words("bot_user_id"),
    Column("is_sandbox", Boolean, nullable=False),
    Column("worker_seen_at", Instant),
    Column("settings", Text, nullable=False),
    Column("revision", Integer, nullable=False),  # grows with every change of staff or settings
)

data_key = Table(
    "data_key", metadata, Column("name", String, primary_key=True), Column("wrapped", Text, nullable=False)
)

staff = Table(
    "staff",
    metadata,
    Column("user_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("roles", String, nullable=False),
    _words("npi"),
    Column("cover_id", String),
    Column("away", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
)

payer = Table("payer", metadata, _id(), Column("name", String, nullable=False, unique=True))

plan = Table(
    "plan",
    metadata,
    _id(),
    Column("payer_id", ForeignKey("payer.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("line_of_business", String, nullable=False),
    UniqueConstraint("payer_id", "name"),
)

patient = Table(
    "patient",
    metadata,
    _id(),
    Column("chart_lookup", String, nullable=False, unique=True),
    Column("initials_lookup", String, nullable=False, index=True),
    Column("member_lookup", String, index=True),
    Column("name_lookup", String, index=True),
    Column("born_lookup", String, index=True),
    _sealed("chart_number"),
    _sealed("initials"),
    _sealed("first_name"),
    _sealed("last_name"),
    _sealed("born_on"),
    _sealed("member_id"),
)

authorization = Table(
    "authorization",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("version", Integer, nullable=False),
    Column("patient_id", ForeignKey("patient.id"), nullable=False, index=True),
    Column("plan_id", ForeignKey("plan.id"), nullable=False, index=True),
    _sealed("service"),
    _sealed("note"),
    Column("status", String, nullable=False),
    Column("status_since", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ordered_at", Instant, nullable=False),
    Column("opened_by", String, nullable=False),
    Column("clinician_id", String, nullable=False),
    Column("owner_id", String),
    Column("category", String, nullable=False),
    Column("urgency", String, nullable=False),
    Column("urgency_proposed", Boolean, nullable=False),
    Column("attested_by", String),
    Column("outcome", String),
    Column("return_status", String),
    Column("pending_kind", String),
    _sealed("documents_missing"),
    Column("submitted_at", Instant),
    Column("submitted_by_channel", String),
    Column("acknowledged_at", Instant),
    _words("tracking_number"),
    Column("expected_on", Date),
    _words("expected_source"),
    Column("next_check_on", Date),
    Column("decided_at", Instant),
    _words("authorization_number"),
    _sealed("no_number_reason"),
    Column("effective_on", Date),
    Column("expires_on", Date),
    Column("requested_from", Date),
    Column("requested_to", Date),
    Column("appointment_on", Date),
    Column("closed_at", Instant),
    _words("close_reason"),
    _sealed("not_required_proof"),
    Column("rounds", Integer, nullable=False),
    Column("denial_id", BigId),
    Column("information_request_id", BigId),
    Column("appeal_id", BigId),
    Column("peer_to_peer_id", BigId),
    Column("question_id", BigId),
    Column("patient_update_id", BigId),
    # Derived at every save, for lists that must not load a request whole.
    Column("is_open", Boolean, nullable=False),
    Column("needed", String, nullable=False),
    Column("waits_for", String),
    Column("due_at", Instant),
    Column("due_kind", String),
    Index("ix_authorization_due", "due_at", "number", postgresql_where=text("is_open"), sqlite_where=text("is_open")),
    Index(
        "ix_authorization_owner_due",
        "owner_id",
        "due_at",
        "number",
        postgresql_where=text("is_open"),
        sqlite_where=text("is_open"),
    ),
    Index(
        "ix_authorization_waits_due",
        "waits_for",
        "due_at",
        "number",
        postgresql_where=text("is_open"),
        sqlite_where=text("is_open"),
    ),
    Index(
        "ix_authorization_status_due",
        "status",
        "due_at",
        "number",
        postgresql_where=text("is_open"),
        sqlite_where=text("is_open"),
    ),
    Index("ix_authorization_tracking_number", "tracking_number"),
    Index("ix_authorization_authorization_number", "authorization_number"),
    sqlite_autoincrement=True,
)

service_line = Table(
    "service_line",
    metadata,
    Column("authorization", ForeignKey("authorization.number"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("code", String, nullable=False, index=True),
    _words("modifiers"),
    Column("units", Integer, nullable=False),
    Column("approved", Boolean),
    Column("units_approved", Integer),
)

diagnosis = Table(
    "diagnosis",
    metadata,
    Column("authorization", ForeignKey("authorization.number"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("code", String, nullable=False),
)

denial = Table(
    "denial",
    metadata,
    _id(),
    _of_authorization(),
    Column("level", Integer, nullable=False),
    Column("reason", String, nullable=False),
    Column("denial_class", String, nullable=False),
    _sealed("reason_text"),
    _words("reference"),
    Column("notice_on", Date, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("appeal_by", Date),
    _words("appeal_source"),
    Column("p2p_by", Date),
    Column("routed_to", String),
    Column("routed_at", Instant),
    Column("accepted_at", Instant),
    Column("decision", String),
    Column("decided_by", String),
    Column("decided_at", Instant),
    _sealed("decision_reason"),
    _sealed("decision_words"),
    _words("lines"),
    Column("voided", Boolean, nullable=False, server_default=text("false")),
)

information_request = Table(
    "information_request",
    metadata,
    _id(),
    _of_authorization(),
    Column("received_at", Instant, nullable=False),
    _sealed("asked"),
    Column("clinical", Boolean, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("answered_at", Instant),
    Column("answered_by", String),
    Column("voided", Boolean, nullable=False, server_default=text("false")),
)

appeal = Table(
    "appeal",
    metadata,
    _id(),
    _of_authorization(),
    Column("level", Integer, nullable=False),
    Column("expedited", Boolean, nullable=False),
    Column("filed_at", Instant, nullable=False),
    Column("filed_by", String, nullable=False),
    _words("reference"),
    Column("decision_due_on", Date, nullable=False),
    Column("outcome", String),
    Column("outcome_at", Instant),
    Column("voided", Boolean, nullable=False, server_default=text("false")),
)

peer_to_peer = Table(
    "peer_to_peer",
    metadata,
    _id(),
    _of_authorization(),
    Column("scheduled_for", Instant, nullable=False),
    _words("phone"),
    Column("clinician_id", String, nullable=False),
    Column("booked_by", String, nullable=False),
    Column("outcome", String),
    Column("outcome_at", Instant),
    Column("voided", Boolean, nullable=False, server_default=text("false")),
)

question = Table(
    "question",
    metadata,
    _id(),
    _of_authorization(),
    Column("asked_by", String, nullable=False),
    Column("asked_of", String, nullable=False),
    _sealed("text"),
    Column("asked_at", Instant, nullable=False),
    Column("answered_by", String),
    Column("answered_at", Instant),
    _sealed("answer"),
    Column("voided", Boolean, nullable=False, server_default=text("false")),
)

patient_update = Table(
    "patient_update",
    metadata,
    _id(),
    _of_authorization(),
    Column("outcome", String, nullable=False),
    Column("told_at", Instant, nullable=False),
    Column("told_by", String, nullable=False),
    Column("how", String, nullable=False),
    _sealed("note"),
    Column("voided", Boolean, nullable=False, server_default=text("false")),
)

contact = Table(
    "contact",
    metadata,
    _id(),
    _of_authorization(),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Column("channel", String, nullable=False),
    _sealed("spoke_with"),
    _words("reference"),
    _sealed("result"),
    Column("next_check_on", Date),
    Column("save", String, nullable=False),
)

deadline = Table(
    "deadline",
    metadata,
    _id(),
    _of_authorization(),
    Column("kind", String, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("unit", String, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("source", String, nullable=False),
    Column("why", String, nullable=False),
    Column("done_at", Instant),
    Column("done_by", String),
    Column("ended", String),  # met, moved, corrected
    Column("superseded_by", BigId),
    Index(
        "uq_deadline_running",
        "authorization",
        "kind",
        unique=True,
        postgresql_where=text("done_at IS NULL"),
        sqlite_where=text("done_at IS NULL"),
    ),
    Index(
        "ix_deadline_running_due",
        "due_at",
        postgresql_where=text("done_at IS NULL"),
        sqlite_where=text("done_at IS NULL"),
    ),
)

escalation = Table(
    "escalation",
    metadata,
    Column("deadline_id", ForeignKey("deadline.id"), primary_key=True),
    Column("level", Integer, primary_key=True),
    Column("raised_at", Instant, nullable=False),
    Column("day", Date, nullable=False, index=True),
)

event = Table(
    "event",
    metadata,
    _id(),
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
    _id(),
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
    Column("at", Instant, nullable=False, index=True),
)

job_run = Table(
    "job_run",
    metadata,
    Column("job", String, primary_key=True),
    Column("period", String, primary_key=True),
    Column("at", Instant, nullable=False),
)
