"""What a form is drawn from, the shape of a form, and drawing one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from slackblocks import ActionsBlock, AlertBlock, Block, Button, ContextBlock, ModalView

from pabot.domain.cards import AuthorizationCard
from pabot.domain.commands import LogContact
from pabot.domain.library import Checklist
from pabot.domain.model import Member
from pabot.domain.rules import Directory
from pabot.domain.wording_changes import NONE_OF_ITS_OWN, OwnWords
from pabot.views.forms.fields import plain, text
from pabot.views.ids import Hint, Id, step_submit
from pabot.views.patients import Surface, shown
from pabot.views.text import Look, clip

WHY = "approval_why"  # the field of the note for whoever approves
ALERT_TEXT = 200  # Slack's limit
SHOWN = 1500  # characters of somebody's words repeated in a form


@dataclass(frozen=True, slots=True)
class Sheet:
    """The facts that prefill a form. `now` is aware, in the practice's zone."""

    look: Look
    now: datetime
    viewer: Member
    staff: Directory
    hint: Hint
    card: AuthorizationCard | None = None
    expected: tuple[date, str] | None = None  # when the payer should answer, and why
    warned: str = ""  # what of the typed words judges care: the form is shown again
    typed: str = ""  # into another form, of which this one goes on
    asks: str = ""  # who is asked to approve it: saving asks, and does nothing yet
    own: OwnWords = NONE_OF_ITS_OWN  # what this patient hears in other words than the practice's
    same_call: LogContact | None = None  # just recorded with the same payer: one login or call serves many

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def request(self) -> AuthorizationCard:
        """The card, for forms about one request."""
        if self.card is None:
            raise ValueError("this form is about a request, and none was given")
        return self.card

    @property
    def checklist(self) -> Checklist | None:
        """What the payer wants for the request, where the library knows it."""
        return self.request.checklist.body if self.request.checklist else None


@dataclass(frozen=True, slots=True)
class Form:
    """One short form. `overwrites`: it replaces facts that somebody else may have changed since it was drawn."""

    title: str
    submit: str
    blocks: Callable[[Sheet], list[Block]]
    overwrites: bool = False
    wants_expected: bool = False  # it shows when the payer should answer
    wants_own_words: bool = False  # it shows what is to be said to the patient
    wants_diagnoses: bool = False  # it shows those on file where the practice shows identity, which leaves a view


def draw(form: Form, sheet: Sheet, callback_id: str) -> dict[str, Any]:
    """The modal of a form, as Slack wants it."""
    about = [heading(sheet)] if sheet.card else []
    view = ModalView(
        title=form.title,
        blocks=[*about, *_judging(sheet), *_asking(sheet), *form.blocks(sheet), *_why(sheet)],
        submit="Ask for approval" if sheet.asks else form.submit,
        close="Cancel",
        callback_id=callback_id,
        private_metadata=sheet.hint.packed(),
    )
    return dict(view.to_dict())


def draw_step(kind: str, form: Form, sheet: Sheet) -> dict[str, Any]:
    return draw(form, sheet, step_submit(kind))


def warning(said: str, *, name: str) -> AlertBlock:
    """A sentence that must not be overlooked."""
    return AlertBlock(plain(clip(said, ALERT_TEXT)), level="warning", block_id=name)


def _judging(sheet: Sheet) -> list[Block]:
    """Words that are a clinician's to say, on an internal note: a way to the clinician, and saving again keeps them."""
    if not sheet.warned:
        return []
    ask = Button(plain("Ask the clinician instead"), action_id=Id.ASK_INSTEAD, value=sheet.hint.packed())
    kept = "As an internal note it may stay: save again, and it is marked as kept."
    return [
        warning(sheet.warned, name="judging"),
        ContextBlock(elements=[plain(kept)], block_id="kept"),
        ActionsBlock(elements=[ask], block_id="instead"),
    ]


def _asking(sheet: Sheet) -> list[Block]:
    if not sheet.asks:
        return []
    said = f"This needs approval: {sheet.asks} is asked first. Nothing changes until it is approved."
    return [warning(said, name="asks")]


def _why(sheet: Sheet) -> list[Block]:
    """For whoever approves. It is no field of the step, and is asked last."""
    return [text(WHY, "A note for whoever approves", lines=True, optional=True)] if sheet.asks else []


def heading(sheet: Sheet) -> ContextBlock:
    """Which request this is about, said as little as the privacy level allows."""
    card = sheet.request
    patient = shown(card.patient, Surface.FORM, sheet.viewer, sheet.look.privacy)
    words = f"PA-{card.state.number} · {patient} · {card.payer.payer}"
    return ContextBlock(elements=[plain(words)], block_id="about")
