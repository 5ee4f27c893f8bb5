"""The Web API as an app's client sees it: what Slack does, and what it refuses."""

import urllib.request
from http.client import RemoteDisconnected
from threading import Timer
from urllib.error import URLError

import pytest
from sandbox_apps import Time
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from pabot.sandbox.people import Person
from pabot.sandbox.server import Server
from pabot.sandbox.workspace import Workspace

BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "Open"}, "action_id": "open", "value": "1"}
ACTIONS = {"type": "actions", "block_id": "doors", "elements": [BUTTON]}


def refusal(call: object, *args: object, **kwargs: object) -> str:
    with pytest.raises(SlackApiError) as refused:
        call(*args, **kwargs)  # type: ignore[operator]
    return str(refused.value.response["error"])


def test_a_message_is_posted_changed_and_deleted(client: WebClient, ana: Person) -> None:
    posted = client.chat_postMessage(channel="C1", text="PA-1042 was approved", blocks=[ACTIONS])
    assert [each.text for each in ana.messages("C1")] == ["PA-1042 was approved"]

    client.chat_update(channel="C1", ts=posted["ts"], text="PA-1042 is closed", blocks=[])
    [message] = ana.messages("C1")
    assert (message.text, message.blocks) == ("PA-1042 is closed", [])
    assert message.edited

    client.chat_delete(channel="C1", ts=posted["ts"])
    assert ana.messages("C1") == []


def test_an_update_keeps_the_blocks_it_does_not_mention(client: WebClient, ana: Person) -> None:
    ts = client.chat_postMessage(channel="C1", text="open", blocks=[ACTIONS])["ts"]
    client.chat_update(channel="C1", ts=ts, text="still open")
    [message] = ana.messages("C1")
    assert (message.text, message.blocks[0]["block_id"]) == ("still open", "doors")


def test_waiting_may_ask_the_web_api(client: WebClient, workspace: Workspace, ana: Person) -> None:
    later = Timer(0.1, ana.say, ("C1", "good morning"))
    later.start()
    assert (
        workspace.wait_for(lambda: client.conversations_history(channel="C1")["messages"])[0]["text"] == "good morning"
    )
    later.join()
    with pytest.raises(TimeoutError):
        workspace.wait_for(lambda: False, timeout=0.1)


def test_a_body_that_is_no_json(server: Server, workspace: Workspace) -> None:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {workspace.bot_token}"}
    for body in (b"{", b"[]"):
        request = urllib.request.Request(f"{server.api_url}chat.postMessage", body, headers)  # noqa: S310
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            assert b"invalid_json" in answer.read()


def test_two_messages_at_the_same_instant_have_different_stamps(client: WebClient) -> None:
    first = client.chat_postMessage(channel="C1", text="one")["ts"]
    second = client.chat_postMessage(channel="C1", text="two")["ts"]
    assert first < second


def test_an_ephemeral_message_is_seen_by_one_person(client: WebClient, ana: Person, osei: Person) -> None:
    client.chat_postEphemeral(channel="C1", user="U1", text="only for you")
    assert [each.text for each in ana.messages("C1")] == ["only for you"]
    assert osei.messages("C1") == []
    assert client.conversations_history(channel="C1")["messages"] == []


def test_a_person_is_written_to_by_their_id_or_their_conversation(client: WebClient, ana: Person) -> None:
    channel = client.conversations_open(users="U1")["channel"]["id"]
    client.chat_postMessage(channel=channel, text="one")
    client.chat_postMessage(channel="U1", text="two")
    assert [each.text for each in ana.direct_messages] == ["one", "two"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C404", "text": "x"}, "channel_not_found"),
        ({"channel": "C2", "text": "x"}, "not_in_channel"),
        ({"channel": "C3", "text": "x"}, "channel_not_found"),
        ({"channel": "C1", "text": ""}, "no_text"),
        ({"channel": "C1", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "C1", "text": "x", "blocks": [{"type": "alert", "text": {}}]}, "invalid_blocks"),
        ({"channel": "C1", "text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_format"),
    ],
)
def test_a_post_that_slack_refuses(client: WebClient, arguments: dict[str, object], error: str) -> None:
    assert refusal(client.api_call, "chat.postMessage", json=arguments) == error


def test_nothing_can_be_posted_into_an_archived_channel(client: WebClient, workspace: Workspace) -> None:
    workspace.channels["C1"].is_archived = True
    assert refusal(client.chat_postMessage, channel="C1", text="x") == "is_archived"


def test_somebody_who_left_cannot_be_written_to(client: WebClient, workspace: Workspace) -> None:
    workspace.users["U2"].deleted = True
    assert refusal(client.conversations_open, users="U2") == "user_disabled"
    assert refusal(client.chat_postMessage, channel="U2", text="x") == "user_disabled"
    assert client.users_info(user="U2")["user"]["deleted"] is True


def test_only_own_messages_can_be_changed(client: WebClient, ana: Person) -> None:
    hers = ana.say("C1", "good morning")
    assert refusal(client.chat_update, channel="C1", ts=hers.ts, text="x") == "cant_update_message"
    assert refusal(client.chat_delete, channel="C1", ts=hers.ts) == "cant_delete_message"
    assert refusal(client.chat_update, channel="C1", ts="1.000000", text="x") == "message_not_found"


def test_history_is_found_again_by_its_metadata(client: WebClient) -> None:
    key = {"event_type": "outbox", "event_payload": {"key": "abc"}}
    ts = client.chat_postMessage(channel="C1", text="one", metadata=key)["ts"]
    assert "metadata" not in client.conversations_history(channel="C1")["messages"][0]
    [found] = client.conversations_history(channel="C1", include_all_metadata=True)["messages"]
    assert (found["metadata"], found["ts"]) == (key, ts)


def test_history_is_bounded_and_paged_newest_first(client: WebClient) -> None:
    stamps = [client.chat_postMessage(channel="C1", text=str(n))["ts"] for n in range(5)]

    def texts(**bounds: object) -> list[str]:
        return [each["text"] for each in client.conversations_history(channel="C1", **bounds)["messages"]]

    assert texts() == ["4", "3", "2", "1", "0"]
    assert texts(oldest=stamps[1], latest=stamps[3]) == ["2"]
    assert texts(oldest=stamps[1], latest=stamps[3], inclusive=True) == ["3", "2", "1"]
    first = client.conversations_history(channel="C1", limit=2)
    assert first["has_more"]
    assert texts(limit=2, cursor=first["response_metadata"]["next_cursor"]) == ["2", "1"]


def test_a_thread_is_read_by_its_first_message(client: WebClient) -> None:
    root = client.chat_postMessage(channel="C1", text="root")["ts"]
    client.chat_postMessage(channel="C1", text="reply", thread_ts=root)
    assert [each["text"] for each in client.conversations_replies(channel="C1", ts=root)["messages"]] == [
        "root",
        "reply",
    ]
    assert [each["text"] for each in client.conversations_history(channel="C1")["messages"]] == ["root"]


def test_one_message_a_second_in_each_channel(client: WebClient, workspace: Workspace, time: Time) -> None:
    workspace.rate_limits = True
    client.chat_postMessage(channel="C1", text="one")
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="C1", text="two")
    assert (refused.value.response.status_code, refused.value.response.headers["Retry-After"]) == (429, "1")
    client.chat_postMessage(channel="U1", text="another conversation")
    time.forward(seconds=1)
    client.chat_postMessage(channel="C1", text="two")


def test_who_is_who_and_what_is_where(client: WebClient) -> None:
    assert client.auth_test()["bot_id"] == "B0001"
    assert client.users_info(user="U3")["user"]["is_restricted"] is True
    assert refusal(client.users_info, user="U404") == "user_not_found"
    assert client.conversations_info(channel="C1")["channel"]["is_member"] is True
    assert client.conversations_info(channel="C2")["channel"]["is_member"] is False
    assert set(client.conversations_members(channel="C1")["members"]) == {"U0BOT", "U1", "U2"}
    assert [each["id"] for each in client.conversations_list()["channels"]] == ["C1", "C2"]


def test_only_the_right_token_opens(server: Server, workspace: Workspace) -> None:
    def client(token: str | None) -> WebClient:
        return WebClient(token=token, base_url=server.api_url)

    assert refusal(client("xoxb-other").auth_test) == "invalid_auth"
    assert refusal(client(None).auth_test) == "not_authed"
    assert refusal(client(workspace.app_token).auth_test) == "not_allowed_token_type"
    assert refusal(client(workspace.bot_token).apps_connections_open, app_token="xapp-other") == "invalid_auth"
    workspace.revoked.add(workspace.bot_token)
    assert refusal(client(workspace.bot_token).auth_test) == "token_revoked"


def test_a_method_that_does_not_exist(client: WebClient) -> None:
    assert refusal(client.api_call, "chat.shout") == "unknown_method"


def test_a_file_is_uploaded_and_shared(client: WebClient, ana: Person, server: Server) -> None:
    client.files_upload_v2(channel="C1", filename="week.csv", title="The week", content="a,b\n1,2\n")
    [message] = ana.messages("C1")
    assert message.files[0]["title"] == "The week"
    with urllib.request.urlopen(message.files[0]["url_private"]) as answer:  # noqa: S310
        assert answer.read() == b"a,b\n1,2\n"


def test_blocks_can_be_validated_without_a_token(server: Server) -> None:
    client = WebClient(base_url=server.api_url)
    assert client.blocks_validate(blocks=[ACTIONS])["errors"] == []
    [error] = client.blocks_validate(blocks=[{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}])["errors"]
    assert error["pointer"] == "/blocks/0/text/type"


def test_the_state_can_be_read_from_outside(client: WebClient, server: Server) -> None:
    client.chat_postMessage(channel="C1", text="one")
    with urllib.request.urlopen(f"{server.url}/state") as answer:  # noqa: S310
        assert b'"text":"one"' in answer.read()


class TestFaults:
    def test_a_call_that_was_done_though_nobody_heard(
        self, client: WebClient, workspace: Workspace, ana: Person
    ) -> None:
        workspace.faults.next("drop_after", "chat.postMessage")
        with pytest.raises((RemoteDisconnected, ConnectionResetError, URLError)):
            client.chat_postMessage(channel="C1", text="one")
        assert [each.text for each in ana.messages("C1")] == ["one"]
        assert [call.answer for call in workspace.calls("chat.postMessage")] == [None]
        client.chat_postMessage(channel="C1", text="two")

    def test_a_call_that_never_arrived(self, client: WebClient, workspace: Workspace, ana: Person) -> None:
        workspace.faults.next("drop_before", "chat.postMessage")
        with pytest.raises((RemoteDisconnected, ConnectionResetError, URLError)):
            client.chat_postMessage(channel="C1", text="one")
        assert ana.messages("C1") == []

    def test_errors_by_name_in_one_channel(self, client: WebClient, workspace: Workspace) -> None:
        workspace.faults.add("refused", error="is_archived", channel="C1")
        assert refusal(client.chat_postMessage, channel="C1", text="x") == "is_archived"
        client.chat_postMessage(channel="U1", text="x")

    def test_a_server_that_fails_or_asks_to_wait(self, client: WebClient, workspace: Workspace) -> None:
        workspace.faults.next("error_500", times=2)
        workspace.faults.next("rate_limited", seconds=7)
        assert [refusal(client.auth_test) for _ in range(3)] == ["internal_error", "internal_error", "ratelimited"]
        client.auth_test()

    def test_chance_repeats_with_its_seed(self, client: WebClient, workspace: Workspace) -> None:
        def failures() -> list[bool]:
            workspace.faults.reseed(7)
            return [workspace.faults.draw("auth.test", None)[1] is not None for _ in range(50)]

        workspace.faults.add("error_500", rate=0.3)
        assert failures() == failures()
        assert 5 < sum(failures()) < 25

    def test_an_outage_is_ordered_and_lifted_over_http(self, client: WebClient, server: Server) -> None:
        def order(body: bytes) -> None:
            request = urllib.request.Request(f"{server.url}/faults", body)  # noqa: S310
            urllib.request.urlopen(request).close()  # noqa: S310

        order(b'{"outage": true}')
        with pytest.raises((RemoteDisconnected, ConnectionResetError, URLError)):
            client.auth_test()
        order(b'{"outage": false, "add": {"kind": "error_500", "method": "auth.test", "times": 1}}')
        assert refusal(client.auth_test) == "internal_error"
        client.auth_test()
