"""The delegation boundary in words, made from the matrix itself: for somebody's roles, and as a page for everybody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pabot.domain.model import Role
from pabot.domain.roles import COLUMNS, DEFAULT_POLICY, LETTERS, MATRIX, ROLE_WORDS, Action, Policy

WHEN: Mapping[str, str] = {  # what the conditions of the matrix mean
    "submits": "where the practice lets coordinators submit",
    "administrative": "where the denial is administrative",
    "released": "once a clinician has answered",
    "decided": "once it is decided",
    "own": "your own entries, for 30 minutes",
    "their": "of your own patients",
}


@dataclass(frozen=True, slots=True)
class Guide:
    """What somebody may: each action in words, with its condition, its approver, or who may instead."""

    roles: tuple[Role, ...]
    may: tuple[str, ...]
    with_approval: tuple[str, ...]
    may_not: tuple[str, ...]


def guide(roles: Iterable[Role], policy: Policy = DEFAULT_POLICY) -> Guide:
    """The boundary for somebody with these roles; the widest of their cells counts."""
    held = tuple(role for role in COLUMNS if role in roles)
    may, with_approval, may_not = [], [], []
    for action, cells in MATRIX.items():
        own = [_settled(cell, policy) for role, cell in zip(COLUMNS, cells, strict=True) if role in held]
        widest = min(own or ["-"], key=_width)
        if widest == "Y" or widest in WHEN:
            may.append(_and(action.value, WHEN.get(widest, "")))
        elif widest.startswith("R:"):
            with_approval.append(f"{action.value}: {_roles(LETTERS[letter] for letter in widest[2:])}")
        else:
            may_not.append(f"{action.value}: {_who_may(action, policy)}")
    return Guide(held, tuple(may), tuple(with_approval), tuple(may_not))


def as_table() -> str:
    """The matrix as a page of documentation."""
    head = ["Action", *(ROLE_WORDS[role].split(" ", 1)[1].capitalize() for role in COLUMNS)]
    rows = [[action.value.capitalize(), *map(_cell, cells)] for action, cells in MATRIX.items()]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _settled(cell: str, policy: Policy) -> str:
    """A cell that the practice's own setting decides is one or the other."""
    if cell == "submits":
        return "Y" if policy.coordinators_submit else "R:M"
    return cell


def _width(cell: str) -> int:
    order = ("Y", "R:", "-")
    return next((place * 2 for place, start in enumerate(order) if cell.startswith(start)), 1)


def _who_may(action: Action, policy: Policy) -> str:
    cells = [(role, _settled(cell, policy)) for role, cell in zip(COLUMNS, MATRIX[action], strict=True)]
    found = [(ROLE_WORDS[role], WHEN.get(cell, "")) for role, cell in cells if cell == "Y" or cell in WHEN]
    theirs = (f"{who} ({when.replace('your', 'their')})" if when else who for who, when in found)
    return " or ".join(theirs) or "nobody"


def _roles(roles: Iterable[Role]) -> str:
    return " or ".join(ROLE_WORDS[role] for role in roles)


def _and(words: str, condition: str) -> str:
    return f"{words}, {condition}" if condition else words


def _cell(cell: str) -> str:
    if cell.startswith("R:"):
        return f"with {_roles(LETTERS[letter] for letter in cell[2:])}"
    return {"Y": "yes", "-": "no"}.get(cell) or WHEN[cell]
