"""Lists of what waits for somebody's judgement: each request with what is wanted of whom, and until when."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pabot.domain.cards import QueueLine
from pabot.domain.deadlines import LEGAL
from pabot.domain.next_steps import wanted_of
from pabot.services.alarms import lines_of
from pabot.store.lists import Asked
from pabot.store.store import Session

NEVER = datetime.max.replace(tzinfo=UTC)


def to_be_judged(session: Session, asked: Sequence[Asked], limit: int) -> tuple[tuple[QueueLine, ...], int]:
    """The first requests of what was `asked`, and how many there are: soonest legal date first, then what has none by
    its soonest clock. A line says what is wanted of these people and when, whatever else is asked of others.
    """
    of: dict[int, list[Asked]] = {}
    for one in sorted(asked, key=lambda one: one.due_at):
        of.setdefault(one.number, []).append(one)
    order = sorted(of, key=lambda number: (_legal_at(of[number]) or NEVER, of[number][0].due_at, number))
    lines = lines_of(session, order[:limit], open_only=False) if order else {}  # a patient may call about a closed one
    return tuple(_theirs(session, lines[number], of[number]) for number in order[:limit] if number in lines), len(of)


def _theirs(session: Session, line: QueueLine, asked: Sequence[Asked]) -> QueueLine:
    """The line as far as it waits for them. What else holds up a date of the request is told with that date."""
    first, people = asked[0], dict.fromkeys(session.practice.staff.name(one.asked_of) for one in asked)
    return replace(
        line,
        needed=wanted_of([one.about for one in asked if one.about]) or line.needed,
        waits_for=", ".join(people),
        due_at=first.due_at,
        due_kind=first.clock,
        legal_at=_legal_at(asked),
    )


def _legal_at(asked: Sequence[Asked]) -> datetime | None:
    return next((one.due_at for one in asked if one.clock in LEGAL), None)
