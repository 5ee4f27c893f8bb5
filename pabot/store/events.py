"""The append-only record. Each event is chained to the one before it *of the same subject* by a MAC.

A flipped byte, a missing event and a cut-off tail are found; rotating the sealing key leaves the chain as it is.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import Connection, bindparam, select, update

from pabot.store.bookkeeping import event, event_head
from pabot.store.vault import Vault

GENESIS = "genesis"

_HEAD = select(event_head.c.seq, event_head.c.mac).where(event_head.c.subject == bindparam("subject")).with_for_update()
_MOVE_HEAD = (
    update(event_head)
    .where(event_head.c.subject == bindparam("of"))
    .values(seq=bindparam("to"), mac=bindparam("signed"))
)


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


def append(connection: Connection, vault: Vault, subject: str, events: Sequence[NewEvent]) -> None:
    """Number, seal, sign and write. Locks the subject's head row first."""
    head = connection.execute(_HEAD, {"subject": subject}).one_or_none()
    seq, mac = (head.seq, head.mac) if head else (0, GENESIS)
    rows = []
    for new in events:
        seq += 1
        payload = json.dumps(new.payload, separators=(",", ":"), sort_keys=True) if new.payload else ""
        digest = _digest(vault, payload, new.image)
        mac = vault.sign(mac, *_header(subject, seq, new), digest)
        rows.append(
            {
                "subject": subject,
                "seq": seq,
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
                "mac": mac,
            }
        )
    connection.execute(event.insert(), rows)
    if head:
        connection.execute(_MOVE_HEAD, {"of": subject, "to": seq, "signed": mac})
    else:
        connection.execute(event_head.insert(), {"subject": subject, "seq": seq, "mac": mac})


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


def _header(subject: str, seq: int, new: NewEvent) -> tuple[str, ...]:
    optional = (new.before, new.after, new.save, new.corrects)
    at = new.at.astimezone(UTC).isoformat(timespec="microseconds")
    return (subject, str(seq), at, new.actor, new.kind, *(word or "" for word in optional))
