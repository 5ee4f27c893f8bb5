"""A decision is about the right patient: initials alone may mean another, a chart number does not."""

from dataclasses import replace

import pytest
from record_practice import IDA, NED, PATIENT, Bench

from pabot.domain import commands as c
from pabot.domain.errors import Invalid
from pabot.domain.model import Decision

OTHER = replace(PATIENT, chart_number="C-2002")  # the same initials
ELSE = replace(PATIENT, chart_number="C-3003", initials="Z.Q.")


def decide(practice: Bench, number: int, chart_number: str = "") -> None:
    denial = practice.desk.card(number, actor=practice.member(IDA)).state.denial
    assert denial
    assert denial.id
    command = c.DecideDenial(
        number=number, denial_id=denial.id, decision=Decision.APPEAL, reason="The notes.", chart_number=chart_number
    )
    practice.step(IDA, command)


@pytest.mark.parametrize(
    ("changed", "namesake"),
    [
        ({"patient": OTHER}, True),
        ({"patient": OTHER, "clinician_id": NED}, False),  # another clinician's
        ({"patient": ELSE}, False),
        ({"patient": PATIENT}, False),  # the same patient's other request
    ],
)
def test_when_initials_could_be_another_s(practice: Bench, changed: dict[str, object], namesake: bool) -> None:
    number = practice.denied().state.number
    practice.open(**changed)
    assert practice.desk.card(number, actor=practice.member(IDA)).namesake is namesake


def test_closed_requests_are_nobody_s_namesakes(practice: Bench) -> None:
    number = practice.denied().state.number
    other = practice.open(patient=OTHER).state.number
    practice.step(IDA, c.Withdraw(number=other, reason="duplicate", payer_told=True))
    assert not practice.desk.card(number, actor=practice.member(IDA)).namesake
    decide(practice, number)


def test_with_a_namesake_the_chart_number_is_wanted(practice: Bench) -> None:
    number = practice.denied().state.number
    practice.open(patient=OTHER)
    for chart, said in (
        ("", "type the chart number you looked at"),
        ("C-2002", "does not match this patient. Nothing was decided"),
    ):
        with pytest.raises(Invalid, match=said) as wrong:
            decide(practice, number, chart)
        assert list(wrong.value.fields) == ["chart_number"]
    decide(practice, number, PATIENT.chart_number)
    card = practice.desk.card(number, actor=practice.member(IDA))
    assert card.state.denial
    assert card.state.denial.decision is Decision.APPEAL
    assert not card.namesake  # nothing is left to decide
    assert PATIENT.chart_number not in str(card.timeline)


def test_without_one_it_is_checked_all_the_same(practice: Bench) -> None:
    number = practice.denied().state.number
    with pytest.raises(Invalid, match="does not match"):
        decide(practice, number, "C-2002")
    decide(practice, number)
