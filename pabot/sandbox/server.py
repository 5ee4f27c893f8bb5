"""Serving a workspace on a local port: Web API, Socket Mode, response URLs, files, faults and the page."""

import asyncio
import socket
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from pabot.sandbox import webapi

if TYPE_CHECKING:
    from starlette.routing import BaseRoute
    from starlette.types import Receive, Scope, Send

    from pabot.sandbox.workspace import Workspace

START_SECONDS = 10.0
STOP_SECONDS = 0.02


class Cuttable(H11Protocol):
    """HTTP whose connection an endpoint can cut without an answer: it finds the transport in its scope."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        inner = self.app

        async def with_transport(scope: "Scope", receive: "Receive", send: "Send") -> None:
            scope["transport"] = transport
            await inner(scope, receive, send)

        self.app = with_transport


class _Prompt(uvicorn.Server):
    """Looks often whether it should stop: tests open and close hundreds of workspaces."""

    async def main_loop(self) -> None:
        await self.on_tick(0)
        while not self.should_exit:
            await asyncio.sleep(STOP_SECONDS)


class Server:
    """A workspace being served, in a thread of its own until `stop`."""

    def __init__(self, workspace: "Workspace", host: str, port: int, page: bool) -> None:
        self.workspace = workspace
        self._listening = socket.create_server((host, port), backlog=512)
        self.url = f"http://{host}:{self._listening.getsockname()[1]}"
        self.api_url = f"{self.url}/api/"
        workspace.base_url = self.url
        self._uvicorn = _Prompt(
            uvicorn.Config(
                Starlette(routes=_routes(workspace, page)),
                http=Cuttable,
                ws="websockets-sansio",
                lifespan="off",
                log_config=None,
                log_level="error",
                access_log=False,
                date_header=False,
                timeout_graceful_shutdown=1,
            )
        )
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    def _run(self) -> None:
        self._uvicorn.run(sockets=[self._listening])

    def start(self) -> "Server":
        self._thread.start()
        patience = time.monotonic() + START_SECONDS
        while not self._uvicorn.started:
            if not self._thread.is_alive() or time.monotonic() > patience:
                raise RuntimeError("the sandbox did not start")
            time.sleep(0.002)
        return self

    def stop(self) -> None:
        """Close every connection and the port. A second call does nothing."""
        self.workspace.close()
        self._uvicorn.should_exit = True
        self._thread.join()
        self._listening.close()

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def serve(workspace: "Workspace", host: str = "127.0.0.1", port: int = 0, page: bool = True) -> Server:
    """Serve the workspace from now on; port 0 takes a free one. A context manager that stops it at the end."""
    return Server(workspace, host, port, page).start()


def _routes(workspace: "Workspace", page: bool) -> "list[BaseRoute]":
    if not page:  # the page's packages are slow to import, and most tests do without
        return list(webapi.routes(workspace))
    from pabot.sandbox.page import routes as page_routes

    return [*webapi.routes(workspace), *page_routes(workspace)]
