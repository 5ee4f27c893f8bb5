"""The payer library: taken in from files, given out again, and asked what a payer wants."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pabot.domain.answers import Answer
from pabot.domain.cards import PayerFacts
from pabot.domain.errors import BadFile, Invalid, NotFound
from pabot.domain.library import Checklist, Contacts, KeptChecklist, PayerEntry, PlanEntry, is_code, parse_codes
from pabot.domain.library_diff import differences, payer_differences
from pabot.domain.matching import clashes
from pabot.domain.model import LineOfBusiness, Member
from pabot.domain.roles import Action
from pabot.services import look_ups
from pabot.services.room import SYSTEM, Room, allow, present
from pabot.store import library, payers, people
from pabot.store.events import NewEvent, append_all
from pabot.store.payers import Named
from pabot.store.store import Session

Tell = Callable[[int, int], None]  # done, of


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changes of one payer, in words; nothing when the library says the same already."""

    payer: str
    changes: tuple[str, ...]


class Library(Room):
    """Use cases around what payers want."""

    __slots__ = ()

    def import_payers(
        self,
        entries: Sequence[PayerEntry],
        *,
        source: str,
        dry_run: bool = False,
        tell: Tell = lambda done, of: None,
    ) -> tuple[Imported, ...]:
        """Take payers in, all or nothing; what an entry does not mention stays as it is. `source`: the files' names.

        The command line's user owns the machine, so what they import is in force at once. Raises BadFile.
        """
        now = self.clock.now()
        with (self.store.read if dry_run else self.store.write)() as session:
            known = {name: payers.read(session.connection, name) for name in _once_each(entries)}
            before = {name: found[0] if found else None for name, found in known.items()}
            for entry in entries:
                _refuse_unfit(before[entry.name], entry)
            changes = [Imported(entry.name, payer_differences(before[entry.name], entry)) for entry in entries]
            if not dry_run:
                for done, (entry, change) in enumerate(zip(entries, changes, strict=True)):
                    tell(done, len(entries))
                    if change.changes:
                        _take_in(session, before[entry.name], entry, source, now)
                people.library_changed(session.connection)
        return tuple(changes)

    def look_up(self, text: str, *, actor: Member) -> tuple[Answer, ...]:
        """`Harbor Health K0856`: what the payer wants, an answer for each group of plans that it is the same for.

        Raises Invalid when no code or no payer can be read from it, and NotFound when several payers fit.
        """
        words, code = _read_question(text)
        with self.store.read() as session:
            allow(session, present(session, actor), Action.VIEW_QUEUE)
            found = payers.named(session.connection, words)
            return look_ups.answers(session, _one_payer(found, words), code, self.clock.now())

    def look_up_plan(self, plan_id: int, code: str, *, actor: Member) -> tuple[Answer, ...]:
        """The same for one plan, chosen from the list. Raises Invalid."""
        with self.store.read() as session:
            allow(session, present(session, actor), Action.VIEW_QUEUE)
            found = payers.named_by_plan(session.connection, plan_id)
            if not found:
                raise Invalid({"payer": "Choose a payer and plan from the list."})
            return look_ups.answers(session, found, _code(code), self.clock.now())

    def export_payers(self) -> tuple[PayerEntry, ...]:
        """Every payer with the versions in force, in the order of names."""
        with self.store.read() as session:
            return payers.read(session.connection)

    def add_plan(self, payer: str, plan: str, line_of_business: LineOfBusiness) -> int:
        """A payer's plan, known from now on. Answers its id."""
        with self.store.write() as session:
            payer_id = payers.save_payer(session.connection, payer, None, None)
            return payers.save_plan(session.connection, payer_id, PlanEntry(plan, line_of_business))

    def plans(self, text: str = "") -> tuple[PayerFacts, ...]:
        """What a menu offers for what was typed."""
        with self.store.read() as session:
            return payers.plans(session.connection, text.strip())


def _read_question(text: str) -> tuple[str, str]:
    """The payer's words and the code, in either order. A payer's name may hold a number: the last code counts."""
    parts = text.split()
    codes = [at for at, part in enumerate(parts) if is_code(part)]
    if not codes or len(parts) < 2:
        raise Invalid({"code": "Say the payer and the code: /pa check Harbor Health K0856."})
    at = codes[-1]
    return " ".join([*parts[:at], *parts[at + 1 :]]), _code(parts[at])


def _code(text: str) -> str:
    codes = parse_codes(text)
    if codes.low != codes.high:
        raise Invalid({"code": "Ask for one code at a time, such as K0856."})
    return codes.low


def _one_payer(found: tuple[Named, ...], words: str) -> tuple[Named, ...]:
    """The plans of the payer that is meant: one named whole, or the only one that fits."""
    whole = tuple(each for each in found if each[0].payer.casefold() == words.casefold())
    if whole:
        return whole
    names = sorted({facts.payer for facts, _ in found})
    if not names:
        raise NotFound(f"No payer is called “{words[:40]}”. See them all with /pa payers.")
    if len(names) > 1:
        more = ", …" if len(names) > 5 else ""
        raise NotFound(f"Which payer do you mean: {', '.join(names[:5])}{more}? Say more of its name.")
    return found


def _once_each(entries: Iterable[PayerEntry]) -> list[str]:
    names: dict[str, str] = {}
    for entry in entries:
        if entry.name.casefold() in names:
            raise BadFile(f"{entry.name} comes twice. Put each payer into one file, once.")
        names[entry.name.casefold()] = entry.name
    return list(names.values())


def _refuse_unfit(before: PayerEntry | None, entry: PayerEntry) -> None:
    """Plans that do not exist, checklists that come twice or would match equally."""
    old = before or PayerEntry(entry.name)
    known = {plan.name.casefold() for plan in (*old.plans, *entry.plans)}
    keys = set()
    for kept in entry.checklists:
        if kept.plan and kept.plan.casefold() not in known:
            raise BadFile(f"{entry.name}: “{kept.body.service}” is for the plan “{kept.plan}”, which it does not have.")
        if kept.key in keys:
            raise BadFile(f"{entry.name}: “{kept.body.service}” comes twice. Merge the two.")
        keys.add(kept.key)
    all_of_it = {kept.key: kept for kept in (*old.checklists, *entry.checklists)}
    if clash := next(clashes(all_of_it.values()), None):
        raise BadFile(f"{entry.name}: {clash} Narrow one of them.")


def _take_in(session: Session, before: PayerEntry | None, entry: PayerEntry, source: str, now: datetime) -> None:
    connection = session.connection
    contacts = entry.contacts if entry.contacts != Contacts() else None
    payer_id = payers.save_payer(connection, entry.name, contacts, dict(entry.rules) or None)
    plan_ids = {plan.name.casefold(): payers.save_plan(connection, payer_id, plan) for plan in _plans(before, entry)}
    said = payer_differences(before, replace(entry, checklists=()))
    events = [(f"payer:{payer_id}", NewEvent("import", SYSTEM, now, payload={"detail": {"changes": list(said)}}))]
    known = {kept.key: kept.body for kept in before.checklists} if before else {}
    for kept in entry.checklists:
        if known.get(kept.key) == kept.body:
            continue
        events.append(_new_version(session, payer_id, plan_ids, kept, known, source, now))
    append_all(connection, session.vault, events if said else events[1:])


def _plans(before: PayerEntry | None, entry: PayerEntry) -> Iterable[PlanEntry]:
    """The entry's plans, and those that only the record knows, untouched."""
    named = {plan.name.casefold(): plan for plan in entry.plans}
    kept = [replace(plan, rules=()) for plan in before.plans] if before else []
    return {**{plan.name.casefold(): plan for plan in kept}, **named}.values()


def _new_version(
    session: Session,
    payer_id: int,
    plan_ids: dict[str, int],
    kept: KeptChecklist,
    known: Mapping[tuple[str, str, str], Checklist],
    source: str,
    now: datetime,
) -> tuple[str, NewEvent]:
    by = (SYSTEM, now)
    plan_id = plan_ids[kept.plan.casefold()] if kept.plan else None
    why = f"imported from {source}"
    checklist_id, version = library.save_version(
        session.connection, payer_id, plan_id, kept, why=why, proposed=by, approved=by
    )
    changed = [str(each) for each in differences(known.get(kept.key), kept.body)]
    detail = {"n": version.n, "why": why, "changes": changed}
    return f"checklist:{checklist_id}", NewEvent("version", SYSTEM, now, payload={"detail": detail})
