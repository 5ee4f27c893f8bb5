"""People at work, with a real app on the other side: over Socket Mode and over signed HTTP."""

import copy
import re
from datetime import date
from typing import Any

import pytest
from sandbox_apps import Running, Time
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from pabot.sandbox.people import NotOnScreen, Person
from pabot.sandbox.workspace import Workspace

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def field(block_id: str, element: Json, **more: Any) -> Json:
    named = {**element, "action_id": f"{block_id}_input"}
    return {"type": "input", "block_id": block_id, "label": plain(block_id), "element": named, **more}


def options(*values: str) -> list[Json]:
    return [{"text": plain(value.title()), "value": value} for value in values]


def modal(*blocks: Json, **more: Any) -> Json:
    form = {"type": "modal", "callback_id": "form", "title": plain("A request"), "submit": plain("Save")}
    return {**form, "blocks": list(blocks), **more}


def section(text: str) -> Json:
    return {"type": "section", "block_id": f"said-{text[:20]}", "text": plain(text)}


def button(action_id: str, value: str = "1") -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(action_id), "value": value}


def buttons(*elements: Json) -> Json:
    return {"type": "actions", "block_id": "buttons", "elements": list(elements)}


REQUEST = modal(
    field("initials", {"type": "plain_text_input", "max_length": 4}),
    field("payer", {"type": "external_select", "min_query_length": 0}, dispatch_action=True),
    field("urgency", {"type": "radio_buttons", "options": options("standard", "expedited"),
                      "initial_option": options("standard")[0]}),
    field("codes", {"type": "multi_static_select", "options": options("k0823", "e0470")}, optional=True),
    field("ordered", {"type": "datepicker"}),
    field("units", {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}, optional=True),
)  # fmt: skip


class Desk:
    """An app with one form; keeps what it was told."""

    def __init__(self) -> None:
        self.submitted: list[Json] = []
        self.told: list[Json] = []
        self.answer: Json = {}
        self.payers = options("northwind", "blue_harbor")

    def register(self, app: App) -> None:
        @app.command("/pa")
        def command(ack: Any, body: Json, client: WebClient) -> None:
            self.told.append(body)
            if body["text"] == "new":
                client.views_open(trigger_id=body["trigger_id"], view=REQUEST)
                ack()
            else:
                ack(text=f"you said {body['text']}")

        @app.options("payer_input")
        def payers(ack: Any, body: Json) -> None:
            typed = body["value"].lower()
            ack(options=[each for each in self.payers if typed in (each["value"] + each["text"]["text"]).lower()])

        @app.action(re.compile(""))
        def pressed(ack: Any, body: Json) -> None:
            self.told.append(body)
            ack()

        @app.view("form")
        def submitted(ack: Any, body: Json) -> None:
            self.submitted.append(body)
            ack(**self.answer)

        @app.view_closed("form")
        def closed(ack: Any, body: Json) -> None:
            self.told.append(body)
            ack()

        @app.shortcut("link")
        def linked(ack: Any, body: Json) -> None:
            self.told.append(body)
            ack()

        @app.event("app_home_opened")
        def home(event: Json, client: WebClient) -> None:
            view = {"type": "home", "blocks": [section("my work"), buttons(button("open"))]}
            client.views_publish(user_id=event["user"], view=view)


@pytest.fixture
def desk(running: Running) -> Desk:
    desk = Desk()
    running(desk.register)
    return desk


FILLED = {"initials": "MK", "payer": "northwind", "ordered": date(2026, 11, 20)}


def test_a_form_is_opened_filled_in_and_saved(desk: Desk, ana: Person) -> None:
    assert ana.command("/pa", "new", "C1").ok
    assert ana.modal is not None
    result = ana.submit(values={**FILLED, "codes": ["k0823", "E0470"], "units": 2})
    assert (result.ok, result.view, ana.modal) == (True, None, None)

    values = desk.submitted[0]["view"]["state"]["values"]
    assert values["initials"]["initials_input"] == {"type": "plain_text_input", "value": "MK"}
    assert values["payer"]["payer_input"]["selected_option"]["value"] == "northwind"
    assert values["urgency"]["urgency_input"]["selected_option"]["value"] == "standard"
    assert [each["value"] for each in values["codes"]["codes_input"]["selected_options"]] == ["k0823", "e0470"]
    assert values["ordered"]["ordered_input"]["selected_date"] == "2026-11-20"
    assert values["units"]["units_input"]["value"] == "2"
    assert desk.submitted[0]["user"]["team_id"] == "T0001"


def test_an_input_that_dispatches_tells_the_app_at_once(desk: Desk, ana: Person) -> None:
    ana.command("/pa", "new")
    assert ana.modal is not None
    ana.fill(ana.modal, {"payer": "Northwind"})
    assert desk.told[-1]["actions"][0]["selected_option"]["value"] == "northwind"
    assert desk.told[-1]["view"]["state"]["values"]["payer"]["payer_input"]["selected_option"]["value"] == "northwind"


def test_slacks_client_does_not_send_a_form_with_mistakes(desk: Desk, ana: Person) -> None:
    ana.command("/pa", "new")
    result = ana.submit(values={"initials": "TOOLONG", "units": 0})
    assert set(result.errors) == {"initials", "payer", "ordered", "units"}
    assert desk.submitted == []
    assert result.view is ana.modal
    assert ana.submit(values={**FILLED, "units": 1}).ok


def test_a_hand_made_payload_is_sent_as_it_is(desk: Desk, ana: Person) -> None:
    ana.command("/pa", "new")
    form = ana.modal
    ana.submit(values={"initials": "TOOLONG", "urgency": "yesterday"}, by_hand=True)
    values = desk.submitted[0]["view"]["state"]["values"]
    assert values["urgency"]["urgency_input"]["selected_option"]["value"] == "yesterday"
    assert values["payer"]["payer_input"]["selected_option"] is None
    with pytest.raises(NotOnScreen):
        ana.submit(form)
    assert ana.submit(form, by_hand=True).ok
    assert len(desk.submitted) == 2


def test_only_offered_options_can_be_chosen(desk: Desk, ana: Person) -> None:
    ana.command("/pa", "new")
    assert ana.modal is not None
    assert [each["value"] for each in ana.suggest(ana.modal, "payer_input", "blue")] == ["blue_harbor"]
    with pytest.raises(NotOnScreen, match="does not offer 'elsewhere'"):
        ana.fill(ana.modal, {"payer": "elsewhere"})
    with pytest.raises(NotOnScreen, match="does not offer 'sometime'"):
        ana.fill(ana.modal, {"urgency": "sometime"})
    with pytest.raises(NotOnScreen, match="no field 'diagnosis'"):
        ana.fill(ana.modal, {"diagnosis": "E11.9"})


def test_of_two_offers_in_the_same_words_the_newer_is_meant(desk: Desk, ana: Person) -> None:
    ana.command("/pa", "new")
    assert ana.modal is not None
    for value in ("1", "9"):
        desk.payers = [{"text": plain("Part B"), "value": value}]
        ana.suggest(ana.modal, "payer_input", "part")
    ana.fill(ana.modal, {"payer": "Part B"})
    assert ana.modal.values["payer"]["payer_input"]["selected_option"]["value"] == "9"


def test_what_is_chosen_can_be_chosen_again_whatever_is_offered_now(
    desk: Desk, ana: Person, workspace: Workspace
) -> None:
    ana.command("/pa", "new")
    assert ana.modal is not None
    ana.fill(ana.modal, {"payer": "northwind"})
    workspace.offered.clear()
    desk.payers = []
    ana.fill(ana.modal, {"payer": "northwind"})
    assert ana.modal.values["payer"]["payer_input"]["selected_option"]["value"] == "northwind"


def test_errors_stand_under_their_fields_and_nothing_typed_is_lost(desk: Desk, ana: Person) -> None:
    ana.command("/pa", "new")
    desk.answer = {"response_action": "errors", "errors": {"initials": "Two letters, please."}}
    result = ana.submit(values=FILLED)
    assert result.errors == {"initials": "Two letters, please."}
    desk.answer = {}
    assert ana.submit().ok
    assert desk.submitted[1]["view"]["state"] == desk.submitted[0]["view"]["state"]


def test_errors_under_a_field_that_is_not_there_are_trouble(desk: Desk, ana: Person) -> None:
    ana.command("/pa", "new")
    desk.answer = {"response_action": "errors", "errors": {"nowhere": "No."}}
    result = ana.submit(values=FILLED)
    assert result.error is not None
    assert "nowhere" in result.error
    assert ana.modal is not None
    assert ana.modal.trouble


def test_a_form_is_replaced_another_put_on_top_and_all_cleared(desk: Desk, ana: Person) -> None:
    ana.command("/pa", "new")
    first = ana.modal
    desk.answer = {"response_action": "push", "view": modal(section("sure?"))}
    pushed = ana.submit(values=FILLED).view
    assert pushed is not first
    assert first is not None
    assert pushed is not None
    assert pushed.previous_view_id == first.id
    desk.answer = {"response_action": "update", "view": modal(section("saved"))}
    assert ana.submit().view is pushed
    assert pushed.blocks[0]["text"]["text"] == "saved"
    desk.answer = {"response_action": "push", "view": modal(section("third"))}
    ana.submit()
    assert len(ana.modals) == 3
    fourth = ana.submit()
    assert fourth.error == "push_limit_reached"
    desk.answer = {"response_action": "clear"}
    assert ana.submit().view is None
    assert ana.modals == []


def test_a_view_that_slack_does_not_accept_is_trouble(desk: Desk, ana: Person) -> None:
    ana.command("/pa", "new")
    desk.answer = {"response_action": "update", "view": modal({"type": "divider"}, title=plain("x" * 25))}
    result = ana.submit(values=FILLED)
    assert result.error is not None
    assert "must be less than 25 characters" in result.error


def test_closing_a_form_is_told_when_asked_for(running: Running, desk: Desk, ana: Person, client: WebClient) -> None:
    ana.command("/pa", "new")
    ana.close()
    assert desk.told[-1]["command"] == "/pa"
    trigger = ana.workspace.new_trigger("U1")
    client.views_open(trigger_id=trigger, view={**REQUEST, "notify_on_close": True})
    ana.close()
    assert (desk.told[-1]["type"], ana.modal) == ("view_closed", None)


def test_a_command_is_answered_to_one_person(desk: Desk, ana: Person, osei: Person) -> None:
    ana.command("/pa", "<b> @dr.osei.bonsu & co", "C1")
    assert desk.told[0]["text"] == "&lt;b&gt; <@U2|dr.osei.bonsu> &amp; co"
    assert [each.only_for for each in ana.messages("C1")] == ["U1"]
    assert osei.messages("C1") == []


def test_a_button_in_a_message(desk: Desk, osei: Person, client: WebClient, workspace: Workspace) -> None:
    row = buttons(button("decide", "appeal"), {**button("decide.accept", "accept")})
    client.chat_postMessage(channel="U2", text="A denial", blocks=[section("PA-1042"), row])
    [message] = osei.direct_messages
    assert osei.press(message, "decide").ok
    told = desk.told[0]
    assert told["actions"][0] | {"action_ts": ""} == {
        "type": "button", "action_id": "decide", "block_id": "buttons", "value": "appeal",
        "text": plain("decide"), "action_ts": "",
    }  # fmt: skip
    assert told["container"] == {
        "type": "message", "message_ts": message.ts, "channel_id": "D2", "is_ephemeral": False,
    }  # fmt: skip
    assert told["message"]["blocks"] == message.blocks

    stale = copy.deepcopy(message)
    client.chat_update(channel="D2", ts=message.ts, text="decided", blocks=[])
    with pytest.raises(NotOnScreen):
        osei.press(message, "decide")
    assert osei.press(stale, "decide").ok, "a screen that has not caught up"


def test_menus_outside_of_forms_act_at_once(desk: Desk, ana: Person, client: WebClient) -> None:
    row = buttons(
        {"type": "overflow", "action_id": "more", "options": options("show", "hide")},
        {"type": "users_select", "action_id": "who"},
        {"type": "datepicker", "action_id": "day"},
    )
    client.chat_postMessage(channel="C1", text="pick", blocks=[row])
    [message] = ana.messages("C1")
    ana.choose(message, "more", "hide")
    ana.choose(message, "who", "U2")
    ana.choose(message, "day", date(2026, 12, 1))
    chosen = [told["actions"][0] for told in desk.told]
    assert chosen[0]["selected_option"]["value"] == "hide"
    assert (chosen[1]["selected_user"], chosen[2]["selected_date"]) == ("U2", "2026-12-01")
    assert desk.told[2]["state"]["values"]["buttons"]["who"]["selected_user"] == "U2"


def test_shortcuts(desk: Desk, ana: Person) -> None:
    said = ana.say("C1", "Northwind called")
    assert ana.message_shortcut("link", said).ok
    assert desk.told[0]["message"]["text"] == "Northwind called"
    assert ana.shortcut("link").ok
    assert "channel" not in desk.told[1]


def test_the_home_tab(desk: Desk, ana: Person) -> None:
    home = ana.open_home()
    assert home is not None
    assert home.blocks[0]["text"]["text"] == "my work"
    first = home.hash
    ana.open_home()
    assert home.hash != first
    ana.press(home, "open")
    assert desk.told[0]["container"] == {"type": "view", "view_id": home.id}


def test_an_app_that_is_too_slow(running: Running, ana: Person, workspace: Workspace) -> None:
    import time as real_time

    workspace.delivery.ack_seconds = 0.2
    running(lambda app: app.command("/pa")(lambda ack: real_time.sleep(0.5) or ack()))
    assert ana.command("/pa", "new", "C1").error == "operation_timeout"
    assert "operation_timeout" in ana.messages("C1")[0].text
    real_time.sleep(0.4)


class TestTriggers:
    """Without an app: what a trigger_id and a hash are good for."""

    @staticmethod
    def refusal(call: Any, **arguments: Any) -> str:
        with pytest.raises(SlackApiError) as refused:
            call(**arguments)
        return str(refused.value.response["error"])

    def test_a_trigger_works_once_and_for_three_seconds(
        self, client: WebClient, workspace: Workspace, time: Time
    ) -> None:
        trigger = workspace.new_trigger("U1")
        client.views_open(trigger_id=trigger, view=REQUEST)
        assert self.refusal(client.views_open, trigger_id=trigger, view=REQUEST) == "exchanged_trigger_id"
        late = workspace.new_trigger("U1")
        time.forward(seconds=3.5)
        assert self.refusal(client.views_open, trigger_id=late, view=REQUEST) == "expired_trigger_id"
        assert self.refusal(client.views_open, trigger_id="made.up", view=REQUEST) == "invalid_trigger_id"

    def test_updating_keeps_what_was_typed_and_needs_the_latest_hash(
        self, client: WebClient, ana: Person, workspace: Workspace
    ) -> None:
        opened = client.views_open(trigger_id=workspace.new_trigger("U1"), view=REQUEST)["view"]
        assert ana.modal is not None
        ana.fill(ana.modal, {"initials": "MK"})
        updated = client.views_update(view_id=opened["id"], hash=opened["hash"], view=REQUEST)["view"]
        assert updated["state"]["values"]["initials"]["initials_input"]["value"] == "MK"
        stale = {"view_id": opened["id"], "hash": opened["hash"], "view": REQUEST}
        assert self.refusal(client.views_update, **stale) == "hash_conflict"
        ana.close()
        assert self.refusal(client.views_update, view_id=opened["id"], view=REQUEST) == "not_found"

    def test_a_form_with_a_mistake_uses_no_trigger(self, client: WebClient, workspace: Workspace) -> None:
        trigger = workspace.new_trigger("U1")
        wrong = {**REQUEST, "submit": None}
        assert self.refusal(client.views_open, trigger_id=trigger, view=wrong) == "invalid_arguments"
        client.views_open(trigger_id=trigger, view=REQUEST)

    def test_a_home_tab_has_a_hash_too(self, client: WebClient) -> None:
        home = {"type": "home", "blocks": [section("my work")]}
        first = client.views_publish(user_id="U1", view=home)["view"]["hash"]
        client.views_publish(user_id="U1", view=home, hash=first)
        assert self.refusal(client.views_publish, user_id="U1", view=home, hash=first) == "hash_conflict"
        assert self.refusal(client.views_publish, user_id="U404", view=home) == "user_not_found"
