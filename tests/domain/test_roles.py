"""Who may do what: the delegation boundary, cell by cell, as the practice's written guide has it.

`yes`, `no`, `ask …` (only with that role's approval), or the condition under which it is yes.
"""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from domain_practice import BILL, BY_ROLE, CORA, DEAN, DORA, EVERYBODY, MARA, REQUEST, VERA, at

from pabot.domain.errors import NotAllowed
from pabot.domain.model import AuthorizationState, Decision, Denial, DenialClass, Member, Question, Role
from pabot.domain.practice import PracticeSettings
from pabot.domain.roles import (
    CLINICAL,
    LETTERS,
    MATRIX,
    SETTINGS,
    Action,
    Entry,
    Policy,
    cells,
    close_action,
    may,
    require,
)
from pabot.domain.statuses import Outcome, Status

# fmt: off
GUIDE: dict[Action, str] = {
    #                                    coordinator     | biller          | clinician   | manager      | front desk
    Action.CREATE:                       "yes             | yes             | yes         | yes          | no",
    Action.ASSIGN:                       "yes             | yes             | yes         | yes          | no",
    Action.CLAIM:                        "yes             | yes             | yes         | yes          | no",
    Action.EDIT_INSURANCE:               "yes             | yes             | no          | yes          | no",
    Action.CHANGE_CODE:                  "ask clinician   | ask clinician   | yes         | no           | no",
    Action.PROPOSE_EXPEDITED:            "yes             | yes             | yes         | yes          | no",
    Action.ATTEST_EXPEDITED:             "ask clinician   | no              | yes         | no           | no",
    Action.CHECK_REQUIREMENT:            "yes             | yes             | no          | yes          | no",
    Action.TICK_DOCUMENT:                "yes             | yes             | yes         | yes          | no",
    Action.JUDGE_CRITERIA:               "no              | no              | yes         | no           | no",
    Action.MARK_READY:                   "yes             | yes             | yes         | yes          | no",
    Action.OVERRIDE_CLINICAL_ITEM:       "no              | ask clinician   | yes         | no           | no",
    Action.OVERRIDE_ADMINISTRATIVE_ITEM: "no              | ask manager     | no          | yes          | no",
    Action.SUBMIT:                       "policy          | yes             | yes         | yes          | no",
    Action.RECORD_CONTACT:               "yes             | yes             | yes         | yes          | no",
    Action.RECORD_INFORMATION_REQUEST:   "yes             | yes             | yes         | yes          | no",
    Action.ANSWER_ADMINISTRATIVE:        "yes             | yes             | yes         | yes          | no",
    Action.ANSWER_CLINICAL:              "released        | no              | yes         | no           | no",
    Action.RECORD_APPROVAL:              "yes             | yes             | yes         | yes          | no",
    Action.RECORD_DENIAL:                "yes             | yes             | yes         | yes          | no",
    Action.ROUTE:                        "yes             | yes             | yes         | yes          | no",
    Action.DECIDE_DENIAL:                "no              | administrative  | yes         | no           | no",
    Action.ACCEPT_DENIAL:                "no              | administrative  | yes         | no           | no",
    Action.ANSWER_QUESTION:              "no              | no              | yes         | no           | no",
    Action.WRITE_NECESSITY:              "no              | no              | yes         | no           | no",
    Action.FILE_APPEAL:                  "decided         | yes             | yes         | yes          | no",
    Action.SCHEDULE_P2P:                 "decided         | yes             | yes         | yes          | no",
    Action.RECORD_P2P:                   "ask clinician   | no              | yes         | no           | no",
    Action.WITHDRAW:                     "ask clin or man | ask clin or man | yes         | yes          | no",
    Action.WITHDRAW_FROM_REVIEW:         "no              | no              | yes         | no           | no",
    Action.PREPARE_PATIENT_UPDATE:       "yes             | yes             | yes         | yes          | no",
    Action.EDIT_PATIENT_UPDATE:          "ask manager     | ask manager     | yes         | yes          | no",
    Action.RECORD_PATIENT_TOLD:          "yes             | yes             | yes         | yes          | no",
    Action.WAIVE_PATIENT_UPDATE:         "no              | no              | no          | yes          | no",
    Action.RECORD_PATIENT_CALL:          "yes             | yes             | yes         | yes          | yes",
    Action.PROVIDE_DOCUMENT:             "yes             | yes             | yes         | yes          | no",
    Action.CORRECT_ENTRY:                "own             | own             | own         | yes          | no",
    Action.CORRECT_CLINICAL_DECISION:    "no              | no              | yes         | no           | no",
    Action.READ_RECORD:                  "no              | no              | own patient | yes          | no",
    Action.PROPOSE_CHECKLIST:            "yes             | yes             | yes         | yes          | no",
    Action.APPROVE_CHECKLIST:            "no              | no              | no          | yes          | no",
    Action.APPROVE_CLINICAL_CHECKLIST:   "no              | no              | yes         | yes          | no",
    Action.PROPOSE_WORDING:              "yes             | yes             | yes         | yes          | no",
    Action.APPROVE_WORDING:              "no              | no              | no          | yes          | no",
    Action.COSIGN_WORDING:               "no              | no              | yes         | no           | no",
    Action.RECORD_USE:                   "yes             | yes             | yes         | yes          | no",
    Action.CLOSE_APPROVED:               "yes             | yes             | yes         | yes          | no",
    Action.CLOSE_DENIED:                 "ask clin or man | yes             | yes         | yes          | no",
    Action.REOPEN:                       "ask manager     | yes             | yes         | yes          | no",
    Action.VIEW_QUEUE:                   "yes             | yes             | yes         | yes          | yes",
    Action.VIEW_PATIENT:                 "yes             | yes             | own patient | yes          | no",
    Action.EXPORT:                       "no              | no              | no          | yes          | no",
    Action.VIEW_METRICS:                 "yes             | yes             | yes         | yes          | no",
    Action.MANAGE:                       "no              | no              | no          | yes          | no",
    Action.READ_AUDIT:                   "no              | no              | no          | yes          | no",
}
# fmt: on
COLUMNS = (Role.COORDINATOR, Role.BILLER, Role.CLINICIAN, Role.MANAGER, Role.VIEWER)
CELLS = [
    (action, role, cell.strip())
    for action, row in GUIDE.items()
    for role, cell in zip(COLUMNS, row.split("|"), strict=True)
]
APPROVERS = {
    "ask clinician": {Role.CLINICIAN},
    "ask manager": {Role.MANAGER},
    "ask clin or man": {Role.CLINICIAN, Role.MANAGER},
}

NOW = at("2026-06-02 10:00")
DENIED = Denial(1, 1, "missing_docs", DenialClass.ADMINISTRATIVE, "", "", NOW.date(), NOW, None, "", None)
ASKED = Question(1, CORA.user_id, DORA.user_id, "Which chair?", NOW)
ANSWERED = replace(ASKED, answered_at=NOW, answered_by=DORA.user_id)


def after(denial: Denial | None = None, question: Question | None = None) -> AuthorizationState:
    return replace(REQUEST, clinician_id=DEAN.user_id, denial=denial, question=question)


def entry(minutes: int, by: Member) -> Entry:
    return Entry(by.user_id, NOW, NOW + timedelta(minutes=minutes))


# For every conditional cell: how it is when the condition holds, and when it does not.
CONDITIONS = {
    "policy": ({"policy": Policy(coordinators_submit=True)}, {"policy": Policy(coordinators_submit=False)}),
    "released": ({"state": after(question=ANSWERED)}, {"state": after(question=ASKED)}),
    "administrative": (
        {"state": after(DENIED)},
        {"state": after(replace(DENIED, denial_class=DenialClass.CLINICAL))},
    ),
    "decided": ({"state": after(replace(DENIED, decision=Decision.APPEAL))}, {"state": after(DENIED)}),
    "own patient": ({"state": replace(REQUEST, clinician_id=DORA.user_id)}, {"state": after()}),
}
ANYTHING = after(replace(DENIED, decision=Decision.APPEAL), ANSWERED)


def test_the_guide_names_every_action() -> None:
    assert set(GUIDE) == set(Action)


@pytest.mark.parametrize(("action", "role", "cell"), CELLS)
def test_every_cell_of_the_guide(action: Action, role: Role, cell: str) -> None:
    person = BY_ROLE[role]
    if cell == "yes":
        assert may(person, action, REQUEST) is None
    elif cell == "no":
        refusal = may(person, action, ANYTHING, entry=entry(1, person))
        assert refusal is not None
        assert not refusal.approval
        assert role not in refusal.roles
    elif cell in APPROVERS:
        refusal = may(person, action, ANYTHING)
        assert refusal is not None
        assert refusal.approval
        assert refusal.roles == APPROVERS[cell]
    elif cell == "own":
        assert may(person, action, REQUEST, entry=entry(30, person)) is None
        assert may(person, action, REQUEST, entry=entry(31, person)) is not None
        assert may(person, action, REQUEST, entry=entry(1, MARA)) is not None
        assert may(person, action, REQUEST) is not None
    else:
        holds, does_not = CONDITIONS[cell]
        assert may(person, action, **{"state": REQUEST, **holds}) is None
        assert may(person, action, **{"state": REQUEST, **does_not}) is not None


EVERY_POLICY = [
    Policy(**dict(zip(SETTINGS, chosen, strict=True))) for chosen in product((False, True), repeat=len(SETTINGS))
]


def test_a_setting_is_a_field_of_the_policy_and_of_the_practices_settings() -> None:
    named = set(Policy.__dataclass_fields__)
    assert set(SETTINGS) == named
    assert PracticeSettings("UTC", "", "").policy == Policy()
    for name in named:
        chosen = not getattr(Policy(), name)
        assert PracticeSettings("UTC", "", "", **{name: chosen}).policy == Policy(**{name: chosen})


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_moves_one_administrative_cell_and_no_other(name: str) -> None:
    on, off = Policy(**{name: True}), Policy(**{name: False})
    moved = {
        (action, role) for action in Action for role in Role if cells(action, role, on) != cells(action, role, off)
    }
    assert moved == {(SETTINGS[name].action, SETTINGS[name].role)}


def test_no_setting_moves_a_clinical_cell() -> None:
    for policy in EVERY_POLICY:
        for action in CLINICAL:
            assert [cells(action, role, policy) for role in COLUMNS] == [(cell,) for cell in MATRIX[action]]


def test_what_a_clinician_may_and_a_manager_may_not_is_clinical() -> None:
    """Whoever adds such a row says so."""
    at = {role: COLUMNS.index(role) for role in (Role.CLINICIAN, Role.MANAGER)}
    found = {a for a, row in MATRIX.items() if row[at[Role.CLINICIAN]] == "Y" and row[at[Role.MANAGER]] == "-"}
    assert found <= CLINICAL


def test_the_matrix_shows_every_cell_as_shipped() -> None:
    assert {action: [cells(action, role) for role in COLUMNS] for action in Action} == {
        action: [(cell,) for cell in row] for action, row in MATRIX.items()
    }


@pytest.mark.parametrize("policy", EVERY_POLICY)
def test_whoever_approves_might_do_it_alone(policy: Policy) -> None:
    for action in Action:
        for role in COLUMNS:
            for cell in cells(action, role, policy):
                approvers = [LETTERS[letter] for letter in cell[2:]] if cell.startswith("R:") else []
                assert all(cells(action, approver, policy) == ("Y",) for approver in approvers)


def test_a_coordinator_withdraws_what_is_not_sent_where_the_practice_lets_them() -> None:
    easy = Policy(coordinators_withdraw_before_submission=True)
    assert may(CORA, Action.WITHDRAW, REQUEST, easy) is None
    sent = may(CORA, Action.WITHDRAW, replace(REQUEST, status=Status.PENDING), easy)
    assert sent is not None
    assert sent.approval
    assert may(BILL, Action.WITHDRAW, REQUEST, easy) is not None


@pytest.mark.parametrize(
    "action", sorted(CLINICAL - {Action.FILE_APPEAL, Action.SCHEDULE_P2P, Action.APPROVE_CLINICAL_CHECKLIST})
)
def test_a_manager_without_a_licence_is_no_clinician(action: Action) -> None:
    assert may(MARA, action, ANYTHING) is not None
    licensed = replace(MARA, roles=frozenset({Role.MANAGER, Role.CLINICIAN}))
    assert may(licensed, action, ANYTHING) is None


def test_roles_add_up() -> None:
    both = replace(CORA, roles=frozenset({Role.COORDINATOR, Role.BILLER}))
    assert may(CORA, Action.CLOSE_DENIED, REQUEST) is not None
    assert may(both, Action.CLOSE_DENIED, REQUEST) is None
    assert may(both, Action.CHECK_REQUIREMENT, REQUEST) is None


@pytest.mark.parametrize(
    ("actor", "approver", "allowed"),
    [
        (CORA, DORA, True),
        (BILL, DEAN, True),
        (CORA, replace(DORA, away=True), True),
        (CORA, replace(DORA, active=False), False),
        (CORA, MARA, False),
        (CORA, BILL, False),
        (CORA, CORA, False),
        (CORA, None, False),
        (MARA, DORA, False),
        (VERA, DORA, False),
        (DORA, None, True),
        (replace(CORA, active=False), DORA, False),
    ],
)
def test_codes_are_changed_as_an_active_clinician_directs(
    actor: Member, approver: Member | None, allowed: bool
) -> None:
    refusal = may(actor, Action.CHANGE_CODE, REQUEST, approver=approver)
    assert (refusal is None) is allowed


@pytest.mark.parametrize("person", EVERYBODY, ids=lambda member: member.name)
@pytest.mark.parametrize("action", Action)
def test_who_has_left_may_nothing(person: Member, action: Action) -> None:
    assert may(replace(person, active=False), action, ANYTHING) is not None


@pytest.mark.parametrize("action", Action)
def test_who_has_no_role_may_nothing(action: Action) -> None:
    assert may(replace(CORA, roles=frozenset()), action, ANYTHING) is not None


@pytest.mark.parametrize(
    ("person", "action", "sentence"),
    [
        (
            CORA,
            Action.DECIDE_DENIAL,
            "Only a clinician may decide about a denial. Ask Dr. Dean Reed, Dr. Dora Lake.",
        ),
        (
            CORA,
            Action.WITHDRAW,
            "Approval of a clinician or a manager is needed to withdraw a request."
            " Ask Dr. Dean Reed, Dr. Dora Lake, Mara Stone.",
        ),
        (
            MARA,
            Action.ANSWER_QUESTION,
            "Only a clinician may answer a clinical question. Ask Dr. Dean Reed, Dr. Dora Lake.",
        ),
        (BILL, Action.EXPORT, "Only a manager may export in bulk. Ask Mara Stone."),
        (
            VERA,
            Action.CHECK_REQUIREMENT,
            "Only a coordinator or a biller or a manager may check what the payer requires."
            " Ask Bill Marsh, Cole Finch, Cora Bell.",
        ),
    ],
)
def test_a_refusal_names_who_may(person: Member, action: Action, sentence: str) -> None:
    clinical = after(replace(DENIED, denial_class=DenialClass.CLINICAL))
    with pytest.raises(NotAllowed) as refused:
        require(person, action, clinical, staff=EVERYBODY)
    assert refused.value.sentence == sentence


def test_an_administrative_denial_may_be_decided_by_a_biller_and_the_refusal_says_so() -> None:
    refusal = may(CORA, Action.DECIDE_DENIAL, after(DENIED))
    assert refusal is not None
    assert refusal.sentence(EVERYBODY).startswith("Only a biller or a clinician may decide about a denial.")


def test_a_refusal_names_nobody_who_has_left() -> None:
    refusal = may(CORA, Action.EXPORT)
    assert refusal is not None
    assert refusal.sentence([replace(MARA, active=False)]) == "Only a manager may export in bulk."


@pytest.mark.parametrize(
    ("outcome", "action"),
    [
        (Outcome.DENIED, Action.CLOSE_DENIED),
        (Outcome.APPROVED, Action.CLOSE_APPROVED),
        (Outcome.PARTIAL, Action.CLOSE_APPROVED),
        (None, Action.CLOSE_APPROVED),
    ],
)
def test_closing_is_judged_by_what_the_payer_said(outcome: Outcome | None, action: Action) -> None:
    assert close_action(replace(REQUEST, outcome=outcome)) is action
