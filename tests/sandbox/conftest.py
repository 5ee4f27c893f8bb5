"""A small practice in a local workspace, and an app for it over each transport."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sandbox_apps import Register, Running, Time, over_http, over_sockets
from slack_bolt import App
from slack_sdk import WebClient

from pabot.sandbox.people import Person
from pabot.sandbox.server import Server, serve
from pabot.sandbox.workspace import Workspace


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def workspace(time: Time) -> Workspace:
    workspace = Workspace(time.now)
    workspace.add_user("U1", "Ana Ferreira", title="Coordinator")
    workspace.add_user("U2", "Dr. Osei Bonsu", title="Clinician")
    workspace.add_user("U3", "Petra Gast", guest=True)
    workspace.add_channel("C1", "prior-auth", {"U1", "U2"})
    workspace.add_channel("C2", "lunch", {"U1", "U2"}, app_is_member=False)
    workspace.add_channel("C3", "partners", {"U1"}, app_is_member=False, is_private=True)
    return workspace


@pytest.fixture
def server(workspace: Workspace) -> Iterator[Server]:
    with serve(workspace, page=False) as server:
        yield server


@pytest.fixture
def client(workspace: Workspace, server: Server) -> WebClient:
    """The app's Web API client. It never tries again by itself."""
    return WebClient(token=workspace.bot_token, base_url=server.api_url, retry_handlers=[])


@pytest.fixture
def ana(workspace: Workspace) -> Person:
    return workspace.person("U1")


@pytest.fixture
def osei(workspace: Workspace) -> Person:
    return workspace.person("U2")


@pytest.fixture(params=[over_sockets, over_http], ids=["sockets", "http"])
def running(request: pytest.FixtureRequest, workspace: Workspace, client: WebClient) -> Iterator[Running]:
    """`running(register)` starts an app with its listeners, over each transport in turn."""
    with ExitStack() as open_apps:

        def start(register: Register) -> App:
            return open_apps.enter_context(request.param(workspace, client, register))

        yield start
