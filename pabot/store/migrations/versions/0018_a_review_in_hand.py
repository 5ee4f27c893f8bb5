"""Who has a review in hand, why it was asked for, and that it was given back"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

RETURNED = (
    ("returned_at", sa.DateTime(timezone=True), None),
    ("returned_by", sa.String(), None),
    ("return_reason", sa.Text(), ""),
)
COLUMNS = {
    "authorization": (
        ("urgency_asked_of", sa.String(), None),
        ("urgency_asked_at", sa.DateTime(timezone=True), None),
    ),
    "denial": RETURNED,
    "question": (
        ("trigger", sa.String(), ""),
        ("background", sa.Text(), ""),
        ("accepted_at", sa.DateTime(timezone=True), None),
        *RETURNED,
    ),
}


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for name, kind, default in columns:
            op.add_column(table, sa.Column(name, kind, server_default=default, nullable=default is None))


def downgrade() -> None:
    for table, columns in reversed(COLUMNS.items()):
        for name, _, _ in reversed(columns):
            op.drop_column(table, name)
