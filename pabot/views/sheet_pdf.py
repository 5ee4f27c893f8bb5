"""The submission sheet as a PDF: one or two pages to lie beside the keyboard. US letter, all lengths in millimetres."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from fpdf.enums import MethodReturnValue

from pabot.domain.submission_sheet import SEE_THE_CHART, Row, Section, Sheet
from pabot.views.pdf_pages import AMBER, GREY, INK, SAND, TEAL, UNKNOWN, Pages
from pabot.views.text import full_day

MARGIN, FOOT = 17.0, 19.0
TITLES, LABELS = 43.0, 40.0  # widths of the columns of section titles and labels; values have the rest
LINE, PAD = 5.3, 2.1  # height of a line, and the room above and below a section
TOGETHER = 60.0  # a section up to this height is not torn apart
TITLE, TEXT, SMALL = 21.0, 10.5, 8.5  # sizes in points


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands on every page. `about` says no more than minimum; `drawn_at` is in the practice's zone."""

    number: str
    about: str
    drawn_at: datetime

    @property
    def drawn_on(self) -> str:
        at, zone = self.drawn_at, self.drawn_at.tzinfo
        name = zone.key if isinstance(zone, ZoneInfo) else str(zone)
        return f"Drawn on {full_day(at.date())}, {at.hour % 12 or 12}:{at:%M %p} ({name})"


def sheet_pdf(heading: Heading, sheet: Sheet) -> bytes:
    """The same facts give the same bytes. A character that the font lacks is shown as an empty box."""
    pages = _Pages(heading)
    pages.add_page()
    pages.opening(sheet.gaps)
    for section in sheet.sections:
        pages.section(section)
    pages.legend()
    return bytes(pages.output())


class _Pages(Pages):
    """Sections one below the other, a column for their titles."""

    def __init__(self, heading: Heading) -> None:
        title = f"{heading.number} submission sheet"
        super().__init__(title, heading.drawn_at, margin=MARGIN, foot=FOOT, line=LINE)
        self.heading = heading

    def header(self) -> None:
        self.write_words(self.heading.number, TITLE, TEAL, "B", height=9)
        self.set_y(self.t_margin)
        self.write_words("Submission sheet", TEXT + 2, GREY, align="R", height=9)
        self.write_words(self.heading.about, TEXT, INK)
        self.ln(PAD)

    def footer(self) -> None:
        self.set_y(-FOOT + 7)
        self.write_words(self.heading.drawn_on, SMALL, GREY)
        self.set_y(-FOOT + 7)
        self.write_words(f"{self.heading.number} · Page {self.page_no()} of {{nb}}", SMALL, GREY, align="R")

    def opening(self, gaps: tuple[str, ...]) -> None:
        """What is to be asked before anything is typed."""
        if gaps:
            self.write_words(f"Not recorded: {', '.join(gaps)}", TEXT, AMBER, "B", fill=SAND)
        self.ln(PAD)

    def section(self, section: Section) -> None:
        height = sum(self._height(row) for row in section.rows) + 2 * PAD
        if self.will_page_break(min(height, TOGETHER)):
            self.add_page()
        self.rule()
        self.ln(PAD)
        top, page = self.get_y(), self.page
        self.write_words(section.title, TEXT, TEAL, "B", width=TITLES - 3)
        below = self.get_y() if self.page == page else top
        self.set_y(top)
        for row in section.rows:
            self._row(row)
        if self.page == page:
            self.set_y(max(self.get_y(), below))
        self.ln(PAD)

    def legend(self) -> None:
        """The end, and what an empty box means where there is one."""
        self.rule()
        if self.boxes:
            self.ln(PAD)
            self.write_words(f"{UNKNOWN} stands for a character that this file cannot show.", SMALL, GREY)

    def _row(self, row: Row) -> None:
        if self.will_page_break(self._height(row)):
            self.add_page()
        top = self.get_y()
        self.write_words(row.label, TEXT, GREY, width=LABELS, left=MARGIN + TITLES)
        self.set_y(top)
        colour, fill = (AMBER, SAND) if row.gap else (GREY if row.value == SEE_THE_CHART else INK, None)
        self.write_words(row.value, TEXT, colour, "B" if row.gap else "", left=MARGIN + TITLES + LABELS, fill=fill)

    def _height(self, row: Row) -> float:
        self.set_font("sans", "B" if row.gap else "", TEXT)
        width = self.epw - TITLES - LABELS
        words = self.shown(row.value)
        height = self.multi_cell(width, LINE, words, dry_run=True, output=MethodReturnValue.HEIGHT, align="L")
        return cast(float, height)
