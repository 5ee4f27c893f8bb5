"""The delegation boundary in words, made from the matrix itself: for somebody's roles, and as a page for everybody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pabot.domain.model import Role
from pabot.domain.roles import COLUMNS, DEFAULT_POLICY, LETTERS, MATRIX, ROLE_WORDS, SETTINGS, Action, Policy, cells

WHEN: Mapping[str, str] = {  # what the conditions of the matrix mean
    "unsent": "until it is sent",
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
    for action in MATRIX:
        own = [cell for role in held for cell in cells(action, role, policy)] or ["-"]
        widest = min(own, key=_width)
        asked = min(own, key=lambda cell: not cell.startswith("R:"))
        if widest == "Y":
            may.append(action.value)
        elif widest in WHEN:
            otherwise = f"; else with {_approvers(asked)}" if asked.startswith("R:") else ""
            may.append(f"{action.value}, {WHEN[widest]}{otherwise}")
        elif widest.startswith("R:"):
            with_approval.append(f"{action.value}: {_approvers(widest)}")
        else:
            may_not.append(f"{action.value}: {_who_may(action, policy)}")
    return Guide(held, tuple(may), tuple(with_approval), tuple(may_not))


def as_table() -> str:
    """The matrix as a page of documentation."""
    head = ["Action", *(ROLE_WORDS[role].split(" ", 1)[1].capitalize() for role in COLUMNS)]
    rows = [[action.value.capitalize(), *(_cell(action, role) for role in COLUMNS)] for action in MATRIX]
    return _table([head, ["---"] * len(head), *rows])


def settings_table() -> str:
    """The settings that move a cell, as a page of documentation."""
    head = ["Setting", "Where it is set", "Otherwise", "As shipped"]
    rows = []
    for setting, is_set in zip(SETTINGS.values(), _shipped(), strict=True):
        words = ", else ".join(map(_words, setting.where_set))
        rows.append([setting.words, words, _words(setting.otherwise), "set" if is_set else "not set"])
    return _table([head, ["---"] * len(head), *rows])


def _shipped() -> list[bool]:
    return [getattr(DEFAULT_POLICY, name) for name in SETTINGS]


def _width(cell: str) -> int:
    order = ("Y", "R:", "-")
    return next((place * 2 for place, start in enumerate(order) if cell.startswith(start)), 1)


def _who_may(action: Action, policy: Policy) -> str:
    every = [(role, cell) for role in COLUMNS for cell in cells(action, role, policy)]
    found = [(ROLE_WORDS[role], WHEN.get(cell, "")) for role, cell in every if cell == "Y" or cell in WHEN]
    theirs = (f"{who} ({when.replace('your', 'their')})" if when else who for who, when in found)
    return " or ".join(theirs) or "nobody"


def _approvers(cell: str) -> str:
    return " or ".join(ROLE_WORDS[LETTERS[letter]] for letter in cell.removeprefix("R:"))


def _cell(action: Action, role: Role) -> str:
    """A cell as shipped; one that a setting moves is marked."""
    moved = any((setting.action, setting.role) == (action, role) for setting in SETTINGS.values())
    return ", else ".join(map(_words, cells(action, role))) + (" *" if moved else "")


def _words(cell: str) -> str:
    if cell.startswith("R:"):
        return f"with {_approvers(cell)}"
    return {"Y": "yes", "-": "no"}.get(cell) or WHEN[cell]


def _table(lines: Iterable[Iterable[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
