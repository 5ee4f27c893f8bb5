"""Pages of a PDF in the house font: US letter, all lengths in millimetres."""

import unicodedata
from datetime import datetime
from typing import Literal, cast

import font_source_sans_pro
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from pabot.views.text import one_line

FONTS: dict[Literal["", "B"], str] = {"": "SourceSansPro", "B": "SourceSansProSemibold"}
UNKNOWN = "☐"  # in place of a character that the font lacks
UNSEEN = ("Cc", "Cf")  # Unicode's categories of control and format characters
LONGEST = 600  # characters of one fact

Colour = tuple[int, int, int]
INK, TEAL, GREY, RULE, AMBER, SAND = (
    (33, 39, 46),
    (29, 78, 95),
    (100, 109, 118),
    (205, 212, 217),
    (138, 77, 0),
    (253, 244, 226),
)


class Pages(FPDF):
    """The same facts give the same bytes. A character that the font lacks is shown as an empty box."""

    def __init__(self, title: str, drawn_at: datetime, *, margin: float, foot: float, line: float) -> None:
        super().__init__(format="Letter", unit="mm")
        self.line_height = line
        self.boxes = False  # whether a character had to be replaced
        for style, name in FONTS.items():
            self.add_font("sans", style, font_source_sans_pro.font_files_ttf[name])
        self.glyphs = frozenset(cast(TTFFont, self.fonts["sans"]).cmap)
        self.set_margins(margin, margin, margin)
        self.set_auto_page_break(True, foot)
        self.set_title(title)
        self.set_lang("en-US")
        self.set_creation_date(drawn_at)

    def rule(self) -> None:
        self.set_draw_color(RULE)
        self.set_line_width(0.25)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())

    def write_words(
        self,
        text: str,
        size: float,
        colour: Colour,
        style: Literal["", "B"] = "",
        *,
        left: float | None = None,
        width: float = 0,
        height: float | None = None,
        align: Literal["L", "R"] = "L",
        fill: Colour | None = None,
        longest: int = LONGEST,
    ) -> None:
        """Words from `left`, wrapped within `width` (0: as far as the margin); goes on below them."""
        self.set_font("sans", style, size)
        self.set_text_color(colour)
        if fill:
            self.set_fill_color(fill)
        self.set_x(self.l_margin if left is None else left)
        words, tall = self.shown(text, longest), height or self.line_height
        self.multi_cell(width, tall, words, align=align, fill=fill is not None, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def shown(self, text: str, longest: int = LONGEST) -> str:
        """On one line, without what cannot be seen; what the font lacks becomes an empty box."""
        plain = unicodedata.normalize("NFC", one_line(text, longest))
        seen = [character for character in plain if unicodedata.category(character) not in UNSEEN]
        self.boxes |= any(ord(character) not in self.glyphs for character in seen)
        return "".join(character if ord(character) in self.glyphs else UNKNOWN for character in seen) or "–"
