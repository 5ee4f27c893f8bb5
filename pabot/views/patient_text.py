"""`/pa patient`: the approved sentence for where a request stands, in two languages, to read out or to copy."""

from slackblocks import Block, RichText, RichTextBlock, RichTextSection

from pabot.domain.cards import AuthorizationCard
from pabot.domain.model import Member
from pabot.domain.patient_words import LANGUAGES
from pabot.views import lines, parts
from pabot.views.text import Look, Rendered
from pabot.views.words import attempts, for_the_patient, told_badge

STEPS = {"tell_patient": "Patient told", "waive_update": "Telling is not needed"}


def patient_text(look: Look, card: AuthorizationCard, viewer: Member) -> Rendered:
    """The sentences name no patient; the buttons are those that this reader may press."""
    state = card.state
    told = " · ".join(filter(None, (told_badge(look, state), attempts(look, card))))
    head = lines.section(look, "patient_text", "about", number=state.number, told=told)
    said = [*approved(look, card), *lines.steps(card, STEPS)]
    return parts.message(f"PA-{state.number}: what the patient may hear", [head, *said])


def approved(look: Look, card: AuthorizationCard) -> list[Block]:
    """The approved sentences in each language, a block each, to read out or to copy."""
    return [
        RichTextBlock(
            RichTextSection(
                [
                    RichText(f"{name}\n", bold=True),
                    RichText(for_the_patient(look, card, language=language)),
                ]
            ),
            block_id=f"words_{language}",
        )
        for language, name in LANGUAGES.items()
    ]
