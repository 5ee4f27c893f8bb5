"""A patient's call: opened by a command, and seen to by one press."""

from slack_bolt import BoltResponse

from pabot.domain.commands_patient import CalledBack, PassOn
from pabot.handlers.call import Call
from pabot.handlers.cards import saved


def called_back(call: Call) -> BoltResponse:
    """`pa.called_back.open`: the press is the step, about the call that the button names."""
    command = CalledBack(number=call.number, call=call.hint.child)
    return saved(call, call.desk.take_step(command, actor=call.actor, key=call.press_key))


def pass_on(call: Call) -> BoltResponse:
    """`pa.pass_on.open`: the press is the step, about the answer that the button stands under, or all on a card."""
    command = PassOn(number=call.number, call=call.hint.child)
    return saved(call, call.desk.take_step(command, actor=call.actor, key=call.press_key))
