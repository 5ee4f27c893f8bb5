"""A record that is full when its revisions change: what each row says afterwards, and that its clocks go on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from alembic import command
from cryptography.fernet import Fernet
from record_practice import BILL, CORA, IDA, MONDAY, NED, PATIENT, SETTINGS, STAFF, Bench
from sqlalchemy import Connection, Date, bindparam, text

from pabot.clock import StandingClock
from pabot.domain.model import LineOfBusiness
from pabot.store import patients
from pabot.store.columns import Instant
from pabot.store.migrations import configuration, upgrade

TEN, ELEVEN = MONDAY, datetime(2026, 11, 16, 16, 0, tzinfo=UTC)  # the hours of New York
TWO, THREE, CLOSE = (datetime(2026, 11, 16, hour, 0, tzinfo=UTC) for hour in (19, 20, 22))
TEN_TOMORROW, CLOSE_TOMORROW = (datetime(2026, 11, 17, hour, 0, tzinfo=UTC) for hour in (15, 22))
NOTICE, BEFORE_IT = datetime(2026, 11, 16, 5, 0, tzinfo=UTC), date(2026, 11, 25)
WINDOW_CLOSES = datetime(2026, 11, 25, 22, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Clock:
    """A clock that ran, what the revision says of it, and for whom it waits after the next tick."""

    kind: str
    started_at: datetime
    due_at: datetime
    about: str = ""
    asked_of: str | None = None  # by the revision
    now: str | None = None  # by the tick; none: the owner


def of(kind: str, started_at: datetime, due_at: datetime, about: str, asked_of: str | None) -> Clock:
    """One of which the revision knows whose it is."""
    return Clock(kind, started_at, due_at, about, asked_of, asked_of)


@dataclass(frozen=True)
class Case:
    """A request as its tables had it, with the one person it waited for, and the clock that ran of each kind."""

    judge: str | None
    clocks: tuple[Clock, ...]
    request: Mapping[str, Any] = field(default_factory=dict)
    question: Mapping[str, Any] | None = None
    denial: Mapping[str, Any] | None = None
    calls: tuple[Mapping[str, Any], ...] = ()
    fresh: tuple[tuple[str, str, str | None], ...] = ()  # kind, about and person of clocks that nobody had before


SENT = {"status": "pending", "submitted_at": TEN, "acknowledged_at": TEN, "pending_kind": "initial"}
REVIEWED = {"status": "clinical_review", "return_status": "pending", **SENT, "outcome": "denied", "decided_at": TEN}
CLOSED = {"status": "closed", "is_open": False, "closed_at": TEN, "outcome": "withdrawn", "owner_id": None}
ASKED: dict[str, Any] = {"asked_by": CORA, "asked_of": IDA, "asked_at": TEN, "text": ""}
DENIED: dict[str, Any] = {
    **{"level": 1, "reason": "not_medically_necessary", "denial_class": "clinical", "notice_on": date(2026, 11, 16)},
    **{"received_at": TEN, "routed_to": IDA, "routed_at": ELEVEN},
}
BILLED = {"denial_class": "administrative", "reason": "missing_docs", "routed_to": BILL}
CALLED: dict[str, Any] = {"at": TEN, "caller": "patient", "taken_by": CORA, "asked_of": NED, "read_out": False}
SUBMISSION = of("submission", TEN, CLOSE, "", None)
READY = of("appeal_ready", TEN, TEN_TOMORROW, "", IDA)

CASES: Mapping[str, Case] = {
    "nobody is asked": Case(None, (SUBMISSION, Clock("first_touch", TEN, datetime(2026, 11, 16, 17, 0, tzinfo=UTC)))),
    "a question": Case(
        IDA,
        (of("acceptance", TEN, TWO, "question", IDA), of("submission", TEN, CLOSE, "", IDA)),
        question=ASKED,
    ),
    "a question in hand": Case(
        IDA,
        (of("judgement", ELEVEN, CLOSE_TOMORROW, "question", IDA),),
        question={**ASKED, "accepted_at": ELEVEN},
    ),
    "a question that was answered": Case(
        None,
        (SUBMISSION,),
        question={**ASKED, "answered_by": IDA, "answered_at": ELEVEN},
    ),
    "a denial with its windows": Case(
        IDA,
        (
            of("acceptance", ELEVEN, THREE, "denial", IDA),
            *(READY, *(of(kind, NOTICE, WINDOW_CLOSES, "", IDA) for kind in ("appeal_window", "p2p_window"))),
        ),
        REVIEWED,
        denial={**DENIED, "appeal_by": BEFORE_IT, "p2p_by": BEFORE_IT},
    ),
    "a biller's denial in hand": Case(
        BILL,
        (of("judgement", ELEVEN, CLOSE_TOMORROW, "denial", BILL), of("appeal_ready", TEN, TEN_TOMORROW, "", BILL)),
        REVIEWED,
        denial={**DENIED, **BILLED, "accepted_at": ELEVEN},
    ),
    "a denial that nobody routed": Case(
        None,
        (of("appeal_ready", TEN, TEN_TOMORROW, "", None),),
        {**REVIEWED, "status": "denied", "return_status": None},
        denial={**DENIED, "routed_to": None, "routed_at": None},
    ),
    "a proposal of urgency": Case(
        IDA,
        (of("acceptance", ELEVEN, THREE, "urgency", IDA), Clock("submission", TEN, CLOSE, "", IDA)),
        {"urgency_proposed": True, "urgency_proposed_at": ELEVEN},
    ),
    "a patient's question": Case(
        NED,
        (of("patient_question", TEN, TWO, "call:2", NED), Clock("submission", TEN, CLOSE, "", NED)),
        calls=(
            {**CALLED, "seq": 1, "asked": "question", "answered_by": NED, "answered_at": ELEVEN},
            {**CALLED, "seq": 2, "asked": "question"},
        ),
    ),
    "a question and a worry of one call's minute": Case(
        NED,
        (of("patient_question", TEN, TWO, "call:1", NED), of("patient_worry", TEN, ELEVEN, "call:2", NED)),
        calls=({**CALLED, "seq": 1, "asked": "question"}, {**CALLED, "seq": 2, "asked": "worry"}),
    ),
    "a call about a closed request": Case(
        None,
        (Clock("patient_question", TEN, TWO, "call:1", None, NED),),
        CLOSED,
        calls=({**CALLED, "seq": 1, "asked": "question"},),
    ),
    "a denial and a question of two people": Case(
        NED,
        (
            Clock("acceptance", ELEVEN, THREE, "denial", NED, IDA),
            Clock("appeal_ready", TEN, TEN_TOMORROW, "", NED, IDA),
        ),
        REVIEWED,
        question={**ASKED, "asked_of": NED, "asked_at": TWO},
        denial=DENIED,
        fresh=(("acceptance", "question", NED),),
    ),
}


def put(connection: Connection, table: str, **values: Any) -> Any:
    """A row of a table as it was, by plain SQL."""
    names, places = ", ".join(f'"{name}"' for name in values), ", ".join(f":{name}" for name in values)
    kinds = {datetime: Instant(), date: Date()}
    typed = [bindparam(name, type_=kinds[type(value)]) for name, value in values.items() if type(value) in kinds]
    key = {"authorization": "number", "patient_call": "seq", "staff": "user_id"}.get(table, "id")
    statement = f'INSERT INTO "{table}" ({names}) VALUES ({places}) RETURNING {key}'  # noqa: S608
    return connection.execute(text(statement).bindparams(*typed), values).scalar_one()


def fill(bench: Bench) -> dict[str, int]:
    """Every case at revision 0018; the number of each."""
    bench.store.found(SETTINGS)
    plan = bench.desk.add_plan("Northwind Health", "Gold", LineOfBusiness.MEDICARE_ADVANTAGE)
    with bench.store.write() as session:
        for one in STAFF:
            roles = " ".join(sorted(one.roles))
            put(session.connection, "staff", user_id=one.user_id, name=one.name, roles=roles, away=False, active=True)
        patient = patients.remember(session.connection, session.vault, PATIENT)
        return {name: _put_case(session.connection, case, patient, plan) for name, case in CASES.items()}


def _put_case(connection: Connection, case: Case, patient: int, plan: int) -> Any:
    usual = {
        **{"version": 1, "patient_id": patient, "plan_id": plan, "service": "", "note": "", "status": "new"},
        **{"status_since": TEN, "created_at": TEN, "ordered_at": TEN, "opened_by": CORA, "clinician_id": IDA},
        **{"owner_id": CORA, "category": "service", "urgency": "standard", "urgency_proposed": False, "rounds": 0},
        **{"is_open": True, "needed": "", "judge": case.judge, "call_count": len(case.calls)},
    }
    number = put(connection, "authorization", **{**usual, **case.request})
    for table, child in (("question", case.question), ("denial", case.denial)):
        if child:
            own = put(connection, table, authorization=number, **child)
            connection.execute(text(f'UPDATE "authorization" SET {table}_id = {own} WHERE number = {number}'))  # noqa: S608
    for call in case.calls:
        put(connection, "patient_call", authorization=number, **call)
    for clock in case.clocks:
        _put_clock(connection, number, kind=clock.kind, started_at=clock.started_at, due_at=clock.due_at)
        stopped = {"done_at": TEN, "done_by": CORA, "ended": "moved"}
        _put_clock(connection, number, kind=clock.kind, started_at=TEN, due_at=TEN, **stopped)
    return number


def _put_clock(connection: Connection, number: int, **values: Any) -> None:
    put(connection, "deadline", authorization=number, unit="bh", source="practice", why="", **values)


def clocks(bench: Bench, number: int, ids: set[int] | None = None) -> list[tuple[str, str, str | None]]:
    """Those that run: kind, about, and whom each waits for; with `ids`, of these."""
    query = 'SELECT id, kind, about, asked_of FROM deadline WHERE "authorization" = :number AND done_at IS NULL'
    rows = [row for row in bench.rows(query, number=number) if ids is None or row["id"] in ids]
    return sorted((row["kind"], row["about"], row["asked_of"]) for row in rows)


def test_clocks_that_run_when_each_gets_its_own_person_go_on_with_it(empty_url: str) -> None:
    command.upgrade(configuration(empty_url), "0018")
    earlier = Bench(empty_url, [Fernet.generate_key().decode()], StandingClock(ELEVEN))
    numbers = fill(earlier)
    before = {row["id"] for row in earlier.rows("SELECT id FROM deadline WHERE done_at IS NULL")}
    earlier.store.close()
    upgrade(empty_url)
    with earlier.another() as bench:
        said = {name: clocks(bench, number) for name, number in numbers.items()}
        assert said == {
            name: sorted((one.kind, one.about, one.asked_of) for one in case.clocks) for name, case in CASES.items()
        }
        stopped = bench.rows("SELECT about, asked_of FROM deadline WHERE done_at IS NOT NULL")
        assert {(row["about"], row["asked_of"]) for row in stopped} == {("", None)}
        bench.desk.keep_clocks()
        kept = {name: clocks(bench, number, before) for name, number in numbers.items()}
        assert kept == {
            name: sorted((one.kind, one.about, one.now) for one in case.clocks) for name, case in CASES.items()
        }
        for name, case in CASES.items():
            assert set(case.fresh) <= set(clocks(bench, numbers[name])), name
        assert bench.rows(
            "SELECT clocks_set_until, (SELECT count(*) FROM event WHERE kind = 'calendar') AS n FROM practice"
        ) == [{"clocks_set_until": None, "n": 0}]
