"""Forms around an appeal and a call with the payer's reviewer: preparing, filing, booking, and what came of it."""

from collections.abc import Mapping

from slackblocks import ActionsBlock, Block, Button

from pabot.domain.appeals import MOST_ATTACHMENTS, PACKET, wants_reasons
from pabot.domain.commands_appeals import CallOutcome
from pabot.domain.model import Denial, DenialClass, Role
from pabot.domain.steps_appeals import reasons_first
from pabot.domain.steps_calls import MOST_SLOTS
from pabot.views import appeals
from pabot.views.forms import fields as f
from pabot.views.forms.payer import REFERENCE
from pabot.views.forms.sheet import Form, Sheet, warning
from pabot.views.ids import Id

CALL_OUTCOMES: Mapping[str, str] = {
    CallOutcome.OVERTURNED: "Overturned: the payer approves",
    CallOutcome.UPHELD: "Upheld: the denial stands",
    CallOutcome.EDUCATIONAL: "Educational only: it could not change the decision",
    CallOutcome.MISSED: "Missed: to be booked again",
    CallOutcome.CANCELLED: "Cancelled",
}
URGENT = "Waiting for the usual decision would endanger the patient"


def _pack_appeal(sheet: Sheet) -> list[Block]:
    return [*_level(sheet), *_packet(sheet)]


def _file_appeal(sheet: Sheet) -> list[Block]:
    denial = sheet.request.state.denial
    filed = f.moment("filed_at", "When was it filed?", initial=sheet.now)
    numbers = [
        f.text("reference", "Appeal reference", optional=True, longest=REFERENCE),
        f.day("decision_due_on", "Decision due by", optional=True, hint="Leave empty for the usual window."),
    ]
    return [
        *_level(sheet),
        *_reasons_first(sheet),
        filed,
        _signer(sheet),
        *_packet(sheet),
        f.text("without", "If something required is missing: why?", lines=True, optional=True),
        f.tick(
            "expedited",
            "Urgency",
            "Expedited appeal",
            ticked=bool(denial and denial.expedited),
            hint="Only on a clinician's word that waiting would endanger the patient.",
        ),
        *numbers,
    ]


def _reasons_first(sheet: Sheet) -> list[Block]:
    """Where nobody has written the reasons: who may, and a way to ask them."""
    card, denial = sheet.request, sheet.request.state.denial
    if denial is None or not wants_reasons(denial, sheet.viewer):
        return []
    said = warning(reasons_first(card.state, denial, sheet.staff), name="reasons_first")
    ask = Button(f.plain("Ask the clinician"), action_id=Id.ASK_INSTEAD, value=sheet.hint.packed())
    return [said, *([ActionsBlock(elements=[ask], block_id="instead")] if "ask_clinician" in card.steps else [])]


def _level(sheet: Sheet) -> list[Block]:
    words = appeals.standing(sheet.request)
    return [f.said("level", words)] if words else []


def _signer(sheet: Sheet) -> Block:
    """A clinician; of an administrative denial a biller as well."""
    state = sheet.request.state
    administrative = state.denial is not None and state.denial.denial_class is DenialClass.ADMINISTRATIVE
    source = Id.SUGGEST_STAFF if administrative else Id.SUGGEST_CLINICIAN
    wrote = sheet.staff.get(state.denial.necessity_by) if state.denial and state.denial.necessity_by else None
    hint = "Say whose signature you see on it: nobody is filled in but who wrote its reasons here."
    return f.person("signed_by", "Who signed the letter?", source, initial=wrote, hint=hint)


def _packet(sheet: Sheet) -> list[Block]:
    denial, level = sheet.request.state.denial, sheet.request.appeal_level
    labels = {key: label for key, (label, _) in PACKET.items()}
    there = denial.packet.split() if denial else []
    return [
        f.ticks("packet", "In the packet", labels, ticked=there, optional=True),
        f.text(
            "attachments",
            "Attachments",
            lines=True,
            optional=True,
            initial=denial.attachments if denial else "",
            hint=f"One a line, as the letter is to list them; up to {MOST_ATTACHMENTS}.",
        ),
        *(_consent(denial) if level and level.consent else []),
    ]


def _consent(denial: Denial | None) -> list[Block]:
    signed = denial.consent_by if denial else ""
    hint = "The patient, or who may sign for them. It cannot be filed without."
    return [
        f.text(
            "consent_by", "Who signed the written consent?", initial=signed, optional=True, hint=hint, longest=REFERENCE
        ),
        f.day("consent_on", "Consent signed on", initial=denial.consent_on if denial else None, optional=True),
    ]


def _write_necessity(sheet: Sheet) -> list[Block]:
    denial = sheet.request.state.denial
    earlier = next((one.necessity for one in sheet.request.earlier if one.necessity), "")
    written = (denial.necessity if denial else "") or ("" if denial and denial.is_argued else earlier)
    return [
        *_level(sheet),
        f.text(
            "text",
            "Why is this care necessary?",
            lines=True,
            optional=True,
            initial=written,
            hint="This, or below where your own text lies: one of the two is needed. Name no patient: the letter does.",
            longest=f.SLACK_LONGEST,
        ),
        f.text(
            "where",
            "Or where your own text lies",
            optional=True,
            initial=denial.necessity_where if denial else "",
            hint="One of the two is needed. If this one, leave the text above empty: the letter points to it.",
            longest=REFERENCE,
        ),
        f.tick("expedited", "Urgency", URGENT, ticked=bool(denial and denial.expedited)),
    ]


def _withdraw_appeal(sheet: Sheet) -> list[Block]:
    return [f.text("reason", "Why is it withdrawn?", lines=True, hint="The denial is then to be decided again.")]


def _dismiss_appeal(sheet: Sheet) -> list[Block]:
    return [f.text("reason", "Why does the payer not take it up?", lines=True, hint="In the payer's words.")]


def _book_peer_to_peer(sheet: Sheet) -> list[Block]:
    state = sheet.request.state
    known = state.open_peer_to_peer
    clinician = sheet.staff.clinician_for(known.clinician_id if known else state.clinician_id, state.number)
    asked = known.requested_at if known else sheet.now
    return [
        f.said("new_in_call", appeals.new_in_call(sheet.request)),
        f.moment("requested_at", "Asked for", initial=asked, optional=True),
        f.text("requested_with", "With whom", optional=True, longest=REFERENCE),
        f.text("reference", "Reference", initial=known.reference if known else "", optional=True, longest=REFERENCE),
        *(f.moment(f"slots_{at}", f"Time offered, {at}", optional=True) for at in range(1, MOST_SLOTS + 1)),
        f.moment(
            "scheduled_for",
            "When is the call?",
            optional=True,
            hint="Leave it empty while no time is agreed on.",
        ),
        f.person("clinician", "Who takes it?", Id.SUGGEST_CLINICIAN, initial=clinician),
        f.text("phone", "Phone number", initial=known.phone if known else "", optional=True, longest=REFERENCE),
    ]


def _record_peer_to_peer(sheet: Sheet) -> list[Block]:
    licensed = sheet.viewer.is_(Role.CLINICIAN)
    hint = "You write it down as they dictate it; the record says so."
    dictated = [] if licensed else [f.person("director", "Who dictates it?", Id.SUGGEST_CLINICIAN, hint=hint)]
    return [
        f.radio("outcome", "What came of it?", CALL_OUTCOMES),
        f.text("note", "What the reviewer said", lines=True, optional=True),
        *dictated,
    ]


APPEALS = {
    "pack_appeal": Form("Packet", "Save", _pack_appeal, overwrites=True),
    "write_necessity": Form("Reasons", "Save", _write_necessity, overwrites=True),
    "file_appeal": Form("Appeal filed", "Save", _file_appeal),
    "withdraw_appeal": Form("Withdraw appeal", "Withdraw", _withdraw_appeal),
    "dismiss_appeal": Form("Appeal dismissed", "Save", _dismiss_appeal),
    "book_peer_to_peer": Form("Peer-to-peer call", "Save", _book_peer_to_peer),
    "record_peer_to_peer": Form("The call", "Save", _record_peer_to_peer),
}
