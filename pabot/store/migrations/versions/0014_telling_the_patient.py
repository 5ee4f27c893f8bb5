"""What patients were told on the way, and what could not be told"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def _of_authorization(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("authorization", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("update", sa.String(), nullable=False),
        *columns,
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("voided", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["authorization"], ["authorization.number"], name=op.f(f"fk_{name}_authorization_authorization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_authorization"), name, ["authorization"], unique=False)


def upgrade() -> None:
    _of_authorization(
        "patient_news",
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_by", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
    )
    _of_authorization(
        "attempt",
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_by", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
    )
    for name in ("patient_news_id", "attempt_id"):
        op.add_column(
            "authorization", sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )


def downgrade() -> None:
    op.drop_column("authorization", "attempt_id")
    op.drop_column("authorization", "patient_news_id")
    op.drop_table("attempt")
    op.drop_table("patient_news")
