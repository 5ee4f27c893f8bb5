"""`/pa sweep`: what is due with the payers, one request after the other in one window."""

from dataclasses import replace
from typing import Any

from slack_bolt import BoltResponse

from pabot.domain.commands import LogContact
from pabot.domain.errors import NotNow, Stale
from pabot.domain.sweep import SweepPage, Swept
from pabot.handlers.call import Call
from pabot.handlers.forms_sweep import Sweep
from pabot.handlers.step_form import About
from pabot.views import card as cards
from pabot.views import sweep as views
from pabot.views.ids import form_key


def open_sweep(call: Call) -> BoltResponse:
    """`/pa sweep` and `pa.sweep.open`: a sweep of its own each time. Raises NotAllowed."""
    return call.show(following(call.about(sweep=form_key())))


def save_and_next(call: Call) -> BoltResponse:
    """`pa.sweep.submit`: the window turns into the next request, or into this one again if somebody changed it."""
    typed = Sweep.read(call.body["view"])
    command = typed.command(About(call.number, call.hint.version))
    try:
        swept = call.desk.record_swept(command, typed.alike, actor=call.actor, key=call.key)
    except (Stale, NotNow) as changed:
        return call.become(_once_more(call, changed.sentence))
    return call.become(following(call, swept, command))


def put_off(call: Call) -> BoltResponse:
    """`pa.sweep.put_off`: not now; the next one."""
    call.desk.put_off(call.number, call.hint.sweep, actor=call.actor)
    return call.redraw(following(call))


def open_card(call: Call) -> BoltResponse:
    """`pa.sweep.card`: the card on top, so that what was typed stays beneath it."""
    view = cards.card_modal(call.look, call.card(), call.actor)
    call.client.views_push(trigger_id=str(call.body.get("trigger_id")), view=view)
    return call.ack()


def following(call: Call, swept: Swept | None = None, said: LogContact | None = None) -> dict[str, Any]:
    """What comes next in the sweep, as a window; what was `said` of the same payer goes on with it."""
    page = call.desk.sweep(call.hint.sweep, actor=call.actor)
    same = swept and page.card and page.card.payer.payer_id == swept.payer_id
    return _drawn(call, page, swept, same_call=said if same else None)


def _once_more(call: Call, refused: str) -> dict[str, Any]:
    """The same request as it stands now, with what was typed; the next where no contact can be recorded any more."""
    page = call.desk.sweep(call.hint.sweep, actor=call.actor, number=call.number)
    if page.card and "log_contact" not in page.card.steps:
        page = call.desk.sweep(call.hint.sweep, actor=call.actor)
    return _drawn(call, page, refused=refused)


def _drawn(
    call: Call,
    page: SweepPage,
    swept: Swept | None = None,
    *,
    refused: str = "",
    same_call: LogContact | None = None,
) -> dict[str, Any]:
    if page.card is None:
        return views.done_modal(call.look, page, swept, refused)
    state = page.card.state
    sheet = call.sheet(page.card, number=state.number, version=state.version, sweep=call.hint.sweep)
    return views.sweep_modal(replace(sheet, same_call=same_call), page, swept, refused)
