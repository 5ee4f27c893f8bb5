"""What somebody put off in a sweep"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "put_off",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sweep", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["authorization.number"], name=op.f("fk_put_off_number_authorization")),
        sa.PrimaryKeyConstraint("user_id", "number", name=op.f("pk_put_off")),
    )


def downgrade() -> None:
    op.drop_table("put_off")
