"""The sweep's screens: one request after the other, each with what its login or call needs; the end; the reminder."""

from collections.abc import Sequence
from typing import Any

from slackblocks import Block, Element, RichText, RichTextBlock, RichTextElement, RichTextSection

from pabot.domain.deadlines import CLOCK_LABELS, Clock
from pabot.domain.decide import STEPS_BY_KIND
from pabot.domain.sweep import MOST_AT_ONCE, Peer, SweepPage, Swept, Update
from pabot.views import lines, parts
from pabot.views.forms import FORMS
from pabot.views.forms import fields as f
from pabot.views.forms.sheet import Form, Sheet, draw
from pabot.views.history import latest_contact
from pabot.views.ids import Hint, Id, step_open
from pabot.views.patients import Surface, shown
from pabot.views.reach import to_ask
from pabot.views.text import Look, Mrkdwn, Rendered, one_line
from pabot.views.words import LABEL, counted, number, span, status_label

TITLE = "Sweep"
COPIED = 30  # tracking numbers of one payer; as many as anybody looks up at one go
CLOCKS = (Clock.FOLLOW_UP, Clock.PAYER_RESPONSE)
# What else a check may bring has a form of its own, after which the sweep goes on.
NEWS = ("acknowledge", "record_approval", "record_denial", "record_information_request")


def start_button(due: int) -> list[Element]:
    """Nothing where nothing is due."""
    return [parts.button(f"Start the sweep: {due} due", Id.SWEEP_OPEN, Hint(), style="primary")] if due else []


def sweep_modal(sheet: Sheet, page: SweepPage, swept: Swept | None = None, refused: str = "") -> dict[str, Any]:
    """The next request. `swept` is what the save before it did; `refused` says why this one was not saved."""
    form = Form(TITLE, "Save and next", lambda of: _blocks(of, page, swept, refused))
    view = draw(form, sheet, Id.SWEEP_SUBMIT)
    view["close"]["text"] = "Close"  # what was saved stays saved
    for block in view["blocks"]:
        if block["type"] == "input":  # Slack keeps what was typed under the same ids: it must not go on to the next
            block["element"]["action_id"] += f".{sheet.request.state.number}"
    return view


def done_modal(look: Look, page: SweepPage, swept: Swept | None = None, refused: str = "") -> dict[str, Any]:
    """Nothing is left, or only what was put off."""
    said = look.say("sweep_done", recorded=page.place - 1, put_off=page.put_off)
    again = parts.button(f"Take up the {page.put_off} put off", Id.SWEEP_OPEN, Hint())
    rest = parts.actions("again", [again]) if page.put_off else []
    return parts.modal(TITLE, [*_news(look, swept, refused), parts.section("done", said), *rest])


def update(look: Look, of: Update) -> Rendered:
    """The reminder at an update time."""
    head = lines.section(look, "sweep_update", "update", due=of.due, payers=of.payers)
    return parts.message(
        f"{counted(of.due, 'request')} to check with payers", [head, *parts.actions("start", start_button(of.due))]
    )


def _blocks(sheet: Sheet, page: SweepPage, swept: Swept | None, refused: str) -> list[Block]:
    look, card = sheet.look, sheet.request
    channel, found, *rest = FORMS["log_contact"].blocks(sheet)
    others = [(peer.line.number, peer.tracking_number) for peer in page.peers[:COPIED]]
    return [
        parts.context("place", _place(page)),
        *_news(look, swept, refused),
        _request(sheet, page),
        *to_ask(look, card),
        *_to_copy("tracking", "Tracking number", [(card.state.number, card.state.tracking_number)]),
        *parts.actions("news", _buttons(sheet)),
        found,
        *_alike(sheet, page),
        channel,
        *rest,
        *_to_copy("others", "The others' tracking numbers", others),
    ]


def _place(page: SweepPage) -> Mrkdwn:
    more = f"{counted(page.more_of_payer, 'more request')} of this payer" if page.more_of_payer else ""
    return parts.joined((f"{page.place} of {page.total}", more))


def _news(look: Look, swept: Swept | None, refused: str) -> list[Block]:
    """What became of the save before."""
    if refused:
        return [f.said("refused", f"⚠️ {refused}")]
    if swept is None:
        return []
    saved, left_out = (", ".join(map(number, those)) for those in (swept.saved, swept.refused))
    return [parts.section("saved", look.say("sweep_saved", saved=saved, refused=left_out))]


def _request(sheet: Sheet, page: SweepPage) -> Block:
    """Where it stands, why it is due, and what was said last."""
    look, card = sheet.look, sheet.request
    state, contact = card.state, latest_contact(card)
    due = [
        f"{CLOCK_LABELS[clock.kind]}: {span(clock.due_at, page.now)}" for clock in card.clocks if clock.kind in CLOCKS
    ]
    said = look.say(
        "sweep_item",
        service=one_line(card.service, LABEL),
        expedited=state.is_expedited,
        status=status_label(state.status, state.outcome, in_part=state.some_denied),
        submitted_on=look.date(state.submitted_at) if state.submitted_at else None,
        expected_on=state.expected_on,
        due=due,
        asked_at=contact.at if contact else None,
        asked_by=contact.by if contact else "",
        result=one_line(str(contact.detail.get("result", ""))) if contact else "",
        told_next=one_line(str(contact.detail.get("told_next", ""))) if contact else "",
    )
    return parts.section("request", said)


def _to_copy(name: str, title: str, known: Sequence[tuple[int, str]]) -> list[Block]:
    """Tracking numbers as rich text: what is copied must be what was recorded."""
    tracked = [(of, tracking) for of, tracking in known if tracking]
    if not tracked:
        return []
    words: list[RichTextElement] = [RichText(title, bold=True)]
    for of, tracking in tracked:
        words += [RichText(f"\n{number(of)}: "), RichText(one_line(tracking), code=True)]
    return [RichTextBlock(RichTextSection(words), block_id=name)]


def _buttons(sheet: Sheet) -> Sequence[Element]:
    card = sheet.request
    hint = Hint(number=card.state.number, sweep=sheet.hint.sweep)
    news = [parts.button(STEPS_BY_KIND[kind].label, step_open(kind), hint) for kind in NEWS if kind in card.steps]
    see = parts.button("Open", Id.SWEEP_CARD, hint)
    return [parts.button("Not now", Id.SWEEP_PUT_OFF, hint), *news, see]


def _alike(sheet: Sheet, page: SweepPage) -> list[Block]:
    """The payer's others, for which the same login or call brought nothing new."""
    choices = {f"{peer.line.number}:{peer.version}": _short(sheet, peer) for peer in page.peers}
    if not choices:
        return []
    most = f" At most {MOST_AT_ONCE} in one save." if page.more_of_payer > MOST_AT_ONCE else ""
    hint = f"Saved with the same reference; each keeps its usual next check.{most}"
    return [f.several("alike", "No change for these as well", choices, most=MOST_AT_ONCE, hint=hint)]


def _short(sheet: Sheet, peer: Peer) -> str:
    patient = shown(peer.line.patient, Surface.FORM, sheet.viewer, sheet.look.privacy)
    return " · ".join(filter(None, (number(peer.line.number), patient, one_line(peer.line.service, 40))))
