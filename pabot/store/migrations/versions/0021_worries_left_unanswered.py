"""Since when a patient with an urgent worry waits for a call back, because the question about it ended unanswered"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("authorization", sa.Column("worry_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("authorization", "worry_since")
