"""Block Kit as HTML: plain dicts and a viewer in, markup out. Pure: no clock, no workspace, no network.

Each kind of block is a template in `templates/blocks`, each kind of element one in `templates/elements`.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from pabot.sandbox import charts, mrkdwn
from pabot.sandbox.mrkdwn import Viewer

Json = Mapping[str, Any]

TEMPLATES = Path(__file__).parent / "templates"

# Which template draws an element; every other element has one of its own name.
ELEMENTS: Mapping[str, str] = {
    **dict.fromkeys(("static_select", "users_select", "conversations_select", "channels_select"), "select"),
    **dict.fromkeys(("external_select", "multi_external_select", "multi_static_select"), "combo"),
    **dict.fromkeys(("multi_users_select", "multi_conversations_select", "multi_channels_select"), "combo"),
    **dict.fromkeys(("datepicker", "timepicker", "datetimepicker"), "picker"),
    **dict.fromkeys(("checkboxes", "radio_buttons"), "ticks"),
    **dict.fromkeys(("plain_text_input", "number_input", "email_text_input", "url_text_input"), "text"),
}
# What an element was given to start with, when it names ids rather than options.
INITIAL_IDS = (
    *("initial_user", "initial_users", "initial_conversation", "initial_conversations"),
    *("initial_channel", "initial_channels"),
)
PICKED: Mapping[str, str] = {"datepicker": "initial_date", "timepicker": "initial_time"}


def blocks(items: Iterable[Json], viewer: Viewer, scope: str) -> Markup:
    """The blocks of one message, form or Home. `scope` makes ids unique on the page (a message's ts, a view's id)."""
    drawn = ENVIRONMENT.get_template("blocks.html.j2").render(blocks=list(items), viewer=viewer, scope=scope)
    return Markup(drawn)  # noqa: S704 - the environment escapes


def page(template: str, **values: Any) -> str:
    """A whole page, or a part of it, by the name of its template."""
    return ENVIRONMENT.get_template(template).render(**values)


def fingerprint(drawn: str) -> str:
    """Changes when the markup does: the page replaces only parts whose fingerprint is new."""
    return sha256(drawn.encode()).hexdigest()[:16]


def choices(element: Json, viewer: Viewer | None) -> list[dict[str, Any]]:
    """The groups a menu offers, an unnamed one when it has none: `{label, options: [{value, label}]}`."""
    if "option_groups" in element:
        return [
            {"label": group["label"]["text"], "options": [_option(each) for each in group["options"]]}
            for group in element["option_groups"]
        ]
    return [{"label": "", "options": _offered(element, viewer)}]


def chosen(element: Json, viewer: Viewer) -> list[dict[str, str]]:
    """What is chosen before anybody touches it."""
    options = element.get("initial_options") or [element.get("initial_option")]
    named = [_option(option) for option in options if option]
    ids = [each for key in INITIAL_IDS if element.get(key) for each in _listed(element[key])]
    return named + [{"value": each, "label": _name(each, viewer)} for each in ids]


def moment(element: Json, viewer: Viewer) -> str:
    """A picker's initial value as a browser writes it, an instant in the viewer's zone."""
    if element["type"] == "datetimepicker":
        epoch = element.get("initial_date_time")
        return datetime.fromtimestamp(epoch, viewer.zone).strftime("%Y-%m-%dT%H:%M") if epoch else ""
    return str(element.get(PICKED[element["type"]]) or "")


def wires(block: Json, element: Json, value: str | None = None) -> Markup:
    """The attributes by which the page's script knows what was touched."""
    facts = {"data-block": block.get("block_id", ""), "data-action": element.get("action_id", "")}
    given = value if value is not None else element.get("value")
    if given is not None:
        facts["data-value"] = given
    if element.get("confirm"):
        facts["data-confirm"] = json.dumps(_confirm(element["confirm"]))
    return _attributes({**facts, "data-type": element["type"]})


@pass_context
def named(context: Context, element: Json, block: Json, field: Json | None, scope: str) -> Markup:
    """How people and screen readers find a control: by its label in a form, else by its placeholder or its section."""
    if field:
        facts = {"id": field["id"], "aria-describedby": f"{field['id']}-hint {field['id']}-error"}
        if field["required"]:
            facts["aria-required"] = "true"
        if field["dispatch"]:
            facts["data-dispatch"] = "yes"
        return _attributes(facts)
    placeholder = element.get("placeholder") or block.get("text") or {"type": "plain_text", "text": "Choose"}
    return _attributes(
        {
            "id": f"{scope}-{block.get('block_id', '')}-{element.get('action_id', '')}",
            "aria-label": _said(placeholder, context["viewer"]),
        }
    )


def dispatches(element: Json) -> Markup:
    """When a `dispatch_action` input tells the app: on Enter unless it says otherwise."""
    config = element.get("dispatch_action_config") or {}
    return _attributes({"data-dispatch-on": " ".join(config.get("trigger_actions_on") or ["on_enter_pressed"])})


def picture(element: Json) -> str:
    """Where the browser finds an image: its address, or the file that was uploaded to the workspace."""
    file = element.get("slack_file") or {}
    return str(element.get("image_url") or file.get("url") or f"/files/{quote(file.get('id', ''))}")


def safe_url(url: str) -> str:
    return url if mrkdwn.SAFE_LINK.fullmatch(url) else "#"


def shortened(words: str, among: int) -> str:
    """A label under an axis, cut to the room that it has beside its neighbours."""
    room = max(3, 96 // among)
    return words if len(words) <= room else words[: room - 1] + "…"


@pass_context
def words(context: Context, composition: Json) -> Markup:
    """A text object: `mrkdwn` or `plain_text`."""
    if composition["type"] == "mrkdwn":
        return mrkdwn.mrkdwn(composition["text"], context["viewer"])
    return mrkdwn.plain(composition["text"])


@pass_context
def cell(context: Context, content: Json) -> Markup:
    """A cell of a table: raw text, a number, or rich text."""
    if content["type"] == "rich_text":
        return mrkdwn.rich_text(content, context["viewer"])
    return mrkdwn.plain(str(content.get("text", content.get("value", ""))))


@pass_context
def rich_text(context: Context, block: Json) -> Markup:
    return mrkdwn.rich_text(block, context["viewer"])


@pass_context
def mrkdwn_words(context: Context, text: str) -> Markup:
    return mrkdwn.mrkdwn(text, context["viewer"])


@pass_context
def drawn(context: Context, items: Iterable[Json], scope: str) -> Markup:
    return blocks(items, context["viewer"], scope)


def initials(name: str) -> str:
    """`Dr. Ada Example` is `AE`: the first letters of the first and the last word that is no title."""
    parts = [part for part in name.split() if part[0].isalpha() and not part.endswith(".")] or [name]
    return "".join(part[0] for part in {0: parts[0], len(parts) - 1: parts[-1]}.values()).upper()


def tint(user_id: str) -> int:
    """Which of the eight colours an avatar has: always the same for the same person."""
    return sha256(user_id.encode()).digest()[0] % 8


def _offered(element: Json, viewer: Viewer | None) -> list[dict[str, str]]:
    kind = str(element["type"])
    if viewer and "users" in kind:
        return [{"value": id_, "label": name} for id_, name in viewer.users.items()]
    if viewer and ("conversations" in kind or "channels" in kind):
        return [{"value": id_, "label": f"#{name}"} for id_, name in viewer.channels.items()]
    return [_option(option) for option in element.get("options", ())]


def _option(option: Json) -> dict[str, str]:
    return {"value": option["value"], "label": mrkdwn.emoji(option["text"]["text"])}


def _name(id_: str, viewer: Viewer) -> str:
    return viewer.users.get(id_) or f"#{viewer.channels.get(id_, id_)}"


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _said(composition: Json, viewer: Viewer) -> str:
    text = composition["text"]
    return mrkdwn.said(text, viewer) if composition["type"] == "mrkdwn" else mrkdwn.emoji(text)


def _confirm(confirm: Json) -> dict[str, str]:
    """A confirmation dialog's words. Marks of mrkdwn are dropped: the dialog shows text alone."""
    parts = {key: confirm[key]["text"] for key in ("title", "text", "confirm", "deny") if key in confirm}
    return {**parts, "style": confirm.get("style", "primary")}


def _attributes(facts: Mapping[str, str]) -> Markup:
    return Markup(" ").join(Markup('{}="{}"').format(name, value) for name, value in facts.items())


def _environment() -> Environment:
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    made.filters.update(
        block_template=lambda block: [f"blocks/{block['type']}.html.j2", "blocks/unknown.html.j2"],
        element_template=lambda element: [
            f"elements/{ELEMENTS.get(element['type'], element['type'])}.html.j2",
            "elements/unknown.html.j2",
        ],
        plain=mrkdwn.plain,
        emoji=mrkdwn.emoji,
        markdown=mrkdwn.markdown,
        clock_time=mrkdwn.clock_time,
        slices=lambda chart: charts.pie(chart["segments"]),
        axis_chart=charts.axis_chart,
        mrkdwn=mrkdwn_words,
        **{
            each.__name__: each for each in (words, cell, rich_text, drawn, wires, named, dispatches, picture, safe_url)
        },
        **{each.__name__: each for each in (choices, chosen, moment, shortened, initials, tint, fingerprint)},
    )
    return made


ENVIRONMENT = _environment()

__all__ = ["ENVIRONMENT", "Viewer", "blocks", "fingerprint", "page"]
