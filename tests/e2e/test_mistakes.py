"""Bad input, double presses and corrected entries: each has a sentence and changes nothing that it should not."""

import threading
import time
import urllib.error
import urllib.request

import pytest
from practice import ORDER, Practice, a_practice, buttons, words

from pabot.sandbox.delivery import sign

HOSTILE = [
    "<!channel> everybody",
    'O\'Brien & Sons <b>"x"</b>',
    "*bold* _it_ ~no~ `code`",
    "\u202eright to left",
    "x" * 1500,
]


def pending(practice: Practice) -> int:
    number = practice.cora.opens_request()
    practice.cora.does(number, "Ready to submit")
    practice.cora.does(number, "Submitted", channel="portal", tracking_number="TRK-1")
    return number


def test_an_unknown_number(practice: Practice) -> None:
    said = practice.cora.command("show 9999")
    assert "There is no PA-9999" in said.text + words(said)


def test_a_stranger_is_told_who_can_let_them_in(practice: Practice) -> None:
    practice.workspace.add_user("U0STRANGER", "Sid Nobody")
    stranger = practice.workspace.person("U0STRANGER")
    assert stranger.command("/pa", "mine", channel="C0TEAM").ok
    assert "not on this practice's staff list" in stranger.ephemerals[-1].text


def test_somebody_of_another_workspace_is_refused(practice: Practice) -> None:
    practice.workspace.add_user("U0CORAX", "Cora Elsewhere", team_id="T0OTHER")
    visitor = practice.workspace.person("U0CORAX")
    visitor.command("/pa", "queue", channel="C0TEAM")
    assert "staff list" in visitor.ephemerals[-1].text or "another workspace" in visitor.ephemerals[-1].text


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("codes", "banana", "code"),
        ("codes", "   ", "code"),
        ("ordered_on", "2031-01-01", "future"),
        ("chart_number", "   ", ""),
    ],
)
def test_a_new_request_that_cannot_be(practice: Practice, field: str, typed: str, says: str) -> None:
    practice.cora.opens_form("new")
    result = practice.cora.tries_to_submit(**{**ORDER, field: typed})
    assert says in result.errors[field]
    assert practice.pabot.desk.queue("", actor=practice.pabot.desk.identify("U0CORA", "T0PRACTICE")).total == 0


def test_a_letter_older_than_the_submission(practice: Practice) -> None:
    number = pending(practice)
    practice.cora.presses(practice.cora.card(number), "Denied")
    result = practice.cora.tries_to_submit(reason="experimental", notice_on="2026-01-05")
    assert "older than the submission" in result.errors["notice_on"]


def test_an_approval_that_ends_before_it_starts(practice: Practice) -> None:
    number = pending(practice)
    practice.cora.presses(practice.cora.card(number), "Approved")
    result = practice.cora.tries_to_submit(
        authorization_number="A1", effective_on="2026-12-01", expires_on="2026-11-20"
    )
    assert "ends before it starts" in result.errors["expires_on"]


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_words_stay_words(practice: Practice, typed: str) -> None:
    cora = practice.cora
    number = cora.opens_request(service=typed[:80], note=typed)
    cora.does(number, "Ready to submit")
    cora.does(number, "Submitted", channel="portal", tracking_number="TRK")
    cora.does(number, "Denied", reason="experimental", reason_text=typed)
    practice.deliver()
    for message in [cora.card(number), cora.command("queue"), *practice.ida.direct_messages]:
        assert "<!channel>" not in str(message.blocks) + message.text
        assert "\u202e" not in str(message.blocks) + message.text


def test_five_thousand_characters_are_refused_with_a_sentence(practice: Practice) -> None:
    practice.cora.opens_form("new")
    result = practice.cora.person.submit(None, {**ORDER, "note": "x" * 5000}, by_hand=True)
    assert "note" in result.errors


def test_a_form_submitted_twice_makes_one_request(practice: Practice) -> None:
    practice.workspace.faults.duplicate_envelopes = True
    practice.cora.opens_request()
    practice.workspace.faults.duplicate_envelopes = False
    assert "PA-1002" not in words(practice.cora.command("queue"))


def test_the_same_patient_payer_and_code_is_warned_about_once(practice: Practice) -> None:
    cora = practice.cora
    first = cora.opens_request()
    cora.opens_form("new")
    warned = cora.submits(**ORDER)
    assert f"PA-{first}" in words(warned)
    assert cora.person.modal is not None
    saved = cora.submits()
    assert "PA-1002" in words(saved) + str(saved.title)


def test_two_people_decide_and_the_first_one_counts(practice: Practice) -> None:
    number = pending(practice)
    practice.cora.does(number, "Denied", reason="experimental")
    practice.deliver()
    practice.ida.presses(practice.ida.direct_messages[-1], "Appeal")
    practice.ned.presses(practice.ned.card(number), "Peer-to-peer")
    practice.ida.submits(reason="It fits.")
    late = practice.ned.tries_to_submit(reason="A call.")
    assert "decided this already" in words(practice.ned.person.modal), late  # type: ignore[arg-type]


def test_at_the_very_same_moment_one_decision_counts(practice: Practice) -> None:
    number = pending(practice)
    practice.cora.does(number, "Denied", reason="experimental")
    practice.ida.presses(practice.ida.card(number), "Appeal")
    practice.ned.presses(practice.ned.card(number), "Peer-to-peer")
    threads = [
        threading.Thread(target=colleague.tries_to_submit, kwargs={"reason": "Now."})
        for colleague in (practice.ida, practice.ned)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    actor = practice.pabot.desk.identify("U0IDA", "T0PRACTICE")
    history = practice.pabot.desk.card(number, actor=actor).timeline
    assert len([entry for entry in history if entry.kind == "decide_denial"]) == 1


def test_a_stale_form_says_who_was_faster(practice: Practice) -> None:
    number = practice.cora.opens_request()
    practice.cora.presses(practice.cora.card(number), "Ready to submit")
    practice.carl.does(number, "Ready to submit")
    practice.cora.tries_to_submit()
    assert "Carl Ostermann" in words(practice.cora.person.modal) or "Ready" in words(practice.cora.person.modal)  # type: ignore[arg-type]


def test_an_entry_recorded_in_error_is_struck_through_and_the_request_returns(practice: Practice) -> None:
    cora = practice.cora
    number = pending(practice)
    cora.does(number, "Denied", reason="experimental")
    practice.deliver()
    cora.presses(cora.card(number), "Recorded in error")
    card = cora.submits(reason="It was another patient's letter.")
    practice.deliver()
    assert "Pending payer response" in words(card)
    assert "error" in words(card)
    assert not {"Appeal", "Resubmit"} & set(buttons(practice.ida.direct_messages[-1]))


def test_a_clinicians_decision_is_not_the_coordinators_to_correct(practice: Practice) -> None:
    number = pending(practice)
    practice.cora.does(number, "Denied", reason="experimental")
    practice.ida.presses(practice.ida.card(number), "Appeal")
    practice.ida.submits(reason="It fits.")
    assert "Recorded in error" not in buttons(practice.cora.card(number))
    assert "Recorded in error" not in buttons(practice.max.card(number))
    assert "Recorded in error" in buttons(practice.ida.card(number))


def test_a_coordinator_is_offered_no_clinical_choice(practice: Practice) -> None:
    number = pending(practice)
    practice.cora.does(number, "Denied", reason="experimental")
    assert not {"Appeal", "Peer-to-peer", "Resubmit", "Accept denial"} & set(buttons(practice.cora.card(number)))


def test_nothing_unsigned_or_old_is_answered(sqlite_url: str) -> None:
    with a_practice(sqlite_url, transport="http") as practice:
        url = str(practice.workspace.request_url)
        body = "command=%2Fpa&text=queue&user_id=U0CORA&team_id=T0PRACTICE"
        old = str(int(time.time()) - 3600)
        for timestamp, signature in (
            (str(int(time.time())), "v0=" + "0" * 64),
            (old, sign(practice.workspace.signing_secret, old, body)),
        ):
            headers = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}
            request = urllib.request.Request(url, body.encode(), headers)  # noqa: S310
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(request, timeout=5)  # noqa: S310
            assert refused.value.code == 401
            refused.value.close()


def test_a_guest_is_not_put_on_the_staff_list(practice: Practice) -> None:
    practice.workspace.add_user("U0GUEST", "Gus Visitor", guest=True)
    practice.max.presses(practice.max.opens_form("staff"), "Add a person")
    result = practice.max.tries_to_submit(user="U0GUEST", name="Gus Visitor", roles=["viewer"], active=["yes"])
    assert "guest" in result.errors["user"]


@pytest.mark.parametrize("how", ["shared", "not invited"])
def test_a_channel_that_the_team_could_not_trust_is_refused(practice: Practice, how: str) -> None:
    practice.workspace.add_channel("C0OTHER", "elsewhere", is_ext_shared=how == "shared", app_is_member=how == "shared")
    practice.max.opens_form("settings")
    result = practice.max.tries_to_submit(team_channel="C0OTHER")
    assert ("reads along" if how == "shared" else "/invite") in result.errors["team_channel"]
