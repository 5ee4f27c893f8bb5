"""The sweep as it is spoken in Slack: one window that turns into the next request with each save."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from practice_bot import Bot
from typed_forms import day, picked, words

from pabot.domain import commands as c
from pabot.domain.contacts import Found
from pabot.domain.library import Contacts, PayerEntry
from pabot.domain.model import Channel
from pabot.handlers.forms_sweep import Sweep
from pabot.views.ids import Hint, Id

FRIDAY_9 = datetime(2026, 11, 27, 14, 0, tzinfo=UTC)
NOTHING_NEW = {"channel": picked("portal"), "found": picked("no_change")}


def with_payer(bot: Bot, count: int = 1) -> list[int]:
    """Requests that the payer has had since Monday; on Friday they are due."""
    numbers = [bot.request(chart=f"C-{at}").state.number for at in range(count)]
    for number in numbers:
        bot.step("U0CORA", c.CheckRequirement(number=number, required=True))
        sent = {"submitted_at": bot.clock.now(), "tracking_number": f"T-{number}"}
        bot.step("U0CORA", c.Submit(number=number, channel=Channel.PORTAL, **sent))
    return numbers


def begun(bot: Bot, who: str = "U0CORA") -> dict[str, Any]:
    """The window of `/pa sweep` on Friday morning."""
    bot.clock.set(FRIDAY_9)
    bot.command(who, "sweep")
    return bot.opened()


def about(view: dict[str, Any]) -> Hint:
    return Hint.unpacked(view["private_metadata"])


def said(view: dict[str, Any]) -> str:
    return json.dumps(view["blocks"], ensure_ascii=False)


def typed(view: dict[str, Any], **fields: dict[str, Any]) -> dict[str, Any]:
    """What was typed, under the ids of this very window."""
    ids = {block["block_id"]: block["element"]["action_id"] for block in view["blocks"] if block["type"] == "input"}
    return {name: {ids[name]: state} for name, state in {**NOTHING_NEW, **fields}.items()}


def saves(bot: Bot, view: dict[str, Any], who: str = "U0CORA", **fields: dict[str, Any]) -> dict[str, Any]:
    """Save and next; answers what the window turned into."""
    answer = bot.submit(who, view, typed(view, **fields))
    assert answer["response_action"] == "update", answer
    return dict(answer["view"])


def alike(view: dict[str, Any], *numbers: int) -> dict[str, Any]:
    (block,) = (block for block in view["blocks"] if block["block_id"] == "alike")
    options = [one for one in block["element"]["options"] if int(one["value"].partition(":")[0]) in numbers]
    assert len(options) == len(numbers)
    return {"type": "multi_static_select", "selected_options": options}


def contacts(bot: Bot, number: int) -> list[dict[str, Any]]:
    card = bot.desk.card(number, actor=bot.member("U0CORA"))
    return [dict(entry.detail) for entry in card.timeline if entry.kind == "log_contact"]


def test_each_save_turns_the_window_into_the_next_request(bot: Bot) -> None:
    first, second = with_payer(bot, 2)
    view = begun(bot)
    assert about(view).number == first
    assert "1 of 2" in said(view)
    assert f"T-{first}" in said(view)
    after = saves(bot, view, found=picked("in_review"))
    assert about(after).number == second
    assert "2 of 2" in said(after)
    assert f"✓ Saved: PA-{first}" in said(after)
    assert about(after).key != about(view).key
    end = saves(bot, after)
    assert "You recorded the payer's word on 2 requests today." in said(end)
    assert "submit" not in end
    assert [contact["result"] for contact in contacts(bot, first)] == ["In medical review"]


def test_what_was_typed_never_goes_on_to_the_next_patient(bot: Bot) -> None:
    """Slack keeps what stands under the same ids."""
    with_payer(bot, 2)
    view = begun(bot)
    after = saves(bot, view, result=words("They want notes"))

    def ids(of: dict[str, Any]) -> set[str]:
        return {block["element"]["action_id"] for block in of["blocks"] if block["type"] == "input"}

    assert not ids(view) & ids(after)


def test_its_fields_are_those_that_are_read(bot: Bot) -> None:
    with_payer(bot, 2)
    blocks = [block for block in begun(bot)["blocks"] if block["type"] == "input"]
    assert {block["block_id"] for block in blocks} == set(Sweep.model_fields)
    assert {block["block_id"] for block in blocks if not block.get("optional")} == {"channel", "found"}


def test_one_call_for_many_keeps_its_reference(bot: Bot) -> None:
    first, *_ = numbers = with_payer(bot, 4)
    view = begun(bot)
    call = {"channel": picked("phone"), "reference": words("CALL-7"), "spoke_with": words("Dana")}
    after = saves(bot, view, **call, alike=alike(view, *numbers[1:3]))
    assert about(after).number == numbers[3]
    kept = [block["element"] for block in after["blocks"] if block["block_id"] in ("reference", "spoke_with")]
    assert [element["initial_value"] for element in kept] == ["Dana", "CALL-7"]
    assert all(contacts(bot, number)[0]["reference"] == "CALL-7" for number in (first, *numbers[1:3]))
    assert contacts(bot, numbers[3]) == []


def test_not_now_shows_the_next_and_is_taken_up_at_the_end(bot: Bot) -> None:
    first, second = with_payer(bot, 2)
    view = begun(bot)
    hint = Hint(number=first, sweep=about(view).sweep).packed()
    pressed = {"view": {**view, "id": "V1", "hash": "1.1", "type": "modal"}, "container": {"type": "view"}}
    for _ in range(2):  # a double click
        bot.press("U0CORA", Id.SWEEP_PUT_OFF, hint, **pressed)
        after = bot.slack.sent("views.update")[-1]["view"]
        assert about(after).number == second
    end = saves(bot, after)
    assert "*All but what you put off.* 1 request is still due today." in said(end)
    bot.press("U0CORA", Id.SWEEP_OPEN, Hint().packed())
    assert about(bot.opened()).number == first


def test_closing_it_and_starting_again_goes_on_at_the_same_place(bot: Bot) -> None:
    _, second, _ = with_payer(bot, 3)
    saves(bot, begun(bot))
    again = begun(bot)
    assert about(again).number == second
    assert "2 of 3" in said(again)


def test_a_double_click_saves_once(bot: Bot) -> None:
    first, second = with_payer(bot, 2)
    view = begun(bot)
    shown = [saves(bot, view) for _ in range(2)]
    assert [about(each).number for each in shown] == [second, second]
    assert len(contacts(bot, first)) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"found": picked("other")}, "result"),
        ({"next_check_on": day("2026-11-02")}, "next_check_on"),
        ({"alike": {"type": "multi_static_select", "selected_options": [{"value": "1042"}]}}, "alike"),
    ],
)
def test_what_cannot_be_is_told_under_its_field(bot: Bot, wrong: dict[str, Any], field: str) -> None:
    first, _ = with_payer(bot, 2)
    view = begun(bot)
    answer = bot.submit("U0CORA", view, typed(view, **wrong))
    assert list(answer["errors"]) == [field]
    assert contacts(bot, first) == []


def test_what_a_colleague_changed_meanwhile_comes_again_with_what_was_typed(bot: Bot) -> None:
    first, second = with_payer(bot, 2)
    view = begun(bot)
    bot.step("U0BILL", c.LogContact(number=first, channel=Channel.PHONE, found=Found.IN_REVIEW))
    again = saves(bot, view, result=words("They want notes"))
    assert about(again).number == first
    assert "Bill Aster recorded “Log a contact”" in said(again)
    assert "Nothing was saved." in said(again)
    assert typed(again, result=words("")).keys() == typed(view, result=words("")).keys()
    assert about(saves(bot, again, result=words("They want notes"))).number == second
    assert len(contacts(bot, first)) == 2


def test_what_was_closed_meanwhile_is_told_and_the_next_one_comes(bot: Bot) -> None:
    first, second = with_payer(bot, 2)
    view = begun(bot)
    bot.step("U0MAX", c.Withdraw(number=first, reason="patient_declined", payer_told=True))
    after = saves(bot, view)
    assert about(after).number == second
    assert f"on PA-{first} at" in said(after)
    assert "Nothing was saved." in said(after)


def test_what_of_the_picked_ones_was_not_saved_is_named(bot: Bot) -> None:
    first, second, third = with_payer(bot, 3)
    view = begun(bot)
    picked_ones = alike(view, second, third)
    bot.step("U0MAX", c.Assign(number=second, owner_id="U0BILL"))
    end = saves(bot, view, alike=picked_ones)
    assert f"✓ Saved: PA-{first}, PA-{third}" in said(end)
    assert f"*Not saved:* PA-{second}." in said(end)


def test_news_has_a_form_of_its_own_and_the_sweep_goes_on_behind_it(bot: Bot) -> None:
    first, second = with_payer(bot, 2)
    view = begun(bot)
    buttons = [one for block in view["blocks"] if block["type"] == "actions" for one in block["elements"]]
    (denied,) = (one for one in buttons if one["text"]["text"] == "Denied")
    pressed = {"view": {**view, "id": "V1", "hash": "1.1", "type": "modal"}, "container": {"type": "view"}}
    bot.press("U0CORA", denied["action_id"], denied["value"], **pressed)
    form = bot.slack.sent("views.update")[-1]["view"]
    letter = {
        "reason": picked("missing_docs"),
        "notice_on": day("2026-11-27"),
        "received_at": {"type": "datetimepicker", "selected_date_time": int(FRIDAY_9.timestamp())},
    }
    state = {name: {name: value} for name, value in letter.items()}
    after = bot.submit("U0CORA", form, state)["view"]
    assert about(after).number == second
    assert "2 of 2" in said(after)
    assert bot.desk.card(first, actor=bot.member("U0CORA")).state.denial is not None


def test_how_to_reach_the_payer_stands_beside_it(bot: Bot) -> None:
    with_payer(bot)
    reach = Contacts(portal="https://portal.example", phone="555-0142", phone_path="2, then 4")
    bot.desk.import_payers([PayerEntry(bot.desk.plans("Northwind")[0].payer, reach)], source="test")
    view = begun(bot)
    assert "<https://portal.example|https://portal.example>" in said(view)
    assert "Phone: 555-0142 · menu: 2, then 4" in said(view)


def test_the_card_opens_on_top_so_that_nothing_typed_is_lost(bot: Bot) -> None:
    (number,) = with_payer(bot)
    view = begun(bot)
    pressed = {"view": {**view, "id": "V1", "hash": "1.1", "type": "modal"}, "container": {"type": "view"}}
    bot.press("U0CORA", Id.SWEEP_CARD, Hint(number=number).packed(), **pressed)
    assert f"PA-{number}" in json.dumps(bot.slack.sent("views.push")[-1]["view"])


def test_nothing_due_is_said(bot: Bot) -> None:
    assert "*Nothing is due with the payers.*" in said(begun(bot))


def test_the_front_desk_does_not_sweep(bot: Bot) -> None:
    with_payer(bot)
    bot.clock.set(FRIDAY_9)
    assert "may record what the payer said" in json.dumps(bot.command("U0DESK", "sweep"))
    assert bot.slack.sent("views.open") == []


def test_my_work_offers_the_sweep(bot: Bot) -> None:
    with_payer(bot, 3)
    bot.clock.set(FRIDAY_9)
    assert "Start the sweep: 3 due" in json.dumps(bot.command("U0CORA", ""))
    assert "Start the sweep" not in json.dumps(bot.command("U0DESK", ""))


def test_the_next_check_is_a_day_of_the_calendar_or_the_usual(bot: Bot) -> None:
    first, second = with_payer(bot, 2)
    after = saves(bot, begun(bot), next_check_on=day("2026-12-04"))
    saves(bot, after)
    kept = [bot.desk.card(number, actor=bot.member("U0CORA")).state.next_check_on for number in (first, second)]
    assert kept == [date(2026, 12, 4), date(2026, 12, 1)]
