"""The submission sheet as people get it at Slack: a screen to copy from, a PDF in their own direct messages."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.request import urlopen

import pypdfium2
import pytest
from practice import Practice, a_practice, buttons, words

from pabot.domain.model import Role
from pabot.domain.practice import SaveMember

IDENTITY = {"first_name": "Jessamine", "last_name": "Doverly", "born_on": "1961-04-09", "member_id": "MEM-551"}
NAMED = ("Jessamine", "Doverly", "04/09/1961", "MEM-551", "C-88", "G35")


@pytest.fixture
def full(database_url: str) -> Iterator[Practice]:
    """A practice that shows identity in Slack."""
    with a_practice(database_url, privacy="full") as one:
        yield one


def asked(practice: Practice, number: int) -> None:
    """Cora has the card, the sheet, and asks for the file."""
    sheet = practice.cora.presses(practice.cora.card(number), "Submission sheet")
    practice.cora.presses(sheet, "Send me the PDF")


def received(practice: Practice) -> list[dict[str, Any]]:
    return [file for message in practice.cora.direct_messages for file in message.files]


def text_of(file: dict[str, Any]) -> str:
    with urlopen(file["url_private"]) as answer:  # noqa: S310 - the local workspace
        assert answer.headers["Content-Type"] == "application/pdf"
        document = pypdfium2.PdfDocument(answer.read())
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def test_the_pdf_comes_into_one_s_own_messages(practice: Practice) -> None:
    number = practice.cora.opens_request()
    asked(practice, number)
    assert practice.cora.person.modal is not None
    assert "The PDF is on its way" in words(practice.cora.person.modal)
    assert received(practice) == []
    practice.deliver()
    (file,) = received(practice)
    assert (file["name"], file["title"]) == (f"PA-{number}-sheet.pdf", f"PA-{number} submission sheet")
    said = text_of(file)
    for part in (f"PA-{number}", "K0856, modifier NU, 1 unit", "not recorded – ask Dr. Ida Voss", "see the chart"):
        assert part in said
    assert not [name for name in ("C-88", "G35") if name in said]
    assert not practice.ida.direct_messages


def test_under_full_privacy_sheet_and_file_name_the_patient_and_each_asking_is_kept(full: Practice) -> None:
    number = full.cora.opens_request(**IDENTITY)
    sheet = full.cora.opens_form(f"sheet {number}")
    assert [name for name in NAMED if name in json.dumps(sheet.blocks)] == list(NAMED)
    full.cora.presses(sheet, "Send me the PDF")
    full.deliver()
    (file,) = received(full)
    assert [name for name in NAMED if name in text_of(file)] == list(NAMED)
    (message,) = full.cora.direct_messages
    assert not [name for name in NAMED if name in message.text + file["name"] + file["title"]]
    with full.pabot.store.read() as session:
        count = session.connection.exec_driver_sql("SELECT count(*) FROM event WHERE kind = 'view'").scalar_one()
    assert count == 2


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
@pytest.mark.parametrize("fault", ["error_500", "drop_before", "rate_limited"])
def test_a_failed_upload_is_made_again(practice: Practice, method: str, fault: str) -> None:
    asked(practice, practice.cora.opens_request())
    practice.workspace.faults.next(fault, method)  # type: ignore[arg-type]
    practice.deliver()
    assert len(received(practice)) == 1


def test_when_the_answer_is_lost_a_second_copy_comes_rather_than_none(practice: Practice) -> None:
    asked(practice, practice.cora.opens_request())
    practice.workspace.faults.next("drop_after", "files.completeUploadExternal")
    practice.deliver()
    assert [file["name"] for file in received(practice)] == [received(practice)[0]["name"]] * 2


def test_an_outage_loses_no_file(practice: Practice) -> None:
    asked(practice, practice.cora.opens_request())
    practice.workspace.faults.outage = True
    practice.pabot.jobs.delivery.run()
    practice.workspace.faults.outage = False
    practice.deliver()
    assert len(received(practice)) == 1


def test_an_upload_that_slack_refuses_is_shown_to_managers(practice: Practice) -> None:
    practice.workspace.faults.add("refused", "files.getUploadURLExternal", error="missing_scope")
    asked(practice, practice.cora.opens_request())
    practice.deliver()
    home = practice.max.person.open_home()
    assert "submission_sheet to Cora Lindqvist: missing_scope" in words(home)  # type: ignore[arg-type]


@pytest.mark.parametrize(("role", "active"), [(Role.VIEWER, True), (Role.COORDINATOR, False)])
def test_who_may_no_longer_prepare_submissions_gets_no_file(full: Practice, role: Role, active: bool) -> None:
    asked(full, full.cora.opens_request(**IDENTITY))
    changed = SaveMember("U0CORA", "Cora Lindqvist", frozenset({role}), active=active)
    full.pabot.desk.save_member(changed, actor=None, key="changed")
    full.deliver()
    assert received(full) == []
    assert full.pabot.desk.delivery_state().waiting == 0


def test_the_front_desk_and_the_closed_request_are_told_why_not(practice: Practice) -> None:
    number = practice.cora.opens_request()
    assert "Submission sheet" not in buttons(practice.fay.card(number))
    assert "may record a submission" in words(practice.fay.command(f"sheet {number}"))
    assert "There is no PA-4242" in words(practice.cora.command("sheet 4242"))
    practice.max.does(number, "Withdraw", reason="patient_declined")
    assert "Submission sheet" not in buttons(practice.cora.card(number))
    assert "There is nothing to prepare for the payer" in words(practice.cora.command(f"sheet {number}"))
    assert "Say which request: /pa sheet 1042" in words(practice.cora.command("sheet"))


def test_a_request_can_be_opened_from_its_sheet(practice: Practice) -> None:
    number = practice.cora.opens_request()
    card = practice.cora.presses(practice.cora.opens_form(f"sheet {number}"), "Open the request")
    assert "Ready to submit" in buttons(card)
