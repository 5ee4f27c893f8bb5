"""Appeals by level with their packet, consent and reasons; calls that are asked for before they have a time"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), server_default="", nullable=False)


def _sealed(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _no(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False)


COLUMNS = {
    "denial": (
        _no("expedited"),
        _words("packet"),
        _sealed("attachments"),
        _sealed("consent_by"),
        sa.Column("consent_on", sa.Date(), nullable=True),
        _sealed("necessity"),
        _sealed("necessity_where"),
        sa.Column("necessity_by", sa.String(), nullable=True),
        sa.Column("necessity_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("necessity_version", sa.Integer(), server_default="0", nullable=False),
    ),
    "appeal": (_words("kind"), _no("automatic"), _words("signed_by"), _sealed("without"), _no("dismissed")),
    "peer_to_peer": (
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=True),
        _words("requested_with"),
        _words("reference"),
        _words("slots"),
        _sealed("note"),
        _words("dictated_by"),
    ),
    "payer": (_words("new_in_call"),),
}


def _rebuild_time(*, nullable: bool) -> None:
    """SQLite changes no column's constraint in place: a column of the other kind takes over its name and content."""
    default = None if nullable else sa.text("'1970-01-01 00:00:00'")
    column = sa.Column("call_at", sa.DateTime(timezone=True), nullable=nullable, server_default=default)
    op.add_column("peer_to_peer", column)
    op.execute("UPDATE peer_to_peer SET call_at = scheduled_for WHERE scheduled_for IS NOT NULL")
    op.drop_column("peer_to_peer", "scheduled_for")
    op.execute("ALTER TABLE peer_to_peer RENAME COLUMN call_at TO scheduled_for")


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for column in columns:
            op.add_column(table, column)
    _rebuild_time(nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM peer_to_peer WHERE scheduled_for IS NULL")
    _rebuild_time(nullable=False)
    for table, columns in COLUMNS.items():
        for column in columns:
            op.drop_column(table, column.name)
