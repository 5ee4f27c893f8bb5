"""Whom each running clock waits for, in place of one person for each request

What is not certain yet, several questions of one request say, is put right by the tick that sets clocks anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

RUNS = "done_at IS NULL"
# What the one clock of each kind ran for: as it was, the soonest of these; the rest get theirs by that tick.
ABOUT = """
UPDATE deadline SET about = CASE
    WHEN kind IN ('patient_question', 'patient_worry') THEN coalesce((
        SELECT 'call:' || call.seq FROM patient_call AS call
        WHERE call."authorization" = deadline."authorization" AND call.answered_at IS NULL
            AND call.asked_of IS NOT NULL AND call.at = deadline.started_at AND deadline.kind = 'patient_' || call.asked
        ORDER BY call.seq LIMIT 1), '')
    WHEN EXISTS (
        SELECT 1 FROM "authorization" AS a JOIN question AS q ON q.id = a.question_id
        WHERE a.number = deadline."authorization" AND q.answered_at IS NULL AND q.returned_at IS NULL
            AND (q.asked_at = deadline.started_at OR q.accepted_at = deadline.started_at)) THEN 'question'
    WHEN EXISTS (
        SELECT 1 FROM "authorization" AS a JOIN denial AS d ON d.id = a.denial_id
        WHERE a.number = deadline."authorization" AND d.decision IS NULL
            AND (d.routed_at = deadline.started_at OR d.accepted_at = deadline.started_at)) THEN 'denial'
    ELSE 'urgency' END
WHERE done_at IS NULL AND kind IN ('acceptance', 'judgement', 'patient_question', 'patient_worry')
"""
ASKED_OF = """
UPDATE deadline SET asked_of = (
    SELECT a.judge FROM "authorization" AS a WHERE a.number = deadline."authorization")
WHERE done_at IS NULL AND kind IN ('submission', 'information', 'acceptance', 'judgement', 'appeal_ready',
    'appeal_window', 'p2p_window', 'patient_question', 'patient_worry')
"""
JUDGE = """
UPDATE "authorization" SET judge = (
    SELECT min(d.asked_of) FROM deadline AS d WHERE d."authorization" = number AND d.done_at IS NULL)
WHERE is_open
"""
# Only the one that was due first may run where a request has one clock of each kind.
ONE_OF_A_KIND = """
UPDATE deadline SET done_at = started_at, ended = 'met'
WHERE done_at IS NULL AND EXISTS (
    SELECT 1 FROM deadline AS other
    WHERE other."authorization" = deadline."authorization" AND other.kind = deadline.kind AND other.done_at IS NULL
        AND (other.due_at < deadline.due_at OR (other.due_at = deadline.due_at AND other.id < deadline.id)))
"""


def _running(name: str, *columns: str, unique: bool = False) -> None:
    op.create_index(
        name, "deadline", list(columns), unique=unique, postgresql_where=sa.text(RUNS), sqlite_where=sa.text(RUNS)
    )


def _open(name: str, *columns: str) -> None:
    here = sa.text("is_open = 1")
    op.create_index(name, "authorization", list(columns), postgresql_where=sa.text("is_open"), sqlite_where=here)


def upgrade() -> None:
    op.add_column("deadline", sa.Column("about", sa.String(), server_default="", nullable=False))
    op.add_column("deadline", sa.Column("asked_of", sa.String(), nullable=True))
    op.execute(ABOUT)
    op.execute(ASKED_OF)
    op.drop_index("uq_deadline_running", "deadline")
    _running("uq_deadline_running", "authorization", "kind", "about", unique=True)
    _running("ix_deadline_running_asked", "asked_of")
    op.drop_index("ix_authorization_judge_due", "authorization")
    op.drop_index("ix_authorization_waits_due", "authorization")
    op.drop_column("authorization", "judge")
    op.execute("UPDATE practice SET clocks_set_until = 0")


def downgrade() -> None:
    op.add_column("authorization", sa.Column("judge", sa.String(), nullable=True))
    op.execute(JUDGE)
    _open("ix_authorization_judge_due", "judge", "due_at", "number")
    _open("ix_authorization_waits_due", "waits_for", "due_at", "number")
    op.execute(ONE_OF_A_KIND)
    op.drop_index("ix_deadline_running_asked", "deadline")
    op.drop_index("uq_deadline_running", "deadline")
    _running("uq_deadline_running", "authorization", "kind", unique=True)
    op.drop_column("deadline", "asked_of")
    op.drop_column("deadline", "about")
    op.execute("UPDATE practice SET clocks_set_until = 0")
