"""What a person types becomes a command, or one sentence under each wrong field."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from typed_forms import amount, boxes, day, form, moment, picked, several, words

from pabot.domain import commands as c
from pabot.domain.decide import STEPS, STEPS_BY_KIND
from pabot.domain.errors import Invalid
from pabot.domain.model import Channel, Decision, Role
from pabot.domain.orders import Medication, Therapy
from pabot.domain.practice import Closure, SaveMember
from pabot.domain.roles import Policy
from pabot.domain.rules import Directory
from pabot.handlers.forms import STEP_FORMS
from pabot.handlers.forms_practice import Link, NewRequest, Settings, Staff
from pabot.handlers.step_form import About
from pabot.views.forms import FORMS, WITHOUT_FORM

AT = 1795449600  # 2026-11-23 16:00 UTC


def new_request(**changed: dict[str, Any]) -> dict[str, Any]:
    fields = {
        "chart_number": words("C-88"),
        "initials": words("Q.T."),
        "payer": picked("3", "external_select"),
        "category": picked("service"),
        "service": words("Power wheelchair"),
        "codes": words("K0856 NU x1"),
        "diagnoses": several("G35", "m6281"),
        "clinician": picked("U0DOC", "external_select"),
        "urgency": picked("standard", "radio_buttons"),
        "ordered_on": day("2026-11-20"),
    }
    return form(**(fields | changed))


def faults(view: dict[str, Any], model: Any = NewRequest) -> dict[str, str]:
    with pytest.raises(Invalid) as wrong:
        model.read(view)
    return wrong.value.fields


def test_every_step_has_a_form_and_every_form_is_read() -> None:
    assert set(FORMS) | WITHOUT_FORM == set(STEPS_BY_KIND)
    assert set(STEP_FORMS) == set(FORMS)


def test_closure_steps_are_read_from_all_their_groups() -> None:
    view = form(note=words("ok"), closure_steps_1=boxes("Call", "Note it"), closure_steps_2=boxes("File it"))
    command = STEP_FORMS["close"].read(view).command(About(1042))
    assert command == c.Close(number=1042, note="ok", closure_steps=frozenset({"Call", "Note it", "File it"}))
    assert STEP_FORMS["close"].read(form()).command(About(1042)) == c.Close(number=1042)


def test_every_form_makes_the_command_of_its_step() -> None:
    kinds = {type_.__name__: rule.kind for type_, rule in STEPS.items()}
    assert {kind: kinds[model.makes.__name__] for kind, model in STEP_FORMS.items()} == {k: k for k in STEP_FORMS}


def test_a_new_request_is_read_whole() -> None:
    view = new_request(codes=words(" k0856 nu x1 \n e0601 "), note=words("  Needs it by spring.  "))
    command = NewRequest.read(view).command(despite_duplicate=False)
    assert [(line.code, line.modifiers, line.units) for line in command.lines] == [("K0856", "NU", 1), ("E0601", "", 1)]
    assert command.plan_id == 3
    assert command.diagnoses == ("G35", "M62.81")
    assert command.ordered_on == date(2026, 11, 20)
    assert command.note == "Needs it by spring."
    assert not command.expedited


@pytest.mark.parametrize(
    ("field", "state", "sentence"),
    [
        ("chart_number", words(""), "This is needed."),
        ("chart_number", words("   "), "This is needed."),
        ("chart_number", words("x" * 5000), "That is too long: at most 100 characters."),
        ("note", words("x" * 5000), "That is too long: at most 2000 characters."),
        ("initials", words("A.B.C.D.E.F."), "That is too long: at most 10 characters."),
        ("payer", picked("first", "external_select"), "Choose a payer and plan from the list."),
        ("payer", picked("9" * 40, "external_select"), "Choose a payer and plan from the list."),
        ("category", picked("surgery"), "Choose one of the options."),
        ("urgency", picked("at once", "radio_buttons"), "Choose one of the options."),
        ("clinician", picked("<!channel>", "external_select"), "Choose somebody from the list."),
        ("ordered_on", day("soon"), "Choose a date."),
        ("ordered_on", day("0001-01-01"), "Check the year."),
        ("ordered_on", day(5), "Choose a date."),
        ("codes", words("Z9999"), "does not start with a code"),
        ("codes", words("K0856 x0"), "units must be between 1 and 9999"),
        ("diagnoses", several("headache"), "is not written like a diagnosis code"),
        ("diagnoses", several(*(f"M{n}.1" for n in range(10, 23))), "At most 12 diagnoses fit in one request."),
        ("surprise", words("?"), "This field does not belong here."),
    ],
)
def test_a_wrong_field_gets_one_sentence(field: str, state: dict[str, Any], sentence: str) -> None:
    said = faults(new_request(**{field: state}))
    assert list(said) == [field]
    assert sentence in said[field]


MEDICATION = {
    "category": picked("medication"),
    "medication_name": words("Adalimumab"),
    "strength": words("40 mg/0.4 mL"),
    "quantity": amount("2"),
    "days_supply": amount("28"),
    "ndc": words("00000111122"),
}
THERAPY = {
    "category": picked("therapy"),
    "visits": amount("12"),
    "frequency": words("Twice a week"),
    "period_days": amount("42"),
}


@pytest.mark.parametrize("codes", [{}, {"codes": words("  \n")}])
def test_a_medication_needs_no_code(codes: dict[str, Any]) -> None:
    view = new_request(**MEDICATION)
    del view["state"]["values"]["codes"]
    view["state"]["values"] |= form(**codes)["state"]["values"]
    command = NewRequest.read(view).command(despite_duplicate=False)
    assert command.lines == ()
    assert command.medication == Medication("Adalimumab", "40 mg/0.4 mL", 2, 28, "00000-1111-22")
    assert command.therapy is None


def test_a_therapy_is_told_by_its_visits_and_has_a_code() -> None:
    command = NewRequest.read(new_request(**THERAPY)).command(despite_duplicate=False)
    assert command.therapy == Therapy(12, "Twice a week", 42)
    assert command.medication is None
    assert faults(new_request(**THERAPY, codes=words(" "))) == {"codes": "Type at least one code, such as K0856."}


def test_what_another_category_asks_is_left_out() -> None:
    """Slack may send fields of the category that was chosen before."""
    command = NewRequest.read(new_request(**THERAPY | MEDICATION | {"category": picked("imaging")})).command(
        despite_duplicate=False
    )
    assert (command.medication, command.therapy) == (None, None)
    bare = NewRequest.read(new_request(category=picked("medication"))).command(despite_duplicate=False)
    assert (bare.medication, len(bare.lines)) == (None, 1)


@pytest.mark.parametrize(
    ("field", "state", "sentence"),
    [
        ("quantity", amount("0"), "Type 1 or more."),
        ("quantity", amount("10000"), "Type 9999 or less."),
        ("quantity", amount("a few"), "Type a whole number."),
        ("quantity", amount("2.5"), "Type a whole number."),
        ("days_supply", amount("366"), "Type 365 or less."),
        ("visits", amount("-1"), "Type 1 or more."),
        ("visits", amount("366"), "Type 365 or less."),
        ("period_days", amount("0"), "Type 1 or more."),
        ("period_days", amount("9" * 400), "Type 365 or less."),
        (
            "ndc",
            words("0000-1111-22"),
            "“0000-1111-22” is not written like an NDC: eleven digits, as in 00000-1111-22.",
        ),
        ("medication_name", words("x" * 101), "That is too long: at most 100 characters."),
        ("codes", words("aspirin"), "“aspirin” does not start with a code, such as K0856 or 99999."),
    ],
)
def test_a_number_out_of_bounds_gets_one_sentence(field: str, state: dict[str, Any], sentence: str) -> None:
    assert faults(new_request(**MEDICATION | {field: state})) == {field: sentence}


def test_an_empty_form_names_every_needed_field() -> None:
    said = faults(form())
    assert said.pop("codes") == "Type at least one code, such as K0856."
    assert set(said.values()) == {"This is needed."}
    assert {"chart_number", "initials", "payer", "diagnoses", "clinician", "ordered_on"} <= set(said)


@pytest.mark.parametrize(
    "view",
    [
        {"state": "?"},
        {"state": {"values": ["?"]}},
        {"state": {"values": {"note": {"a": words("1"), "b": words("2")}}}},
        {"state": {"values": {"note": {"a": {"type": "hologram"}}}}},
        {"state": {"values": {"category": {"a": {"type": "static_select", "selected_option": "service"}}}}},
        {"state": {"values": {"category": {"a": {"type": "static_select", "selected_option": {}}}}}},
    ],
)
def test_a_form_of_another_shape_is_refused_as_a_whole(view: dict[str, Any]) -> None:
    assert faults(view) == {"form": "This form did not arrive whole. Close it and open it again."}


def test_control_characters_are_left_out_and_other_scripts_stay() -> None:
    note = "A\x00B\x1b\ud800 שלום <!channel> *b* “q” O'Neil\nnext"
    typed = NewRequest.read(new_request(note=words(note)))
    assert typed.note == "AB שלום <!channel> *b* “q” O'Neil\nnext"


def read(kind: str, about: About | None = None, **fields: dict[str, Any]) -> c.Command:
    return STEP_FORMS[kind].read(form(**fields)).command(about or About(1042, 7))


def test_a_submission_leaves_the_computed_date_to_the_rules() -> None:
    sent = {"channel": picked("portal"), "submitted_at": moment(AT), "answer": picked("waiting", "radio_buttons")}
    computed = About(1042, 7, what="2026-11-30")
    left = read("submit", computed, **sent, expected_on=day("2026-11-30"))
    changed = read("submit", computed, **sent, expected_on=day("2026-12-02"))
    assert isinstance(left, c.Submit)
    assert isinstance(changed, c.Submit)
    assert (left.number, left.version, left.expected_on, left.approval) == (1042, 7, None, None)
    assert left.submitted_at == datetime(2026, 11, 23, 16, tzinfo=UTC)
    assert changed.expected_on == date(2026, 12, 2)


def test_a_submission_approved_at_once_carries_the_approval() -> None:
    command = read(
        "submit",
        channel=picked("portal"),
        submitted_at=moment(AT),
        answer=picked("approved", "radio_buttons"),
        authorization_number=words("AUTH-9"),
        effective_on=day("2026-12-01"),
        dates_not_stated=boxes("yes"),
    )
    assert isinstance(command, c.Submit)
    assert command.approval is not None
    assert command.approval.authorization_number == "AUTH-9"
    assert command.approval.dates_not_stated
    assert command.approval.effective_on is None


def test_an_approval_by_line_gathers_the_units() -> None:
    command = read(
        "record_approval",
        decided_at=moment(AT),
        approved=picked("lines", "radio_buttons"),
        units_1={"type": "number_input", "value": "4"},
        units_2={"type": "number_input", "value": "0"},
    )
    assert isinstance(command, c.RecordApproval)
    assert command.approved == ((1, 4), (2, 0))


def test_wrong_units_are_told_under_their_line() -> None:
    view = form(
        decided_at=moment(AT),
        approved=picked("lines", "radio_buttons"),
        units_1={"type": "number_input", "value": "4"},
        units_2={"type": "number_input", "value": "99999"},
    )
    assert faults(view, STEP_FORMS["record_approval"]) == {"units_2": "Type 9999 or less."}


@pytest.mark.parametrize("value", ["today", 10**18, -(10**18), True, None, 4102444800 + 10**9])
def test_an_impossible_moment_is_refused(value: Any) -> None:
    said = faults(form(answer=words("sent"), filed_at=moment(value)), STEP_FORMS["file_appeal"])
    assert "filed_at" in said


def test_a_decision_is_about_the_denial_that_the_button_named() -> None:
    command = read("decide_denial", About(1042, child=5, what="accept"), reason=words("Paid another way"))
    assert isinstance(command, c.DecideDenial)
    assert (command.denial_id, command.decision, command.version) == (5, Decision.ACCEPT, None)


@pytest.mark.parametrize("about", [About(1042, child=5, what="sue"), About(1042, what="appeal")])
def test_a_decision_without_its_denial_or_name_is_refused(about: About) -> None:
    with pytest.raises(Invalid):
        read("decide_denial", about, reason=words("Because"))


def test_a_hand_made_box_is_refused() -> None:
    told = form(
        update=picked("approved"),
        result=picked("told"),
        how=picked("phone"),
        told_at=moment(AT),
        told_by=picked("U0CORA"),
        and_close=boxes("no"),
    )
    said = faults(told, STEP_FORMS["tell_patient"])
    assert said == {"and_close": "Tick the box, or leave it empty."}


def test_a_message_is_linked_by_any_way_to_write_a_number() -> None:
    for number in ("1042", "pa1042", "PA-1042", "#1042"):
        view = form(number=words(number), channel=picked("phone"), result=words("They called"))
        assert Link.read(view).command() == c.LogContact(number=1042, channel=Channel.PHONE, result="They called")
    for number in ("soon", "0", "9" * 12):
        view = form(number=words(number), channel=picked("phone"), result=words("They called"))
        assert list(faults(view, Link)) == ["number"]


def test_a_person_needs_a_role_and_a_true_npi() -> None:
    said = faults(form(name=words("Ida Voss"), npi=words("1234567890")), Staff)
    assert set(said) == {"roles", "npi"}
    typed = Staff.read(form(name=words("Ida Voss"), roles=boxes("clinician", "manager"), active=boxes("yes")))
    assert typed.command("U0IDA") == SaveMember("U0IDA", "Ida Voss", frozenset({Role.CLINICIAN, Role.MANAGER}))
    with pytest.raises(Invalid, match="who it is"):
        typed.command("")


def settings(**changed: dict[str, Any]) -> dict[str, Any]:
    fields = {
        "timezone": words("America/Chicago"),
        "office_hours": words("08:00-17:00 Mon-Thu, 08:00-12:00 fri"),
        "holidays": words("US"),
        "digest_at": {"type": "timepicker", "selected_time": "07:45"},
    }
    return form(**(fields | changed))


@pytest.mark.parametrize(
    ("field", "state"),
    [
        ("timezone", words("")),
        ("team_channel", {"type": "conversations_select", "selected_conversation": "everywhere"}),
        ("closures", words("2027-02-30")),
        ("digest_at", {"type": "timepicker", "selected_time": "25:00"}),
        ("update_times", words("10:00 and later")),
        ("quiet_hours", words("19-7")),
        ("access", words("portal password is hunter2 > all > Max")),
        ("access", words("portal")),
        ("contact_minutes", words("Phone > soon")),
        ("contact_minutes", words("Pigeon > 12")),
        ("contact_minutes", words("Phone > 6000")),
    ],
)
def test_a_wrong_setting_is_told_under_its_field(field: str, state: dict[str, Any]) -> None:
    assert list(faults(settings(**{field: state}), Settings)) == [field]


def test_settings_are_read_and_unknown_names_are_refused() -> None:
    nobody = Directory({})
    read_ = Settings.read(settings(closures=words("2027-01-04\n2026-12-24 12:00"))).command(nobody, ())
    assert read_.closures == (Closure(date(2026, 12, 24), time(12)), Closure(date(2027, 1, 4)))
    assert read_.office_hours == "08:00-17:00 Mon-Thu, 08:00-12:00 fri"
    assert read_.update_times == ()  # emptied, nobody is reminded
    assert read_.quiet_hours == ""  # emptied, nothing waits
    assert read_.policy == Policy(coordinators_submit=False, billers_close_denials=False)  # nothing is ticked
    with pytest.raises(Invalid, match="staff list"):
        Settings.read(settings(payer_owners=words("Nowhere Health > Ida"))).command(nobody, ())
