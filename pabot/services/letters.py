"""The letter of an appeal: asked for as a file, and opened again when the file is drawn.

It names the patient where the practice's privacy is full, or where it goes into a folder of the practice's own, and the
reader may see it. Whoever asks leaves a view in the record first.
"""

from datetime import datetime

from pabot.domain.cards import AuthorizationCard, Privacy
from pabot.domain.letters import Kind, require_wanted
from pabot.domain.model import Member
from pabot.domain.roles import Action
from pabot.services import cards, telling
from pabot.services.room import Room, allow, present
from pabot.services.sheets import SEEN
from pabot.store import messages, requests
from pabot.store.events import NewEvent, append, views_of
from pabot.store.requests import Loaded
from pabot.store.store import Session, claim_key


class Letters(Room):
    """Use cases of the appeal letter."""

    __slots__ = ()

    def send_letter(self, number: int, kind: Kind, *, actor: Member, key: str, to_folder: bool) -> AuthorizationCard:
        """Have the letter made for this person; once for a request key.

        `to_folder`: it goes into the practice's own folder and not through Slack. Raises NotFound, NotAllowed, NotNow.
        """
        now = self.clock.now()
        with self.store.write() as session:
            actor = present(session, actor)
            loaded = requests.load(session.connection, session.vault, number)
            allow(session, actor, Action.FILE_APPEAL, loaded[0])
            require_wanted(loaded[0], kind)
            identity = self._may_name(session, actor, loaded, to_folder)
            if claim_key(session.connection, key, f"send_letter:{number}:{kind}", now) is None:
                _want_letter(session, number, kind, actor, key, identity, now)
                if identity:
                    append(session.connection, session.vault, views_of(number), [NewEvent("view", actor.user_id, now)])
            return cards.of(session, loaded, actor, now, identity=False)

    def letter_for_file(self, number: int, *, actor: Member, seen: bool, to_folder: bool) -> AuthorizationCard:
        """What the file is drawn from, when it is sent. `seen`: asking for it left a view of the patient's identity.

        Raises NotAllowed when the person may not file appeals any more.
        """
        now = self.clock.now()
        with self.store.read() as session:
            actor = present(session, actor)
            loaded = requests.load(session.connection, session.vault, number)
            allow(session, actor, Action.FILE_APPEAL, loaded[0])
            identity = seen and self._may_name(session, actor, loaded, to_folder)
            return cards.of(session, loaded, actor, now, identity=identity)

    def _may_name(self, session: Session, actor: Member, loaded: Loaded, to_folder: bool) -> bool:
        outside = to_folder or self.privacy is Privacy.FULL
        return outside and cards.may_see_identity(session, actor, loaded[0])


def _want_letter(
    session: Session, number: int, kind: Kind, actor: Member, key: str, identity: bool, now: datetime
) -> None:
    """A one-off: it names no request in its column, or a later correction would have it made anew."""
    messages.want(
        session.connection,
        key=f"{telling.LETTER}:{key}",
        kind=telling.LETTER,
        recipient=actor.user_id,
        subject=f"{number}:{kind}:{SEEN if identity else ''}:{now:%Y%m%d-%H%M%S}",
        now=now,
    )
