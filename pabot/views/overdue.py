"""Messages about clocks that ran out: to the owner, to the clinician, to the team. All follow the facts."""

from collections.abc import Iterable, Mapping, Sequence

from slackblocks import Element, Option, StaticSelectMenu

from pabot.domain.cards import OverdueItem, OverdueList, QueueLine
from pabot.domain.clocks import ANSWERED, PASSED_ON
from pabot.domain.deadlines import CLOCK_LABELS, Clock
from pabot.domain.steps_alarms import A_DAY, ON_IT, REASONS, in_words
from pabot.views import approvals, lines, parts
from pabot.views.ids import Hint, Id, step_open
from pabot.views.patients import Surface
from pabot.views.text import Look, Rendered, day
from pabot.views.words import counted

_LOG = ("log_contact", "Log a contact")
_TOLD = ("tell_patient", "Patient told")
_PASSED_ON = ("pass_on", "Patient told the answer")
RECORDS: Mapping[Clock, tuple[str, str]] = {  # what the owner does about it at once, where one step is that
    Clock.PAYER_RESPONSE: _LOG,
    Clock.FOLLOW_UP: _LOG,
    Clock.ESCALATION_TRIGGER: _LOG,
    Clock.INFORMATION: _LOG,
    Clock.PATIENT_TOLD: _TOLD,
    Clock.PATIENT_UPDATE: _TOLD,
    **dict.fromkeys(ANSWERED, _PASSED_ON),
    Clock.WORRY_LEFT: ("call_back", "Patient called back"),
}
TELLING = frozenset({Clock.PATIENT_TOLD, Clock.PATIENT_UPDATE}) | PASSED_ON
ON_IT_AT_ONCE = 100  # requests that one press takes on
NOT_YOURS = "Nothing more is wanted of you here"
ALL_CLEAR = "All clear: what was late is done"


def overdue_owner(look: Look, late: OverdueList) -> Rendered:
    """What ran out for one person at one moment: one request with what to do about it, or several as a list."""
    numbers = {item.line.number for item in late.items}
    if len(numbers) == 1:
        return _one_request(look, late)
    rows, more = lines.fitting(late_rows(look, late.items, Surface.DM))
    section = lines.section(look, "overdue_several", "overdue", total=len(numbers), lines=rows, more=more)
    held = [] if _is_held(late) or not numbers else parts.actions("actions", [_on_it(numbers, "On it, all of them")])
    text = f"{counted(len(numbers), 'request')} late" if numbers else ALL_CLEAR
    return parts.message(text, [section, *held, *lines.menu(item.line for item in late.items)])


def _one_request(look: Look, late: OverdueList) -> Rendered:
    request = late.items[0].line
    kinds = [item.clock for item in late.items]
    waits_for = _waits_for(late.items)
    theirs = waits_for == request.owner != request.waits_for  # the owner's to do, whatever else is waited for
    untold = theirs or (len(kinds) == 1 and kinds[0] in TELLING)
    section = lines.section(
        look,
        "overdue_owner",
        "overdue",
        clocks=[{"label": CLOCK_LABELS[item.clock], "due": look.when(item.due_at)} for item in late.items],
        needed=CLOCK_LABELS[kinds[0]] if untold else request.needed,
        about=lines.line(request, Surface.DM),
        waits_for="" if untold or waits_for == request.owner else lines.short(waits_for),
        held=_held(look, late.items[0]),
    )
    records = dict(RECORDS[kind] for kind in kinds if kind in RECORDS)
    hint = Hint(number=request.number)
    pressed: list[Element] = [parts.button(label, step_open(kind), hint) for kind, label in records.items()]
    if not _is_held(late):
        pressed += [_on_it([request.number], "On it"), _snooze(request.number)]
    pressed.append(parts.button("Hand over", step_open("assign"), hint))
    text = lines.notification(request.number, request.patient, request.payer, request.status)
    return parts.message(text, [section, *parts.actions("actions", [parts.open_button(request.number), *pressed])])


def overdue_managers(look: Look, late: OverdueList, names: Mapping[str, str]) -> Rendered:
    """The managers' one message of a day: what a business day did not clear, or will soon be too late; and what waits
    for an approval that nobody has given.
    """
    asked = [approvals.row(look, each, names, Surface.DM) for each in late.approvals]
    waiting = lines.listed(look, "approvals", "Wait for approval, and nobody has answered", asked)
    rows, more = lines.fitting(late_rows(look, late.items, Surface.DM))
    total = _requests(late.items)
    section = lines.section(look, "overdue_managers", "managers", total=total, day=day(late.day), lines=rows, more=more)
    text = f"{counted(total, 'request')} for the managers" if total else ALL_CLEAR
    if asked and not total:
        return parts.message(
            f"{counted(len(asked), 'step')} without an approval", [*waiting, *lines.menu(_named(late))]
        )
    return parts.message(text, [section, *waiting, *lines.menu(_named(late))])


def _named(late: OverdueList) -> Iterable[QueueLine]:
    return (*(item.line for item in late.items), *(each.line for each in late.approvals))


def overdue_clinician(look: Look, late: OverdueList) -> Rendered:
    """A clinician's one message of a day. The first line says whether anything is wanted of them."""
    deciding = [item for item in late.items if item.wants_decision]
    knowing = [item for item in late.items if not item.wants_decision]  # of the same request as well
    first = min((item.due_at for item in deciding), default=None)
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
        *lines.listed(look, "deciding", "For your decision", late_rows(look, deciding, Surface.DM)),
        *lines.listed(look, "knowing", "For your information", late_rows(look, knowing, Surface.DM)),
        *lines.menu(item.line for item in late.items),
    ]
    text = f"Late: {wanted} for your decision, {known} for your information" if late.items else NOT_YOURS
    return parts.message(text, blocks)


def escalated_today(look: Look, late: OverdueList) -> Rendered:
    """The team channel's one message of a day."""
    rows, more = lines.fitting(late_rows(look, late.items, Surface.CHANNEL))
    total = _requests(late.items)
    values = {"total": total, "day": day(late.day), "lines": rows, "more": more}
    blocks = [lines.section(look, "escalated_today", "late", **values), *lines.menu(item.line for item in late.items)]
    return parts.message(f"{counted(total, 'request')} late" if total else ALL_CLEAR, blocks)


def late_rows(look: Look, items: Iterable[OverdueItem], surface: Surface) -> list[str]:
    """A row for each request: which it is, what was due when, and whom it waits for."""
    by_request: dict[int, list[OverdueItem]] = {}
    for item in items:
        by_request.setdefault(item.line.number, []).append(item)
    return [_row(look, late, surface) for late in by_request.values()]


def _row(look: Look, late: Sequence[OverdueItem], surface: Surface) -> str:
    request = late[0].line
    due = "; ".join(f"{CLOCK_LABELS[item.clock]}, due {look.when(item.due_at)}" for item in late)
    said = (lines.line(request, surface), due, lines.short(_waits_for(late)), _held(look, late[0]))
    return " · ".join(filter(None, said))


def _waits_for(late: Sequence[OverdueItem]) -> str:
    """The names of those whom these clocks wait for."""
    return ", ".join(dict.fromkeys(item.waits_for for item in late))


def _held(look: Look, item: OverdueItem) -> str:
    """`Casey Madeup is on it until …`, or what it waits for."""
    if item.held_until is None:
        return ""
    until = f"until {look.when(item.held_until)}"
    if item.held_for == ON_IT:
        return f"{lines.short(item.held_by)} is on it {until}"
    reason = in_words(item.held_for)
    return f"{reason[:1].lower()}{reason[1:]} {until}, says {lines.short(item.held_by)}"


def _is_held(late: OverdueList) -> bool:
    return bool(late.items) and all(item.held_until for item in late.items)


def _on_it(numbers: Iterable[int], label: str) -> Element:
    return parts.button(label, Id.HOLD_ON_IT, Hint(what=",".join(map(str, sorted(numbers)[:ON_IT_AT_ONCE]))))


def _snooze(number: int) -> StaticSelectMenu:
    """One tap: what it waits for. Only another day asks for more."""
    waits = {reason: label for reason, label in REASONS.items() if reason != ON_IT}
    choices = {**waits, A_DAY: "Until a day I choose …"}
    hints = {what: Hint(number=number, what=what).packed() for what in choices}
    options = [Option(parts.plain(label, lines.OPTION), value=hints[what]) for what, label in choices.items()]
    return StaticSelectMenu(Id.HOLD_FOR, options=options, placeholder=parts.plain("Snooze …"))


def _requests(items: Sequence[OverdueItem]) -> int:
    """How many requests these clocks belong to."""
    return len({item.line.number for item in items})
