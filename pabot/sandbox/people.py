"""Acting as a person of the workspace, as Slack's own client would: what is on the screen can be used, nothing else.

`by_hand=True` leaves the client's checks out, for payloads that somebody made without Slack's client.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pabot.sandbox import payloads, submissions
from pabot.sandbox.block_walk import every_element
from pabot.sandbox.inputs import KINDS, NotOnScreen, as_state, current_state, mistake, options_in, untouched
from pabot.sandbox.model import Json, Message, User, View

if TYPE_CHECKING:
    from pabot.sandbox.workspace import Workspace

__all__ = ["Container", "NotOnScreen", "Outcome", "Person", "SubmitResult"]

Container = Message | View
"""What holds buttons: a message (an ephemeral one too), a modal or the Home tab."""

TROUBLE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True)
class Outcome:
    """Whether the app took it. `error` is Slack's word for why not: `operation_timeout`, `dispatch_failed`."""

    error: str | None = None

    @property
    def ok(self) -> bool:
        return self.error is None


@dataclass(frozen=True)
class SubmitResult:
    """What the person sees after pressing a form's submit button.

    `errors`: under the fields, by block_id. `view`: the top of the stack now, None when no form is left.
    `error`: the app did not answer, or answered what Slack does not accept.
    """

    errors: dict[str, str] = field(default_factory=dict)
    view: View | None = None
    error: str | None = None

    @property
    def ok(self) -> bool:
        return not self.errors and self.error is None


class Person:
    """One member of the workspace at their screen."""

    def __init__(self, workspace: "Workspace", user_id: str) -> None:
        self.workspace = workspace
        self.user: User = workspace.users[user_id]
        self.id = user_id

    # What this person sees

    def messages(self, channel_id: str) -> list[Message]:
        """A conversation with what only this person sees in it, oldest first."""
        with self.workspace.lock:
            own = [each for each in self.ephemerals if each.channel == channel_id]
            return sorted(self.workspace.channels[channel_id].messages + own, key=lambda each: each.ts)

    @property
    def direct_messages(self) -> list[Message]:
        """The conversation with the app."""
        return self.messages(self.workspace.direct_channel(self.id).id)

    @property
    def ephemerals(self) -> list[Message]:
        with self.workspace.lock:
            return [each for each in self.workspace.ephemerals if each.only_for == self.id]

    @property
    def modals(self) -> list[View]:
        """The open forms, the top one last."""
        with self.workspace.lock:
            return list(self.workspace.modals.get(self.id, ()))

    @property
    def modal(self) -> View | None:
        """The form on top."""
        return self.modals[-1] if self.modals else None

    @property
    def home(self) -> View | None:
        """The app's Home tab as last published for this person."""
        return self.workspace.homes.get(self.id)

    # What this person does

    def say(self, channel_id: str, text: str, thread_ts: str | None = None) -> Message:
        """Write into a conversation."""
        return self.workspace.post(channel_id, self.id, text, thread_ts=thread_ts)

    def command(self, name: str, text: str = "", channel: str | None = None) -> Outcome:
        """Type a slash command; in the conversation with the app unless a channel is given. `@name` is a mention."""
        where = channel or self.workspace.direct_channel(self.id).id
        form = payloads.command(self.workspace, self.user, name, self._escaped(text), where)
        answer = self.workspace.delivery.send("slash_commands", form)
        if answer.error:
            self._slackbot(where, f"{name} failed with the error “{answer.error}”")
        elif answer.body.get("text") or answer.body.get("blocks"):
            submissions.answer_command(self.workspace, self.id, where, answer.body)
        return Outcome(answer.error)

    def shortcut(self, callback_id: str) -> Outcome:
        """Use a global shortcut."""
        return self._interact(payloads.shortcut(self.workspace, self.user, callback_id))

    def message_shortcut(self, callback_id: str, message: Message) -> Outcome:
        """Use a shortcut from a message's menu."""
        return self._interact(payloads.message_shortcut(self.workspace, self.user, callback_id, message))

    def open_home(self) -> View | None:
        """Open the app's Home tab; what it shows when the app has taken the event."""
        self.workspace.delivery.send_event(payloads.home_opened(self.workspace, self.user, self.home))
        return self.home

    def press(
        self,
        container: Container,
        action_id: str,
        value: str | None = None,
        *,
        block_id: str | None = None,
        by_hand: bool = False,
    ) -> Outcome:
        """Press a button; `value` or `block_id` says which, where several share the action_id.

        Buttons are looked for in `container` as given, so a copy made earlier is a screen that has not caught up.
        """
        try:
            block, element = self._find(container, action_id, block_id, value)
        except NotOnScreen:
            if not by_hand:
                raise
            block, element = {"block_id": block_id or "by_hand"}, {"type": "button", "action_id": action_id}
            element |= {"text": {"type": "plain_text", "text": action_id}, "value": value or ""}
        if element["type"] != "button" and "value" not in element:
            return self.choose(container, action_id, value, block_id=block_id, by_hand=by_hand)
        kept = ("type", "action_id", "text", "value", "style", "url")
        return self._act(container, block, {name: element[name] for name in kept if name in element})

    def choose(
        self,
        container: Container,
        action_id: str,
        option: object,
        *,
        block_id: str | None = None,
        by_hand: bool = False,
    ) -> Outcome:
        """Choose in a menu, a picker, ticks or an overflow: by value, by what it says, or as a plain value.

        A choice among suggestions asks the app first when it has not suggested that option yet.
        """
        block, element = self._find(container, action_id, block_id)
        if element["type"] == "overflow":
            chosen = as_state({**element, "type": "static_select"}, option, by_hand=by_hand)
            return self._act(container, block, {**chosen, "type": "overflow", "action_id": action_id})
        state = self._touch(container, block, element, option, by_hand)
        if block["type"] == "input" and not block.get("dispatch_action"):
            return Outcome()
        return self._act(container, block, {**state, "action_id": action_id})

    def suggest(
        self, container: Container, action_id: str, text: str = "", *, block_id: str | None = None
    ) -> list[Json]:
        """Type into a menu that the app fills; the options it offers, groups flattened.

        Slack's client does not ask before `min_query_length` letters (3 unless the element says otherwise).
        """
        block, element = self._find(container, action_id, block_id)
        if len(text) < element.get("min_query_length", 3):
            return []
        payload = payloads.suggestion(self.workspace, self.user, container, block, element, text)
        answer = self.workspace.delivery.send("interactive", payload)
        offered = submissions.offered_options(answer.body) if not answer.error else []
        with self.workspace.changing():  # the newest first; what was chosen earlier stays, whatever is offered now
            key = self._offer_key(container, block, element)
            self.workspace.offered[key] = _by_value([*offered, *self.workspace.offered.get(key, {}).values()])
        return offered

    def fill(self, view: View, values: Mapping[str, object], *, by_hand: bool = False) -> Outcome:
        """Type into a form: block_id → plain value. An input with `dispatch_action` tells the app at once."""
        outcome = Outcome()
        for block_id, value in values.items():
            found = [each for block, each in every_element(view.blocks) if block["block_id"] == block_id]
            if not found:
                present = ", ".join(block["block_id"] for block in view.blocks)
                raise NotOnScreen(f"the form has no field {block_id!r}; it has {present}")
            done = self.choose(view, found[0]["action_id"], value, block_id=block_id, by_hand=by_hand)
            outcome = outcome if outcome.error else done
        return outcome

    def submit(
        self, view: View | None = None, values: Mapping[str, object] | None = None, *, by_hand: bool = False
    ) -> SubmitResult:
        """Fill in `values`, if any, and press submit on the top form.

        `by_hand` sends an incomplete or closed form too.
        """
        view = view or self.modal
        if view is None or (not by_hand and view is not self.modal):
            raise NotOnScreen("that form is not on top of the screen")
        self.fill(view, values or {}, by_hand=by_hand)
        if not by_hand and (wrong := self._client_errors(view)):
            with self.workspace.changing():
                view.errors = wrong
            return SubmitResult(wrong, view)
        answer = self.workspace.delivery.send("interactive", payloads.submission(self.workspace, self.user, view))
        error = answer.error or submissions.apply(self.workspace, view, answer.body)
        with self.workspace.changing():
            view.trouble = TROUBLE if error else None
        return SubmitResult(dict(view.errors), self.modal, error)

    def close(self, view: View | None = None) -> Outcome:
        """Close the top form. The app hears of it if it asked to."""
        view = view or self.modal
        if view is None:
            raise NotOnScreen("no form is open")
        with self.workspace.changing():
            stack = self.workspace.modals.get(self.id, [])
            gone = list(stack) if view.clear_on_close else [view]
            stack[:] = [each for each in stack if each not in gone]
        outcomes = [
            self._interact(payloads.closed(self.workspace, self.user, each, is_cleared=view.clear_on_close))
            for each in gone
            if each.notify_on_close
        ]
        return outcomes[-1] if outcomes else Outcome()

    # How

    def _find(
        self, container: Container, action_id: str, block_id: str | None = None, value: str | None = None
    ) -> tuple[Json, Json]:
        for block, element in every_element(container.blocks):
            if element["action_id"] != action_id or block_id not in (None, block["block_id"]):
                continue
            if value is None or element["type"] != "button" or element.get("value") == value:
                return block, element
        there = ", ".join(each["action_id"] for _, each in every_element(container.blocks)) or "nothing"
        wanted = f"{action_id!r}" + (f" with value {value!r}" if value else "")
        raise NotOnScreen(f"there is no {wanted} to use; there is {there}")

    def _touch(self, container: Container, block: Json, element: Json, value: object, by_hand: bool) -> Json:
        if element["type"] not in KINDS:
            raise NotOnScreen(f"{element['action_id']} is a {element['type']}: nothing can be chosen in it")
        state = as_state(element, value, self._asked(container, block, element, value), by_hand=by_hand)
        with self.workspace.changing():
            container.touched_by(self.id).setdefault(block["block_id"], {})[element["action_id"]] = state
            if isinstance(container, View):
                container.errors.pop(block["block_id"], None)
        return state

    def offered(self, container: Container, block: Json, element: Json) -> list[Json]:
        """What a menu that the app fills has offered so far: whenever it was asked, as chosen now, and initially."""
        seen = self.workspace.offered.get(self._offer_key(container, block, element), {})
        touched = container.touched_by(self.id).get(block["block_id"], {}).get(element["action_id"], {})
        return list(_by_value([*seen.values(), *options_in(touched), *options_in(untouched(element))]).values())

    def _asked(self, container: Container, block: Json, element: Json, value: object) -> list[Json]:
        """What it has offered, once it was asked for what is missing; nothing of a menu that the app does not fill."""
        if "external" not in element["type"]:
            return []
        for wanted in value if isinstance(value, list | tuple | set) else [value]:
            text = wanted["value"] if isinstance(wanted, dict) else str(wanted or "")
            known = self.offered(container, block, element)
            if text and not any(text in (each["value"], each["text"]["text"]) for each in known):
                self.suggest(container, element["action_id"], text, block_id=block["block_id"])
        return self.offered(container, block, element)

    def _offer_key(self, container: Container, block: Json, element: Json) -> tuple[str, ...]:
        of = container.id if isinstance(container, View) else container.ts
        return self.id, of, block["block_id"], element["action_id"]

    def _client_errors(self, view: View) -> dict[str, str]:
        state = current_state(view.blocks, view.values)
        fields = [(block, element) for block, element in every_element(view.blocks) if block["type"] == "input"]
        found = {
            block["block_id"]: mistake(block, element, state[block["block_id"]][element["action_id"]])
            for block, element in fields
        }
        return {block_id: wrong for block_id, wrong in found.items() if wrong}

    def _act(self, container: Container, block: Json, action: Json) -> Outcome:
        outcome = self._interact(payloads.action(self.workspace, self.user, container, block, action))
        if isinstance(container, View):
            with self.workspace.changing():
                container.trouble = TROUBLE if outcome.error else None
        elif outcome.error:
            self._slackbot(container.channel, f"That did not work: “{outcome.error}”")
        return outcome

    def _interact(self, payload: Json) -> Outcome:
        return Outcome(self.workspace.delivery.send("interactive", payload).error)

    def _slackbot(self, channel_id: str, text: str) -> None:
        self.workspace.post(channel_id, "USLACKBOT", text, only_for=self.id)

    def _escaped(self, text: str) -> str:
        """As Slack hands over a command's text: entities for & < >, and `@name` as a mention."""
        by_name = {user.name: user.id for user in self.workspace.users.values()}
        parts = re.split(r"(<[@#][A-Z0-9]+(?:\|[^>]*)?>)", text)
        parts[::2] = [each.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for each in parts[::2]]
        mention = re.compile(r"@([\w.-]+)")

        def known(match: re.Match[str]) -> str:
            user_id = by_name.get(match[1])
            return f"<@{user_id}|{match[1]}>" if user_id else match[0]

        parts[::2] = [mention.sub(known, each) for each in parts[::2]]
        return "".join(parts)


def _by_value(options: Iterable[Json]) -> dict[str, Json]:
    """The first option of each value, in their order."""
    found: dict[str, Json] = {}
    for each in options:
        found.setdefault(each["value"], each)
    return found
