"""People come, go and change: what they can no longer own or judge finds somebody in the same save."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from pabot.domain.model import AuthorizationState, Member
from pabot.domain.practice import SaveMember
from pabot.domain.rules import Directory
from pabot.domain.steps import Change, Notice, NoticeKind, Step
from pabot.domain.steps_clinical import may_judge
from pabot.services.alarms import announce_again
from pabot.services.requests import record, to_managers
from pabot.store import lists, requests
from pabot.store.store import Session


def staff_changed(session: Session, command: SaveMember, by: str, now: datetime) -> None:
    """After a person was saved: hand over what they own, ask others what they were asked, put lists right."""
    here = _with_member(session, command)
    for number in lists.owned_numbers(here.connection, command.user_id):
        _find_owner(here, number, by, now)
    for number in lists.judged_numbers(here.connection, command.user_id):
        _find_judge(here, number, by, now)
    announce_again(here, now)


def _with_member(session: Session, command: SaveMember) -> Session:
    """The session with the person as they are from now on."""
    person = Member(
        command.user_id, command.name, command.roles, command.npi, command.cover_id, command.away, command.active
    )
    members: Mapping[str, Member] = {**session.practice.staff.members, person.user_id: person}
    names = {user_id: member.name for user_id, member in members.items()}
    return replace(session, practice=replace(session.practice, staff=Directory(members), names=names))


def _find_owner(session: Session, number: int, by: str, now: datetime) -> None:
    before, _ = requests.load(session.connection, session.vault, number, lock=True)
    staff = session.practice.staff
    owner = staff.owner_after(before.owner_id)
    if owner and owner.user_id == before.owner_id:
        return
    to = owner.user_id if owner else None
    detail = {"from": before.owner_id, "to": to or "", "note": f"{staff.name(before.owner_id)} can no longer have it."}
    told = (Notice(NoticeKind.ASSIGNED, to),) if to else to_managers(session)
    _save(session, before, replace(before, owner_id=to), "assign", detail, told, by, now)


def _find_judge(session: Session, number: int, by: str, now: datetime) -> None:
    before, _ = requests.load(session.connection, session.vault, number, lock=True)
    question, denial = before.open_question, before.undecided_denial
    asked = question.asked_of if question else denial.routed_to if denial else before.clinician_id
    judge = session.practice.staff.judge_for(asked, may_judge(before))
    if judge is None or judge.user_id == asked:
        return  # nobody else may: the alarms go to the owner
    after, kind = before, NoticeKind.ATTEST
    if question:
        after, kind = replace(before, question=replace(question, asked_of=judge.user_id)), NoticeKind.QUESTION
    elif denial:
        after, kind = replace(before, denial=replace(denial, routed_to=judge.user_id)), NoticeKind.DECISION
    detail = {"to": judge.user_id, "note": f"{session.practice.staff.name(asked)} is not here."}
    _save(session, before, after, "route", detail, (Notice(kind, judge.user_id),), by, now)


def _save(
    session: Session,
    before: AuthorizationState,
    after: AuthorizationState,
    kind: str,
    detail: Mapping[str, str | None],
    told: tuple[Notice, ...],
    by: str,
    now: datetime,
) -> None:
    step = Step(kind, before.status, before.status, detail)
    record(session, Change(before, replace(after, version=before.version + 1), (step,), told), by, now)
