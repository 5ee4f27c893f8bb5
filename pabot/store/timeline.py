"""The history of one request, read for people: steps in order, entries recorded in error marked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, bindparam, func, select

from pabot.domain.cards import TimelineEntry
from pabot.domain.model import AuthorizationState
from pabot.domain.statuses import Status
from pabot.store.bookkeeping import event
from pabot.store.codec import snapshots
from pabot.store.events import of_authorization
from pabot.store.vault import Vault

NOT_CORRECTABLE = (
    "open",
    "correct_entry",
    "escalated",
    "repaired",
    "calendar",
    "ask_approval",
    "approval_moved",
    "approval_declined",
    "approval_taken_back",
    "approval_overtaken",
    "words_asked",
    "words_approved",
    "words_declined",
)
NEWEST = 10


@dataclass(frozen=True, slots=True)
class Save:
    """One save that may be taken back: its id, its kind, who made it and when."""

    id: str
    kind: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """The newest entries, newest first; how many are older; and the newest save that still counts."""

    entries: tuple[TimelineEntry, ...]
    older: int
    latest: Save | None


_OF = event.c.subject == bindparam("subject")
_STORY = (
    select(*(column for column in event.c if column.name != "image"))
    .where(_OF)
    .order_by(event.c.seq.desc())
    .limit(NEWEST + 1)
)
_COUNT = select(func.count()).where(_OF)
_CORRECTED = select(event.c.corrects).where(_OF, event.c.corrects.is_not(None))
_LATEST = (
    select(event.c.save, event.c.kind, event.c.actor, event.c.at)
    .where(_OF, event.c.kind.not_in(NOT_CORRECTABLE), event.c.save.not_in(_CORRECTED))
    .order_by(event.c.seq.desc())
    .limit(1)
)
_IMAGE = select(event.c.image).where(_OF, event.c.save == bindparam("save")).order_by(event.c.seq).limit(1)


def read(connection: Connection, vault: Vault, number: int, names: Mapping[str, str]) -> History:
    """What happened lately."""
    subject = {"subject": of_authorization(number)}
    rows = connection.execute(_STORY, subject).all()
    older = 0
    if len(rows) > NEWEST:
        older = connection.execute(_COUNT, subject).scalar_one() - NEWEST
    corrected = any(row.corrects for row in rows) or older > 0
    wrong = set(connection.execute(_CORRECTED, subject).scalars()) if corrected else set()
    entries = tuple(_entry(row, vault, names, row.save in wrong) for row in rows[:NEWEST])
    found = next((row for row in rows if row.kind not in NOT_CORRECTABLE and row.save not in wrong), None)
    latest = Save(found.save, found.kind, found.actor, found.at) if found else None
    if found is None and older:
        latest = latest_save(connection, number)
    return History(entries, older, latest)


def latest_save(connection: Connection, number: int) -> Save | None:
    """The newest save that still counts, or None when there is none to take back."""
    row = connection.execute(_LATEST, {"subject": of_authorization(number)}).one_or_none()
    return Save(row.save, row.kind, row.actor, row.at) if row else None


def before_image(connection: Connection, vault: Vault, number: int, save: str) -> AuthorizationState | None:
    """The request as it was before a save."""
    token = connection.execute(_IMAGE, {"subject": of_authorization(number), "save": save}).scalar_one_or_none()
    return snapshots().validate_json(vault.open(token)) if token else None


def _entry(row: Row[tuple[object, ...]], vault: Vault, names: Mapping[str, str], in_error: bool) -> TimelineEntry:
    return TimelineEntry(
        at=row.at,
        by=names.get(row.actor, row.actor),
        kind=row.kind,
        before=Status(row.before) if row.before else None,
        after=Status(row.after) if row.after else None,
        detail=json.loads(vault.open(row.payload) or "{}").get("detail", {}),
        save=row.save,
        in_error=in_error,
    )
