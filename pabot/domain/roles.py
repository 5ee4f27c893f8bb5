"""The delegation boundary: who may do what, as one table (founding guides R5, R9; our judgement where they are silent).

A cell is `Y` (may), `-` (may not), `R:xy` (only with the approval of a role x or y, who is named) or the name of a
condition. A few administrative cells move with a practice's settings; clinical ones never do.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from pabot.domain.errors import NotAllowed
from pabot.domain.model import AuthorizationState, DenialClass, Member, Role
from pabot.domain.statuses import BEFORE_SUBMISSION, Outcome

OWN_CORRECTION = timedelta(minutes=30)
YES = "Y"


class Action(StrEnum):
    CREATE = "open a request"
    ASSIGN = "assign a request"
    CLAIM = "take a request"
    EDIT_INSURANCE = "change demographics or insurance"
    CHANGE_CODE = "change a diagnosis or procedure code"
    PROPOSE_EXPEDITED = "propose expedited review"
    ATTEST_EXPEDITED = "attest that a request is expedited"
    CHECK_REQUIREMENT = "check what the payer requires"
    TICK_DOCUMENT = "record documents"
    JUDGE_CRITERIA = "judge whether a note meets the payer's criteria"
    MARK_READY = "mark a request ready"
    OVERRIDE_CLINICAL_ITEM = "go ahead without a required clinical document"
    OVERRIDE_ADMINISTRATIVE_ITEM = "go ahead without a required administrative item"
    SUBMIT = "record a submission"
    RECORD_CONTACT = "record what the payer said"
    RECORD_INFORMATION_REQUEST = "record that the payer asked for more"
    ANSWER_ADMINISTRATIVE = "answer an administrative question of the payer"
    ANSWER_CLINICAL = "answer the payer on clinical content"
    RECORD_APPROVAL = "record an approval"
    RECORD_DENIAL = "record a denial"
    ROUTE = "route a denial or a question"
    DECIDE_DENIAL = "decide about a denial"
    ACCEPT_DENIAL = "accept a denial"
    ANSWER_QUESTION = "answer a clinical question"
    WRITE_NECESSITY = "write why care is necessary"
    FILE_APPEAL = "record an appeal as filed"
    SCHEDULE_P2P = "book a peer-to-peer call"
    RECORD_P2P = "record what came of a peer-to-peer call"
    WITHDRAW = "withdraw a request"
    WITHDRAW_FROM_REVIEW = "withdraw a request that waits for a clinical decision"
    PREPARE_PATIENT_UPDATE = "prepare a patient update"
    EDIT_PATIENT_UPDATE = "reword a patient update"
    RECORD_PATIENT_TOLD = "record that the patient was told"
    WAIVE_PATIENT_UPDATE = "waive telling the patient"
    RECORD_PATIENT_CALL = "record that the patient called"
    PROVIDE_DOCUMENT = "provide a requested document"
    CORRECT_ENTRY = "mark an entry as recorded in error"
    CORRECT_CLINICAL_DECISION = "mark a clinician's decision as recorded in error"
    READ_RECORD = "read one patient's full record"
    PROPOSE_CHECKLIST = "propose a checklist change"
    APPROVE_CHECKLIST = "approve a checklist change"
    APPROVE_CLINICAL_CHECKLIST = "approve a change of clinical documents"
    PROPOSE_WORDING = "propose other words for patients"
    APPROVE_WORDING = "approve other words for patients"
    COSIGN_WORDING = "co-sign clinical words for patients"
    RECORD_USE = "record what was used of an approval"
    CLOSE_APPROVED = "close an approved request"
    CLOSE_DENIED = "close a denied request"
    REOPEN = "reopen a request"
    VIEW_QUEUE = "see the queue"
    VIEW_PATIENT = "see a patient's full details"
    EXPORT = "export in bulk"
    VIEW_METRICS = "see the figures"
    MANAGE = "manage people and settings"
    READ_AUDIT = "read the audit log"


# fmt: off
#                                       coordinator     biller            clinician   manager        viewer
MATRIX: Mapping[Action, tuple[str, str, str, str, str]] = {
    Action.CREATE:                       ("Y",            "Y",              "Y",        "Y",           "-"),
    Action.ASSIGN:                       ("Y",            "Y",              "Y",        "Y",           "-"),
    Action.CLAIM:                        ("Y",            "Y",              "Y",        "Y",           "-"),
    Action.EDIT_INSURANCE:               ("Y",            "Y",              "-",        "Y",           "-"),
    Action.CHANGE_CODE:                  ("R:D",          "R:D",            "Y",        "-",           "-"),
    Action.PROPOSE_EXPEDITED:            ("Y",            "Y",              "Y",        "Y",           "-"),
    Action.ATTEST_EXPEDITED:             ("R:D",          "-",              "Y",        "-",           "-"),
    Action.CHECK_REQUIREMENT:            ("Y",            "Y",              "-",        "Y",           "-"),
    Action.TICK_DOCUMENT:                ("Y",            "Y",              "Y",        "Y",           "-"),
    Action.JUDGE_CRITERIA:               ("-",            "-",              "Y",        "-",           "-"),
    Action.MARK_READY:                   ("Y",            "Y",              "Y",        "Y",           "-"),
    Action.OVERRIDE_CLINICAL_ITEM:       ("-",            "R:D",            "Y",        "-",           "-"),
    Action.OVERRIDE_ADMINISTRATIVE_ITEM: ("-",            "R:M",            "-",        "Y",           "-"),
    Action.SUBMIT:                       ("Y",            "Y",              "Y",        "Y",           "-"),
    Action.RECORD_CONTACT:               ("Y",            "Y",              "Y",        "Y",           "-"),
    Action.RECORD_INFORMATION_REQUEST:   ("Y",            "Y",              "Y",        "Y",           "-"),
    Action.ANSWER_ADMINISTRATIVE:        ("Y",            "Y",              "Y",        "Y",           "-"),
    Action.ANSWER_CLINICAL:              ("released",     "-",              "Y",        "-",           "-"),
    Action.RECORD_APPROVAL:              ("Y",            "Y",              "Y",        "Y",           "-"),
    Action.RECORD_DENIAL:                ("Y",            "Y",              "Y",        "Y",           "-"),
    Action.ROUTE:                        ("Y",            "Y",              "Y",        "Y",           "-"),
    Action.DECIDE_DENIAL:                ("-",            "administrative", "Y",        "-",           "-"),
    Action.ACCEPT_DENIAL:                ("-",            "administrative", "Y",        "-",           "-"),
    Action.ANSWER_QUESTION:              ("-",            "-",              "Y",        "-",           "-"),
    Action.WRITE_NECESSITY:              ("-",            "-",              "Y",        "-",           "-"),
    Action.FILE_APPEAL:                  ("decided",      "Y",              "Y",        "Y",           "-"),
    Action.SCHEDULE_P2P:                 ("decided",      "Y",              "Y",        "Y",           "-"),
    Action.RECORD_P2P:                   ("R:D",          "-",              "Y",        "-",           "-"),
    Action.WITHDRAW:                     ("R:DM",         "R:DM",           "Y",        "Y",           "-"),
    Action.WITHDRAW_FROM_REVIEW:         ("-",            "-",              "Y",        "-",           "-"),
    Action.PREPARE_PATIENT_UPDATE:       ("Y",            "Y",              "Y",        "Y",           "-"),
    Action.EDIT_PATIENT_UPDATE:          ("R:M",          "R:M",            "Y",        "Y",           "-"),
    Action.RECORD_PATIENT_TOLD:          ("Y",            "Y",              "Y",        "Y",           "-"),
    Action.WAIVE_PATIENT_UPDATE:         ("-",            "-",              "-",        "Y",           "-"),
    Action.RECORD_PATIENT_CALL:          ("Y",            "Y",              "Y",        "Y",           "Y"),
    Action.PROVIDE_DOCUMENT:             ("Y",            "Y",              "Y",        "Y",           "-"),
    Action.CORRECT_ENTRY:                ("own",          "own",            "own",      "Y",           "-"),
    Action.CORRECT_CLINICAL_DECISION:    ("-",            "-",              "Y",        "-",           "-"),
    Action.READ_RECORD:                  ("-",            "-",              "their",    "Y",           "-"),
    Action.PROPOSE_CHECKLIST:            ("Y",            "Y",              "Y",        "Y",           "-"),
    Action.APPROVE_CHECKLIST:            ("-",            "-",              "-",        "Y",           "-"),
    Action.APPROVE_CLINICAL_CHECKLIST:   ("-",            "-",              "Y",        "Y",           "-"),
    Action.PROPOSE_WORDING:              ("Y",            "Y",              "Y",        "Y",           "-"),
    Action.APPROVE_WORDING:              ("-",            "-",              "-",        "Y",           "-"),
    Action.COSIGN_WORDING:               ("-",            "-",              "Y",        "-",           "-"),
    Action.RECORD_USE:                   ("Y",            "Y",              "Y",        "Y",           "-"),
    Action.CLOSE_APPROVED:               ("Y",            "Y",              "Y",        "Y",           "-"),
    Action.CLOSE_DENIED:                 ("R:DM",         "Y",              "Y",        "Y",           "-"),
    Action.REOPEN:                       ("R:M",          "Y",              "Y",        "Y",           "-"),
    Action.VIEW_QUEUE:                   ("Y",            "Y",              "Y",        "Y",           "Y"),
    Action.VIEW_PATIENT:                 ("Y",            "Y",              "their",    "Y",           "-"),
    Action.EXPORT:                       ("-",            "-",              "-",        "Y",           "-"),
    Action.VIEW_METRICS:                 ("Y",            "Y",              "Y",        "Y",           "-"),
    Action.MANAGE:                       ("-",            "-",              "-",        "Y",           "-"),
    Action.READ_AUDIT:                   ("-",            "-",              "-",        "Y",           "-"),
}
# fmt: on

COLUMNS = (Role.COORDINATOR, Role.BILLER, Role.CLINICIAN, Role.MANAGER, Role.VIEWER)
LETTERS = {"C": Role.COORDINATOR, "B": Role.BILLER, "D": Role.CLINICIAN, "M": Role.MANAGER}
ROLE_WORDS: Mapping[Role, str] = {
    Role.COORDINATOR: "a coordinator",
    Role.BILLER: "a biller",
    Role.CLINICIAN: "a clinician",
    Role.MANAGER: "a manager",
    Role.VIEWER: "the front desk",
}


# What only a licensed person's word decides, whoever types it in: no setting of a practice moves these.
CLINICAL = frozenset(
    {
        Action.CHANGE_CODE,
        Action.ATTEST_EXPEDITED,
        Action.JUDGE_CRITERIA,
        Action.OVERRIDE_CLINICAL_ITEM,
        Action.ANSWER_CLINICAL,
        Action.DECIDE_DENIAL,
        Action.ACCEPT_DENIAL,
        Action.ANSWER_QUESTION,
        Action.WRITE_NECESSITY,
        Action.FILE_APPEAL,
        Action.SCHEDULE_P2P,
        Action.RECORD_P2P,
        Action.WITHDRAW_FROM_REVIEW,
        Action.CORRECT_CLINICAL_DECISION,
        Action.APPROVE_CLINICAL_CHECKLIST,
        Action.COSIGN_WORDING,
    }
)


@dataclass(frozen=True, slots=True)
class Policy:
    """How a practice has set what its administrative staff may do without asking. A field is a row of SETTINGS."""

    coordinators_submit: bool = True
    coordinators_reopen: bool = False
    coordinators_withdraw_before_submission: bool = False
    billers_close_denials: bool = True
    billers_go_without: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """One administrative cell that a practice may move: what holds where it is set, and what holds otherwise."""

    action: Action
    role: Role
    where_set: tuple[str, ...]  # cells; the widest that holds counts
    otherwise: str
    words: str


SETTINGS: Mapping[str, Setting] = {
    "coordinators_submit": Setting(
        Action.SUBMIT, Role.COORDINATOR, ("Y",), "R:M", "Coordinators may record submissions"
    ),
    "coordinators_reopen": Setting(Action.REOPEN, Role.COORDINATOR, ("Y",), "R:M", "Coordinators may reopen a request"),
    "coordinators_withdraw_before_submission": Setting(
        Action.WITHDRAW, Role.COORDINATOR, ("unsent", "R:DM"), "R:DM", "Coordinators may withdraw what was not sent yet"
    ),
    "billers_close_denials": Setting(
        Action.CLOSE_DENIED, Role.BILLER, ("Y",), "R:M", "Billers may close a denied request"
    ),
    "billers_go_without": Setting(
        Action.OVERRIDE_ADMINISTRATIVE_ITEM,
        Role.BILLER,
        ("Y",),
        "R:M",
        "Billers may go ahead without an administrative item",
    ),
}
_MOVED = {(setting.action, setting.role): (name, setting) for name, setting in SETTINGS.items()}


@dataclass(frozen=True, slots=True)
class Entry:
    """A saved step that somebody wants to correct at `now`."""

    by: str
    at: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class Context:
    """What a condition may look at."""

    actor: Member
    state: AuthorizationState | None
    policy: Policy
    entry: Entry | None = None
    approver: Member | None = None  # who directs or approves it, by name


def _administrative(at: Context) -> bool:
    denial = at.state.denial if at.state else None
    return denial is not None and denial.denial_class is DenialClass.ADMINISTRATIVE


def _released(at: Context) -> bool:
    """A clinician has answered the very question that the payer's request raised."""
    question = at.state.question if at.state else None
    asked = at.state.open_information_request if at.state else None
    if question is None or question.answered_by is None:
        return False
    return asked is None or asked.as_question in question.text


def _decided(at: Context) -> bool:
    denial = at.state.denial if at.state else None
    return denial is not None and denial.decision is not None


def _own(at: Context) -> bool:
    entry = at.entry
    return entry is not None and entry.by == at.actor.user_id and entry.now - entry.at <= OWN_CORRECTION


CONDITIONS: Mapping[str, Callable[[Context], bool]] = {
    "unsent": lambda at: at.state is not None and at.state.status in BEFORE_SUBMISSION,
    "administrative": _administrative,
    "released": _released,
    "decided": _decided,
    "own": _own,
    "their": lambda at: at.state is not None and at.state.clinician_id == at.actor.user_id,
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not, and which roles may."""

    action: Action
    roles: frozenset[Role]
    approval: bool  # one of `roles` could approve it, rather than do it

    def sentence(self, staff: Iterable[Member] = ()) -> str:
        """For the person refused; names who may, when the staff list is given."""
        who = " or ".join(ROLE_WORDS[role] for role in COLUMNS if role in self.roles) or "nobody"
        names = sorted(m.name for m in staff if m.active and m.is_(*self.roles))
        named = f" Ask {', '.join(names[:3])}." if names else ""
        verb = "Approval of" if self.approval else "Only"
        ending = f"is needed to {self.action}" if self.approval else f"may {self.action}"
        return f"{verb} {who} {ending}.{named}"


class NeedsApproval(NotAllowed):
    """The role may, once one of the `refusal`'s roles has approved it."""

    def __init__(self, refusal: Refusal, sentence: str) -> None:
        super().__init__(sentence)
        self.refusal = refusal


DEFAULT_POLICY = Policy()


def cells(action: Action, role: Role, policy: Policy = DEFAULT_POLICY) -> tuple[str, ...]:
    """A role's cells for an action, as the practice has set them: one, or several of which any may hold."""
    name, setting = _MOVED.get((action, role), ("", None))
    if setting is None:
        return (MATRIX[action][COLUMNS.index(role)],)
    return setting.where_set if getattr(policy, name) else (setting.otherwise,)


@lru_cache(2048)
def _own_cells(roles: frozenset[Role], action: Action, policy: Policy) -> tuple[str, ...]:
    """The cells of somebody with these roles: each card asks for those of some forty actions."""
    return tuple(cell for role in COLUMNS if role in roles for cell in cells(action, role, policy))


def may(
    actor: Member,
    action: Action,
    state: AuthorizationState | None = None,
    policy: Policy = DEFAULT_POLICY,
    entry: Entry | None = None,
    approver: Member | None = None,
) -> Refusal | None:
    """None when the actor may do it now, else the refusal."""
    own = _own_cells(actor.roles, action, policy)
    if actor.active and YES in own:
        return None
    context = Context(actor, state, policy, entry, approver)
    if actor.active and any(_holds(cell, context) for cell in own):
        return None
    approvers = {LETTERS[letter] for cell in own if cell.startswith("R:") for letter in cell[2:]}
    if approvers:
        return Refusal(action, frozenset(approvers), approval=True)
    return Refusal(action, frozenset(_roles_that_may(action, context)), approval=False)


def require(
    actor: Member,
    action: Action,
    state: AuthorizationState | None = None,
    policy: Policy = DEFAULT_POLICY,
    entry: Entry | None = None,
    staff: Iterable[Member] = (),
    approver: Member | None = None,
) -> None:
    """Raise NotAllowed, with the names of who may, unless the actor may; NeedsApproval where that would do."""
    if refusal := may(actor, action, state, policy, entry, approver):
        sentence = refusal.sentence(staff)
        raise NeedsApproval(refusal, sentence) if refusal.approval else NotAllowed(sentence)


def close_action(state: AuthorizationState) -> Action:
    """Closing after a denial is another matter than closing after an approval."""
    return Action.CLOSE_DENIED if state.outcome is Outcome.DENIED else Action.CLOSE_APPROVED


def _holds(cell: str, context: Context) -> bool:
    if cell == YES:
        return True
    if cell.startswith("R:"):
        return _approved(cell, context.approver)
    condition = CONDITIONS.get(cell)
    return condition is not None and condition(context)


def _approved(cell: str, approver: Member | None) -> bool:
    """Whether somebody who may approve it, and works here, is named."""
    wanted = [LETTERS[letter] for letter in cell.removeprefix("R:")]
    return approver is not None and approver.active and approver.is_(*wanted)


def _roles_that_may(action: Action, context: Context) -> Iterable[Role]:
    for role in COLUMNS:
        alone = (cell for cell in cells(action, role, context.policy) if cell != "own" and not cell.startswith("R:"))
        if any(_holds(cell, context) for cell in alone):
            yield role
