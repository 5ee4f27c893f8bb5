"""The other side of the page's tests: a small Bolt app of the field, with forms, suggestions and a decision."""

import re
import time
from collections.abc import Callable
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from pabot.sandbox.server import Server

MANIFEST = {
    "features": {
        "slash_commands": [{"command": "/pa", "description": "Prior authorizations", "usage_hint": "new | show N"}],
        "shortcuts": [
            {"name": "New request", "type": "global", "callback_id": "new", "description": "Open the form"},
            {"name": "Attach to a request", "type": "message", "callback_id": "attach", "description": "-"},
        ],
    }
}
PAYERS = {"northwind": "Northwind Health", "southgate": "Southgate Mutual"}


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def option(value: str, label: str) -> dict[str, Any]:
    return {"text": plain(label), "value": value}


def field(name: str, label: str, kind: str, *, optional: bool = False, **element: Any) -> dict[str, Any]:
    inner = {"type": kind, "action_id": name, **element}
    return {"type": "input", "block_id": name, "label": plain(label), "element": inner, "optional": optional}


def modal(callback_id: str, title: str, *blocks: dict[str, Any], submit: str = "Save") -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title),
        "submit": plain(submit),
        "blocks": list(blocks),
    }


def new_form() -> dict[str, Any]:
    return modal(
        "new_submit",
        "New request",
        {"type": "alert", "block_id": "w", "level": "warning", "text": plain("A request for it is open.")},
        field("chart", "Chart number", "plain_text_input", max_length=12, placeholder=plain("As on the chart")),
        field("payer", "Payer", "external_select", min_query_length=0),
        field("codes", "Codes", "multi_static_select",
              options=[option("E0601", "E0601 CPAP"), option("K0823", "Chair")]),
        field("urgency", "Urgency", "radio_buttons", options=[option("std", "Standard"), option("exp", "Expedited")]),
        field("needed", "Needed on", "datepicker"),
        field("visit", "Appointment", "datetimepicker", optional=True),
        field("units", "Units", "number_input", is_decimal_allowed=False, min_value="1", max_value="9"),
        field("clinician", "Clinician", "users_select"),
        field("plan", "Plan", "static_select", optional=True, option_groups=[
            {"label": plain("Northwind"), "options": [option("hmo", "HMO"), option("ppo", "PPO")]}]),
        field("attest", "Attestation", "checkboxes", optional=True, options=[option("yes", "I attest to it")]),
        field("papers", "Papers", "file_input", optional=True),
        field("note", "Note", "plain_text_input", optional=True, multiline=True),
    )  # fmt: skip


def steps_form(*more: dict[str, Any]) -> dict[str, Any]:
    """A form that grows when a kind is chosen, and opens another one on top."""
    kinds = field("kind", "Kind", "static_select", options=[option("imaging", "Imaging"), option("drug", "Drug")])
    button = {"type": "button", "action_id": "further", "text": plain("Go deeper")}
    return modal(
        "steps_submit",
        "Steps",
        field("who", "Who", "plain_text_input"),
        {**kinds, "dispatch_action": True, "optional": True},
        *more,
        {"type": "actions", "block_id": "go", "elements": [button]},
    )


class Clinic:
    """A small app of the field: it opens a form, refuses one chart number, and asks for a decision."""

    def __init__(self, server: Server) -> None:
        client = WebClient(token="xoxb-sandbox", base_url=server.api_url)
        self.saved: list[dict[str, Any]] = []
        self.heard: list[str] = []
        self.app = App(client=client, signing_secret="-", token_verification_enabled=False)
        self.app.command("/pa")(self.command)
        self.app.shortcut("new")(lambda ack, body, client: (ack(), self.open(client, body)))
        self.app.shortcut("attach")(self.attach)
        self.app.view("new_submit")(self.save)
        self.app.view("reason_submit")(self.reason)
        self.app.options("payer")(self.payers)
        self.app.action("kind")(self.reveal)
        self.app.action("further")(self.further)
        self.app.view("steps_submit")(lambda ack, view: (ack(), self.saved.append(view["state"]["values"])))
        self.app.view("deep_submit")(lambda ack: ack())
        self.app.action(re.compile("approve|deny|pick|refresh|more"))(self.decide)
        self.app.event("app_home_opened")(self.home)
        self.handler = SocketModeHandler(self.app, "xapp-sandbox")

    def open(self, client: WebClient, body: dict[str, Any]) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=new_form())

    def command(self, ack: Callable[..., None], body: dict[str, Any], client: WebClient) -> None:
        if body["text"] == "slow":
            time.sleep(3.5)
        elif body["text"] == "new":
            ack()
            self.open(client, body)
        elif body["text"] == "steps":
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=steps_form())
        else:
            ack(f"You said *{body['text']}*")

    def save(self, ack: Callable[..., None], view: dict[str, Any]) -> None:
        values = view["state"]["values"]
        if values["chart"]["chart"]["value"] == "taken":
            ack(response_action="errors", errors={"chart": "This chart number is taken."})
        else:
            self.saved.append(values)
            ack(
                response_action="update", view=modal("reason_submit", "Saved", field("why", "Why?", "plain_text_input"))
            )

    def reason(self, ack: Callable[..., None]) -> None:
        ack(response_action="clear")

    def payers(self, ack: Callable[..., None], payload: dict[str, Any]) -> None:
        typed = payload["value"].lower()
        ack(options=[option(value, name) for value, name in PAYERS.items() if typed in name.lower()])

    def attach(self, ack: Callable[..., None], shortcut: dict[str, Any]) -> None:
        ack()
        self.heard.append("attach " + shortcut["message"]["text"])

    def reveal(self, ack: Callable[..., None], body: dict[str, Any], action: dict[str, Any], client: WebClient) -> None:
        ack()
        chosen = action["selected_option"]["value"]
        shown = steps_form(field("reason", f"Reason for {chosen}", "plain_text_input", optional=True))
        client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=shown)

    def further(self, ack: Callable[..., None], body: dict[str, Any], client: WebClient) -> None:
        ack()
        self.heard.append(body["view"]["state"]["values"]["who"]["who"]["value"])
        deep = modal("deep_submit", "Deeper", field("more", "More", "plain_text_input"), submit="Done")
        client.views_push(trigger_id=body["trigger_id"], view=deep)

    def decide(self, ack: Callable[..., None], body: dict[str, Any], action: dict[str, Any], client: WebClient) -> None:
        ack()
        self.heard.append(action["action_id"])
        if action["action_id"] == "approve":
            client.chat_update(
                channel=body["channel"]["id"], ts=body["message"]["ts"], text="Approved by all", blocks=[]
            )

    def home(self, event: dict[str, Any], client: WebClient) -> None:
        blocks = [
            {"type": "header", "text": plain("My work")},
            {"type": "actions", "block_id": "h", "elements": [
                {"type": "button", "action_id": "refresh", "text": plain("Refresh")}]},
        ]  # fmt: skip
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})


DECISION = [
    {"type": "section", "block_id": "s", "text": {"type": "mrkdwn", "text": "*PA-1042* needs a decision"},
     "accessory": {"type": "overflow", "action_id": "more", "options": [option("later", "Remind me later")]}},
    {"type": "actions", "block_id": "a", "elements": [
        {"type": "button", "action_id": "approve", "text": plain("Approve"), "style": "primary", "value": "1042"},
        {"type": "button", "action_id": "deny", "text": plain("Deny"), "style": "danger", "confirm": {
            "title": plain("Deny it?"), "text": plain("The request ends."),
            "confirm": plain("Deny"), "deny": plain("Keep")}},
        {"type": "static_select", "action_id": "pick", "placeholder": plain("Open a request"),
         "options": [option("1", "PA-1"), option("2", "PA-2")]},
    ]},
]  # fmt: skip
