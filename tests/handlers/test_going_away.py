"""`/pa away` and `/pa back`, as people type and press them."""

import json

import pytest
from practice_bot import MONDAY, Bot
from test_the_loop import typed
from typed_forms import day, picked, several

from pabot.domain.absences import GoAway, Split
from pabot.views.ids import Hint, Id

COVERED = {"covers": several("U0BILL"), "split": picked("payer", "radio_buttons")}
UNTIL = {"starts_on": day("2026-11-23"), "back_on": day("2026-11-25")}


def test_somebody_goes_away_with_one_form_and_comes_back_with_one_word(bot: Bot) -> None:
    number = bot.request().state.number
    bot.command("U0CORA", "away")
    form = bot.opened()
    fields = {block["block_id"]: block for block in form["blocks"]}
    assert fields["starts_on"]["element"]["initial_date"] == "2026-11-23"
    assert fields["back_on"]["element"]["initial_date"] == "2026-11-24"
    said = bot.submit("U0CORA", form, typed(**UNTIL, **COVERED))
    assert "You are away from Nov 23, back on Nov 25" in json.dumps(said)
    assert bot.member("U0CORA").away
    assert [line.number for line in bot.desk.mine(actor=bot.member("U0BILL")).lines] == [number]
    assert "down as away" in json.dumps(bot.command("U0CORA", "away"))
    assert "Welcome back" in json.dumps(bot.command("U0CORA", "back"))
    assert not bot.member("U0CORA").away
    assert "not down as away" in json.dumps(bot.command("U0CORA", "back"))


def test_among_several_the_split_is_shown_before_it_is_saved(bot: Bot) -> None:
    bot.request()
    bot.request("C-99")
    bot.command("U0CORA", "away")
    form = bot.opened()
    chosen = {**UNTIL, "covers": several("U0BILL", "U0MAX"), "split": picked("evenly", "radio_buttons")}
    shown = bot.submit("U0CORA", form, typed(**chosen))["view"]
    assert "Bill Aster: 1 open request (Northwind Health)" in json.dumps(shown)
    assert not bot.member("U0CORA").away
    other = {**chosen, "split": picked("payer", "radio_buttons")}
    again = bot.submit("U0CORA", shown, typed(**other))["view"]
    assert "Bill Aster: 2 open requests (Northwind Health)" in json.dumps(again)
    assert not bot.member("U0CORA").away
    bot.submit("U0CORA", again, typed(**other))
    assert bot.member("U0CORA").away


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"covers": several()}, "covers", "This is needed."),
        ({"covers": several("U0CORA")}, "covers", "Nobody covers for themselves. Choose another person."),
        ({"covers": several("U0DESK")}, "covers", "Fay Front cannot work on requests. Choose somebody who works"),
        ({"back_on": day("2026-11-23")}, "back_on", "The day back must be after the first day away."),
        ({"starts_on": day("2026-11-20")}, "starts_on", "That day is over. Choose today or a later day."),
    ],
)
def test_what_cannot_be_is_told_under_its_field(bot: Bot, changed: dict[str, object], field: str, said: str) -> None:
    bot.command("U0CORA", "away")
    answer = bot.submit("U0CORA", bot.opened(), typed(**{**UNTIL, **COVERED, **changed}))
    assert answer["errors"][field].startswith(said)
    assert not bot.member("U0CORA").away


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("away <@U0BILL|bill>", "Only a manager may manage people"),
        ("back bill", "Only a manager may manage people"),
        ("away somebody", "names nobody, or several people"),
    ],
)
def test_others_are_a_manager_s_to_send_away(bot: Bot, text: str, said: str) -> None:
    assert said in json.dumps(bot.command("U0CORA", text), ensure_ascii=False)
    assert bot.slack.sent("views.open") == []


@pytest.mark.parametrize("text", ["away <@U0CORA|cora>", "away Cora"])
def test_a_manager_sends_anybody_away(bot: Bot, text: str) -> None:
    bot.command("U0MAX", text)
    form = bot.opened()
    assert "For Cora Lindqvist." in json.dumps(form)
    bot.submit("U0MAX", form, typed(**UNTIL, **COVERED))
    assert bot.member("U0CORA").away


def test_the_question_who_is_in_has_two_answers(bot: Bot) -> None:
    about = Hint(what="U0CORA").packed()
    bot.press("U0MAX", Id.PRESENCE_YES, about)
    assert bot.desk.presence("U0CORA", MONDAY.date()).said_by == "Max Tiller"
    bot.press("U0CORA", Id.PRESENCE_YES, about)
    assert "Only a manager" in json.dumps(bot.slack.calls[-1])
    bot.press("U0MAX", Id.AWAY_OPEN, about)
    assert "For Cora Lindqvist." in json.dumps(bot.opened())


def test_a_form_sent_twice_is_one_absence(bot: Bot) -> None:
    bot.command("U0CORA", "away")
    form = bot.opened()
    for _ in range(2):
        bot.submit("U0CORA", form, typed(**UNTIL, **COVERED))
    bot.desk.come_back("U0CORA", actor=bot.member("U0CORA"), key="back")
    assert bot.desk.absence("U0CORA") is None


def test_a_form_left_open_over_another_s_save_saves_nothing(bot: Bot) -> None:
    bot.command("U0MAX", "away Cora")
    form = bot.opened()
    saved = GoAway("U0CORA", MONDAY.date(), None, ("U0BILL",), Split.PAYER)
    bot.desk.go_away(saved, actor=bot.member("U0CORA"), key="hers")
    answer = bot.submit("U0MAX", form, typed(**UNTIL, **COVERED))
    assert "is down as away already, from Nov 23 on." in answer["errors"]["starts_on"]
