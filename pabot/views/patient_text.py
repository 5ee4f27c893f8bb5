"""`/pa patient`: the approved sentence for where a request stands, in two languages, to read out or to copy."""

from slackblocks import Block, Element, RichText, RichTextBlock, RichTextElement, RichTextSection

from pabot.domain.cards import AuthorizationCard
from pabot.domain.model import Member
from pabot.domain.patient_words import LANGUAGES
from pabot.domain.roles import Action, may
from pabot.domain.rules import Directory
from pabot.domain.wording_changes import OwnWords, WordsProposal
from pabot.views import lines, parts
from pabot.views.ids import Hint, Id
from pabot.views.text import Look, Mrkdwn, Rendered
from pabot.views.words import attempts, for_the_patient, told_badge

STEPS = {"tell_patient": "Patient told", "patient_called": "Patient called", "waive_update": "Telling is not needed"}


def patient_text(look: Look, card: AuthorizationCard, viewer: Member, own: OwnWords, staff: Directory) -> Rendered:
    """The sentences name no patient; the buttons are those that this reader may press."""
    state = card.state
    told = " · ".join(filter(None, (told_badge(look, state), attempts(look, card))))
    head = lines.section(look, "patient_text", "about", number=state.number, told=told)
    texts = parts.button("Words for patients", Id.WORDING_OPEN, Hint())
    return parts.message(
        f"PA-{state.number}: what the patient may hear",
        [
            head,
            *(block for language in LANGUAGES for block in _in(look, card, viewer, own, staff, language)),
            *lines.steps(card, STEPS),
            *parts.actions("texts", [texts]),
        ],
    )


def said(look: Look, card: AuthorizationCard, own: OwnWords, language: str) -> str:
    """The words for this patient as the request stands: its own, where they were approved, else the practice's."""
    if approved := own.approved.get(language):
        return approved.words
    return for_the_patient(look, card, language=language)


def approved(look: Look, card: AuthorizationCard, own: OwnWords) -> list[Block]:
    """The approved sentences in each language, a block each, to read out or to copy."""
    return [_sentence(look, card, own, language) for language in LANGUAGES]


def _sentence(look: Look, card: AuthorizationCard, own: OwnWords, language: str) -> Block:
    heard: list[RichTextElement] = [
        RichText(f"{LANGUAGES[language]}\n", bold=True),
        RichText(said(look, card, own, language)),
    ]
    return RichTextBlock(RichTextSection(heard), block_id=f"words_{language}")


def _in(
    look: Look, card: AuthorizationCard, viewer: Member, own: OwnWords, staff: Directory, language: str
) -> list[Block]:
    """One language: its sentence, whose words they are where they are not the practice's, what waits, the button."""
    theirs = own.approved.get(language)
    return [
        _sentence(look, card, own, language),
        *([parts.context(f"whose_{language}", _whose(look, theirs, staff))] if theirs else []),
        *(_asked(look, one, staff) for one in own.asked if one.text.language == language),
        *parts.actions(f"own_{language}", [_other(card, language)] if _may_word(viewer) else []),
    ]


def _whose(look: Look, of: WordsProposal, staff: Directory) -> Mrkdwn:
    standing = "worded" if of.by == of.decided_by else "approved"
    on = look.date(of.decided_at or of.at)
    return look.say("own_words", standing=standing, who=staff.name(of.decided_by), on=on)


def _asked(look: Look, of: WordsProposal, staff: Directory) -> Block:
    waits = look.say("own_words", standing="waits", who=staff.name(of.by), on=None)
    return parts.section(f"waits_{of.id}", waits, parts.button("Look at it", Id.WORDS_OPEN, Hint(child=of.id)))


def _may_word(viewer: Member) -> bool:
    """Whether they may reword it, or ask for that."""
    refused = may(viewer, Action.EDIT_PATIENT_UPDATE)
    return refused is None or refused.approval


def _other(card: AuthorizationCard, language: str) -> Element:
    hint = Hint(number=card.state.number, what=language)
    return parts.button("Other words for this one", Id.OWN_WORDS_OPEN, hint)
