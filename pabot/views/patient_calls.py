"""A patient's calls: on the card, to the clinician whom they wait for, and to whoever passes the answer on."""

from collections.abc import Mapping

from slackblocks import Block

from pabot.domain.cards import AuthorizationCard
from pabot.domain.clocks import ANSWERED
from pabot.domain.happenings import Asked, Caller
from pabot.domain.model import Member, PatientCall
from pabot.domain.review import of_call
from pabot.views import lines, parts
from pabot.views.text import Look, Rendered

CALLERS: Mapping[Caller, str] = {
    Caller.PATIENT: "the patient",
    Caller.REPRESENTATIVE: "their representative",
    Caller.UNVERIFIED: "somebody who could not be verified",
}
ABOUT: Mapping[Asked, str] = {
    Asked.STATUS: "where it stands",
    Asked.QUESTION: "a clinical question",
    Asked.WORRY: "an urgent worry",
}
ANSWERS = {
    "called_back": "Done, I called back",
    "answer_call": "Answer for the coordinator",
    "hand_over_call": "Hand over",
}


def on_card(look: Look, card: AuthorizationCard, *, works: bool) -> list[Block]:
    """The latest call, and all that wait for a clinician or to be passed on. The words are for those who work on it."""
    calls = card.state.calls
    if not calls:
        return []
    shown = [call for call in calls if call.is_open or _untold(card, call) or call is calls[-1]]
    told = [
        {
            "at": look.when(call.at),
            "caller": CALLERS[call.caller],
            "about": ABOUT[call.asked],
            "read_out": call.read_out,
            "taken_by": lines.short(card.name(call.taken_by)),
            "said": lines.quoted(call.said) if works else "",
            "waits_for": lines.short(card.name(call.asked_of)) if call.is_open else "",
            "answered_by": lines.short(card.name(call.answered_by)) if call.answered_by else "",
            "answer": lines.quoted(call.answer) if works else "",
            "untold": _untold(card, call),
        }
        for call in shown[-SHOWN:]
    ]
    return [lines.section(look, "card_calls", "calls", calls=told, lately=card.called_lately)]


SHOWN = 3  # calls


def called(look: Look, card: AuthorizationCard, viewer: Member, seq: int) -> Rendered:
    """A question or a worry of the patient that waits for this clinician."""
    call = _call(card, seq)
    if call is None:
        return lines.about_request(look, card, "patient_called", [], {**_NOTHING, "standing": "gone"})
    standing = "open" if call.is_open and call.asked_of == viewer.user_id else "routed" if call.is_open else "answered"
    clock = next((clock for clock in card.clocks if clock.about == of_call(call)), None)
    who = call.answered_by if standing == "answered" else call.asked_of
    words = {
        "standing": standing,
        "urgent": call.asked is Asked.WORRY,
        "by": look.when(clock.due_at) if clock else "",
        "who": lines.short(card.name(who)),
        "when": look.when(call.answered_at or call.at),
        "caller": CALLERS[call.caller],
        "said": lines.quoted(call.said),
        "taken_by": lines.short(card.name(call.taken_by)),
    }
    pressed = lines.steps(card, ANSWERS, seq) if standing == "open" else []
    return lines.about_request(look, card, "patient_called", [*pressed, *parts.opener(card.state.number)], words)


def answered(look: Look, card: AuthorizationCard, seq: int) -> Rendered:
    """The owner reads what the clinician wants the patient to be told."""
    call = _call(card, seq)
    known, untold = call is not None and call.answered_at is not None, call is not None and _untold(card, call)
    words = {
        "standing": ("answered" if untold else "told") if known else "gone",
        "by": _moment(look, card) if untold else "",
        "who": lines.short(card.name(call.answered_by)) if call else "",
        "when": look.when(call.answered_at) if call and call.answered_at else "",
        "asked": lines.quoted(call.said) if call else "",
        "said": lines.quoted(call.answer) if call and known else "",
    }
    pressed = lines.steps(card, PASS_ON, seq) if untold else []
    return lines.about_request(look, card, "call_answered", [*pressed, *parts.opener(card.state.number)], words)


PASS_ON = {"pass_on": "Patient told the answer"}


def _untold(card: AuthorizationCard, call: PatientCall) -> bool:
    """Whether the patient has yet to hear the answer."""
    state, answered_at = card.state, call.answered_at
    since = state.urgent_answer_since if call.asked is Asked.WORRY else state.answer_since
    return bool(call.answer and since and answered_at and answered_at >= since)


def _moment(look: Look, card: AuthorizationCard) -> str:
    """By when the first answer that waits is to be passed on."""
    return next((look.when(clock.due_at) for clock in card.clocks if clock.kind in ANSWERED), "")


_NOTHING = dict.fromkeys(("urgent", "by", "who", "when", "caller", "said", "taken_by"), "")


def _call(card: AuthorizationCard, seq: int) -> PatientCall | None:
    return next((call for call in card.state.calls if call.seq == seq), None)
