"""An administrative person's words that judge care: a way to the clinician is offered, and nothing of it leaves."""

import json

from practice_bot import Bot
from typed_forms import picked, words

from pabot.domain import commands as c
from pabot.domain.model import Channel
from pabot.views.ids import Hint, Id, step_open

JUDGES = "She should stop taking the drug until they answer."


def handing_over(bot: Bot, number: int, who: str = "U0CORA") -> dict[str, object]:
    bot.press(who, step_open("assign"), Hint(number=number).packed())
    return bot.opened()


def note(text: str) -> dict[str, object]:
    return {"owner": {"owner": picked("U0BILL", "external_select")}, "note": {"note": words(text)}}


def test_an_internal_note_comes_back_once_and_may_stay_marked(bot: Bot) -> None:
    number = bot.request().state.number
    again = bot.submit("U0CORA", handing_over(bot, number), note(JUDGES))["view"]
    assert "“should stop”" in json.dumps(again, ensure_ascii=False)
    assert bot.desk.card(number, actor=bot.member("U0CORA")).state.owner_id == "U0CORA"
    bot.submit("U0CORA", again, note(JUDGES))
    card = bot.desk.card(number, actor=bot.member("U0CORA"))
    assert card.state.owner_id == "U0BILL"
    assert "should stop" in card.timeline[0].detail["kept"]


def test_what_was_typed_becomes_the_question_to_the_clinician(bot: Bot) -> None:
    number = bot.request().state.number
    again = bot.submit("U0CORA", handing_over(bot, number), note(JUDGES))["view"]
    shown = {"id": "V1", "hash": "1.1", "type": "modal", **again, "state": {"values": note(JUDGES)}}
    bot.press("U0CORA", Id.ASK_INSTEAD, Hint(number=number).packed(), view=shown)
    asks = bot.slack.sent("views.update")[-1]["view"]
    assert asks["callback_id"] == "pa.ask_clinician.submit"
    assert JUDGES in json.dumps(asks)


def test_a_clinician_s_note_is_saved_at_once(bot: Bot) -> None:
    number = bot.request().state.number
    bot.submit("U0DOC", handing_over(bot, number, "U0DOC"), note(JUDGES))
    assert bot.desk.card(number, actor=bot.member("U0CORA")).state.owner_id == "U0BILL"


def test_what_goes_to_the_payer_is_refused_whatever_the_form_says(bot: Bot) -> None:
    """Also by a form made by hand that claims to keep the words."""
    number = bot.request().state.number
    asked = c.RecordInformationRequest(
        number=number, asked="The order's date", clinical=False, received_at=bot.desk.clock.now()
    )
    bot.step("U0CORA", c.MarkReady(number=number))
    sent = c.Submit(number=number, channel=Channel.PORTAL, submitted_at=bot.desk.clock.now(), tracking_number="TRK-1")
    bot.step("U0CORA", sent)
    bot.step("U0CORA", asked)
    bot.press("U0CORA", step_open("answer_information"), Hint(number=number).packed())
    form = bot.opened()
    said = {"answer": {"answer": words("The chair is medically necessary.")}, "channel": {"channel": picked("fax")}}
    for hint in (Hint.unpacked(form["private_metadata"]), Hint(number=number, key="k", as_is=True)):
        answer = bot.submit("U0CORA", form, said, private_metadata=hint.packed())
        assert "medically necessary" in answer["errors"]["answer"]
    plain = {"answer": {"answer": words("The signed order")}, "channel": {"channel": picked("fax")}}
    assert bot.submit("U0CORA", form, plain)["response_action"] == "update"
