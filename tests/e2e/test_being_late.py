"""What runs late reaches people on its day, once, and clears when the fact changes. The digest comes once."""

from datetime import UTC, datetime

from practice import Practice, buttons, words
from sqlalchemy import text

from pabot.views.ids import Hint, Id

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


def test_a_late_request_is_snoozed_with_one_tap(practice: Practice) -> None:
    number = practice.cora.opens_request()
    practice.clock.set(TUESDAY_9)
    practice.tick()
    patient = Hint(number=number, what="patient").packed()
    assert practice.cora.person.press(practice.cora.direct_messages[-1], Id.HOLD_FOR, patient).ok
    practice.deliver()
    assert "waiting for the patient until Wed Nov 18, 8:00 AM EST" in words(practice.cora.direct_messages[-1])


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


def test_under_the_digest_stands_a_block_for_each_owner(practice: Practice) -> None:
    practice.cora.opens_request()
    practice.clock.set(TUESDAY_9)
    practice.workspace.faults.next("drop_after", "chat.postMessage")  # the digest's answer is lost
    practice.tick()
    practice.tick()
    digest = next(message for message in practice.team_messages() if "Prior authorizations" in message.text)
    (by_owner,) = practice.thread_of(digest)
    assert "*Cora Lindqvist* · 1 open · 1 late · 0 due today" in words(by_owner)
    assert "C-88" not in words(by_owner)


def test_an_answer_lost_in_a_thread_is_looked_for_in_the_thread(practice: Practice) -> None:
    practice.cora.opens_request()
    practice.clock.set(TUESDAY_8_05)
    practice.pabot.desk.queue_digest()
    practice.pabot.jobs.delivery.run()
    digest = practice.team_messages()[0]
    assert practice.thread_of(digest) == []  # Slack's pace: one post a second
    practice.workspace.faults.next("drop_after", "chat.postMessage")
    practice.deliver()
    assert len(practice.thread_of(digest)) == 1


def test_where_the_digest_was_not_posted_nothing_stands_under_it(practice: Practice) -> None:
    practice.cora.opens_request()
    practice.workspace.faults.add("refused", "chat.postMessage", error="channel_not_found")
    practice.clock.set(TUESDAY_8_05)
    practice.tick()
    practice.clock.forward(hours=1)
    practice.tick()
    assert practice.workspace.channels["C0TEAM"].messages == []
    parked = {row.kind for row in practice.pabot.desk.delivery_state().parked}
    assert "digest" in parked
    assert "digest_owners" not in parked  # it has not had its turn


def test_a_digest_missed_in_the_morning_is_caught_up_until_noon(practice: Practice) -> None:
    practice.clock.set(datetime(2026, 11, 17, 16, 30, tzinfo=UTC))
    practice.tick()
    assert "Prior authorizations, Tue Nov 17" in words(practice.team_messages()[-1])


def test_after_noon_it_is_too_late_for_a_digest(practice: Practice) -> None:
    practice.clock.set(datetime(2026, 11, 17, 17, 30, tzinfo=UTC))
    practice.tick()
    assert not practice.team_messages()


def digests(practice: Practice) -> list[str]:
    return [words(message) for message in practice.team_messages() if "Prior authorizations" in message.text]


def test_a_digest_that_slack_did_not_take_all_morning_is_told_as_missed_once(practice: Practice) -> None:
    practice.pabot.desk.worker_was_here()
    practice.clock.set(TUESDAY_8_05)
    practice.workspace.faults.outage = True
    practice.pabot.desk.queue_digest()
    practice.pabot.jobs.delivery.run()
    practice.clock.set(TUESDAY_8_05.replace(hour=18))
    practice.pabot.desk.queue_digest()
    practice.workspace.faults.outage = False
    for _ in range(3):
        practice.tick()
    (said,) = digests(practice)
    assert "This morning's digest was missed" in said


def test_a_day_later_there_is_only_that_day_s_digest(practice: Practice) -> None:
    practice.pabot.desk.worker_was_here()
    practice.clock.set(TUESDAY_8_05)
    practice.workspace.faults.outage = True
    practice.pabot.desk.queue_digest()
    practice.pabot.jobs.delivery.run()
    practice.workspace.faults.outage = False
    practice.clock.set(TUESDAY_8_05.replace(day=18))
    practice.tick()
    (said,) = digests(practice)
    assert "Wed Nov 18" in said
    assert "missed" not in said


def test_an_all_clear_is_no_news_to_whom_an_outage_kept_the_alarm_from(practice: Practice) -> None:
    number = practice.cora.opens_request()
    practice.clock.set(TUESDAY_9)
    practice.pabot.desk.raise_alarms()
    practice.workspace.faults.add("error_500", "chat.postMessage")
    practice.pabot.jobs.delivery.run()
    practice.workspace.faults.clear()
    practice.cora.does(number, "Ready to submit")
    practice.cora.does(number, "Submitted", channel="portal", tracking_number="TRK-1")
    practice.deliver()
    assert practice.ida.direct_messages == []
    assert practice.team_messages() == []


def test_managers_read_what_is_wrong_and_then_that_it_is_mended(practice: Practice) -> None:
    number = practice.cora.opens_request()
    practice.deliver()
    practice.clock.set(TUESDAY_9)
    with practice.pabot.store.write() as session:
        session.connection.execute(text('UPDATE "authorization" SET owner_id = NULL'))
    practice.pabot.desk.audit()
    practice.deliver()
    (message,) = [one for one in practice.max.direct_messages if "not as" in one.text]
    assert f"PA-{number}" in words(message)
    practice.max.does(number, "Hand over", owner="Carl Ostermann")
    practice.pabot.desk.audit()
    practice.deliver()
    assert "All is as it should be again" in words(message)


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
