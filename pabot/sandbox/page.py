"""The workspace in a browser: one drawn page, a stream of revisions, and what a person may do as small POSTs.

What a person does goes through `people.Person`, so the page can do no more than Slack's client could.
"""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from pabot.sandbox import render
from pabot.sandbox.block_walk import every_element
from pabot.sandbox.inputs import KINDS, as_state, current_state
from pabot.sandbox.model import File, Json, View
from pabot.sandbox.people import Container, NotOnScreen, Outcome, Person
from pabot.sandbox.screen import HOME, Reading, look
from pabot.sandbox.workspace import Workspace

POLICY = "default-src 'self'; img-src 'self' data: http: https:; frame-ancestors 'none'; base-uri 'none'"
HEARTBEAT_SECONDS = 15.0
FAILURES: Mapping[str, str] = {
    "operation_timeout": "The app did not answer within three seconds (operation_timeout).",
    "dispatch_failed": "The app could not be reached (dispatch_failed). Is it running?",
}


@dataclass(frozen=True, slots=True)
class Deed:
    """What a person did on the page: who, where, and the details that the page's script sent."""

    workspace: Workspace
    person: Person
    place: str
    facts: Json

    @property
    def container(self) -> Container:
        """The message, form or Home it was done in, as it stands now. Raises NotOnScreen when it is gone."""
        found = _CONTAINERS[self.facts["container"]](self)
        if found is None:
            raise NotOnScreen("That is no longer here.")
        return found

    @property
    def channel(self) -> str:
        """Where something said belongs: the conversation on the screen, at Home the one with the app."""
        return self.workspace.direct_channel(self.person.id).id if self.place == HOME else self.place


def routes(workspace: Workspace) -> list[BaseRoute]:
    """Everything under `/` that the page needs."""
    reading = Reading()
    run = secrets.token_hex(4)  # drafts that a browser keeps belong to this run: ids repeat in the next

    async def page(request: Request) -> Response:
        drawn = await run_in_threadpool(_drawn, workspace, reading, run, request.query_params)
        return HTMLResponse(drawn, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"})

    async def events(request: Request) -> Response:
        return StreamingResponse(_revisions(workspace), media_type="text/event-stream")

    async def attach(request: Request) -> Response:
        file = _kept(workspace, request.query_params["name"], await request.body())
        return JSONResponse({"file": file.id})

    return [
        Route("/", page),
        Route("/events", events),
        Route("/attach", attach, methods=["POST"]),
        *(Route(f"/{name}", _deed(workspace, function), methods=["POST"]) for name, function in DEEDS.items()),
        Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
    ]


def _drawn(workspace: Workspace, reading: Reading, run: str, query: Mapping[str, str]) -> str:
    with workspace.lock:  # what is drawn and the hashes that stand for it belong to the same moment
        screen = look(workspace, reading, query.get("as"), query.get("in"))
        return render.page("page.html.j2", screen=screen, viewer=screen.viewer, run=run)


async def _revisions(workspace: Workspace) -> AsyncIterator[str]:
    """A line for every change, and one now and then so that a browser that left is noticed."""
    seen = workspace.revision
    yield f"retry: 500\ndata: {seen}\n\n"  # what happened since the page was drawn is fetched at once
    while not workspace.closed:
        now = await run_in_threadpool(workspace.wait_change, seen, HEARTBEAT_SECONDS)
        yield f"data: {now}\n\n" if now != seen else ": still here\n\n"
        seen = now


def _deed(workspace: Workspace, function: Callable[[Deed], Json]) -> Callable[[Request], Awaitable[Response]]:
    """A deed as a route. What is not on the screen any more is said, not raised."""

    async def route(request: Request) -> Response:
        facts = await request.json()
        deed = Deed(workspace, workspace.person(facts["as"]), facts["in"], facts)
        try:
            return JSONResponse(await run_in_threadpool(function, deed))
        except NotOnScreen as gone:
            return JSONResponse({"error": str(gone)})

    return route


def _say(deed: Deed) -> Json:
    """A line of the message box: a slash command or plain words. A command that failed says so in the stream."""
    text = str(deed.facts["text"])
    if text.startswith("/"):
        name, _, rest = text.partition(" ")
        deed.person.command(name, rest.strip(), deed.channel)
    else:
        deed.person.say(deed.channel, text)
    return {}


def _shortcut(deed: Deed) -> Json:
    callback_id = deed.facts["callback_id"]
    if deed.facts.get("container") != "message":
        return _told(deed.person.shortcut(callback_id))
    message = deed.container
    return {} if isinstance(message, View) else _told(deed.person.message_shortcut(callback_id, message))


def _act(deed: Deed) -> Json:
    """A button was pressed or something was chosen. What is typed in the same form goes with it."""
    container, action_id, block_id = deed.container, deed.facts["action"], deed.facts["block"]
    value = deed.facts.get("value")
    if isinstance(container, View):
        _type(deed, container, but=(block_id, action_id))
    if deed.facts["type"] == "button":
        return _told(deed.person.press(container, action_id, value, block_id=block_id), container)
    chosen = _meant(deed, deed.facts["type"], value)
    return _told(deed.person.choose(container, action_id, chosen, block_id=block_id), container)


def _suggest(deed: Deed) -> Json:
    """The options that the app offers for what was typed, as one group without a name."""
    if isinstance(container := deed.container, View):
        _type(deed, container, but=(deed.facts["block"], deed.facts["action"]))
    options = deed.person.suggest(container, deed.facts["action"], deed.facts["text"], block_id=deed.facts["block"])
    return {"groups": render.choices({"type": "external_select", "options": options}, None)}


def _submit(deed: Deed) -> Json:
    view = _form(deed)
    _type(deed, view)
    result = deed.person.submit(view)
    return {"errors": result.errors, "error": view.trouble}


def _close(deed: Deed) -> Json:
    return _told(deed.person.close(_form(deed)))


def _dismiss(deed: Deed) -> Json:
    container = deed.container
    if not isinstance(container, View):
        deed.workspace.remove(container)
    return {}


def _outage(deed: Deed) -> Json:
    with deed.workspace.changing():
        deed.workspace.faults.outage = bool(deed.facts["on"])
    return {}


def _open_home(deed: Deed) -> Json:
    deed.person.open_home()
    return {}


DEEDS: Mapping[str, Callable[[Deed], Json]] = {
    "say": _say,
    "shortcut": _shortcut,
    "act": _act,
    "suggest": _suggest,
    "submit": _submit,
    "close": _close,
    "dismiss": _dismiss,
    "outage": _outage,
    "home": _open_home,
}

_CONTAINERS: Mapping[str, Callable[[Deed], Container | None]] = {
    "message": lambda deed: deed.workspace.message(deed.facts["channel"], deed.facts["ts"]),
    "ephemeral": lambda deed: next((m for m in deed.person.ephemerals if m.ts == deed.facts["ts"]), None),
    "view": lambda deed: next((view for view in deed.person.modals if view.id == deed.facts["view"]), None),
    "home": lambda deed: deed.person.home,
}


def _form(deed: Deed) -> View:
    """The form that is meant. Raises NotOnScreen when it is not open any more."""
    found = _CONTAINERS["view"](deed)
    if not isinstance(found, View):
        raise NotOnScreen("That form is no longer open.")
    return found


def _type(deed: Deed, view: View, but: tuple[str, str] | None = None) -> None:
    """Put what stands in the fields into the form's state, without telling the app. `but` leaves out one element."""
    elements = {(block["block_id"], each["action_id"]): (block, each) for block, each in every_element(view.blocks)}
    with deed.workspace.changing():
        state = current_state(view.blocks, view.values)
        for typed in deed.facts["values"]:
            block_id, action_id = key = typed["block"], typed["action"]
            if key not in elements or key == but:
                continue
            block, element = elements[key]
            if element["type"] not in KINDS:
                continue
            value = _meant(deed, element["type"], typed["value"])
            if value != _plain(state[block_id][action_id]):
                said = as_state(element, value, deed.person.offered(view, block, element))
                view.touched_by(deed.person.id).setdefault(block_id, {})[action_id] = said


def _plain(state: Json) -> Any:
    """A state as the page words it: values of options, ids of files, None when there is nothing."""
    kind = KINDS[state["type"]]
    value = state[kind.key]
    if kind.many:
        return [each if isinstance(each, str) else each.get("value", each) for each in value or []]
    return value["value"] if isinstance(value, dict) and "value" in value else value


def _meant(deed: Deed, element_type: str, value: Any) -> Any:
    """A value as the browser sent it: a local time becomes an instant, a file's id the file."""
    if value and element_type == "datetimepicker":
        return int(datetime.fromisoformat(value).replace(tzinfo=ZoneInfo(deed.person.user.tz)).timestamp())
    if element_type == "file_input":
        return [_file_json(deed.workspace, file_id) for file_id in value or ()]
    return value


def _told(outcome: Outcome, container: Container | None = None) -> Json:
    """What the page says about a failure. In a conversation it stands in the stream already."""
    if outcome.error is None or (container is not None and not isinstance(container, View)):
        return {}
    return {"error": FAILURES.get(outcome.error, f"That did not work: {outcome.error}.")}


def _kept(workspace: Workspace, name: str, content: bytes) -> File:
    with workspace.changing():
        file = File(workspace.new_id("F"), name, name, len(content), content, complete=True)
        workspace.files[file.id] = file
    return file


def _file_json(workspace: Workspace, file_id: str) -> Json:
    file = workspace.files[file_id]
    url = f"{workspace.base_url}/files/{file.id}"
    return {"id": file.id, "name": file.name, "title": file.title, "size": file.length, "url_private": url}
