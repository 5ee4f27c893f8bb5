"""The morning round-up: all that waits for somebody's judgement, in one message."""

from pabot.domain.cards import QueueLine, QueuePage
from pabot.views import lines, parts
from pabot.views.patients import Surface
from pabot.views.text import Look, Rendered
from pabot.views.words import counted


def message(look: Look, page: QueuePage) -> Rendered:
    """How many wait and the soonest legal date, then the first of them; nothing left is said as such."""
    kept, more = lines.fitting([_words(look, line) for line in page.lines], page.total)
    soonest = next((line.legal_at for line in page.lines if line.legal_at), None)
    section = lines.section(
        look,
        "round_up",
        "round_up",
        total=page.total,
        legal_by=look.when(soonest) if soonest else "",
        lines=kept,
        more=more,
    )
    said = f"{counted(page.total, 'request')} to judge" if page.total else "Nothing waits for your judgement any more"
    return parts.message(said, [section, *lines.menu(page.lines, page.total)])


def _words(look: Look, line: QueueLine) -> str:
    legal = [f"payer's window: act by {look.when(line.legal_at)}"] if line.legal_at else []
    expedited = ["expedited"] if line.expedited else []
    return " · ".join((lines.line(line, Surface.DM), *expedited, line.needed, *legal))
