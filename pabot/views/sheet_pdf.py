"""The submission sheet as a PDF: one or two pages to lie beside the keyboard. US letter, all lengths in millimetres."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast
from zoneinfo import ZoneInfo

import font_source_sans_pro
from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos
from fpdf.fonts import TTFFont

from pabot.domain.submission_sheet import SEE_THE_CHART, Row, Section, Sheet
from pabot.views.text import full_day, one_line

FONTS: dict[Literal["", "B"], str] = {"": "SourceSansPro", "B": "SourceSansProSemibold"}
MARGIN, FOOT = 17.0, 19.0
TITLES, LABELS = 43.0, 40.0  # widths of the columns of section titles and labels; values have the rest
LINE, PAD = 5.3, 2.1  # height of a line, and the room above and below a section
TOGETHER = 60.0  # a section up to this height is not torn apart
TITLE, TEXT, SMALL = 21.0, 10.5, 8.5  # sizes in points
LONGEST = 600  # characters of one fact
UNKNOWN = "☐"  # in place of a character that the font lacks
UNSEEN = ("Cc", "Cf")  # Unicode's categories of control and format characters

Colour = tuple[int, int, int]
INK, TEAL, GREY, RULE, AMBER, SAND = (
    (33, 39, 46),
    (29, 78, 95),
    (100, 109, 118),
    (205, 212, 217),
    (138, 77, 0),
    (253, 244, 226),
)


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


class _Pages(FPDF):
    """Sections one below the other, a column for their titles."""

    def __init__(self, heading: Heading) -> None:
        super().__init__(format="Letter", unit="mm")
        self.heading = heading
        self.boxes = False  # whether a character had to be replaced
        for style, name in FONTS.items():
            self.add_font("sans", style, font_source_sans_pro.font_files_ttf[name])
        self.glyphs = frozenset(cast(TTFFont, self.fonts["sans"]).cmap)
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(True, FOOT)
        self.set_title(f"{heading.number} submission sheet")
        self.set_lang("en-US")
        self.set_creation_date(heading.drawn_at)

    def header(self) -> None:
        self._write(self.heading.number, TITLE, TEAL, "B", height=9)
        self.set_y(self.t_margin)
        self._write("Submission sheet", TEXT + 2, GREY, align="R", height=9)
        self._write(self.heading.about, TEXT, INK)
        self.ln(PAD)

    def footer(self) -> None:
        self.set_y(-FOOT + 7)
        self._write(self.heading.drawn_on, SMALL, GREY)
        self.set_y(-FOOT + 7)
        self._write(f"{self.heading.number} · Page {self.page_no()} of {{nb}}", SMALL, GREY, align="R")

    def opening(self, gaps: tuple[str, ...]) -> None:
        """What is to be asked before anything is typed."""
        if gaps:
            self._write(f"Not recorded: {', '.join(gaps)}", TEXT, AMBER, "B", fill=SAND)
        self.ln(PAD)

    def section(self, section: Section) -> None:
        height = sum(self._height(row) for row in section.rows) + 2 * PAD
        if self.will_page_break(min(height, TOGETHER)):
            self.add_page()
        self._rule()
        self.ln(PAD)
        top, page = self.get_y(), self.page
        self._write(section.title, TEXT, TEAL, "B", width=TITLES - 3)
        below = self.get_y() if self.page == page else top
        self.set_y(top)
        for row in section.rows:
            self._row(row)
        if self.page == page:
            self.set_y(max(self.get_y(), below))
        self.ln(PAD)

    def legend(self) -> None:
        """The end, and what an empty box means where there is one."""
        self._rule()
        if self.boxes:
            self.ln(PAD)
            self._write(f"{UNKNOWN} stands for a character that this file cannot show.", SMALL, GREY)

    def _row(self, row: Row) -> None:
        if self.will_page_break(self._height(row)):
            self.add_page()
        top = self.get_y()
        self._write(row.label, TEXT, GREY, width=LABELS, left=MARGIN + TITLES)
        self.set_y(top)
        colour, fill = (AMBER, SAND) if row.gap else (GREY if row.value == SEE_THE_CHART else INK, None)
        self._write(row.value, TEXT, colour, "B" if row.gap else "", left=MARGIN + TITLES + LABELS, fill=fill)

    def _height(self, row: Row) -> float:
        self.set_font("sans", "B" if row.gap else "", TEXT)
        width = self.epw - TITLES - LABELS
        words = self._shown(row.value)
        height = self.multi_cell(width, LINE, words, dry_run=True, output=MethodReturnValue.HEIGHT, align="L")
        return cast(float, height)

    def _rule(self) -> None:
        self.set_draw_color(RULE)
        self.set_line_width(0.25)
        self.line(MARGIN, self.get_y(), self.w - MARGIN, self.get_y())

    def _write(
        self,
        text: str,
        size: float,
        colour: Colour,
        style: Literal["", "B"] = "",
        *,
        left: float = MARGIN,
        width: float = 0,
        height: float = LINE,
        align: Literal["L", "R"] = "L",
        fill: Colour | None = None,
    ) -> None:
        """Words from `left`, wrapped within `width` (0: as far as the margin); goes on below them."""
        self.set_font("sans", style, size)
        self.set_text_color(colour)
        if fill:
            self.set_fill_color(fill)
        self.set_x(left)
        self.multi_cell(
            width, height, self._shown(text), align=align, fill=fill is not None, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )

    def _shown(self, text: str) -> str:
        """On one line, without what cannot be seen; what the font lacks becomes an empty box."""
        plain = unicodedata.normalize("NFC", one_line(text, LONGEST))
        seen = [character for character in plain if unicodedata.category(character) not in UNSEEN]
        self.boxes |= any(ord(character) not in self.glyphs for character in seen)
        return "".join(character if ord(character) in self.glyphs else UNKNOWN for character in seen) or "–"
