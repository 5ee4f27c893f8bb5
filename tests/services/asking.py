"""Asking for an approval and answering, as people do it at the desk, and what the record then says."""

from record_practice import CORA, IDA, MAX, STAFF, Bench, once

from pabot.domain import commands as c
from pabot.domain.cards import AuthorizationCard
from pabot.domain.model import Role
from pabot.domain.practice import SaveMember

EVE = "U0EVE"
MANAGER = frozenset({Role.MANAGER})
WHY = "The family moved away."


def ask(practice: Bench, command: c.Command, by: str = CORA, why: str = WHY, key: str = "") -> AuthorizationCard:
    return practice.desk.take_or_ask(command, why, actor=practice.member(by), key=key or once("ask"))


def withdrawal(number: int, **changed: object) -> c.Withdraw:
    return c.Withdraw(**{"number": number, "reason": "patient_declined", "note": "Called on Friday.", **changed})


def asked(practice: Bench, by: str = CORA, **changed: object) -> tuple[int, int]:
    """A request of which somebody asks the withdrawal; its number, and the approval's id."""
    number = practice.open(**changed).state.number
    (approval,) = ask(practice, withdrawal(number), by).approvals
    return number, approval.id


def approve(
    practice: Bench, approval_id: int, by: str = IDA, note: str = "", version: int | None = None, key: str = ""
) -> AuthorizationCard:
    member = practice.member(by)
    return practice.desk.approve_step(approval_id, note, version, actor=member, key=key or once("approve"))


def decline(practice: Bench, approval_id: int, by: str = IDA, note: str = "Call them first.") -> AuthorizationCard:
    return practice.desk.decline_step(approval_id, note, actor=practice.member(by), key=once("decline"))


def take_back(practice: Bench, approval_id: int, by: str = CORA) -> AuthorizationCard:
    return practice.desk.take_back_asked(approval_id, actor=practice.member(by), key=once("back"))


def card(practice: Bench, number: int, by: str = MAX) -> AuthorizationCard:
    return practice.desk.card(number, actor=practice.member(by))


def person(practice: Bench, user: str, **changed: object) -> None:
    known = {member.user_id: member for member in STAFF}.get(user)
    values = {
        "user_id": user,
        "name": known.name if known else "Eve Castellan",
        "roles": known.roles if known else MANAGER,
    }
    practice.desk.save_member(SaveMember(**{**values, **changed}), actor=None, key=once("staff"))


def told(practice: Bench, kind: str) -> list[str]:
    rows = practice.rows("SELECT recipient FROM message WHERE kind = :kind ORDER BY id", kind=kind)
    return [row["recipient"] for row in rows]


def waits_for(practice: Bench, number: int) -> str | None:
    (approval,) = card(practice, number).approvals
    return approval.asked_of


def events(practice: Bench, number: int) -> list[tuple[str, str]]:
    rows = practice.rows("SELECT kind, actor FROM event WHERE subject = :of ORDER BY seq", of=f"authorization:{number}")
    return [(row["kind"], row["actor"]) for row in rows]


def answers(practice: Bench, user: str = CORA) -> list[str]:
    """What became of what somebody asked, by the messages that tell it."""
    rows = practice.rows("SELECT subject FROM message WHERE kind = 'approval_answer' AND recipient = :to", to=user)
    found = [practice.desk.answered(int(row["subject"]), reader=practice.member(user)).approval for row in rows]
    return [approval.state.value for approval in found]
