"""Forms of an approval that runs out: what was used of it, that it may run out, and the request that renews it."""

from slackblocks import Block

from pabot.domain import expiry
from pabot.domain.cards import Privacy
from pabot.domain.codes import written
from pabot.domain.model import Category
from pabot.domain.steps_expiry import MOST_USED
from pabot.views.forms import fields as f
from pabot.views.forms.orders import order_fields
from pabot.views.forms.sheet import Form, Sheet
from pabot.views.ids import Id

NAME = 80  # characters of a service


def _record_use(sheet: Sheet) -> list[Block]:
    """The new total of each line."""
    return [
        f.number(
            f"used_{line.seq}", f"{line.code}: used of {line.approved}", initial=line.used, least=0, most=MOST_USED
        )
        for line in expiry.units(sheet.request.state)
    ]


def _let_run_out(sheet: Sheet) -> list[Block]:
    return [f.radio("reason", "Why is no renewal needed?", expiry.NO_RENEWAL)]


def _renew(sheet: Sheet) -> list[Block]:
    """Everything carried over. The patient is not asked for: it is the same."""
    card = sheet.request
    state = card.state
    known = card.diagnoses if sheet.look.privacy is Privacy.FULL else ()
    keep = "" if known else " Leave empty to keep those on file; else type all of them."
    by_name = state.category is Category.MEDICATION
    return [
        f.suggested(
            "payer",
            "Payer and plan",
            Id.SUGGEST_PAYER,
            initial=(str(card.payer.plan_id), f"{card.payer.payer} · {card.payer.plan}"),
        ),
        f.tick("coverage", "Coverage", "Verified again for the new dates", must=True),
        f.text("service", "Service", initial=card.service, longest=NAME),
        f.codes(initial="\n".join(map(written, state.lines)), optional=by_name),
        *order_fields(state.category, state.medication, state.therapy),
        f.diagnoses(initial=known, optional=not known, hint=f"The main one first.{keep}"),
        f.person("clinician", "Ordering clinician", Id.SUGGEST_CLINICIAN, initial=sheet.staff.get(state.clinician_id)),
        f.day("ordered_on", "Ordered on", initial=sheet.today),
        f.day(
            "requested_from", "Wanted from", initial=expiry.continues_on(state.expires_on, sheet.today), optional=True
        ),
        f.day("requested_to", "Wanted until", optional=True),
        f.text("note", "Note", lines=True, optional=True, hint="The team reads this: no patient names."),
    ]


RENEW = Form("Renew", "Open the renewal", _renew, wants_diagnoses=True)
RENEWALS = {
    "record_use": Form("Units used", "Save", _record_use, overwrites=True),
    "let_run_out": Form("No renewal needed", "Save", _let_run_out),
}
