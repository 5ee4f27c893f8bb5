"""What the message of a denial says of it, and whether its letter still wants reasons."""

from datetime import date

from pabot.domain.cards import AuthorizationCard
from pabot.domain.clocks import CLOCK_LABELS
from pabot.domain.denials import CORRECTS
from pabot.domain.model import Decision, Denial
from pabot.domain.requirements import DENIAL_REASONS
from pabot.domain.statuses import Outcome
from pabot.domain.windows import Window
from pabot.views import appeals, lines
from pabot.views.text import Look, day, full_day
from pabot.views.words import act_by, asked_for

LETTERS = ("record_denial", "record_approval")  # a partial approval of the rest denies as well


def reasons_wanted(card: AuthorizationCard) -> bool:
    """Whether an appeal was decided for whose letter has no reasons yet."""
    denial = card.state.denial
    appealed = denial is not None and denial.decision is Decision.APPEAL and not denial.is_argued
    automatic = card.appeal_level is not None and card.appeal_level.automatic
    return appealed and not automatic and not card.state.decision_is_carried_out


def facts(look: Look, card: AuthorizationCard, denial: Denial) -> dict[str, object]:
    """What its message says of a denial, by the template's names."""
    state = card.state
    return {
        "plan": lines.short(card.payer.plan),
        "ordered_on": day(look.date(state.ordered_at)),
        "clinician": lines.short(card.name(state.clinician_id)),
        "namesake": card.namesake,
        "service_on": _day(state.requested_from),
        "appointment_on": _day(state.appointment_on),
        "codes": ", ".join(asked_for(state)),
        "partial": state.outcome is Outcome.PARTIAL,
        "reason": DENIAL_REASONS[denial.reason].label,
        "notice_on": _day(denial.notice_on),
        "said": lines.quoted(denial.reason_text),
        "windows": tuple(_window(card, window) for window in card.windows),
        "level": appeals.named_level(card),
        "earlier": tuple(appeals.tried(look, card)),
        "needs": _needs(card, denial),
        "open": ", ".join(line.code for line in state.awaited_lines),
        "notice": _another(look, card),
    }


def _needs(card: AuthorizationCard, denial: Denial) -> str:
    """What somebody said they need before deciding about this denial."""
    asked = (entry for entry in card.timeline if entry.kind == "ask_for_more" and not entry.in_error)
    newest = next((entry for entry in asked if denial.routed_at and entry.at >= denial.routed_at), None)
    return lines.quoted(str(newest.detail.get("need") or "")) if newest else ""


def _another(look: Look, card: AuthorizationCard) -> str:
    """The newest letter after the first, and what it is to the one before; empty: there was but one."""
    letters = (entry for entry in card.timeline if entry.kind in LETTERS and entry.detail.get("notice"))
    newest = next((entry for entry in letters if not entry.in_error), None)
    if newest is None:
        return ""
    denies = lines.short(str(newest.detail.get("lines") or "more of it"))
    what = "it corrects the one before" if newest.detail["notice"] == CORRECTS else f"it denies {denies} as well"
    return f"{look.when(newest.at)}: {what}"


def _window(card: AuthorizationCard, window: Window) -> dict[str, object]:
    """One that the letter leaves open, and whether there will be another open day to act on."""
    over = window.due_at <= card.now
    said = f"{CLOCK_LABELS[window.kind]}: {act_by(window, card.now)}"
    return {"said": said, "over": over, "closes_first": window.closes_first}


def _day(on: date | None) -> str:
    return full_day(on) if on else ""
