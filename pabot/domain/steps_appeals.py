"""Steps that carry a decision out: an appeal's packet and reasons, its filing and end, and the call with the payer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from pabot.domain import appeals, denials, roles
from pabot.domain import commands as c
from pabot.domain import commands_appeals as ca
from pabot.domain.errors import Invalid, NotNow
from pabot.domain.model import (
    Appeal,
    AuthorizationState,
    Decision,
    Denial,
    Member,
    Role,
)
from pabot.domain.roles import Action
from pabot.domain.rules import Directory, Rules
from pabot.domain.statuses import Outcome, Status
from pabot.domain.steps import Notice, NoticeKind, Plan, StepRule
from pabot.domain.steps_review import leave

S = Status


def pack_appeal(state: AuthorizationState, command: ca.PackAppeal, actor: Member, now: datetime, rules: Rules) -> Plan:
    denial = _to_file(state)
    facts = replace(state, denial=packed(denial, command, rules.calendar.day(now)))
    return Plan(facts, (), detail=_packet_detail(command))


def packed(denial: Denial, command: ca.PackAppeal, today: date) -> Denial:
    """The denial with what lies in its packet. Raises Invalid."""
    listed = [line.strip() for line in command.attachments.splitlines() if line.strip()]
    if len(listed) > appeals.MOST_ATTACHMENTS:
        raise Invalid({"attachments": f"List at most {appeals.MOST_ATTACHMENTS}: name a folder instead of each page."})
    if bool(command.consent_by) != bool(command.consent_on):
        raise Invalid({"consent_on": "Say both who signed the consent and when, or neither."})
    if command.consent_on and command.consent_on > today:
        raise Invalid({"consent_on": "The consent lies in the future. Check the date."})
    return replace(
        denial,
        packet=" ".join(key for key in appeals.PACKET if key in command.packet),
        attachments="\n".join(listed),
        consent_by=command.consent_by,
        consent_on=command.consent_on,
    )


def write_necessity(
    state: AuthorizationState, command: ca.WriteNecessity, actor: Member, now: datetime, rules: Rules
) -> Plan:
    """Each version stays in the record, with its author and time."""
    denial = state.denial
    if denial is None or denial.id != command.denial_id:
        raise NotNow("That denial is no longer the one in question. Open the request to see where it stands.")
    if bool(command.text) == bool(command.where):
        raise Invalid({"text": "Write the reasons, or say where your own text lies: one of both."})
    written = appeals.argued(denial, command.text, command.where, actor.user_id, now)
    written = replace(written, expedited=command.expedited)
    detail = {"version": written.necessity_version, "reasons": command.text or command.where}
    return Plan(replace(state, denial=written), (), detail=detail)


def file_appeal(state: AuthorizationState, command: ca.FileAppeal, actor: Member, now: datetime, rules: Rules) -> Plan:
    denial = _to_file(state)
    level = appeals.open_to(state, denial, rules.payer)
    if level is None:
        raise NotNow(appeals.nothing_open(state))
    if command.filed_at > now + timedelta(minutes=5) or command.filed_at < denial.received_at:
        raise Invalid({"filed_at": "It must lie between the denial and now."})
    filed_on = rules.calendar.day(command.filed_at)
    due_on = command.decision_due_on or appeals.decided_by(level, filed_on, rules, expedited=command.expedited)
    if due_on < filed_on:
        raise Invalid({"decision_due_on": "The decision cannot be due before the appeal was filed."})
    denial = packed(denial, command, rules.calendar.day(now))
    if level.automatic:
        raise NotNow("The plan sends this on by itself: nothing is to be filed.")
    _may_be_filed(state, denial, level, command, actor, rules)
    appeal = Appeal(
        None,
        denial.level,
        command.expedited,
        command.filed_at,
        actor.user_id,
        command.reference,
        due_on,
        kind=level.name,
        signed_by=command.signed_by,
        without=command.without,
    )
    facts = appeals.with_appeal(replace(state, denial=denial, return_status=None), appeal, rules)
    detail = {"level": f"level {denial.level}: {level.name}", "reference": command.reference}
    signed = {"signed_by": command.signed_by, "without": command.without}
    facts, path = leave(facts, S.PENDING)
    return Plan(facts, path, detail={**detail, **signed, **_packet_detail(command), "due_on": due_on.isoformat()})


def _may_be_filed(
    state: AuthorizationState, denial: Denial, level: appeals.Level, command: ca.FileAppeal, actor: Member, rules: Rules
) -> None:
    """Signed, with the patient's consent where it is needed, and whole unless said why. Raises Invalid."""
    faults: dict[str, str] = {}
    able = appeals.signers(denial)
    signer = rules.staff.get(command.signed_by)
    if signer is not None and not signer.active:
        faults["signed_by"] = f"{signer.name} is not on the staff list any more: say who signs the letter now."
    elif signer is None or not signer.is_(*able):
        who = " or ".join(roles.ROLE_WORDS[role] for role in roles.COLUMNS if role in able)
        faults["signed_by"] = f"The letter needs the signature of {who}: say who signed it."
    elif appeals.wants_reasons(denial, actor):
        faults["signed_by"] = reasons_first(state, denial, rules.staff)
    if level.consent and not denial.consent_by:
        faults["consent_by"] = (
            f"The {level.name} is filed for the patient: record the patient's written consent first, "
            "who signed it and when."
        )
    if command.expedited and not (denial.expedited or state.is_expedited or actor.is_(Role.CLINICIAN)):
        faults["expedited"] = "An expedited appeal needs a clinician's word, in the decision or with the reasons."
    if (missing := appeals.lacking(denial.packet)) and not command.without:
        faults["without"] = f"Not in the packet: {'; '.join(missing)}. Tick what is there, or say why it goes without."
    if faults:
        raise Invalid(faults)


def reasons_first(state: AuthorizationState, denial: Denial, staff: Directory) -> str:
    """For whoever would file an appeal that nobody has given reasons for: who may."""
    able = appeals.signers(denial)
    clinician = staff.judge_for(denial.decided_by or state.clinician_id, able, state.number)
    ask = f" Ask {clinician.name}." if clinician else ""
    return (
        "No clinician has recorded the reasons of this appeal. They write them with “Write the reasons”, or say there "
        f"where their own text lies; then you can file it.{ask}"
    )


def withdraw_appeal(
    state: AuthorizationState, command: ca.WithdrawAppeal, actor: Member, now: datetime, rules: Rules
) -> Plan:
    return _ended(state, now, rules, dismissed=False, reason=command.reason)


def dismiss_appeal(
    state: AuthorizationState, command: ca.DismissAppeal, actor: Member, now: datetime, rules: Rules
) -> Plan:
    return _ended(state, now, rules, dismissed=True, reason=command.reason)


def _ended(state: AuthorizationState, now: datetime, rules: Rules, *, dismissed: bool, reason: str) -> Plan:
    """Without a decision on it: the denial stands, and is to be decided again."""
    appeal = state.open_appeal
    if appeal is None:
        raise NotNow("No appeal is with the payer.")
    over = replace(appeal, outcome=Outcome.WITHDRAWN, outcome_at=now, dismissed=dismissed)
    return undecided_again(replace(state, appeal=over), now, rules, {"reason": reason})


def undecided_again(state: AuthorizationState, now: datetime, rules: Rules, detail: Mapping[str, object]) -> Plan:
    """Back to whoever decided about the denial, or who answers for them today; where nobody may, to be routed."""
    denial = state.denial
    if denial is None:
        raise NotNow("There is no denial to decide about.")
    able = appeals.signers(denial)
    asked = denial.decided_by or denial.routed_to
    judge = rules.staff.judge_for(asked, able, state.number) or denials.responsible(state, rules)
    to = judge.user_id if judge else denial.routed_to
    again = replace(
        denial.undecided,
        routed_to=to,
        routed_at=now if to else None,
        accepted_at=None,
    )
    facts = replace(state, denial=again, next_check_on=None)
    facts = denials.awaiting_the_rest(replace(facts, return_status=facts.stands_at), now, rules)
    if to is None:
        facts, path = leave(facts, facts.stands_at)
        return Plan(facts, () if path == (facts.status,) else path, detail=detail)
    path = () if state.status is S.CLINICAL_REVIEW else (S.CLINICAL_REVIEW,)
    return Plan(facts, path, (Notice(NoticeKind.DECISION, to),), {**detail, "to": to})


def _to_file(state: AuthorizationState) -> Denial:
    if state.denial is None or not decided_for(state, Decision.APPEAL):
        raise NotNow("An appeal is filed only after a clinician decided to appeal. Route the denial first.")
    return state.denial


def decided_for(state: AuthorizationState, decision: Decision) -> bool:
    """A licensed person decided so, and no later answer of the payer has overtaken it."""
    return state.denial is not None and state.denial.decision is decision and state.is_contestable


def _packet_detail(command: ca.PackAppeal) -> Mapping[str, object]:
    count = len(command.attachments.splitlines())
    return {
        "packet": "; ".join(label for key, (label, _) in appeals.PACKET.items() if key in command.packet),
        "attachments": count or "",
        "consent_on": command.consent_on.isoformat() if command.consent_on else "",
    }


def _may_argue(state: AuthorizationState) -> bool:
    """While an appeal may still be filed, or is being decided upon."""
    undecided = state.undecided_denial is not None
    return undecided or (decided_for(state, Decision.APPEAL) and not state.appeal_is_filed)


_JUDGED = frozenset({S.CLINICAL_REVIEW})
_FILED_FROM = _JUDGED | {S.PATIENT_NOTIFIED}
_WAITS = frozenset({S.PENDING, S.CLINICAL_REVIEW})  # there with a question about it

STEPS: Mapping[type[c.Command], StepRule] = {
    ca.PackAppeal: StepRule(
        "pack_appeal",
        "Packet",
        Action.FILE_APPEAL,
        _FILED_FROM,
        pack_appeal,
        applies=lambda state: decided_for(state, Decision.APPEAL) and state.open_appeal is None,
    ),
    ca.WriteNecessity: StepRule(
        "write_necessity",
        "Write the reasons",
        Action.WRITE_NECESSITY,
        _FILED_FROM,
        write_necessity,
        applies=_may_argue,
    ),
    ca.FileAppeal: StepRule(
        "file_appeal",
        "Appeal filed",
        Action.FILE_APPEAL,
        _FILED_FROM,
        file_appeal,
        applies=lambda state: decided_for(state, Decision.APPEAL) and state.open_appeal is None,
    ),
    ca.WithdrawAppeal: StepRule(
        "withdraw_appeal",
        "Withdraw appeal",
        Action.DECIDE_DENIAL,
        _WAITS,
        withdraw_appeal,
        applies=lambda state: state.open_appeal is not None and state.stage is S.PENDING,
    ),
    ca.DismissAppeal: StepRule(
        "dismiss_appeal",
        "Appeal dismissed",
        Action.RECORD_DENIAL,
        _WAITS,
        dismiss_appeal,
        applies=lambda state: state.open_appeal is not None and state.stage is S.PENDING,
    ),
}
