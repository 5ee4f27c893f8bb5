"""The history of one request, read for people: steps in order, entries recorded in error marked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from pabot.domain.cards import TimelineEntry
from pabot.domain.model import AuthorizationState
from pabot.domain.statuses import Status
from pabot.store.codec import snapshots
from pabot.store.events import of_authorization
from pabot.store.schema import event
from pabot.store.vault import Vault

SEEN = "view"  # somebody saw more than `minimum`: kept, but not part of the story
QUIET = (SEEN, "escalated")


@dataclass(frozen=True, slots=True)
class Save:
    """One save that may be taken back: its id, its kind, who made it and when."""

    id: str
    kind: str
    by: str
    at: datetime


def read(connection: Connection, vault: Vault, number: int, names: Mapping[str, str]) -> tuple[TimelineEntry, ...]:
    """Newest first. Views are left out; they are for the audit."""
    rows = connection.execute(
        select(event)
        .where(event.c.subject == of_authorization(number), event.c.kind != SEEN)
        .order_by(event.c.seq.desc())
    ).all()
    wrong = {row.corrects for row in rows if row.corrects}
    return tuple(
        TimelineEntry(
            at=row.at,
            by=names.get(row.actor, row.actor),
            kind=row.kind,
            before=Status(row.before) if row.before else None,
            after=Status(row.after) if row.after else None,
            detail=json.loads(vault.open(row.payload) or "{}").get("detail", {}),
            save=row.save,
            in_error=row.save in wrong,
        )
        for row in rows
    )


def latest_save(connection: Connection, number: int) -> Save | None:
    """The newest save that still counts, or None when there is none to take back."""
    table = event
    subject = of_authorization(number)
    wrong = select(table.c.corrects).where(table.c.subject == subject, table.c.corrects.is_not(None))
    row = connection.execute(
        select(table.c.save, table.c.kind, table.c.actor, table.c.at)
        .where(
            table.c.subject == subject,
            table.c.kind.not_in([*QUIET, "open", "correct_entry"]),
            table.c.save.not_in(wrong),
        )
        .order_by(table.c.seq.desc())
        .limit(1)
    ).one_or_none()
    return Save(row.save, row.kind, row.actor, row.at) if row else None


def before_image(connection: Connection, vault: Vault, number: int, save: str) -> AuthorizationState | None:
    """The request as it was before a save."""
    token = connection.execute(
        select(event.c.payload)
        .where(event.c.subject == of_authorization(number), event.c.save == save)
        .order_by(event.c.seq)
        .limit(1)
    ).scalar_one_or_none()
    image = json.loads(vault.open(token)).get("was") if token else None
    return snapshots().validate_python(image) if image else None
