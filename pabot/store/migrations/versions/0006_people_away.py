"""People away"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("back_on", sa.Date(), nullable=True),
        sa.Column("covers", sa.String(), nullable=False),
        sa.Column("split", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["staff.user_id"], name=op.f("fk_absence_user_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(
        "ix_absence_not_over",
        "absence",
        ["user_id"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_absence_running",
        "absence",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("begun_at IS NOT NULL AND ended_at IS NULL"),
        sqlite_where=sa.text("begun_at IS NOT NULL AND ended_at IS NULL"),
    )
    op.create_table(
        "absence_share",
        sa.Column("absence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cover_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["absence_id"], ["absence.id"], name=op.f("fk_absence_share_absence_id_absence")),
        sa.ForeignKeyConstraint(
            ["number"], ["authorization.number"], name=op.f("fk_absence_share_number_authorization")
        ),
        sa.PrimaryKeyConstraint("absence_id", "number", name=op.f("pk_absence_share")),
    )
    op.create_index("ix_event_at", "event", ["at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_event_at", table_name="event")
    op.drop_table("absence_share")
    op.drop_table("absence")
