"""Quiet hours, and messages in a thread"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("thread_of", sa.String(), nullable=True))
    op.add_column("message", sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("message", "held_until")
    op.drop_column("message", "thread_of")
