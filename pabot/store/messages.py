"""Messages to Slack, one row each. A living message is wanted anew when its subject changes; a notice is wanted once.

A row is due while `sent < wanted`. It is claimed with a lease, sent without any lock, then settled. A row whose first
post may or may not have arrived is `unknown` until the channel's history tells.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    not_,
    or_,
    select,
    update,
)

from pabot.store.bookkeeping import message, recipient_pace
from pabot.store.columns import Instant
from pabot.store.engine import upsert
from pabot.store.prepared import Prepared
from pabot.store.schema import authorization


class State(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    UNKNOWN = "unknown"
    PARKED = "parked"  # Slack refused it for good; people must act


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this worker may send until its lease ends."""

    id: int
    key: str
    kind: str
    recipient: str
    subject: str
    authorization: int | None
    wanted: int
    sent: int
    channel: str | None
    ts: str | None
    marker: str
    posting_since: datetime | None
    attempts: int
    lease_until: datetime
    thread_of: str | None


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that Slack refused for good."""

    key: str
    kind: str
    recipient: str
    subject: str
    error: str


def _next_try(now: datetime | BindParameter[datetime]) -> ColumnElement[datetime]:
    """At once; what was held and never posted, when that is over. An edit of what is there disturbs nobody."""
    return case((and_(message.c.ts.is_(None), message.c.held_until > now), message.c.held_until), else_=now)


def want(
    connection: Connection,
    *,
    key: str,
    kind: str,
    recipient: str,
    subject: str,
    now: datetime,
    authorization: int | None = None,
    held_until: datetime | None = None,
    thread_of: str | None = None,
) -> None:
    """Have a message made, or made current. What is held leaves no sooner, unless it is wanted again and cannot wait.

    `thread_of` is the key of the message under which it is posted, once that one is there.
    """
    values = {
        "key": key,
        "kind": kind,
        "recipient": recipient,
        "subject": subject,
        "wanted": 1,
        "sent": 0,
        "marker": secrets.token_urlsafe(18),
        "state": State.WAITING.value,
        "next_try_at": held_until or now,
        "held_until": held_until,
        "thread_of": thread_of,
        "attempts": 0,
        "authorization": authorization,
        "created_at": now,
    }
    waits = {"next_try_at": _next_try(now)} if held_until else {"next_try_at": now, "held_until": None}
    again = {"wanted": message.c.wanted + 1, **waits}
    made = upsert(connection, message).values(values)
    connection.execute(made.on_conflict_do_update(index_elements=["key"], set_=again))


NOT_PARKED = message.c.state != literal_column("'parked'")  # these two as the partial indexes have them
_PARKED = message.c.state == literal_column("'parked'")
_ABOUT = (message.c.authorization == bindparam("about"), NOT_PARKED)
_ANEW = {"wanted": message.c.wanted + 1, "next_try_at": _next_try(bindparam("now", type_=Instant()))}
_REFRESH_ALL = Prepared(update(message).where(*_ABOUT).values(_ANEW))
_REFRESH_LISTS = (
    update(message)
    .where(
        message.c.kind == bindparam("of_kind"),
        message.c.subject == bindparam("of_subject"),
        message.c.created_at > bindparam("since"),
        NOT_PARKED,
    )
    .values(_ANEW)
)
LATELY = timedelta(days=7)  # an older list is nobody's to look at any more
_FIRST = message.alias("first")  # the message above a thread
TURN = or_(  # a reply waits for what it stands under
    message.c.thread_of.is_(None),
    select(_FIRST.c.id).where(_FIRST.c.key == message.c.thread_of, _FIRST.c.sent > 0).exists(),
)
_ONE_AT_A_TIME = select(func.pg_advisory_xact_lock(0x9AB07))


@cache
def _refresh_of(kinds: tuple[str, ...]) -> Prepared:
    """Built once of kinds that are the same at every save: a list to be filled in costs as much as the statement."""
    return Prepared(update(message).where(*_ABOUT, or_(*(message.c.kind == kind for kind in kinds))).values(_ANEW))


def refresh(connection: Connection, authorization: int, now: datetime, kinds: tuple[str, ...] | None = None) -> None:
    """Messages about a request are to be made current: those of the given kinds, or all."""
    statement = _REFRESH_ALL if kinds is None else _refresh_of(kinds)
    statement.run(connection, {"about": authorization, "now": now})


def release(connection: Connection, authorization: int, now: datetime) -> None:
    """What is held about a request can wait no longer."""
    held = and_(message.c.authorization == authorization, message.c.held_until > now, message.c.ts.is_(None))
    connection.execute(update(message).where(held, NOT_PARKED).values(held_until=None, next_try_at=now))


def refresh_lists(connection: Connection, kind: str, subject: str, now: datetime) -> None:
    """Lists of one kind and subject that were made lately are to be made current, whoever has them."""
    wanted = {"of_kind": kind, "of_subject": subject, "since": now - LATELY, "now": now}
    connection.execute(_REFRESH_LISTS, wanted)


def refresh_kept(connection: Connection, kind: str, subject: str, now: datetime) -> None:
    """The same for what is there or about to be; what was not worth sending when its turn came stays unsent."""
    kept = or_(message.c.ts.is_not(None), message.c.sent < message.c.wanted)
    theirs = (message.c.kind == kind, message.c.subject == subject)
    connection.execute(update(message).where(*theirs, kept, NOT_PARKED).values(_ANEW), {"now": now})


def newest(connection: Connection, kind: str, recipient: str) -> str | None:
    """The subject of the newest message of a kind that somebody has or is about to get."""
    theirs = (message.c.kind == kind, message.c.recipient == recipient)
    found: str | None = connection.execute(select(func.max(message.c.subject)).where(*theirs)).scalar_one()
    return found


def refresh_newest(connection: Connection, kind: str, recipient: str, now: datetime) -> None:
    """Of the messages of one kind that somebody has, the newest is to be made current."""
    theirs = (message.c.kind == kind) & (message.c.recipient == recipient)
    last = select(func.max(message.c.subject)).where(theirs).scalar_subquery()
    connection.execute(update(message).where(theirs, message.c.subject == last, NOT_PARKED).values(_ANEW), {"now": now})


def refresh_told(connection: Connection, kind: str, subject: str, now: datetime) -> None:
    """Messages of one kind and moment are to be made current; for whom that one was left out, the later ones that
    tell of it.
    """
    never = select(message.c.recipient).where(
        message.c.kind == kind, message.c.subject == subject, message.c.ts.is_(None)
    )
    later = (message.c.subject > subject) & message.c.recipient.in_(never)
    told = (message.c.kind == kind) & (message.c.created_at > now - LATELY) & NOT_PARKED
    connection.execute(
        update(message).where(told, or_(message.c.subject == subject, later)).values(_ANEW), {"now": now}
    )


def told_before(connection: Connection, kind: str, recipient: str, subject: str) -> tuple[str, bool]:
    """The subject of the latest message of this kind that somebody got before this one (empty: none), and whether
    this one is left out: it never got there, and a later one tells of all.
    """
    theirs = (message.c.kind == kind, message.c.recipient == recipient)
    posted = select(func.max(message.c.subject)).where(*theirs, message.c.subject < subject, message.c.ts.is_not(None))
    unposted = select(message.c.id).where(*theirs, message.c.subject == subject, message.c.ts.is_(None)).exists()
    later = select(message.c.id).where(*theirs, message.c.subject > subject).exists()
    row = connection.execute(select(posted.scalar_subquery(), and_(unposted, later))).one()
    return row[0] or "", bool(row[1])


def claim(connection: Connection, now: datetime, lease: timedelta, limit: int) -> list[Claimed]:
    """Take due messages, oldest first: one a recipient, none for a recipient that must rest or is being sent to."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer; here two claims would each take one of a pair
        connection.execute(_ONE_AT_A_TIME)
    free = or_(message.c.lease_until.is_(None), message.c.lease_until <= now)
    resting = select(recipient_pace.c.recipient).where(recipient_pace.c.free_at > now)
    in_hand = select(message.c.recipient).where(
        NOT_PARKED,
        message.c.state == State.SENDING.value,
        message.c.sent < message.c.wanted,
        message.c.lease_until > now,
    )
    due = (
        select(message.c.id, message.c.recipient)
        .where(
            message.c.sent < message.c.wanted,
            NOT_PARKED,
            message.c.next_try_at <= now,
            free,
            TURN,
            message.c.recipient.not_in(resting),
            message.c.recipient.not_in(in_hand),
        )
        .order_by(message.c.next_try_at, message.c.id)
        .limit(limit * 8)
        .with_for_update(skip_locked=True)
    )
    first: dict[str, int] = {}
    for row in connection.execute(due):
        first.setdefault(row.recipient, row.id)
    ids = list(first.values())[:limit]
    if not ids:
        return []
    until = now + lease
    taken = connection.execute(
        update(message)
        .where(message.c.id.in_(ids), free)
        .values(state=State.SENDING.value, lease_until=until, attempts=message.c.attempts + 1)
        .returning(*(message.c[name] for name in Claimed.__dataclass_fields__))
    )
    return sorted((Claimed(*row) for row in taken), key=lambda claimed: claimed.id)


def posted_as(connection: Connection, key: str) -> str | None:
    """The ts of a message that is there."""
    found: str | None = connection.execute(select(message.c.ts).where(message.c.key == key)).scalar_one_or_none()
    return found


def place_known(connection: Connection, claimed: Claimed, channel: str) -> None:
    """The direct message's channel, once Slack has told it."""
    connection.execute(update(message).where(message.c.id == claimed.id).values(channel=channel))


def begin_post(connection: Connection, claimed: Claimed, now: datetime) -> bool:
    """Note that a first post is about to leave. False when the lease was lost."""
    since = case((message.c.posting_since.is_(None), now), else_=message.c.posting_since)
    return connection.execute(update(message).where(_held(claimed)).values(posting_since=since)).rowcount == 1


def settle_sent(connection: Connection, claimed: Claimed, *, channel: str, ts: str | None) -> None:
    """It is there. If it was wanted anew meanwhile, it stays due."""
    connection.execute(
        update(message)
        .where(message.c.id == claimed.id)
        .values(
            sent=claimed.wanted,
            channel=channel,
            ts=ts,
            state=State.WAITING.value,
            lease_until=None,
            posting_since=None,
            attempts=0,
            error=None,
        )
    )


def settle_gone(connection: Connection, claimed: Claimed) -> None:
    """The post that was to be updated is no more (deleted, or kept too short): the same worker posts it anew."""
    connection.execute(update(message).where(message.c.id == claimed.id).values(ts=None, posting_since=None))


def settle_absent(connection: Connection, claimed: Claimed) -> None:
    """The history shows that the post never arrived: it may be sent."""
    connection.execute(update(message).where(message.c.id == claimed.id).values(posting_since=None))


def settle_retry(connection: Connection, claimed: Claimed, *, at: datetime, error: str) -> None:
    """Try again at `at`. While a first post's outcome is unknown, the row says so."""
    state = case((message.c.posting_since.is_(None), State.WAITING.value), else_=State.UNKNOWN.value)
    values = {"state": state, "lease_until": None, "next_try_at": at, "error": error}
    connection.execute(update(message).where(_held(claimed)).values(values))


def park(connection: Connection, claimed: Claimed, error: str) -> None:
    """It will not be sent until people mend the cause."""
    values = {"state": State.PARKED.value, "lease_until": None, "error": error}
    connection.execute(update(message).where(_held(claimed)).values(values))


def unpark(connection: Connection, now: datetime) -> int:
    """After people mended the cause: try the parked ones again."""
    done = connection.execute(
        update(message).where(_PARKED).values(state=State.WAITING.value, next_try_at=now, attempts=0)
    )
    return done.rowcount


def pace(connection: Connection, recipient: str, free_at: datetime) -> None:
    """Nothing to this recipient before `free_at`."""
    statement = upsert(connection, recipient_pace).values(recipient=recipient, free_at=free_at)
    connection.execute(statement.on_conflict_do_update(index_elements=["recipient"], set_={"free_at": free_at}))


def drop_settled(connection: Connection, before: datetime, living: Iterable[str]) -> None:
    """Forget unsent messages of before an instant, except living ones about requests that are still open."""
    still_open = select(authorization.c.number).where(authorization.c.is_open)
    matters = and_(message.c.kind.in_(list(living)), message.c.authorization.in_(still_open))
    connection.execute(
        delete(message).where(message.c.sent < message.c.wanted, message.c.created_at < before, not_(matters))
    )


def next_due(connection: Connection) -> datetime | None:
    """When the next message may be tried, given the recipients' rest; None when nothing waits."""
    rest = func.coalesce(recipient_pace.c.free_at, message.c.next_try_at)
    at = case((rest > message.c.next_try_at, rest), else_=message.c.next_try_at)
    found: datetime | None = connection.execute(
        select(at.label("at"))
        .outerjoin(recipient_pace, recipient_pace.c.recipient == message.c.recipient)
        .where(message.c.sent < message.c.wanted, NOT_PARKED, TURN)
        .order_by("at")
        .limit(1)
    ).scalar_one_or_none()
    return found


def back_to(connection: Connection, now: datetime) -> None:
    """After a moved clock: nothing waits for an instant that has not come."""
    connection.execute(update(recipient_pace).where(recipient_pace.c.free_at > now).values(free_at=now))
    connection.execute(update(message).where(message.c.next_try_at > now).values(next_try_at=now))
    connection.execute(update(message).where(message.c.held_until > now).values(held_until=None))
    connection.execute(update(message).where(message.c.lease_until > now).values(lease_until=now))


def undelivered(connection: Connection) -> list[Undelivered]:
    rows = connection.execute(
        select(message.c.key, message.c.kind, message.c.recipient, message.c.subject, message.c.error)
        .where(_PARKED)
        .order_by(message.c.id)
    )
    return [Undelivered(row.key, row.kind, row.recipient, row.subject, row.error or "") for row in rows]


def posting(connection: Connection, key: str) -> tuple[State, bool] | None:
    """How a message stands, and whether it was ever sent; None when there is none of this key."""
    row = connection.execute(select(message.c.state, message.c.sent).where(message.c.key == key)).one_or_none()
    return (State(row.state), row.sent > 0) if row else None


def refused_people(connection: Connection, reasons: Iterable[str]) -> list[str]:
    """To whom Slack refused a message for one of these reasons."""
    query = select(message.c.recipient).distinct().where(_PARKED, message.c.error.in_(list(reasons)))
    return list(connection.execute(query).scalars())


def give_up(connection: Connection, recipient: str) -> None:
    """Somebody cannot be reached any more: nothing waits to be sent to them."""
    unsent = (message.c.recipient == recipient) & (message.c.sent < message.c.wanted)
    settled = {"sent": message.c.wanted, "state": State.WAITING.value, "error": None}
    connection.execute(update(message).where(unsent).values(settled))


def backlog(connection: Connection, now: datetime) -> tuple[int, datetime | None]:
    """How many messages wait to be sent, and since when the oldest does; what is held waits from its hour on."""
    free = or_(message.c.ts.is_not(None), message.c.held_until.is_(None), message.c.held_until <= now)
    since = func.coalesce(message.c.held_until, message.c.created_at)
    row = connection.execute(
        select(func.count(), func.min(since)).where(message.c.sent < message.c.wanted, NOT_PARKED, free)
    ).one()
    return row[0], row[1]


def _held(claimed: Claimed) -> ColumnElement[bool]:
    """Only while the lease is ours."""
    return and_(message.c.id == claimed.id, message.c.lease_until == claimed.lease_until)
