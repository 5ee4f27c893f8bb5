"""What a further letter or the payer's answer must not undo: the nearer date, who decides, and what is undecided."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from domain_practice import BILL, CORA, DEAN, DORA, MARA, Story, clocks, denial_of, rules, sent

from pabot.domain.commands_patient import AnswerCall, PassOn, RecordPatientCall
from pabot.domain.deadlines import Clock
from pabot.domain.errors import Invalid
from pabot.domain.happenings import Asked, Caller
from pabot.domain.model import Decision, DenialClass
from pabot.domain.steps import NoticeKind
from pabot.domain.steps_decision import in_question


def later(story: Story, hours: float) -> Story:
    story.now += timedelta(hours=hours)
    return story


def test_a_further_letter_on_an_upheld_denial_has_that_level_s_window() -> None:
    upheld = sent().deny().decide(Decision.APPEAL).argue().appeal().deny()
    window = denial_of(upheld).appeal_by
    upheld.deny(reason_text="page two of the same letter")
    assert (denial_of(upheld).level, denial_of(upheld).appeal_by, denial_of(upheld).p2p_by) == (2, window, None)


def test_a_letter_recorded_again_without_its_dates_keeps_those_that_it_stated() -> None:
    stated = {"appeal_by": date(2026, 6, 20), "p2p_by": date(2026, 6, 5)}
    story = sent().deny(**stated).deny(reason_text="page two")
    assert (denial_of(story).appeal_by, denial_of(story).p2p_by) == (date(2026, 6, 20), date(2026, 6, 5))
    assert (denial_of(story).appeal_source, denial_of(story).p2p_source) == ("letter", "letter")


def test_a_nearer_window_is_told_to_the_managers_in_the_same_save() -> None:
    story = sent().deny(lines=(1,)).deny(lines=(2,), appeal_by=date(2026, 6, 1))
    assert story.change is not None
    assert (NoticeKind.CLOSING, MARA.user_id) in [(one.kind, one.to) for one in story.change.notices]


def test_whoever_has_it_reads_that_a_correction_closes_the_window_tonight() -> None:
    story = sent().deny()
    story.deny(appeal_by=story.today)
    assert story.change is not None
    assert (NoticeKind.DECISION, DORA.user_id) in [(one.kind, one.to) for one in story.change.notices]


def test_what_was_decided_by_somebody_who_has_left_is_routed_to_who_is_here() -> None:
    story = sent().deny(lines=(1,)).decide(Decision.APPEAL)
    story.book = replace(story.book, staff=rules(CORA, replace(DORA, active=False), DEAN, BILL).staff)
    story.deny(lines=(2,))
    denial = denial_of(story)
    assert (denial.routed_to, denial.accepted_at) == (DEAN.user_id, None)


def test_a_cut_of_other_lines_has_its_own_reason() -> None:
    story = sent().deny(lines=(2,), reason_text="no gait study")
    story.approve(approved=((1, 1), (2, 2)), cut_reason="wrong_code", cut_reason_text="bundled")
    denial = denial_of(story)
    assert (denial.lines, denial.denial_class, denial.reason_text) == ("3", DenialClass.ADMINISTRATIVE, "bundled")


def test_lines_that_the_payer_has_not_decided_are_not_recorded_as_cut() -> None:
    story = sent().deny(lines=(2,)).decide(Decision.APPEAL).argue().appeal()
    with pytest.raises(Invalid) as wrong:
        story.approve(approved=((2, 2),))
    assert wrong.value.fields == {
        "approved": "K0856, E2361: the payer has not decided this yet. Record it with the rest once it has."
    }


def test_while_an_appeal_is_open_its_lines_are_in_question() -> None:
    assert in_question(sent().deny(lines=(2,)).decide(Decision.APPEAL).argue().appeal().state) == {2}


def test_an_upheld_appeal_is_news_although_the_patient_heard_of_the_denial_meanwhile() -> None:
    story = sent().deny().decide(Decision.APPEAL).argue().appeal()
    stamped = story.now
    later(story, 1).tell()
    later(story, 1).deny(received_at=stamped)
    assert not story.state.patient_knows
    assert Clock.PATIENT_TOLD in clocks(story.state, story.book)


def test_the_appointment_s_clock_runs_while_a_line_is_undecided() -> None:
    story = sent().given(appointment_on=date(2026, 6, 30)).deny(lines=(2,)).decide(Decision.ACCEPT)
    assert Clock.SERVICE_DATE in clocks(story.state, story.book)


def test_passing_on_one_answer_leaves_the_other_to_be_told() -> None:
    story = Story().pending()
    for asked in (Asked.QUESTION, Asked.WORRY):
        story.does(CORA, RecordPatientCall, at=story.now, caller=Caller.PATIENT, asked=asked, said="It hurts.")
    first, second = story.state.calls
    for call in (first, second):
        later(story, 0.1).does(DORA, AnswerCall, call=call.seq, answer="Come in today.")
    story.does(CORA, PassOn, call=first.seq)
    assert story.state.answer_since is None
    assert story.state.urgent_answer_since is not None
    assert story.does(CORA, PassOn, call=second.seq).state.untold_since is None
