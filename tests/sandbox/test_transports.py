"""How payloads reach the app, and what happens when they do not."""

import json
import time as real_time
import urllib.request
from typing import Any
from urllib.error import HTTPError

import pytest
from sandbox_apps import Running, Time, over_http, over_sockets
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from pabot.sandbox.delivery import sign
from pabot.sandbox.people import Person
from pabot.sandbox.server import Server
from pabot.sandbox.workspace import Workspace

Json = dict[str, Any]


def counting(told: list[Json]) -> Any:
    def register(app: App) -> None:
        @app.command("/pa")
        def command(ack: Any, body: Json) -> None:
            told.append(body)
            ack()

        @app.event("app_home_opened")
        def home(body: Json, request: Any) -> None:
            told.append({**body, "retry": request.headers.get("x-slack-retry-num")})
            if len(told) < 3:
                raise RuntimeError("not yet")

    return register


def test_the_signature_is_slacks() -> None:
    signature = SignatureVerifier("secret").generate_signature(timestamp="1760000000", body="a=b")
    assert sign("secret", "1760000000", "a=b") == signature


def test_an_app_with_another_secret_refuses(workspace: Workspace, client: WebClient, ana: Person) -> None:
    told: list[Json] = []
    with over_http(workspace, client, counting(told)):
        workspace.signing_secret = "another"
        assert ana.command("/pa").error == "dispatch_failed"
        assert told == []


def test_an_old_request_is_refused(workspace: Workspace, client: WebClient, ana: Person) -> None:
    told: list[Json] = []
    with over_http(workspace, client, counting(told)):
        workspace.delivery.signed_at = lambda: real_time.time() - 600
        assert ana.command("/pa").error == "dispatch_failed"
        assert told == []


def test_without_an_app_the_person_is_told(workspace: Workspace, server: Server, ana: Person) -> None:
    assert ana.command("/pa", "new", "C1").error == "dispatch_failed"
    assert "dispatch_failed" in ana.messages("C1")[0].text
    workspace.request_url = "http://127.0.0.1:9/nobody"
    assert ana.command("/pa").error == "dispatch_failed"


def test_an_event_is_tried_again_until_it_is_taken(running: Running, ana: Person) -> None:
    told: list[Json] = []
    ana.workspace.delivery.ack_seconds = 0.3
    running(counting(told))
    ana.open_home()
    assert len(told) == 3
    assert len({body["event_id"] for body in told}) == 1
    assert [body["retry"] for body in told[1:]] == [["1"], ["2"]]


def test_envelopes_may_come_twice(running: Running, ana: Person) -> None:
    told: list[Json] = []
    running(counting(told))
    ana.workspace.faults.duplicate_envelopes = True
    assert ana.command("/pa").ok
    assert len(told) == 2
    assert told[0] == told[1]


def test_each_payload_goes_to_one_of_the_connections(workspace: Workspace, client: WebClient, ana: Person) -> None:
    first: list[Json] = []
    second: list[Json] = []
    with over_sockets(workspace, client, counting(first)), over_sockets(workspace, client, counting(second)):
        workspace.wait_for(lambda: len(workspace.delivery.connections) == 2)
        assert all(ana.command("/pa").ok for _ in range(20))
        assert len(first) + len(second) == 20
        assert first
        assert second


@pytest.mark.parametrize("how", [{"reason": "refresh_requested"}, {"reason": "warning"}, {"abruptly": True}])
def test_an_app_comes_back_when_it_is_sent_away(
    workspace: Workspace, client: WebClient, server: Server, ana: Person, how: Json
) -> None:
    told: list[Json] = []
    with over_sockets(workspace, client, counting(told)):
        post(f"{server.url}/faults", {"disconnect": how})
        workspace.delivery.ack_seconds = 0.5  # the client loses what comes while it changes connections
        assert workspace.wait_for(lambda: ana.command("/pa").ok, timeout=20)


def post(url: str, body: Json) -> tuple[int, str]:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})  # noqa: S310
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


@pytest.mark.usefixtures("server")
class TestResponseUrls:
    def test_an_answer_is_ephemeral_unless_told_otherwise(self, workspace: Workspace, ana: Person) -> None:
        url = workspace.new_response_url("U1", "C1")
        post(url, {"text": "for Ana"})
        post(url, {"text": "for all", "response_type": "in_channel"})
        assert [(each.text, each.only_for) for each in ana.messages("C1")] == [("for Ana", "U1"), ("for all", None)]

    def test_the_original_is_replaced_or_deleted(self, workspace: Workspace, ana: Person) -> None:
        original = workspace.post("C1", workspace.bot_user_id, "choose", only_for="U1")
        url = workspace.new_response_url("U1", "C1", original)
        post(url, {"text": "chosen", "replace_original": True})
        assert [each.text for each in ana.messages("C1")] == ["chosen"]
        post(url, {"delete_original": True})
        assert ana.messages("C1") == []

    def test_it_works_five_times_in_thirty_minutes(self, workspace: Workspace, time: Time) -> None:
        url = workspace.new_response_url("U1", "C1")
        assert [post(url, {"text": "again"})[0] for _ in range(6)] == [200] * 5 + [404]
        late = workspace.new_response_url("U1", "C1")
        time.forward(minutes=30)
        assert post(late, {"text": "late"}) == (404, "expired_url")
        assert post(f"{workspace.base_url}/response/made-up", {"text": "x"})[0] == 404

    def test_blocks_are_checked_here_too(self, workspace: Workspace) -> None:
        status, words = post(workspace.new_response_url("U1", "C1"), {"blocks": [{"type": "alert"}]})
        assert status == 400
        assert "unsupported type: alert" in words
