"""Every error on every surface: a sentence, and status 200, before and after the acknowledgement."""

import json
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from practice_bot import Slack
from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError

from pabot.domain import errors as domain
from pabot.handlers import errors

SENTENCE = "Ask <Max> & go on"
ERRORS = [
    *[
        kind(SENTENCE)
        for kind in (
            domain.NotFound,
            domain.NotOnStaff,
            domain.NotAllowed,
            domain.NotNow,
            domain.Stale,
            domain.AlreadyDone,
            domain.Unavailable,
        )
    ],
    domain.Invalid({"note": SENTENCE}),
    domain.PossibleDuplicate(SENTENCE, 1017),
    SlackApiError("x", {"ok": False, "error": "hash_conflict"}),
    SlackApiError("x", {"ok": False, "error": "expired_trigger_id"}),
    SlackApiError("x", {"ok": False, "error": "invalid_arguments"}),
    SlackRequestError("x"),
    ConnectionResetError(),
    TimeoutError(),
    ValueError("typed by somebody"),
]
MODAL = {"type": "modal", "id": "V1", "hash": "1", "blocks": [{"type": "input", "block_id": "note"}]}
PLACES: dict[str, dict[str, Any]] = {
    "command": {"command": "/pa", "user_id": "U0CORA", "channel_id": "C0TEAM"},
    "form": {"type": "view_submission", "view": MODAL},
    "modal": {"type": "block_actions", "view": MODAL, "trigger_id": "t", "actions": [{"action_id": "pa.new.open"}]},
    "home": {"type": "block_actions", "view": {"type": "home"}, "trigger_id": "t"},
    "message": {"type": "block_actions", "channel": {"id": "C0TEAM"}, "trigger_id": "t"},
    "shortcut": {"type": "shortcut", "trigger_id": "t"},
    "message shortcut": {"type": "message_action", "channel": {"id": "C0TEAM"}, "trigger_id": "t"},
    "menu": {"type": "block_suggestion"},
    "event": {"type": "event_callback", "event": {"type": "app_home_opened", "user": "U0CORA"}},
    "something new": {"type": "hologram"},
}


@pytest.fixture
def slack() -> Iterator[Slack]:
    server = Slack()
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def client(slack: Slack) -> WebClient:
    return WebClient(token="xoxb-test", base_url=slack.url, timeout=2, retry_handlers=[])


@pytest.mark.parametrize("acked", [False, True], ids=["before ack", "after ack"])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("wrong", ERRORS, ids=lambda error: type(error).__name__)
def test_every_error_is_answered_everywhere(
    slack: Slack, client: WebClient, wrong: Exception, place: str, acked: bool
) -> None:
    ack = Ack()
    if acked:
        ack()
    body = {"user": {"id": "U0CORA"}, **PLACES[place]}
    answered = errors.answer(wrong, body, ack, client)
    assert answered.status == 200
    said = str(answered.body) + json.dumps(slack.calls)
    assert "typed by somebody" not in said
    if place not in ("menu", "event", "something new"):
        assert any(word in said for word in ("go on", "Press again", "Reference", "did not answer")), said


def test_a_sentence_never_comes_to_life(slack: Slack, client: WebClient) -> None:
    answered = errors.answer(domain.NotFound("There is no <!channel>"), PLACES["command"], Ack(), client)
    assert "<!channel>" not in json.loads(answered.body)["text"]


def test_what_slack_does_not_take_is_still_answered(slack: Slack, client: WebClient) -> None:
    slack.errors["views.open"] = ["internal_error"]
    slack.errors["chat.postMessage"] = ["internal_error"]
    body = {"user": {"id": "U0CORA"}, **PLACES["home"]}
    assert errors.answer(domain.NotFound(SENTENCE), body, Ack(), client).status == 200


def test_slack_that_is_away_altogether_is_no_reason_to_fail() -> None:
    nowhere = WebClient(token="xoxb-test", base_url="http://127.0.0.1:9/api/", timeout=1, retry_handlers=[])
    body = {"user": {"id": "U0CORA"}, **PLACES["message"]}
    assert errors.answer(domain.NotFound(SENTENCE), body, Ack(), nowhere).status == 200
