"""What a decision may lean on besides the request itself: calendar, payer windows, settings, people."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pabot.domain.calendar import PracticeCalendar
from pabot.domain.errors import Invalid
from pabot.domain.library import Checklist
from pabot.domain.model import Member, Role
from pabot.domain.payer_rules import PayerRules, Rule, RuleKind, Window
from pabot.domain.roles import DEFAULT_POLICY, Action, Policy, may

COVER_HOPS = 5


@dataclass(frozen=True, slots=True)
class Directory:
    """The staff list as one value."""

    members: Mapping[str, Member]

    def get(self, user_id: str | None) -> Member | None:
        return self.members.get(user_id) if user_id else None

    def name(self, user_id: str | None) -> str:
        member = self.get(user_id)
        return member.name if member else "nobody"

    def with_role(self, *roles: Role) -> tuple[Member, ...]:
        return tuple(m for m in self.members.values() if m.active and m.is_(*roles))

    def acting_for(self, user_id: str | None) -> Member | None:
        """Whoever acts for a person today: themselves, or the cover of whoever is away; at last a manager."""
        present = (m for m in self._covers(user_id) if m.active and not m.away)
        managers = sorted(self.with_role(Role.MANAGER), key=lambda manager: manager.away)
        return next(present, managers[0] if managers else None)

    def managers(self) -> tuple[str, ...]:
        """The managers, or who acts for them today."""
        acting = (self.acting_for(manager.user_id) for manager in self.with_role(Role.MANAGER))
        return tuple(sorted({member.user_id for member in acting if member}))

    def owner_after(self, user_id: str | None) -> Member | None:
        """Who may own what this person owned: they themselves, or the first cover who can; away or not."""
        able = (m for m in self._covers(user_id) if may(m, Action.CLAIM) is None)
        return next(able, None)

    def stands_in_for(self, user_id: str) -> tuple[str, ...]:
        """Themselves, and whoever is away and has named them as cover."""
        others = (m.user_id for m in self.members.values() if m.cover_id and (m.away or not m.active))
        return (user_id, *(other for other in others if self.acting_for(other) == self.get(user_id)))

    def judges_for(self, user_id: str) -> tuple[str, ...]:
        """Themselves, and the clinicians who are not here and for whom they answer."""
        absent = (m for m in self.members.values() if m.is_(Role.CLINICIAN) and (m.away or not m.active))
        return (user_id, *(m.user_id for m in absent if self.clinician_for(m.user_id) == self.get(user_id)))

    def judge_for(self, user_id: str | None, wanted: frozenset[Role]) -> Member | None:
        """Who judges today what this person was asked to: they, their cover, anybody present; `wanted` says who may."""
        able = [m for m in self._covers(user_id) if m.active and m.is_(*wanted)]
        here = [m for m in (*able, *self.with_role(*wanted)) if not m.away]
        return next(iter([*here, *able]), None)

    def clinician_for(self, user_id: str | None) -> Member | None:
        """The licensed person who answers for a clinician today; a manager is no substitute for a licence."""
        return self.judge_for(user_id, frozenset({Role.CLINICIAN}))

    def _covers(self, user_id: str | None) -> Iterator[Member]:
        """The person, their cover, the cover's cover …, as far as a circle of covers allows."""
        member = self.get(user_id)
        for _ in range(COVER_HOPS):
            if member is None:
                return
            yield member
            member = self.get(member.cover_id)


@dataclass(frozen=True, slots=True)
class Rules:
    calendar: PracticeCalendar
    payer: PayerRules
    staff: Directory
    policy: Policy = DEFAULT_POLICY
    checklist: Checklist | None = None  # what the library says of the request's service
    found: tuple[int, Checklist] | None = None  # for a step that asks the library anew: the version that holds now


def not_ahead(field: str, at: datetime, now: datetime) -> None:
    """Raise Invalid under `field` for something that happened later than now; five minutes are forgiven."""
    if at > now + timedelta(minutes=5):
        raise Invalid({field: "That lies in the future. Choose when it happened."})


def window_end(window: Window, start: datetime, calendar: PracticeCalendar) -> datetime:
    """When a payer's window that began at `start` is over. Calendar windows never pause; a day counts to its close."""
    if window.unit == "h":
        return start + timedelta(hours=window.value)
    if window.unit == "bd":
        return calendar.plus_business_days(start, window.value)
    return calendar.end_of(calendar.day(start) + timedelta(days=window.value))


def window_ends_on(rule: Rule, start: date, calendar: PracticeCalendar) -> date:
    """The last day of a window that is counted from a day: a letter's date, say."""
    value, unit = rule.window.value, rule.window.unit
    if unit == "bd":
        for _ in range(value):
            start = calendar.next_open_day(start)
        return start
    return start + timedelta(days=math.ceil(value / 24) if unit == "h" else value)


def next_check(start: datetime, expected: date | None, rules: Rules, *, first: bool, expedited: bool) -> date:
    """The day of the next check with the payer: the library's cadence, else ours.

    Ours (our judgement). Expedited: the next day that is open. Standard: first at half the window, but within one to
    three business days; then every two business days; every business day once the expected response has passed.
    """
    calendar = rules.calendar
    today = calendar.day(start)
    if expedited or (expected and expected < today):
        return calendar.next_open_day(today)
    cadence = rules.payer.get(RuleKind.FIRST_CHECK if first else RuleKind.CHECK_EVERY)
    if cadence:
        return calendar.first_open_day(calendar.day(window_end(cadence.window, start, calendar)))
    if first and expected:
        half = calendar.first_open_day(today + (expected - today) / 2)
        soonest = calendar.next_open_day(today)
        latest = calendar.day(calendar.plus_business_days(start, 3))
        return min(max(half, soonest), latest)
    return calendar.day(calendar.plus_business_days(start, 2))
