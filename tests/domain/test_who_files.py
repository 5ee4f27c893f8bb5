"""On whose reasons and by whose signature an appeal is filed: a coordinator files what a clinician has said."""

from dataclasses import replace

import pytest
from domain_practice import BILL, CORA, DORA, MARA, WHOLE, Story, clocks, rules

from pabot.domain import commands_appeals as ca
from pabot.domain.deadlines import Clock
from pabot.domain.errors import Invalid
from pabot.domain.model import Decision, Member
from pabot.domain.statuses import Status

BESS = Member("UBESS", "Dr. Bess Oak", DORA.roles, active=False)  # she has left


def decided() -> Story:
    return Story().commercial().pending().deny().decide(Decision.APPEAL)


def files(story: Story, who: Member, **typed: object) -> Story:
    """As it stands: nobody writes the reasons first."""
    return story.does(who, ca.FileAppeal, **{**WHOLE, "filed_at": story.now, **typed})


@pytest.mark.parametrize("who", [CORA, BILL, MARA])
def test_without_a_clinician_s_reasons_it_is_not_filed_on_the_word_of_who_signed(who: Member) -> None:
    story = decided()
    with pytest.raises(Invalid) as wrong:
        files(story, who)
    assert wrong.value.fields == {
        "signed_by": "No clinician has recorded the reasons of this appeal. They write them with “Write the reasons”, "
        "or say there where their own text lies; then you can file it. Ask Dr. Dora Lake."
    }


@pytest.mark.parametrize("said", [{"text": "She cannot walk to the door."}, {"text": "", "where": "the chart"}])
def test_what_a_clinician_wrote_or_pointed_to_is_enough(said: dict[str, str]) -> None:
    assert files(decided().argue(**said), CORA).state.open_appeal is not None


def test_whoever_decides_to_appeal_may_write_the_letter_s_reasons_in_the_same_breath() -> None:
    story = Story().commercial().pending().deny().decide(Decision.APPEAL, necessity="She cannot walk to the door.")
    denial = story.state.denial
    assert denial is not None
    assert (denial.necessity, denial.necessity_by, denial.necessity_version) == (
        "She cannot walk to the door.",
        DORA.user_id,
        1,
    )
    assert files(story, CORA).state.open_appeal is not None


@pytest.mark.parametrize(
    ("who", "reason", "decision"),
    [(BILL, "missing_docs", Decision.APPEAL), (DORA, "not_medically_necessary", Decision.RESUBMIT)],
)
def test_reasons_come_from_a_clinician_and_with_an_appeal(who: Member, reason: str, decision: Decision) -> None:
    with pytest.raises(Invalid) as wrong:
        Story().commercial().pending().deny(reason=reason).decide(decision, who, necessity="Needed, they say.")
    assert wrong.value.fields == {"necessity": "The reasons of an appeal are a clinician's to write. Leave this empty."}


def test_a_clinician_files_on_their_own_word() -> None:
    assert files(decided(), DORA).state.open_appeal is not None


def test_what_is_administrative_argues_no_necessity() -> None:
    story = Story().pending().deny(reason="missing_docs").decide(Decision.APPEAL, BILL)
    assert files(story, CORA, signed_by=BILL.user_id).state.open_appeal is not None


def test_nobody_signs_who_is_not_on_the_list_any_more() -> None:
    story = decided().argue()
    story.book = rules(CORA, DORA, MARA, BESS)
    with pytest.raises(Invalid) as wrong:
        files(story, CORA, signed_by=BESS.user_id)
    said = "Dr. Bess Oak is not on the staff list any more: say who signs the letter now."
    assert wrong.value.fields == {"signed_by": said}


def test_what_the_plan_s_reviewer_did_not_take_up_a_person_files_signed() -> None:
    story = Story().pending().deny().decide(Decision.APPEAL).argue()
    files(story, CORA).deny()
    assert story.state.open_appeal is not None
    assert story.state.open_appeal.automatic
    story.does(CORA, ca.DismissAppeal, reason="it came too late").decide(Decision.APPEAL).argue()
    with pytest.raises(Invalid) as wrong:
        files(story, CORA, signed_by="", packet=frozenset())
    assert set(wrong.value.fields) == {"signed_by", "without"}
    appeal = files(story, CORA).state.open_appeal
    assert appeal is not None
    assert (appeal.kind, appeal.automatic, appeal.signed_by) == ("independent review", False, DORA.user_id)


def test_and_with_the_consent_where_that_level_wants_it() -> None:
    story = decided().argue()
    files(story, CORA).deny().decide(Decision.APPEAL).argue()
    files(story, CORA).does(CORA, ca.DismissAppeal, reason="no form came").decide(Decision.APPEAL)
    assert story.state.denial is not None
    story.given(denial=replace(story.state.denial, consent_by="", consent_on=None))
    with pytest.raises(Invalid) as wrong:
        files(story, CORA, consent_by="", consent_on=None)
    assert set(wrong.value.fields) == {"consent_by"}


def test_where_nobody_licensed_is_left_what_was_not_taken_up_waits_to_be_routed() -> None:
    story = Story(book=rules(CORA, BILL, MARA)).pending().deny(reason="missing_docs").decide(Decision.APPEAL, BILL)
    files(story, CORA, signed_by=BILL.user_id).deny()  # now for a clinical reason, and sent on by the plan
    story.does(CORA, ca.DismissAppeal, reason="it came too late")
    assert story.state.denial is not None
    assert (story.state.status, story.state.denial.routed_to, story.state.denial.routed_at) == (
        Status.DENIED,
        None,
        None,
    )
    assert Clock.ROUTING in clocks(story.state, story.book)
