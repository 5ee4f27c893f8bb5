"""Why a date is what it is: where it was given, what is on hold, and how far clocks follow a change of the calendar"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

COLUMNS = {
    "authorization": (
        sa.Column("urgency_proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("on_hold_until", sa.Date(), nullable=True),
        sa.Column("on_hold_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("on_hold_for", sa.String(), server_default="", nullable=False),
        sa.Column("days_on_hold", sa.Integer(), server_default="0", nullable=False),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
    ),
    "document": (sa.Column("times_asked", sa.Integer(), server_default="0", nullable=False),),
    "denial": (sa.Column("p2p_source", sa.String(), server_default="", nullable=False),),
    "information_request": (sa.Column("due_source", sa.String(), server_default="", nullable=False),),
    "practice": (sa.Column("clocks_set_until", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),),
}


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for column in columns:
            op.add_column(table, column)
    waits = sa.text("on_hold_until IS NOT NULL")
    op.create_index(
        "ix_authorization_on_hold_until",
        "authorization",
        ["on_hold_until", "number"],
        unique=False,
        postgresql_where=waits,
        sqlite_where=waits,
    )


def downgrade() -> None:
    op.drop_index("ix_authorization_on_hold_until", table_name="authorization")
    for table, columns in reversed(COLUMNS.items()):
        for column in reversed(columns):
            op.drop_column(table, column.name)
