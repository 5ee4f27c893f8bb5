"""A letter about one line, another on the rest, and an approval of what was open: typed into Slack's forms."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from practice_bot import MONDAY, Bot, running
from typed_forms import amount, boxes, day, moment, picked, words

from pabot.domain import commands as c
from pabot.domain.model import AuthorizationState, Channel, ServiceLine
from pabot.domain.statuses import Outcome, Status
from pabot.views.ids import Hint, step_open

CORA, DOC = "U0CORA", "U0DOC"
AT = int(MONDAY.timestamp())
LETTER = {"reason": picked("not_medically_necessary"), "notice_on": day("2026-11-23"), "received_at": moment(AT)}


@pytest.fixture
def bot(tmp_path: Any) -> Iterator[Bot]:
    with running(tmp_path) as one:
        yield one


@pytest.fixture
def number(bot: Bot) -> int:
    """Two lines that the payer has."""
    order = {"lines": (ServiceLine(1, "K0856", "NU", 1), ServiceLine(2, "E2361", "", 2))}
    made = bot.request(**order).state.number
    bot.step(CORA, c.MarkReady(number=made))
    bot.step(CORA, c.Submit(number=made, channel=Channel.FAX, submitted_at=MONDAY, tracking_number="TRK-1"))
    return made


def fill(bot: Bot, number: int, kind: str, **fields: dict[str, Any]) -> dict[str, Any]:
    bot.press(CORA, step_open(kind), Hint(number=number).packed())
    return bot.submit(CORA, bot.opened(), {name: {name: state} for name, state in fields.items()})


def state(bot: Bot, number: int) -> AuthorizationState:
    return bot.desk.card(number, actor=bot.member(DOC)).state


def ticked(view: dict[str, Any]) -> list[str]:
    block = next(one for one in view["blocks"] if one["block_id"] == "lines_1")
    return [one["value"] for one in block["element"]["initial_options"]]


def test_a_letter_on_one_line_and_another_on_the_rest(bot: Bot, number: int) -> None:
    bot.press(CORA, step_open("record_denial"), Hint(number=number).packed())
    assert ticked(bot.opened()) == ["1", "2"]
    said = json.dumps(fill(bot, number, "record_denial", **LETTER, lines_1=boxes("2")), ensure_ascii=False)
    assert "*Not decided by the payer yet:* K0856. It is followed up as before." in said
    assert "· denies E2361" in said
    assert "Another notice came" in said
    assert [line.seq for line in state(bot, number).awaited_lines] == [1]
    bot.press(CORA, step_open("record_denial"), Hint(number=number).packed())
    assert ticked(bot.opened()) == ["1"]
    assert "A denial of E2361 by the letter of Mon Nov 23, 2026 is to be answered." in json.dumps(bot.opened())
    fill(bot, number, "record_denial", **LETTER, lines_1=boxes("1"), reason_text=words("not for the home"))
    found = state(bot, number)
    assert (found.stage, found.denial and found.denial.lines) == (Status.DENIED, "")
    history = json.dumps(bot.command(CORA, f"show {number}"), ensure_ascii=False)
    assert "joins the letter before" in history
    assert "denies K0856" in history


def test_what_was_open_is_approved_without_denying_the_other_again(bot: Bot, number: int) -> None:
    fill(bot, number, "record_denial", **LETTER, lines_1=boxes("2"))
    before = state(bot, number).denial
    given = {"decided_at": moment(AT), "authorization_number": words("A-1"), "dates_not_stated": boxes("yes")}
    bot.press(CORA, step_open("record_approval"), Hint(number=number).packed())
    assert "What was still open: K0856" in json.dumps(bot.opened())
    fill(bot, number, "record_approval", approved=picked("rest", "radio_buttons"), units_1=amount("1"), **given)
    found = state(bot, number)
    assert (found.outcome, found.stage, found.denial) == (Outcome.PARTIAL, Status.APPROVED, before)


def test_nothing_ticked_is_all(bot: Bot, number: int) -> None:
    fill(bot, number, "record_denial", **LETTER, lines_1=boxes())
    assert state(bot, number).stage is Status.DENIED


def test_a_hand_made_line_is_refused_under_the_boxes(bot: Bot, number: int) -> None:
    said = fill(bot, number, "record_denial", **LETTER, lines_1=boxes("7"))
    assert set(said["errors"]) == {"lines_1"}
    assert state(bot, number).denial is None
