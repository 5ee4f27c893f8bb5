"""The card of one request: what happened, what is next, how late it is, and what this person may do now."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from slackblocks import Block

from pabot.domain.cards import AuthorizationCard
from pabot.domain.deadlines import CLOCK_LABELS, Clock, Deadline
from pabot.domain.holds import REASONS as ON_HOLD
from pabot.domain.model import InformationRequest, Member
from pabot.domain.next_steps import needed, waits_for
from pabot.domain.statuses import MEANINGS
from pabot.domain.triggers import TRIGGERS
from pabot.views import (
    appeals,
    approvals,
    buttons,
    history,
    lines,
    one_look,
    packet,
    parts,
    patient_calls,
    reach,
    renewals,
)
from pabot.views.patients import Surface, may_identify, only_looks, shown
from pabot.views.text import Look, Mrkdwn, Rendered, full_day, one_line
from pabot.views.words import (
    LABEL,
    and_more,
    asked_for,
    attempts,
    by,
    counted,
    for_the_patient,
    number,
    span,
    status_label,
    told_badge,
)

ENTRIES = 8  # of the history
CODES = 12  # lines of the order
PATIENT = "Patient"
AT_MINIMUM = Surface.HOME  # a screen opened by a button leaves no view event, so it may not identify anybody


class _Clock(NamedTuple):
    """A clock as the template wants it."""

    label: str
    due: datetime
    left: str  # how late, or how long left
    late: bool
    why: str
    waits_for: str  # whoever was asked to judge; empty: the owner


def card_message(look: Look, card: AuthorizationCard, viewer: Member) -> Rendered:
    """The answer to `/pa show`, for this person's eyes only."""
    state = card.state
    patient = shown(card.patient, Surface.NOTIFICATION, viewer, look.privacy)
    text = parts.joined(
        (number(state.number), patient, one_line(card.payer.payer, LABEL), MEANINGS[state.status].label)
    )
    return parts.message(text, _blocks(look, card, viewer, Surface.EPHEMERAL))


def card_modal(look: Look, card: AuthorizationCard, viewer: Member) -> dict[str, Any]:
    """The same at minimum, on a screen of its own: what a saved form turns into."""
    return parts.modal(number(card.state.number), _blocks(look, card, viewer, AT_MINIMUM))


def _blocks(look: Look, card: AuthorizationCard, viewer: Member, surface: Surface) -> list[Block]:
    """Only the middle of a card may say who the patient is; all else is drawn once of the same card."""
    drawn = _nameless(look, card.nameless, viewer)
    named = may_identify(surface, viewer, look.privacy)
    middle = _who(look, card, viewer, surface, drawn) if named else _middle(drawn)
    return [*drawn.above, *middle, *drawn.below]


def _who(look: Look, card: AuthorizationCard, viewer: Member, surface: Surface, drawn: "_Nameless") -> list[Block]:
    """The middle with the patient and the diagnoses. Remembered nowhere."""
    facts = drawn.facts.with_first(PATIENT, shown(card.patient, surface, viewer, look.privacy))
    diagnoses = f"Diagnoses: {', '.join(card.diagnoses)}" if card.diagnoses else ""
    return _middle(drawn._replace(facts=facts, warnings=_warnings(card)), diagnoses)


class _Nameless(NamedTuple):
    """What a card says without anybody's name: drawn, but for the middle, of which a part may be said otherwise."""

    above: list[Block]
    facts: parts.Drawn
    order: Mrkdwn
    dates: Mrkdwn  # of the order
    warnings: list[Block]
    below: list[Block]


def _middle(drawn: _Nameless, diagnoses: str = "") -> list[Block]:
    order = parts.joined([drawn.order, diagnoses, drawn.dates], by="\n")
    return [drawn.facts, parts.section("order", order), *drawn.warnings]


@lru_cache(parts.CARDS)
def _nameless(look: Look, card: AuthorizationCard, viewer: Member) -> _Nameless:
    state = card.state
    works = not only_looks(viewer)
    status = status_label(state.status, state.outcome, in_part=state.some_denied)
    head = f"{number(state.number)} · {status} · {state.urgency.value.capitalize()}"
    above = [
        parts.header("header", head),
        *patient_calls.on_card(look, card, works=works),
        _now(look, card, works=works),
        *(_waiting(look, card) if works else []),
        *(approvals.section(look, card, viewer) if works else []),
        *buttons.rows(card, viewer),  # high up: on a modal nobody should have to scroll for the next step
        *(packet.section(look, card) if works else []),
        *(reach.section(look, card) if works else []),
    ]
    facts = _known(_facts(look, card, viewer))
    warnings = _warnings(card) if works else []
    badge = [] if works and one_look.contested(card) else _badge(look, card)
    below = [
        *badge,
        *clocks(look, card.clocks, card.names, card.now),
        _read_out(look, card),
        *_history(look, card, works=works),
    ]
    return _Nameless(above, facts, _order(card), _dates(card), warnings, below)


def _now(look: Look, card: AuthorizationCard, *, works: bool) -> Block:
    state = card.state
    waiting = waits_for(state)
    return parts.said(
        look,
        "now",
        "card_now",
        happened=MEANINGS[state.status].happened,
        needed=needed(state),
        waits_for=card.name(waiting) if waiting or state.is_open else "",
        owner=card.name(state.owner_id),
        missing=one_line(state.documents_missing) if works else "",
        urgency_proposed=state.urgency_proposed,
        note=one_line(card.note) if works else "",
        told_next=one_line(_told_next(card)) if works and state.is_open else "",
        quiet_until=card.quiet_until if works and state.is_open else None,
    )


def _told_next(card: AuthorizationCard) -> str:
    """What the payer told us to do, at the latest contact."""
    latest = history.latest_contact(card)
    return str(latest.detail.get("told_next", "")) if latest else ""


@lru_cache(parts.CARDS)
def _known(facts: tuple[tuple[str, str], ...]) -> parts.Drawn:
    """Most saves change none of them. At minimum: the patient is initials."""
    return parts.fields("facts", [(label, one_line(value, parts.SHORT)) for label, value in facts])


def _facts(look: Look, card: AuthorizationCard, viewer: Member) -> tuple[tuple[str, str], ...]:
    """What is known, of the ten fields that Slack allows; the three numbers stay apart."""
    state = card.state
    submitted = look.when(state.submitted_at) if state.submitted_at else ""
    source = "the payer's own date" if state.expected_source == "payer" else state.expected_source
    expected = " · ".join(filter(None, (full_day(state.expected_on), source))) if state.expected_on else ""
    denial = state.denial
    facts = (
        (PATIENT, shown(card.patient, AT_MINIMUM, viewer, look.privacy)),
        ("Payer and plan", f"{one_line(card.payer.payer, LABEL)} · {one_line(card.payer.plan, LABEL)}"),
        ("Ordering clinician", card.name(state.clinician_id)),
        ("Owner", card.name(state.owner_id)),
        ("On hold", _on_hold(card)),
        ("Submitted", submitted),
        ("Expected response", expected),
        ("Tracking number", state.tracking_number),
        ("Authorization number", state.authorization_number or state.no_number_reason),
        ("Denial reference", denial.reference if denial else ""),
    )
    return tuple([(label, value) for label, value in facts if value])


def _on_hold(card: AuthorizationCard) -> str:
    """Until when and why, and for how long altogether: time that the practice's own figures leave out."""
    state, so_far = card.state, counted(card.days_on_hold, "business day")
    if state.on_hold_until:
        return f"until {full_day(state.on_hold_until)} · {ON_HOLD[state.on_hold_for]} · {so_far} so far"
    return f"{so_far} in all" if card.days_on_hold else ""


def _order(card: AuthorizationCard) -> Mrkdwn:
    """The service, and what is asked for of it."""
    codes = asked_for(card.state)
    more = [and_more(len(codes) - CODES)] if len(codes) > CODES else []
    title = Mrkdwn(f"*{parts.joined([one_line(card.service, LABEL)])}*")
    return parts.joined([title, *codes[:CODES], *more], by="\n")


def _dates(card: AuthorizationCard) -> Mrkdwn:
    """From when it is wanted, for which appointment, how long it is approved, and what renews it."""
    state, found = card.state, list[str]()
    if state.requested_from:
        until = f" to {full_day(state.requested_to)}" if state.requested_to else ""
        found.append(f"Wanted from {full_day(state.requested_from)}{until}")
    if state.appointment_on:
        found.append(f"Appointment {full_day(state.appointment_on)}")
    if state.effective_on and state.expires_on:
        found.append(f"Approved from {full_day(state.effective_on)} to {full_day(state.expires_on)}")
    return parts.joined([*found, *renewals.on_card(card)], by="\n")


def _waiting(look: Look, card: AuthorizationCard) -> list[Block]:
    """What is to be judged or answered: a denial that stands, a question to a clinician, the payer's own."""
    state = card.state
    asked = state.open_information_request
    shown = state.open_question or (asked and asked.clinical) or state.worry_since or _came_back(card)
    question = state.question if shown else None
    found = [*one_look.section(look, card), *appeals.section(look, card)]
    if question:
        asked_by, asked_of = card.name(question.asked_by), card.name(question.asked_of)
        answered_by = card.name(question.answered_by) if question.answered_by else ""
        said_question = parts.said(
            look,
            "question",
            "card_question",
            asked_by=asked_by,
            asked_of=asked_of,
            question=question.text,
            trigger=TRIGGERS[question.trigger].label if question.trigger else "",
            urgent=question.is_urgent and (state.open_question is not None or state.worry_since is not None),
            facts=question.background,
            answered_by=answered_by,
            answer=question.answer,
            returned_by=card.name(question.returned_by) if question.returned_by else "",
            reason=question.return_reason,
            accepted=question.accepted_at is not None,
        )
        found.append(said_question)
    if asked and not asked.clinical:  # a clinical one went on as the question to the clinician
        until = _answer_by(card, asked)
        found.append(parts.said(look, "payer_asks", "card_payer_asks", asked=asked.asked, until=until))
    return found


def _answer_by(card: AuthorizationCard, asked: InformationRequest) -> str:
    window = next((window for window in card.windows if window.kind is Clock.INFORMATION), None)
    return by(window) if window else f"by {full_day(asked.due_on)}"


def _came_back(card: AuthorizationCard) -> bool:
    """Whether the latest question came back unanswered and nothing has moved since."""
    question = card.state.question
    return question is not None and question.returned_at is not None and card.state.status_since <= question.returned_at


def _warnings(card: AuthorizationCard) -> list[Block]:
    said = parts.joined([f"⚠ {one_line(sentence, parts.SHORT * 2)}" for sentence in card.warnings], by="\n")
    return [parts.context("warnings", said)] if said else []


def _badge(look: Look, card: AuthorizationCard) -> list[Block]:
    told = (told_badge(look, card.state), attempts(look, card))
    return [parts.context("told", parts.joined(told))] if any(told) else []


def clocks(look: Look, running: Iterable[Deadline], names: Mapping[str, str], now: datetime) -> list[Block]:
    """The clocks that run, soonest first: until when, whose rule, and how late."""
    found = tuple(
        _Clock(
            label=CLOCK_LABELS[clock.kind],
            due=clock.due_at,
            left=span(clock.due_at, now),
            late=clock.due_at < now,
            why=clock.why,
            waits_for=lines.short(names.get(clock.asked_of, "nobody")) if clock.asked_of else "",
        )
        for clock in running
    )
    return [parts.said(look, "clocks", "card_clocks", clocks=found)] if found else []


def _read_out(look: Look, card: AuthorizationCard) -> Block:
    return parts.said(look, "read_out", "card_read_out", sentence=for_the_patient(look, card))


def _history(look: Look, card: AuthorizationCard, *, works: bool) -> list[Block]:
    if not card.timeline:
        return []
    entries = tuple(history.line(look, card, entry, works=works) for entry in card.timeline[:ENTRIES])
    older = card.older + len(card.timeline) - len(entries)
    return [parts.said(look, "history", "card_timeline", lines=entries, more=older)]
