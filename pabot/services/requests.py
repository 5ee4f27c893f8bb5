"""Opening a request, taking a step on it, and taking a step back."""

import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from pabot.domain import commands as c
from pabot.domain import ladder
from pabot.domain.cards import AuthorizationCard, PayerFacts
from pabot.domain.codes import unnamed
from pabot.domain.commands_clocks import ChangeDetails
from pabot.domain.contacts import minutes_of
from pabot.domain.deadlines import Clock, Deadline, Moved, running
from pabot.domain.decide import STEPS_BY_KIND, decide
from pabot.domain.errors import Invalid, NotNow, PossibleDuplicate, Stale
from pabot.domain.model import AuthorizationState, Member, Role, Urgency
from pabot.domain.roles import Action
from pabot.domain.rules import Rules
from pabot.domain.statuses import Status
from pabot.domain.steps import Change, Notice, NoticeKind, Step
from pabot.domain.steps_codes import on_checklist
from pabot.services import cards, corrections, look_ups, telling
from pabot.services.alarms import given_over
from pabot.services.approving import settle
from pabot.services.covering import approved_by, in_their_name, share_out, to_who_acts
from pabot.services.owners import first_owner, kept, to_managers
from pabot.services.room import Room, allow, present, rules_for
from pabot.store import contacts, patients, payers, requests, timeline
from pabot.store.clocks import reconcile
from pabot.store.codec import snapshots
from pabot.store.events import NewEvent
from pabot.store.store import Session, claim_key, keep_result


class Requests(Room):
    """Use cases that change one request."""

    __slots__ = ()

    def open_authorization(self, command: c.OpenAuthorization, *, actor: Member, key: str) -> AuthorizationCard:
        """A new request, owned from the start or on the managers' list.

        Raises NotAllowed, Invalid, and PossibleDuplicate unless the command says to go ahead.
        """
        now = self.clock.now()
        with self.store.write() as session:
            actor = present(session, actor)
            allow(session, actor, Action.CREATE)
            earlier = claim_key(session.connection, key, "open", now)
            number = int(earlier) if earlier else opened(session, command, actor, key, now)
            return cards.card(session, number, actor, now)

    def take_step(self, command: c.Command, *, actor: Member, key: str) -> AuthorizationCard:
        """Any step of the table. Raises NotFound, NotAllowed, NotNow, AlreadyDone, Invalid, Stale."""
        now = self.clock.now()
        with self.store.write() as session:
            actor = present(session, actor)
            use_case = f"{type(command).__name__}:{command.number}"
            if claim_key(session.connection, key, use_case, now) is not None:
                return cards.card(session, command.number, actor, now)
            taken = take(session, command, actor, now)
            return cards.of(session, taken.loaded, actor, now, taken.clocks)

    def correct_entry(self, command: c.CorrectEntry, *, actor: Member, key: str) -> AuthorizationCard:
        """Take the latest save back: status, owner and clocks return; the entry stays, struck through."""
        now = self.clock.now()
        with self.store.write() as session:
            actor = present(session, actor)
            if claim_key(session.connection, key, f"CorrectEntry:{command.number}", now) is not None:
                return cards.card(session, command.number, actor, now)
            wrong, _ = requests.load(session.connection, session.vault, command.number, lock=True)
            save = timeline.latest_save(session.connection, command.number)
            if save is None or save.id != command.save:
                raise NotNow("Something was recorded after it. Mark the newest entry first.")
            corrections.require_correctable(session, actor, wrong, save, now)
            was = timeline.before_image(session.connection, session.vault, command.number, save.id)
            if was is None:
                raise NotNow("That entry keeps no earlier state to return to.")
            owner = session.practice.staff.owner_after(was.owner_id, was.number)
            restored = replace(was, version=wrong.version + 1, owner_id=owner.user_id if owner else None)
            requests.void_children(session.connection, wrong, restored)
            contacts.void(session.connection, command.number, save.id)
            clocks = ladder.clocks(restored, rules_for(session, restored))
            requests.write(session.connection, session.vault, wrong, restored, clocks)
            stopped, _, given = reconcile(
                session.connection, command.number, clocks, now, by=actor.user_id, corrected=True, follow=True
            )
            for_whom = session.practice.staff.does_for(actor, wrong)
            detail = {"reason": command.reason, **({"for": for_whom} if for_whom else {})}
            step = Step("correct_entry", wrong.status, restored.status, detail)
            _append(session, wrong, (step,), actor.user_id, now, corrects=save.id)
            telling.all_current(session, command.number, now)
            if was.owner_id and restored.owner_id is None:
                held = telling.hold_about(session, restored, clocks, now)
                telling.tell(session, restored, to_managers(session), save.id, now, held)
            elif wrong.owner_id != restored.owner_id:
                telling.unassigned_changed(session, now)
            telling.clocks_stopped(session, (*stopped, *given), now)
            given_over(session, given, now, telling.hold_about(session, restored, clocks, now))
            telling.running_out_changed(session, restored, now)
            settle(session, restored, now)
            telling.judgement_changed(session, wrong, restored, now)
            return cards.card(session, command.number, actor, now)


def opened(session: Session, command: c.OpenAuthorization, actor: Member, key: str, now: datetime) -> int:
    """The number of a new request, written with its clocks, its first event and its first messages.

    Raises Invalid and PossibleDuplicate.
    """
    payer = _check_new(session, command, now)
    patient_id = patients.remember(session.connection, session.vault, command.patient)
    if not command.despite_duplicate:
        _refuse_duplicate(session, patient_id, payer, command)
    found = look_ups.checklist_for(session, payer, command.lines, command.category, now)
    state = on_checklist(_new_state(session, command, payer, actor, now), found)
    clocks = ladder.clocks(state, rules_for(session, state))
    number = requests.insert(
        session.connection,
        session.vault,
        state,
        patient_id=patient_id,
        service=command.service,
        note=command.note,
        diagnoses=command.diagnoses,
        clocks=clocks,
    )
    state = replace(state, number=number)
    keep_result(session.connection, key, str(number))
    said = {"service": command.service, "renews": command.renews} if command.renews else {"service": command.service}
    session = share_out(session, state)
    change = Change(state, state, (Step("open", None, Status.NEW, said),), _first_notices(session, state, actor))
    _tell_story(session, change, clocks, actor.user_id, now)
    return number


class Taken(NamedTuple):
    """A request after a step, and the clocks that run for it now."""

    loaded: requests.Loaded
    clocks: tuple[Deadline, ...]


def take(
    session: Session, command: c.Command, actor: Member, now: datetime, approver: Member | None = None, note: str = ""
) -> Taken:
    """One step of somebody on the list, in the transaction that is open; what is refused has written nothing.

    `approver`, with a `note`: who approved it, where it wants that.
    Raises NotFound, NotAllowed, NotNow, AlreadyDone, Invalid, Stale.
    """
    change, (before, row) = judged(session, command, actor, now, approver)
    if approver:
        change = approved_by(change, approver, note)
    after, save, clocks = record(session, change, actor.user_id, now)
    if isinstance(command, c.LogContact):
        took = minutes_of(command.minutes, command.channel, dict(session.practice.settings.contact_minutes))
        contacts.add(session.connection, session.vault, command, took, actor.user_id, save, now)
    if row.approval_open:
        settle(session, after, now)
    if after.plan_id != before.plan_id:  # another payer's name and numbers
        return Taken(session.memory.load(session.connection, session.vault, command.number), clocks)
    return Taken((after, row), clocks)


def judged(
    session: Session, command: c.Command, actor: Member, now: datetime, approver: Member | None = None
) -> tuple[Change, requests.Loaded]:
    """What a step would make of the request as it stands now, under lock, and the request as loaded. Writes nothing."""
    before, row = session.memory.load(session.connection, session.vault, command.number, lock=True)
    refuse_stale(session, before, command.version)
    rules = rules_for(session, before)
    if isinstance(command, c.TakeVersion):
        rules = replace(rules, found=look_ups.newest(session, before))
    if isinstance(command, c.ChangeCodes):
        before, rules = _with_codes(session, command, (before, row), rules, now)
    if isinstance(command, ChangeDetails) and command.plan_id:
        rules = look_ups.of_plan(session, before, command.plan_id, now)
    if isinstance(command, c.DecideDenial):
        rules = _with_patient(session, command, rules)
    change = decide(before, command, actor, now, rules, approver)
    return in_their_name(change, rules.staff.does_for(actor, before)), (before, row)


def _with_patient(session: Session, command: c.DecideDenial, rules: Rules) -> Rules:
    """Whether it could be about another patient, and whether the chart that was looked at is the right one."""
    number, chart = command.number, command.chart_number
    matches = patients.is_theirs(session.connection, session.vault, number, chart) if chart else None
    return replace(rules, namesake=patients.has_namesake(session.connection, number), chart_matches=matches)


def _with_codes(
    session: Session, command: c.ChangeCodes, of: requests.Loaded, rules: Rules, now: datetime
) -> tuple[AuthorizationState, Rules]:
    """What a change of codes is decided from besides: the diagnoses on file, and the checklist of the new codes."""
    state, row = of
    found = look_ups.checklist_for(session, requests.payer_of(row), command.lines, state.category, now)
    known = requests.diagnoses(session.connection, state.number)
    return replace(state, diagnoses=known), replace(rules, found=found)


def record(
    session: Session, change: Change, by: str, now: datetime
) -> tuple[AuthorizationState, str, tuple[Deadline, ...]]:
    """Write a change: the request, its timeline, clocks and messages. Answers the request, the save and the clocks."""
    change = kept(session, change)
    found = running(change.after, rules_for(session, change.after))
    clocks = ladder.told(found, change.after, session.practice.calendar)
    after = requests.write(session.connection, session.vault, change.before, change.after, clocks)
    session.memory.written(after, change.after.diagnoses)
    session = share_out(session, after)
    return after, _tell_story(session, replace(change, after=after), clocks, by, now), found


def _tell_story(session: Session, change: Change, clocks: tuple[Deadline, ...], by: str, now: datetime) -> str:
    after = change.after
    follow = after.appointment_on != change.before.appointment_on
    stopped, moved, given = reconcile(session.connection, after.number, clocks, now, by=by, follow=follow)
    save = _append(session, change.before, _with_dates(change.steps, moved), by, now)
    telling.keep_current(session, change.before, after, now)
    hold = telling.hold_about(session, after, clocks, now)
    if change.before.owner_id is None:
        telling.unassigned_changed(session, now)
    telling.tell(session, after, to_who_acts(session, after.number, change.notices, by), save, now, hold)
    telling.clocks_stopped(session, (*stopped, *given), now)
    given_over(session, given, now, hold)
    telling.running_out_changed(session, after, now)
    telling.judgement_changed(session, change.before, after, now)
    if (change.before.owner_id, change.before.held_until) != (after.owner_id, after.held_until):
        telling.alarms_changed(session, after.number, now)
    return save


def _with_dates(steps: tuple[Step, ...], moved: Iterable[Moved]) -> tuple[Step, ...]:
    """The steps of a save, the first with the due dates that it moved; the next check is in its own words already."""
    dates = [str(one) for one in moved if one.kind is not Clock.FOLLOW_UP]
    if not dates:
        return steps
    first, *rest = steps
    return (replace(first, detail={**first.detail, "moved": ", ".join(dates)}), *rest)


def _append(
    session: Session,
    was: AuthorizationState,
    steps: tuple[Step, ...],
    by: str,
    now: datetime,
    corrects: str | None = None,
) -> str:
    """Write the steps of one save; the first keeps the request as it was before."""
    save = secrets.token_urlsafe(9)
    events = []
    for index, step in enumerate(steps):
        payload: dict[str, Any] = {"detail": dict(step.detail)} if step.detail else {}
        image = snapshots().dump_json(was).decode() if index == 0 and step.kind != "open" else ""
        before = step.before.value if step.before else None
        events.append(NewEvent(step.kind, by, now, before, step.after.value, save, corrects, payload, image))
    session.memory.append(session.connection, session.vault, was.number, events)
    return save


def refuse_stale(session: Session, state: AuthorizationState, version: int | None) -> None:
    """A form that overwrites fields must have been drawn from the present version."""
    if version is None or version == state.version:
        return
    save = timeline.latest_save(session.connection, state.number)
    who = session.practice.staff.name(save.by) if save else "Somebody"
    label = STEPS_BY_KIND[save.kind].label if save and save.kind in STEPS_BY_KIND else "a change"
    clock = _spoken(session.practice.calendar.local(save.at)) if save else "some time ago"
    raise Stale(
        f"{who} recorded “{label}” on PA-{state.number} at {clock}, after you opened this form. "
        "Nothing was saved. Look at the request again, then decide."
    )


def _spoken(at: datetime) -> str:
    """A time of day as the practice says it, with its zone."""
    return f"{at:%I:%M %p %Z}".lstrip("0")


def _check_new(session: Session, command: c.OpenAuthorization, now: datetime) -> PayerFacts:
    today = session.practice.calendar.day(now)
    found = payers.plans(session.connection, plan_id=command.plan_id)
    clinician = session.practice.staff.get(command.clinician_id)
    faults = unnamed(command.category, command.lines, command.medication)
    if not found:
        faults["payer"] = "Choose a payer and plan from the list."
    if clinician is None or not clinician.active or not clinician.is_(Role.CLINICIAN):
        faults["clinician"] = "Choose a clinician of this practice."
    if command.ordered_on > today:
        faults["ordered_on"] = "The order lies in the future. Check the date."
    elif command.ordered_on < today - timedelta(days=365):
        faults["ordered_on"] = "The order is more than a year old. Check the date."
    if command.requested_from and command.requested_to and command.requested_to < command.requested_from:
        faults["requested_to"] = "The last day lies before the first."
    if command.appointment_on and command.appointment_on < command.ordered_on:
        faults["appointment_on"] = "The appointment lies before the order."
    on_file = patients.initials_of(session.connection, session.vault, command.patient.chart_number)
    if on_file and on_file.casefold() != command.patient.initials.casefold():
        faults["initials"] = "That chart number is on file with other initials. Check both."
    if faults:
        raise Invalid(faults)
    return found[0]


def _refuse_duplicate(session: Session, patient_id: int, payer: PayerFacts, command: c.OpenAuthorization) -> None:
    codes = [line.code for line in command.lines]
    medication = command.medication.name if command.medication else ""
    number = requests.open_duplicate(
        session.connection, session.vault, patient_id, payer.payer_id, codes, medication, command.renews
    )
    if number is not None:
        raise PossibleDuplicate(
            f"PA-{number} is already open for this patient and payer, with the same code or medication. "
            "Look at it first; save again if this is another request.",
            number,
        )


def _new_state(
    session: Session, command: c.OpenAuthorization, payer: PayerFacts, actor: Member, now: datetime
) -> AuthorizationState:
    calendar = session.practice.calendar
    today = calendar.day(now)
    ordered_at = now if command.ordered_on == today else calendar.at(command.ordered_on, time(12))
    attests = command.expedited and actor.is_(Role.CLINICIAN)
    return AuthorizationState(
        number=0,
        version=1,
        status=Status.NEW,
        status_since=now,
        created_at=now,
        ordered_at=ordered_at,
        opened_by=actor.user_id,
        clinician_id=command.clinician_id,
        owner_id=first_owner(session, command, payer, actor),
        payer_id=payer.payer_id,
        plan_id=payer.plan_id,
        line_of_business=payer.line_of_business,
        category=command.category,
        urgency=Urgency.EXPEDITED if attests else Urgency.STANDARD,
        lines=command.lines,
        urgency_proposed=command.expedited and not attests,
        attested_by=actor.user_id if attests else None,
        requested_from=command.requested_from,
        requested_to=command.requested_to,
        appointment_on=command.appointment_on,
        medication=command.medication,
        therapy=command.therapy,
        renews=command.renews,
    )


def _first_notices(session: Session, state: AuthorizationState, actor: Member) -> tuple[Notice, ...]:
    staff = session.practice.staff
    notices = []
    if state.urgency_proposed:
        clinician = staff.clinician_for(state.clinician_id, state.number)
        notices.append(Notice(NoticeKind.ATTEST, clinician.user_id if clinician else state.clinician_id))
    if state.owner_id is None:
        notices += to_managers(session)
    elif state.owner_id != actor.user_id:
        notices.append(Notice(NoticeKind.ASSIGNED, state.owner_id))
    return tuple(notices)
