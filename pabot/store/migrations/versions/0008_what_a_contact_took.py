"""What a contact took, and what the payer told us to do next"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contact", sa.Column("told_next", sa.Text(), server_default="", nullable=False))
    op.add_column("contact", sa.Column("minutes", sa.Integer(), nullable=True))
    op.add_column("contact", sa.Column("minutes_typed", sa.Boolean(), server_default=sa.text("false"), nullable=False))


def downgrade() -> None:
    for name in ("minutes_typed", "minutes", "told_next"):
        op.drop_column("contact", name)
