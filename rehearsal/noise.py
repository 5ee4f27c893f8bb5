"""How much a practice is spoken to: new direct messages a person and day, new posts in the channel a day."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import text

from pabot.app import Pabot
from pabot.domain.steps import NoticeKind
from pabot.sandbox.workspace import Workspace
from rehearsal import people
from rehearsal.checks import marker_of, posted, posted_at

BUDGET = {"coordinator": 6, "clinician": 3, "manager": 4, "channel": 4}  # p95 a business day
# Somebody must decide, or carry out what was decided.
APART = frozenset({NoticeKind.DECISION, NoticeKind.QUESTION, NoticeKind.ATTEST, NoticeKind.INSTRUCTION})
KINDS = """
    SELECT m.marker, m.kind, m.recipient, a.urgency FROM message m
    LEFT JOIN "authorization" a ON a.number = m."authorization" """


@dataclass(frozen=True, slots=True)
class Heard:
    """What one kind of reader hears on a business day."""

    reader: str
    usual: float
    p95: int
    most: int
    apart: int  # decisions and expedited items: p95 of those
    budget: int

    @property
    def is_kept(self) -> bool:
        return self.p95 <= self.budget


@dataclass(slots=True)
class Noise:
    """Counts by reader and day; decisions and expedited items apart."""

    counted: Counter[tuple[str, date]] = field(default_factory=Counter)
    apart: Counter[tuple[str, date]] = field(default_factory=Counter)
    days: list[tuple[date, dict[str, str]]] = field(default_factory=list)  # business days: who is what on them
    kinds: Counter[str] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)

    def listen(self, pabot: Pabot, workspace: Workspace, day: date) -> None:
        """At the end of a day."""
        calendar = pabot.desk.calendar()
        with pabot.store.read() as session:
            rows = {row.marker: row for row in session.connection.execute(text(KINDS))}
        for message in posted(workspace):
            marker = marker_of(message)
            if marker in self.seen or marker not in rows or message.thread_ts:  # a reply rings for nobody
                continue
            self.seen.add(marker)
            row = rows[marker]
            counter = self.apart if row.kind in APART or row.urgency == "expedited" else self.counted
            counter[row.recipient, calendar.day(posted_at(message))] += 1
            self.kinds[row.kind] += 1
        if calendar.is_open_day(day):
            members = pabot.desk.directory().members.values()
            readers = {one.user_id: reader for one in members if one.active for reader in BUDGET if reader in one.roles}
            self.days.append((day, {**readers, people.CHANNEL: "channel"}))

    def heard(self) -> list[Heard]:
        return [self._heard(reader, budget) for reader, budget in BUDGET.items()]

    def _heard(self, reader: str, budget: int) -> Heard:
        those = [(user, day) for day, readers in self.days for user, role in readers.items() if role == reader]
        counts, apart = sorted(self.counted[one] for one in those), sorted(self.apart[one] for one in those)
        return Heard(reader, sum(counts) / len(counts), p95(counts), counts[-1], p95(apart), budget)


def p95(counts: list[int]) -> int:
    """The smallest count that 95 of 100 days keep to; `counts` in order."""
    return counts[max(0, -(-95 * len(counts) // 100) - 1)]
