"""The boundary in words: what `/pa guide` and the documentation say is what the matrix decides."""

import pytest

from pabot.domain.access import Access, looks_secret, parse_access
from pabot.domain.errors import Invalid
from pabot.domain.guide import WHEN, guide
from pabot.domain.model import Member, Role
from pabot.domain.roles import CONDITIONS, MATRIX, SETTINGS, Action, Policy, may


def test_every_condition_of_the_matrix_has_its_words() -> None:
    assert set(WHEN) == set(CONDITIONS)


@pytest.mark.parametrize(
    "roles", [{role} for role in Role] + [{Role.MANAGER, Role.CLINICIAN}, {Role.BILLER, Role.VIEWER}]
)
@pytest.mark.parametrize("policy", [Policy(), *(Policy(**{name: not getattr(Policy(), name)}) for name in SETTINGS)])
def test_every_action_is_in_one_list_and_where_the_matrix_has_it(roles: set[Role], policy: Policy) -> None:
    told, who = guide(roles, policy), Member("U1", "Casey Madeup", frozenset(roles))
    assert len(told.may) + len(told.with_approval) + len(told.may_not) == len(MATRIX)
    for action in Action:
        refusal = may(who, action, policy=policy)
        if refusal is None:
            assert action.value in told.may
        elif any(line.startswith(f"{action.value}: ") for line in told.with_approval):
            assert refusal.approval


@pytest.mark.parametrize(
    ("roles", "line", "where"),
    [
        (
            {Role.COORDINATOR},
            "decide about a denial: a biller (where the denial is administrative) or a clinician",
            "may_not",
        ),
        ({Role.BILLER}, "decide about a denial, where the denial is administrative", "may"),
        ({Role.COORDINATOR}, "change a diagnosis or procedure code: a clinician", "with_approval"),
        ({Role.MANAGER}, "write why care is necessary: a clinician", "may_not"),
        ({Role.MANAGER, Role.CLINICIAN}, "write why care is necessary", "may"),
        ({Role.VIEWER}, "record that the patient called", "may"),
        ({Role.COORDINATOR}, "mark an entry as recorded in error, your own entries, for 30 minutes", "may"),
        (set(), "see the queue: a coordinator or a biller or a clinician or a manager or the front desk", "may_not"),
    ],
)
def test_what_a_line_says(roles: set[Role], line: str, where: str) -> None:
    assert line in getattr(guide(roles), where)


def test_submitting_follows_the_practice_s_setting() -> None:
    assert "record a submission" in guide({Role.COORDINATOR}).may
    assert (
        "record a submission: a manager" in guide({Role.COORDINATOR}, Policy(coordinators_submit=False)).with_approval
    )


def test_a_setting_that_holds_for_some_requests_says_what_holds_for_the_others() -> None:
    told = guide({Role.COORDINATOR}, Policy(coordinators_withdraw_before_submission=True))
    assert "withdraw a request, until it is sent; else with a clinician or a manager" in told.may


def test_access_is_read_and_written_alike() -> None:
    typed = "Northwind portal > coordinators > Max Tiller\n\n  Fax server  >  everybody > Fay Front"
    found = parse_access(typed)
    assert found[0] == Access("Northwind portal", "coordinators", "Max Tiller")
    assert parse_access("\n".join(map(str, found))) == found
    assert parse_access("") == ()


@pytest.mark.parametrize("typed", ["Northwind portal", "portal > Casey", "a > b > c > d", "portal > > Max"])
def test_access_that_is_not_understood(typed: str) -> None:
    with pytest.raises(Invalid, match="write the system, who uses it, and who manages the login"):
        parse_access(typed)


@pytest.mark.parametrize(
    ("typed", "secret"),
    [
        ("portal password is hunter2", True),
        ("Northwind, user: casey", True),
        ("Northwind pw Xk9!fooBar", True),
        ("PIN 4471", True),
        ("Xk9!fooBar", True),
        ("tok_8fA3kd92LmQ", True),
        ("Northwind portal", False),
        ("https://portal.northwind.example/Login2", False),
        ("portal.northwind.example/PA-2026", False),
        ("Casey.Madeup@example.org", False),
        ("Coordinators, billers", False),
        ("eviCore", False),
        ("Dr. Placeholder-Invented", False),
    ],
)
def test_what_looks_like_a_password(typed: str, secret: bool) -> None:
    assert looks_secret(typed) is secret
    if secret:
        with pytest.raises(Invalid, match="never the login itself"):
            parse_access(f"{typed} > coordinators > Max Tiller")
