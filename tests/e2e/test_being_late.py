"""What runs late reaches people on its day, once, and clears when the fact changes. The digest comes once."""

from datetime import UTC, datetime

from practice import Practice, buttons, words

TUESDAY_8_05 = datetime(2026, 11, 17, 13, 5, tzinfo=UTC)
TUESDAY_9 = datetime(2026, 11, 17, 14, 0, tzinfo=UTC)
SATURDAY_10 = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


def submitted(practice: Practice) -> int:
    number = practice.cora.opens_request()
    practice.cora.does(number, "Ready to submit")
    practice.cora.does(number, "Submitted", channel="portal", tracking_number="TRK-1")
    return number


def test_an_unsent_request_reaches_owner_clinician_and_team_the_next_morning(practice: Practice) -> None:
    number = practice.cora.opens_request()
    practice.clock.set(TUESDAY_9)
    practice.tick()

    assert f"PA-{number}" in words(practice.cora.direct_messages[-1])
    clinician = words(practice.ida.direct_messages[-1])
    assert clinician.index("For your information") < clinician.index(f"PA-{number}")
    assert any(f"PA-{number}" in words(message) for message in practice.team_messages())


def test_nothing_is_raised_twice(practice: Practice) -> None:
    practice.cora.opens_request()
    practice.clock.set(TUESDAY_9)
    practice.tick()
    said = [len(practice.cora.direct_messages), len(practice.ida.direct_messages), len(practice.team_messages())]
    practice.tick()
    practice.tick()
    assert said == [
        len(practice.cora.direct_messages),
        len(practice.ida.direct_messages),
        len(practice.team_messages()),
    ]


def test_a_late_item_clears_when_it_is_done(practice: Practice) -> None:
    number = practice.cora.opens_request()
    practice.clock.set(TUESDAY_9)
    practice.tick()
    practice.cora.does(number, "Ready to submit")
    practice.cora.does(number, "Submitted", channel="portal", tracking_number="TRK-1")
    practice.deliver()
    team = next(
        message for message in practice.team_messages() if "PA-" in words(message) or "clear" in words(message).lower()
    )
    assert f"PA-{number}" not in words(team)
    assert f"PA-{number}" not in words(practice.ida.direct_messages[-1])


def test_a_clinician_reads_first_that_a_decision_is_wanted(practice: Practice) -> None:
    number = submitted(practice)
    practice.cora.does(number, "Denied", reason="experimental")
    practice.clock.set(TUESDAY_9.replace(hour=18))
    practice.tick()
    late = [words(message) for message in practice.ida.direct_messages if "decision is wanted on" in words(message)]
    assert late, [words(message)[:120] for message in practice.ida.direct_messages]


def test_on_a_saturday_only_an_expedited_request_rings(practice: Practice) -> None:
    practice.cora.opens_request()
    practice.clock.set(SATURDAY_10)
    practice.tick()
    assert not practice.team_messages()


def test_the_digest_comes_once_a_business_day(practice: Practice) -> None:
    practice.cora.opens_request()
    practice.clock.set(TUESDAY_8_05)
    practice.tick()
    practice.tick()
    digests = [m for m in practice.team_messages() if any(b["type"] == "data_visualization" for b in m.blocks)]
    assert len(digests) == 1
    assert "C-88" not in words(digests[0])
    practice.clock.set(SATURDAY_10)
    practice.tick()
    assert len([m for m in practice.team_messages() if "data_visualization" in str(m.blocks)]) == 1


def test_a_digest_missed_in_the_morning_is_caught_up_until_noon(practice: Practice) -> None:
    practice.clock.set(datetime(2026, 11, 17, 16, 30, tzinfo=UTC))
    practice.tick()
    assert "Prior authorizations, Tue Nov 17" in words(practice.team_messages()[-1])


def test_after_noon_it_is_too_late_for_a_digest(practice: Practice) -> None:
    practice.clock.set(datetime(2026, 11, 17, 17, 30, tzinfo=UTC))
    practice.tick()
    assert not practice.team_messages()


def test_a_workspace_that_refuses_charts_gets_words(practice: Practice) -> None:
    practice.clock.set(TUESDAY_8_05.replace(minute=0))
    practice.cora.opens_request()
    practice.workspace.faults.next("refused", "chat.postMessage", error="invalid_blocks", channel="C0TEAM")
    practice.clock.set(TUESDAY_8_05)
    practice.tick()
    digest = practice.team_messages()[-1]
    assert "data_visualization" not in str(digest.blocks)
    assert "New request" in words(digest)


def test_a_request_can_be_opened_from_the_digest(practice: Practice) -> None:
    number = practice.cora.opens_request()
    practice.clock.set(TUESDAY_8_05)
    practice.tick()
    digest = next(m for m in practice.team_messages() if "data_visualization" in str(m.blocks))
    menu = next(
        element
        for block in digest.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "static_select"
    )
    outcome = practice.cora.person.choose(digest, menu["action_id"], menu["options"][0]["value"])
    assert outcome.ok
    assert practice.cora.person.modal is not None
    assert f"PA-{number}" in words(practice.cora.person.modal) + str(practice.cora.person.modal.title)
    assert buttons(practice.cora.person.modal)
