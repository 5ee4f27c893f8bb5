"""Words for patients: versions of the texts, and proposals"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "wording_version",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", instant, nullable=False),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("approved_at", instant, nullable=False),
        sa.Column("cosigned_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_version")),
        sa.UniqueConstraint("kind", "language", "n", name=op.f("uq_wording_version_kind_language_n")),
    )
    op.create_table(
        "wording_proposal",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("base_n", sa.Integer(), nullable=False),
        sa.Column("authorization", number, nullable=True),
        sa.Column("status_since", instant, nullable=True),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", instant, nullable=True),
        sa.Column("decided_why", sa.Text(), server_default="", nullable=False),
        sa.Column("cosigned_by", sa.String(), nullable=True),
        sa.Column("cosigned_at", instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["authorization"], ["authorization.number"], name=op.f("fk_wording_proposal_authorization_authorization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_proposal")),
    )
    op.create_index("ix_wording_proposal_of", "wording_proposal", ["authorization", "state"])


def downgrade() -> None:
    op.drop_table("wording_proposal")
    op.drop_table("wording_version")
