"""Other words for patients, as people change them at Slack: from the list to what the front desk reads out."""

from practice import Practice, buttons, words

from pabot.views.ids import Id


def test_the_practice_says_it_in_its_own_words(practice: Practice) -> None:
    number = practice.cora.opens_request()
    texts = practice.cora.command("wording")
    assert practice.cora.person.choose(texts, Id.WORDING_TEXT, "New request, English").ok
    text = practice.cora.person.modal
    assert text is not None
    assert "Oak Plan needs from us" in words(text)
    practice.cora.presses(text, "Propose other words")
    refused = practice.cora.tries_to_submit(words="We promise that {{ payer }} pays.", why="Shorter.")
    assert "“promise” promises what the payer will do" in refused.errors["words"]
    practice.cora.submits(words="We have your order, and we ask {{ payer }}.", why="Shorter.")
    practice.deliver()
    asked = practice.max.direct_messages[-1]
    assert "wait to be approved" in words(asked)
    approved = practice.max.presses(asked, "Approve")
    assert "this is said from now on" in words(approved)
    practice.deliver()
    assert "Approve" not in buttons(practice.max.direct_messages[-1])
    assert "Max Tiller" in words(practice.cora.direct_messages[-1])
    assert "We have your order, and we ask Northwind Health." in words(practice.fay.command(f"patient {number}"))


def test_one_patient_hears_it_otherwise_until_the_status_changes(practice: Practice) -> None:
    number = practice.cora.opens_request()
    practice.cora.presses(practice.cora.command(f"patient {number}"), "Other words for this one")
    practice.cora.submits(words="We know that you called. We look at it today.")
    practice.deliver()
    practice.max.presses(practice.max.direct_messages[-1], "Approve")
    assert "approved by Max Tiller, Mon Nov 16" in words(practice.fay.command(f"patient {number}"))
    practice.cora.does(number, "Ready to submit")
    assert "We know that you called." not in words(practice.fay.command(f"patient {number}"))
