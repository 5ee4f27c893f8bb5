"""Forms about words for patients: other words, back to the shipped ones, words for one patient, a yes, a no."""

from slackblocks import Block

from pabot.domain.patient_words import LANGUAGES, LONGEST, PLACEHOLDERS, TextName
from pabot.views.forms import fields as f
from pabot.views.forms.sheet import Form, Sheet

WHY = "What is better so?"


def propose_form(text: TextName, words: str) -> Form:
    """A text as it stands, to be changed."""
    return Form("Other words", "Propose", lambda sheet: _propose(text, words))


def _propose(text: TextName, words: str) -> list[Block]:
    known = "\n".join(f"{name}: {placeholder.means}" for name, placeholder in PLACEHOLDERS.items())
    hint = "Facts as {{ payer }}, days as {{ submitted_on | spoken_day }}, cases as {% if late %} … {% endif %}."
    return [
        f.said("about_text", f"{text.label}. What it can be told:\n{known}"),
        f.text("words", "Words", initial=words, lines=True, hint=hint),
        f.text("why", WHY, lines=True, hint="Whoever approves it reads this."),
    ]


def back_form(text: TextName) -> Form:
    """The words of the files are wanted again."""
    return Form("Back to the old words", "Propose", lambda sheet: _back(text))


def _back(text: TextName) -> list[Block]:
    return [
        f.said("about_text", f"{text.label}: the words that came with pabot, or lie in the practice's folder."),
        f.text("why", WHY, lines=True, hint="Whoever approves it reads this."),
    ]


def own_form(language: str, sentence: str, *, alone: bool) -> Form:
    """Words for one patient, from what would be said. `alone`: whoever writes them needs nobody's approval."""
    return Form(
        "Words for this one", "Save" if alone else "Ask a manager", lambda sheet: _own(language, sentence, alone)
    )


def _own(language: str, sentence: str, alone: bool) -> list[Block]:
    holds = "They hold until the request's status changes."
    words = f.text(
        "words", f"Words, in {LANGUAGES[language]}", initial=sentence, lines=True, longest=LONGEST, hint=holds
    )
    why = f.text("why", "Why?", lines=True, optional=True, hint="The manager reads this.")
    return [words] if alone else [words, why]


def _approve(sheet: Sheet) -> list[Block]:
    return [f.text("note", "A note", lines=True, optional=True, hint="Whoever proposed it reads this.")]


def _decline(sheet: Sheet) -> list[Block]:
    return [f.text("why", "Why not?", lines=True, hint="Whoever proposed it reads this.")]


APPROVE = Form("Approve", "Approve", _approve)
DECLINE = Form("Decline", "Save", _decline)
