"""The submission sheet as people get it: a screen to copy from, and a file in their own direct messages."""

from typing import Any

from slackblocks import Block, RichText, RichTextBlock, RichTextElement, RichTextSection

from pabot.domain.cards import AuthorizationCard
from pabot.domain.model import Member
from pabot.domain.rules import Directory
from pabot.domain.submission_sheet import SEE_THE_CHART, Row, Section, Sheet, submission_sheet
from pabot.views import lines, parts
from pabot.views.ids import Hint, Id
from pabot.views.patients import Surface, identity
from pabot.views.text import File, Look, one_line
from pabot.views.words import number


def sheet_modal(
    look: Look, card: AuthorizationCard, staff: Directory, viewer: Member, *, asked: bool = False
) -> dict[str, Any]:
    """The gaps first, then the form's sections. `asked`: the file is on its way."""
    sheet = _sheet(look, card, staff, viewer)
    hint = Hint(number=card.state.number)
    send = [] if asked else [parts.button("Send me the PDF", Id.SHEET_SEND, hint, style="primary")]
    blocks = [
        parts.section("sheet", look.say("sheet", about=lines.about(card), gaps=sheet.gaps, asked=asked)),
        *parts.actions("actions", [*send, parts.button("Open the request", Id.CARD_OPEN, hint)]),
        *(_section(section, f"section_{at}") for at, section in enumerate(sheet.sections, 1)),
    ]
    return parts.modal(f"{number(card.state.number)} sheet", blocks)


def sheet_file(look: Look, card: AuthorizationCard, staff: Directory, viewer: Member) -> File:
    """The same as a PDF. What is seen without opening it names nobody."""
    from pabot.views.sheet_pdf import Heading, sheet_pdf  # takes as long to import as half of pabot; few processes draw

    of = number(card.state.number)
    heading = Heading(of, lines.unnumbered(card), card.now.astimezone(look.zone))
    content = sheet_pdf(heading, _sheet(look, card, staff, viewer))
    return File(f"{of}-sheet.pdf", f"{of} submission sheet", look.say("sheet_file", number=of), content)


def _sheet(look: Look, card: AuthorizationCard, staff: Directory, viewer: Member) -> Sheet:
    who = identity(card.patient, Surface.SHEET, viewer, look.privacy)
    return submission_sheet(card, staff, look.zone, who)


def _section(section: Section, name: str) -> Block:
    """As rich text, which shows each character as it was typed: what is copied must be what was recorded."""
    words: list[RichTextElement] = [RichText(section.title, bold=True)]
    for row in section.rows:
        words += [RichText(f"\n{row.label}: "), _value(row)]
    return RichTextBlock(RichTextSection(words), block_id=name)


def _value(row: Row) -> RichText:
    """A recorded fact stands in a frame, so that its ends are seen; what is to be asked or looked up does not."""
    words = one_line(row.value) or "–"
    if row.gap or row.value == SEE_THE_CHART:
        return RichText(words, bold=row.gap or None, italic=True)
    return RichText(words, code=True)
