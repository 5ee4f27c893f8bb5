"""Contesting a denial in Slack: two levels until it is overturned; a call that could only explain, then an appeal."""

from collections.abc import Iterator
from typing import Any

import pytest
from practice_bot import Bot, running
from typed_forms import boxes, day, moment, picked, words

from pabot.domain import commands as c
from pabot.domain.cards import AuthorizationCard
from pabot.domain.model import Channel, LineOfBusiness
from pabot.domain.statuses import Outcome, Status
from pabot.views.ids import Hint, Id, step_open, step_submit

CORA, DOC, BILL, MAX = "U0CORA", "U0DOC", "U0BILL", "U0MAX"
SIGNED = {"signed_by": picked(DOC, "external_select"), "packet": boxes("denial_letter", "notes")}


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    with running(tmp_path_factory.mktemp("contesting")) as one:
        one.desk.add_plan("Tidewater Mutual", "PPO", LineOfBusiness.COMMERCIAL_INSURED)
        yield one


def fresh(bot: Bot, chart: str) -> int:
    """A request that the payer has."""
    plan = bot.desk.plans("Tidewater")[0].plan_id
    number = bot.request(chart, plan_id=plan, despite_duplicate=True).state.number
    bot.step(CORA, c.MarkReady(number=number))
    sent = c.Submit(number=number, channel=Channel.FAX, submitted_at=bot.clock.now(), tracking_number="TRK-1")
    bot.step(CORA, sent)
    return number


def card(bot: Bot, number: int) -> AuthorizationCard:
    return bot.desk.card(number, actor=bot.member(DOC))


def deny(bot: Bot, number: int) -> None:
    now = bot.clock.now()
    today = bot.desk.calendar().day(now)
    bot.step(CORA, c.RecordDenial(number=number, reason="not_medically_necessary", notice_on=today, received_at=now))


def fill(bot: Bot, who: str, number: int, kind: str, **fields: dict[str, Any]) -> dict[str, Any]:
    """Press the button of a step, fill its form in; what Slack is answered."""
    bot.press(who, step_open(kind), Hint(number=number).packed())
    typed = {name: {name: state} for name, state in fields.items()}
    return bot.submit(who, bot.opened(), typed)


def decide(bot: Bot, number: int, action: Id, chart: str) -> None:
    denial = card(bot, number).state.denial
    assert denial is not None
    bot.press(DOC, action, Hint(number=number, child=denial.id).packed())
    typed = {"reason": words("It answers the letter."), "chart_number": words(chart)}
    said = bot.submit(DOC, bot.opened(), {name: {name: state} for name, state in typed.items()})
    assert said["response_action"] == "update"


def at(bot: Bot) -> dict[str, Any]:
    return moment(int(bot.clock.now().timestamp()))


def test_an_upheld_appeal_goes_to_external_review_until_it_is_overturned(bot: Bot) -> None:
    number = fresh(bot, "C-901")
    deny(bot, number)
    decide(bot, number, Id.DECIDE_APPEAL, "C-901")
    said = fill(bot, CORA, number, "file_appeal", filed_at=at(bot), packet=boxes("notes"))
    assert set(said["errors"]) == {"signed_by", "without"}
    said = fill(bot, CORA, number, "file_appeal", filed_at=at(bot), **SIGNED)
    assert said["errors"]["signed_by"].endswith("then you can file it. Ask Dr. Ida Voss.")
    drawn = bot.opened()
    asks = next(one["elements"][0] for one in drawn["blocks"] if one["block_id"] == "instead")
    view = {**drawn, "id": "V1", "hash": "1.1", "type": "modal", "state": {"values": {}}}
    bot.press(CORA, asks["action_id"], asks["value"], view=view, container={"type": "view"})
    assert step_submit("ask_clinician") in str(bot.slack.calls[-1])
    assert fill(bot, DOC, number, "write_necessity", where=words("the chart"))["response_action"] == "update"
    assert fill(bot, CORA, number, "file_appeal", filed_at=at(bot), **SIGNED)["response_action"] == "update"
    bot.clock.forward(hours=48)
    deny(bot, number)
    seen = card(bot, number)
    assert seen.appeal_level is not None
    assert (seen.appeal_level.name, seen.state.denial and seen.state.denial.level) == ("external review", 2)
    shown = str(bot.command(CORA, f"show {number}"))
    assert "Level 2: external review." in shown
    assert "Appeal window: " in shown
    decide(bot, number, Id.DECIDE_APPEAL, "C-901")
    assert fill(bot, DOC, number, "write_necessity", text=words("She falls."))["response_action"] == "update"
    bot.press(CORA, Id.LETTER_PDF, Hint(number=number).packed())
    assert "is on its way" in str(bot.opened())
    said = fill(bot, CORA, number, "file_appeal", filed_at=at(bot), **SIGNED)
    assert set(said["errors"]) == {"consent_by"}
    consent = {"consent_by": words("the patient"), "consent_on": day(str(bot.desk.calendar().day(bot.clock.now())))}
    assert fill(bot, CORA, number, "pack_appeal", packet=boxes("notes"), **consent)["response_action"] == "update"
    said = fill(bot, CORA, number, "file_appeal", filed_at=at(bot), **SIGNED, **consent)
    assert said["response_action"] == "update"
    bot.clock.forward(hours=24)
    won = c.RecordApproval(number=number, decided_at=bot.clock.now(), authorization_number="A-9", dates_not_stated=True)
    bot.step(CORA, won)
    state = card(bot, number).state
    assert (state.status, state.outcome) == (Status.APPROVED, Outcome.APPROVED)
    assert state.appeal is not None
    assert (state.appeal.level, state.appeal.outcome) == (2, Outcome.APPROVED)


def test_a_call_that_only_explains_is_followed_by_an_appeal(bot: Bot) -> None:
    number = fresh(bot, "C-902")
    deny(bot, number)
    decide(bot, number, Id.DECIDE_P2P, "C-902")
    bot.press(CORA, step_open("book_peer_to_peer"), Hint(number=number).packed())
    assert "not recorded: ask when you book" in str(bot.opened())
    asked = {"requested_at": at(bot), "requested_with": words("Ray"), "clinician": picked(DOC, "external_select")}
    slots = {f"slots_{n}": moment(int(bot.clock.now().timestamp()) + n * 86400) for n in (1, 2, 3)}
    assert fill(bot, CORA, number, "book_peer_to_peer", **asked, **slots)["response_action"] == "update"
    assert card(bot, number).state.status is Status.PENDING
    scheduled = {"scheduled_for": slots["slots_2"], "clinician": picked(DOC, "external_select")}
    assert fill(bot, CORA, number, "book_peer_to_peer", **scheduled)["response_action"] == "update"
    bot.clock.forward(hours=50)
    educational = {"outcome": picked("educational", "radio_buttons"), "note": words("Explained the policy.")}
    said = fill(bot, CORA, number, "record_peer_to_peer", **educational)
    assert "Approval of a clinician" in str(said)
    dictated = {**educational, "director": picked(DOC, "external_select")}
    assert fill(bot, CORA, number, "record_peer_to_peer", **dictated)["response_action"] == "update"
    shown = str(bot.command(CORA, f"show {number}"))
    assert "Educational only, so the decision stands, as dictated by Dr. Ida Voss" in shown
    decide(bot, number, Id.DECIDE_APPEAL, "C-902")
    assert fill(bot, DOC, number, "write_necessity", text=words("She falls."))["response_action"] == "update"
    assert fill(bot, CORA, number, "file_appeal", filed_at=at(bot), **SIGNED)["response_action"] == "update"
    assert card(bot, number).state.open_appeal is not None


def test_a_call_that_is_won_leads_on_to_the_approval(bot: Bot) -> None:
    number = fresh(bot, "C-903")
    deny(bot, number)
    decide(bot, number, Id.DECIDE_P2P, "C-903")
    when = {"scheduled_for": moment(int(bot.clock.now().timestamp()) + 3600)}
    fill(bot, DOC, number, "book_peer_to_peer", clinician=picked(DOC, "external_select"), **when)
    won = {"outcome": picked("overturned", "radio_buttons")}
    assert "once it was held" in str(fill(bot, DOC, number, "record_peer_to_peer", **won))
    bot.clock.forward(hours=1)
    said = fill(bot, DOC, number, "record_peer_to_peer", **won)
    assert said["view"]["callback_id"] == step_submit("record_approval")


@pytest.mark.parametrize("who", [CORA, BILL, MAX])
def test_reasons_made_by_hand_are_refused_to_whoever_is_no_clinician(bot: Bot, who: str) -> None:
    number = fresh(bot, f"C-91{who[-1]}")
    deny(bot, number)
    denial = card(bot, number).state.denial
    assert denial is not None
    hint = Hint(number=number, key=f"by-hand-{who}", child=denial.id)
    view = {"callback_id": step_submit("write_necessity"), "private_metadata": hint.packed(), "blocks": []}
    before = len(bot.slack.calls)
    said = bot.submit(who, view, {"text": {"text": words("She needs it.")}})
    assert "Only a clinician may write why care is necessary" in str([said, bot.slack.calls[before:]])
    after = card(bot, number).state.denial
    assert after is not None
    assert not after.is_argued


def test_the_letter_as_filed_waits_for_the_reasons(bot: Bot) -> None:
    number = fresh(bot, "C-904")
    deny(bot, number)
    decide(bot, number, Id.DECIDE_APPEAL, "C-904")
    before = len(bot.slack.calls)
    bot.press(CORA, Id.LETTER_PDF, Hint(number=number).packed())
    assert "A clinician must write the reasons first" in str(bot.slack.calls[before:])


def test_one_form_decides_to_appeal_and_writes_the_letter_s_reasons(bot: Bot) -> None:
    number = fresh(bot, "C-9")
    deny(bot, number)
    denial = card(bot, number).state.denial
    assert denial is not None
    bot.press(DOC, Id.DECIDE_APPEAL, Hint(number=number, child=denial.id).packed())
    said = {"reason": "It answers the letter.", "necessity": "She cannot walk to the door.", "chart_number": "C-9"}
    bot.submit(DOC, bot.opened(), {name: {name: words(text)} for name, text in said.items()})
    answer = fill(bot, CORA, number, "file_appeal", filed_at=at(bot), **SIGNED)
    assert answer["response_action"] == "update"
    assert card(bot, number).state.open_appeal is not None
