"""Appeals at the desk: what is kept of them, and the letter as a file."""

from pathlib import Path
from zoneinfo import ZoneInfo

import docx
import pytest
from record_practice import BILL, CORA, FAY, IDA, MAX, NED, PATIENT, Bench, once

from pabot.domain import commands as c
from pabot.domain import commands_appeals as ca
from pabot.domain.cards import AuthorizationCard, Privacy
from pabot.domain.errors import NotAllowed, NotNow
from pabot.domain.letters import Kind
from pabot.domain.model import Decision
from pabot.jobs.drawing import painter
from pabot.services import telling
from pabot.store.messages import Claimed
from pabot.views.text import File, Look, Rendered, Texts

REASONS = "She cannot walk to the door without a fall."


def to_appeal(practice: Bench) -> AuthorizationCard:
    card = practice.denied()
    denial = card.state.denial
    assert denial is not None
    assert denial.id is not None
    number = card.state.number
    return practice.step(
        IDA,
        c.DecideDenial(number=number, denial_id=denial.id, decision=Decision.APPEAL, chart_number=PATIENT.chart_number),
    )


def argued(practice: Bench, text: str = REASONS) -> AuthorizationCard:
    card = to_appeal(practice)
    denial = card.state.denial
    assert denial is not None
    assert denial.id is not None
    return practice.step(IDA, ca.WriteNecessity(number=card.state.number, denial_id=denial.id, text=text))


def files(practice: Bench) -> list[str]:
    rows = practice.rows("SELECT subject FROM message WHERE kind = :kind ORDER BY id", kind=telling.LETTER)
    return [row["subject"] for row in rows]


def views(practice: Bench) -> int:
    return len(practice.rows("SELECT 1 AS one FROM event WHERE kind = 'view'"))


def drawn(practice: Bench, look: Look) -> File | Rendered | None:
    """The letter as the worker makes it."""
    (row,) = practice.rows("SELECT * FROM message WHERE kind = :kind", kind=telling.LETTER)
    fields = {name: row.get(name) for name in Claimed.__dataclass_fields__}
    return painter(practice.desk, look)(Claimed(**fields), False)


def a_look(privacy: Privacy, folder: Path | None = None) -> Look:
    return Look(Texts.found(), ZoneInfo("America/New_York"), privacy, letters=folder)


def test_the_reasons_are_sealed_and_each_version_is_kept(practice: Bench) -> None:
    card = argued(practice)
    denial = card.state.denial
    assert denial is not None
    assert denial.id is not None
    practice.step(IDA, ca.WriteNecessity(number=card.state.number, denial_id=denial.id, text="Another try."))
    seen = practice.desk.card(card.state.number, actor=practice.member(CORA))
    assert seen.state.denial is not None
    assert (seen.state.denial.necessity, seen.state.denial.necessity_version) == ("Another try.", 2)
    versions = [entry for entry in seen.timeline if entry.kind == "write_necessity"]
    assert [(entry.detail["version"], entry.detail["reasons"], entry.by) for entry in versions] == [
        (2, "Another try.", "Dr. Ida Voss"),
        (1, REASONS, "Dr. Ida Voss"),
    ]
    (row,) = practice.rows("SELECT necessity FROM denial")
    assert "try" not in row["necessity"]


def test_the_file_as_filed_waits_for_the_reasons(practice: Bench) -> None:
    number = to_appeal(practice).state.number
    with pytest.raises(NotNow, match="A clinician must write the reasons first"):
        practice.desk.send_letter(number, Kind.PDF, actor=practice.member(CORA), key=once("press"), to_folder=False)
    practice.desk.send_letter(number, Kind.DOCX, actor=practice.member(CORA), key=once("press"), to_folder=False)
    assert [subject.split(":")[1:3] for subject in files(practice)] == [["docx", ""]]


def test_a_letter_is_for_those_who_may_file_and_where_an_appeal_was_decided(practice: Bench) -> None:
    number = practice.denied().state.number
    for who, refusal in ((CORA, NotAllowed), (FAY, NotAllowed), (BILL, NotNow), (MAX, NotNow)):
        with pytest.raises(refusal):
            practice.desk.send_letter(number, Kind.DOCX, actor=practice.member(who), key=once("press"), to_folder=False)
    assert files(practice) == []


def test_a_letter_that_names_the_patient_leaves_a_view_once(open_practice: Bench) -> None:
    number, cora = argued(open_practice).state.number, open_practice.member(CORA)
    for _ in range(2):
        open_practice.desk.send_letter(number, Kind.PDF, actor=cora, key="T1:U0CORA:press", to_folder=False)
    assert (len(files(open_practice)), views(open_practice)) == (1, 1)
    file = drawn(open_practice, a_look(Privacy.FULL))
    assert isinstance(file, File)
    assert file.content.startswith(b"%PDF")
    seen = open_practice.desk.letter_for_file(number, actor=cora, seen=True, to_folder=False)
    assert seen.patient.last_name == PATIENT.last_name


def test_at_minimum_it_goes_into_the_practice_s_folder_with_identity(practice: Bench, tmp_path: Path) -> None:
    number = argued(practice).state.number
    practice.desk.send_letter(number, Kind.DOCX, actor=practice.member(CORA), key=once("press"), to_folder=True)
    assert views(practice) == 1
    folder = tmp_path / "letters"
    folder.mkdir()
    for _ in range(2):  # a try whose answer was lost is made again
        said = drawn(practice, a_look(Privacy.MINIMUM, folder))
        assert isinstance(said, Rendered)
    (kept,) = folder.iterdir()
    assert kept.name.startswith(f"PA-{number}-level-1-appeal-20261116-")
    assert kept.name in str(said.blocks)
    assert PATIENT.last_name not in str(said)
    cells = [cell.text for row in docx.Document(str(kept)).tables[0].rows for cell in row.cells]
    assert f"{PATIENT.first_name} {PATIENT.last_name}" in cells


def test_at_minimum_without_a_folder_it_has_blanks(practice: Bench) -> None:
    number = argued(practice).state.number
    practice.desk.send_letter(number, Kind.PDF, actor=practice.member(CORA), key=once("press"), to_folder=False)
    assert views(practice) == 0
    assert (
        practice.desk.letter_for_file(number, actor=practice.member(CORA), seen=True, to_folder=False).patient.last_name
        == ""
    )


def test_a_folder_that_cannot_be_written_is_said(practice: Bench, tmp_path: Path) -> None:
    number = argued(practice).state.number
    practice.desk.send_letter(number, Kind.DOCX, actor=practice.member(CORA), key=once("press"), to_folder=True)
    with pytest.raises(NotNow, match="cannot be written into PABOT_LETTERS_DIR"):
        drawn(practice, a_look(Privacy.MINIMUM, tmp_path / "gone"))


def test_another_clinician_s_patient_stays_unnamed_in_the_folder(practice: Bench) -> None:
    number = argued(practice).state.number
    ned = practice.member(NED)
    seen = practice.desk.letter_for_file(number, actor=ned, seen=True, to_folder=True)
    assert seen.patient.last_name == ""


def test_earlier_denials_stay_on_the_card_but_not_those_in_error(practice: Bench) -> None:
    """Northwind's plan is Medicare Advantage: what it upholds goes on by itself."""
    number = argued(practice).state.number
    practice.step(
        CORA,
        ca.FileAppeal(
            number=number,
            filed_at=practice.clock.now(),
            signed_by=IDA,
            packet=frozenset({"denial_letter", "notes"}),
            attachments="\n".join(f"Chart scan {page}" for page in range(20)),
        ),
    )
    practice.clock.forward(hours=30)
    today = practice.desk.calendar().day(practice.clock.now())
    upheld = c.RecordDenial(
        number=number, reason="not_medically_necessary", notice_on=today, received_at=practice.clock.now()
    )
    card = practice.step(CORA, upheld)
    assert [denial.level for denial in card.earlier] == [1]
    assert card.state.appeal is not None
    assert (card.state.appeal.automatic, card.state.denial and card.state.denial.level) == (True, 2)
    sent = practice.rows("SELECT recipient FROM message WHERE kind = 'sent_on'")
    assert [row["recipient"] for row in sent] == [IDA]
    practice.take_back(CORA, number)
    again = practice.desk.card(number, actor=practice.member(CORA))
    assert again.earlier == ()
    assert again.state.denial is not None
    assert len(again.state.denial.attachments.splitlines()) == 20


def test_only_a_clinician_takes_the_reasons_back(practice: Bench) -> None:
    number = argued(practice).state.number
    for who in (CORA, MAX):
        assert practice.desk.card(number, actor=practice.member(who)).correctable is None
    denial = practice.take_back(IDA, number).state.denial
    assert denial is not None
    assert not denial.is_argued


def test_the_outcome_of_a_call_is_taken_back_by_whoever_wrote_it_down(practice: Bench) -> None:
    card = practice.denied()
    number, denial = card.state.number, card.state.denial
    assert denial is not None
    assert denial.id is not None
    choice = c.DecideDenial(
        number=number, denial_id=denial.id, decision=Decision.P2P, chart_number=PATIENT.chart_number
    )
    practice.step(IDA, choice)
    practice.step(CORA, ca.BookPeerToPeer(number=number, clinician_id=IDA, requested_at=practice.clock.now()))
    practice.step(CORA, ca.RecordPeerToPeer(number=number, outcome=ca.CallOutcome.UPHELD, director=IDA))
    call = practice.take_back(CORA, number).state.open_peer_to_peer
    assert call is not None
    assert (call.outcome, call.dictated_by) == (None, "")
