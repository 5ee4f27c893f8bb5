"""The one place that says who a patient is, over every surface, role and privacy level."""

from dataclasses import replace
from itertools import product

import pytest
from message_samples import CORA, LOOK, PATIENT
from screen_samples import DOUBTS, FAY, MINIMUM, PATIENT_SECRETS, pending, view_of

from pabot.domain.cards import PatientFacts, Privacy
from pabot.domain.model import Member, Role
from pabot.domain.submission_sheet import Identity
from pabot.views.card import card_modal
from pabot.views.patients import Surface, identity, may_identify, only_looks, shown

ONE_PERSON = (Surface.EPHEMERAL, Surface.SHEET, Surface.LETTER)


def is_open(surface: Surface, privacy: Privacy) -> bool:
    """A folder of the practice's own is no part of Slack."""
    return surface is Surface.FOLDER or (privacy is Privacy.FULL and surface in ONE_PERSON)


VIEWERS: dict[str, Member | None] = {
    "nobody": None,
    **{role.value: Member("U0ONE", "Somebody Invented", frozenset({role})) for role in Role},
    "front desk and coordinator": Member("U0TWO", "Two Hats", frozenset({Role.VIEWER, Role.COORDINATOR})),
    "no role": Member("U0NIL", "No Role", frozenset()),
}
MAY_LOOK_ONLY = ("nobody", "viewer", "no role")


@pytest.mark.parametrize(("surface", "who", "privacy"), tuple(product(Surface, VIEWERS, Privacy)))
def test_who_the_patient_is_stands_only_before_one_person_who_works_the_queue(
    surface: Surface, who: str, privacy: Privacy
) -> None:
    said = shown(PATIENT, surface, VIEWERS[who], privacy)
    if surface is Surface.PATIENT_TEXT:
        assert said == ""
    elif is_open(surface, privacy) and who not in MAY_LOOK_ONLY:
        assert said == "Juno Dammers (J.D.) · born Apr 2, 1961 · member M-123"
        assert may_identify(surface, VIEWERS[who], privacy)
    else:
        assert said == "J.D."
        assert not [secret for secret in PATIENT_SECRETS if secret in said]
    assert PATIENT.chart_number not in said


@pytest.mark.parametrize(("surface", "who", "privacy"), tuple(product(Surface, VIEWERS, Privacy)))
def test_the_facts_for_a_payer_s_form_are_given_where_identity_may_stand(
    surface: Surface, who: str, privacy: Privacy
) -> None:
    given = identity(PATIENT, surface, VIEWERS[who], privacy)
    if may_identify(surface, VIEWERS[who], privacy):
        assert given == Identity("Dammers", "Juno", PATIENT.born_on, "M-123", "C-88")
    else:
        assert given is None


@pytest.mark.parametrize("who", VIEWERS)
def test_the_front_desk_only_looks(who: str) -> None:
    assert only_looks(VIEWERS[who]) == (who in MAY_LOOK_ONLY)


def test_facts_that_were_not_loaded_leave_the_initials() -> None:
    coordinator = VIEWERS["coordinator"]
    assert shown(PatientFacts("J.D."), Surface.EPHEMERAL, coordinator, Privacy.FULL) == "J.D."
    assert identity(PatientFacts("J.D."), Surface.SHEET, coordinator, Privacy.FULL) is None
    assert shown(replace(PATIENT, initials="J" * 500), Surface.CHANNEL, None, Privacy.MINIMUM) == "J" * 59 + "…"


def test_a_doubt_about_a_diagnosis_is_for_those_who_work_and_does_not_name_it_at_minimum() -> None:
    doubtful = replace(pending(), warnings=DOUBTS)
    for said in map(str, (view_of(MINIMUM, doubtful, CORA), card_modal(LOOK, doubtful, CORA))):
        assert "One of the diagnoses is not in the ICD-10-CM release" in said
        assert "G35" not in said
    assert "One of the diagnoses" not in str(view_of(LOOK, doubtful, FAY))
