"""The payer library on screen: what a payer wants, and how that is changed."""

from typing import Any

from slack_bolt import BoltResponse

from pabot.domain import roles
from pabot.domain.answers import Kept
from pabot.domain.errors import NotFound
from pabot.domain.library import Checklist
from pabot.domain.payer_rules import Layer
from pabot.domain.proposals import Proposal, Propose
from pabot.domain.roles import Action
from pabot.handlers import forms_library as typed
from pabot.handlers import payload
from pabot.handlers.call import Call
from pabot.views import library as library_views
from pabot.views import payers as payer_views
from pabot.views import proposals as proposal_views
from pabot.views.forms.library import CHECK, PROPOSE_ITEM, REFUSE, payer_form, propose_form
from pabot.views.forms.sheet import draw
from pabot.views.ids import Id


def check(call: Call) -> BoltResponse:
    """`/pa check PAYER CODE`; without words the form asks."""
    if not call.text:
        return call.show(draw(CHECK, call.sheet(), Id.CHECK_SUBMIT))
    found = call.desk.look_up(call.text, actor=call.actor)
    return call.whisper(library_views.answer_message(call.look, found, call.actor))


def submit_check(call: Call) -> BoltResponse:
    """`pa.check.submit`: the form turns into the answer."""
    form = typed.Check.read(call.body["view"])
    found = call.desk.look_up_plan(form.payer, form.code, actor=call.actor)
    return call.become(library_views.answer_modal(call.look, found, call.actor))


def list_payers(call: Call) -> BoltResponse:
    """`/pa payers`."""
    return call.whisper(payer_views.payers_message(call.look, call.desk.payers_page(actor=call.actor)))


def turn_payers(call: Call) -> BoltResponse:
    """`pa.payers.page`: another page, on a screen of its own."""
    page = call.desk.payers_page(call.hint.number or 1, actor=call.actor)
    return call.show(payer_views.payers_modal(call.look, page))


def open_payer(call: Call) -> BoltResponse:
    """`pa.payer.open`."""
    page = call.desk.payer_page(_child(call), actor=call.actor)
    return call.show(payer_views.payer_modal(call.look, page, call.actor))


def edit_payer(call: Call) -> BoltResponse:
    """`pa.payer.edit`: directory entry and windows, for managers."""
    roles.require(call.actor, Action.MANAGE, staff=call.desk.directory().members.values())
    page = call.desk.payer_page(_child(call), actor=call.actor)
    return call.show(draw(payer_form(page), call.sheet(child=page.payer_id), Id.PAYER_SUBMIT))


def save_payer(call: Call) -> BoltResponse:
    """`pa.payer.submit`: saved, and the form turns into the payer."""
    form = typed.Payer.read(call.body["view"])
    known = call.desk.payer_page(_child(call), actor=call.actor).rules
    rules = form.rules(form.source, form.verified_on, Layer.PAYER, known)
    page = call.desk.save_payer(_child(call), form.contacts(), rules, actor=call.actor, key=call.key)
    return call.become(payer_views.payer_modal(call.look, page, call.actor))


def open_checklist(call: Call) -> BoltResponse:
    """`pa.checklist.open`: the version in force, and its history."""
    page = call.desk.checklist_page(_child(call), actor=call.actor)
    return call.show(payer_views.checklist_modal(call.look, page, call.actor))


def open_propose(call: Call) -> BoltResponse:
    """`pa.propose.open`: a checklist to change, or an empty one for a payer and a code."""
    _may_propose(call)
    hint, known = call.hint, _known(call) if call.hint.child else None
    body, about = (known[0].body, known[1]) if known else _fresh(call)
    version = known[0].n if known else None
    sheet = call.sheet(child=hint.child, version=version, what=hint.what, number=hint.number)
    return call.show(draw(propose_form(body, about), sheet, Id.PROPOSE_SUBMIT))


def submit_propose(call: Call) -> BoltResponse:
    """`pa.propose.submit`: the proposal waits; the form turns into it."""
    view = call.body["view"]
    form = typed.Propose.read(view)
    before = _known(call)[0].body if call.hint.child else Checklist("")
    body = form.body(before, typed.shown(view), call.actor.name)
    return _proposed(call, body, form.why, call.hint.version or 0)


def open_item(call: Call) -> BoltResponse:
    """`pa.propose_item.open`: the payer asked for something new."""
    _may_propose(call)
    return call.show(item_form(call, _child(call), call.hint.number))


def item_form(call: Call, checklist_id: int, number: int | None) -> dict[str, Any]:
    """The short form of a new requirement. `number`: the request on which it was noticed."""
    return draw(PROPOSE_ITEM, call.sheet(child=checklist_id, number=number), Id.PROPOSE_ITEM_SUBMIT)


def submit_item(call: Call) -> BoltResponse:
    """`pa.propose_item.submit`."""
    form = typed.ProposeItem.read(call.body["view"])
    known, _ = _known(call)
    return _proposed(call, form.added_to(known.body), form.why, known.n)


def open_proposal(call: Call) -> BoltResponse:
    """`pa.proposal.open`: what differs, and what this person may do about it."""
    return call.show(_proposal_modal(call, call.desk.proposal(_child(call), actor=call.actor)))


def approve(call: Call) -> BoltResponse:
    """`pa.proposal.approve`: the press is the approval."""
    return call.show(_proposal_modal(call, call.desk.approve(_child(call), actor=call.actor, key=call.press_key)))


def cosign(call: Call) -> BoltResponse:
    """`pa.proposal.cosign`: the press is the signature."""
    return call.show(_proposal_modal(call, call.desk.cosign(_child(call), actor=call.actor, key=call.press_key)))


def open_refuse(call: Call) -> BoltResponse:
    """`pa.proposal.refuse`: the form asks why."""
    return call.show(draw(REFUSE, call.sheet(child=_child(call)), Id.REFUSE_SUBMIT))


def submit_refuse(call: Call) -> BoltResponse:
    """`pa.refuse.submit`."""
    why = typed.Refuse.read(call.body["view"]).why
    return call.become(_proposal_modal(call, call.desk.refuse(_child(call), why, actor=call.actor, key=call.key)))


def _proposed(call: Call, body: Checklist, why: str, base_n: int) -> BoltResponse:
    hint = call.hint
    payer_id, plan_id, _ = _named(hint.what) if hint.child is None else (None, None, "")
    if hint.child is not None:
        payer_id = call.desk.checklist_page(hint.child, actor=call.actor).payer_id
    command = Propose(payer_id or 0, body, why, hint.child, base_n, plan_id, hint.number)
    return call.become(_proposal_modal(call, call.desk.propose(command, actor=call.actor, key=call.key)))


def _known(call: Call) -> tuple[Kept, str]:
    """The checklist as it stands, and whose it is."""
    answer = call.desk.checklist_page(_child(call), actor=call.actor).answer
    if answer.kept is None:
        raise NotFound(payload.UNKNOWN)
    return answer.kept, " · ".join([answer.payer, *answer.plans])


def _fresh(call: Call) -> tuple[Checklist, str]:
    """An empty checklist for a payer, perhaps a plan, with the code that was asked for."""
    payer_id, plan_id, code = _named(call.hint.what)
    page = call.desk.payer_page(payer_id, actor=call.actor)
    plan = next((facts.plan for facts in call.desk.plans() if facts.plan_id == plan_id), "")
    return library_views.fresh(code, call.local_now().date()), " · ".join(filter(None, [page.name, plan]))


def _named(what: str) -> tuple[int, int | None, str]:
    """Payer, plan and code as a button carries them. Raises NotFound for one that is not ours."""
    payer_id, _, rest = what.partition(":")
    plan_id, _, code = rest.partition(":")
    if not payer_id.isdecimal() or (plan_id and not plan_id.isdecimal()):
        raise NotFound(payload.UNKNOWN)
    return int(payer_id), int(plan_id) if plan_id else None, code


def _proposal_modal(call: Call, proposal: Proposal) -> dict[str, Any]:
    return proposal_views.modal(call.look, proposal, call.actor, call.desk.directory())


def _may_propose(call: Call) -> None:
    roles.require(call.actor, Action.PROPOSE_CHECKLIST, staff=call.desk.directory().members.values())


def _child(call: Call) -> int:
    if call.hint.child is None:
        raise NotFound(payload.UNKNOWN)
    return call.hint.child
