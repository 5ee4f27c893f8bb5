"""What the commands share: printing, checking arguments, and opening the practice's record."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from typing import TYPE_CHECKING

import typer

from pabot import checks
from pabot.app import Pabot, build
from pabot.logs import start_logging
from pabot.settings import Settings, load

if TYPE_CHECKING:
    from rich.console import Console

NO_SETUP, FAULT = 2, 1


@cache
def out() -> "Console":
    """Where results go."""
    return _console(stderr=False)


@cache
def err() -> "Console":
    """Where progress and faults go."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> "Console":
    """What people typed is printed as it is: no markup, no smileys. A worker prints nothing and need not load it."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False, stderr=stderr)


def word(text: str) -> str:
    """An argument that may not be empty."""
    if not text.strip():
        raise typer.BadParameter("a name is needed")
    return text.strip()


def ready(*names: str) -> Settings:
    """Settings with what every command needs, and what this one needs besides."""
    settings = load()
    settings.require(*names, "secret_keys")
    start_logging()
    return settings


@contextmanager
def opened(*names: str) -> Iterator[Pabot]:
    """The parts, on a database that is ready for them."""
    settings = ready(*names)
    checks.require_database(settings)
    pabot = build(settings)
    with closing(pabot.store):
        yield pabot
