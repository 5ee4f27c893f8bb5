"""The letter of an appeal: recorded facts around the reasons that a clinician wrote. Nothing is argued here."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from jinja2 import TemplateError

from pabot.domain.cards import AuthorizationCard
from pabot.domain.denials import denied
from pabot.domain.errors import NotNow
from pabot.domain.letters import Kind
from pabot.domain.model import AuthorizationState, Denial, ServiceLine
from pabot.domain.requirements import DENIAL_REASONS, LINE_OF_BUSINESS_LABELS, UNSTATED
from pabot.domain.rules import Directory
from pabot.domain.statuses import Outcome
from pabot.domain.submission_sheet import Identity
from pabot.spoken import spoken_date
from pabot.views.text import File, Look, one_line
from pabot.views.words import LABEL, asked_for, number

BLANK = "_" * 24  # to be filled in by hand
ENCLOSED = {"denial_letter": "Your denial letter", "notes": "Clinical notes", "form": "Your appeal form"}
ELSEWHERE = "My reasons are set out in the enclosed statement."
OPENING, CLOSING = "appeal_letter", "appeal_letter_closing"


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands in it, from the top down. Each text is a paragraph or a line."""

    number: str
    level: int
    letterhead: tuple[str, ...]  # empty: the practice has not set one
    written_on: str
    to: tuple[str, ...]
    about: tuple[tuple[str, str], ...]
    opening: tuple[str, ...]
    reasons: tuple[str, ...]  # empty: nobody has written them yet
    closing: tuple[str, ...]
    signer: tuple[str, ...]
    enclosures: tuple[str, ...]
    drawn_at: datetime  # in the practice's zone

    @property
    def foot(self) -> str:
        return f"{self.number} · appeal, level {self.level}"


def letter_file(
    look: Look, card: AuthorizationCard, staff: Directory, letterhead: str, who: Identity | None, kind: Kind
) -> File:
    """To edit, or as it is filed. Its name says no more than the number. Raises NotNow where it cannot be written."""
    made, boxes = letter(look, card, staff, letterhead, who), False
    if kind is Kind.PDF:
        from pabot.views.letter_pdf import letter_pdf  # takes long to import; few processes draw

        content, boxes = letter_pdf(made)
    else:
        from pabot.views.letter_docx import letter_docx

        content = letter_docx(made)
    name = f"{made.number}-level-{made.level}-appeal.{kind}"
    title = f"{made.number} appeal letter, {'as filed' if kind is Kind.PDF else 'to edit'}"
    said = look.say("letter_file", number=made.number, final=kind is Kind.PDF, boxes=boxes)
    return File(name, title, said, content)


def letter(look: Look, card: AuthorizationCard, staff: Directory, letterhead: str, who: Identity | None) -> Letter:
    """Raises NotNow when a template of the practice's own is broken, or no appeal can be written."""
    denial, level = card.state.denial, card.appeal_level
    if denial is None or level is None:
        raise NotNow("There is no appeal to write a letter for.")
    words = _words(card, denial, level.name)
    signer = staff.get(denial.necessity_by or card.state.clinician_id)
    today = card.now.astimezone(look.zone)
    return Letter(
        number=number(card.state.number),
        level=denial.level,
        letterhead=_lines(letterhead),
        written_on=spoken_date(today.date()),
        to=(card.payer.payer, "Appeals", *(f"Fax {card.contacts.fax}" for _ in filter(None, [card.contacts.fax]))),
        about=tuple(_about(card, denial, level.name, who)),
        opening=_said(look, OPENING, words),
        reasons=_reasons(denial),
        closing=_said(look, CLOSING, words),
        signer=(signer.name, f"NPI {signer.npi}" if signer.npi else f"NPI {BLANK}") if signer else (BLANK,),
        enclosures=tuple(_enclosures(denial)),
        drawn_at=today,
    )


def _words(card: AuthorizationCard, denial: Denial, level_name: str) -> dict[str, object]:
    """What a letter's templates may use; `domain.letters.WORDS` names it all."""
    reason = DENIAL_REASONS.get(denial.reason)
    return {
        "level": denial.level,
        "level_name": level_name,
        "expedited": denial.expedited or card.state.is_expedited,
        "notice_on": denial.notice_on,
        "partial": card.state.outcome is Outcome.PARTIAL,
        "service": one_line(card.service, LABEL),
        "codes": ", ".join(asked_for(replace(card.state, lines=_refused(card.state)))),
        "reason": reason.label.lower() if reason else denial.reason,
        "stated": denial.reason != UNSTATED,
        "said": " ".join(denial.reason_text.split()),
        "payer": one_line(card.payer.payer, LABEL),
        "plan": one_line(card.payer.plan, LABEL),
        "consent_on": denial.consent_on,
    }


def _refused(state: AuthorizationState) -> tuple[ServiceLine, ...]:
    """Where the payer has yet to decide a part, the lines that its letter denies, as they were asked."""
    if not state.awaited_lines or state.denial is None:
        return state.lines
    named = denied(state, state.denial)
    return tuple(replace(line, approved=None) for line in state.lines if line.seq in named)


def _about(card: AuthorizationCard, denial: Denial, level_name: str, who: Identity | None) -> Iterator[tuple[str, str]]:
    """The block that a payer finds the case by. Without identity its lines are filled in by hand."""
    yield "Patient", " ".join(filter(None, (who.first_name, who.last_name))) or BLANK if who else BLANK
    yield "Birth date", _date(who.born_on) if who else BLANK
    yield "Member ID", (who.member_id or BLANK) if who else BLANK
    yield "Plan", f"{card.payer.plan}, {LINE_OF_BUSINESS_LABELS[card.payer.line_of_business]}"
    yield "Denial number", denial.reference or BLANK
    if card.state.tracking_number:
        yield "Tracking number", card.state.tracking_number
    yield "Date of your letter", spoken_date(denial.notice_on)
    yield "Service", card.service
    yield "Codes", ", ".join(asked_for(card.state)) or BLANK
    yield "Diagnoses", ", ".join(card.diagnoses) if who and card.diagnoses else BLANK
    yield "Appeal", f"Level {denial.level}: {level_name}{', expedited' if denial.expedited else ''}"


def _reasons(denial: Denial) -> tuple[str, ...]:
    return _lines(denial.necessity) or ((ELSEWHERE,) if denial.necessity_where else ())


def _enclosures(denial: Denial) -> Iterator[str]:
    yield from (label for key, label in ENCLOSED.items() if key in denial.packet.split())
    if denial.necessity_where:
        yield "The clinician's statement of reasons"
    if denial.consent_by:
        yield "The patient's written consent"
    yield from denial.attachments.splitlines()


def _said(look: Look, name: str, words: dict[str, object]) -> tuple[str, ...]:
    """A template's paragraphs, which empty lines divide."""
    try:
        text = look.write(name, **words)
    except TemplateError as wrong:
        raise NotNow(
            f"The template payer/{name}.j2 cannot be used ({wrong}). A manager can have it mended: "
            "pabot check names it."
        ) from wrong
    return tuple(" ".join(block.split()) for block in text.split("\n\n") if block.strip())


def _lines(text: str) -> tuple[str, ...]:
    return tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _date(on: date | None) -> str:
    return spoken_date(on) if on else BLANK
