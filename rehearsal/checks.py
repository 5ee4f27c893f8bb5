"""What must hold at every tick and on every day, asked of the tables and of the workspace, not of pabot's own code."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, bindparam, text

from pabot.app import Pabot
from pabot.domain.deadlines import ESCALATED
from pabot.sandbox.workspace import Message, Workspace
from pabot.store.columns import Instant
from pabot.views.text import day as spoken
from rehearsal import people

NO_OWNER = """
    SELECT number FROM "authorization" WHERE is_open
    AND (owner_id IS NULL OR owner_id NOT IN (SELECT user_id FROM staff WHERE active)) ORDER BY number"""
NO_CLOCK = """
    SELECT number FROM "authorization" a WHERE is_open
    AND NOT EXISTS (SELECT 1 FROM deadline d WHERE d."authorization" = a.number AND d.done_at IS NULL)
    ORDER BY number"""
NOT_RAISED = """
    SELECT a.number, d.kind, a.urgency FROM deadline d JOIN "authorization" a ON a.number = d."authorization"
    WHERE d.done_at IS NULL AND d.due_at < :now AND d.kind IN :kinds
    AND NOT EXISTS (SELECT 1 FROM escalation e WHERE e.deadline_id = d.id) ORDER BY a.number"""
RAISED = "SELECT deadline_id, raised_at, day FROM escalation ORDER BY deadline_id, level"
WAITING = "SELECT id, kind, state FROM message WHERE sent < wanted AND (state = 'parked' OR next_try_at < :before)"
REPAIRED = "SELECT subject FROM event WHERE kind = 'repaired' ORDER BY id"
FAULTS = "SELECT kind, subject FROM fault ORDER BY id"

_RAISED = text(RAISED).columns(raised_at=Instant())
_WAITING = text(WAITING).bindparams(bindparam("before", type_=Instant()))
_NOT_RAISED = text(NOT_RAISED).bindparams(bindparam("now", type_=Instant()), bindparam("kinds", expanding=True))


def at_a_tick(pabot: Pabot) -> Iterator[str]:
    """Right after the alarms ran: what is due is raised, but for what the closed practice keeps till it opens."""
    now, calendar = pabot.clock.now(), pabot.desk.calendar()
    today = calendar.day(now)
    ringing = calendar.is_open_day(today) and now >= calendar.opens(today)
    with pabot.store.read() as session:
        late = session.connection.execute(_NOT_RAISED, {"now": now, "kinds": sorted(ESCALATED)}).all()
    for row in late:
        if ringing or row.urgency == "expedited":
            yield f"PA-{row.number}: {row.kind} is due and was not raised"


def at_the_end_of_a_day(pabot: Pabot, workspace: Workspace, *, away: bool) -> Iterator[str]:
    """Of one simulated day, shortly before midnight. `away`: Slack or the worker is, so that messages wait."""
    now, calendar = pabot.clock.now(), pabot.desk.calendar()
    today = calendar.day(now)
    with pabot.store.read() as session:
        yield from (f"PA-{number}: no owner" for number in _numbers(session.connection, NO_OWNER))
        yield from (f"PA-{number}: no clock runs" for number in _numbers(session.connection, NO_CLOCK))
        for row in session.connection.execute(_RAISED):
            if str(row.day) != str(calendar.day(row.raised_at)):
                yield f"deadline {row.deadline_id}: raised on {row.raised_at}, told as of {row.day}"
        if not away:
            for row in session.connection.execute(_WAITING, {"before": now - timedelta(hours=1)}):
                yield f"message {row.id} ({row.kind}) is {row.state} and waits"
    wanted = {int(calendar.is_open_day(today))}
    yield from _digests(workspace, today, wanted=wanted | {0} if away else wanted)
    twice = [marker for marker, count in Counter(map(marker_of, posted(workspace))).items() if count > 1]
    yield from (f"message {marker} was posted twice" for marker in twice)


def found_by_the_auditor(pabot: Pabot) -> Iterator[str]:
    """In a practice where nobody meddles, the auditor has nothing to mend and nothing to tell."""
    with pabot.store.read() as session:
        yield from (
            f"{row.subject}: the auditor set its clocks anew" for row in session.connection.execute(text(REPAIRED))
        )
        yield from (f"the auditor told of {row.kind} {row.subject}" for row in session.connection.execute(text(FAULTS)))


def count_raised(connection: Connection) -> int:
    found: int = connection.execute(text("SELECT count(*) FROM escalation")).scalar_one()
    return found


def posted(workspace: Workspace) -> list[Message]:
    """Everything the bot ever posted."""
    channels = list(workspace.channels.values())
    return [one for channel in channels for one in channel.messages if one.user == workspace.bot_user_id]


def marker_of(message: Message) -> str:
    return str(message.metadata["event_payload"]["key"]) if message.metadata else message.ts


def is_missed(message: Message) -> bool:
    return "digest was missed" in str(message.blocks)


def digests(workspace: Workspace, day: date) -> list[Message]:
    title = f"Prior authorizations, {spoken(day)}:"
    return [one for one in workspace.channels[people.CHANNEL].messages if one.text.startswith(title)]


def posted_at(message: Message) -> datetime:
    return datetime.fromtimestamp(float(message.ts), UTC)


def _digests(workspace: Workspace, day: date, *, wanted: set[int]) -> Iterator[str]:
    count = len(digests(workspace, day))
    if count not in wanted:
        yield f"{count} digests on {day}, where {max(wanted)} belongs"


def _numbers(connection: Connection, statement: str) -> list[int]:
    return list(connection.execute(text(statement)).scalars())
