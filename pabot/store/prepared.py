"""Statements of the busiest path, compiled once and given to the driver as they are.

SQLAlchemy writes them, and knows both databases and each column's type; but at each call it looks the statement up,
orders its values and wraps its rows anew, which takes longer than the database does. So what a look at a card and a
save run every time is prepared; all else is executed by SQLAlchemy.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Delete, Insert, Select, Update
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Statement = Select[Any] | Insert | Update | Delete
Converter = Callable[[Any], Any]
Bound = tuple[str, Converter | None, Any]  # its name, how its value goes to the driver, and the value if it has one

GIVEN = object()  # stands for a value that comes with each call


class Prepared:
    """One statement, for either database.

    Values are named as its bound parameters or columns; an insert or update writes the columns that it is given. Rows
    are plain tuples. Raises the driver's own errors, which `engine.transaction` knows.
    """

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._compiled: dict[tuple[str, tuple[str, ...]], _Compiled] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> None:
        """For its effect."""
        ready = self._ready(connection, values)
        _execute(_cursor(connection), ready.text, ready.given(values))

    def row(self, connection: Connection, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Its first row."""
        return next(iter(self.rows(connection, values)), None)

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        """All of them."""
        ready, cursor = self._ready(connection, values), _cursor(connection)
        _execute(cursor, ready.text, ready.given(values))
        return ready.read(cursor.fetchall())

    def _ready(self, connection: Connection, values: Mapping[str, Any]) -> "_Compiled":
        which = (connection.dialect.name, tuple(values))
        found = self._compiled.get(which)
        if found is None:
            found = self._compiled[which] = _compile(self._statement, connection.dialect, tuple(values))
        return found


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The statement's text in one dialect, its parameters in order, and how the values of a row are read."""

    text: str
    bound: tuple[Bound, ...]
    by_name: bool  # how the driver takes its values: by name or in order
    readers: tuple[tuple[int, Converter], ...]

    def given(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver takes them."""
        given = [
            fixed if fixed is not GIVEN else convert(values[name]) if convert else values[name]
            for name, convert, fixed in self.bound
        ]
        return {name: value for (name, _, _), value in zip(self.bound, given, strict=True)} if self.by_name else given

    def read(self, rows: Sequence[tuple[Any, ...]]) -> Sequence[tuple[Any, ...]]:
        return [self._as_read(row) for row in rows] if self.readers else rows

    def _as_read(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for place, convert in self.readers:
            values[place] = convert(values[place])
        return tuple(values)


def _cursor(connection: Connection) -> DBAPICursor:
    """The driver's own."""
    driver: Any = connection.connection.driver_connection
    cursor: DBAPICursor = driver.cursor()
    return cursor


def _execute(cursor: DBAPICursor, text: str, given: Any) -> None:
    """The one place at which a prepared statement leaves."""
    cursor.execute(text, given)


def _compile(statement: Statement, dialect: Dialect, names: tuple[str, ...]) -> _Compiled:
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    if not isinstance(compiled, SQLCompiler) or compiled.insert_prefetch or compiled.update_prefetch:
        raise ValueError("a prepared statement takes all of its values from its caller")
    order = compiled.positiontup if compiled.positional else list(compiled.binds)
    bound = tuple(_bound(compiled, name, dialect, names) for name in order or ())
    columns = [] if isinstance(statement, Delete) else list(statement.exported_columns)
    read = [(place, _reader(column.type, dialect)) for place, column in enumerate(columns)]
    readers = tuple((place, convert) for place, convert in read if convert)
    return _Compiled(compiled.string, bound, not compiled.positional, readers)


def _bound(compiled: SQLCompiler, name: str, dialect: Dialect, names: tuple[str, ...]) -> Bound:
    parameter = compiled.binds[name]
    convert = parameter.type.dialect_impl(dialect).bind_processor(dialect)
    if name in names:
        return name, convert, GIVEN
    if parameter.required:
        raise KeyError(f"the statement wants {name}")
    fixed = parameter.effective_value
    return name, None, convert(fixed) if convert else fixed


def _reader(column_type: TypeEngine[Any], dialect: Dialect) -> Converter | None:
    return column_type.dialect_impl(dialect).result_processor(dialect, None)
