"""Units used, and renewals"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

RENEWS, LOW = "renews IS NOT NULL", "runs_low"


def upgrade() -> None:
    op.add_column("service_line", sa.Column("units_used", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("authorization", sa.Column("renews", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
    op.add_column("authorization", sa.Column("no_renewal", sa.String(), server_default="", nullable=False))
    op.add_column("authorization", sa.Column("runs_low", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("authorization", sa.Column("low_noticed_on", sa.Date()))
    op.create_index(
        "ix_authorization_renews",
        "authorization",
        ["renews"],
        postgresql_where=sa.text(RENEWS),
        sqlite_where=sa.text(RENEWS),
    )
    op.create_index(
        "ix_authorization_runs_low",
        "authorization",
        ["number"],
        postgresql_where=sa.text(LOW),
        sqlite_where=sa.text(f"{LOW} = 1"),
    )


def downgrade() -> None:
    op.drop_index("ix_authorization_runs_low", table_name="authorization")
    op.drop_index("ix_authorization_renews", table_name="authorization")
    for name in ("low_noticed_on", "runs_low", "no_renewal", "renews"):
        op.drop_column("authorization", name)
    op.drop_column("service_line", "units_used")
