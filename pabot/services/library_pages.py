"""The payer library to look through: payers, one payer, one checklist with its history; and a payer's own facts."""

import math
from datetime import datetime

from pabot.domain.answers import (
    LATELY,
    Answer,
    ChecklistLine,
    ChecklistPage,
    PayerLine,
    PayerPage,
    PayersPage,
    VersionLine,
)
from pabot.domain.library import Contacts
from pabot.domain.library_diff import differences
from pabot.domain.model import LineOfBusiness, Member
from pabot.domain.payer_rules import DEFAULTS, PayerRules, resolved
from pabot.domain.requirements import LINE_OF_BUSINESS_LABELS
from pabot.domain.roles import Action
from pabot.services import look_ups
from pabot.services.room import Room, allow, present
from pabot.store import library, library_pages, payers, people, proposals
from pabot.store.events import NewEvent, append
from pabot.store.library import Version
from pabot.store.store import Session, claim_key

PAYERS = 20  # on a page
COVERED = 6  # codes that a line names


class LibraryPages(Room):
    """Use cases of looking through the library."""

    __slots__ = ()

    def payers_page(self, page: int = 1, *, actor: Member) -> PayersPage:
        """Payers by name, and what waits to be approved."""
        with self.store.read() as session:
            allow(session, present(session, actor), Action.VIEW_QUEUE)
            _, total = library_pages.payers(session.connection, limit=0, offset=0)
            pages = max(1, math.ceil(total / PAYERS))
            page = min(max(page, 1), pages)
            rows, _ = library_pages.payers(session.connection, limit=PAYERS, offset=(page - 1) * PAYERS)
            lines = tuple(PayerLine(row.id, row.name, row.plans, row.checklists, row.reported) for row in rows)
            waiting = proposals.open_ones(session.connection)
            return PayersPage(
                lines, page, pages, tuple((each.id, f"{each.payer}: {each.body.service}") for each in waiting)
            )

    def payer_page(self, payer_id: int, *, actor: Member) -> PayerPage:
        """Raises NotFound."""
        now = self.clock.now()
        with self.store.read() as session:
            allow(session, present(session, actor), Action.VIEW_QUEUE)
            name = payers.name_of(session.connection, payer_id)
            (entry,) = payers.read(session.connection, name)
            plans = library_pages.plans_of(session.connection, payer_id)
            labels = [f"{row.name} ({LINE_OF_BUSINESS_LABELS[LineOfBusiness(row.line_of_business)]})" for row in plans]
            return PayerPage(
                payer_id,
                name,
                entry.contacts,
                tuple(labels),
                dict(entry.rules),
                tuple(_lines(session, payer_id, now)),
            )

    def checklist_page(self, checklist_id: int, *, actor: Member) -> ChecklistPage:
        """Raises NotFound."""
        now = self.clock.now()
        with self.store.read() as session:
            allow(session, present(session, actor), Action.VIEW_QUEUE)
            scope = library.scope(session.connection, checklist_id)
            versions = library.history(session.connection, checklist_id)
            return ChecklistPage(
                scope.payer_id,
                _answer(session, checklist_id, scope, versions[0].facts.id, now),
                tuple(_history(session, versions)),
                library_pages.open_requests(session.connection, checklist_id),
            )

    def save_payer(self, payer_id: int, contacts: Contacts, rules: PayerRules, *, actor: Member, key: str) -> PayerPage:
        """A manager changes how a payer is reached, and its windows. Raises NotAllowed, NotFound."""
        now = self.clock.now()
        with self.store.write() as session:
            actor = present(session, actor)
            allow(session, actor, Action.MANAGE)
            if claim_key(session.connection, key, f"SavePayer:{payer_id}", now) is None:
                name = payers.name_of(session.connection, payer_id)
                payers.save_payer(session.connection, name, contacts, rules)
                people.library_changed(session.connection)
                event = NewEvent("payer", actor.user_id, now, payload={"detail": {"name": name}})
                append(session.connection, session.vault, f"payer:{payer_id}", [event])
        return self.payer_page(payer_id, actor=actor)


def _lines(session: Session, payer_id: int, now: datetime) -> list[ChecklistLine]:
    today = session.practice.calendar.day(now)
    covered = library_pages.codes_of(session.connection, payer_id)
    found = []
    for row in library_pages.checklists(session.connection, payer_id, now - LATELY):
        codes = covered.get(row.id, [])
        more = f" and {len(codes) - COVERED} more" if len(codes) > COVERED else ""
        line = LINE_OF_BUSINESS_LABELS[LineOfBusiness(row.line_of_business)] if row.line_of_business else ""
        kept = look_ups.kept(session, row.version_id)
        words = ", ".join(codes[:COVERED]) + more
        found.append(
            ChecklistLine(row.id, row.service, row.plan or line, words, kept.is_stale(today), row.reported, row.asked)
        )
    return found


def _answer(session: Session, checklist_id: int, scope: library.Scope, version_id: int, now: datetime) -> Answer:
    """The checklist as `/pa check` shows it, for whomever it is."""
    name = payers.name_of(session.connection, scope.payer_id)
    (entry,) = payers.read(session.connection, name)
    plan_names = {row.id: row.name for row in library_pages.plans_of(session.connection, scope.payer_id)}
    kept = look_ups.kept(session, version_id)
    line = scope.line_of_business
    covers = ", ".join(str(codes) for codes in kept.body.codes[:COVERED]) or f"category {kept.body.category}"
    return Answer(
        payer_id=scope.payer_id,
        payer=name,
        plans=(plan_names[scope.plan_id],) if scope.plan_id else (),
        line_of_business=line,
        code=covers,
        on=session.practice.calendar.day(now),
        kept=kept,
        lapsed=None,
        rules=resolved(DEFAULTS[line] if line else {}, dict(entry.rules), dict(kept.body.rules)),
        contacts=entry.contacts,
        reported=look_ups.reported(session, checklist_id),
    )


def _history(session: Session, versions: tuple[Version, ...]) -> list[VersionLine]:
    names = session.practice.names
    bodies = [version.body for version in versions]
    found = []
    for version, before in zip(versions, [*bodies[1:], None], strict=True):
        facts = version.facts
        by, approved = names.get(facts.proposed_by, facts.proposed_by), names.get(facts.approved_by, facts.approved_by)
        cosigned = names.get(facts.cosigned_by, facts.cosigned_by) if facts.cosigned_by else ""
        changes = tuple(map(str, differences(before, version.body))) if before else ()
        found.append(VersionLine(facts.n, facts.approved_at, facts.why, by, approved, cosigned, changes))
    return found
