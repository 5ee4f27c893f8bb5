"""The payer library"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "checklist",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("line_of_business", sa.String(), nullable=True),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_checklist_payer_id_payer")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_checklist_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist")),
        sa.UniqueConstraint("payer_id", "key", name=op.f("uq_checklist_payer_id_key")),
    )
    op.create_table(
        "payer_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_payer_rule_payer_id_payer")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_payer_rule_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payer_rule")),
    )
    op.create_index("ix_payer_rule_of", "payer_rule", ["payer_id", "plan_id", "kind"], unique=False)
    op.create_table(
        "checklist_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("checklist_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("is_range", sa.Boolean(), nullable=False),
        sa.Column("low", sa.String(), server_default="", nullable=False),
        sa.Column("high", sa.String(), server_default="", nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("category", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["checklist_id"], ["checklist.id"], name=op.f("fk_checklist_entry_checklist_id_checklist")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_entry")),
    )
    op.create_index("ix_checklist_entry_category", "checklist_entry", ["payer_id", "category"], unique=False)
    op.create_index(op.f("ix_checklist_entry_checklist_id"), "checklist_entry", ["checklist_id"], unique=False)
    op.create_index("ix_checklist_entry_code", "checklist_entry", ["payer_id", "is_range", "low", "high"], unique=False)
    op.create_table(
        "checklist_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("checklist_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cosigned_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["checklist_id"], ["checklist.id"], name=op.f("fk_checklist_version_checklist_id_checklist")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_version")),
        sa.UniqueConstraint("checklist_id", "n", name=op.f("uq_checklist_version_checklist_id_n")),
    )
    op.create_table(
        "document",
        sa.Column("authorization", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("supplier", sa.String(), nullable=False),
        sa.Column("max_age_days", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("location", sa.Text(), server_default="", nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("asked_of", sa.String(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waived_by", sa.String(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["authorization"], ["authorization.number"], name=op.f("fk_document_authorization_authorization")
        ),
        sa.PrimaryKeyConstraint("authorization", "seq", name=op.f("pk_document")),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("checklist_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("line_of_business", sa.String(), nullable=True),
        sa.Column("base_n", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("authorization", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_why", sa.String(), server_default="", nullable=False),
        sa.Column("cosigned_by", sa.String(), nullable=True),
        sa.Column("cosigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["checklist_id"], ["checklist.id"], name=op.f("fk_proposal_checklist_id_checklist")),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_proposal_payer_id_payer")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_proposal_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index(op.f("ix_proposal_checklist_id"), "proposal", ["checklist_id"], unique=False)
    op.add_column(
        "authorization",
        sa.Column("checklist_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    )
    op.add_column("authorization", sa.Column("rendering_provider", sa.String(), server_default="", nullable=False))
    op.add_column("authorization", sa.Column("facility", sa.String(), server_default="", nullable=False))
    op.add_column("authorization", sa.Column("place_of_service", sa.String(), server_default="", nullable=False))
    op.add_column("authorization", sa.Column("asks", sa.String(), server_default="", nullable=False))
    op.add_column(
        "authorization", sa.Column("document_count", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.create_index(
        op.f("ix_authorization_checklist_version_id"), "authorization", ["checklist_version_id"], unique=False
    )
    op.add_column("payer", sa.Column("vendor", sa.String(), server_default="", nullable=False))
    op.add_column("payer", sa.Column("portal", sa.String(), server_default="", nullable=False))
    op.add_column("payer", sa.Column("phone", sa.String(), server_default="", nullable=False))
    op.add_column("payer", sa.Column("phone_path", sa.String(), server_default="", nullable=False))
    op.add_column("payer", sa.Column("fax", sa.String(), server_default="", nullable=False))
    op.add_column("payer", sa.Column("hours", sa.String(), server_default="", nullable=False))
    op.add_column("payer", sa.Column("notes", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("payer", "notes")
    op.drop_column("payer", "hours")
    op.drop_column("payer", "fax")
    op.drop_column("payer", "phone_path")
    op.drop_column("payer", "phone")
    op.drop_column("payer", "portal")
    op.drop_column("payer", "vendor")
    op.drop_index(op.f("ix_authorization_checklist_version_id"), table_name="authorization")
    op.drop_column("authorization", "document_count")
    op.drop_column("authorization", "asks")
    op.drop_column("authorization", "place_of_service")
    op.drop_column("authorization", "facility")
    op.drop_column("authorization", "rendering_provider")
    op.drop_column("authorization", "checklist_version_id")
    op.drop_index(op.f("ix_proposal_checklist_id"), table_name="proposal")
    op.drop_table("proposal")
    op.drop_table("document")
    op.drop_table("checklist_version")
    op.drop_index("ix_checklist_entry_code", table_name="checklist_entry")
    op.drop_index(op.f("ix_checklist_entry_checklist_id"), table_name="checklist_entry")
    op.drop_index("ix_checklist_entry_category", table_name="checklist_entry")
    op.drop_table("checklist_entry")
    op.drop_index("ix_payer_rule_of", table_name="payer_rule")
    op.drop_table("payer_rule")
    op.drop_table("checklist")
