"""Messages about clocks that ran out: to the owner, to the clinician, to the team. All follow the facts."""

from collections.abc import Sequence

from pabot.domain.cards import OverdueItem, OverdueList
from pabot.domain.deadlines import CLOCK_LABELS
from pabot.views import lines, parts
from pabot.views.ids import Hint, step_open
from pabot.views.patients import Surface
from pabot.views.text import Look, Rendered, day
from pabot.views.words import counted

CLEARED = "cleared: what was late is done"
ALL_CLEAR = "All clear: what was late is done"


def overdue_owner(look: Look, item: OverdueItem | None, number: int) -> Rendered:
    """One clock of a request that ran out; None when it runs no longer."""
    if item is None:
        blank = dict.fromkeys(("clock", "due", "needed", "about", "waits_for"), "")
        section = lines.section(look, "overdue_owner", "overdue", number=number, **blank)
        return parts.message(
            f"PA-{number} · {CLEARED}", [section, *parts.actions("actions", [parts.open_button(number)])]
        )
    request = item.line
    section = lines.section(
        look,
        "overdue_owner",
        "overdue",
        number=number,
        clock=CLOCK_LABELS[item.clock],
        due=look.when(item.due_at),
        needed=request.needed,
        about=lines.line(request, Surface.DM),
        waits_for="" if request.waits_for == request.owner else lines.short(request.waits_for),
    )
    log = parts.button("Log a contact", step_open("log_contact"), Hint(number=request.number))
    text = lines.notification(request.number, request.patient, request.payer, request.status)
    return parts.message(text, [section, *parts.actions("actions", [parts.open_button(request.number), log])])


def overdue_clinician(look: Look, late: OverdueList) -> Rendered:
    """A clinician's one message of a day. The first line says whether anything is wanted of them."""
    deciding = [item for item in late.items if item.wants_decision]
    knowing = [item for item in late.items if not item.wants_decision]
    first = min((item.decide_by for item in deciding if item.decide_by), default=None)
    wanted, known = _requests(deciding), _requests(knowing)
    section = lines.section(
        look,
        "overdue_clinician",
        "wanted",
        wanted=wanted,
        first_by=look.when(first) if first else "",
        total=_requests(late.items),
        day=day(late.day),
    )
    blocks = [
        section,
        *lines.listed(look, "deciding", "For your decision", _rows(look, deciding, Surface.DM)),
        *lines.listed(look, "knowing", "For your information", _rows(look, knowing, Surface.DM)),
        *lines.menu(item.line for item in late.items),
    ]
    text = f"Late: {wanted} for your decision, {known} for your information" if late.items else ALL_CLEAR
    return parts.message(text, blocks)


def escalated_today(look: Look, late: OverdueList) -> Rendered:
    """The team channel's one message of a day."""
    rows, more = lines.fitting(_rows(look, late.items, Surface.CHANNEL))
    total = len(late.items)
    values = {"total": total, "day": day(late.day), "lines": rows, "more": more}
    blocks = [lines.section(look, "escalated_today", "late", **values), *lines.menu(item.line for item in late.items)]
    return parts.message(f"{counted(total, 'deadline')} late today" if total else ALL_CLEAR, blocks)


def late_row(look: Look, item: OverdueItem, surface: Surface) -> str:
    """One clock in a list: which request, what was due when, and whom it waits for."""
    due = f"{CLOCK_LABELS[item.clock]}, due {look.when(item.due_at)}"
    return " · ".join((lines.line(item.line, surface), due, lines.short(item.line.waits_for)))


def _rows(look: Look, items: Sequence[OverdueItem], surface: Surface) -> list[str]:
    return [late_row(look, item, surface) for item in items]


def _requests(items: Sequence[OverdueItem]) -> int:
    """How many requests these clocks belong to."""
    return len({item.line.number for item in items})
