"""Since when a clinician's answer waits to be passed on to the patient"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

COLUMNS = ("answer_since", "urgent_answer_since")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("authorization", sa.Column(name, sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.drop_column("authorization", name)
