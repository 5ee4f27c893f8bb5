"""What is said about an appeal letter that was asked for."""

from typing import Any

from pabot.domain.cards import AuthorizationCard
from pabot.domain.letters import Kind
from pabot.views import parts
from pabot.views.ids import Hint, Id
from pabot.views.text import File, Look, Mrkdwn, Rendered
from pabot.views.words import number


def asked(look: Look, card: AuthorizationCard, kind: Kind) -> dict[str, Any]:
    """Where it is going, and what is still to be done about it."""
    denial = card.state.denial
    said = look.say(
        "letter_asked",
        number=number(card.state.number),
        final=kind is Kind.PDF,
        argued=denial is not None and denial.is_argued,
        to_folder=look.letter_folder is not None,
        named=look.names_in_letters,
    )
    back = parts.button("Open the request", Id.CARD_OPEN, Hint(number=card.state.number))
    return parts.modal(
        f"{number(card.state.number)} letter", [parts.section("letter", said), *parts.actions("actions", [back])]
    )


def kept(look: Look, of: int, file: File, name: str) -> Rendered:
    """The letter lies in the practice's folder, under this name."""
    said = look.say("letter_kept", number=number(of), name=name)
    blocks = [
        parts.section("letter", Mrkdwn(file.text)),
        parts.section("letter_kept", said),
        *parts.opener(of),
    ]
    return parts.message(f"{number(of)}: the appeal letter is written", blocks)
