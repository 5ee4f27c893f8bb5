"""The history of one request, read for people: steps in order, entries recorded in error marked."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from pabot.domain.cards import TimelineEntry
from pabot.domain.model import AuthorizationState
from pabot.domain.statuses import Status
from pabot.store.bookkeeping import event
from pabot.store.codec import snapshots
from pabot.store.events import NewEvent, of_authorization
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
class Story:
    """What happened, as far as it was read: the newest entries as they were told, the newest first.

    An entry never changes; what comes later is added in front. `wrong` are the saves that were recorded in error.
    """

    entries: tuple[TimelineEntry, ...]  # their `by` is a Slack id
    wrong: frozenset[str]
    last: int  # the number of the newest
    count: int

    @property
    def older(self) -> int:
        """How many came before the newest ten."""
        return max(0, self.count - NEWEST)

    @property
    def latest(self) -> Save | None:
        """The newest save that still counts, among the entries that are here."""
        counting = (one for one in self.entries if one.kind not in NOT_CORRECTABLE and one.save not in self.wrong)
        found = next(counting, None)
        return Save(found.save, found.kind, found.by, found.at) if found else None

    def told(self, names: Mapping[str, str]) -> tuple[TimelineEntry, ...]:
        """The newest ten, with names, and marked where they were recorded in error."""
        return tuple(
            replace(one, by=names.get(one.by, one.by), in_error=one.save in self.wrong) for one in self.entries[:NEWEST]
        )


_OF = event.c.subject == bindparam("subject")
_STORY = (
    select(*(column for column in event.c if column.name != "image"))
    .where(_OF, event.c.seq > bindparam("after"))
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


def read(connection: Connection, vault: Vault, number: int, known: Story | None = None) -> Story:
    """What happened lately. Of what is `known` already, only what came since is read."""
    subject = {"subject": of_authorization(number)}
    rows = connection.execute(_STORY, {**subject, "after": known.last if known else 0}).all()
    if known and len(rows) > NEWEST:  # some that came since are not among them
        known = None
    if known and not rows:
        return known
    fresh = tuple(_entry(row, vault) for row in rows)
    entries = (*fresh, *(known.entries if known else ()))[: NEWEST + 1]
    wrong, count = frozenset(row.corrects for row in rows if row.corrects), len(rows)
    if known:
        wrong, count = wrong | known.wrong, count + known.count
    elif len(rows) > NEWEST:
        wrong = frozenset(connection.execute(_CORRECTED, subject).scalars())
        count = connection.execute(_COUNT, subject).scalar_one()
    return Story(entries, wrong, rows[0].seq if rows else 0, count)


def continued(story: Story, new: Sequence[NewEvent], last: int) -> Story | None:
    """The story with what was written to it just now; None where something else came between."""
    if story.last + len(new) != last:
        return None
    entries = (*map(_fresh, reversed(new)), *story.entries)[: NEWEST + 1]
    wrong = story.wrong.union(one.corrects for one in new if one.corrects)
    return Story(entries, wrong, last, story.count + len(new))


def latest_save(connection: Connection, number: int) -> Save | None:
    """The newest save that still counts, or None when there is none to take back."""
    row = connection.execute(_LATEST, {"subject": of_authorization(number)}).one_or_none()
    return Save(row.save, row.kind, row.actor, row.at) if row else None


def before_image(connection: Connection, vault: Vault, number: int, save: str) -> AuthorizationState | None:
    """The request as it was before a save."""
    token = connection.execute(_IMAGE, {"subject": of_authorization(number), "save": save}).scalar_one_or_none()
    return snapshots().validate_json(vault.open(token)) if token else None


def _entry(row: Row[tuple[object, ...]], vault: Vault) -> TimelineEntry:
    return TimelineEntry(
        at=row.at,
        by=row.actor,
        kind=row.kind,
        before=_status(row.before),
        after=_status(row.after),
        detail=_detail(json.loads(vault.open(row.payload) or "{}")),
        save=row.save,
    )


def _fresh(new: NewEvent) -> TimelineEntry:
    before, after = _status(new.before), _status(new.after)
    return TimelineEntry(new.at, new.actor, new.kind, before, after, _detail(new.payload), new.save)


def _status(kept: str | None) -> Status | None:
    return Status(kept) if kept else None


def _detail(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    detail: Mapping[str, Any] = payload.get("detail", {})
    return detail
