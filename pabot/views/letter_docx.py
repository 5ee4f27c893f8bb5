"""The letter of an appeal to be edited: a Word file."""

import io
import unicodedata
from collections.abc import Iterable

from docx import Document
from docx.document import Document as Written
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt, RGBColor
from docx.text.paragraph import Paragraph

from pabot.views.letter import BLANK, Letter
from pabot.views.letter_pdf import TITLE, TO_ENCLOSE
from pabot.views.text import clean

FONT, TEXT, HEAD, SMALL = "Calibri", Pt(11), Pt(14), Pt(8.5)
TEAL, GREY = RGBColor(29, 78, 95), RGBColor(100, 109, 118)
WIDTHS = (Inches(1.6), Inches(4.9))  # of the block about the case
TO_BE_WRITTEN = "[A clinician writes the reasons here.]"
NO_LETTERHEAD = "[Letterhead of the practice]"
RIGHT_TO_LEFT = ("R", "AL")  # Unicode's bidirectional classes


def letter_docx(letter: Letter) -> bytes:
    document = Document()
    _page(document, letter)
    _head(document, letter)
    _case(document, letter)
    _paragraphs(document, letter.opening)
    _line(document, TITLE, bold=True, colour=TEAL)
    if letter.reasons:
        _paragraphs(document, letter.reasons)
    else:
        _marked(document, TO_BE_WRITTEN)
    _paragraphs(document, letter.closing)
    _line(document, "Sincerely,", after=40, keep=True)
    _line(document, "_" * 36, keep=True)
    for at, line in enumerate(letter.signer, 1):
        _line(document, line, keep=at < len(letter.signer))
    if letter.enclosures:
        _line(document, "")
        _line(document, TO_ENCLOSE, bold=True, colour=TEAL)
        for at, line in enumerate(letter.enclosures, 1):
            _line(document, f"{at}. {line}")
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _page(document: Written, letter: Letter) -> None:
    """US letter with an inch around it; the foot says which letter and page it is."""
    section = document.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Inches(1)
    usual = document.styles["Normal"]
    usual.font.name, usual.font.size = FONT, TEXT
    foot = section.footer.paragraphs[0]
    _into(foot, f"{letter.foot} · Page ", colour=GREY, size=SMALL)
    _field(foot, "PAGE")
    _into(foot, " of ", colour=GREY, size=SMALL)
    _field(foot, "NUMPAGES")
    about = document.core_properties
    about.title, about.author, about.comments = f"{letter.number} appeal letter", "", ""
    about.created = about.modified = letter.drawn_at.replace(tzinfo=None)


def _head(document: Written, letter: Letter) -> None:
    if letter.letterhead:
        name, *rest = letter.letterhead
        _line(document, name, bold=True, colour=TEAL, size=HEAD)
        for line in rest:
            _line(document, line, colour=GREY)
    else:
        _marked(document, NO_LETTERHEAD)
    _line(document, "")
    _line(document, letter.written_on, after=8)
    for line in letter.to:
        _line(document, line)
    _line(document, "")


def _case(document: Written, letter: Letter) -> None:
    table = document.add_table(rows=0, cols=2)
    table.autofit = False
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = width
    for at, (label, value) in enumerate(letter.about):
        cells = table.add_row().cells
        cells[0].width, cells[1].width = WIDTHS
        _into(cells[0].paragraphs[0], f"Re: {label}" if at == 0 else label, colour=GREY)
        _into(cells[1].paragraphs[0], value, bold=at == 0 and value != BLANK)
        for cell in cells:
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)
    _line(document, "")


def _paragraphs(document: Written, texts: Iterable[str]) -> None:
    for text in texts:
        _line(document, text, after=8)


def _marked(document: Written, text: str) -> None:
    """What somebody has to fill in, so that it is not overlooked."""
    paragraph = document.add_paragraph()
    paragraph.add_run(text).font.highlight_color = WD_COLOR_INDEX.YELLOW


def _line(
    document: Written,
    text: str,
    *,
    bold: bool = False,
    colour: RGBColor | None = None,
    size: Pt = TEXT,
    after: float = 0,
    keep: bool = False,
) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(after)
    paragraph.paragraph_format.keep_with_next = keep or bold
    _into(paragraph, text, bold=bold, colour=colour, size=size)


def _into(
    paragraph: Paragraph, text: str, *, bold: bool = False, colour: RGBColor | None = None, size: Pt = TEXT
) -> None:
    """Words, in the direction that most of their letters are written in."""
    shown = clean(text)
    run = paragraph.add_run(shown)
    run.bold, run.font.size = bold, size
    if colour is not None:
        run.font.color.rgb = colour
    if _runs_to_the_left(shown):
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        run.font.rtl = True


def _runs_to_the_left(text: str) -> bool:
    classes = [unicodedata.bidirectional(character) for character in text]
    left = sum(one in RIGHT_TO_LEFT for one in classes)
    return left > classes.count("L")


def _field(paragraph: Paragraph, name: str) -> None:
    """A number that the word processor counts. Each mark has a small run of its own: in one run together, what is
    counted would be drawn in the usual size.
    """
    for kind in ("begin", "", "separate", "1", "end"):
        run = paragraph.add_run("1" if kind == "1" else "")  # stands there until it is counted
        run.font.size, run.font.color.rgb = SMALL, GREY
        if kind == "1":
            continue
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = name
        run._r.append(mark)
