"""Short phrases that several screens share."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol

from pabot.domain.cards import AuthorizationCard
from pabot.domain.model import AuthorizationState, Decision, Reached, ServiceLine
from pabot.domain.patient_words import Facts
from pabot.domain.statuses import AWAITING_ANSWER, MEANINGS, OUTCOME_LABELS, Outcome, Status
from pabot.domain.update_times import LABELS
from pabot.domain.windows import Window
from pabot.views.text import Look, day, full_day, one_line

MINUTE, HOUR, TWO_DAYS = 60, 3600, 48 * 3600  # seconds
LABEL = 80  # characters of a payer's, a plan's or a service's name
ORDERED = 250  # of a medication or a therapy


class Readable(Protocol):
    """What the sentence for the patient needs; a card's state and a line of the queue both have it."""

    @property
    def status(self) -> Status: ...
    @property
    def outcome(self) -> Outcome | None: ...
    @property
    def submitted_at(self) -> datetime | None: ...
    @property
    def expected_on(self) -> date | None: ...
    @property
    def expires_on(self) -> date | None: ...
    @property
    def appointment_on(self) -> date | None: ...
    @property
    def some_denied(self) -> bool: ...
    @property
    def chosen(self) -> Decision | None: ...


def number(of: int) -> str:
    return f"PA-{of}"


def status_label(status: Status, outcome: Outcome | None = None, *, in_part: bool = False) -> str:
    """`✅ Approved`; with the outcome where the status does not say it, as in `🗄️ Closed (denied)`.

    `in_part`: what was denied is a part, and the rest is not decided.
    """
    meaning = MEANINGS[status]
    label = f"{meaning.mark} {meaning.label}"
    if in_part:
        return f"{label} (a part denied)"
    return label if outcome is None or outcome.value == status.value else f"{label} ({OUTCOME_LABELS[outcome]})"


def span(due: datetime, now: datetime) -> str:
    """`3 days late`, `5 hours left`: by the clock on the wall."""
    seconds = abs((due - now).total_seconds())
    if seconds < MINUTE:
        return "just late" if due < now else "due now"
    if seconds < HOUR:
        amount = counted(int(seconds // 60), "minute")
    elif seconds < TWO_DAYS:
        amount = counted(int(seconds // HOUR), "hour")
    else:
        amount = counted(int(seconds // 86400), "day")
    return f"{amount} {'late' if due < now else 'left'}"


def by(window: Window) -> str:
    """`by Fri Feb 5, 2027, the last open day; the window ends Sun Feb 7`: the one day to act by, and why that one."""
    early = window.act_on < window.ends_on
    return f"by {full_day(window.act_on)}" + (f", the last open day; the window ends {day(window.ends_on)}" * early)


def act_by(window: Window, now: datetime) -> str:
    """`5 business hours left, act by Fri Feb 5, 2027`: how much of the practice's open time is left, and until when."""
    return f"{_open_left(window)} left, act {by(window)}" if now < window.due_at else f"it was to be used {by(window)}"


def _open_left(window: Window) -> str:
    if window.open_left is None:
        return counted(window.days_left, "business day")
    minutes = int(window.open_left.total_seconds()) // 60
    return counted(minutes // 60, "business hour") if minutes >= 60 else counted(minutes, "business minute")


def ends(on: date, today: date) -> str:
    """`approval ends Mon Nov 30, 2026, 7 days left`: until when it holds, for dates that may lie far off."""
    left = (on - today).days
    if left < 0:
        return f"approval ended {full_day(on)}"
    return f"approval ends {full_day(on)}, {'its last day' if left == 0 else counted(left, 'day') + ' left'}"


def counted(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def and_more(left: int) -> str:
    return f"and {left} more"


def read_out(
    look: Look,
    about: Readable,
    payer: str,
    service: str,
    now: datetime,
    patient_words: str = "",
    *,
    language: str = "en",
) -> str:
    """A few sentences for the patient on the phone: what happened and what comes next, and nothing else.

    `patient_words` are the checklist's own, in English. They speak of the payer's first decision, and are said while it
    is awaited. In other languages the service stands as it was typed, in quotes and marked as English by the texts.
    """
    english, booked = language == "en", about.appointment_on
    late = about.expected_on is not None and about.expected_on < look.date(now)
    facts = Facts(
        payer=one_line(payer, LABEL),
        service=_in_a_sentence(one_line(service, LABEL)) if english else one_line(service, LABEL),
        submitted_on=look.date(about.submitted_at) if about.submitted_at else None,
        expected_on=about.expected_on,
        late=late,
        outcome=about.outcome.value if about.outcome else "",
        expires_on=about.expires_on,
        appointment_on=booked if booked and booked >= look.date(now) else None,
        next=about.chosen.value if about.chosen else "",
        some_denied=about.some_denied,
    )
    ours = look.tell(about.status.value, language=language, **facts.values())
    awaited = english and about.status in AWAITING_ANSWER and about.outcome is None
    return f"{ours} {one_line(patient_words)}".rstrip() if awaited else ours


def for_the_patient(look: Look, card: AuthorizationCard, *, language: str = "en") -> str:
    """The approved sentences of one request as it stands."""
    state, own = card.state, card.checklist.body.patient_words if card.checklist else ""
    return read_out(look, state, card.payer.payer, card.service, card.now, own, language=language)


def _in_a_sentence(label: str) -> str:
    """`Power wheelchair` as `power wheelchair`; `MRI of the back` stays."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def asked_for(state: AuthorizationState) -> list[str]:
    """What the payer is asked for, a line each: the medication or the therapy as ordered, then the codes."""
    ordered = [one_line(str(order), ORDERED) for order in (state.medication, state.therapy) if order]
    return [*filter(None, ordered), *map(code_line, state.lines)]


def code_line(line: ServiceLine) -> str:
    """`K0856 NU × 2`, with what the payer made of it."""
    code = " ".join(part for part in (line.code, line.modifiers) if part)
    verdict = ""
    if line.approved is not None:
        approved = line.units_approved if line.units_approved is not None else line.units
        verdict = f" · approved × {approved}" if line.approved else " · not approved"
    return f"{code} × {line.units}{verdict}"


def told_badge(look: Look, state: AuthorizationState) -> str:
    """`Patient told ✓ Mon Nov 3`: the latest decision once they know it, else the latest news of how it goes on."""
    update, news = state.patient_update, state.patient_news
    if update and state.patient_knows and (news is None or news.told_at <= update.told_at):
        if update.how == "waived":
            return f"Patient need not be told ✓ {look.when(update.told_at)}"
        return f"Patient told ✓ {look.when(update.told_at)}, by {update.how}"
    if news is None:
        return ""
    return f"Patient told “{LABELS[news.update].lower()}” ✓ {look.when(news.told_at)}, by {news.how}"


TRIED: Mapping[Reached, str] = {
    Reached.LEFT_WORD: "left word to call back",
    Reached.NOT_REACHED: "could not be reached",
}
TIMES = ("", "once", "twice")


def attempts(look: Look, card: AuthorizationCard) -> str:
    """`Tried twice, last Mon Nov 23, 4:40 PM EST by phone: left word; next try Tue Nov 24`; empty: nobody has tried."""
    attempt, waits = card.state.attempt, card.waits
    if attempt is None or waits is None or not waits.tries:
        return ""
    often = TIMES[waits.tries] if waits.tries < len(TIMES) else f"{waits.tries} times"
    last = f"{look.when(attempt.tried_at)} by {attempt.how}, {card.name(attempt.tried_by)}: {TRIED[attempt.result]}"
    return f"Tried {often}, last {last}; next try {day(attempt.next_on)}"
