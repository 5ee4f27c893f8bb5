"""The payer library"""

import sqlalchemy as sa
from alembic import op

from pabot.store.migrations.words import (
    COUNT,
    DAY,
    ID,
    INSTANT,
    TEXT,
    WORD,
    YES_NO,
    add,
    blank,
    drop,
    given,
    index,
    key,
    maybe,
    remove,
    table,
)

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _library()
    _documents()
    _facts()


def downgrade() -> None:
    remove("payer", *OF_A_PAYER)
    op.drop_index("ix_authorization_checklist_version_id", table_name="authorization")
    remove("authorization", "checklist_version_id", *OF_A_REQUEST, "document_count")
    drop(TABLES)


TABLES = ("checklist", "payer_rule", "checklist_entry", "checklist_version", "document", "proposal")
OF_A_REQUEST = ("rendering_provider", "facility", "place_of_service", "asks")
OF_A_PAYER = ("vendor", "portal", "phone", "phone_path", "fax", "hours", "notes")


def _library() -> None:
    """What payers ask for, and who said so."""
    table(
        "checklist",
        key(),
        *given(ID, "payer_id"),
        *maybe(ID, "plan_id"),
        *maybe(WORD, "line_of_business"),
        *given(WORD, "service", "key"),
        *maybe(ID, "version_id"),
        unique=(("payer_id", "key"),),
        refers={"payer_id": "payer.id", "plan_id": "plan.id"},
    )
    table(
        "payer_rule",
        key(),
        *given(ID, "payer_id"),
        *maybe(ID, "plan_id"),
        *given(WORD, "kind"),
        *given(COUNT, "value"),
        *given(WORD, "unit", "source"),
        *maybe(DAY, "verified_on"),
        refers={"payer_id": "payer.id", "plan_id": "plan.id"},
    )
    index("ix_payer_rule_of", "payer_rule", "payer_id", "plan_id", "kind")
    table(
        "checklist_entry",
        key(),
        *given(ID, "checklist_id", "payer_id"),
        *given(YES_NO, "is_range"),
        *blank(WORD, "low", "high"),
        *maybe(DAY, "since", "until"),
        *blank(WORD, "note"),
        *maybe(WORD, "category"),
        refers={"checklist_id": "checklist.id"},
    )
    index("ix_checklist_entry_category", "checklist_entry", "payer_id", "category")
    index("ix_checklist_entry_checklist_id", "checklist_entry", "checklist_id")
    index("ix_checklist_entry_code", "checklist_entry", "payer_id", "is_range", "low", "high")
    table(
        "checklist_version",
        key(),
        *given(ID, "checklist_id"),
        *given(COUNT, "n"),
        *given(TEXT, "body"),
        *given(WORD, "why", "proposed_by"),
        *given(INSTANT, "proposed_at"),
        *given(WORD, "approved_by"),
        *given(INSTANT, "approved_at"),
        *maybe(WORD, "cosigned_by"),
        unique=(("checklist_id", "n"),),
        refers={"checklist_id": "checklist.id"},
    )
    table(
        "proposal",
        key(),
        *maybe(ID, "checklist_id"),
        *given(ID, "payer_id"),
        *maybe(ID, "plan_id"),
        *maybe(WORD, "line_of_business"),
        *given(COUNT, "base_n"),
        *given(TEXT, "body"),
        *given(WORD, "why", "by"),
        *given(INSTANT, "at"),
        *maybe(ID, "authorization"),
        *given(WORD, "state"),
        *maybe(WORD, "decided_by"),
        *maybe(INSTANT, "decided_at"),
        *blank(WORD, "decided_why"),
        *maybe(WORD, "cosigned_by"),
        *maybe(INSTANT, "cosigned_at"),
        refers={"checklist_id": "checklist.id", "payer_id": "payer.id", "plan_id": "plan.id"},
    )
    index("ix_proposal_checklist_id", "proposal", "checklist_id")


def _documents() -> None:
    table(
        "document",
        *given(ID, "authorization"),
        *given(COUNT, "seq"),
        *given(WORD, "label", "kind"),
        *given(YES_NO, "required"),
        *given(WORD, "supplier"),
        *maybe(COUNT, "max_age_days"),
        *given(WORD, "state"),
        *maybe(WORD, "by"),
        *maybe(INSTANT, "at"),
        *blank(TEXT, "location"),
        *maybe(DAY, "dated_on"),
        *maybe(WORD, "asked_of"),
        *maybe(INSTANT, "asked_at"),
        *maybe(WORD, "waived_by"),
        *blank(TEXT, "reason"),
        one_by=("authorization", "seq"),
        refers={"authorization": "authorization.number"},
    )


def _facts() -> None:
    """What is known about a request and a payer besides."""
    add(
        "authorization",
        *maybe(ID, "checklist_version_id"),
        *blank(WORD, *OF_A_REQUEST),
        sa.Column("document_count", COUNT, server_default=sa.text("0"), nullable=False),
    )
    index("ix_authorization_checklist_version_id", "authorization", "checklist_version_id")
    add("payer", *blank(WORD, *OF_A_PAYER))
