"""The first tables"""

import sqlalchemy as sa
from alembic import op

from pabot.store.migrations.words import (
    COUNT,
    DAY,
    ID,
    INSTANT,
    TEXT,
    WORD,
    YES_NO,
    blank,
    drop,
    given,
    index,
    key,
    maybe,
    no,
    table,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

OPEN = {"postgresql": "is_open", "sqlite": "is_open = 1"}  # of which requests: those that are not closed


def upgrade() -> None:
    _record()
    _messages()
    _practice()
    _authorization()
    _answers()
    _work()
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('authorization', 1000)")
    else:
        op.execute("ALTER SEQUENCE authorization_number_seq RESTART WITH 1001")


def downgrade() -> None:
    drop(TABLES)


TABLES = (
    "data_key", "event", "event_head", "job_run", "request_key",
    "message", "recipient_pace",
    "patient", "payer", "practice", "staff", "plan",
    "authorization",
    "appeal", "denial", "information_request", "peer_to_peer", "question", "patient_update",
    "contact", "deadline", "diagnosis", "service_line", "escalation",
)  # fmt: skip


def _record() -> None:
    """What happened, and under which keys."""
    table("data_key", *given(WORD, "name"), *given(TEXT, "wrapped"), one_by=("name",))
    table(
        "event",
        key(),
        *given(WORD, "subject"),
        *given(COUNT, "seq"),
        *given(INSTANT, "at"),
        *given(WORD, "actor", "kind"),
        *maybe(WORD, "before", "after"),
        *given(WORD, "save"),
        *maybe(WORD, "corrects"),
        *given(TEXT, "payload", "image"),
        *given(WORD, "digest", "mac"),
        unique=(("subject", "seq"),),
    )
    table("event_head", *given(WORD, "subject"), *given(COUNT, "seq"), *given(WORD, "mac"), one_by=("subject",))
    table("job_run", *given(WORD, "job", "period"), *given(INSTANT, "at"), one_by=("job", "period"))
    table("request_key", *given(WORD, "key", "use_case", "result"), *given(INSTANT, "at"), one_by=("key",))
    index("ix_request_key_at", "request_key", "at")


def _messages() -> None:
    """What is to be said, and how fast."""
    table(
        "message",
        key(),
        *given(WORD, "key", "kind", "recipient", "subject"),
        *given(COUNT, "wanted", "sent"),
        *maybe(WORD, "channel", "ts"),
        *given(WORD, "marker", "state"),
        *maybe(INSTANT, "lease_until"),
        *given(INSTANT, "next_try_at"),
        *maybe(INSTANT, "posting_since"),
        *given(COUNT, "attempts"),
        *maybe(WORD, "error"),
        *maybe(ID, "authorization"),
        *given(INSTANT, "created_at"),
        unique=(("key",), ("marker",)),
    )
    index("ix_message_authorization", "message", "authorization")
    index("ix_message_list", "message", "kind", "subject")
    index("ix_message_parked", "message", "id", where="state = 'parked'")
    index("ix_message_unsent", "message", "next_try_at", "id", where="sent < wanted AND state <> 'parked'")
    table("recipient_pace", *given(WORD, "recipient"), *given(INSTANT, "free_at"), one_by=("recipient",))


def _practice() -> None:
    """Who works here, who is treated, who pays."""
    table(
        "patient",
        key(),
        *given(WORD, "chart_lookup", "initials_lookup"),
        *maybe(WORD, "member_lookup", "name_lookup"),
        *blank(TEXT, "chart_number", "initials", "first_name", "last_name", "born_on", "member_id"),
        unique=(("chart_lookup",),),
    )
    index("ix_patient_initials_lookup", "patient", "initials_lookup")
    index("ix_patient_member_lookup", "patient", "member_lookup")
    index("ix_patient_name_lookup", "patient", "name_lookup")
    table("payer", key(), *given(WORD, "name"), unique=(("name",),))
    table(
        "practice",
        *given(COUNT, "id"),
        *blank(WORD, "team_id", "bot_id", "bot_user_id"),
        *given(YES_NO, "is_sandbox"),
        *maybe(INSTANT, "worker_seen_at"),
        *given(TEXT, "settings"),
        *given(COUNT, "revision"),
    )
    table(
        "staff",
        *given(WORD, "user_id", "name", "roles"),
        *blank(WORD, "npi"),
        *maybe(WORD, "cover_id"),
        *given(YES_NO, "away", "active"),
        one_by=("user_id",),
    )
    table(
        "plan",
        key(),
        *given(ID, "payer_id"),
        *given(WORD, "name", "line_of_business"),
        unique=(("payer_id", "name"),),
        refers={"payer_id": "payer.id"},
    )


def _authorization() -> None:
    table(
        "authorization",
        key("number"),
        *given(COUNT, "version"),
        *given(ID, "patient_id", "plan_id"),
        *blank(TEXT, "service", "note"),
        *given(WORD, "status"),
        *given(INSTANT, "status_since", "created_at", "ordered_at"),
        *given(WORD, "opened_by", "clinician_id"),
        *maybe(WORD, "owner_id"),
        *given(WORD, "category", "urgency"),
        *given(YES_NO, "urgency_proposed"),
        *maybe(WORD, "attested_by", "outcome", "return_status", "pending_kind"),
        *blank(TEXT, "documents_missing"),
        *maybe(INSTANT, "submitted_at"),
        *maybe(WORD, "submitted_by_channel"),
        *maybe(INSTANT, "acknowledged_at"),
        *blank(WORD, "tracking_number"),
        *maybe(DAY, "expected_on"),
        *blank(WORD, "expected_source"),
        *maybe(DAY, "next_check_on"),
        *maybe(INSTANT, "decided_at"),
        *blank(WORD, "authorization_number"),
        *blank(TEXT, "no_number_reason"),
        *maybe(DAY, "effective_on", "expires_on", "requested_from", "requested_to", "appointment_on"),
        *maybe(INSTANT, "closed_at", "reopened_at"),
        *blank(WORD, "close_reason"),
        *blank(TEXT, "not_required_proof"),
        *given(COUNT, "rounds"),
        *maybe(ID, "denial_id", "information_request_id", "appeal_id", "peer_to_peer_id", "question_id"),
        *maybe(ID, "patient_update_id"),
        *given(YES_NO, "is_open"),
        *given(WORD, "needed"),
        *maybe(WORD, "waits_for", "judge"),
        *maybe(INSTANT, "due_at"),
        *maybe(WORD, "due_kind"),
        one_by=("number",),
        refers={"patient_id": "patient.id", "plan_id": "plan.id"},
        sqlite_autoincrement=True,
    )
    index("ix_authorization_due", "authorization", "due_at", "number", where=OPEN)
    index("ix_authorization_judge_due", "authorization", "judge", "due_at", "number", where=OPEN)
    index("ix_authorization_owner_due", "authorization", "owner_id", "due_at", "number", where=OPEN)
    index("ix_authorization_patient_id", "authorization", "patient_id")
    index("ix_authorization_plan_id", "authorization", "plan_id")
    index("ix_authorization_status_due", "authorization", "status", "due_at", "number", where=OPEN)
    index("ix_authorization_waits_due", "authorization", "waits_for", "due_at", "number", where=OPEN)
    index("ix_authorization_authorization_number", "authorization", sa.text("lower(authorization_number)"))
    index("ix_authorization_tracking_number", "authorization", sa.text("lower(tracking_number)"))


def _answers() -> None:
    """What was asked and answered about an authorization."""
    table(
        "appeal",
        key(),
        *given(ID, "authorization"),
        *given(COUNT, "level"),
        *given(YES_NO, "expedited"),
        *given(INSTANT, "filed_at"),
        *given(WORD, "filed_by"),
        *blank(WORD, "reference"),
        *given(DAY, "decision_due_on"),
        *maybe(WORD, "outcome"),
        *maybe(INSTANT, "outcome_at"),
        *no("voided"),
        refers={"authorization": "authorization.number"},
    )
    index("ix_appeal_authorization", "appeal", "authorization")
    table(
        "denial",
        key(),
        *given(ID, "authorization"),
        *given(COUNT, "level"),
        *given(WORD, "reason", "denial_class"),
        *blank(TEXT, "reason_text"),
        *blank(WORD, "reference"),
        *given(DAY, "notice_on"),
        *given(INSTANT, "received_at"),
        *maybe(DAY, "appeal_by"),
        *blank(WORD, "appeal_source"),
        *maybe(DAY, "p2p_by"),
        *maybe(WORD, "routed_to"),
        *maybe(INSTANT, "routed_at", "accepted_at"),
        *maybe(WORD, "decision", "decided_by"),
        *maybe(INSTANT, "decided_at"),
        *blank(TEXT, "decision_reason", "decision_words"),
        *blank(WORD, "lines"),
        *no("voided"),
        refers={"authorization": "authorization.number"},
    )
    index("ix_denial_authorization", "denial", "authorization")
    table(
        "information_request",
        key(),
        *given(ID, "authorization"),
        *given(INSTANT, "received_at"),
        *blank(TEXT, "asked"),
        *given(YES_NO, "clinical"),
        *given(DAY, "due_on"),
        *maybe(INSTANT, "answered_at"),
        *maybe(WORD, "answered_by"),
        *no("voided"),
        refers={"authorization": "authorization.number"},
    )
    index("ix_information_request_authorization", "information_request", "authorization")
    table(
        "peer_to_peer",
        key(),
        *given(ID, "authorization"),
        *given(INSTANT, "scheduled_for"),
        *blank(WORD, "phone"),
        *given(WORD, "clinician_id", "booked_by"),
        *maybe(WORD, "outcome"),
        *maybe(INSTANT, "outcome_at"),
        *no("voided"),
        refers={"authorization": "authorization.number"},
    )
    index("ix_peer_to_peer_authorization", "peer_to_peer", "authorization")
    table(
        "question",
        key(),
        *given(ID, "authorization"),
        *given(WORD, "asked_by", "asked_of"),
        *blank(TEXT, "text"),
        *given(INSTANT, "asked_at"),
        *maybe(WORD, "answered_by"),
        *maybe(INSTANT, "answered_at"),
        *blank(TEXT, "answer"),
        *no("voided"),
        refers={"authorization": "authorization.number"},
    )
    index("ix_question_authorization", "question", "authorization")
    table(
        "patient_update",
        key(),
        *given(ID, "authorization"),
        *given(WORD, "outcome"),
        *given(INSTANT, "told_at"),
        *given(WORD, "told_by", "how"),
        *blank(TEXT, "note"),
        *no("voided"),
        refers={"authorization": "authorization.number"},
    )
    index("ix_patient_update_authorization", "patient_update", "authorization")


def _work() -> None:
    """What an authorization is for, and what is to be done about it."""
    table(
        "contact",
        key(),
        *given(ID, "authorization"),
        *given(INSTANT, "at"),
        *given(WORD, "by", "channel"),
        *blank(TEXT, "spoke_with"),
        *blank(WORD, "reference"),
        *blank(TEXT, "result"),
        *maybe(DAY, "next_check_on"),
        *given(WORD, "save"),
        *no("voided"),
        refers={"authorization": "authorization.number"},
    )
    index("ix_contact_authorization", "contact", "authorization")
    index("ix_contact_save", "contact", "save")
    table(
        "deadline",
        key(),
        *given(ID, "authorization"),
        *given(WORD, "kind"),
        *given(INSTANT, "due_at"),
        *given(WORD, "unit"),
        *given(INSTANT, "started_at"),
        *given(WORD, "source", "why"),
        *maybe(INSTANT, "done_at"),
        *maybe(WORD, "done_by", "ended"),
        *maybe(ID, "superseded_by"),
        refers={"authorization": "authorization.number"},
    )
    index("ix_deadline_authorization", "deadline", "authorization")
    index("ix_deadline_running_due", "deadline", "due_at", where="done_at IS NULL")
    index("uq_deadline_running", "deadline", "authorization", "kind", unique=True, where="done_at IS NULL")
    table(
        "diagnosis",
        *given(ID, "authorization"),
        *given(COUNT, "seq"),
        *given(WORD, "code"),
        one_by=("authorization", "seq"),
        refers={"authorization": "authorization.number"},
    )
    table(
        "service_line",
        *given(ID, "authorization"),
        *given(COUNT, "seq"),
        *given(WORD, "code"),
        *blank(WORD, "modifiers"),
        *given(COUNT, "units"),
        *maybe(YES_NO, "approved"),
        *maybe(COUNT, "units_approved"),
        one_by=("authorization", "seq"),
        refers={"authorization": "authorization.number"},
    )
    index("ix_service_line_code", "service_line", "code")
    table(
        "escalation",
        *given(ID, "deadline_id"),
        *given(COUNT, "level"),
        *given(INSTANT, "raised_at"),
        *given(DAY, "day"),
        one_by=("deadline_id", "level"),
        refers={"deadline_id": "deadline.id"},
    )
    index("ix_escalation_day", "escalation", "day")
