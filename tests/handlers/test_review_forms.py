"""Asking a clinician, and what the clinician can press, as Slack sends it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from practice_bot import PEOPLE, Bot, running
from typed_forms import picked, words

from pabot.domain import commands as c
from pabot.domain.commands_review import ReturnReview
from pabot.domain.model import Channel, Role
from pabot.domain.statuses import Status
from pabot.domain.triggers import TRIGGERS
from pabot.views.ids import Hint, Id, step_open, step_submit

HOSTILE = "<!channel> *bold* <https://evil.example|click>"


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    with running(tmp_path_factory.mktemp("review")) as one:
        yield one


def because(bot: Bot, trigger: str, number: int, who: str = "U0CORA") -> dict[str, Any]:
    """The form that one press of the card's menu opens."""
    option = {"value": Hint(number=number, what=trigger).packed()}
    action = {"action_id": Id.ASK_BECAUSE, "block_id": "b", "type": "static_select", "selected_option": option}
    bot.press(who, Id.ASK_BECAUSE, actions=[action | {"action_ts": f"{number}.{trigger}"}])
    return bot.opened()


def at_the_payer(bot: Bot, chart: str) -> int:
    number = bot.request(chart, despite_duplicate=True).state.number
    bot.step("U0CORA", c.MarkReady(number=number))
    sent = c.Submit(number=number, channel=Channel.FAX, submitted_at=bot.clock.now(), tracking_number="TRK-1")
    return bot.step("U0CORA", sent).state.number


def typed(**changed: dict[str, Any]) -> dict[str, Any]:
    said = {
        "trigger": picked("missing_documents"),
        "background": words(f"The gait study is nowhere. {HOSTILE}"),
        "question": words("Can we go ahead?"),
        "to": picked("U0DOC", "external_select"),
    }
    return {name: {name: value} for name, value in (said | changed).items()}


def initial(view: dict[str, Any], field: str) -> Any:
    element = next(block["element"] for block in view["blocks"] if block.get("block_id") == field)
    return element.get("initial_value") or element["initial_option"]["value"]


@pytest.mark.parametrize("trigger", [key for key in TRIGGERS if key != "denial_notice"])
def test_one_press_opens_the_form_with_its_question(bot: Bot, trigger: str) -> None:
    view = because(bot, trigger, bot.request("C-1", despite_duplicate=True).state.number)
    assert view["callback_id"] == step_submit("ask_clinician")
    assert (initial(view, "trigger"), initial(view, "question")) == (trigger, TRIGGERS[trigger].question)


def test_a_denial_notice_is_recorded_where_that_routes_it(bot: Bot) -> None:
    early, sent = bot.request("C-2", despite_duplicate=True).state.number, at_the_payer(bot, "C-3")
    assert because(bot, "denial_notice", early)["callback_id"] == step_submit("ask_clinician")
    assert because(bot, "denial_notice", sent)["callback_id"] == step_submit("record_denial")
    today = bot.desk.calendar().day(bot.clock.now())
    denied = c.RecordDenial(number=sent, reason="step_therapy", notice_on=today, received_at=bot.clock.now())
    bot.step("U0CORA", denied)
    assert because(bot, "denial_notice", sent)["callback_id"] == step_submit("record_denial")  # another one
    returned = ReturnReview(number=sent, reason="cannot_judge", words="The study is missing.")
    bot.step("U0DOC", returned)
    assert because(bot, "denial_notice", sent)["callback_id"] == step_submit("route")


def test_the_question_goes_out_with_its_facts_and_comes_back(bot: Bot) -> None:
    number = bot.request("C-4", despite_duplicate=True).state.number
    form = because(bot, "missing_documents", number)
    card = json.dumps(bot.submit("U0CORA", form, typed()), ensure_ascii=False)
    assert "Can we go ahead?" in card
    assert "∗bold∗" in card
    assert "<!channel>" not in card
    state = bot.desk.card(number, actor=bot.member("U0DOC")).state
    assert state.open_question
    hint = Hint(number=number, child=state.open_question.id, what="question")
    bot.press("U0DOC", step_open("accept_review"), hint.packed())
    bot.press("U0DOC", step_open("return_review"), hint.packed())
    back = {"reason": {"reason": picked("not_clinical", "radio_buttons")}, "words": {"words": words("Ask the desk.")}}
    assert bot.submit("U0DOC", bot.opened(), back)["response_action"] == "update"
    after = bot.desk.card(number, actor=bot.member("U0DOC")).state
    assert after.status is Status.NEW
    assert after.question
    assert after.question.return_reason == "It is not a clinical matter: Ask the desk."


def test_facts_and_an_occasion_are_wanted(bot: Bot) -> None:
    form = because(bot, "judgement", bot.request("C-5", despite_duplicate=True).state.number)
    empty = {"background": words(""), "trigger": picked("nonsense")}
    assert set(bot.submit("U0CORA", form, typed(**empty))["errors"]) == {"background", "trigger"}


@pytest.mark.parametrize("kind", ["answer_question", "return_review"])
def test_a_role_that_was_taken_away_meanwhile_refuses_and_keeps_what_was_typed(bot: Bot, kind: str) -> None:
    number = bot.request(f"C-6{kind}", despite_duplicate=True).state.number
    bot.step("U0CORA", c.AskClinician(number=number, question="Which?"))
    state = bot.desk.card(number, actor=bot.member("U0DOC")).state
    assert state.question
    bot.press("U0DOC", step_open(kind), Hint(number=number, child=state.question.id).packed())
    form, said = bot.opened(), {"answer": {"answer": words("The second one.")}}
    if kind == "return_review":
        said = {"reason": {"reason": picked("cannot_judge", "radio_buttons")}, "words": {"words": words("The note.")}}
    _roles(bot, Role.MANAGER)
    try:
        answer = bot.submit("U0DOC", form, said)
    finally:
        _roles(bot, Role.CLINICIAN)
    assert answer["response_action"] == "push"  # on top: what was typed stays beneath
    assert "Only a clinician may answer a clinical question" in json.dumps(answer)
    assert bot.desk.card(number, actor=bot.member("U0DOC")).state.open_question


def _roles(bot: Bot, role: Role) -> None:
    as_now = replace(PEOPLE["U0DOC"], roles=frozenset({role}))
    bot.desk.save_member(as_now, actor=None, key=f"{role} {len(bot.slack.calls)}")
