"""Other words for patients, as people change them at Slack: from the list to what the front desk reads out."""

from practice import Practice, buttons, words
from sqlalchemy import text

from pabot import checks
from pabot.domain.patient_words import TextName
from pabot.domain.wording_changes import ProposeWords
from pabot.store import people
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
    practice.max.presses(asked, "Approve")
    approved = practice.max.submits(note="Clearer so.")
    assert "this is said from now on" in words(approved)
    practice.deliver()
    assert "Approve" not in buttons(practice.max.direct_messages[-1])
    assert "Max Tiller: Clearer so." in words(practice.cora.direct_messages[-1])
    assert "We have your order, and we ask Northwind Health." in words(practice.fay.command(f"patient {number}"))


def test_one_patient_hears_it_otherwise_until_the_status_changes(practice: Practice) -> None:
    number = practice.cora.opens_request()
    practice.cora.presses(practice.cora.command(f"patient {number}"), "Other words for this one")
    practice.cora.submits(words="We know that you called. We look at it today.")
    practice.deliver()
    practice.max.presses(practice.max.direct_messages[-1], "Approve")
    practice.max.submits()
    assert "approved by Max Tiller, Mon Nov 16" in words(practice.fay.command(f"patient {number}"))
    practice.cora.does(number, "Ready to submit")
    assert "We know that you called." not in words(practice.fay.command(f"patient {number}"))


def test_words_that_broke_are_named_and_nobody_is_left_without_any(practice: Practice) -> None:
    """As after an upgrade that gives texts other facts."""
    desk, number = practice.pabot.desk, practice.cora.opens_request()
    staff = desk.directory().members
    command = ProposeWords(TextName("new", "en"), "{{ payer }} has it.", "Shorter.")
    made = desk.propose_words(command, actor=staff["U0CORA"], key="propose")
    desk.approve_words(made.id, actor=staff["U0MAX"], key="approve")
    assert "Northwind Health has it." in words(practice.fay.command(f"patient {number}"))
    with practice.pabot.store.write() as session:
        session.connection.execute(text("UPDATE wording_version SET words = '{{ surname }} has it.'"))
        people.wording_changed(session.connection)
    assert "We have the order for your power wheelchair." in words(practice.fay.command(f"patient {number}"))
    (line,) = checks._templates(practice.pabot)
    assert not line.ok
    assert line.what.startswith("words for patients “New request, English”: “surname” is no placeholder")
    assert "cannot be said any more" in words(practice.max.command("wording"))
