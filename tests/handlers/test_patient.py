"""Telling a patient and taking their call, form by form, as Slack sends it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from practice_bot import Bot, running
from typed_forms import boxes, day, moment, picked, words

from pabot.domain import commands as c
from pabot.domain.model import Channel, Reached
from pabot.domain.statuses import Status
from pabot.views.ids import Hint, step_open

AT = 1795447800  # the bot's Monday, 15:30 UTC
HOSTILE = "<!channel> *bold* O'Neil & <https://evil.example|click> שלום " + "x" * 1800


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    with running(tmp_path_factory.mktemp("patient")) as one:
        yield one


def typed(**fields: dict[str, Any]) -> dict[str, Any]:
    return {name: {name: one} for name, one in fields.items()}


def pending(bot: Bot) -> int:
    number = bot.request(despite_duplicate=True).state.number
    bot.step("U0CORA", c.MarkReady(number=number))
    sent = c.Submit(number=number, channel=Channel.PORTAL, submitted_at=bot.clock.now(), tracking_number="TRK-1")
    return bot.step("U0CORA", sent).state.number


def call(**changed: dict[str, Any]) -> dict[str, Any]:
    usual = {
        "at": moment(AT),
        "caller": picked("patient", "radio_buttons"),
        "asked": picked("question", "radio_buttons"),
        "said": words(HOSTILE),
        "taken_by": picked("U0DESK", "external_select"),
    }
    return typed(**{**usual, **changed})


def told(**changed: dict[str, Any]) -> dict[str, Any]:
    usual = {
        "update": picked("submitted"),
        "result": picked("not_reached", "radio_buttons"),
        "how": picked("phone"),
        "told_at": moment(AT),
        "told_by": picked("U0CORA", "external_select"),
    }
    return typed(**{**usual, **changed})


def test_the_front_desk_records_a_call_and_the_clinician_answers_it(bot: Bot) -> None:
    number = pending(bot)
    assert "pa.patient_called.open" in json.dumps(bot.command("U0DESK", f"patient {number}"))
    assert "pa.patient_called.open" in json.dumps(bot.command("U0DESK", f"show {number}"))
    bot.command("U0DESK", f"called {number}")
    form = bot.opened()
    assert "has the request for your power wheelchair" in json.dumps(form["blocks"])
    refused = bot.submit("U0DESK", form, call(caller=picked("unverified", "radio_buttons"), read_out=boxes("yes")))
    assert refused["errors"] == {"read_out": "Nothing may be read out to a caller who could not be verified."}
    saved = bot.submit("U0DESK", form, call(read_out=boxes("yes")))
    assert HOSTILE[:20] not in json.dumps(saved), "the front desk reads no words of others on the card"
    assert bot.submit("U0DESK", form, call(read_out=boxes("yes"))) == saved, "sent twice, it is there once"
    state = bot.desk.card(number, actor=bot.member("U0DOC")).state
    assert (len(state.calls), state.calls[0].said, state.patient_news is None) == (1, HOSTILE.strip(), False)
    shown = json.dumps(bot.command("U0DOC", f"show {number}"))
    assert "<!channel>" not in shown
    assert "Waits for Dr. Ida Voss" in shown
    waiting = Hint(number=number, child=state.calls[0].seq).packed()
    for who in ("U0CORA", "U0BILL", "U0MAX", "U0DESK"):
        before = len(bot.slack.calls)
        said = json.dumps([bot.press(who, step_open("called_back"), waiting), bot.slack.calls[before:]])
        assert "a clinician" in said
    bot.press("U0DOC", step_open("called_back"), waiting)
    assert not bot.desk.card(number, actor=bot.member("U0DOC")).state.open_calls
    before = len(bot.slack.calls)
    again = json.dumps([bot.press("U0DOC", step_open("called_back"), waiting), bot.slack.calls[before:]])
    assert "answered this already" in again


def test_a_failed_attempt_shows_and_sets_the_next(bot: Bot) -> None:
    number = pending(bot)
    bot.press("U0CORA", step_open("tell_patient"), Hint(number=number).packed())
    form = bot.opened()
    late = bot.submit("U0CORA", form, told(next_on=day("2026-11-20")))
    assert list(late["errors"]) == ["next_on"]
    saved = json.dumps(bot.submit("U0CORA", form, told(next_on=day("2026-11-25"), note=words(HOSTILE))))
    assert "Tried once, last Mon Nov 23, 10:30 AM EST by phone, Cora Lindqvist: could not be reached" in saved
    assert "next try Wed Nov 25" in saved
    state = bot.desk.card(number, actor=bot.member("U0CORA")).state
    assert state.attempt is not None
    assert (state.attempt.result, state.status) == (Reached.NOT_REACHED, Status.PENDING)


def test_words_for_the_coordinator_and_another_clinician(bot: Bot) -> None:
    number = pending(bot)
    bot.command("U0CORA", f"called {number}")
    bot.submit("U0CORA", bot.opened(), call(asked=picked("worry", "radio_buttons")))
    (waiting,) = bot.desk.card(number, actor=bot.member("U0DOC")).state.calls
    hint = Hint(number=number, child=waiting.seq).packed()
    bot.press("U0DOC", step_open("hand_over_call"), hint)
    said = bot.submit("U0DOC", bot.opened(), typed(to=picked("U0BILL", "external_select")))
    assert said["errors"] == {"to": "Bill Aster is not a clinician, so cannot answer this."}
    bot.press("U0DOC", step_open("answer_call"), hint)
    bot.submit("U0DOC", bot.opened(), typed(answer=words("Yes, with food.")))
    (kept,) = bot.desk.card(number, actor=bot.member("U0DOC")).state.calls
    assert (kept.answer, kept.answered_by) == ("Yes, with food.", "U0DOC")
    before = len(bot.slack.calls)
    hint = Hint(number=number).packed()
    refused = json.dumps([bot.press("U0DESK", step_open("pass_on"), hint), bot.slack.calls[before:]])
    assert "record that the patient was told" in refused
    assert bot.desk.card(number, actor=bot.member("U0DOC")).state.urgent_answer_since
    bot.press("U0CORA", step_open("pass_on"), Hint(number=number, child=waiting.seq + 90).packed())
    assert bot.desk.card(number, actor=bot.member("U0DOC")).state.urgent_answer_since, "that is no call of hers"
    bot.press("U0CORA", step_open("pass_on"), Hint(number=number, child=waiting.seq).packed())
    assert bot.desk.card(number, actor=bot.member("U0DOC")).state.untold_since is None
