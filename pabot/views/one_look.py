"""What a contested request answers at one look: what the payer said, who has it, by when, what was tried, what the
patient knows.
"""

from collections.abc import Iterator

from slackblocks import Block

from pabot.domain.cards import AuthorizationCard
from pabot.domain.clocks import LEGAL
from pabot.domain.deadlines import CLOCK_LABELS, Clock
from pabot.domain.denials import denied
from pabot.domain.model import Decision, Denial
from pabot.domain.requirements import DENIAL_REASONS, UNSTATED
from pabot.views import appeals, buttons, parts
from pabot.views.text import Look, clip, full_day
from pabot.views.words import act_by, attempts, span, told_badge

OF_THE_PATIENT = (
    *(Clock.PATIENT_TOLD, Clock.PATIENT_UPDATE, Clock.PATIENT_QUESTION, Clock.PATIENT_WORRY),
    *(Clock.TELL_ANSWER, Clock.TELL_WORRIED, Clock.WORRY_LEFT),
)
SAID = 600  # characters of the payer's words


def contested(card: AuthorizationCard) -> Denial | None:
    """The denial that a card answers for: one that stands, in whole or in part."""
    return card.state.denial if card.state.is_contestable else None


def section(look: Look, card: AuthorizationCard) -> list[Block]:
    """Nothing where no denial stands."""
    denial = contested(card)
    if denial is None:
        return []
    reason = DENIAL_REASONS.get(denial.reason)
    said = parts.said(
        look,
        "denial",
        "card_one_look",
        reason=reason.label if reason else denial.reason,
        notice_on=denial.notice_on,
        denies=of_lines(card, denied(card.state, denial)) if denial.lines else "",
        open=of_lines(card, frozenset(line.seq for line in card.state.awaited_lines)),
        level=appeals.named_level(card),
        said=clip(denial.reason_text, SAID),
        stated=denial.reason != UNSTATED or bool(denial.reason_text),
        holds=_holds(look, card, denial),
        due=" · ".join(_due(look, card)),
        tried=tuple(appeals.tried(look, card)),
        patient=" · ".join(_patient(look, card)),
    )
    return [said]


def of_lines(card: AuthorizationCard, lines: frozenset[int]) -> str:
    """`K0856, E2311`: the codes of these lines."""
    return ", ".join(line.code for line in card.state.lines if line.seq in lines)


def _holds(look: Look, card: AuthorizationCard, denial: Denial) -> str:
    """Who has it, and whether they have taken it; once it is decided, what was decided and who carries it out."""
    state = card.state
    if denial.decision:
        by = "the plan sent it on by itself" if denial.decided_by is None else card.name(denial.decided_by)
        when = f", {look.when(denial.decided_at)}" if denial.decided_at else ""
        decided = by if denial.decided_by is None else f"{by} decided: {buttons.CHOSEN[denial.decision]}{when}"
        return f"{card.name(state.owner_id)} · {decided}" if state.is_open else decided
    if not state.is_open:
        return "nobody: it ended undecided"
    if denial.routed_to is None or denial.routed_at is None:
        return f"{card.name(state.owner_id)}, to be routed"
    if denial.accepted_at:
        return f"{card.name(denial.routed_to)}, in hand since {look.when(denial.accepted_at)}"
    return f"{card.name(denial.routed_to)} since {look.when(denial.routed_at)}, not in hand yet"


def _due(look: Look, card: AuthorizationCard) -> Iterator[str]:
    """The windows that a letter or the law leaves open, the soonest first, then the practice's own soonest date."""
    for window in card.windows:
        yield f"{CLOCK_LABELS[window.kind]}: {act_by(window, card.now)}"
    yield from _goes_on(look, card)
    own = [clock for clock in card.clocks if clock.kind not in (*LEGAL, *OF_THE_PATIENT)]
    for clock in sorted(own, key=lambda clock: clock.due_at)[:1]:
        yield f"{CLOCK_LABELS[clock.kind]}: {look.when(clock.due_at)}, {span(clock.due_at, card.now)}"


def _goes_on(look: Look, card: AuthorizationCard) -> Iterator[str]:
    """The appeal window of what is sent again: no clock runs for what was not chosen, and the law's day stands."""
    denial = card.state.denial
    if denial and denial.appeal_by and denial.decision is Decision.RESUBMIT and card.state.is_open:
        over = denial.appeal_by < look.date(card.now)
        said = "is over" if over else "goes on while it is sent again"
        yield f"{CLOCK_LABELS[Clock.APPEAL_WINDOW]}: {full_day(denial.appeal_by)}, {said}"


def _patient(look: Look, card: AuthorizationCard) -> Iterator[str]:
    """What they were told of it, or until when that is due, and who tried."""
    told = told_badge(look, card.state)
    waits = [clock for clock in card.clocks if clock.kind is Clock.PATIENT_TOLD]
    if waits:
        yield f"not told yet: due {look.when(waits[0].due_at)}, {span(waits[0].due_at, card.now)}"
    elif not told:
        yield "not told"
    yield from filter(None, (told, attempts(look, card)))
