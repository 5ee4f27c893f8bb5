"""A practice on a fresh record, worked through its use cases; every `Bench` has connections of its own."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import count
from threading import Barrier
from typing import Any, TypeVar

import psycopg
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import event, text

from pabot.clock import StandingClock
from pabot.domain import commands as c
from pabot.domain.cards import AuthorizationCard, Privacy
from pabot.domain.diagnoses import NO_LIST, DiagnosisList
from pabot.domain.model import Category, Channel, LineOfBusiness, Member, Role, ServiceLine
from pabot.domain.practice import PracticeSettings, SaveMember
from pabot.services.desk import Desk
from pabot.services.practice_days import make_calendar
from pabot.store import prepared
from pabot.store.store import Store

MONDAY = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)  # 10:00 in New York
SETTINGS = PracticeSettings("America/New_York", "08:00-17:00 mon-fri", "US", team_channel="C0TEAM")
CORA, CARL, BILL, IDA, NED, MAX, FAY = "U0CORA", "U0CARL", "U0BILL", "U0IDA", "U0NED", "U0MAX", "U0FAY"
STAFF = (
    SaveMember(CORA, "Cora Lindqvist", frozenset({Role.COORDINATOR})),
    SaveMember(CARL, "Carl Ostermann", frozenset({Role.COORDINATOR})),
    SaveMember(BILL, "Bill Aster", frozenset({Role.BILLER})),
    SaveMember(IDA, "Dr. Ida Voss", frozenset({Role.CLINICIAN})),
    SaveMember(NED, "Dr. Ned Farrow", frozenset({Role.CLINICIAN})),
    SaveMember(MAX, "Max Tiller", frozenset({Role.MANAGER})),
    SaveMember(FAY, "Fay Front", frozenset({Role.VIEWER})),
)
PATIENT = c.Patient("CHART-88417", "J.D.", "Jessamine", "Doverly", date(1961, 4, 9), "MEM-551-Q")

Answer = TypeVar("Answer")
_keys = count(1)


def once(kind: str) -> str:
    return f"{kind}-{next(_keys)}"


@contextmanager
def watched(store: Store, see: Callable[[Any, str, Any], None]) -> Iterator[None]:
    """Shows each statement before it runs, SQLAlchemy's and the prepared ones: (the driver's cursor, text, values)."""

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        see(cursor, statement, parameters)

    def prepared_one(cursor: Any, statement: str, given: Any) -> None:
        see(cursor, statement, given)
        cursor.execute(statement, given)

    engines = {store._engines.reader.engine, store._engines.writer.engine}
    for one in engines:
        event.listen(one, "before_cursor_execute", note)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(prepared, "_execute", prepared_one)
            yield
    finally:
        for one in engines:
            event.remove(one, "before_cursor_execute", note)


@dataclass
class Bench:
    """A desk, the people at it, and short words for what they do."""

    url: str
    master_keys: list[str]
    clock: StandingClock
    privacy: Privacy = Privacy.MINIMUM
    diagnoses: DiagnosisList = NO_LIST
    store: Store = field(init=False)
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        self.store = Store(
            self.url, self.master_keys, lambda row: make_calendar(row, self.clock.now().date()), self.diagnoses
        )
        self.desk = Desk(self.store, self.clock, self.privacy)

    @contextmanager
    def another(self, **changed: Any) -> Iterator["Bench"]:
        """The same record through connections of its own."""
        bench = replace(self, **changed)
        try:
            yield bench
        finally:
            bench.store.close()

    def member(self, user: str) -> Member:
        return self.desk.directory().members[user]

    def order(self, **changed: Any) -> c.OpenAuthorization:
        order = c.OpenAuthorization(
            patient=PATIENT,
            plan_id=self.desk.plans("Northwind")[0].plan_id,
            category=Category.SERVICE,
            service="Power wheelchair",
            lines=(ServiceLine(1, "K0856", "NU", 1),),
            diagnoses=("G35",),
            clinician_id=IDA,
            ordered_on=date(2026, 11, 16),
        )
        return replace(order, **changed)

    def open(self, by: str = CORA, *, key: str = "", **changed: Any) -> AuthorizationCard:
        order = self.order(**{"despite_duplicate": True, **changed})
        return self.desk.open_authorization(order, actor=self.member(by), key=key or once("open"))

    def step(self, by: str, command: c.Command, *, key: str = "") -> AuthorizationCard:
        return self.desk.take_step(command, actor=self.member(by), key=key or once("step"))

    def pending(self, **changed: Any) -> AuthorizationCard:
        """A request that the payer has."""
        number = self.open(**changed).state.number
        self.step(CORA, c.MarkReady(number=number))
        sent = c.Submit(
            number=number, channel=Channel.PORTAL, submitted_at=self.clock.now(), tracking_number=f"TRK-{number}"
        )
        return self.step(CORA, sent)

    def denied(self, **changed: Any) -> AuthorizationCard:
        """A clinical denial, typed in from its letter, which went to the clinician."""
        number = self.pending(**changed).state.number
        self.clock.forward(hours=1)
        return self.step(
            CORA,
            c.RecordDenial(
                number=number,
                reason="not_medically_necessary",
                notice_on=date(2026, 11, 16),
                received_at=self.clock.now(),
                reason_text="The notes do not show what the policy asks for.",
                appeal_by=date(2027, 1, 15),
            ),
        )

    def take_back(self, by: str, number: int, reason: str = "Typed on the wrong request") -> AuthorizationCard:
        save = self.desk.card(number, actor=self.member(by)).correctable
        assert save is not None
        command = c.CorrectEntry(number=number, save=save, reason=reason)
        return self.desk.correct_entry(command, actor=self.member(by), key=once("correct"))

    def rows(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        """What lies in the tables."""
        with self.store.read() as session:
            return [dict(row._mapping) for row in session.connection.execute(text(statement), values)]


@contextmanager
def a_practice(url: str, privacy: Privacy = Privacy.MINIMUM) -> Iterator[Bench]:
    """Founded, with its people and two payers."""
    bench = Bench(url, [Fernet.generate_key().decode()], StandingClock(MONDAY), privacy)
    bench.store.found(SETTINGS)
    for member in STAFF:
        bench.desk.save_member(member, actor=None, key=once("member"))
    bench.desk.add_plan("Northwind Health", "Gold", LineOfBusiness.MEDICARE_ADVANTAGE)
    bench.desk.add_plan("Tidewater Mutual", "PPO", LineOfBusiness.COMMERCIAL_INSURED)
    try:
        yield bench
    finally:
        bench.store.close()


def together(*tasks: Callable[[], Answer]) -> list[Answer | BaseException]:
    """Run all at the same moment, each in a thread; what each answered or raised."""
    gate = Barrier(len(tasks))

    def start(task: Callable[[], Answer]) -> Answer | BaseException:
        gate.wait(10)
        try:
            return task()
        except Exception as raised:
            return raised

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(start, tasks))


def tamper(url: str, statement: str, *values: Any) -> None:
    """Change the record behind pabot's back, with the database's own driver."""
    if url.startswith("sqlite"):
        connection: Any = sqlite3.connect(url.removeprefix("sqlite:///"))
    else:
        connection = psycopg.connect(url.replace("+psycopg", ""))
        statement = statement.replace("?", "%s")
    try:
        assert connection.execute(statement, values).rowcount == 1
        connection.commit()
    finally:
        connection.close()
