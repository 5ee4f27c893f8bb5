"""A step that wants approval, as Slack meets it: asked for in its form, answered from a message, under both names."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from practice_bot import SETTINGS, Bot, running
from typed_forms import boxes, form, moment, picked, words

from pabot.domain import commands as c
from pabot.domain.model import Channel, Decision, ToldBy
from pabot.domain.statuses import Outcome, Status
from pabot.jobs.drawing import painter
from pabot.services import telling
from pabot.store import messages
from pabot.store.messages import Claimed
from pabot.views.ids import Hint, Id, step_open
from pabot.views.text import Rendered

HOSTILE = "<!channel> *bold* <https://evil.example|click>"


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    with running(tmp_path_factory.mktemp("approvals")) as one:
        yield one


def fields(**typed: dict[str, Any]) -> dict[str, Any]:
    return dict(form(**typed)["state"]["values"])


def said(of: Any) -> str:
    return json.dumps(of, ensure_ascii=False)


def asked(bot: Bot, who: str = "U0CORA", why: str = "They moved away.") -> tuple[int, int, dict[str, Any]]:
    """A withdrawal as somebody asks for it: the request, the approval, and the answer to the form."""
    number = bot.request(despite_duplicate=True).state.number
    bot.press(who, step_open("withdraw"), Hint(number=number).packed())
    answer = bot.submit(
        who,
        bot.opened(),
        fields(reason=picked("patient_declined"), note=words("Called on Friday."), approval_why=words(why)),
    )
    (approval,) = bot.desk.card(number, actor=bot.member(who)).approvals
    return number, approval.id, answer


def message(bot: Bot, who: str) -> Rendered:
    """The newest message of all that waits for somebody, as it would be drawn now."""
    with bot.desk.store.read() as session:
        subject = messages.newest(session.connection, telling.APPROVALS, who)
    assert subject
    now = bot.clock.now()
    row = Claimed(1, "k", telling.APPROVALS, who, subject, None, 1, 0, "D1", "1.1", "m", None, 1, now, None)
    drawn = painter(bot.desk, bot.look)(row, False)
    assert isinstance(drawn, Rendered)
    return drawn


def test_the_button_is_marked_and_the_form_says_who_is_asked(bot: Bot) -> None:
    number = bot.request(despite_duplicate=True).state.number
    assert "Withdraw (needs approval)" in said(bot.command("U0CORA", f"show {number}"))
    assert "needs approval" not in said(bot.command("U0MAX", f"show {number}"))
    bot.press("U0CORA", step_open("withdraw"), Hint(number=number).packed())
    assert "Dr. Ida Voss is asked first. Nothing changes until it is approved." in said(bot.opened())


def test_from_asking_to_the_step_under_both_names(bot: Bot) -> None:
    number, approval_id, answer = asked(bot)
    assert "Cora Lindqvist asks to withdraw it" in said(answer["view"])
    drawn = message(bot, "U0DOC")
    assert "They moved away." in said(drawn.blocks)
    assert "Called on Friday." in said(drawn.blocks)
    assert f"PA-{number}" in said(drawn.blocks)
    assert "They moved" not in drawn.text
    bot.press("U0DOC", Id.APPROVAL_APPROVE, Hint(number=number, child=approval_id).packed())
    card = bot.submit("U0DOC", bot.opened(), fields(note=words("They told me too.")))["view"]
    assert "approved by Dr. Ida Voss" in said(card)
    state = bot.desk.card(number, actor=bot.member("U0CORA")).state
    assert (state.status, state.outcome) == (Status.CLOSED, Outcome.WITHDRAWN)
    assert f"PA-{number}, to withdraw it: approved by Dr. Ida Voss" in said(message(bot, "U0DOC").blocks)


def test_declining_asks_why_and_hostile_words_stay_words(bot: Bot) -> None:
    number, approval_id, _ = asked(bot, why=HOSTILE)
    shown = said(message(bot, "U0DOC").blocks)
    assert "<!channel>" not in shown
    assert "*bold*" not in shown
    bot.press("U0DOC", Id.APPROVAL_DECLINE, Hint(number=number, child=approval_id).packed())
    empty = bot.submit("U0DOC", bot.opened(), {})
    assert list(empty["errors"]) == ["note"]
    card = bot.submit("U0DOC", bot.opened(), fields(note=words(HOSTILE)))["view"]
    assert "<!channel>" not in said(card)
    assert bot.desk.card(number, actor=bot.member("U0MAX")).state.status is Status.NEW
    found = bot.desk.answered(approval_id, reader=bot.member("U0CORA"))
    assert found.approval.answer == HOSTILE


def test_a_second_person_is_told_who_asked(bot: Bot) -> None:
    number, *_ = asked(bot)
    bot.press("U0BILL", step_open("withdraw"), Hint(number=number).packed())
    assert "Cora Lindqvist asked for this already; Dr. Ida Voss is asked" in said(bot.opened())


def test_whoever_asked_takes_it_back_from_the_card(bot: Bot) -> None:
    number, approval_id, _ = asked(bot)
    assert "Take it back" in said(bot.command("U0CORA", f"show {number}"))
    bot.press("U0CORA", Id.APPROVAL_BACK, Hint(number=number, child=approval_id).packed())
    assert bot.desk.card(number, actor=bot.member("U0CORA")).approvals == ()


def test_a_pressed_button_of_something_decided_says_so(bot: Bot) -> None:
    number, approval_id, _ = asked(bot)
    bot.desk.take_back_asked(approval_id, actor=bot.member("U0CORA"), key="taken back")
    for pressed in (Id.APPROVAL_APPROVE, Id.APPROVAL_DECLINE):
        bot.press("U0DOC", pressed, Hint(number=number, child=approval_id).packed())
        assert "Cora Lindqvist took this back" in said(bot.opened())


@pytest.mark.parametrize("hint", [Hint(number=1), Hint(number=1, child=99999), Hint()])
def test_a_button_that_names_nothing_is_answered(bot: Bot, hint: Hint) -> None:
    for pressed in (Id.APPROVAL_APPROVE, Id.APPROVAL_DECLINE, Id.APPROVAL_BACK):
        bot.press("U0MAX", pressed, hint.packed())
        assert "That did not work" in said(bot.opened())


def test_the_form_names_the_approval_s_own_request(bot: Bot) -> None:
    """Whatever number a hand-made button carries."""
    number, approval_id, _ = asked(bot)
    other = bot.request(despite_duplicate=True).state.number
    bot.press("U0DOC", Id.APPROVAL_APPROVE, Hint(number=other, child=approval_id).packed())
    assert f"PA-{number}" in said(bot.opened())
    assert f"PA-{other}" not in said(bot.opened())


def test_home_lists_what_waits_without_what_was_typed(bot: Bot) -> None:
    number, *_ = asked(bot)
    bot.event({"type": "app_home_opened", "user": "U0DOC", "tab": "home", "channel": "D1"})
    view = said(bot.slack.sent("views.publish")[-1]["view"])
    assert f"PA-{number}" in view
    assert "Waits for your approval" in view
    assert "They moved away" not in view


def test_a_note_that_judges_comes_back_once_and_still_asks(bot: Bot) -> None:
    number = bot.request(despite_duplicate=True).state.number
    bot.press("U0CORA", step_open("withdraw"), Hint(number=number).packed())
    typed = fields(reason=picked("patient_declined"), note=words("She should stop taking the drug."))
    again = bot.submit("U0CORA", bot.opened(), typed)["view"]
    assert "Ask for approval" in said(again)
    bot.submit("U0CORA", again, typed)
    card = bot.desk.card(number, actor=bot.member("U0CORA"))
    assert (card.state.status, len(card.approvals)) == (Status.NEW, 1)


def test_with_every_setting_off_submitting_and_closing_ask_as_well(bot: Bot) -> None:
    strict = replace(SETTINGS, coordinators_submit=False, billers_close_denials=False)
    bot.desk.save_settings(strict, actor=bot.member("U0MAX"), key="strict")
    try:
        number = bot.request(despite_duplicate=True).state.number
        bot.step("U0CORA", c.MarkReady(number=number))
        bot.press("U0CORA", step_open("submit"), Hint(number=number).packed())
        typed = fields(
            channel=picked("fax"),
            submitted_at={"type": "datetimepicker", "selected_date_time": int(bot.clock.now().timestamp())},
            answer={"type": "radio_buttons", "selected_option": {"value": "denied"}},
        )
        answer = bot.submit("U0CORA", bot.opened(), typed)
        assert "asks to record that it was sent" in said(answer["view"])  # and not the denial's form
        assert bot.desk.card(number, actor=bot.member("U0CORA")).state.status is Status.READY
        denied = _denied_and_told(bot)
        bot.press("U0BILL", step_open("close"), Hint(number=denied).packed())
        assert "Ask for approval" in said(bot.opened())
        bot.submit("U0BILL", bot.opened(), {})
        (approval,) = bot.desk.card(denied, actor=bot.member("U0BILL")).approvals
        assert (approval.kind, approval.asked_of) == ("close", "U0MAX")
    finally:
        bot.desk.save_settings(SETTINGS, actor=bot.member("U0MAX"), key="as shipped")


def test_no_denial_is_closed_by_a_coordinator_alone(bot: Bot) -> None:
    denied = _denied_and_told(bot)
    assert "Close (needs approval)" in said(bot.command("U0CORA", f"show {denied}"))
    bot.press("U0CORA", step_open("close"), Hint(number=denied).packed())
    bot.submit("U0CORA", bot.opened(), {})
    card = bot.desk.card(denied, actor=bot.member("U0CORA"))
    assert (card.state.is_open, card.approvals[0].kind, card.approvals[0].asked_of) == (True, "close", "U0DOC")


def _denied_and_told(bot: Bot, *, told: bool = True) -> int:
    """An administrative denial that was accepted, and of which the patient knows."""
    now = bot.clock.now()
    number = bot.request("C-90", despite_duplicate=True).state.number
    bot.step("U0CORA", c.MarkReady(number=number))
    bot.step("U0MAX", c.Submit(number=number, channel=Channel.FAX, submitted_at=now))
    denial = c.RecordDenial(number=number, reason="not_medically_necessary", notice_on=now.date(), received_at=now)
    state = bot.step("U0CORA", denial).state
    assert state.denial
    assert state.denial.id
    accept = c.DecideDenial(
        number=number,
        denial_id=state.denial.id,
        decision=Decision.ACCEPT,
        reason="The notes.",
        chart_number="C-90",
    )
    bot.step("U0DOC", accept)
    if told:
        bot.step("U0CORA", c.TellPatient(number=number, how=ToldBy.PHONE, told_at=now))
    return number


def test_the_form_of_telling_asks_to_close_what_only_others_may(bot: Bot) -> None:
    number = _denied_and_told(bot, told=False)
    bot.press("U0CORA", step_open("tell_patient"), Hint(number=number).packed())
    tick = next(one for one in bot.opened()["blocks"] if one["block_id"] == "and_close")
    assert "needs approval" in str(tick)
    assert "initial_options" not in tick["element"]  # nobody is asked by oversight
    typed = {
        "update": picked("denied"),
        "result": picked("told", "radio_buttons"),
        "how": picked("phone"),
        "told_at": moment(int(bot.clock.now().timestamp())),
        "told_by": picked("U0CORA", "external_select"),
        "and_close": boxes("yes"),
    }
    bot.submit("U0CORA", bot.opened(), {name: {name: state} for name, state in typed.items()})
    card = bot.desk.card(number, actor=bot.member("U0CORA"))
    assert (card.state.is_open, card.state.patient_knows) == (True, True)
    assert [one.kind for one in card.approvals] == ["close"]
