"""The submission sheet: recorded facts in the order of a payer's form, gaps that say whom to ask, a file to print."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pypdfium2
import pytest
from message_samples import BEA, CORA, HOSTILE, IDA, LOOK, OTTO, PATIENT, card
from screen_samples import FAY, MAX, MINIMUM, PATIENT_SECRETS, STAFF, pending
from test_screens import hostile, in_limits, pressable

from pabot.domain.cards import AuthorizationCard, PatientFacts, Privacy
from pabot.domain.documents import Document, ItemKind, Supplier
from pabot.domain.model import Member, ServiceLine, Urgency
from pabot.domain.orders import Medication, Therapy
from pabot.domain.roles import Policy
from pabot.domain.rules import Directory
from pabot.domain.statuses import Status
from pabot.domain.submission_sheet import Row, Sheet, may_prepare, submission_sheet
from pabot.views.ids import Id
from pabot.views.patients import Surface, identity
from pabot.views.sheet_pdf import UNKNOWN
from pabot.views.submission_sheet import sheet_file, sheet_modal
from pabot.views.text import Look

WHO = identity(PATIENT, Surface.SHEET, CORA, Privacy.FULL)
IDENTITY = ("Member ID", "Last name", "First name", "Birth date", "Chart number", "Diagnosis codes")


def ready(**changed: Any) -> AuthorizationCard:
    """About to be sent, without anything that its checklist would ask for besides."""
    usual = {"status": Status.READY, "denial": None, "question": None, "requested_to": date(2027, 3, 1)}
    return card(**{**usual, **changed})


def sheet_of(made: AuthorizationCard, staff: Directory = STAFF) -> Sheet:
    return submission_sheet(made, staff, LOOK.zone, WHO)


def rows(sheet: Sheet) -> dict[str, Row]:
    return {row.label: row for section in sheet.sections for row in section.rows}


def pages(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    try:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]
    finally:
        document.close()


def printed(look: Look, made: AuthorizationCard, viewer: Member = CORA) -> str:
    return "\n".join(pages(sheet_file(look, made, STAFF, viewer).content))


def test_the_sections_follow_a_payer_s_form() -> None:
    assert [section.title for section in sheet_of(ready()).sections] == [
        "Patient and coverage",
        "Ordering clinician",
        "Rendering provider and facility",
        "Service",
        "Diagnoses",
        "Dates",
        "Urgency",
        "Numbers",
        "Channel and documents",
        "Contact at the practice",
    ]


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Payer", "Northwind Health"),
        ("Plan", "Gold HMO"),
        ("Line of business", "Medicare Advantage"),
        ("Member ID", "M-123"),
        ("Last name", "Dammers"),
        ("First name", "Juno"),
        ("Birth date", "04/02/1961"),
        ("Chart number", "C-88"),
        ("Clinician", "Dr. Ida Voss"),
        ("NPI", "1234567893"),
        ("Rendering provider", "none recorded"),
        ("Category", "Service or equipment"),
        ("Service", "Power wheelchair"),
        ("Code 1", "K0856, modifier NU, 1 unit"),
        ("Diagnosis codes", "G35"),
        ("Ordered on", "11/17/2026"),
        ("Requested from", "12/01/2026"),
        ("Requested to", "03/01/2027"),
        ("Appointment", "12/03/2026"),
        ("Urgency", "Standard"),
        ("Tracking number", "none before submission"),
        ("Authorization number", "none yet"),
        ("Missing documents", "none"),
        ("Owner", "Cora Lindqvist"),
    ],
)
def test_a_recorded_fact_stands_as_a_portal_wants_it_typed(label: str, value: str) -> None:
    assert rows(sheet_of(ready()))[label] == Row(label, value)


@pytest.mark.parametrize(
    ("label", "changed", "ask"),
    [
        ("Requested from", {"requested_from": None}, "Dr. Ida Voss"),
        ("Requested to", {"requested_to": None}, "Dr. Ida Voss"),
        ("Facility", {"asks": "facility"}, "Dr. Ida Voss"),
        ("Code", {"lines": ()}, "Dr. Ida Voss"),
        ("Attested by", {"urgency": Urgency.EXPEDITED}, "Dr. Ida Voss"),
        ("Attested by", {"urgency_proposed": True}, "Dr. Ida Voss"),
        ("Tracking number", {"status": Status.PENDING, "submitted_at": pending().state.submitted_at}, "the payer"),
        ("Missing documents", {"status": Status.NEW}, "the payer"),
        ("NPI", {"clinician_id": OTTO.user_id}, "Dr. Otto Brandt"),
        ("Clinician", {"clinician_id": "U0GONE"}, "a manager"),
        ("NPI", {"clinician_id": "U0GONE"}, "the ordering clinician"),
    ],
)
def test_a_gap_says_whom_to_ask(label: str, changed: dict[str, Any], ask: str) -> None:
    sheet = sheet_of(ready(**changed))
    assert rows(sheet)[label] == Row(label, f"not recorded – ask {ask}", gap=True)
    assert label in sheet.gaps


def test_what_the_front_desk_did_not_take_down_is_theirs_to_say() -> None:
    who = identity(PatientFacts("J.D.", "C-88"), Surface.SHEET, CORA, Privacy.FULL)
    sheet = submission_sheet(ready(), STAFF, LOOK.zone, who)
    for label in IDENTITY[:4]:
        assert rows(sheet)[label] == Row(label, "not recorded – ask the front desk", gap=True)
    assert not rows(sheet)["Chart number"].gap


def test_a_request_of_nobody_has_no_contact() -> None:
    contact = sheet_of(ready(owner_id=None)).sections[-1].rows
    assert contact == (Row("Owner", "not recorded – ask a manager", gap=True),)


def test_a_medication_and_a_therapy_are_told_by_their_own_facts() -> None:
    medication = Medication("Adalimumab", "40 mg", 2, 28)
    found = rows(sheet_of(ready(lines=(), medication=medication, therapy=Therapy(1, "Weekly", 42))))
    values = {label: row.value for label, row in found.items() if not row.gap}
    assert [values[label] for label in ("Medication", "Strength", "Quantity", "Days' supply", "NDC")] == [
        "Adalimumab",
        "40 mg",
        "2",
        "28",
        "none recorded",
    ]
    assert [values[label] for label in ("Visits", "Frequency", "Period")] == ["1", "Weekly", "42 days"]
    assert "Code" not in found
    gaps = sheet_of(ready(medication=Medication(ndc="00000-1111-22"), therapy=Therapy())).gaps
    assert gaps == ("Medication", "Strength", "Quantity", "Days' supply", "Visits", "Frequency", "Period")


def test_codes_urgency_and_documents_are_told_in_full() -> None:
    lines = (ServiceLine(1, "K0856", "NU KX", 2), ServiceLine(2, "E2361", "", 1))
    note = Document(1, "Sleep study", ItemKind.CLINICAL, True, Supplier.CLINICIAN)
    told = {"lines": lines, "documents_missing": "Face-to-face note", "documents": (note,)}
    urgent = {"urgency": Urgency.EXPEDITED, "attested_by": IDA.user_id}
    found = {label: row.value for label, row in rows(sheet_of(ready(**told, **urgent))).items()}
    assert found["Code 1"] == "K0856, modifiers NU KX, 2 units"
    assert found["Code 2"] == "E2361, no modifiers, 1 unit"
    assert found["Missing documents"] == "Face-to-face note; Sleep study"
    assert (found["Urgency"], found["Attested by"]) == ("Expedited", "Dr. Ida Voss")
    place = {"rendering_provider": "Harbor Rehab", "asks": "rendering_provider facility", "facility": "Harbor House"}
    there = rows(sheet_of(ready(**place)))
    assert (there["Rendering provider"].value, there["Facility"].value) == ("Harbor Rehab", "Harbor House")
    assert rows(sheet_of(card()))["Denial reference"].value == "D-77"


@pytest.mark.parametrize(
    ("look", "viewer", "patient"),
    [
        (MINIMUM, CORA, PATIENT),
        (LOOK, FAY, PATIENT),
        (LOOK, OTTO, PatientFacts("J.D.")),  # the record was not opened for another clinician
    ],
)
def test_without_identity_the_rows_point_to_the_chart_and_are_no_gaps(
    look: Look, viewer: Member, patient: PatientFacts
) -> None:
    made = replace(ready(), patient=patient)
    sheet = submission_sheet(made, STAFF, look.zone, identity(patient, Surface.SHEET, viewer, look.privacy))
    assert {rows(sheet)[label] for label in IDENTITY} == {Row(label, "see the chart") for label in IDENTITY}
    drawn = json.dumps(sheet_modal(look, made, STAFF, viewer)) + printed(look, made, viewer)
    assert not [secret for secret in (*PATIENT_SECRETS, "G35") if secret in drawn]
    assert "J.D." in drawn


def test_who_is_offered_the_sheet_and_when() -> None:
    def offered(who: Member, status: Status, policy: Policy | None = None) -> bool:
        return may_prepare(who, card(status=status).state, policy or Policy())

    late = {Status.APPROVED, Status.PATIENT_NOTIFIED, Status.CLOSED}
    for status in Status:
        assert [offered(who, status) for who in (CORA, BEA, IDA, MAX)] == [status not in late] * 4
        assert not offered(FAY, status)
    assert not offered(CORA, Status.READY, Policy(coordinators_submit=False))


def test_the_modal_says_the_gaps_first_and_offers_the_file_once() -> None:
    view = sheet_modal(LOOK, card(asks="facility place_of_service"), STAFF, CORA)
    first = view["blocks"][0]["text"]["text"]
    assert "3 facts are not recorded: Facility, Place of service, Requested to" in first
    assert pressable(view) == {"Send me the PDF": Id.SHEET_SEND, "Open the request": Id.CARD_OPEN}
    asked = sheet_modal(LOOK, card(), STAFF, CORA, asked=True)
    assert "The PDF is on its way" in asked["blocks"][0]["text"]["text"]
    assert pressable(asked) == {"Open the request": Id.CARD_OPEN}


def test_what_is_copied_is_what_was_recorded() -> None:
    """Messages show emphasis marks as look-alikes; a tracking number must keep its own."""
    view = sheet_modal(LOOK, pending(tracking_number="*NW_20*<&>_"), STAFF, CORA)
    assert '{"type": "text", "text": "*NW_20*<&>_", "style": {"code": true}}' in json.dumps(view)


def test_the_pdf_holds_every_row_and_every_gap() -> None:
    made = ready(requested_to=None, asks="facility")
    (text,) = pages(sheet_file(LOOK, made, STAFF, CORA).content)
    for section in sheet_of(made).sections:
        for row in section.rows:
            assert row.label in text
            assert row.value in text
    assert text.count("not recorded – ask Dr. Ida Voss") == 2
    assert "Not recorded: Facility, Requested to" in text
    assert "Drawn on Mon Nov 23, 2026, 10:30 AM (America/New_York)" in text
    assert "PA-1042 · Page 1 of 1" in text


def test_outside_of_the_file_nobody_is_named() -> None:
    file = sheet_file(LOOK, ready(), STAFF, CORA)
    assert file.name == "PA-1042-sheet.pdf"
    document = pypdfium2.PdfDocument(file.content)
    seen = "".join((file.title, file.text, *document.get_metadata_dict().values()))
    document.close()
    assert not [secret for secret in PATIENT_SECRETS if secret in seen]
    assert file == sheet_file(LOOK, ready(), STAFF, CORA)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Łukasz Őry", "Łukasz Őry"),
        ("Zoe\u0308", "Zoë"),
        ("שלום", UNKNOWN * 4),
        ("wheel 😀 chair", f"wheel {UNKNOWN} chair"),
        ("\u202eabc\u0000\u200b\u200fdef", "abcdef"),
        ("one\nRequested to\ttwo", "one Requested to two"),
        ("\ud800", UNKNOWN),
        ("\u202e", "–"),
        ("**bold** __x__ --y-- [a](b)", "**bold** __x__ --y-- [a](b)"),
    ],
)
def test_a_character_that_the_font_lacks_is_an_empty_box(typed: str, shown: str) -> None:
    text = printed(LOOK, replace(ready(), service=typed))
    assert f"Service {shown}\n" in text
    assert ("stands for a character" in text) == (UNKNOWN in shown)


def test_long_sheets_go_on_page_after_page() -> None:
    lines = tuple(ServiceLine(seq, "K0856", "NU KX RT GA", seq) for seq in range(1, 21))
    long = pages(sheet_file(LOOK, ready(lines=lines, documents_missing="A note " * 200), STAFF, CORA).content)
    assert [f"Page {at} of 2" in text for at, text in enumerate(long, 1)] == [True, True]
    assert all(f"Code {line.seq}" in "".join(long) for line in lines)
    assert all(text.startswith("PA-1042") for text in long)


def test_hostile_words_in_every_field_change_neither_screen_nor_file() -> None:
    names = {CORA.user_id: HOSTILE, IDA.user_id: HOSTILE}
    ordered = {"medication": Medication("x", "x"), "therapy": Therapy(1, "x")}
    made = card(rendering_provider="x", facility="x", place_of_service="x", **ordered)
    worst = replace(hostile(made), names=names)
    staff = Directory({IDA.user_id: replace(IDA, name=HOSTILE, npi=HOSTILE)})
    view = sheet_modal(LOOK, worst, staff, CORA)
    in_limits(view)
    for block in view["blocks"]:
        if block["type"] == "section":  # the only mrkdwn; rich text obeys nothing that is typed
            assert "<!channel>" not in block["text"]["text"]
    shown = json.dumps(view, ensure_ascii=False)
    assert "\u202e" not in shown
    text = "".join(pages(sheet_file(LOOK, worst, staff, CORA).content))
    assert "<!channel> *bold* _x_ `c` </b> > quoted & <https://evil.example|click> gnp" in text.replace("\n", " ")
