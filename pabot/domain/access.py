"""Which portal each person may use and who manages its login, never the login itself (founding guide R15)."""

import re
from dataclasses import dataclass

from pabot.domain.errors import Invalid

_SAYS_SECRET = re.compile(r"pass(?:word|code|wd)|\bpwd?\b|\bpin\b|secret|token|login:|user(?:name)?:", re.IGNORECASE)
_WORD = re.compile(r"\S{8,}")


@dataclass(frozen=True, slots=True)
class Access:
    """Who works with a system, and whom to ask for a login."""

    system: str
    users: str
    keeper: str

    def __str__(self) -> str:
        return f"{self.system} > {self.users} > {self.keeper}"


def parse_access(text: str) -> tuple[Access, ...]:
    """`Northwind portal > coordinators and billers > Max Tiller`, one a line. Raises Invalid under `access`."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = [part.strip() for part in line.split(">")]
        if looks_secret(line):
            raise Invalid(
                {"access": "That looks like a password. Write who manages the login, never the login itself."}
            )
        if len(parts) != 3 or not all(parts):
            said = f"“{line[:40]}”: write the system, who uses it, and who manages the login, with > between them."
            raise Invalid({"access": said})
        found.append(Access(*parts))
    return tuple(found)


def looks_secret(text: str) -> bool:
    """Whether somebody may have typed a password: named as one, or a word as only passwords are."""
    return bool(_SAYS_SECRET.search(text)) or any(_mixed(word) for word in _WORD.findall(text))


def _mixed(word: str) -> bool:
    """Letters, digits and signs in one word that is no address."""
    if "://" in word or re.fullmatch(r"[\w.+-]+@[\w.-]+|(?:www\.)?[\w-]+(?:\.[\w-]+)+(?:/\S*)?", word):
        return False
    kinds = (r"[a-z]", r"[A-Z]", r"\d", r"[^\w\s.,;:()'/-]")
    return sum(bool(re.search(kind, word)) for kind in kinds) >= 3 and bool(re.search(r"\d", word))
