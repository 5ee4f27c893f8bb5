"""Who has a new request: its opener, whom a rule names, or nobody, and then the managers know."""

from dataclasses import replace
from datetime import date

import pytest
from record_practice import BILL, CARL, CORA, FAY, IDA, MAX, NED, PATIENT, SETTINGS, Bench, once

from pabot.domain import commands as c
from pabot.domain.errors import Invalid, NotAllowed, NotOnStaff, PossibleDuplicate
from pabot.domain.model import Member, Role, ServiceLine
from pabot.domain.practice import SaveMember


def rule(practice: Bench, **changed: object) -> None:
    settings = replace(SETTINGS, **changed)  # type: ignore[arg-type]
    practice.desk.save_settings(settings, actor=practice.member(MAX), key=once("settings"))


def payer(practice: Bench, name: str = "Northwind") -> int:
    return practice.desk.plans(name)[0].payer_id


def told(practice: Bench, kind: str) -> list[str]:
    rows = practice.rows("SELECT recipient FROM message WHERE kind = :kind ORDER BY recipient", kind=kind)
    return [row["recipient"] for row in rows]


def away(practice: Bench, user: str, cover: str) -> None:
    member = practice.member(user)
    command = SaveMember(user, member.name, member.roles, cover_id=cover, away=True)
    practice.desk.save_member(command, actor=practice.member(MAX), key=once("staff"))


@pytest.mark.parametrize("opener", [CORA, BILL])
def test_who_works_the_queue_keeps_what_they_open(practice: Bench, opener: str) -> None:
    rule(practice, payer_owners=((payer(practice), CARL),))
    assert practice.open(by=opener).state.owner_id == opener
    assert told(practice, "assigned") == []


def test_a_payer_s_rule_comes_before_a_clinician_s(practice: Bench) -> None:
    rule(practice, payer_owners=((payer(practice), CARL),), clinician_owners=((IDA, BILL),))
    assert practice.open(by=IDA).state.owner_id == CARL
    assert told(practice, "assigned") == [CARL]
    other = practice.desk.plans("Tidewater")[0].plan_id
    assert practice.open(by=IDA, plan_id=other).state.owner_id == BILL
    assert told(practice, "unassigned") == []


def test_a_rule_holds_while_its_person_is_away_and_the_cover_is_told(practice: Bench) -> None:
    rule(practice, payer_owners=((payer(practice), CARL),))
    away(practice, CARL, CORA)
    assert practice.open(by=IDA).state.owner_id == CARL
    assert told(practice, "assigned") == [CORA]


def test_what_no_rule_names_is_on_the_managers_list(practice: Bench) -> None:
    second = SaveMember("U0EVE", "Eve Castellan", frozenset({Role.MANAGER}))
    practice.desk.save_member(second, actor=practice.member(MAX), key=once("staff"))
    numbers = [practice.open(by=IDA).state.number for _ in range(2)]
    page = practice.desk.unassigned(actor=practice.member(MAX))
    assert [line.number for line in page.lines] == numbers
    assert told(practice, "unassigned") == ["U0EVE", MAX]  # one list each, however many requests
    with pytest.raises(NotAllowed):
        practice.desk.unassigned(actor=practice.member(CORA))
    before = practice.rows("SELECT wanted FROM message WHERE kind = 'unassigned' ORDER BY id")
    practice.step(CARL, c.Claim(number=numbers[0]))
    after = practice.rows("SELECT wanted FROM message WHERE kind = 'unassigned' ORDER BY id")
    assert [row["wanted"] for row in after] == [row["wanted"] + 1 for row in before]
    assert [line.number for line in practice.desk.unassigned(actor=practice.member(MAX)).lines] == numbers[1:]


def test_urgency_that_is_only_proposed_goes_to_a_licensed_person(practice: Bench) -> None:
    away(practice, IDA, NED)
    proposed = practice.open(by=CORA, expedited=True).state
    assert (proposed.is_expedited, proposed.urgency_proposed) == (False, True)
    assert told(practice, "attest") == [NED]
    assert practice.open(by=NED, expedited=True).state.is_expedited


def test_the_front_desk_opens_nothing_and_a_stranger_neither(practice: Bench) -> None:
    with pytest.raises(NotAllowed):
        practice.open(by=FAY)
    stranger = Member("U0NOBODY", "Nobody", frozenset({Role.MANAGER}))
    with pytest.raises(NotOnStaff):
        practice.desk.open_authorization(practice.order(), actor=stranger, key=once("open"))
    assert practice.desk.queue("", actor=practice.member(MAX)).total == 0


def test_a_duplicate_is_named_and_may_be_meant(practice: Bench) -> None:
    first = practice.open(despite_duplicate=False).state.number
    with pytest.raises(PossibleDuplicate, match=f"PA-{first} is already open") as found:
        practice.open(by=BILL, despite_duplicate=False)
    assert found.value.number == first
    again = practice.order(despite_duplicate=True)
    assert practice.desk.open_authorization(again, actor=practice.member(BILL), key=once("open")).state.number != first


def test_another_code_payer_or_patient_is_no_duplicate(practice: Bench) -> None:
    practice.open(despite_duplicate=False)
    practice.open(despite_duplicate=False, lines=(ServiceLine(1, "E0277"),))
    practice.open(despite_duplicate=False, plan_id=practice.desk.plans("Tidewater")[0].plan_id)
    practice.open(despite_duplicate=False, patient=c.Patient("CHART-2", "J.D."))
    assert practice.desk.queue("", actor=practice.member(MAX)).total == 4


def test_a_closed_request_is_no_duplicate(practice: Bench) -> None:
    number = practice.open(despite_duplicate=False).state.number
    gone = c.Withdraw(number=number, reason="patient_declined")
    practice.step(MAX, gone)
    if practice.desk.card(number, actor=practice.member(MAX)).state.is_open:
        practice.step(MAX, c.Close(number=number))
    practice.open(despite_duplicate=False)


@pytest.mark.parametrize("chart", ["CHART-88417", " chart-88417 "])
def test_other_initials_on_a_known_chart_are_asked_about(practice: Bench, chart: str) -> None:
    practice.open()
    with pytest.raises(Invalid) as wrong:
        practice.open(patient=c.Patient(chart, "Q.T."))
    assert wrong.value.fields == {"initials": "That chart number is on file with other initials. Check both."}
    practice.open(patient=c.Patient(chart, "j.d."))


def test_a_known_patient_keeps_what_was_told_before(practice: Bench) -> None:
    practice.open()
    practice.open(patient=c.Patient(PATIENT.chart_number, PATIENT.initials))
    assert practice.rows("SELECT count(*) AS n FROM patient") == [{"n": 1}]
    assert practice.desk.find("doverly", actor=practice.member(CORA)).total == 2


FAULTS: dict[str, dict[str, object]] = {
    "payer": {"plan_id": 9_999},
    "clinician": {"clinician_id": MAX},
    "ordered_on": {"ordered_on": date(2026, 11, 17)},
    "requested_to": {"requested_from": date(2026, 12, 2), "requested_to": date(2026, 12, 1)},
    "appointment_on": {"appointment_on": date(2026, 11, 15)},
}


@pytest.mark.parametrize("field", FAULTS)
def test_what_cannot_be_is_told_at_its_field(practice: Bench, field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        practice.open(**FAULTS[field])
    assert set(wrong.value.fields) == {field}
    assert practice.rows("SELECT count(*) AS n FROM patient") == [{"n": 0}]


def test_an_order_of_long_ago_is_asked_about(practice: Bench) -> None:
    with pytest.raises(Invalid, match="more than a year old"):
        practice.open(ordered_on=date(2025, 11, 15))


def leaves(practice: Bench, user: str, **changed: str) -> None:
    member = practice.member(user)
    command = SaveMember(user, member.name, member.roles, active=False, **changed)  # type: ignore[arg-type]
    practice.desk.save_member(command, actor=practice.member(MAX), key=once("staff"))


def test_what_a_leaver_had_goes_to_the_managers_list(practice: Bench) -> None:
    kept = practice.open(by=CARL).state.number
    number = practice.pending().state.number
    leaves(practice, CORA)
    assert practice.desk.card(number, actor=practice.member(MAX)).state.owner_id is None
    assert practice.desk.card(kept, actor=practice.member(MAX)).state.owner_id == CARL
    assert told(practice, "unassigned") == [MAX]
    entry = practice.desk.card(number, actor=practice.member(MAX)).timeline[0]
    assert (entry.kind, entry.by, "no longer" in entry.detail["note"]) == ("assign", "Max Tiller", True)


def test_what_a_leaver_with_a_cover_had_goes_to_the_cover(practice: Bench) -> None:
    cora = practice.member(CORA)
    named = SaveMember(CORA, cora.name, cora.roles, cover_id=CARL)
    practice.desk.save_member(named, actor=practice.member(MAX), key=once("staff"))
    number = practice.pending().state.number
    leaves(practice, CORA, cover_id=CARL)
    assert practice.desk.card(number, actor=practice.member(MAX)).state.owner_id == CARL
    assert told(practice, "assigned") == [CARL]


def test_a_wrong_take_it_puts_the_request_back_on_the_managers_list(practice: Bench) -> None:
    number = practice.open(by=IDA).state.number
    practice.step(CARL, c.Claim(number=number))
    before = practice.rows("SELECT wanted FROM message WHERE kind = 'unassigned'")[0]["wanted"]
    practice.take_back(CARL, number)
    assert practice.rows("SELECT wanted FROM message WHERE kind = 'unassigned'")[0]["wanted"] > before
    assert practice.desk.unassigned(actor=practice.member(MAX)).total == 1


def test_a_queue_is_asked_for_by_a_colleague_s_name(practice: Bench) -> None:
    number = practice.open(by=CARL).state.number
    practice.open(by=CORA)
    page = practice.desk.queue("ostermann", actor=practice.member(CORA))
    assert (page.title, [line.number for line in page.lines]) == ("With Carl Ostermann", [number])


def test_nothing_is_found_by_nothing(practice: Bench) -> None:
    practice.open()
    assert practice.desk.find("  ", actor=practice.member(CORA)).total == 0
