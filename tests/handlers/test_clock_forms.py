"""Holds, changed details and snoozing as people meet them: buttons, forms, one tap."""

from typing import Any

import pytest
from typed_forms import boxes, day, form, moment, picked, words

from pabot.domain import commands_clocks as k
from pabot.domain.errors import Invalid
from pabot.domain.model import Urgency
from pabot.domain.steps_alarms import A_DAY, ON_IT, REASONS
from pabot.handlers.forms import STEP_FORMS
from pabot.handlers.step_form import About

DETAILS: dict[str, dict[str, Any]] = {
    "payer": picked("3", "external_select"),
    "urgency": picked("expedited", "radio_buttons"),
}


def test_what_is_typed_into_the_details_is_what_changes() -> None:
    typed = form(**DETAILS, acknowledged_at=moment(1795449600), appointment_on=day("2026-12-04"), reason=words("fax"))
    command = STEP_FORMS["change_details"].read(typed).command(About(1042, version=4))
    assert isinstance(command, k.ChangeDetails)
    assert (command.number, command.version, command.plan_id, command.urgency) == (1042, 4, 3, Urgency.EXPEDITED)
    assert command.acknowledged_at
    assert (str(command.appointment_on), command.no_appointment, command.reason) == ("2026-12-04", False, "fax")


def test_an_appointment_is_called_off_by_its_box() -> None:
    command = STEP_FORMS["change_details"].read(form(**DETAILS, no_appointment=boxes("yes"))).command(About(1042))
    assert isinstance(command, k.ChangeDetails)
    assert (command.no_appointment, command.appointment_on, command.acknowledged_at) == (True, None, None)


@pytest.mark.parametrize("field", ["until_on", "reason"])
def test_a_hold_needs_its_day_and_its_reason(field: str) -> None:
    typed = {"until_on": day("2026-12-04"), "reason": picked("patient", "radio_buttons")}
    del typed[field]
    with pytest.raises(Invalid) as wrong:
        STEP_FORMS["hold_until"].read(form(**typed))
    assert list(wrong.value.fields) == [field]


def test_a_snooze_needs_no_form_but_for_a_day_of_one_s_own() -> None:
    assert set(REASONS) - {ON_IT} == {"promised", "patient", "clinician", "other"}
    assert A_DAY not in REASONS
