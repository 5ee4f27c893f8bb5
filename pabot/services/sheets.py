"""The submission sheet of a request: looked at, asked for as a file, and opened again when the file is drawn.

The sheet names the patient where the practice's privacy is full and the reader may see it. Whoever asks leaves a view
in the record first, as with `/pa show`.
"""

from datetime import datetime

from pabot.domain.cards import AuthorizationCard, Privacy
from pabot.domain.errors import NotNow
from pabot.domain.model import Member
from pabot.domain.roles import Action
from pabot.domain.statuses import MEANINGS
from pabot.domain.submission_sheet import PREPARED_IN
from pabot.services import cards, telling
from pabot.services.room import Room, allow, present
from pabot.store import messages, requests
from pabot.store.events import NewEvent, append, views_of
from pabot.store.requests import Loaded
from pabot.store.store import Session, claim_key

SEEN = "seen"  # in the subject of a file's row: a view of the patient's identity is kept with the request for it


class Sheets(Room):
    """Use cases of the submission sheet."""

    __slots__ = ()

    def submission_sheet(self, number: int, *, actor: Member) -> AuthorizationCard:
        """A request with all that its sheet tells this person. Raises NotFound, NotAllowed, NotNow."""
        now = self.clock.now()
        with self.store.read() as session:
            actor = present(session, actor)
            loaded = _loaded(session, number, actor)
            identity = self._may_identify(session, actor, loaded)
            found = cards.of(session, loaded, actor, now, identity=identity)
        if identity:  # before anybody sees it; if this fails, nobody does
            self.store.note(views_of(number), NewEvent("view", actor.user_id, now))
        return found

    def send_sheet(self, number: int, *, actor: Member, key: str) -> AuthorizationCard:
        """Have the sheet sent as a file into this person's own direct messages; once for a request key.

        Answers what the screen shows meanwhile. Raises as `submission_sheet`.
        """
        now = self.clock.now()
        with self.store.write() as session:
            actor = present(session, actor)
            loaded = _loaded(session, number, actor)
            identity = self._may_identify(session, actor, loaded)
            if claim_key(session.connection, key, f"send_sheet:{number}", now) is None:
                _want_file(session, number, actor, key, identity, now)
            if identity:
                append(session.connection, session.vault, views_of(number), [NewEvent("view", actor.user_id, now)])
            return cards.of(session, loaded, actor, now, identity=identity)

    def sheet_for_file(self, number: int, *, actor: Member, seen: bool) -> AuthorizationCard:
        """What the file is drawn from, when it is sent. `seen`: asking for it left a view of the patient's identity.

        Raises NotAllowed when the person may not prepare submissions any more. A request that was closed meanwhile is
        no reason to withhold what was asked for.
        """
        now = self.clock.now()
        with self.store.read() as session:
            actor = present(session, actor)
            loaded = requests.load(session.connection, session.vault, number)
            allow(session, actor, Action.SUBMIT, loaded[0])
            identity = seen and self._may_identify(session, actor, loaded)
            return cards.of(session, loaded, actor, now, identity=identity)

    def _may_identify(self, session: Session, actor: Member, loaded: Loaded) -> bool:
        return self.privacy is Privacy.FULL and cards.may_see_identity(session, actor, loaded[0])


def _loaded(session: Session, number: int, actor: Member) -> Loaded:
    """The request, for somebody who may prepare its submission now."""
    loaded = requests.load(session.connection, session.vault, number)
    state = loaded[0]
    allow(session, actor, Action.SUBMIT, state)
    if state.status not in PREPARED_IN:
        raise NotNow(f"There is nothing to prepare for the payer: PA-{number} is “{MEANINGS[state.status].label}”.")
    return loaded


def _want_file(session: Session, number: int, actor: Member, key: str, identity: bool, now: datetime) -> None:
    """A one-off: it names no request in its column, or a later correction would have it sent anew."""
    messages.want(
        session.connection,
        key=f"{telling.SHEET}:{key}",
        kind=telling.SHEET,
        recipient=actor.user_id,
        subject=f"{number}:{SEEN if identity else ''}",
        now=now,
    )
