"""The submission sheet at the desk: who may have it, that a view is kept, and that the file is asked for once."""

from dataclasses import replace

import pytest
from record_practice import CORA, FAY, IDA, MAX, NED, PATIENT, Bench, once

from pabot.domain import commands as c
from pabot.domain.cards import Privacy
from pabot.domain.errors import NotAllowed, NotFound, NotNow
from pabot.domain.model import Role
from pabot.domain.practice import SaveMember
from pabot.services import telling
from pabot.services.sheets import SEEN


def views(practice: Bench) -> list[str]:
    return [row["actor"] for row in practice.rows("SELECT actor FROM event WHERE kind = 'view' ORDER BY id")]


def files(practice: Bench) -> list[dict[str, object]]:
    wanted = "SELECT recipient, subject, wanted, sent FROM message WHERE kind = :kind ORDER BY id"
    return practice.rows(wanted, kind=telling.SHEET)


def test_looking_at_a_sheet_leaves_a_view_under_full_privacy(open_practice: Bench) -> None:
    number = open_practice.open().state.number
    seen = open_practice.desk.submission_sheet(number, actor=open_practice.member(CORA))
    assert (seen.patient.last_name, seen.patient.chart_number) == (PATIENT.last_name, PATIENT.chart_number)
    assert seen.diagnoses == ("G35",)
    assert views(open_practice) == [CORA]


def test_under_minimum_privacy_a_sheet_opens_nothing(practice: Bench) -> None:
    number = practice.open().state.number
    seen = practice.desk.submission_sheet(number, actor=practice.member(CORA))
    assert (seen.patient.last_name, seen.patient.chart_number, seen.diagnoses) == ("", "", ())
    practice.desk.send_sheet(number, actor=practice.member(CORA), key=once("press"))
    assert views(practice) == []
    assert [row["subject"] for row in files(practice)] == [f"{number}:"]


def test_another_clinician_s_patient_stays_closed(open_practice: Bench) -> None:
    number = open_practice.open().state.number
    for user, opened in ((NED, False), (IDA, True)):
        actor = open_practice.member(user)
        assert bool(open_practice.desk.submission_sheet(number, actor=actor).patient.last_name) == opened
        assert bool(open_practice.desk.send_sheet(number, actor=actor, key=once("press")).diagnoses) == opened
    assert views(open_practice) == [IDA, IDA]
    assert [row["subject"] for row in files(open_practice)] == [f"{number}:", f"{number}:{SEEN}"]


def test_one_press_is_one_file_however_often_slack_sends_it(open_practice: Bench) -> None:
    number = open_practice.open().state.number
    for _ in range(3):
        open_practice.desk.send_sheet(number, actor=open_practice.member(CORA), key="T1:U0CORA:press")
    assert files(open_practice) == [{"recipient": CORA, "subject": f"{number}:{SEEN}", "wanted": 1, "sent": 0}]
    open_practice.desk.send_sheet(number, actor=open_practice.member(CORA), key=once("press"))
    assert len(files(open_practice)) == 2


def test_a_correction_sends_no_file_anew(practice: Bench) -> None:
    number = practice.pending().state.number
    practice.desk.send_sheet(number, actor=practice.member(CORA), key=once("press"))
    practice.take_back(MAX, number)
    assert [row["wanted"] for row in files(practice)] == [1]


def test_the_front_desk_gets_no_sheet(open_practice: Bench) -> None:
    number, fay = open_practice.open().state.number, open_practice.member(FAY)
    assert not open_practice.desk.card(number, actor=fay).sheet
    with pytest.raises(NotAllowed, match=r"may record a submission\. Ask "):
        open_practice.desk.submission_sheet(number, actor=fay)
    with pytest.raises(NotAllowed):
        open_practice.desk.send_sheet(number, actor=fay, key=once("press"))
    assert views(open_practice) == []
    assert files(open_practice) == []


def test_a_number_that_nobody_gave_has_no_sheet(practice: Bench) -> None:
    for asked in (
        lambda: practice.desk.submission_sheet(99, actor=practice.member(CORA)),
        lambda: practice.desk.send_sheet(99, actor=practice.member(CORA), key=once("press")),
    ):
        with pytest.raises(NotFound, match="There is no PA-99"):
            asked()


def test_a_closed_request_has_nothing_to_prepare(open_practice: Bench) -> None:
    number, max_ = open_practice.open().state.number, open_practice.member(MAX)
    open_practice.step(MAX, c.Withdraw(number=number, reason="patient_declined"))
    assert not open_practice.desk.card(number, actor=max_).sheet
    for asked in (
        lambda: open_practice.desk.submission_sheet(number, actor=max_),
        lambda: open_practice.desk.send_sheet(number, actor=max_, key=once("press")),
    ):
        with pytest.raises(NotNow, match=f"PA-{number} is “Closed”"):
            asked()
    assert views(open_practice) == []


def test_when_the_file_is_drawn_roles_count_and_identity_needs_its_view(open_practice: Bench) -> None:
    number, cora = open_practice.open().state.number, open_practice.member(CORA)
    assert open_practice.desk.sheet_for_file(number, actor=cora, seen=True).patient.last_name == PATIENT.last_name
    assert open_practice.desk.sheet_for_file(number, actor=cora, seen=False).patient.last_name == ""
    with open_practice.another(privacy=Privacy.MINIMUM) as worker:
        assert worker.desk.sheet_for_file(number, actor=cora, seen=True).patient.last_name == ""
    assert views(open_practice) == []  # the view is of when it was asked for
    demoted = SaveMember(CORA, cora.name, frozenset({Role.VIEWER}))
    open_practice.desk.save_member(demoted, actor=None, key=once("member"))
    with pytest.raises(NotAllowed):
        open_practice.desk.sheet_for_file(number, actor=replace(cora), seen=True)


def test_what_was_asked_for_is_sent_though_the_request_was_closed(practice: Bench) -> None:
    number = practice.open().state.number
    practice.step(MAX, c.Withdraw(number=number, reason="patient_declined"))
    assert practice.desk.sheet_for_file(number, actor=practice.member(CORA), seen=False).state.number == number
