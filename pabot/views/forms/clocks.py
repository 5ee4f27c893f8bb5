"""Forms about a request's dates: putting its facts right, and letting it wait until a day."""

from slackblocks import Block

from pabot.domain import holds
from pabot.domain.statuses import AWAITING_ANSWER
from pabot.views.forms import fields as f
from pabot.views.forms import words
from pabot.views.forms.sheet import Form, Sheet
from pabot.views.ids import Id


def _change_details(sheet: Sheet) -> list[Block]:
    card = sheet.request
    state = card.state
    plan = (str(state.plan_id), f"{card.payer.payer} · {card.payer.plan}")
    meant = "expedited" if state.urgency_proposed else state.urgency.value
    received = state.acknowledged_at if state.stage in AWAITING_ANSWER else None
    off = [f.tick("no_appointment", "Called off", "There is no appointment any more")] if state.appointment_on else []
    return [
        f.suggested("payer", "Payer and plan", Id.SUGGEST_PAYER, initial=plan),
        *([f.moment("acknowledged_at", "When did the payer receive it?", initial=received)] if received else []),
        f.day("appointment_on", "Appointment", initial=state.appointment_on, optional=True),
        *off,
        f.radio(
            "urgency",
            "Urgency",
            words.URGENCY,
            initial=meant,
            hint="Expedited is proposed here; a clinician attests it, and only a clinician makes it standard again.",
        ),
        f.text("reason", "Why", optional=True, hint="Due dates follow; the history keeps old and new."),
    ]


def _hold_until(sheet: Sheet) -> list[Block]:
    return [
        f.radio("reason", "What does it wait for?", holds.REASONS, initial="too_early"),
        f.day("until_on", "Until", hint="It is due again on that day. Legal deadlines do not wait."),
        f.text("note", "Note", optional=True, hint="The team reads this: no patient names."),
    ]


CLOCKS = {
    "change_details": Form("Change details", "Save", _change_details, overwrites=True),
    "hold_until": Form("Hold until", "Hold", _hold_until, overwrites=True),
}
