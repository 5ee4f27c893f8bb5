"""The append-only record. Each event is chained to the one before it *of the same subject* by a MAC.

A flipped byte, a missing event and a cut-off tail are found; rotating the sealing key leaves the chain as it is.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import Connection, bindparam, func, select

from pabot.store.bookkeeping import event, event_head
from pabot.store.engine import insert_for, insert_once
from pabot.store.prepared import Prepared
from pabot.store.vault import Vault

GENESIS = "genesis"

# A batch of requests is locked by number, as whoever takes one after another locks them: so that two writers never wait
# for each other.
_HEADS = (
    select(event_head)
    .where(event_head.c.subject.in_(bindparam("subjects", expanding=True)))
    .order_by(func.length(event_head.c.subject), event_head.c.subject)
    .with_for_update()
)
_HEAD = Prepared(select(event_head).where(event_head.c.subject == bindparam("subject")).with_for_update())
_ADD = Prepared(event.insert().inline())


@cache
def _move_head(dialect: str) -> Prepared:
    insert = insert_for(dialect)(event_head)
    moved = {"seq": insert.excluded.seq, "mac": insert.excluded.mac}
    return Prepared(insert.on_conflict_do_update(index_elements=["subject"], set_=moved))


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What happened, before it is numbered and signed. `payload` must be plain JSON."""

    kind: str
    actor: str
    at: datetime
    before: str | None = None
    after: str | None = None
    save: str = ""
    corrects: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    image: str = ""  # JSON of the subject as it was before


@dataclass(frozen=True, slots=True)
class Fault:
    """An event that is not what was written."""

    subject: str
    seq: int
    what: str


def of_authorization(number: int) -> str:
    return f"authorization:{number}"


def views_of(number: int) -> str:
    """Who saw more of a request than `minimum`. A chain of its own: often seen, a request would grow slow to read."""
    return f"views:{number}"


def append(connection: Connection, vault: Vault, subject: str, events: Sequence[NewEvent]) -> int:
    """Events of one subject, in order. Answers the number of the last."""
    return append_all(connection, vault, [(subject, new) for new in events])[subject]


def append_all(connection: Connection, vault: Vault, events: Sequence[tuple[str, NewEvent]]) -> dict[str, int]:
    """Number, seal, sign and write events of any subjects. Locks the subjects' head rows first, in order.

    Answers the number of each subject's last event.
    """
    subjects = sorted({subject for subject, _ in events}, key=lambda subject: (len(subject), subject))
    heads = _locked_heads(connection, subjects)
    for subject, new in events:
        row = _row(vault, subject, new, *heads[subject])
        heads[subject] = (row["seq"], row["mac"])
        _ADD.run(connection, row)
    move = _move_head(connection.dialect.name)
    for subject, (seq, mac) in heads.items():
        move.run(connection, {"subject": subject, "seq": seq, "mac": mac})
    return {subject: seq for subject, (seq, _) in heads.items()}


def _locked_heads(connection: Connection, subjects: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Each subject's last number and signature. A first event's head is made before, so that it can be locked."""
    found = _heads(connection, subjects)
    missing = [subject for subject in subjects if subject not in found]
    for subject in missing:
        insert_once(connection, event_head, {"subject": subject, "seq": 0, "mac": GENESIS})
    return _heads(connection, subjects) if missing else found


def _heads(connection: Connection, subjects: Sequence[str]) -> dict[str, tuple[int, str]]:
    """One subject is what a save has, and is asked for in half the time."""
    if len(subjects) == 1:
        rows = _HEAD.rows(connection, {"subject": subjects[0]})
    else:
        rows = [tuple(row) for row in connection.execute(_HEADS, {"subjects": subjects})]
    return {subject: (seq, mac) for subject, seq, mac in rows}


def _row(vault: Vault, subject: str, new: NewEvent, last: int, last_mac: str) -> dict[str, Any]:
    """The event as it is stored after the subject's last one."""
    payload = json.dumps(new.payload, separators=(",", ":"), sort_keys=True) if new.payload else ""
    digest = _digest(vault, payload, new.image)
    return {
        "subject": subject,
        "seq": last + 1,
        "at": new.at,
        "actor": new.actor,
        "kind": new.kind,
        "before": new.before,
        "after": new.after,
        "save": new.save,
        "corrects": new.corrects,
        "payload": vault.seal(payload),
        "image": vault.seal(new.image),
        "digest": digest,
        "mac": vault.sign(last_mac, *_header(subject, last + 1, new), digest),
    }


def verify(connection: Connection, vault: Vault) -> Iterator[Fault]:
    """Every fault in every subject's chain."""
    heads = {row.subject: row for row in connection.execute(select(event_head))}
    last: dict[str, tuple[int, str]] = {}
    for row in connection.execute(select(event).order_by(event.c.subject, event.c.seq)):
        seq, mac = last.get(row.subject, (0, GENESIS))
        if row.seq != seq + 1:
            yield Fault(row.subject, row.seq, "an event before it is missing")
        new = NewEvent(row.kind, row.actor, row.at, row.before, row.after, row.save, row.corrects)
        if vault.sign(mac, *_header(row.subject, row.seq, new), row.digest) != row.mac:
            yield Fault(row.subject, row.seq, "the event was changed")
        elif not _content_holds(vault, row):
            yield Fault(row.subject, row.seq, "the event's content was changed")
        last[row.subject] = (row.seq, row.mac)
    yield from _cut_off(heads, last)


def _digest(vault: Vault, payload: str, image: str) -> str:
    return vault.digest(f"{payload}\x1f{image}")


def _content_holds(vault: Vault, row: Any) -> bool:
    try:
        return bool(_digest(vault, vault.open(row.payload), vault.open(row.image)) == row.digest)
    except InvalidToken:
        return False


def _cut_off(heads: Mapping[str, Any], last: Mapping[str, tuple[int, str]]) -> Iterable[Fault]:
    for subject, head in heads.items():
        seq, mac = last.get(subject, (0, GENESIS))
        if (seq, mac) != (head.seq, head.mac):
            yield Fault(subject, seq, "events after it were cut off")
    for subject, (seq, _) in last.items():
        if subject not in heads:
            yield Fault(subject, seq, "the chain's end is missing")


def _header(subject: str, seq: int, new: NewEvent) -> tuple[str, ...]:
    optional = (new.before, new.after, new.save, new.corrects)
    at = new.at.astimezone(UTC).isoformat(timespec="microseconds")
    return (subject, str(seq), at, new.actor, new.kind, *(word or "" for word in optional))
