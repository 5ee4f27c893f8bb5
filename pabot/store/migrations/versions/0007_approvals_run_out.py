"""Approvals run out"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ENDS = "expires_on IS NOT NULL"


def upgrade() -> None:
    op.create_index(
        "ix_authorization_expires_on",
        "authorization",
        ["expires_on", "number"],
        postgresql_where=sa.text(ENDS),
        sqlite_where=sa.text(ENDS),
    )


def downgrade() -> None:
    op.drop_index("ix_authorization_expires_on", table_name="authorization")
