"""Calls of patients"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "patient_call",
        sa.Column("authorization", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("caller", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("said", sa.Text(), server_default="", nullable=False),
        sa.Column("read_out", sa.Boolean(), nullable=False),
        sa.Column("taken_by", sa.String(), nullable=False),
        sa.Column("asked_of", sa.String(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["authorization"], ["authorization.number"], name=op.f("fk_patient_call_authorization_authorization")
        ),
        sa.PrimaryKeyConstraint("authorization", "seq", name=op.f("pk_patient_call")),
    )
    op.create_index(op.f("ix_patient_call_at"), "patient_call", ["at"], unique=False)
    op.add_column("authorization", sa.Column("call_count", sa.Integer(), server_default=sa.text("0"), nullable=False))


def downgrade() -> None:
    op.drop_column("authorization", "call_count")
    op.drop_table("patient_call")
