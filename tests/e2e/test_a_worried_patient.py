"""A patient's urgent worry: asked of a clinician, given back unanswered or answered, and passed on by the owner."""

from practice import Colleague, Practice, buttons, words

from pabot.sandbox.workspace import Message


def worried(practice: Practice) -> int:
    """Cora asks Dr. Voss what to tell a patient who is worse."""
    number = practice.cora.opens_request()
    card = practice.cora.card(number)
    practice.cora.person.choose(card, "pa.ask_clinician.because", "The patient has an urgent worry")
    practice.cora.submits(background="Cannot stand since *Monday*", question="Shall he come in today?")
    practice.deliver()
    return number


def latest(colleague: Colleague, number: int) -> Message:
    return next(each for each in reversed(colleague.direct_messages) if f"PA-{number}" in words(each))


def test_what_nobody_answered_is_the_owners_to_call_back_about(practice: Practice) -> None:
    number = worried(practice)
    asked = latest(practice.ida, number)
    practice.ida.presses(asked, "Return")
    practice.ida.submits(reason="It cannot be judged without something", words="I am in theatre: call Dr. Farrow")
    practice.deliver()
    assert "Given back." in words(asked)

    told = latest(practice.cora, number)
    assert words(told).startswith("🔴 *Urgent: please call the patient back by Mon Nov 16, 11:00 AM EST*")
    assert "Dr. Ida Voss gave this back unanswered" in words(told)
    assert "> It cannot be judged without something: I am in theatre: call Dr. Farrow" in words(told)
    done = practice.cora.presses(told, "Patient called back")
    assert "Patient called back" in words(done)
    practice.deliver()
    assert list(buttons(told)) == ["Open"]


def test_an_answer_is_passed_on_from_the_message_that_brings_it(practice: Practice) -> None:
    number = worried(practice)
    asked = latest(practice.ida, number)
    practice.ida.presses(asked, "Answer")
    practice.ida.submits(answer="Yes, at four")
    practice.deliver()

    told = latest(practice.cora, number)
    assert words(told).startswith("🔴 *Urgent: please tell the patient by Mon Nov 16, 11:00 AM EST*")
    assert "> Yes, at four" in words(told)
    practice.cora.presses(told, "Patient told the answer")
    practice.deliver()
    assert list(buttons(told)) == ["Open"]
