"""The days themselves: the clock, the people, the jobs, the weather, and the checks of each."""

import heapq
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from pabot.app import Pabot, build, pin_workspace
from pabot.clock import StandingClock
from pabot.domain.calendar import PracticeCalendar
from pabot.domain.practice import SaveMember
from pabot.jobs.deliver import LEASE
from pabot.sandbox.server import serve
from pabot.sandbox.workspace import Workspace
from pabot.settings import load
from pabot.store import messages
from pabot.store.vault import new_master_key
from rehearsal import checks, people, weather
from rehearsal.noise import Noise
from rehearsal.playing import Players
from rehearsal.weather import Weather

FROM, UNTIL = time(7), time(18, 30)  # between these the clock stops often
NIGHT = (time(0, 10), time(1, 30), time(2, 30), time(4), time(21), time(23, 50))  # with those that a DST night lacks
HURRY = timedelta(minutes=20)  # the longest that one delivery goes on
Tell = Callable[[date, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how busy."""

    days: int
    arrivals: float  # new requests a business day, on average
    seed: int = 1
    stride: timedelta = timedelta(minutes=30)  # between two stops of the clock in the daytime
    weather: Weather = weather.USUAL

    @property
    def dates(self) -> list[date]:
        return [self.weather.first + timedelta(days=at) for at in range(self.days)]


@dataclass(slots=True)
class Outcome:
    """What a rehearsal came to."""

    days: int = 0
    requests: int = 0
    steps: int = 0
    posted: int = 0
    raised: int = 0
    digests: int = 0
    missed: int = 0  # of these
    restarts: int = 0
    faults: list[str] = field(default_factory=list)  # what did not hold, each with its day
    noise: Noise = field(default_factory=Noise)


@dataclass(slots=True)
class Rehearsal:
    """A practice under way."""

    pabot: Pabot
    workspace: Workspace
    clock: StandingClock
    dice: random.Random
    plan: Plan
    players: Players
    away: list[weather.Away]
    outcome: Outcome = field(default_factory=Outcome)
    looks: list[tuple[datetime, int]] = field(default_factory=list)  # a heap: when whom to look at

    def live(self, tell: Tell) -> Outcome:
        for day in self.plan.dates:
            self._day(day)
            self.outcome.days += 1
            tell(day, len(self.outcome.faults))
        self._note(self.clock.now(), checks.found_by_the_auditor(self.pabot))
        self._note(self.clock.now(), self.players.refused)
        self._count()
        return self.outcome

    def _day(self, day: date) -> None:
        calendar, sky = self.pabot.desk.calendar(), self.plan.weather
        arriving = sorted(self._arrivals(day))
        crash = self.dice.choice(list(_moments(calendar, day, self.plan.stride)))
        for moment in _moments(calendar, day, self.plan.stride):
            self.clock.set(max(moment, self.clock.now()))
            self.workspace.faults.outage = sky.slack_is_away(moment, calendar)
            if moment == crash:
                self._die_and_come_back()
            if calendar.is_open(moment):
                if moment == calendar.opens(day):
                    self._people_come_and_go(day)
                while arriving and arriving[0] <= moment:
                    arriving.pop(0)
                    self._open(moment)
                self._work(moment)
            if not sky.worker_is_away(moment, calendar):
                self._tick()
        last = self.clock.now()
        gone = sky.slack_is_away(last, calendar) or sky.worker_is_away(last, calendar)
        self._note(last, checks.at_the_end_of_a_day(self.pabot, self.workspace, away=gone))
        self.outcome.noise.listen(self.pabot, self.workspace, day)

    def _arrivals(self, day: date) -> Iterator[datetime]:
        """Most orders come before four in the afternoon."""
        calendar = self.pabot.desk.calendar()
        if calendar.is_open_day(day):
            for _ in range(round(self.dice.uniform(0.6, 1.4) * self.plan.arrivals)):
                yield calendar.opens(day) + timedelta(minutes=self.dice.uniform(0, 480))

    def _open(self, now: datetime) -> None:
        self.outcome.requests += 1
        number = self.players.open(self.pabot.desk, self.outcome.requests, now)
        heapq.heappush(self.looks, (now, number))

    def _work(self, now: datetime) -> None:
        """Each request whose time has come, once."""
        again = []
        while self.looks and self.looks[0][0] <= now:
            _, number = heapq.heappop(self.looks)
            later = self.players.look(self.pabot.desk, number, now)
            if later is not None:
                again.append((later, number))
        for one in again:
            heapq.heappush(self.looks, one)

    def _people_come_and_go(self, day: date) -> None:
        for command in weather.changes(self.away, day):
            self._save(command, day)
        leaves = weather.leaving(self.plan.weather.first, self.plan.days)
        if day > leaves and people.SUCCESSOR.user_id not in self.pabot.desk.directory_of():
            self._save(people.SUCCESSOR, day)
            last = people.COORDINATORS[-1]
            self._save(replace(last, active=False, cover_id=people.SUCCESSOR.user_id), day)

    def _save(self, command: SaveMember, day: date) -> None:
        manager = self.pabot.desk.directory().members[people.MANAGER]
        self.pabot.desk.save_member(command, actor=manager, key=f"staff:{command.user_id}:{day}")

    def _tick(self) -> None:
        """What the worker does all the time, once; delivery first, for it never rests so long as our steps are."""
        self._deliver()
        for name in self.pabot.jobs.ticks:
            if name != "deliver":
                self.pabot.jobs.run(name)
        self._note(self.clock.now(), checks.at_a_tick(self.pabot))
        self._deliver()

    def _deliver(self) -> None:
        """Send what can be sent; the clock moves on where Slack's pace asks for it."""
        until = self.clock.now() + HURRY
        while self.pabot.jobs.run("deliver") or self._rested(until):
            if self.workspace.faults.outage:
                return

    def _rested(self, until: datetime) -> bool:
        with self.pabot.store.read() as session:
            due = messages.next_due(session.connection)
        if due is None or max(due, self.clock.now()) > until:
            return False
        self.clock.set(max(due, self.clock.now() + timedelta(seconds=1)))  # a dead worker's lease must run out as well
        return True

    def _die_and_come_back(self) -> None:
        """The worker dies with messages in its hands; another starts when their leases are over."""
        self.outcome.restarts += 1
        with self.pabot.store.write() as session:
            messages.claim(session.connection, self.clock.now(), LEASE, 8)
        self.clock.forward(seconds=LEASE.total_seconds())
        self.pabot.store.close()
        self.pabot = build(self.pabot.settings, self.clock)

    def _note(self, now: datetime, faults: Iterator[str] | list[str]) -> None:
        day = self.pabot.desk.calendar().local(now)
        self.outcome.faults += [f"{day:%a %b %d %H:%M}: {fault}" for fault in faults]

    def _count(self) -> None:
        told = [one for day in self.plan.dates for one in checks.digests(self.workspace, day)]
        self.outcome.digests, self.outcome.missed = len(told), sum(map(checks.is_missed, told))
        self.outcome.steps, self.outcome.posted = self.players.steps, len(checks.posted(self.workspace))
        with self.pabot.store.read() as session:
            self.outcome.raised = checks.count_raised(session.connection)


def rehearse(database_url: str, plan: Plan, tell: Tell = lambda day, faults: None) -> Outcome:
    """The days of a plan on a migrated, empty database. The same plan gives the same days."""
    with opened(database_url, plan) as one:
        return one.live(tell)


@contextmanager
def opened(database_url: str, plan: Plan) -> Iterator[Rehearsal]:
    """The practice on the night before its first day."""
    clock = StandingClock(datetime.fromisoformat(f"{plan.weather.first}T04:00:00+00:00"))
    workspace = Workspace(clock.now, "T0REHEARSE")
    for person in (*people.STAFF, people.SUCCESSOR):
        workspace.add_user(person.user_id, person.name)
    workspace.add_channel(people.CHANNEL, "prior-auth")
    workspace.faults.reseed(plan.seed)
    workspace.faults.add("drop_after", "chat.postMessage", rate=weather.LOST_ANSWERS)
    with serve(workspace, page=False) as server:
        settings = load(
            slack_bot_token=workspace.bot_token,
            slack_api_url=server.api_url,
            database_url=database_url,
            secret_keys=new_master_key(),
            team_channel=people.CHANNEL,
        )
        pabot = build(settings, clock)
        pabot.store.found(replace(settings.seed(), closures=weather.CLOSED))
        pin_workspace(pabot)
        pabot.desk.worker_was_here()
        for person in (*people.STAFF, *people.STAFF):  # a second time, when everybody's cover is on the list
            known = person.cover_id in pabot.desk.directory_of()
            command = person if known else replace(person, cover_id=None)
            pabot.desk.save_member(command, actor=None, key=f"{person.user_id}:{known}")
        for insurance in people.PLANS:
            pabot.desk.add_plan(*insurance)
        dice = random.Random(plan.seed)
        away = weather.absences(dice, plan.weather.first, plan.days)
        one = Rehearsal(pabot, workspace, clock, dice, plan, Players(dice), away)
        try:
            yield one
        finally:
            one.pabot.store.close()


def _moments(calendar: PracticeCalendar, day: date, stride: timedelta) -> Iterator[datetime]:
    """When the clock stops on a day: at night now and then; in the daytime of an open day with an even stride."""
    first, last = calendar.at(day, FROM), calendar.at(day, UNTIL)
    many = int((last - first) / stride) + 1 if calendar.is_open_day(day) else 1
    night = (calendar.at(day, clock) for clock in NIGHT)
    return iter(sorted((*night, *(first + at * stride for at in range(many)))))
