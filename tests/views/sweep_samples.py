"""A sweep at several moments: in the middle, after a save, with somebody quicker, at its end."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from message_samples import CORA, LOOK, NOW, OTTO, line

from pabot.domain.cards import AuthorizationCard, TimelineEntry
from pabot.domain.commands import LogContact
from pabot.domain.model import Channel
from pabot.domain.rules import Directory
from pabot.domain.statuses import Status
from pabot.domain.sweep import MOST_AT_ONCE, Peer, SweepPage, Swept, Update
from pabot.views import sweep
from pabot.views.forms.sheet import Sheet
from pabot.views.ids import Hint

STAFF = Directory({member.user_id: member for member in (CORA, OTTO)})
ASKED = TimelineEntry(
    NOW.replace(day=20), CORA.name, "log_contact", None, None,
    {"result": "In *medical* review", "told_next": "Call again on Monday"}, "save-3",
)  # fmt: skip
SAID = LogContact(number=1041, channel=Channel.PHONE, reference="CALL-7", spoke_with="Dana")
CHANGED = "Carl Ostermann recorded “Log a contact” on PA-1042 at 10:02 AM EST, after you opened this form."


def peers(count: int) -> tuple[Peer, ...]:
    return tuple(Peer(line(1043 + at, status=Status.PENDING), 3, f"NW_20_{119 + at}") for at in range(count))


def page(card: AuthorizationCard | None, **changed: Any) -> SweepPage:
    usual = SweepPage(card, peers(2), 2, 7, 23, 1, NOW)
    return replace(usual, **changed)


def sheet(card: AuthorizationCard, **changed: Any) -> Sheet:
    hint = Hint(number=1042, version=7, key="a-form-s-key", sweep="this-sweep")
    return Sheet(LOOK, NOW.astimezone(LOOK.zone), CORA, STAFF, hint, card, **changed)


def screens(pending: Callable[[], AuthorizationCard]) -> dict[str, Callable[[], dict[str, Any]]]:
    def asked() -> AuthorizationCard:
        made = pending()
        return replace(made, timeline=(ASKED, *made.timeline), steps=(*made.steps, "acknowledge"))

    def modal(card: AuthorizationCard, of: SweepPage, *more: Any, **changed: Any) -> dict[str, Any]:
        return sweep.sweep_modal(sheet(card, **changed), of, *more)

    many = {"peers": peers(MOST_AT_ONCE), "more_of_payer": 149, "total": 150}
    end = page(None, place=20, total=20)
    return {
        "sweep": lambda: modal(asked(), page(asked())),
        "sweep_same_call": lambda: modal(asked(), page(asked()), Swept(2, (1040, 1041), (1039,)), same_call=SAID),
        "sweep_changed": lambda: modal(asked(), page(asked(), peers=(), more_of_payer=0), None, CHANGED),
        "sweep_many": lambda: modal(asked(), page(asked(), **many)),
        "sweep_put_off": lambda: sweep.done_modal(LOOK, end, Swept(2, (1041,))),
        "sweep_done": lambda: sweep.done_modal(LOOK, replace(end, put_off=0)),
        "sweep_empty": lambda: sweep.done_modal(LOOK, replace(end, place=1, total=0, put_off=0)),
        "sweep_update": lambda: drawn(Update(23, 4, over=False)),
        "sweep_update_late": lambda: drawn(Update(0, 0, over=True)),
    }


def drawn(of: Update) -> dict[str, Any]:
    said = sweep.update(LOOK, of)
    return {"text": said.text, "blocks": said.blocks}
