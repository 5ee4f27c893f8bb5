"""What happened to a request, entry by entry, in the words of the practice."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from pabot.domain.cards import AuthorizationCard, TimelineEntry
from pabot.domain.deadlines import CLOCK_LABELS, Clock, Moved
from pabot.domain.decide import STEPS_BY_KIND
from pabot.domain.denials import CORRECTS, JOINS
from pabot.domain.happenings import Asked, Caller
from pabot.domain.holds import REASONS as ON_HOLD
from pabot.domain.model import Channel, Decision, Reached, Update
from pabot.domain.statuses import MEANINGS, OUTCOME_LABELS, Outcome, Status
from pabot.domain.steps_alarms import in_words as held_for
from pabot.domain.triggers import TRIGGERS
from pabot.domain.update_times import LABELS
from pabot.views.appeals import CALLS
from pabot.views.buttons import CHOSEN
from pabot.views.patient_calls import ABOUT, CALLERS
from pabot.views.text import Look, Mrkdwn, Texts, full_day, moment, one_line
from pabot.views.words import TRIED, counted

Names = Mapping[str, str]  # Slack id -> name
Values = tuple[tuple[str, str], ...]
Phrase = Callable[[ZoneInfo, str], str]  # a value in words; whoever it names is a name already

DETAIL = 160  # characters of an entry's detail
DONE: Mapping[str, str] = {  # where what was done reads otherwise than the button that did it
    "open": "Opened",
    "change_decision": "Decision taken back",
    "claim": "Taken",
    "record_documents": "Documents noted",
    "change_codes": "Codes changed",
    "log_contact": "Contact logged",
    "record_information_request": "Payer asked for more",
    "route": "Routed",
    "pack_appeal": "Packet noted",
    "write_necessity": "Reasons written",
    "withdraw_appeal": "Appeal withdrawn",
    "decide_denial": "Decided",
    "ask_for_more": "More needed",
    "ask_clinician": "Clinician asked",
    "accept_review": "Taken in hand",
    "return_review": "Given back",
    "answer_question": "Answered",
    "called_back": "Called back",
    "answer_call": "Patient's call answered",
    "hand_over_call": "Call handed over",
    "attest_urgency": "Urgency attested",
    "waive_update": "Telling the patient waived",
    "assign": "Handed over",
    "withdraw": "Withdrawn",
    "close": "Closed",
    "reopen": "Reopened",
    "correct_entry": "Entry taken back",
    "record_use": "Use noted",
    "let_run_out": "Will not be renewed",
    "escalated": "Was late",
    "hold": "Alarm answered",
    "repaired": "Deadlines set anew",
    "change_details": "Details changed",
    "hold_until": "Put on hold",
    "resume": "Taken up again",
    "ask_approval": "Approval asked for",
    "approval_moved": "Not answered: the next is asked",
    "approval_declined": "Approval declined",
    "approval_taken_back": "Asking taken back",
    "approval_overtaken": "Asking overtaken",
    "words_asked": "Other words for the patient asked for",
    "words_approved": "Other words for the patient",
    "words_declined": "Other words for the patient declined",
    "calendar": "The practice's calendar changed",
}


def line(look: Look, card: AuthorizationCard, of: TimelineEntry, *, works: bool) -> Mrkdwn:
    """An entry in words. What was typed is for those who work the queue."""
    values = _values(card.names, of.detail) if works else ()
    return _line(look.texts, look.zone, of.at, of.by, of.kind, of.before, of.after, of.in_error, values)


@lru_cache(2048)
def _line(
    texts: Texts,
    zone: ZoneInfo,
    at: datetime,
    by: str,
    kind: str,
    before: Status | None,
    after: Status | None,
    in_error: bool,
    values: Values,
) -> Mrkdwn:
    """An entry never changes: after a save all but the newest read as they did before."""
    what, detail = _what(kind, before, after), _in_words(zone, values)
    return texts.say("card_entry", zone, {"at": at, "by": by, "what": what, "detail": detail, "in_error": in_error})


def latest_contact(card: AuthorizationCard) -> TimelineEntry | None:
    """The latest contact with the payer that still counts, among the entries that a card has."""
    contacts = (of for of in card.timeline if of.kind == "log_contact" and not of.in_error)
    return max(contacts, key=lambda of: of.at, default=None)


def _what(kind: str, before: Status | None, after: Status | None) -> str:
    """The step's name, and the status it led to."""
    label = label_of(kind)
    if after is None or after is before or MEANINGS[after].label == label:
        return label
    return f"{label} → {MEANINGS[after].label}"


def label_of(kind: str) -> str:
    """What a step did, in words."""
    rule = STEPS_BY_KIND.get(kind)
    return DONE.get(kind) or (rule.label if rule else kind)


def in_words(look: Look, names: Names, detail: Mapping[str, Any]) -> str:
    """What a step's detail holds, as its entry is read."""
    return _in_words(look.zone, _values(names, detail))


def _values(names: Names, detail: Mapping[str, Any]) -> Values:
    """What is in a detail; whoever it names, by name."""
    found = [(key, str(value)) for key, value in detail.items() if value not in (None, "")]
    return tuple([(key, names.get(value, value)) if key in PEOPLE else (key, value) for key, value in found])


def _in_words(zone: ZoneInfo, values: Values) -> str:
    detail = dict(values)
    known = sorted(detail.keys() & DETAILS.keys(), key=_PLACES.__getitem__)
    said = (DETAILS[key](zone, detail[key]) for key in known)
    dates = _moved(zone, detail["moved"]) if "moved" in detail else ""
    return " · ".join(filter(None, (one_line(" · ".join(said), DETAIL), one_line(dates, DETAIL))))


def _said(zone: ZoneInfo, value: str) -> str:
    return value


def _named(label: str) -> Phrase:
    return lambda zone, value: f"{label} {value}"


def _dated(label: str) -> Phrase:
    return lambda zone, value: f"{label} {full_day(date.fromisoformat(value))}"


def _channel(zone: ZoneInfo, value: str) -> str:
    return "by ePA" if value == Channel.EPA else f"by {value}"


def _urgency(zone: ZoneInfo, value: str) -> str:
    return "expedited" if value == str(True) else "standard"


def _days(zone: ZoneInfo, value: str) -> str:
    return f"after {counted(int(value), 'business day')} on hold"


def _was(label: str, read: Callable[[ZoneInfo, str], str]) -> Phrase:
    """What changed, old and new; either may have been nothing."""

    def phrase(zone: ZoneInfo, value: str) -> str:
        old, _, new = value.partition("→")
        return f"{label} {read(zone, old) if old else 'none'} → {read(zone, new) if new else 'none'}"

    return phrase


def _when(zone: ZoneInfo, value: str) -> str:
    return moment(datetime.fromisoformat(value), zone)


def _day(zone: ZoneInfo, value: str) -> str:
    return full_day(date.fromisoformat(value))


def _moved(zone: ZoneInfo, value: str) -> str:
    """Which due dates moved, from when to when."""
    dates = [Moved.read(text) for text in value.split(", ")]
    return "; ".join(f"{CLOCK_LABELS[one.kind]} {moment(one.old, zone)} → {moment(one.new, zone)}" for one in dates)


NOTICES: Mapping[str, str] = {CORRECTS: "corrects the letter before", JOINS: "joins the letter before"}

# What an entry's detail may hold, in the order in which it is read.
DETAILS: Mapping[str, Phrase] = {
    "for": _named("for"),
    "approved_by": _named("approved by"),
    "approval_note": _named("who says:"),
    "step": lambda zone, value: STEPS_BY_KIND[value].label if value in STEPS_BY_KIND else value,
    "renews": lambda zone, value: f"renews PA-{value}, coverage verified again",
    "units_used": _named("used:"),
    "clock": lambda zone, value: CLOCK_LABELS[Clock(value)],
    "level": _said,
    "held": lambda zone, value: held_for(value),
    "outcome": lambda zone, value: OUTCOME_LABELS[Outcome(value)],
    "decision": lambda zone, value: CHOSEN[Decision(value)],
    "expedited": _urgency,
    "plan": _named("now"),
    "payer_received": _was("payer received it", _when),
    "appointment": _was("appointment", _day),
    "urgency": _said,
    "on_hold": lambda zone, value: ON_HOLD[value],
    "until_on": _dated("until"),
    "days_on_hold": _days,
    "director": _named("directed by"),
    "ordered": _said,
    "codes": _said,
    "diagnoses": _named("diagnoses"),
    "trigger": lambda zone, value: TRIGGERS[value].label,
    "to": _named("to"),
    "had": _named("was with"),
    "clinician": _named("with"),
    "signed_by": _named("signed by"),
    "dictated_by": _named("as dictated by"),
    "call": lambda zone, value: CALLS[value],
    "version": _named("version"),
    "packet": _named("in the packet:"),
    "attachments": _named("attachments:"),
    "consent_on": _dated("consent of"),
    "without": _named("without the rest:"),
    "at": _when,
    "phone": _named("phone"),
    "routed_to": _named("to"),
    "channel": _channel,
    "update": lambda zone, value: LABELS[Update(value)].lower(),
    "in_part": lambda zone, value: "in part",
    "how": _named("by"),
    "caller": lambda zone, value: CALLERS[Caller(value)],
    "asked_about": lambda zone, value: f"about {ABOUT[Asked(value)]}",
    "said": _said,
    "read_out": lambda zone, value: "the sentence was read out",
    "taken_by": _named("taken by"),
    "told_by": _named("told by"),
    "tried": lambda zone, value: f"not told: {TRIED[Reached(value)]}",
    "next_try": _dated("next try"),
    "spoke_with": _named("with"),
    "tracking_number": _named("tracking"),
    "authorization_number": _named("authorization"),
    "reference": _named("reference"),
    "result": _said,
    "told_next": _named("next, they say:"),
    "language": _named("in"),
    "notice": lambda zone, value: NOTICES[value],
    "lines": _named("denies"),
    "reason": _said,
    "text": _said,
    "asked": _said,
    "question": _said,
    "background": _said,
    "answer": _said,
    "need": _said,
    "words": _said,
    "missing": _named("missing:"),
    "proof": _said,
    "basis": _said,
    "note": _said,
    "undone": _named("not done:"),
    "kept": _named("words kept as they are:"),
    "done": _named("done:"),
    "notice_on": _dated("letter of"),
    "due_on": _dated("due"),
    "expires_on": _dated("until"),
    "next_check_on": _dated("next check"),
}
PEOPLE = frozenset(
    {
        "for",
        "approved_by",
        "director",
        "to",
        "had",
        "clinician",
        "signed_by",
        "dictated_by",
        "routed_to",
        "taken_by",
        "told_by",
    }
)
_PLACES = {key: place for place, key in enumerate(DETAILS)}
