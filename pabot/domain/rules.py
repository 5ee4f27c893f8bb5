"""What a decision may lean on besides the request itself: calendar, payer windows, settings, people."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from pabot.domain.absences import Cover
from pabot.domain.calendar import PracticeCalendar
from pabot.domain.errors import Invalid
from pabot.domain.library import Checklist
from pabot.domain.model import AuthorizationState, LineOfBusiness, Member, Role
from pabot.domain.payer_rules import PayerRules, Rule, RuleKind, Window
from pabot.domain.roles import DEFAULT_POLICY, Action, Policy, may
from pabot.domain.update_times import Times, times

COVER_HOPS = 5
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Part:
    """Whose work somebody does: all of it, some requests `only`, or all `but` some."""

    user_id: str
    only: frozenset[int] | None = None
    but: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Directory:
    """The staff list as one value, and the one place that says who acts for whom today."""

    members: Mapping[str, Member]
    covers: Mapping[str, Cover] = field(default_factory=dict)  # of those who are away

    def get(self, user_id: str | None) -> Member | None:
        return self.members.get(user_id) if user_id else None

    def name(self, user_id: str | None) -> str:
        member = self.get(user_id)
        return member.name if member else "nobody"

    def with_role(self, *roles: Role) -> tuple[Member, ...]:
        return tuple(m for m in self.members.values() if m.active and m.is_(*roles))

    def acting_for(self, user_id: str | None, number: int | None = None) -> Member | None:
        """Whoever acts for a person today, on a request if it is given: they, the cover of who is away, a manager."""
        present = (m for m in self._covers(user_id, number) if m.active and not m.away)
        managers = sorted(self.with_role(Role.MANAGER), key=lambda manager: manager.away)
        return next(present, managers[0] if managers else None)

    def managers(self) -> tuple[str, ...]:
        """The managers, or who acts for them today."""
        acting = (self.acting_for(manager.user_id) for manager in self.with_role(Role.MANAGER))
        return tuple(sorted({member.user_id for member in acting if member}))

    def owner_after(self, user_id: str | None, number: int | None = None) -> Member | None:
        """Who may own what this person owned: they themselves, or the first cover who can; away or not."""
        able = (m for m in self._covers(user_id, number) if may(m, Action.CLAIM) is None)
        return next(able, None)

    def heir_of(self, user_id: str, number: int | None = None) -> Member | None:
        """Who owns what somebody left behind unannounced: a cover who can, the first of the same role, a manager."""
        member = self.get(user_id)
        same = self.with_role(*member.roles) if member else ()
        others = sorted((*same, *self.with_role(Role.MANAGER)), key=lambda other: other.away)
        able = (m for m in others if m.user_id != user_id and may(m, Action.CLAIM) is None)
        by_rank = sorted(able, key=lambda other: other not in same)
        return self.owner_after(user_id, number) or next(iter(by_rank), None)

    def does_for(self, actor: Member, state: AuthorizationState) -> str | None:
        """For whom somebody works on a request: the owner, or the clinician, who is away; None: in their own name."""
        acting = {
            state.owner_id: self.acting_for(state.owner_id, state.number) if state.owner_id else None,
            state.clinician_id: self.clinician_for(state.clinician_id, state.number),
        }
        theirs = (who for who, acts in acting.items() if acts == actor and who != actor.user_id)
        return None if actor.user_id in acting else next(theirs, None)

    def stands_in_for(self, user_id: str) -> tuple[Part, ...]:
        """Their own work, and that of whoever is away and whose cover they are."""
        absent = (m.user_id for m in self.members.values() if m.away or (m.cover_id and not m.active))
        return self._parts(user_id, absent, self.acting_for)

    def judges_for(self, user_id: str) -> tuple[Part, ...]:
        """Their own, and the judgement of the clinicians who are not here and for whom they answer."""
        absent = (m.user_id for m in self.members.values() if m.is_(Role.CLINICIAN) and (m.away or not m.active))
        return self._parts(user_id, absent, self.clinician_for)

    def judge_for(self, user_id: str | None, wanted: frozenset[Role], number: int | None = None) -> Member | None:
        """Who judges today what this person was asked to: they, their cover, anybody present; `wanted` says who may."""
        able = [m for m in self._covers(user_id, number) if m.active and m.is_(*wanted)]
        here = next((m for m in able if not m.away), None)
        return here or next((m for m in self.with_role(*wanted) if not m.away), next(iter(able), None))

    def clinician_for(self, user_id: str | None, number: int | None = None) -> Member | None:
        """The licensed person who answers for a clinician today; a manager is no substitute for a licence."""
        return self.judge_for(user_id, frozenset({Role.CLINICIAN}), number)

    def _parts(
        self, user_id: str, absent: Iterable[str], acts: Callable[[str, int | None], Member | None]
    ) -> tuple[Part, ...]:
        me = self.get(user_id)
        parts = [Part(user_id)]
        for other in absent:
            if other == user_id:
                continue
            cover = self.covers.get(other)
            shared = cover.by_number if cover else {}
            mine = frozenset(number for number in shared if acts(other, number) == me)
            if acts(other, None) == me:
                parts.append(Part(other, but=frozenset(shared) - mine))
            elif mine:
                parts.append(Part(other, only=mine))
        return tuple(parts)

    def _covers(self, user_id: str | None, number: int | None) -> Iterator[Member]:
        """The person, their cover, the cover's cover …, as far as a circle of covers allows."""
        member = self.get(user_id)
        for _ in range(COVER_HOPS):
            if member is None:
                return
            yield member
            cover = self.covers.get(member.user_id) if member.away else None
            member = self.get(cover.of(number) if cover else member.cover_id)


@dataclass(frozen=True, slots=True)
class InsurancePlan:
    """A plan as the payer library has it."""

    plan_id: int
    payer_id: int
    line_of_business: LineOfBusiness
    name: str


@dataclass(frozen=True, slots=True)
class Rules:
    calendar: PracticeCalendar
    payer: PayerRules
    staff: Directory
    policy: Policy = DEFAULT_POLICY
    checklist: Checklist | None = None  # what the library says of the request's service
    found: tuple[int, Checklist] | None = None  # for a step that asks the library anew: the version that holds now
    plan: InsurancePlan | None = None  # for a step that names another one
    namesake: bool = False  # for a decision: another patient of this clinician has the same initials
    chart_matches: bool | None = None  # for a decision: whether the chart number looked at is this patient's
    updates: Times = field(default_factory=times)  # within what time the patient is told what


def not_ahead(field: str, at: datetime, now: datetime) -> None:
    """Raise Invalid under `field` for something that happened later than now; five minutes are forgiven."""
    if at > now + timedelta(minutes=5):
        raise Invalid({field: "That lies in the future. Choose when it happened."})


def window_end(window: Window, start: datetime, calendar: PracticeCalendar) -> datetime:
    """When a payer's window that began at `start` is over. It never pauses; its last day counts to our close.

    A payer's business days are the weekdays: no holiday or closure of the practice gives it more time.
    """
    if window.unit == "h":
        return start + timedelta(hours=window.value)
    day = calendar.day(start)
    if window.unit == "bd":
        return calendar.end_of(weekdays_after(day, window.value))
    return calendar.end_of(day + timedelta(days=window.value))


def weekdays_after(day: date, count: int) -> date:
    """The weekday that comes `count` weekdays, Monday to Friday, after a day."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day


def window_ends_on(rule: Rule, start: date) -> date:
    """The last day of a window that is counted from a day: a letter's date, say."""
    value, unit = rule.window.value, rule.window.unit
    if unit == "bd":
        return weekdays_after(start, value)
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
    if cadence and cadence.window.unit == "bd":  # our own days, unlike those that a payer has
        return calendar.day(calendar.plus_business_days(start, cadence.window.value))
    if cadence:
        return calendar.first_open_day(calendar.day(window_end(cadence.window, start, calendar)))
    if first and expected:
        half = calendar.first_open_day(today + (expected - today) / 2)
        soonest = calendar.next_open_day(today)
        latest = calendar.day(calendar.plus_business_days(start, 3))
        return min(max(half, soonest), latest)
    return calendar.day(calendar.plus_business_days(start, 2))
