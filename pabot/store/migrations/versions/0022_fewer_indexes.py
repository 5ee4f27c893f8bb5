"""Two indexes that every save kept up and hardly anything read"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index(op.f("ix_contact_save"), table_name="contact")
    op.drop_index(op.f("ix_request_key_at"), table_name="request_key")


def downgrade() -> None:
    op.create_index(op.f("ix_request_key_at"), "request_key", ["at"], unique=False)
    op.create_index(op.f("ix_contact_save"), "contact", ["save"], unique=False)
