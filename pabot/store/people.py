"""The practice's own rows: staff, settings, identity. Read through a cache that a revision number keeps true."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from time import monotonic
from typing import Any

from sqlalchemy import Connection, select, update

from pabot.domain.access import Access
from pabot.domain.calendar import PracticeCalendar
from pabot.domain.model import Channel, Member, Role, Update
from pabot.domain.patient_words import TextName
from pabot.domain.payer_rules import PayerRules
from pabot.domain.practice import Closure, PracticeSettings, SaveMember
from pabot.domain.roles import Policy
from pabot.domain.rules import Directory
from pabot.store import absences, payers, schema, wording
from pabot.store.prepared import Prepared

LATELY_S = 1.0
MakeCalendar = Callable[[PracticeSettings], PracticeCalendar]


@dataclass(frozen=True, slots=True)
class Practice:
    """Who works here, by which hours and settings, as of one revision."""

    revision: int
    team_id: str
    bot_id: str
    bot_user_id: str
    is_sandbox: bool
    worker_seen_at: datetime | None  # when a worker first served it
    settings: PracticeSettings
    staff: Directory
    names: Mapping[str, str]  # Slack id -> name
    calendar: PracticeCalendar
    policy: Policy
    payer_rules: Mapping[int, PayerRules]  # by plan: the payer's own windows and the plan's over them
    worded: Mapping[TextName, str]  # the practice's own words for patients, as far as they were approved


class PracticeCache:
    """Holds the practice's people and settings until their revision grows."""

    def __init__(self, make_calendar: MakeCalendar) -> None:
        self._make_calendar = make_calendar
        self._practice: Practice | None = None
        self._asked_at = 0.0  # of the monotonic clock

    def lately(self) -> Practice | None:
        """The practice, if a transaction asked for it less than a moment ago."""
        return self._practice if monotonic() - self._asked_at < LATELY_S else None

    @property
    def seen(self) -> Practice | None:
        """The practice as the latest transaction saw it."""
        return self._practice

    def current(self, connection: Connection) -> Practice:
        """The practice as this transaction sees it."""
        now = _REVISION.row(connection, {})
        practice = self._practice  # other threads may replace it meanwhile
        if practice is None or now != (practice.revision,):
            practice = self._practice = self._load(connection)
        self._asked_at = monotonic()
        return practice

    def _load(self, connection: Connection) -> Practice:
        row = connection.execute(select(schema.practice)).one()
        settings = settings_from(row.settings)
        members = {member.user_id: member for member in map(_member, connection.execute(select(schema.staff)))}
        return Practice(
            revision=row.revision,
            team_id=row.team_id,
            bot_id=row.bot_id,
            bot_user_id=row.bot_user_id,
            is_sandbox=row.is_sandbox,
            worker_seen_at=row.worker_seen_at,
            settings=settings,
            staff=Directory(members, absences.covers(connection)),
            names={user_id: member.name for user_id, member in members.items()},
            calendar=self._make_calendar(settings),
            policy=settings.policy,
            payer_rules=payers.rules_by_plan(connection),
            worded=wording.worded(connection),
        )


_REVISION = Prepared(select(schema.practice.c.revision))


def found_practice(connection: Connection, settings: PracticeSettings) -> None:
    """The practice's one row, seeded once from the environment."""
    if connection.execute(select(schema.practice.c.id)).first() is None:
        connection.execute(
            schema.practice.insert().values(id=1, is_sandbox=False, settings=settings_to(settings), revision=1)
        )


def mark_sandbox(connection: Connection) -> None:
    connection.execute(update(schema.practice).values(is_sandbox=True, revision=schema.practice.c.revision + 1))


def worker_was_here(connection: Connection, now: datetime) -> None:
    """From now on this database is a practice's own; its clock is not to be moved."""
    connection.execute(
        update(schema.practice)
        .where(schema.practice.c.worker_seen_at.is_(None))
        .values(worker_seen_at=now, revision=schema.practice.c.revision + 1)
    )


def know_identity(connection: Connection, team_id: str, bot_id: str, bot_user_id: str) -> None:
    """Who the bot is in Slack, as `auth.test` said."""
    connection.execute(
        update(schema.practice).values(
            team_id=team_id, bot_id=bot_id, bot_user_id=bot_user_id, revision=schema.practice.c.revision + 1
        )
    )


def library_changed(connection: Connection) -> None:
    """Whoever remembers the payers' windows is to read them again."""
    connection.execute(update(schema.practice).values(revision=schema.practice.c.revision + 1))


def wording_changed(connection: Connection) -> None:
    """Whoever remembers the words for patients is to read them again."""
    connection.execute(update(schema.practice).values(revision=schema.practice.c.revision + 1))


def calendar_changed(connection: Connection) -> None:
    """All clocks are to be set anew."""
    connection.execute(update(schema.practice).values(clocks_set_until=0))


def clocks_set_until(connection: Connection) -> int | None:
    """Up to which number the clocks were set since the calendar changed; None where all were."""
    found: int | None = connection.execute(select(schema.practice.c.clocks_set_until)).scalar_one()
    return found


def clocks_were_set(connection: Connection, before: int, until: int | None, revision: int) -> None:
    """Note how far it came, unless somebody else came further, or the practice has changed meanwhile."""
    row = schema.practice
    unchanged = (row.c.clocks_set_until == before) & (row.c.revision == revision)
    connection.execute(update(row).where(unchanged).values(clocks_set_until=until))


def save_settings(connection: Connection, settings: PracticeSettings) -> None:
    connection.execute(
        update(schema.practice).values(settings=settings_to(settings), revision=schema.practice.c.revision + 1)
    )


def save_member(connection: Connection, command: SaveMember) -> None:
    values = {
        "name": command.name,
        "roles": " ".join(sorted(command.roles)),
        "npi": command.npi,
        "cover_id": command.cover_id,
        "away": command.away,
        "active": command.active,
    }
    changed = connection.execute(update(schema.staff).where(schema.staff.c.user_id == command.user_id).values(values))
    if changed.rowcount == 0:
        connection.execute(schema.staff.insert().values(user_id=command.user_id, **values))
    connection.execute(update(schema.practice).values(revision=schema.practice.c.revision + 1))


def set_away(connection: Connection, user_id: str, *, away: bool) -> None:
    """Whether somebody is away now."""
    connection.execute(update(schema.staff).where(schema.staff.c.user_id == user_id).values(away=away))
    staff_changed(connection)


def staff_changed(connection: Connection) -> None:
    """Whoever remembers the staff, and who covers what, is to read it again."""
    connection.execute(update(schema.practice).values(revision=schema.practice.c.revision + 1))


def settings_to(settings: PracticeSettings) -> str:
    return json.dumps(asdict(settings), default=str)


def settings_from(text: str) -> PracticeSettings:
    raw: dict[str, Any] = json.loads(text)
    raw["closures"] = tuple(
        Closure(date.fromisoformat(row["on"]), time.fromisoformat(row["after"]) if row["after"] else None)
        for row in raw["closures"]
    )
    raw["payer_owners"] = tuple((int(payer), user) for payer, user in raw["payer_owners"])
    raw["clinician_owners"] = tuple((clinician, user) for clinician, user in raw["clinician_owners"])
    raw["contact_minutes"] = tuple((Channel(channel), minutes) for channel, minutes in raw.get("contact_minutes", ()))
    raw["patient_updates"] = tuple((Update(update), said) for update, said in raw.get("patient_updates", ()))
    raw["access"] = tuple(Access(**row) for row in raw.get("access", ()))
    raw["update_times"] = tuple(raw.get("update_times", PracticeSettings.__dataclass_fields__["update_times"].default))
    return PracticeSettings(**raw)


def _member(row: Any) -> Member:
    return Member(
        user_id=row.user_id,
        name=row.name,
        roles=frozenset(Role(word) for word in row.roles.split()),
        npi=row.npi or None,
        cover_id=row.cover_id,
        away=row.away,
        active=row.active,
    )
