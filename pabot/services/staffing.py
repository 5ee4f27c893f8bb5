"""People come, go and change: what they can no longer own or judge finds somebody in the same save."""

from collections import Counter
from collections.abc import Mapping
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
from pabot.services.owners import kept, to_managers
from pabot.services.requests import record
from pabot.store import lists, requests
from pabot.store.store import Session


def staff_changed(session: Session, user_id: str, by: str, now: datetime, *, unannounced: bool = False) -> None:
    """After a person was saved: hand over what they own, ask others what they were asked, put lists right.

    `unannounced`: nobody said who takes it, so that it goes to somebody of the same role before the managers' list.
    The session knows the person as they are from now on. Each request is locked once, in the order of the numbers.
    """
    heirs = _heirs(session, user_id, unannounced=unannounced)
    shares = Counter(heirs.values())
    closed = lists.kept_numbers(session.connection, user_id)
    judged = lists.judged_numbers(session.connection, user_id)
    for number in sorted({*heirs, *closed, *judged}):
        if number in heirs:
            _give_owner(session, user_id, heirs[number], number, by, now, alone=shares[heirs[number]] == 1)
        if number in closed:
            find_keeper(session, number, by, now)
        if number in judged:
            _find_judges(session, number, by, now)
    for heir, share in shares.items():
        reader = session.practice.staff.acting_for(heir) if heir and share > 1 else None
        if reader:
            theirs = [number for number, to in heirs.items() if to == heir]
            telling.inherited(session, user_id, theirs, reader.user_id, now)
    announce_again(session, now)


def move_judgement(session: Session, user_id: str, by: str, now: datetime) -> None:
    """What somebody who is not here was asked to judge is asked of whoever judges for them."""
    for number in lists.judged_numbers(session.connection, user_id):
        _find_judges(session, number, by, now)


def _heirs(session: Session, user_id: str, *, unannounced: bool) -> dict[int, str | None]:
    """Of each request that somebody owns and can own no more, who has it from now on; None: managers must say."""
    find = session.practice.staff.heir_of if unannounced else session.practice.staff.owner_after
    found = {number: find(user_id, number) for number in lists.owned_numbers(session.connection, user_id)}
    heirs = {number: heir.user_id if heir else None for number, heir in found.items()}
    return {number: heir for number, heir in heirs.items() if heir != user_id}


def _find_judges(session: Session, number: int, by: str, now: datetime) -> None:
    for matter in Matter:
        _find_judge(session, number, matter, by, now)
    _hand_on_calls(session, number, by, now)


def _give_owner(
    session: Session, left_by: str, to: str | None, number: int, by: str, now: datetime, *, alone: bool
) -> None:
    """What one person owned and another owns now. The heir of several requests reads of all in one message."""
    before, _ = requests.load(session.connection, session.vault, number, lock=True)
    told = to_managers(session) if to is None else (Notice(NoticeKind.ASSIGNED, to),) if alone else ()
    detail = {"from": left_by, "to": to or "", "note": f"{session.practice.staff.name(left_by)} can no longer have it."}
    _save(session, before, replace(before, owner_id=to), "assign", detail, told, by, now)


def find_keeper(session: Session, number: int, by: str, now: datetime) -> None:
    """Of a closed request about which a patient called: whoever has it now, if its owner can no longer have it."""
    before, _ = requests.load(session.connection, session.vault, number, lock=True)
    change = kept(session, Change(before, replace(before, version=before.version + 1), (), ()))
    if change.steps:
        record(session, change, by, now)


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
