"""A contact with a payer: from a message or by a command it is answered by what was noted; on a card, by the card."""

import json
from typing import Any

import pytest
from practice_bot import Bot
from test_the_loop import typed, with_the_payer
from typed_forms import day, picked, words

from pabot.views.ids import Hint, Id, step_open

SAID = {"channel": picked("phone"), "found": picked("other"), "spoke_with": words("Pat"), "result": words("In review")}


def logs(bot: Bot, form: dict[str, Any], **changed: dict[str, Any]) -> dict[str, Any]:
    answer = bot.submit("U0CORA", form, typed(**{**SAID, **changed}))
    assert answer["response_action"] == "update", answer
    view: dict[str, Any] = answer["view"]
    return view


def names(view: dict[str, Any]) -> list[str]:
    return [block["block_id"] for block in view["blocks"]]


def buttons(view: dict[str, Any]) -> dict[str, str]:
    found = [element for block in view["blocks"] for element in block.get("elements", []) if "action_id" in element]
    return {element["action_id"]: element["value"] for element in found}


def form_of(bot: Bot, number: int) -> dict[str, Any]:
    bot.command("U0CORA", f"log {number}")
    return bot.opened()


def test_by_a_command_it_is_answered_by_what_was_noted_and_what_runs_now(bot: Bot) -> None:
    number = with_the_payer(bot).state.number
    view = logs(bot, form_of(bot, number), next_check_on=day("2026-11-25"))
    said = json.dumps(view, ensure_ascii=False)
    assert (view["title"]["text"], names(view)) == (f"PA-{number}", ["logged", "clocks", "receipt"])
    assert "Noted, Northwind Health:* by phone · with Pat · In review · next check Wed Nov 25, 2026" in said
    assert "Check with payer" in said
    assert "J.D." not in said


def test_from_a_message_too_and_the_card_is_a_press_away(bot: Bot) -> None:
    number = with_the_payer(bot).state.number
    bot.press("U0CORA", step_open("log_contact"), Hint(number=number).packed())
    view = logs(bot, bot.opened())
    in_it = {"view": {**view, "id": "V1", "hash": "1.1"}, "container": {"type": "view"}}
    bot.press("U0CORA", Id.CARD_OPEN, buttons(view)[Id.CARD_OPEN], **in_it)
    (shown,) = bot.slack.sent("views.update")
    assert "facts" in names(shown["view"])


def test_on_a_card_the_card_comes_back(bot: Bot) -> None:
    card = with_the_payer(bot)
    on_card = {"view": {"type": "modal", "id": "V1", "hash": "1.1"}, "container": {"type": "view"}}
    bot.press("U0CORA", step_open("log_contact"), Hint(number=card.state.number).packed(), **on_card)
    (form,) = bot.slack.sent("views.update")
    assert "facts" in names(logs(bot, form["view"]))


def test_it_is_taken_back_from_what_was_noted(bot: Bot) -> None:
    number = with_the_payer(bot).state.number
    view = logs(bot, form_of(bot, number))
    bot.press("U0CORA", Id.CORRECT_OPEN, buttons(view)[Id.CORRECT_OPEN])
    bot.submit("U0CORA", bot.opened(), typed(reason=words("Another request")))
    newest, logged = bot.desk.card(number, actor=bot.member("U0CORA")).timeline[:2]
    assert (newest.kind, logged.kind, logged.in_error) == ("correct_entry", "log_contact", True)


def test_the_same_form_sent_again_is_answered_the_same_and_noted_once(bot: Bot) -> None:
    number = with_the_payer(bot).state.number
    form = form_of(bot, number)
    assert logs(bot, form) == logs(bot, form)
    contacts = [of for of in bot.desk.card(number, actor=bot.member("U0CORA")).timeline if of.kind == "log_contact"]
    assert len(contacts) == 1


def test_sent_again_after_much_has_happened_it_says_that_it_is_in_the_history(bot: Bot) -> None:
    number = with_the_payer(bot).state.number
    form = form_of(bot, number)
    logs(bot, form)
    for turn in range(12):
        bot.command("U0CORA", f"update {number}")
        bot.press("U0CORA", step_open("assign"), Hint(number=number).packed())
        to = picked(("U0MAX", "U0CORA")[turn % 2], "external_select")
        bot.submit("U0CORA", bot.opened(), typed(owner=to, note=words("Your turn")))
    view = logs(bot, form)
    assert "the contact is in the history" in json.dumps(view)
    assert Id.CORRECT_OPEN not in buttons(view)


@pytest.mark.parametrize("hostile", ["<!channel>", "*bold* _it_", "O'Neil's \"fax\" & more", "שלום", "x" * 2000])
def test_whatever_was_typed_is_shown_as_it_was_typed(bot: Bot, hostile: str) -> None:
    number = with_the_payer(bot).state.number
    view = logs(bot, form_of(bot, number), result=words(hostile), spoke_with=words(hostile[:70]))
    said = json.dumps(view, ensure_ascii=False)
    assert "<!channel>" not in said
    assert all(len(block["text"]["text"]) <= 3000 for block in view["blocks"] if "text" in block)


def test_a_next_check_in_the_past_is_told_under_its_field(bot: Bot) -> None:
    number = with_the_payer(bot).state.number
    answer = bot.submit("U0CORA", form_of(bot, number), typed(**SAID, next_check_on=day("2026-11-02")))
    assert answer["errors"] == {"next_check_on": "The next check lies in the past. Choose today or later."}
