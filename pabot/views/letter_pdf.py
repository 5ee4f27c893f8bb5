"""The letter of an appeal as it is filed: a PDF, page by page."""

from pabot.views.letter import Letter
from pabot.views.pdf_pages import GREY, INK, TEAL, UNKNOWN, Pages

MARGIN, FOOT = 23.0, 20.0
LINE = 5.2  # height of a line
APART = 2.8  # between paragraphs
LABELS = 38.0  # width of the labels of the block about the case
ROOM = 15.0  # for a signature
HEAD, TEXT, SMALL = 14.0, 11.0, 8.5  # sizes in points
LONGEST = 4000  # characters of one paragraph
TITLE, TO_ENCLOSE = "Why this care is necessary", "Enclosures"


def letter_pdf(letter: Letter) -> tuple[bytes, bool]:
    """The file, and whether a character in it had to give way to an empty box.

    Raises ValueError without reasons: such a letter is not filed.
    """
    if not letter.reasons:
        raise ValueError("a letter without its reasons is not filed")
    pages = _Pages(letter)
    pages.add_page()
    pages.head()
    pages.case()
    pages.body()
    pages.end()
    return bytes(pages.output()), pages.boxes


class _Pages(Pages):
    def __init__(self, letter: Letter) -> None:
        title = f"{letter.number} appeal letter"
        super().__init__(title, letter.drawn_at, margin=MARGIN, foot=FOOT, line=LINE)
        self.letter = letter

    def footer(self) -> None:
        self.set_y(-FOOT + 9)
        self.write_words(self.letter.foot, SMALL, GREY)
        self.set_y(-FOOT + 9)
        self.write_words(f"Page {self.page_no()} of {{nb}}", SMALL, GREY, align="R")

    def head(self) -> None:
        """Letterhead, date, and to whom it goes."""
        name, *rest = self.letter.letterhead or ("",)
        if name:
            self.write_words(name, HEAD, TEAL, "B", height=7)
            for line in rest:
                self.write_words(line, TEXT - 1, GREY)
            self.ln(1)
            self.rule()
        self.ln(6)
        self.write_words(self.letter.written_on, TEXT, INK)
        self.ln(APART)
        for line in self.letter.to:
            self.write_words(line, TEXT, INK)
        self.ln(APART + 1)

    def case(self) -> None:
        """What the payer finds it by."""
        for at, (label, value) in enumerate(self.letter.about):
            top = self.get_y()
            self.write_words(f"Re: {label}" if at == 0 else label, TEXT, GREY, width=LABELS)
            self.set_y(top)
            self.write_words(value, TEXT, INK, "B" if at == 0 else "", left=MARGIN + LABELS)
        self.ln(APART + 1)

    def body(self) -> None:
        self._paragraphs(self.letter.opening)
        self._title(TITLE)
        self._paragraphs(self.letter.reasons)
        self._paragraphs(self.letter.closing)

    def end(self) -> None:
        """The signature is not torn from its name; what is enclosed follows."""
        if self.will_page_break(ROOM + 4 * LINE):
            self.add_page()
        self.write_words("Sincerely,", TEXT, INK)
        self.ln(ROOM)
        self.set_draw_color(INK)
        self.line(MARGIN, self.get_y(), MARGIN + 70, self.get_y())
        self.ln(1)
        for line in self.letter.signer:
            self.write_words(line, TEXT, INK)
        if self.letter.enclosures:
            self.ln(APART + 2)
            self._title(TO_ENCLOSE)
            for at, line in enumerate(self.letter.enclosures, 1):
                self.write_words(f"{at}. {line}", TEXT - 1, INK)
        if self.boxes:
            self.ln(APART)
            self.write_words(f"{UNKNOWN} stands for a character that this file cannot show.", SMALL, GREY)

    def _title(self, text: str) -> None:
        if self.will_page_break(3 * LINE):
            self.add_page()
        self.write_words(text, TEXT, TEAL, "B")
        self.ln(1)

    def _paragraphs(self, texts: tuple[str, ...]) -> None:
        for text in texts:
            self.write_words(text, TEXT, INK, longest=LONGEST)
            self.ln(APART)
