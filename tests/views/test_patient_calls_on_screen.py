"""A patient's call as a message: it says what is wanted while it waits, and loses its buttons when it does not."""

import json
from dataclasses import replace
from typing import Any

import pytest
from message_samples import CORA, HOSTILE, IDA, LOOK, NOW, card
from reading import words

from pabot.domain.happenings import Asked, Caller
from pabot.domain.model import PatientCall
from pabot.domain.statuses import Status
from pabot.views import patient_calls
from pabot.views.card import card_message
from pabot.views.text import Rendered

CALL = PatientCall(1, NOW, Caller.PATIENT, Asked.WORRY, HOSTILE, False, CORA.user_id, IDA.user_id)
SOON = "Mon Nov 23, 1:30 PM EST"
PRESSED = ["pa.called_back.open", "pa.answer_call.open", "pa.hand_over_call.open"]


def drawn(call: PatientCall | None, seq: int = 1) -> Rendered:
    made = replace(card(calls=(call,) if call else ()), steps=("called_back", "answer_call", "hand_over_call"))
    return patient_calls.called(LOOK, made, IDA, seq)


def pressed(of: Rendered) -> list[str]:
    return [one["action_id"] for block in of.blocks for one in block.get("elements", ()) if "action_id" in one]


@pytest.mark.parametrize(
    ("changed", "first", "buttons"),
    [
        ({}, f"*Urgent: please call the patient back by {SOON}.*", True),
        ({"asked": Asked.QUESTION}, f"*A patient asks something that only you may answer, by {SOON}.*", True),
        ({"asked_of": "U0OTTO"}, "*This went to Dr. Otto Brandt.*", False),
        ({"answered_by": IDA.user_id, "answered_at": NOW}, "*Done.* Dr. Ida Voss saw to it", False),
    ],
)
def test_what_the_clinician_reads(changed: dict[str, Any], first: str, buttons: bool) -> None:
    message = drawn(replace(CALL, **changed))
    assert str(message.blocks[0]["text"]["text"]).startswith(first)
    assert ([one for one in pressed(message) if one in PRESSED] == PRESSED) is buttons
    whole = json.dumps([message.text, message.blocks])
    assert "<!channel>" not in whole
    assert "Juno" not in whole
    assert HOSTILE[:9] not in message.text


def test_a_call_recorded_in_error_wants_nothing() -> None:
    message = drawn(None)
    assert "recorded in error" in str(message.blocks[0]["text"]["text"])
    assert pressed(message) == []


def test_the_owner_reads_what_to_tell_the_patient() -> None:
    made = card(calls=(replace(CALL, answered_by=IDA.user_id, answered_at=NOW, answer="With food."),))
    said = str(patient_calls.answered(LOOK, made, 1).blocks[0]["text"]["text"])
    assert said.startswith("*Dr. Ida Voss answered the patient's question*")
    assert "Nothing waits to be passed on any more." in said
    waits = replace(made, state=replace(made.state, urgent_answer_since=NOW), steps=("pass_on",))
    assert "Please tell the patient" in str(patient_calls.answered(LOOK, waits, 1).blocks[0]["text"]["text"])
    assert "pa.pass_on.open" in pressed(patient_calls.answered(LOOK, waits, 1))
    assert "*The patient has not heard it yet.*" in str(patient_calls.on_card(LOOK, waits, works=True)[0])
    assert "> With food." in said
    assert "taken back" in str(patient_calls.answered(LOOK, card(calls=(CALL,)), 1).blocks[0]["text"]["text"])


@pytest.mark.parametrize("status", [Status.PENDING, Status.CLOSED])
def test_the_card_says_whom_a_call_waits_for_whether_the_request_is_open_or_closed(status: Status) -> None:
    made = card(status=status, calls=(CALL,), denial=None, question=None)
    said = words(card_message(LOOK, made, CORA))
    assert "*Next:* Answer the patient who called" in said
    assert "waits for *Dr. Ida Voss* · owner Cora Lindqvist" in said
