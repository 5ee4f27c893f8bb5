"""The sweep's form: a contact about one request, and those of the same payer for which it brought no change."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from pabot.domain import commands as c
from pabot.handlers.forms import LogContact
from pabot.handlers.payload import LARGEST
from pabot.handlers.step_form import About

_CHOSEN = re.compile(r"(\d{1,10}):(\d{1,10})")


def _as_drawn(value: Any) -> Any:
    """`1042:7`: a request and the version that was drawn."""
    found = _CHOSEN.fullmatch(value) if isinstance(value, str) else None
    pair = tuple(map(int, found.groups())) if found else ()
    if not pair or max(pair) > LARGEST:
        raise ValueError("Choose from the list.")
    return pair


class Sweep(LogContact):
    alike: Annotated[list[Annotated[tuple[int, int], BeforeValidator(_as_drawn)]], Field(default_factory=list)]

    def command(self, about: About) -> c.LogContact:
        said = {name: value for name, value in self if name != "alike"}
        return c.LogContact(number=about.number, version=about.version, **said)
