"""What patients hear: looking through the texts, proposing other words, co-signing, approving, declining."""

from collections.abc import Mapping
from datetime import datetime

from pabot import spoken
from pabot.domain import roles
from pabot.domain import wording_changes as rules
from pabot.domain.errors import Invalid, NotAllowed, Stale
from pabot.domain.model import Member
from pabot.domain.patient_words import LANGUAGES, TextName, overstepping, refusal
from pabot.domain.proposals import ProposalState, cosigners, require_undecided
from pabot.domain.roles import Action
from pabot.domain.wording_changes import SHIPPED, OwnWords, ProposeWords, TextPage, TextsPage, WordsProposal
from pabot.services import telling
from pabot.services.room import Room, allow, present
from pabot.store import messages, people, requests, wording
from pabot.store.events import NewEvent, append, of_authorization
from pabot.store.store import Session, claim_key, keep_result


class Wording(Room):
    """Use cases around words for patients. The author of a text never approves it."""

    __slots__ = ()

    def patient_texts(self, *, actor: Member) -> TextsPage:
        """Every text with its version, and what waits to be approved."""
        with self.store.read() as session:
            allow(session, present(session, actor), Action.VIEW_QUEUE)
            found = wording.in_force(session.connection)
            return TextsPage(found, wording.waiting(session.connection, session.vault), broken(session.practice.worded))

    def patient_text(self, name: TextName, *, actor: Member) -> TextPage:
        """One text with its history."""
        with self.store.read() as session:
            allow(session, present(session, actor), Action.VIEW_QUEUE)
            return _page(session, name)

    def broken_words(self) -> Mapping[TextName, str]:
        """The approved words that cannot be said any more, and why."""
        with self.store.read() as session:
            return broken(session.practice.worded)

    def own_words(self, number: int, *, actor: Member) -> OwnWords:
        """The words of one request's own, as far as they hold or wait."""
        with self.store.read() as session:
            allow(session, present(session, actor), Action.VIEW_QUEUE)
            found = wording.of_request(session.connection, session.vault, number)
        approved = {one.text.language: one for one in found if one.state is ProposalState.APPROVED}
        return OwnWords(approved, tuple(one for one in found if one.state is ProposalState.OPEN))

    def propose_words(self, command: ProposeWords, *, actor: Member, key: str) -> WordsProposal:
        """Words for somebody else to approve; those for one request hold at once where the actor needs nobody.

        Raises NotAllowed, Stale, and Invalid for words that cannot be said or overstep, naming them.
        """
        now = self.clock.now()
        with self.store.write() as session:
            actor = present(session, actor)
            alone = _require_may_propose(session, command, actor)
            if earlier := claim_key(session.connection, key, "ProposeWords", now):
                return wording.load(session.connection, session.vault, int(earlier))
            since = None
            if command.number:
                since = _check_own(session, command)
            else:
                _check_text(session, command)
            proposal_id = wording.add(session.connection, session.vault, command, actor.user_id, now, since)
            keep_result(session.connection, key, str(proposal_id))
            made = wording.load(session.connection, session.vault, proposal_id)
            if alone:
                _decide(session, made, ProposalState.APPROVED, actor, now)
            else:
                _note(session, made, "asked", actor, now)
                _tell(session, telling.WORDS, rules.asked_of(made, session.practice.staff), made, now)
            return wording.load(session.connection, session.vault, proposal_id)

    def words_proposal(self, proposal_id: int, *, actor: Member) -> WordsProposal:
        """Raises NotFound."""
        with self.store.read() as session:
            allow(session, present(session, actor), Action.VIEW_QUEUE)
            return wording.load(session.connection, session.vault, proposal_id)

    def cosign_words(self, proposal_id: int, *, actor: Member, key: str) -> WordsProposal:
        """A clinician stands behind clinical words. Raises NotAllowed, AlreadyDone, Stale."""
        now = self.clock.now()
        with self.store.write() as session:
            actor = present(session, actor)
            if claim_key(session.connection, key, f"CosignWords:{proposal_id}", now) is None:
                found = wording.load(session.connection, session.vault, proposal_id, lock=True)
                rules.require_current(found, session.practice.staff)
                rules.require_cosigner(found, actor, session.practice.staff)
                wording.cosign(session.connection, proposal_id, by=actor.user_id, at=now)
                _note(session, found, "cosigned", actor, now)
                messages.refresh_lists(session.connection, telling.WORDS, str(proposal_id), now)
            return wording.load(session.connection, session.vault, proposal_id)

    def approve_words(self, proposal_id: int, note: str = "", *, actor: Member, key: str) -> WordsProposal:
        """They hold from now on; the author reads the note.

        Raises NotAllowed, AlreadyDone, Stale, and Invalid where they overstep by now.
        """
        now = self.clock.now()
        with self.store.write() as session:
            actor = present(session, actor)
            if claim_key(session.connection, key, f"ApproveWords:{proposal_id}", now) is None:
                found = wording.load(session.connection, session.vault, proposal_id, lock=True)
                staff = session.practice.staff
                rules.require_current(found, staff)
                rules.require_approver(found, actor, staff)
                _refuse_overstepping(found.words, template=found.number is None)
                if actor in cosigners(found, staff):  # a clinician's approval is both
                    wording.cosign(session.connection, proposal_id, by=actor.user_id, at=now)
                    found = wording.load(session.connection, session.vault, proposal_id)
                _decide(session, found, ProposalState.APPROVED, actor, now, note)
            return wording.load(session.connection, session.vault, proposal_id)

    def decline_words(self, proposal_id: int, why: str, *, actor: Member, key: str) -> WordsProposal:
        """Not so; the author reads why. Authors may take their own back. Raises NotAllowed, AlreadyDone."""
        now = self.clock.now()
        with self.store.write() as session:
            actor = present(session, actor)
            if claim_key(session.connection, key, f"DeclineWords:{proposal_id}", now) is None:
                found = wording.load(session.connection, session.vault, proposal_id, lock=True)
                staff = session.practice.staff
                require_undecided(found, staff)
                if not rules.may_decline(found, actor, staff):
                    rules.require_approver(found, actor, staff)
                _decide(session, found, ProposalState.REFUSED, actor, now, why)
            return wording.load(session.connection, session.vault, proposal_id)


def broken(worded: Mapping[TextName, str]) -> dict[TextName, str]:
    """The approved words that cannot be said any more, and why: the files' are said in their place."""
    return {text: fault for text, words in worded.items() if (fault := spoken.fault_of(words))}


def _page(session: Session, name: TextName) -> TextPage:
    waiting = wording.waiting(session.connection, session.vault, name)
    return TextPage(name, wording.history(session.connection, name), waiting)


def _require_may_propose(session: Session, command: ProposeWords, actor: Member) -> bool:
    """Whether nobody need approve it. Raises NotAllowed."""
    if command.number is None:
        allow(session, actor, Action.PROPOSE_WORDING)
        return False
    refused = roles.may(actor, Action.EDIT_PATIENT_UPDATE, policy=session.practice.policy)
    if refused and not refused.approval:
        raise NotAllowed(refused.sentence(session.practice.staff.members.values()))
    return refused is None


def _check_own(session: Session, command: ProposeWords) -> datetime:
    """Since when the request stands where the words speak of. Raises Stale, and Invalid for words that overstep."""
    state, _ = requests.load(session.connection, session.vault, command.number or 0, lock=True)
    if command.text.kind != state.status:
        raise Stale(f"PA-{state.number} has moved on since you opened this form. Look at its text again.")
    _refuse_overstepping(command.words, template=False)
    return state.status_since


def _check_text(session: Session, command: ProposeWords) -> None:
    """Raises Stale, and Invalid for words that cannot be said or overstep."""
    if not command.why.strip():
        raise Invalid({"why": "Say what is better so: whoever approves it reads this."})
    page = _page(session, command.text)
    if command.base_n != page.n:
        raise Stale(f"Version {page.n} of this text came into force after you opened the form. Open it again.")
    if command.words == page.words:
        raise Invalid({"words": "Nothing differs from the words in force. Change something first."})
    if command.words != SHIPPED:
        _refuse_overstepping(command.words, template=True)


def _refuse_overstepping(words: str, *, template: bool) -> None:
    """Raises Invalid for words that cannot be said, or that promise, advise, interpret benefits or judge."""
    if words == SHIPPED and template:
        return
    said = spoken.read(words) if template else (spoken.plain(words),)
    if marks := overstepping(said):
        raise Invalid({spoken.FIELD: refusal(marks)})


def _decide(
    session: Session, found: WordsProposal, state: ProposalState, actor: Member, now: datetime, why: str = ""
) -> None:
    """Raises Stale when another version came into force at the same moment."""
    wording.decide(session.connection, session.vault, found.id, state, by=actor.user_id, at=now, why=why)
    approved = state is ProposalState.APPROVED
    if approved and found.number is None:
        if not wording.save_version(session.connection, found, actor.user_id, now):
            raise Stale("Another version of this text came into force at this very moment. Look at it again.")
        people.wording_changed(session.connection)
    _note(session, found, "approved" if approved else "declined", actor, now, **({"reason": why} if why else {}))
    messages.refresh_lists(session.connection, telling.WORDS, str(found.id), now)
    if actor.user_id != found.by:
        _tell(session, telling.WORDS_DECIDED, (found.by,), found, now)


def _tell(session: Session, kind: str, recipients: tuple[str, ...], found: WordsProposal, now: datetime) -> None:
    for recipient in recipients:
        messages.want(
            session.connection,
            key=f"{kind}:{found.id}:{recipient}",
            kind=kind,
            recipient=recipient,
            subject=str(found.id),
            now=now,
            authorization=found.number,
            held_until=telling.hold(session, now),
        )


def _note(session: Session, found: WordsProposal, kind: str, actor: Member, now: datetime, **detail: str) -> None:
    """On the text's own chain; words for one request are on that request's."""
    said = {"language": LANGUAGES[found.text.language], "words": found.words, **detail}
    if found.number:
        subject, kind = of_authorization(found.number), f"words_{kind}"
    else:
        subject, said = f"wording:{found.text}", {"proposal": str(found.id), "n": str(found.base_n + 1), **said}
    event = NewEvent(kind, actor.user_id, now, payload={"detail": said})
    append(session.connection, session.vault, subject, [event])
