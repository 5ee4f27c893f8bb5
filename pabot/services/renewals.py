"""Renewing an approval, and reminding its owner in time."""

from datetime import date, datetime, timedelta

from pabot.domain import commands as c
from pabot.domain import expiry
from pabot.domain.cards import AuthorizationCard, RunningOut
from pabot.domain.errors import NotNow
from pabot.domain.expiry import OWNER_DAYS, Renew
from pabot.domain.hours import parse_clock
from pabot.domain.model import AuthorizationState, Member
from pabot.domain.roles import Action
from pabot.services import cards, telling
from pabot.services.alarms import lines_of
from pabot.services.requests import opened
from pabot.services.room import Room, allow, present
from pabot.store import messages, renewals, requests
from pabot.store.store import Session, claim_key, claim_period

REMINDED = "renewals"


class RenewalDesk(Room):
    """Use cases of approvals that run out."""

    __slots__ = ()

    def renew(self, command: Renew, *, actor: Member, key: str) -> AuthorizationCard:
        """A new request for the same patient that continues an approval.

        Raises NotAllowed, Invalid, PossibleDuplicate for another open request, and NotNow: nothing was approved, or it
        is being renewed already.
        """
        now = self.clock.now()
        with self.store.write() as session:
            actor = present(session, actor)
            allow(session, actor, Action.CREATE)
            earlier = claim_key(session.connection, key, f"Renew:{command.number}", now)
            number = int(earlier) if earlier else _renewed(session, command, actor, key, now)
            return cards.card(session, number, actor, now)

    def require_renewable(self, number: int) -> None:
        """Before anybody types in vain. Raises NotNow."""
        with self.store.read() as session:
            _require_renewable(session, requests.load(session.connection, session.vault, number)[0])

    def remind_of_renewals(self) -> int:
        """Tell owners of approvals that end in 14 days or tomorrow, and of those with few units left, each once.

        From the digest's time on open days. What several of one person's approvals call for is one message. Answers how
        many messages were queued.
        """
        now = self.clock.now()
        with self.store.write() as session:
            calendar = session.practice.calendar
            today = calendar.day(now)
            at = calendar.at(today, parse_clock(session.practice.settings.digest_at, "digest_at"))
            if not calendar.is_open_day(today) or now < at:
                return 0
            found = (
                set(_ending(session, today)) if claim_period(session.connection, REMINDED, str(today), now) else set()
            )
            low = renewals.numbers(session.connection, renewals.running_low(today), renewals.low_since(None))
            found |= {number for number in low if renewals.note_low(session.connection, number, today)}
            owners = _readers(session, found)
            for reader in owners:
                messages.want(
                    session.connection,
                    key=f"{telling.RUNNING_OUT}:{now.isoformat()}:{reader}",
                    kind=telling.RUNNING_OUT,
                    recipient=reader,
                    subject=str(today),
                    now=now,
                )
            return len(owners)

    def running_out(self, reader: str, day: date) -> tuple[RunningOut, ...]:
        """What a person was reminded of on a day and is not seen to, the soonest to end first."""
        with self.store.read() as session:
            low = renewals.numbers(session.connection, renewals.running_low(day), renewals.low_since(day))
            numbers = {*_ending(session, day), *low}
            theirs = _readers(session, numbers).get(reader, [])
            lines = lines_of(session, theirs, open_only=False).values()
            states = {number: requests.load(session.connection, session.vault, number)[0] for number in theirs}
            items = [RunningOut(line, expiry.units(states[line.number])) for line in lines]
            return tuple(sorted(items, key=lambda item: (item.line.expires_on or date.max, item.line.number)))


def _renewed(session: Session, command: Renew, actor: Member, key: str, now: datetime) -> int:
    before, row = requests.load(session.connection, session.vault, command.number, lock=True)
    _require_renewable(session, before)
    patient = requests.patient_of(row, session.vault, identity=True)
    order = c.OpenAuthorization(
        patient=c.Patient(**{name: getattr(patient, name) for name in c.Patient.__dataclass_fields__}),
        plan_id=command.plan_id,
        category=before.category,
        service=command.service,
        lines=command.lines,
        diagnoses=command.diagnoses or requests.diagnoses(session.connection, command.number),
        clinician_id=command.clinician_id,
        ordered_on=command.ordered_on,
        requested_from=command.requested_from,
        requested_to=command.requested_to,
        note=command.note,
        medication=command.medication,
        therapy=command.therapy,
        renews=command.number,
    )
    number = opened(session, order, actor, key, now)
    telling.running_out_changed(session, before, now)
    return number


def _require_renewable(session: Session, state: AuthorizationState) -> None:
    if not state.is_granted:
        raise NotNow(f"PA-{state.number} was not approved, so that there is nothing to renew.")
    if renewal := renewals.renewal_of(session.connection, state.number):
        raise NotNow(f"PA-{renewal} renews PA-{state.number} already. Go on there.")


def _ending(session: Session, day: date) -> list[int]:
    """The approvals of which owners are told on this day."""
    calendar = session.practice.calendar
    until = calendar.next_open_day(day) + timedelta(days=max(OWNER_DAYS))  # a notice comes early over closed days
    ending = renewals.last_days(session.connection, renewals.running_out(day, until))
    return [number for number, ends in ending if expiry.is_noticed(ends, day, calendar, OWNER_DAYS)]


def _readers(session: Session, numbers: set[int]) -> dict[str, list[int]]:
    """Who is told of which: the owner, whoever acts for them, or a manager where nobody has it any more."""
    staff = session.practice.staff
    found: dict[str, list[int]] = {}
    for line in lines_of(session, numbers, open_only=False).values():
        reader = staff.acting_for(line.owner_id, line.number)
        if reader:
            found.setdefault(reader.user_id, []).append(line.number)
    return found
