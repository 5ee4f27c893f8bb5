"""Contacts with payers: calls, portal checks, faxes and letters."""

from datetime import datetime

from pabot.domain import commands as c
from pabot.domain.cards import Logged
from pabot.domain.deadlines import Deadline, running
from pabot.domain.model import Member
from pabot.services.requests import take
from pabot.services.room import Room, present, rules_for
from pabot.store import requests
from pabot.store.store import Session, claim_key


class Contacts(Room):
    """Use cases around what a payer said."""

    __slots__ = ()

    def log_contact(self, command: c.LogContact, *, actor: Member, key: str) -> Logged:
        """A contact with the payer, answered by what was noted and not by the whole card.

        Raises NotFound, NotAllowed, NotNow, Invalid.
        """
        now = self.clock.now()
        with self.store.write() as session:
            actor = present(session, actor)
            if claim_key(session.connection, key, f"LogContact:{command.number}", now) is None:
                loaded, clocks = take(session, command, actor, now)
            else:
                loaded = session.memory.load(session.connection, session.vault, command.number)
                clocks = running(loaded[0], rules_for(session, loaded[0]))
            return _logged(session, loaded, clocks, now)


def _logged(session: Session, loaded: requests.Loaded, clocks: tuple[Deadline, ...], now: datetime) -> Logged:
    state, row = loaded
    entries = session.memory.story(session.connection, session.vault, state.number).entries
    entry = next((one for one in entries if one.kind == "log_contact"), None)
    return Logged(state, requests.payer_of(row).payer, entry, clocks, session.practice.names, now)
