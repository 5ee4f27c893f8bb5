"""People come, go and change: what they can no longer own or judge finds somebody in the same save."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from pabot.domain import review
from pabot.domain.model import AuthorizationState
from pabot.domain.review import Matter
from pabot.domain.steps import Change, Notice, NoticeKind, Step
from pabot.domain.steps_patient_calls import to_clinician
from pabot.domain.steps_review import NEWS, given_to
from pabot.services import telling
from pabot.services.alarms import announce_again
from pabot.services.requests import record, to_managers
from pabot.store import lists, requests
from pabot.store.store import Session


def staff_changed(session: Session, user_id: str, by: str, now: datetime, *, unannounced: bool = False) -> None:
    """After a person was saved: hand over what they own, ask others what they were asked, put lists right.

    `unannounced`: nobody said who takes it, so that it goes to somebody of the same role before the managers' list.
    The session knows the person as they are from now on.
    """
    staff = session.practice.staff
    given: dict[str | None, list[int]] = {}
    for number in lists.owned_numbers(session.connection, user_id):
        owner = staff.heir_of(user_id, number) if unannounced else staff.owner_after(user_id, number)
        given.setdefault(owner.user_id if owner else None, []).append(number)
    for heir, numbers in given.items():
        if heir != user_id:
            _give_owner(session, user_id, heir, numbers, by, now)
    move_judgement(session, user_id, by, now)
    announce_again(session, now)


def move_judgement(session: Session, user_id: str, by: str, now: datetime) -> None:
    """What somebody who is not here was asked to judge is asked of whoever judges for them."""
    for number in lists.judged_numbers(session.connection, user_id):
        for matter in Matter:
            _find_judge(session, number, matter, by, now)
        _hand_on_calls(session, number, by, now)


def _give_owner(session: Session, left_by: str, to: str | None, numbers: Sequence[int], by: str, now: datetime) -> None:
    """What one person owned and another owns now; of several requests the heir reads in one message."""
    staff = session.practice.staff
    alone = (Notice(NoticeKind.ASSIGNED, to),) if to and len(numbers) == 1 else ()
    for number in numbers:
        before, _ = requests.load(session.connection, session.vault, number, lock=True)
        detail = {"from": left_by, "to": to or "", "note": f"{staff.name(left_by)} can no longer have it."}
        told = alone if to else to_managers(session)
        _save(session, before, replace(before, owner_id=to), "assign", detail, told, by, now)
    reader = staff.acting_for(to) if to and not alone else None
    if reader:
        telling.inherited(session, left_by, numbers, reader.user_id, now)


def _find_judge(session: Session, number: int, matter: Matter, by: str, now: datetime) -> None:
    before, _ = requests.load(session.connection, session.vault, number, lock=True)
    if matter not in review.waiting(before):
        return
    asked = review.asked_of(before, matter)
    judge = session.practice.staff.judge_for(asked, review.may_judge(before, matter), number)
    if judge is None or judge.user_id == asked:
        return  # nobody else may: the alarms go to the owner
    after = given_to(before, matter, judge.user_id, now)
    detail = {"to": judge.user_id, "note": f"{session.practice.staff.name(asked)} is not here."}
    _save(session, before, after, "route", detail, (Notice(NEWS[matter], judge.user_id),), by, now)


def _hand_on_calls(session: Session, number: int, by: str, now: datetime) -> None:
    """Every call that waits for a clinician who is not here goes to another."""
    before, _ = requests.load(session.connection, session.vault, number, lock=True)
    for asked in dict.fromkeys(call.asked_of for call in before.open_calls):
        _hand_on_of(session, number, asked, by, now)


def _hand_on_of(session: Session, number: int, asked: str | None, by: str, now: datetime) -> None:
    before, _ = requests.load(session.connection, session.vault, number, lock=True)
    judge = session.practice.staff.clinician_for(asked, number) if asked else None
    if judge is None or judge.user_id == asked:
        return
    to = judge.user_id
    given = {call.seq: replace(call, asked_of=to) for call in before.open_calls if call.asked_of == asked}
    after = replace(before, calls=tuple(given.get(call.seq, call) for call in before.calls))
    told = tuple(notice for call in given.values() for notice in to_clinician(call))
    detail = {"to": to, "note": f"{session.practice.staff.name(asked)} is not here."}
    _save(session, before, after, "hand_over_call", detail, told, by, now)


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
