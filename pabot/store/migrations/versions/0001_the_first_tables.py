"""The first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_key",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("wrapped", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_data_key")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=True),
        sa.Column("save", sa.String(), nullable=False),
        sa.Column("corrects", sa.String(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("image", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("mac", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("subject", "seq", name=op.f("uq_event_subject_seq")),
    )
    op.create_table(
        "event_head",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("mac", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_event_head")),
    )
    op.create_table(
        "job_run",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job", "period", name=op.f("pk_job_run")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("marker", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("authorization", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("key", name=op.f("uq_message_key")),
        sa.UniqueConstraint("marker", name=op.f("uq_message_marker")),
    )
    op.create_index(op.f("ix_message_authorization"), "message", ["authorization"], unique=False)
    op.create_index("ix_message_list", "message", ["kind", "subject"], unique=False)
    op.create_index(
        "ix_message_parked",
        "message",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'parked'"),
        sqlite_where=sa.text("state = 'parked'"),
    )
    op.create_index(
        "ix_message_unsent",
        "message",
        ["next_try_at", "id"],
        unique=False,
        postgresql_where=sa.text("sent < wanted AND state <> 'parked'"),
        sqlite_where=sa.text("sent < wanted AND state <> 'parked'"),
    )
    op.create_table(
        "patient",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("chart_lookup", sa.String(), nullable=False),
        sa.Column("initials_lookup", sa.String(), nullable=False),
        sa.Column("member_lookup", sa.String(), nullable=True),
        sa.Column("name_lookup", sa.String(), nullable=True),
        sa.Column("chart_number", sa.Text(), server_default="", nullable=False),
        sa.Column("initials", sa.Text(), server_default="", nullable=False),
        sa.Column("first_name", sa.Text(), server_default="", nullable=False),
        sa.Column("last_name", sa.Text(), server_default="", nullable=False),
        sa.Column("born_on", sa.Text(), server_default="", nullable=False),
        sa.Column("member_id", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
        sa.UniqueConstraint("chart_lookup", name=op.f("uq_patient_chart_lookup")),
    )
    op.create_index(op.f("ix_patient_initials_lookup"), "patient", ["initials_lookup"], unique=False)
    op.create_index(op.f("ix_patient_member_lookup"), "patient", ["member_lookup"], unique=False)
    op.create_index(op.f("ix_patient_name_lookup"), "patient", ["name_lookup"], unique=False)
    op.create_table(
        "payer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payer")),
        sa.UniqueConstraint("name", name=op.f("uq_payer_name")),
    )
    op.create_table(
        "practice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), server_default="", nullable=False),
        sa.Column("bot_id", sa.String(), server_default="", nullable=False),
        sa.Column("bot_user_id", sa.String(), server_default="", nullable=False),
        sa.Column("is_sandbox", sa.Boolean(), nullable=False),
        sa.Column("worker_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice")),
    )
    op.create_table(
        "recipient_pace",
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("recipient", name=op.f("pk_recipient_pace")),
    )
    op.create_table(
        "request_key",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("use_case", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_request_key")),
    )
    op.create_index(op.f("ix_request_key_at"), "request_key", ["at"], unique=False)
    op.create_table(
        "staff",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("roles", sa.String(), nullable=False),
        sa.Column("npi", sa.String(), server_default="", nullable=False),
        sa.Column("cover_id", sa.String(), nullable=True),
        sa.Column("away", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_staff")),
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("line_of_business", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_plan_payer_id_payer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("payer_id", "name", name=op.f("uq_plan_payer_id_name")),
    )
    op.create_table(
        "authorization",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("service", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("clinician_id", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=True),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("urgency_proposed", sa.Boolean(), nullable=False),
        sa.Column("attested_by", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("return_status", sa.String(), nullable=True),
        sa.Column("pending_kind", sa.String(), nullable=True),
        sa.Column("documents_missing", sa.Text(), server_default="", nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by_channel", sa.String(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tracking_number", sa.String(), server_default="", nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("expected_source", sa.String(), server_default="", nullable=False),
        sa.Column("next_check_on", sa.Date(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("authorization_number", sa.String(), server_default="", nullable=False),
        sa.Column("no_number_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("requested_from", sa.Date(), nullable=True),
        sa.Column("requested_to", sa.Date(), nullable=True),
        sa.Column("appointment_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_reason", sa.String(), server_default="", nullable=False),
        sa.Column("not_required_proof", sa.Text(), server_default="", nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("denial_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("information_request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("appeal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("peer_to_peer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("patient_update_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("needed", sa.String(), nullable=False),
        sa.Column("waits_for", sa.String(), nullable=True),
        sa.Column("judge", sa.String(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_kind", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_authorization_patient_id_patient")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_authorization_plan_id_plan")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_authorization")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_authorization_due",
        "authorization",
        ["due_at", "number"],
        unique=False,
        postgresql_where=sa.text("is_open"),
        sqlite_where=sa.text("is_open = 1"),
    )
    op.create_index(
        "ix_authorization_judge_due",
        "authorization",
        ["judge", "due_at", "number"],
        unique=False,
        postgresql_where=sa.text("is_open"),
        sqlite_where=sa.text("is_open = 1"),
    )
    op.create_index(
        "ix_authorization_owner_due",
        "authorization",
        ["owner_id", "due_at", "number"],
        unique=False,
        postgresql_where=sa.text("is_open"),
        sqlite_where=sa.text("is_open = 1"),
    )
    op.create_index(op.f("ix_authorization_patient_id"), "authorization", ["patient_id"], unique=False)
    op.create_index(op.f("ix_authorization_plan_id"), "authorization", ["plan_id"], unique=False)
    op.create_index(
        "ix_authorization_status_due",
        "authorization",
        ["status", "due_at", "number"],
        unique=False,
        postgresql_where=sa.text("is_open"),
        sqlite_where=sa.text("is_open = 1"),
    )
    op.create_index(
        "ix_authorization_waits_due",
        "authorization",
        ["waits_for", "due_at", "number"],
        unique=False,
        postgresql_where=sa.text("is_open"),
        sqlite_where=sa.text("is_open = 1"),
    )
    op.create_index(
        "ix_authorization_authorization_number", "authorization", [sa.text("lower(authorization_number)")], unique=False
    )
    op.create_index(
        "ix_authorization_tracking_number", "authorization", [sa.text("lower(tracking_number)")], unique=False
    )
    op.create_table(
        "appeal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("authorization", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("expedited", sa.Boolean(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_by", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), server_default="", nullable=False),
        sa.Column("decision_due_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.ForeignKeyConstraint(
            ["authorization"], ["authorization.number"], name=op.f("fk_appeal_authorization_authorization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
    )
    op.create_index(op.f("ix_appeal_authorization"), "appeal", ["authorization"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("authorization", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("spoke_with", sa.Text(), server_default="", nullable=False),
        sa.Column("reference", sa.String(), server_default="", nullable=False),
        sa.Column("result", sa.Text(), server_default="", nullable=False),
        sa.Column("next_check_on", sa.Date(), nullable=True),
        sa.Column("save", sa.String(), nullable=False),
        sa.Column("voided", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.ForeignKeyConstraint(
            ["authorization"], ["authorization.number"], name=op.f("fk_contact_authorization_authorization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index(op.f("ix_contact_authorization"), "contact", ["authorization"], unique=False)
    op.create_index(op.f("ix_contact_save"), "contact", ["save"], unique=False)
    op.create_table(
        "deadline",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("authorization", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(), nullable=True),
        sa.Column("ended", sa.String(), nullable=True),
        sa.Column("superseded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["authorization"], ["authorization.number"], name=op.f("fk_deadline_authorization_authorization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
    )
    op.create_index(op.f("ix_deadline_authorization"), "deadline", ["authorization"], unique=False)
    op.create_index(
        "ix_deadline_running_due",
        "deadline",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    )
    op.create_index(
        "uq_deadline_running",
        "deadline",
        ["authorization", "kind"],
        unique=True,
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "denial",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("authorization", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("denial_class", sa.String(), nullable=False),
        sa.Column("reason_text", sa.Text(), server_default="", nullable=False),
        sa.Column("reference", sa.String(), server_default="", nullable=False),
        sa.Column("notice_on", sa.Date(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appeal_by", sa.Date(), nullable=True),
        sa.Column("appeal_source", sa.String(), server_default="", nullable=False),
        sa.Column("p2p_by", sa.Date(), nullable=True),
        sa.Column("routed_to", sa.String(), nullable=True),
        sa.Column("routed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("decision_words", sa.Text(), server_default="", nullable=False),
        sa.Column("lines", sa.String(), server_default="", nullable=False),
        sa.Column("voided", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.ForeignKeyConstraint(
            ["authorization"], ["authorization.number"], name=op.f("fk_denial_authorization_authorization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_denial")),
    )
    op.create_index(op.f("ix_denial_authorization"), "denial", ["authorization"], unique=False)
    op.create_table(
        "diagnosis",
        sa.Column("authorization", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authorization"], ["authorization.number"], name=op.f("fk_diagnosis_authorization_authorization")
        ),
        sa.PrimaryKeyConstraint("authorization", "seq", name=op.f("pk_diagnosis")),
    )
    op.create_table(
        "information_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("authorization", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked", sa.Text(), server_default="", nullable=False),
        sa.Column("clinical", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("voided", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.ForeignKeyConstraint(
            ["authorization"], ["authorization.number"], name=op.f("fk_information_request_authorization_authorization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information_request")),
    )
    op.create_index(
        op.f("ix_information_request_authorization"), "information_request", ["authorization"], unique=False
    )
    op.create_table(
        "patient_update",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("authorization", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_by", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("voided", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.ForeignKeyConstraint(
            ["authorization"], ["authorization.number"], name=op.f("fk_patient_update_authorization_authorization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_update")),
    )
    op.create_index(op.f("ix_patient_update_authorization"), "patient_update", ["authorization"], unique=False)
    op.create_table(
        "peer_to_peer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("authorization", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scheduled_for", sa.DateTime(timezone=True), nullable=False),
        sa.Column("phone", sa.String(), server_default="", nullable=False),
        sa.Column("clinician_id", sa.String(), nullable=False),
        sa.Column("booked_by", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.ForeignKeyConstraint(
            ["authorization"], ["authorization.number"], name=op.f("fk_peer_to_peer_authorization_authorization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_to_peer")),
    )
    op.create_index(op.f("ix_peer_to_peer_authorization"), "peer_to_peer", ["authorization"], unique=False)
    op.create_table(
        "question",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("authorization", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_of", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("voided", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.ForeignKeyConstraint(
            ["authorization"], ["authorization.number"], name=op.f("fk_question_authorization_authorization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    op.create_index(op.f("ix_question_authorization"), "question", ["authorization"], unique=False)
    op.create_table(
        "service_line",
        sa.Column("authorization", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("modifiers", sa.String(), server_default="", nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("units_approved", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authorization"], ["authorization.number"], name=op.f("fk_service_line_authorization_authorization")
        ),
        sa.PrimaryKeyConstraint("authorization", "seq", name=op.f("pk_service_line")),
    )
    op.create_index(op.f("ix_service_line_code"), "service_line", ["code"], unique=False)
    op.create_table(
        "escalation",
        sa.Column("deadline_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadline.id"], name=op.f("fk_escalation_deadline_id_deadline")),
        sa.PrimaryKeyConstraint("deadline_id", "level", name=op.f("pk_escalation")),
    )
    op.create_index(op.f("ix_escalation_day"), "escalation", ["day"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('authorization', 1000)")
    else:
        op.execute("ALTER SEQUENCE authorization_number_seq RESTART WITH 1001")


def downgrade() -> None:
    op.drop_index(op.f("ix_escalation_day"), table_name="escalation")
    op.drop_table("escalation")
    op.drop_index(op.f("ix_service_line_code"), table_name="service_line")
    op.drop_table("service_line")
    op.drop_index(op.f("ix_question_authorization"), table_name="question")
    op.drop_table("question")
    op.drop_index(op.f("ix_peer_to_peer_authorization"), table_name="peer_to_peer")
    op.drop_table("peer_to_peer")
    op.drop_index(op.f("ix_patient_update_authorization"), table_name="patient_update")
    op.drop_table("patient_update")
    op.drop_index(op.f("ix_information_request_authorization"), table_name="information_request")
    op.drop_table("information_request")
    op.drop_table("diagnosis")
    op.drop_index(op.f("ix_denial_authorization"), table_name="denial")
    op.drop_table("denial")
    op.drop_index(
        "uq_deadline_running",
        table_name="deadline",
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    )
    op.drop_index(
        "ix_deadline_running_due",
        table_name="deadline",
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    )
    op.drop_index(op.f("ix_deadline_authorization"), table_name="deadline")
    op.drop_table("deadline")
    op.drop_index(op.f("ix_contact_save"), table_name="contact")
    op.drop_index(op.f("ix_contact_authorization"), table_name="contact")
    op.drop_table("contact")
    op.drop_index(op.f("ix_appeal_authorization"), table_name="appeal")
    op.drop_table("appeal")
    op.drop_index(
        "ix_authorization_waits_due",
        table_name="authorization",
        postgresql_where=sa.text("is_open"),
        sqlite_where=sa.text("is_open = 1"),
    )
    op.drop_index(
        "ix_authorization_status_due",
        table_name="authorization",
        postgresql_where=sa.text("is_open"),
        sqlite_where=sa.text("is_open = 1"),
    )
    op.drop_index(op.f("ix_authorization_plan_id"), table_name="authorization")
    op.drop_index(op.f("ix_authorization_patient_id"), table_name="authorization")
    op.drop_index(
        "ix_authorization_owner_due",
        table_name="authorization",
        postgresql_where=sa.text("is_open"),
        sqlite_where=sa.text("is_open = 1"),
    )
    op.drop_index(
        "ix_authorization_judge_due",
        table_name="authorization",
        postgresql_where=sa.text("is_open"),
        sqlite_where=sa.text("is_open = 1"),
    )
    op.drop_index(
        "ix_authorization_due",
        table_name="authorization",
        postgresql_where=sa.text("is_open"),
        sqlite_where=sa.text("is_open = 1"),
    )
    op.drop_index("ix_authorization_tracking_number", table_name="authorization")
    op.drop_index("ix_authorization_authorization_number", table_name="authorization")
    op.drop_table("authorization")
    op.drop_table("plan")
    op.drop_table("staff")
    op.drop_index(op.f("ix_request_key_at"), table_name="request_key")
    op.drop_table("request_key")
    op.drop_table("recipient_pace")
    op.drop_table("practice")
    op.drop_table("payer")
    op.drop_index(op.f("ix_patient_name_lookup"), table_name="patient")
    op.drop_index(op.f("ix_patient_member_lookup"), table_name="patient")
    op.drop_index(op.f("ix_patient_initials_lookup"), table_name="patient")
    op.drop_table("patient")
    op.drop_index(
        "ix_message_unsent",
        table_name="message",
        postgresql_where=sa.text("sent < wanted AND state <> 'parked'"),
        sqlite_where=sa.text("sent < wanted AND state <> 'parked'"),
    )
    op.drop_index(
        "ix_message_parked",
        table_name="message",
        postgresql_where=sa.text("state = 'parked'"),
        sqlite_where=sa.text("state = 'parked'"),
    )
    op.drop_index("ix_message_list", table_name="message")
    op.drop_index(op.f("ix_message_authorization"), table_name="message")
    op.drop_table("message")
    op.drop_table("job_run")
    op.drop_table("event_head")
    op.drop_table("event")
    op.drop_table("data_key")
