"""What revisions are written with: a table as it was at their time, in few lines. Names follow `columns.metadata`.

Revisions that databases have long run are made of these words: add some, never change one.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD, TEXT, COUNT = sa.String(), sa.Text(), sa.Integer()
YES_NO, DAY, INSTANT = sa.Boolean(), sa.Date(), sa.DateTime(timezone=True)
Columns: TypeAlias = list[sa.Column[Any]]


def key(name: str = "id") -> sa.Column[Any]:
    """A number that the database gives."""
    return sa.Column(name, ID, autoincrement=True, nullable=False)


def given(kind: Any, *names: str) -> Columns:
    return [sa.Column(name, kind, nullable=False) for name in names]


def maybe(kind: Any, *names: str) -> Columns:
    return [sa.Column(name, kind, nullable=True) for name in names]


def blank(kind: Any, *names: str) -> Columns:
    """Empty unless something was said."""
    return [sa.Column(name, kind, server_default="", nullable=False) for name in names]


def no(*names: str) -> Columns:
    return [sa.Column(name, YES_NO, server_default=sa.text("(false)"), nullable=False) for name in names]


def table(
    name: str,
    *columns: sa.Column[Any],
    one_by: Sequence[str] = ("id",),
    unique: Sequence[Sequence[str]] = (),
    refers: Mapping[str, str] | None = None,
    sqlite_autoincrement: bool = False,
) -> None:
    """`one_by`: the primary key. `refers`: column → the column elsewhere that it names. `sqlite_autoincrement`: no
    number is given twice, as PostgreSQL has it anyway.
    """
    rules: list[sa.Constraint] = [
        sa.ForeignKeyConstraint([column], [to], name=f"fk_{name}_{column}_{to.split('.')[0]}")
        for column, to in (refers or {}).items()
    ]
    rules += [sa.PrimaryKeyConstraint(*one_by, name=f"pk_{name}")]
    rules += [sa.UniqueConstraint(*each, name=f"uq_{name}_{'_'.join(each)}") for each in unique]
    op.create_table(name, *columns, *rules, sqlite_autoincrement=sqlite_autoincrement)


def index(name: str, of: str, *columns: Any, unique: bool = False, where: str | Mapping[str, str] = "") -> None:
    """`where`: of which rows only; one condition for both databases, or one for each."""
    each = where if isinstance(where, Mapping) else dict.fromkeys(("postgresql", "sqlite"), where)
    only: dict[str, Any] = {f"{database}_where": sa.text(said) for database, said in each.items() if said}
    op.create_index(name, of, columns, unique=unique, **only)


def add(to: str, *columns: sa.Column[Any]) -> None:
    for column in columns:
        op.add_column(to, column)


def remove(of: str, *columns: str) -> None:
    """Columns, the last one first."""
    for name in reversed(columns):
        op.drop_column(of, name)


def drop(tables: Sequence[str]) -> None:
    """The last one first; their indexes go with them."""
    for name in reversed(tables):
        op.drop_table(name)
