"""The sweep in a workspace: reminded at ten, then through the payers in one window."""

from datetime import UTC, datetime

from practice import ORDER, Colleague, Practice, words

from pabot.sandbox.inputs import current_state
from pabot.sandbox.workspace import View

THURSDAY_10 = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
THURSDAY_12_30 = datetime(2026, 11, 19, 17, 30, tzinfo=UTC)


def sent(practice: Practice, count: int, **changed: str) -> list[int]:
    """Requests that went to the payer on Monday; their first check is due on Thursday."""
    numbers = []
    for at in range(count):
        chart = f"{changed.get('payer', 'N')[:1]}-{at}"
        number = practice.cora.opens_request(**{**ORDER, **changed, "chart_number": chart})
        practice.cora.does(number, "Ready to submit")
        practice.cora.does(number, "Submitted", channel="portal", tracking_number=f"TRK-{number}")
        numbers.append(number)
    return numbers


def reminded(practice: Practice, who: Colleague) -> list[str]:
    practice.pabot.desk.queue_updates()
    practice.deliver()
    return [said for message in who.direct_messages if "due with" in (said := words(message))]


def value(view: View, name: str) -> object:
    """What a field holds as the person sees it."""
    (state,) = current_state(view.blocks, view.values)[name].values()
    return state.get("value")


def test_from_the_reminder_to_the_end(practice: Practice) -> None:
    first, second, third = sent(practice, 3)
    (other,) = sent(practice, 1, payer="Tidewater Mutual · PPO")
    practice.clock.set(THURSDAY_10)
    (said,) = reminded(practice, practice.cora)
    assert "*4 requests are due with 2 payers today.*" in said
    window = practice.cora.presses(practice.cora.direct_messages[-1], "Start the sweep: 4 due")
    assert f"PA-{first}" in words(window)
    assert f"TRK-{first}" in words(window)

    window = practice.cora.submits(found="in_review", result="A nurse has it", reference="CALL-7", channel="phone")
    assert f"PA-{second} · J.D. · Northwind Health 2 of 4" in words(window)
    assert value(window, "result") is None  # of another patient
    assert value(window, "reference") == "CALL-7"  # of the same call

    (alike,) = [block for block in window.blocks if block["block_id"] == "alike"]
    window = practice.cora.submits(alike=[alike["element"]["options"][0]["value"]])
    assert f"✓ Saved: PA-{second}, PA-{third}" in words(window)
    assert f"PA-{other} · J.D. · Tidewater Mutual 4 of 4" in words(window)
    assert value(window, "reference") is None  # another payer

    window = practice.cora.presses(window, "Not now")
    assert "1 request is still due today" in words(window)
    window = practice.cora.presses(window, "Take up the 1 put off")
    practice.cora.presses(window, "Approved")
    window = practice.cora.submits(authorization_number="A-1", dates_not_stated=["yes"])
    assert "Nothing is due with the payers any more." in words(window)
    assert "A nurse has it" in words(practice.cora.card(first))
    assert "A nurse has it" not in words(practice.cora.card(second))


def test_a_reminder_that_comes_too_late_is_not_sent(practice: Practice) -> None:
    sent(practice, 1)
    practice.clock.set(THURSDAY_10)
    practice.pabot.desk.queue_updates()
    practice.clock.set(THURSDAY_12_30)
    assert reminded(practice, practice.cora) == []
