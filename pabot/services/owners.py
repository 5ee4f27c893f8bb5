"""Who has a request: from its opening on, and after it was closed, when a patient calls about it."""

from dataclasses import replace

from pabot.domain import commands as c
from pabot.domain.cards import PayerFacts
from pabot.domain.model import Member, Role
from pabot.domain.steps import Change, Notice, NoticeKind, Step
from pabot.store.store import Session


def first_owner(session: Session, command: c.OpenAuthorization, payer: PayerFacts, actor: Member) -> str | None:
    """Its opener when they work the queue; else by payer rule, then clinician rule; else nobody, and managers know."""
    if actor.is_(Role.COORDINATOR, Role.BILLER):
        return actor.user_id
    member = ruled_owner(session, payer.payer_id, command.clinician_id)
    return member.user_id if member else None


def ruled_owner(session: Session, payer_id: int, clinician_id: str) -> Member | None:
    """Who has the requests of this payer, or else of this clinician, by the practice's own rules."""
    settings = session.practice.settings
    ruled = dict(settings.payer_owners).get(payer_id) or dict(settings.clinician_owners).get(clinician_id)
    return session.practice.staff.owner_after(ruled) if ruled else None


def to_managers(session: Session) -> tuple[Notice, ...]:
    """Somebody must find an owner."""
    managers = session.practice.staff.with_role(Role.MANAGER)
    return tuple(Notice(NoticeKind.UNASSIGNED, manager.user_id) for manager in managers)


def kept(session: Session, change: Change) -> Change:
    """The change, and, where a patient called about a closed request that nobody has, who has it from now on.

    Whoever owned it, or their cover; else its opener; else by the practice's rules as at an opening; else a manager.
    Nobody looks through closed requests, so that without an owner the patient's answer would be on nobody's list.
    """
    after, staff = change.after, session.practice.staff
    if after.is_open or not (after.open_calls or after.patient_waits):
        return change
    owner = (
        staff.owner_after(after.owner_id, after.number)
        or staff.owner_after(after.opened_by, after.number)
        or ruled_owner(session, after.payer_id, after.clinician_id)
        or staff.acting_for(None)
    )
    if owner is None or owner.user_id == after.owner_id:
        return change
    note = f"{staff.name(after.owner_id)} can no longer have it." if after.owner_id else ""
    detail = {"from": after.owner_id or "", "to": owner.user_id, "note": note}
    step = Step("assign", after.status, after.status, detail)
    told = Notice(NoticeKind.ASSIGNED, owner.user_id)
    return Change(change.before, replace(after, owner_id=owner.user_id), (*change.steps, step), (*change.notices, told))
