"""What each person is offered: only what they may do, only what makes sense."""

from dataclasses import replace

import pytest
from domain_practice import CORA, DORA, MARA, REQUEST, VERA, Story, Told

from pabot.domain import commands as c
from pabot.domain.decide import STEPS, STEPS_BY_KIND
from pabot.domain.model import Decision, Member, Urgency

# What is offered


@pytest.mark.parametrize(
    ("told", "who", "kinds"),
    [
        (
            lambda s: s,
            CORA,
            "mark_ready check_requirement claim change_codes change_details assign ask_clinician log_contact",
        ),
        (lambda s: s, DORA, "mark_ready claim change_codes change_details assign withdraw ask_clinician log_contact"),
        (lambda s: s, VERA, ""),
        (
            lambda s: s.pending(),
            CORA,
            "record_approval record_denial record_information_request log_contact send_again change_details assign "
            "ask_clinician tell_patient",
        ),
        (
            lambda s: s.pending().deny(),
            CORA,
            "record_denial change_details log_contact tell_patient assign route ask_clinician",
        ),
        (
            lambda s: s.pending().deny(),
            DORA,
            "record_denial decide_denial accept_review return_review ask_for_more ask_clinician write_necessity "
            "change_details log_contact tell_patient assign route withdraw",
        ),
        (
            lambda s: s.pending().deny(),
            MARA,
            "record_denial change_details log_contact tell_patient waive_update assign route ask_clinician",
        ),
        (
            lambda s: s.pending().deny().decide(Decision.APPEAL),
            CORA,
            "record_denial file_appeal pack_appeal change_details log_contact tell_patient assign ask_clinician",
        ),
        (
            lambda s: s.ask(),
            DORA,
            "accept_review answer_question return_review change_details route assign withdraw log_contact",
        ),
        (
            lambda s: s.pending().approve().tell(),
            CORA,
            "close change_details record_use let_run_out record_information_request log_contact assign ask_clinician",
        ),
        (
            lambda s: s.pending().deny().decide(Decision.ACCEPT).tell(),
            CORA,
            "change_details record_information_request log_contact assign ask_clinician",
        ),
        (lambda s: s.withdraw(), MARA, "reopen"),
        (lambda s: s.withdraw(), CORA, ""),
    ],
)
def test_what_is_offered_is_what_may_be_done(told: Told, who: Member, kinds: str) -> None:
    always = {"patient_called"}
    assert told(Story()).offers(who) == set(kinds.split()) | always


def test_a_clinical_answer_is_offered_to_the_coordinator_only_after_its_release() -> None:
    asked = Story().pending().payer_asks(clinical=True)
    assert "answer_information" not in asked.offers(CORA)
    assert "answer_information" in asked.answer().offers(CORA)


def test_a_proposal_of_expedited_review_is_offered_to_clinicians() -> None:
    story = Story(replace(REQUEST, urgency_proposed=True))
    assert "attest_urgency" in story.offers(DORA)
    assert "attest_urgency" not in story.offers(MARA)
    story.does(DORA, c.AttestUrgency, expedited=True, basis="cannot walk")
    assert (story.state.urgency, story.state.attested_by) == (Urgency.EXPEDITED, DORA.user_id)
    assert "attest_urgency" not in story.offers(DORA)


def test_a_booked_call_is_not_offered_twice() -> None:
    story = Story().pending().deny().decide(Decision.P2P)
    assert "book_peer_to_peer" in story.offers(CORA)
    assert "book_peer_to_peer" not in story.book_call().ask().offers(CORA)


def test_every_command_on_a_request_is_a_step_but_the_correction_and_the_renewal() -> None:
    named = {command.__name__ for command in c.Command.__subclasses__()}
    assert named - {command.__name__ for command in STEPS} == {"CorrectEntry", "Renew"}
    assert len(STEPS_BY_KIND) == len(STEPS)
