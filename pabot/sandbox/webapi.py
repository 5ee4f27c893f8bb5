"""The sandbox over HTTP: the Web API at /api/<method>, Socket Mode, response URLs, files, faults and the state.

A call passes, in this order: faults that strike before it, the token, the method, faults that strike after it.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from pabot.sandbox import methods, payloads, submissions, view_methods
from pabot.sandbox.model import Json
from pabot.sandbox.refusal import Refusal

if TYPE_CHECKING:
    from pabot.sandbox.workspace import Workspace

Method = Callable[["Workspace", Json], Json]

METHODS: dict[str, Method] = {
    "apps.connections.open": methods.connections_open,
    "auth.test": methods.auth_test,
    "blocks.validate": view_methods.blocks_validate,
    "chat.delete": methods.delete_message,
    "chat.postEphemeral": methods.post_ephemeral,
    "chat.postMessage": methods.post_message,
    "chat.update": methods.update_message,
    "conversations.history": methods.conversations_history,
    "conversations.info": methods.conversations_info,
    "conversations.list": methods.conversations_list,
    "conversations.members": methods.conversations_members,
    "conversations.open": methods.conversations_open,
    "conversations.replies": methods.conversations_replies,
    "files.completeUploadExternal": view_methods.complete_upload,
    "files.getUploadURLExternal": view_methods.get_upload_url,
    "users.info": methods.users_info,
    "users.list": methods.users_list,
    "views.open": view_methods.views_open,
    "views.publish": view_methods.views_publish,
    "views.push": view_methods.views_push,
    "views.update": view_methods.views_update,
}
WITHOUT_TOKEN = {"blocks.validate"}
WITH_APP_TOKEN = {"apps.connections.open"}
# Arguments that are JSON; in a form they come as text.
STRUCTURED = {"attachments", "blocks", "files", "message", "metadata", "view"}
# Files that a browser opens; others it saves.
OPENED = {".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}


class Cut(Response):
    """No answer: the connection ends."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["transport"].abort()
        await asyncio.sleep(0.01)  # until the server has noticed; it would answer 500 otherwise


def routes(workspace: "Workspace") -> list[BaseRoute]:
    """Everything but the page."""

    def told(
        function: "Callable[[Workspace, Request], Awaitable[Response]]",
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            return await function(workspace, request)

        return endpoint

    async def link(socket: WebSocket) -> None:
        if workspace.faults.outage or not workspace.delivery.take_ticket(socket.query_params.get("ticket", "")):
            await socket.close()
        else:
            await workspace.delivery.serve_socket(socket)

    return [
        Route("/api/{method}", told(_call), methods=["GET", "POST"]),
        WebSocketRoute("/link", link),
        Route("/response/{id}", told(_respond), methods=["POST"]),
        Route("/upload/{id}", told(_upload), methods=["POST"]),
        Route("/files/{id}", told(_file)),
        Route("/faults", told(_faults), methods=["GET", "POST"]),
        Route("/state", told(_state)),
    ]


# The Web API


async def _call(workspace: "Workspace", request: Request) -> Response:
    method = request.path_params["method"]
    try:
        arguments = await _arguments(request)
    except ValueError:
        return JSONResponse({"ok": False, "error": "invalid_json"})
    seconds, fault = workspace.faults.draw(method, arguments.get("channel"))
    if seconds:
        await asyncio.sleep(seconds)
    kind = "drop_before" if workspace.faults.outage else fault.kind if fault else None
    answer, status, headers = _struck(kind, fault) or _answered(
        workspace, method, arguments, _token(request, arguments)
    )
    lost = kind in ("drop_before", "drop_after")
    workspace.note(method, {k: v for k, v in arguments.items() if k != "token"}, None if lost else answer, status)
    return Cut() if lost else JSONResponse(answer, status, headers)


def _struck(kind: str | None, fault: Any) -> tuple[Json, int, dict[str, str]] | None:
    """The answer of a call that a fault keeps from being done."""
    if kind == "rate_limited":
        return {"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(max(1, round(fault.seconds)))}
    if kind == "error_500":
        return {"ok": False, "error": "internal_error"}, 500, {}
    if kind == "refused":
        return {"ok": False, "error": fault.error}, 200, {}
    return ({}, 0, {}) if kind == "drop_before" else None


def _answered(workspace: "Workspace", method: str, arguments: Json, token: str) -> tuple[Json, int, dict[str, str]]:
    try:
        if method not in METHODS:
            raise Refusal("unknown_method")
        with workspace.lock:
            _check_token(workspace, method, token)
            return {"ok": True, **METHODS[method](workspace, arguments)}, 200, {}
    except Refusal as refusal:
        if refusal.retry_after is not None:
            return refusal.body(), 429, {"Retry-After": str(refusal.retry_after)}
        return refusal.body(), 200, {}


def _check_token(workspace: "Workspace", method: str, token: str) -> None:
    if method in WITHOUT_TOKEN:
        return
    if not token:
        raise Refusal("not_authed")
    if token in workspace.revoked:
        raise Refusal("token_revoked")
    if token not in (workspace.bot_token, workspace.app_token):
        raise Refusal("invalid_auth")
    if token != (workspace.app_token if method in WITH_APP_TOKEN else workspace.bot_token):
        raise Refusal("not_allowed_token_type")


def _token(request: Request, arguments: Json) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme == "Bearer" else str(arguments.get("token") or "")


async def _arguments(request: Request) -> Json:
    """From the query, a form or a JSON body; the body wins."""
    arguments: Json = dict(request.query_params)
    if request.headers.get("Content-Type", "").startswith("application/json"):
        body = json.loads(await request.body() or b"{}")
        if not isinstance(body, dict):
            raise ValueError("a JSON body is an object")
        arguments |= body
    else:
        arguments |= dict(await request.form())
    return {name: _decoded(name, value) for name, value in arguments.items() if value is not None}


def _decoded(name: str, value: Any) -> Any:
    if name not in STRUCTURED or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value  # the method says what it thinks of it


# Beside the Web API


async def _respond(workspace: "Workspace", request: Request) -> Response:
    if workspace.faults.outage:
        return Cut()
    status, words = submissions.use_response_url(workspace, request.path_params["id"], await request.json())
    return PlainTextResponse(words, status)


async def _upload(workspace: "Workspace", request: Request) -> Response:
    file = workspace.files.get(request.path_params["id"])
    if file is None or workspace.faults.outage:
        return Cut() if workspace.faults.outage else PlainTextResponse("no such file", 404)
    if request.headers.get("Content-Type", "").startswith("multipart/"):
        parts = [part for part in (await request.form()).values() if not isinstance(part, str)]
        content = await parts[0].read() if parts else b""
    else:
        content = await request.body()
    with workspace.changing():
        file.content = content
    return PlainTextResponse(f"OK - {len(content)}")


async def _file(workspace: "Workspace", request: Request) -> Response:
    file = workspace.files.get(request.path_params["id"])
    if file is None:
        return PlainTextResponse("", 404)
    return Response(file.content, media_type=OPENED.get(PurePath(file.name).suffix.lower(), "application/octet-stream"))


async def _faults(workspace: "Workspace", request: Request) -> Response:
    """POST `{"add": {"kind": …}}`, `{"outage": true}`, …: see SWITCHES. Answers with the rules in force."""
    orders = await request.json() if request.method == "POST" else {}
    if unknown := set(orders) - set(SWITCHES):
        return JSONResponse({"error": f"unknown: {', '.join(sorted(unknown))}"}, 400)
    try:
        for name, value in orders.items():
            await run_in_threadpool(SWITCHES[name], workspace, value)
    except (TypeError, ValueError) as wrong:
        return JSONResponse({"error": str(wrong)}, 400)
    return JSONResponse(workspace.faults.describe())


SWITCHES: "dict[str, Callable[[Workspace, Any], object]]" = {
    "add": lambda workspace, how: workspace.faults.add(**how),
    "clear": lambda workspace, _: workspace.faults.clear(),
    "disconnect": lambda workspace, how: workspace.delivery.disconnect(**how),
    "duplicate_envelopes": lambda workspace, on: setattr(workspace.faults, "duplicate_envelopes", bool(on)),
    "outage": lambda workspace, on: setattr(workspace.faults, "outage", bool(on)),
    "rate_limits": lambda workspace, on: setattr(workspace, "rate_limits", bool(on)),
    "revoke": lambda workspace, token: workspace.revoked.add(str(token)),
    "seed": lambda workspace, seed: workspace.faults.reseed(int(seed)),
}


async def _state(workspace: "Workspace", _: Request) -> Response:
    """All that was said, by channel, metadata included; the ephemerals; how often each method was called."""
    with workspace.lock:
        said = {
            channel.id: [payloads.message(workspace, each, with_metadata=True) for each in channel.messages]
            for channel in workspace.channels.values()
        }
        private = [
            {**payloads.message(workspace, each), "channel": each.channel, "only_for": each.only_for}
            for each in workspace.ephemerals
        ]
        counted: dict[str, int] = {}
        for call in workspace.journal:
            counted[call.method] = counted.get(call.method, 0) + 1
        return JSONResponse({"messages": said, "ephemerals": private, "calls": counted})
