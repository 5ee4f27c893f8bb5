"""Payers, their plans and their rules; and a payer whole, as the library's files have it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, delete, func, select, update

from pabot.domain.cards import PayerFacts
from pabot.domain.errors import NotFound
from pabot.domain.library import Contacts, KeptChecklist, PayerEntry, PlanEntry
from pabot.domain.model import LineOfBusiness
from pabot.domain.payer_rules import Layer, PayerRules, Rule, RuleKind, Window, resolved
from pabot.store.library import body_from
from pabot.store.library_schema import checklist, checklist_version, payer, payer_rule, plan

_R = payer_rule
_CONTACTS = tuple(Contacts.__dataclass_fields__)
_COLUMNS = (payer.c.id.label("payer_id"), plan.c.id, payer.c.name, plan.c.name.label("plan"), plan.c.line_of_business)
_PLANS = select(*_COLUMNS).join(plan, plan.c.payer_id == payer.c.id).order_by(payer.c.name, plan.c.name)
_ENTRIES = select(*_COLUMNS, *(payer.c[name] for name in _CONTACTS)).join(plan, plan.c.payer_id == payer.c.id)
_OF_PLAN = _ENTRIES.where(plan.c.id == bindparam("plan"))
_IN_ORDER = (func.lower(payer.c.name) != bindparam("whole"), payer.c.name, plan.c.name)
MENU = 100  # options that a menu shows
WORDS = 8  # of what was typed that count


Named = tuple[PayerFacts, Contacts]  # a plan, and how to reach its payer


def plans(connection: Connection, text: str = "", plan_id: int | None = None) -> tuple[PayerFacts, ...]:
    """Plans that hold every word of the text in the payer's name or their own; the hundred that a menu shows."""
    words = _words(text)
    query = _PLANS.limit(MENU).where(*_holding(len(words)))
    if plan_id is not None:
        query = query.where(plan.c.id == plan_id)
    return tuple(_facts(row) for row in connection.execute(query, words))


def rules_by_plan(connection: Connection) -> Mapping[int, PayerRules]:
    """For each plan its own rules over its payer's; plans of payers without rules are left out."""
    rules = _rules(connection.execute(select(_R)))
    rows = connection.execute(select(plan.c.id, plan.c.payer_id))
    found = {
        row.id: resolved(rules.get((row.payer_id, None), {}), rules.get((row.payer_id, row.id), {})) for row in rows
    }
    return {plan_id: own for plan_id, own in found.items() if own}


def read(connection: Connection, name: str | None = None) -> tuple[PayerEntry, ...]:
    """Every payer whole, by name; or the one of that name."""
    wanted = select(payer).order_by(payer.c.name)
    if name is not None:
        wanted = wanted.where(payer.c.name == name)
    found = list(connection.execute(wanted))
    ids = [row.id for row in found] if name is not None else None
    rules = _rules(connection.execute(_of(select(_R), _R.c.payer_id, ids)))
    by_payer: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(_of(select(plan).order_by(plan.c.name), plan.c.payer_id, ids)):
        by_payer.setdefault(row.payer_id, []).append(row)
    kept = _checklists(connection, ids, {row.id: row.name for rows in by_payer.values() for row in rows})
    return tuple(
        PayerEntry(
            row.name,
            Contacts(**{field: getattr(row, field) for field in _CONTACTS}),
            _pairs(rules.get((row.id, None), {})),
            tuple(
                PlanEntry(one.name, LineOfBusiness(one.line_of_business), _pairs(rules.get((row.id, one.id), {})))
                for one in by_payer.get(row.id, ())
            ),
            tuple(sorted(kept.get(row.id, ()), key=lambda one: one.key)),
        )
        for row in found
    )


def name_of(connection: Connection, payer_id: int) -> str:
    """Raises NotFound."""
    name: str | None = connection.execute(select(payer.c.name).where(payer.c.id == payer_id)).scalar_one_or_none()
    if name is None:
        raise NotFound("That payer is not in the library. See them all with /pa payers.")
    return name


def named(connection: Connection, text: str) -> tuple[Named, ...]:
    """The plans that the words fit; those of a payer named whole come first."""
    words = _words(text)
    return tuple(_named(row) for row in connection.execute(_search(len(words)), {"whole": text.lower(), **words}))


def named_by_plan(connection: Connection, plan_id: int) -> tuple[Named, ...]:
    """The one plan of that id, or nothing."""
    return tuple(_named(row) for row in connection.execute(_OF_PLAN, {"plan": plan_id}))


def save_payer(connection: Connection, name: str, contacts: Contacts | None, rules: PayerRules | None) -> int:
    """A payer, new or changed; None leaves directory entry or rules as they are. Answers its id."""
    known = connection.execute(select(payer.c.id).where(payer.c.name == name)).scalar_one_or_none()
    if known is None:
        known = connection.execute(payer.insert().values(name=name)).inserted_primary_key[0]  # type: ignore[index]
    if contacts is not None:
        connection.execute(update(payer).where(payer.c.id == known).values(**asdict(contacts)))
    if rules is not None:
        _save_rules(connection, known, None, rules)
    return int(known)


def save_plan(connection: Connection, payer_id: int, entry: PlanEntry) -> int:
    """A plan, new or changed; without rules it keeps those it has. Answers its id."""
    where = and_(plan.c.payer_id == payer_id, plan.c.name == entry.name)
    line = entry.line_of_business.value
    known = connection.execute(select(plan.c.id).where(where)).scalar_one_or_none()
    if known is None:
        made = connection.execute(plan.insert().values(payer_id=payer_id, name=entry.name, line_of_business=line))
        known = made.inserted_primary_key[0]  # type: ignore[index]
    else:
        connection.execute(update(plan).where(where).values(line_of_business=line))
    if entry.rules:
        _save_rules(connection, payer_id, known, dict(entry.rules))
    return int(known)


def _words(text: str) -> dict[str, str]:
    """The patterns of what was typed, as `_holding` names them. What means something in a pattern is escaped."""
    plain = text.lower().replace("·", " ").replace("/", "//").replace("%", "/%").replace("_", "/_")
    return {f"word_{place}": f"%{word}%" for place, word in enumerate(plain.split()[:WORDS])}


def _holding(count: int) -> list[ColumnElement[bool]]:
    """A condition for each of so many words."""
    whole = func.lower(payer.c.name + " " + plan.c.name)
    return [whole.like(bindparam(f"word_{place}"), escape="/") for place in range(count)]


@cache
def _search(count: int) -> Any:
    return _ENTRIES.where(*_holding(count)).order_by(*_IN_ORDER).limit(MENU)


def _named(row: Row[Any]) -> Named:
    return _facts(row), Contacts(**{field: getattr(row, field) for field in _CONTACTS})


def _facts(row: Any) -> PayerFacts:
    return PayerFacts(row.payer_id, row.id, row.name, row.plan, LineOfBusiness(row.line_of_business))


def _checklists(
    connection: Connection, ids: list[int] | None, plan_names: Mapping[int, str]
) -> dict[int, list[KeptChecklist]]:
    """The versions in force, by payer."""
    query = select(checklist.c.payer_id, checklist.c.plan_id, checklist.c.line_of_business, checklist_version.c.body)
    query = query.join(checklist_version, checklist_version.c.id == checklist.c.version_id)
    found: dict[int, list[KeptChecklist]] = {}
    for row in connection.execute(_of(query, checklist.c.payer_id, ids)):
        line = LineOfBusiness(row.line_of_business) if row.line_of_business else None
        kept = KeptChecklist(body_from(row.body), plan_names.get(row.plan_id, ""), line)
        found.setdefault(row.payer_id, []).append(kept)
    return found


def _of(query: Any, column: Any, ids: list[int] | None) -> Any:
    return query if ids is None else query.where(column.in_(ids))


def _rules(rows: Iterable[Row[Any]]) -> dict[tuple[int, int | None], PayerRules]:
    """By payer, and by plan where the rule is a plan's own."""
    found: dict[tuple[int, int | None], PayerRules] = {}
    for row in rows:
        layer = Layer.PLAN if row.plan_id else Layer.PAYER
        rule = Rule(Window(row.value, row.unit), row.source, row.verified_on, layer)
        found.setdefault((row.payer_id, row.plan_id), {})[RuleKind(row.kind)] = rule
    return found


def _pairs(rules: PayerRules) -> tuple[tuple[RuleKind, Rule], ...]:
    return tuple(sorted(rules.items()))


def _save_rules(connection: Connection, payer_id: int, plan_id: int | None, rules: PayerRules) -> None:
    connection.execute(delete(_R).where(_R.c.payer_id == payer_id, _R.c.plan_id == plan_id))
    rows = [
        {
            "payer_id": payer_id,
            "plan_id": plan_id,
            "kind": kind.value,
            "value": rule.window.value,
            "unit": rule.window.unit,
            "source": rule.source,
            "verified_on": rule.verified_on,
        }
        for kind, rule in rules.items()
    ]
    if rows:
        connection.execute(_R.insert(), rows)
