"""The practice's tables, in SQLAlchemy Core: the entities are frozen values, and mapped classes would be copies.

Columns marked `sealed` hold tokens of `vault.seal`. A column named like a field of a domain value holds that field.
The predicates of partial indexes stand as SQLAlchemy writes them in a query; else SQLite scans the table.
"""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, text

from pabot.store.clock_schema import deadline as deadline
from pabot.store.clock_schema import escalation as escalation
from pabot.store.columns import BigId, Instant, metadata, new_id, of_authorization, sealed, some_rows, words
from pabot.store.library_schema import payer as payer
from pabot.store.library_schema import plan as plan
from pabot.store.patient_schema import attempt as attempt
from pabot.store.patient_schema import patient_call as patient_call
from pabot.store.patient_schema import patient_news as patient_news


def _of_open(name: str, *columns: str) -> Index:
    return some_rows("is_open", name, *columns, sqlite="is_open = 1")


practice = Table(
    "practice",
    metadata,
    Column("id", Integer, primary_key=True),
    words("team_id"),
    words("bot_id"),
    words("bot_user_id"),
    Column("is_sandbox", Boolean, nullable=False),
    Column("worker_seen_at", Instant),
    Column("clocks_set_until", BigId),  # the calendar changed: beyond this number clocks are to be set anew
    Column("settings", Text, nullable=False),
    Column("revision", Integer, nullable=False),  # grows with every change of staff or settings
)

staff = Table(
    "staff",
    metadata,
    Column("user_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("roles", String, nullable=False),
    words("npi"),
    Column("cover_id", String),
    Column("away", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
)

patient = Table(
    "patient",
    metadata,
    new_id(),
    Column("chart_lookup", String, nullable=False, unique=True),
    Column("initials_lookup", String, nullable=False, index=True),
    Column("member_lookup", String, index=True),
    Column("name_lookup", String, index=True),
    sealed("chart_number"),
    sealed("initials"),
    sealed("first_name"),
    sealed("last_name"),
    sealed("born_on"),
    sealed("member_id"),
)

authorization = Table(
    "authorization",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("version", Integer, nullable=False),
    Column("patient_id", ForeignKey("patient.id"), nullable=False, index=True),
    Column("plan_id", ForeignKey("plan.id"), nullable=False, index=True),
    sealed("service"),
    sealed("note"),
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
    Column("urgency_proposed_at", Instant),
    Column("urgency_asked_of", String),
    Column("urgency_asked_at", Instant),
    Column("attested_by", String),
    Column("outcome", String),
    Column("return_status", String),
    Column("pending_kind", String),
    sealed("documents_missing"),
    Column("submitted_at", Instant),
    Column("submitted_by_channel", String),
    Column("acknowledged_at", Instant),
    words("tracking_number"),
    Column("expected_on", Date),
    words("expected_source"),
    Column("next_check_on", Date),
    Column("decided_at", Instant),
    words("authorization_number"),
    sealed("no_number_reason"),
    Column("effective_on", Date),
    Column("expires_on", Date),
    Column("requested_from", Date),
    Column("requested_to", Date),
    Column("appointment_on", Date),
    Column("closed_at", Instant),
    Column("reopened_at", Instant),
    words("close_reason"),
    sealed("not_required_proof"),
    Column("rounds", Integer, nullable=False),
    Column("held_until", Instant),
    Column("held_by", String),
    words("held_for"),
    Column("on_hold_until", Date),
    Column("on_hold_since", Instant),
    words("on_hold_for"),
    Column("days_on_hold", Integer, nullable=False, server_default=text("0")),
    Column("resumed_at", Instant),
    Column("answer_since", Instant),
    Column("urgent_answer_since", Instant),
    Column("worry_since", Instant),
    Column("checklist_version_id", BigId, index=True),
    words("rendering_provider"),
    words("facility"),
    words("place_of_service"),
    Column("renews", BigId),
    words("no_renewal"),
    words("asks"),
    sealed("medication"),  # the value as JSON
    sealed("therapy"),
    Column("document_count", Integer, nullable=False, server_default=text("0")),
    Column("call_count", Integer, nullable=False, server_default=text("0")),
    Column("denial_id", BigId),
    Column("information_request_id", BigId),
    Column("appeal_id", BigId),
    Column("peer_to_peer_id", BigId),
    Column("question_id", BigId),
    Column("patient_update_id", BigId),
    Column("patient_news_id", BigId),
    Column("attempt_id", BigId),
    # Derived at every save, for lists that must not load a request whole.
    Column("is_open", Boolean, nullable=False),
    Column("needed", String, nullable=False),
    Column("waits_for", String),
    Column("due_at", Instant),
    Column("due_kind", String),
    Column("runs_low", Boolean, nullable=False, server_default=text("false")),  # few units of the approval are left
    Column("low_noticed_on", Date),  # when the owner was told so
    _of_open("ix_authorization_due", "due_at", "number"),
    _of_open("ix_authorization_owner_due", "owner_id", "due_at", "number"),
    _of_open("ix_authorization_status_due", "status", "due_at", "number"),
    some_rows("expires_on IS NOT NULL", "ix_authorization_expires_on", "expires_on", "number"),  # closed ones as well
    some_rows("renews IS NOT NULL", "ix_authorization_renews", "renews"),
    some_rows("runs_low", "ix_authorization_runs_low", "number", sqlite="runs_low = 1"),
    some_rows("on_hold_until IS NOT NULL", "ix_authorization_on_hold_until", "on_hold_until", "number"),
    Index("ix_authorization_tracking_number", text("lower(tracking_number)")),
    Index("ix_authorization_authorization_number", text("lower(authorization_number)")),
    sqlite_autoincrement=True,
)

service_line = Table(
    "service_line",
    metadata,
    Column("authorization", ForeignKey("authorization.number"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("code", String, nullable=False, index=True),
    words("modifiers"),
    Column("units", Integer, nullable=False),
    Column("approved", Boolean),
    Column("units_approved", Integer),
    Column("units_used", Integer, nullable=False, server_default=text("0")),
)

diagnosis = Table(
    "diagnosis",
    metadata,
    Column("authorization", ForeignKey("authorization.number"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("code", String, nullable=False),
)

document = Table(
    "document",
    metadata,
    Column("authorization", ForeignKey("authorization.number"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("label", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("required", Boolean, nullable=False),
    Column("supplier", String, nullable=False),
    Column("max_age_days", Integer),
    Column("state", String, nullable=False),
    Column("by", String),
    Column("at", Instant),
    sealed("location"),
    Column("dated_on", Date),
    Column("asked_of", String),
    Column("asked_at", Instant),
    Column("times_asked", Integer, nullable=False, server_default=text("0")),
    Column("waived_by", String),
    sealed("reason"),
)

denial = Table(
    "denial",
    metadata,
    new_id(),
    of_authorization(),
    Column("level", Integer, nullable=False),
    Column("reason", String, nullable=False),
    Column("denial_class", String, nullable=False),
    sealed("reason_text"),
    words("reference"),
    Column("notice_on", Date, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("appeal_by", Date),
    words("appeal_source"),
    Column("p2p_by", Date),
    words("p2p_source"),
    Column("routed_to", String),
    Column("routed_at", Instant),
    Column("accepted_at", Instant),
    Column("decision", String),
    Column("decided_by", String),
    Column("decided_at", Instant),
    sealed("decision_reason"),
    sealed("decision_words"),
    words("lines"),
    Column("expedited", Boolean, nullable=False, server_default=text("false")),  # of its appeal: a clinician's word
    words("packet"),
    sealed("attachments"),
    sealed("consent_by"),
    Column("consent_on", Date),
    sealed("necessity"),
    sealed("necessity_where"),
    Column("necessity_by", String),
    Column("necessity_at", Instant),
    Column("necessity_version", Integer, nullable=False, server_default=text("0")),
    Column("returned_at", Instant),
    Column("returned_by", String),
    sealed("return_reason"),
    Column("voided", Boolean, nullable=False, server_default=text("false")),
)

information_request = Table(
    "information_request",
    metadata,
    new_id(),
    of_authorization(),
    Column("received_at", Instant, nullable=False),
    sealed("asked"),
    Column("clinical", Boolean, nullable=False),
    Column("due_on", Date, nullable=False),
    words("due_source"),
    Column("answered_at", Instant),
    Column("answered_by", String),
    Column("voided", Boolean, nullable=False, server_default=text("false")),
)

appeal = Table(
    "appeal",
    metadata,
    new_id(),
    of_authorization(),
    Column("level", Integer, nullable=False),
    Column("expedited", Boolean, nullable=False),
    Column("filed_at", Instant, nullable=False),
    Column("filed_by", String, nullable=False),
    words("reference"),
    Column("decision_due_on", Date, nullable=False),
    Column("outcome", String),
    Column("outcome_at", Instant),
    words("kind"),
    Column("automatic", Boolean, nullable=False, server_default=text("false")),
    words("signed_by"),
    sealed("without"),
    Column("dismissed", Boolean, nullable=False, server_default=text("false")),
    Column("voided", Boolean, nullable=False, server_default=text("false")),
)

peer_to_peer = Table(
    "peer_to_peer",
    metadata,
    new_id(),
    of_authorization(),
    Column("scheduled_for", Instant),  # none: asked for, and its time is open
    words("phone"),
    Column("clinician_id", String, nullable=False),
    Column("booked_by", String, nullable=False),
    Column("outcome", String),
    Column("outcome_at", Instant),
    Column("requested_at", Instant),
    words("requested_with"),
    words("reference"),
    words("slots"),
    sealed("note"),
    words("dictated_by"),
    Column("voided", Boolean, nullable=False, server_default=text("false")),
)

question = Table(
    "question",
    metadata,
    new_id(),
    of_authorization(),
    Column("asked_by", String, nullable=False),
    Column("asked_of", String, nullable=False),
    sealed("text"),
    Column("asked_at", Instant, nullable=False),
    Column("answered_by", String),
    Column("answered_at", Instant),
    sealed("answer"),
    words("trigger"),
    sealed("background"),
    Column("accepted_at", Instant),
    Column("returned_at", Instant),
    Column("returned_by", String),
    sealed("return_reason"),
    Column("voided", Boolean, nullable=False, server_default=text("false")),
)

patient_update = Table(
    "patient_update",
    metadata,
    new_id(),
    of_authorization(),
    Column("outcome", String, nullable=False),
    Column("told_at", Instant, nullable=False),
    Column("told_by", String, nullable=False),
    Column("how", String, nullable=False),
    sealed("note"),
    Column("voided", Boolean, nullable=False, server_default=text("false")),
)

contact = Table(
    "contact",
    metadata,
    new_id(),
    of_authorization(),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Column("channel", String, nullable=False),
    sealed("spoke_with"),
    words("reference"),
    sealed("result"),
    sealed("told_next"),
    Column("minutes", Integer),  # of staff time
    Column("minutes_typed", Boolean, nullable=False, server_default=text("false")),  # else the practice's usual
    Column("next_check_on", Date),
    Column("save", String, nullable=False),
    Column("voided", Boolean, nullable=False, server_default=text("false")),
)

put_off = Table(
    "put_off",
    metadata,
    Column("user_id", String, primary_key=True),
    Column("number", ForeignKey("authorization.number"), primary_key=True),
    Column("sweep", String, nullable=False),  # in which they said *not now*
    Column("at", Instant, nullable=False),
)
