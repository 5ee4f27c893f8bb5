"""The answer to a contact that was logged from a message or by a command: what was noted, and what runs now."""

from typing import Any

from pabot.domain.cards import Logged
from pabot.domain.next_steps import needed
from pabot.views import buttons, card, history, parts
from pabot.views.text import Look
from pabot.views.words import number


def logged(look: Look, done: Logged) -> dict[str, Any]:
    """Nothing of the patient is in it: the number is what the person has before them."""
    of, entry = done.state.number, done.entry
    said = parts.said(
        look,
        "logged",
        "contact_logged",
        payer=done.payer,
        noted=history.in_words(look, done.names, entry.detail) if entry else "",
        needed=needed(done.state),
    )
    undo = [buttons.correction(of, entry.save)] if entry else []
    running = card.clocks(look, done.clocks, done.names, done.now)
    return parts.modal(number(of), [said, *running, *parts.actions("receipt", [parts.open_button(of), *undo])])
