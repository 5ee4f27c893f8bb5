"""A withdrawal that wants approval, from the coordinator's form to both names on the card."""

from practice import a_practice, buttons, words


def test_asked_passed_over_and_approved(sqlite_url: str) -> None:
    with a_practice(sqlite_url) as practice:
        number = practice.cora.opens_request()
        other = practice.cora.opens_request(chart_number="C-89")
        for each in (number, other):
            card = practice.cora.does(
                each, "Withdraw (needs approval)", reason="patient_declined", approval_why="They moved away."
            )
            assert "Cora Lindqvist asks to withdraw it. Dr. Ida Voss is asked" in words(card)
            practice.clock.forward(minutes=1)
        practice.deliver()
        (asked,) = practice.ida.direct_messages  # both in one message: the first had not left
        assert "2 steps wait for your approval" in words(asked)
        practice.ida.presses(asked, "Decline")
        practice.ida.submits(note="Call them again first.")
        practice.clock.forward(hours=4)
        practice.pabot.jobs.run("approvals")
        practice.deliver()
        assert not {"Approve", "Decline"} & buttons(practice.ida.direct_messages[-1]).keys()
        assert f"PA-{other}, to withdraw it: went on to Max Tiller" in words(practice.ida.direct_messages[-1])
        waiting = practice.max.direct_messages[-1]
        assert "1 step waits for your approval" in words(waiting)
        assert "They moved" not in waiting.text
        practice.max.presses(waiting, "Approve")
        card = practice.max.submits(note="They told me too.")
        assert "approved by Max Tiller" in words(card)
        practice.clock.forward(minutes=1)
        practice.deliver()
        told = [words(message) for message in practice.cora.direct_messages]
        assert any("Dr. Ida Voss declined it" in said and "Call them again first." in said for said in told)
        assert any("Max Tiller approved it" in said and f"PA-{other}" in said for said in told)
        assert "Nothing waits for your approval any more" in words(practice.max.direct_messages[-1])
