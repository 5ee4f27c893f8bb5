"""Medication and therapy"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("authorization", sa.Column("medication", sa.Text(), server_default="", nullable=False))
    op.add_column("authorization", sa.Column("therapy", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("authorization", "therapy")
    op.drop_column("authorization", "medication")
