"""Who may speak, what is answered, and where a problem is told."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from practice_bot import TEAM, Bot, running
from sqlalchemy import text as sql
from typed_forms import day, moment, picked, words

from pabot.domain import commands as c
from pabot.domain.cards import Privacy
from pabot.domain.model import Channel
from pabot.handlers.commands import SUBCOMMANDS
from pabot.handlers.routes import TABLES
from pabot.views.ids import Hint, Id, step_open, step_submit

AT = 1795447800  # the bot's Monday, 15:30 UTC


def state(**fields: dict[str, Any]) -> dict[str, Any]:
    return {name: {name: one} for name, one in fields.items()}


def test_every_id_of_the_project_has_a_listener() -> None:
    listened = {name for table in TABLES.values() for name in table}
    assert not set(Id) - listened


def test_a_stranger_is_told_whom_to_ask(bot: Bot) -> None:
    said = bot.command("U0NOBODY", "mine")
    assert said["text"] == "You are not on this practice's staff list. A manager can add you with /pa staff."
    assert said["response_type"] == "ephemeral"


def test_another_workspace_s_person_is_refused_although_the_payload_comes_through_ours(bot: Bot) -> None:
    number = bot.request().state.number
    guest = {"user": {"id": "U0CORA", "team_id": "T0ELSEWHERE"}, "team": {"id": TEAM}}
    bot.press("U0CORA", Id.CARD_OPEN, Hint(number=number).packed(), **guest)
    assert "another workspace" in json.dumps(bot.opened())


def test_somebody_of_an_enterprise_speaks_as_their_own_workspace(bot: Bot) -> None:
    number = bot.request().state.number
    whole = {"user": {"id": "U0CORA", "team_id": TEAM}, "team": None, "enterprise": {"id": "E0"}}
    bot.press("U0CORA", Id.CARD_OPEN, Hint(number=number).packed(), **whole)
    assert "another workspace" not in json.dumps(bot.opened())


@pytest.mark.parametrize("text", SUBCOMMANDS)
def test_every_subcommand_answers_a_manager(bot: Bot, text: str) -> None:
    number = bot.request().state.number
    wants = {"show": str(number), "update": f"pa{number}", "log": f"#{number}", "find": "J.D."}
    bot.step("U0CORA", c.Claim(number=number))
    said = bot.command("U0MAX", f"{text} {wants.get(text, '')}")
    opened = bot.slack.sent("views.open")
    assert bool(said) is not bool(opened)
    assert "Reference" not in json.dumps([said, opened])


@pytest.mark.parametrize("written", ["{}", "pa{}", "PA-{}", "#{}", "show PA-{}", "SHOW {}"])
def test_a_number_is_understood_however_it_is_written(bot: Bot, written: str) -> None:
    number = bot.request().state.number
    assert str(number) in json.dumps(bot.command("U0CORA", written.format(number)))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("queu", "Did you mean /pa queue?"),
        ("xyzzy", "See /pa help."),
        ("show", "Say which request"),
        ("show soon", "Say which request: /pa show 1042"),
        ("update", "Say which request: /pa update 1042"),
        ("log", "Say which request: /pa log 1042"),
        ("find nobody-here", "Nothing fits. Check the spelling"),
        ("show 99999999999", "Say which request"),
        ("show 4242", "4242"),
        ("find", "Say what to look for"),
        ("queue nowhere", "is no status, payer or person"),
        ("queue <@U0NOBODY|x>", "not on the staff list"),
    ],
)
def test_a_command_that_cannot_be_has_a_sentence(bot: Bot, text: str, sentence: str) -> None:
    assert sentence in bot.command("U0CORA", text)["text"]


def test_a_queue_is_asked_for_by_person_status_or_payer(bot: Bot) -> None:
    bot.request()
    for text in ("queue", "queue <@U0CORA|cora>", "queue New request", "queue northwind", "queue overdue"):
        assert bot.command("U0DESK", text)["response_type"] == "ephemeral"


def test_only_a_manager_keeps_staff_and_settings(bot: Bot) -> None:
    for text in ("staff", "settings"):
        assert "Only a manager" in bot.command("U0CORA", text)["text"]
    assert not bot.slack.sent("views.open")


def test_an_id_of_an_earlier_version_has_a_sentence(bot: Bot) -> None:
    bot.press("U0CORA", "pa.gone.open")
    assert "earlier version" in json.dumps(bot.opened())
    assert bot.suggest("U0CORA", "pa.gone.suggest", "x") == {"options": []}
    said = bot.submit("U0CORA", {"callback_id": "pa.gone.submit", "blocks": []}, {})
    assert said["response_action"] == "push"


@pytest.mark.parametrize("value", ["", "not json", "[]", '{"number": "1"}', '{"number": -4}', '{"number": 1e99}', "7"])
def test_a_button_that_carries_something_else_has_a_sentence(bot: Bot, value: str) -> None:
    bot.press("U0CORA", Id.CARD_OPEN, value)
    assert "does not carry what it should" in json.dumps(bot.opened())


def test_a_problem_in_a_modal_is_pushed_on_top_of_it(bot: Bot) -> None:
    number = bot.request().state.number
    modal = {"id": "V1", "hash": "1.1", "type": "modal", "callback_id": "card"}
    bot.press("U0DESK", step_open("claim"), Hint(number=number).packed(), view=modal)
    (pushed,) = bot.slack.sent("views.push")
    assert "may take a request" in json.dumps(pushed["view"])


def test_a_late_press_is_told_in_a_line(bot: Bot) -> None:
    number = bot.request().state.number
    bot.slack.errors["views.open"] = ["expired_trigger_id"]
    bot.press("U0CORA", Id.CARD_OPEN, Hint(number=number).packed())
    (said,) = bot.slack.sent("chat.postEphemeral")
    assert (said["channel"], said["user"]) == ("C0TEAM", "U0CORA")
    assert said["text"] == "That took too long for Slack. Press again."


def test_a_late_command_is_told_in_its_answer(bot: Bot) -> None:
    bot.slack.errors["views.open"] = ["exchanged_trigger_id"]
    assert "took too long" in bot.command("U0CORA", "new")["text"]


def test_slack_that_refuses_everything_still_gets_an_answer(bot: Bot) -> None:
    bot.slack.errors |= {method: ["fatal_error"] * 5 for method in ("views.open", "chat.postEphemeral")}
    assert bot.press("U0CORA", Id.NEW_OPEN) == {}


def test_what_nobody_foresaw_gets_a_reference_and_the_log_has_no_word_of_it(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    secret = " ".join(["Juno", "Dammers"])

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError(secret)

    monkeypatch.setattr(type(bot.desk), "find", broken)
    with caplog.at_level(logging.INFO):
        said = bot.command("U0CORA", "find Juno")["text"]
    reference = said.rsplit(" ", 1)[-1]
    assert reference in caplog.text
    assert "U0CORA" in caplog.text
    assert "Juno" not in caplog.text


def test_a_form_without_its_key_is_not_saved(bot: Bot) -> None:
    number = bot.request().state.number
    view = {"callback_id": step_submit("log_contact"), "private_metadata": Hint(number=number).packed(), "blocks": []}
    said = bot.submit(
        "U0CORA", view, state(channel=picked("phone"), found=picked("other"), result=words("They called"))
    )
    assert said["response_action"] == "push"
    assert "not complete" in json.dumps(said)


def test_a_wrong_field_is_told_under_it_and_an_unknown_one_on_top(bot: Bot) -> None:
    number = bot.request().state.number
    bot.step("U0CORA", c.MarkReady(number=number))
    bot.press("U0CORA", step_open("submit"), Hint(number=number).packed())
    form = bot.opened()
    good = state(channel=picked("portal"), submitted_at=moment(AT), answer=picked("waiting", "radio_buttons"))
    ahead = bot.submit("U0CORA", form, good | state(submitted_at=moment(AT + 86400 * 9)))
    assert list(ahead["errors"]) == ["submitted_at"]
    before = bot.submit("U0CORA", form, good | state(expected_on=day("2026-11-01")))
    assert list(before["errors"]) == ["expected_on"]
    strange = bot.submit("U0CORA", form, good | state(surprise=words("!")))
    assert strange["response_action"] == "push"
    assert bot.submit("U0CORA", form, good)["response_action"] == "update"


def test_a_stale_form_says_who_changed_what(bot: Bot) -> None:
    number = bot.request().state.number
    bot.press("U0CORA", step_open("check_requirement"), Hint(number=number).packed())
    form = bot.opened()
    bot.step("U0BILL", c.LogContact(number=number, channel=Channel.PHONE, result="Called"))
    said = bot.submit("U0CORA", form, state(required=picked("yes", "radio_buttons")))
    assert said["response_action"] == "push"
    assert "Bill Aster recorded" in json.dumps(said, ensure_ascii=False)


def test_the_home_tab_is_drawn_when_it_is_opened(bot: Bot) -> None:
    opened = {"type": "app_home_opened", "user": "U0CORA", "channel": "D1"}
    assert bot.event(opened | {"tab": "messages"}).status == 200
    assert not bot.slack.sent("views.publish")
    assert bot.event(opened | {"tab": "home"}).status == 200
    assert [call["user_id"] for call in bot.slack.sent("views.publish")] == ["U0CORA"]
    assert bot.event({"type": "app_home_opened", "user": "U0NOBODY", "tab": "home"}).status == 200


def test_a_page_that_slack_no_longer_changes_is_said(bot: Bot) -> None:
    gone = bot.slack.url.replace("/api/", "/gone/x")
    bot.slack.gone.add("x")
    bot.press("U0CORA", Id.QUEUE_PAGE, Hint(number=2).packed(), response_url=gone)
    assert "too old" in json.dumps(bot.opened())


def test_what_shows_identity_leaves_an_event(tmp_path: Path) -> None:
    with running(tmp_path, Privacy.FULL) as bot:
        number = bot.request().state.number
        before = _seen(bot)
        bot.command("U0CORA", f"show {number}")
        assert _seen(bot) == before + 1
        bot.command("U0CORA", f"update {number}")
        assert _seen(bot) == before + 1


def _seen(bot: Bot) -> int:
    with bot.desk.store.read() as session:
        return int(session.connection.execute(sql("select count(*) from event where kind = 'view'")).scalar_one())


def test_suggestions_are_found_by_what_is_typed(bot: Bot) -> None:
    def labels(source: str, typed: str, user: str = "U0CORA") -> list[str]:
        return [one["text"]["text"] for one in bot.suggest(user, source, typed)["options"]]

    assert labels(Id.SUGGEST_PAYER, "") == ["Northwind Health · Gold", "Tidewater Mutual · PPO"]
    assert labels(Id.SUGGEST_PAYER, "tide") == ["Tidewater Mutual · PPO"]
    assert labels(Id.SUGGEST_PAYER, "%") == []
    assert labels(Id.SUGGEST_CLINICIAN, "voss") == ["Dr. Ida Voss"]
    assert "Max Tiller" in labels(Id.SUGGEST_STAFF, "")
    assert labels(Id.SUGGEST_PAYER, "", user="U0NOBODY") == []


@pytest.mark.parametrize(
    ("user", "told", "never"),
    [
        ("U0CORA", "decide about a denial: a biller", None),
        ("U0BILL", "decide about a denial, where the denial is administrative", None),
        ("U0DOC", "write why care is necessary", "write why care is necessary: a clinician"),
        ("U0MAX", "manage people and settings", None),
        ("U0DESK", "record that the patient called", "With approval"),
    ],
)
def test_the_guide_says_what_each_may_do(bot: Bot, user: str, told: str, never: str | None) -> None:
    said = json.dumps(bot.command(user, "guide"), ensure_ascii=False)
    assert told in said
    assert never is None or never not in said
    assert "None is named yet" in said


@pytest.mark.parametrize("user", ["U0CORA", "U0DESK"])
def test_what_the_patient_may_hear_is_there_in_two_languages(bot: Bot, user: str) -> None:
    number = bot.request().state.number
    said = json.dumps(bot.command(user, f"patient {number}"), ensure_ascii=False)
    assert "We have the order for your power wheelchair." in said
    assert "Tenemos la orden para «Power wheelchair» (en inglés)." in said
    assert "J.D." not in said
    assert "Say which request: /pa patient 1042" in json.dumps(bot.command(user, "patient"))


def test_a_long_list_s_menu_finds_requests_and_names_no_patient(bot: Bot) -> None:
    first, second = bot.request("C-88").state.number, bot.request("C-99").state.number

    def labels(typed: str, user: str = "U0CORA") -> list[str]:
        return [one["text"]["text"] for one in bot.suggest(user, Id.CARD_CHOOSE, typed)["options"]]

    assert labels(str(first)) == [f"PA-{first} · New request"]
    assert labels("C-99") == [f"PA-{second} · New request"]
    bot.clock.forward(days=2)
    assert labels("") == [f"PA-{first} · New request", f"PA-{second} · New request"]
    assert labels("nothing of ours") == []
    assert labels(str(first), user="U0NOBODY") == []
