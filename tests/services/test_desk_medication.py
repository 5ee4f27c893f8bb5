"""Requests that go by a medication's name or a therapy's visits, from the order to the answer, on each database."""

from typing import Any

import pytest
from record_practice import BILL, CORA, IDA, Bench, once

from pabot.domain import commands as c
from pabot.domain.errors import Invalid, PossibleDuplicate
from pabot.domain.model import Category, ServiceLine
from pabot.domain.orders import Medication, Therapy
from pabot.domain.statuses import Outcome, Status
from pabot.exchange import yaml_files

ADALIMUMAB = Medication("Adalimumab", "40 mg/0.4 mL", 2, 28, "00000-1111-22")
WORST = "<!channel> *bold* \u202e'); drop table patient; --"
BY_NAME: dict[str, Any] = {"category": Category.MEDICATION, "service": "Biologic", "lines": ()}
LIBRARY = """
payer: Northwind Health
plans: [{name: Gold, line_of_business: medicare_advantage}]
checklists:
  - {service: Any medication, category: medication, items: [{label: Prescription, kind: form}]}
  - {service: Infusions, codes: [J0100-J0199], items: [{label: Infusion order, kind: form}]}
"""


def labels(practice: Bench, **order: Any) -> list[str]:
    return [document.label for document in practice.open(**{**BY_NAME, **order}).state.documents]


def test_a_medication_goes_its_way_without_a_code(practice: Bench) -> None:
    number = practice.pending(**BY_NAME, medication=ADALIMUMAB).state.number
    approved = c.RecordApproval(
        number=number, decided_at=practice.clock.now(), authorization_number="A-1", dates_not_stated=True
    )
    state = practice.step(CORA, approved).state
    assert (state.status, state.outcome, state.lines) == (Status.APPROVED, Outcome.APPROVED, ())
    assert state.medication == ADALIMUMAB
    practice.take_back(CORA, number)
    again = practice.desk.card(number, actor=practice.member(CORA)).state
    assert (again.status, again.medication, again.lines) == (Status.PENDING, ADALIMUMAB, ())


@pytest.mark.parametrize("medication", [ADALIMUMAB, Medication(WORST, WORST), Medication("x")])
def test_what_was_typed_comes_back_and_lies_sealed(practice: Bench, medication: Medication) -> None:
    number = practice.open(**BY_NAME, medication=medication).state.number
    assert practice.desk.card(number, actor=practice.member(CORA)).state.medication == medication
    (kept,) = practice.rows('select medication, therapy from "authorization"')
    assert kept["medication"].startswith("1:")  # sealed
    assert kept["therapy"] == ""


def test_a_therapy_keeps_its_visits_beside_its_codes(practice: Bench) -> None:
    therapy = Therapy(12, "Twice a week", 42)
    state = practice.open(category=Category.THERAPY, therapy=therapy).state
    assert (state.therapy, [line.code for line in state.lines]) == (therapy, ["K0856"])


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ({}, "medication_name"),
        ({"medication": Medication(strength="40 mg")}, "medication_name"),
        ({"category": Category.THERAPY, "therapy": Therapy(12)}, "codes"),
        ({"category": Category.SERVICE, "medication": ADALIMUMAB}, "codes"),
    ],
)
def test_nothing_opens_that_a_payer_could_not_name(practice: Bench, order: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        practice.open(**{**BY_NAME, **order})
    assert list(wrong.value.fields) == [field]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ({"medication": ADALIMUMAB}, {"medication": Medication(" adalimumab")}, True),
        ({"medication": ADALIMUMAB}, {"medication": Medication("Etanercept")}, False),
        ({"medication": ADALIMUMAB}, {"lines": (ServiceLine(1, "J0135"),), "medication": ADALIMUMAB}, True),
        ({"medication": ADALIMUMAB}, {"lines": (ServiceLine(1, "J0135"),)}, False),
        ({"lines": (ServiceLine(1, "J0135"),)}, {"lines": (ServiceLine(1, "J0135"),)}, True),
        ({"medication": Medication(WORST)}, {"medication": Medication(WORST)}, True),
    ],
)
def test_a_duplicate_has_the_same_code_or_the_same_medication(
    practice: Bench, first: dict[str, Any], second: dict[str, Any], same: bool
) -> None:
    number = practice.open(**{**BY_NAME, **first}).state.number
    again = practice.order(**{**BY_NAME, **second})
    if not same:
        practice.desk.open_authorization(again, actor=practice.member(BILL), key=once("open"))
        return
    with pytest.raises(PossibleDuplicate) as found:
        practice.desk.open_authorization(again, actor=practice.member(BILL), key=once("open"))
    assert found.value.number == number


def test_without_a_code_the_category_says_which_checklist_holds(practice: Bench) -> None:
    practice.desk.import_payers(list(yaml_files.read("payers.yaml", LIBRARY)), source="payers.yaml")
    plan_id = next(facts.plan_id for facts in practice.desk.plans("Northwind") if facts.plan == "Gold")
    assert labels(practice, plan_id=plan_id, medication=ADALIMUMAB) == ["Prescription"]
    assert labels(practice, plan_id=plan_id, lines=(ServiceLine(1, "J0135"),)) == ["Infusion order"]
    assert labels(practice, plan_id=plan_id, category=Category.THERAPY, lines=(ServiceLine(1, "97110"),)) == []


def test_a_clinician_judges_a_denied_medication_by_its_name(practice: Bench) -> None:
    state = practice.denied(**BY_NAME, medication=ADALIMUMAB).state
    assert (state.status, state.denial and state.denial.routed_to) == (Status.CLINICAL_REVIEW, IDA)
