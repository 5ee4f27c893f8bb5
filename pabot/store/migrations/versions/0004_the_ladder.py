"""The ladder: when the managers hear of a clock, and whoever holds an alarm"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

A_DAY = timedelta(days=1)  # for the clocks that run already; a new one is given its own moment


def upgrade() -> None:
    op.add_column("authorization", sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("authorization", sa.Column("held_by", sa.String(), nullable=True))
    op.add_column("authorization", sa.Column("held_for", sa.String(), server_default="", nullable=False))
    op.add_column("deadline", sa.Column("managers_at", sa.DateTime(timezone=True), nullable=True))
    _give_running_clocks_their_moment()
    running = sa.text("done_at IS NULL")
    op.create_index(
        "ix_deadline_running_managers",
        "deadline",
        ["managers_at"],
        unique=False,
        postgresql_where=running,
        sqlite_where=running,
    )


def downgrade() -> None:
    op.drop_index("ix_deadline_running_managers", table_name="deadline")
    op.drop_column("deadline", "managers_at")
    op.drop_column("authorization", "held_for")
    op.drop_column("authorization", "held_by")
    op.drop_column("authorization", "held_until")


def _give_running_clocks_their_moment() -> None:
    clock = sa.table(
        "deadline",
        sa.column("id", sa.Integer),
        sa.column("kind", sa.String),
        sa.column("due_at", sa.DateTime(timezone=True)),
        sa.column("done_at", sa.DateTime(timezone=True)),
        sa.column("managers_at", sa.DateTime(timezone=True)),
    )
    never = ("first_touch", "document_chase", "acknowledgement", "closure", "expiry")
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(clock.c.id, clock.c.due_at).where(clock.c.done_at.is_(None), clock.c.kind.not_in(never))
    ).all()
    for row in rows:
        moment = row.due_at + A_DAY
        connection.execute(sa.update(clock).where(clock.c.id == row.id).values(managers_at=moment))
