"""`/pa patient`: the approved sentence for where a request stands, in two languages, to read out or to copy."""

from slackblocks import RichText, RichTextBlock, RichTextSection

from pabot.domain.cards import AuthorizationCard
from pabot.domain.model import Member
from pabot.domain.patient_words import LANGUAGES
from pabot.views import lines, parts
from pabot.views.text import Look, Rendered
from pabot.views.words import read_out, told_badge

STEPS = {"tell_patient": "Patient told", "waive_update": "Telling is not needed"}


def patient_text(look: Look, card: AuthorizationCard, viewer: Member) -> Rendered:
    """The sentences name no patient; the buttons are those that this reader may press."""
    state = card.state
    own = card.checklist.body.patient_words if card.checklist else ""
    head = lines.section(look, "patient_text", "about", number=state.number, told=told_badge(look, state))
    said = [
        RichTextBlock(
            RichTextSection(
                [
                    RichText(f"{name}\n", bold=True),
                    RichText(read_out(look, state, card.payer.payer, card.service, card.now, own, language=language)),
                ]
            ),
            block_id=f"words_{language}",
        )
        for language, name in LANGUAGES.items()
    ]
    return parts.message(f"PA-{state.number}: what the patient may hear", [head, *said, *lines.steps(card, STEPS)])
