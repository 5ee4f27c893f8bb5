"""Every form as Slack gets it: within its limits, named by its fields, and saying no more than it should."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from sample_card import (
    ASKED,
    CHECKLIST,
    CLINICIAN,
    COORDINATOR,
    DENIAL,
    KEPT,
    MANAGER,
    NOW,
    PAYER,
    STAFF,
    ZONE,
    approved_untold,
    card,
    with_checklist,
)

from pabot.domain.absence_cards import Portion
from pabot.domain.appeals import WAYS
from pabot.domain.cards import AuthorizationCard, Privacy
from pabot.domain.model import (
    Category,
    Decision,
    DenialClass,
    InformationRequest,
    LineOfBusiness,
    Member,
    ServiceLine,
)
from pabot.domain.orders import Medication, Therapy
from pabot.domain.patient_words import TextName
from pabot.domain.practice import Closure, PracticeSettings
from pabot.domain.statuses import Outcome, Status
from pabot.handlers.forms import STEP_FORMS
from pabot.handlers.forms_library import Check, Payer, Propose, ProposeItem, Refuse
from pabot.handlers.forms_practice import Away, Link, NewRequest, Settings, Staff
from pabot.handlers.forms_renewals import Renewal
from pabot.handlers.forms_wording import Back, Decline, OtherWords, OwnWords
from pabot.views.approvals import approve_form, decline_form
from pabot.views.forms import FORMS
from pabot.views.forms.away import away_form
from pabot.views.forms.clinical import decision_modal
from pabot.views.forms.ending import CORRECT_ENTRY
from pabot.views.forms.library import CHECK, PROPOSE_ITEM, REFUSE, payer_form, propose_form
from pabot.views.forms.opening import LINK, NEW
from pabot.views.forms.practice import STAFF as STAFF_FORM
from pabot.views.forms.practice import settings_form, staff_modal
from pabot.views.forms.renewals import RENEW
from pabot.views.forms.sheet import WHY, Sheet, draw, draw_step
from pabot.views.forms.wording import APPROVE, DECLINE, back_form, own_form
from pabot.views.forms.wording import propose_form as other_words
from pabot.views.ids import Hint, Id
from pabot.views.text import Look, Texts

GOLDEN = Path(__file__).parents[1] / "golden" / "forms"
KEYED = Hint(number=1042, version=7, key="a-form-s-key")


def sheet(
    about: AuthorizationCard | None = None,
    viewer: Member = COORDINATOR,
    hint: Hint = KEYED,
    privacy: Privacy = Privacy.MINIMUM,
) -> Sheet:
    expected = (date(2026, 11, 30), "7 calendar days (CMS-0057-F)")
    return Sheet(look(privacy), NOW.astimezone(ZONE), viewer, STAFF, hint, about, expected)


def look(privacy: Privacy) -> Look:
    return Look(Texts.found(), ZONE, privacy)


def drawn() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every form by name."""
    for kind, form in FORMS.items():
        if kind != "decide_denial":
            yield kind, draw_step(kind, form, sheet(card()))
    for decision in Decision:
        hint = replace(KEYED, version=None, child=5, what=decision.value)
        yield f"decide_denial_{decision}", draw_step("decide_denial", FORMS["decide_denial"], sheet(card(), hint=hint))
    hint = replace(KEYED, version=None, child=5, what="appeal")
    appeal = draw_step("decide_denial", FORMS["decide_denial"], sheet(card(), CLINICIAN, hint))
    yield "decide_denial_appeal_licensed", appeal
    external = replace(card(), appeal_level=WAYS[LineOfBusiness.COMMERCIAL_INSURED][1])
    for kind in ("pack_appeal", "file_appeal"):
        yield f"{kind}_external", draw_step(kind, FORMS[kind], sheet(external))
    argued = card(denial=replace(DENIAL, necessity_where="the chart"))
    yield "file_appeal_argued", draw_step("file_appeal", FORMS["file_appeal"], sheet(argued))
    yield (
        "record_peer_to_peer_licensed",
        draw_step("record_peer_to_peer", FORMS["record_peer_to_peer"], sheet(card(), viewer=CLINICIAN)),
    )
    resubmit = replace(card(line_of_business=LineOfBusiness.MEDICARE_FFS), appeal_level=None)
    hint = replace(hint, what="resubmit")
    yield "decide_denial_resubmit_only", draw_step("decide_denial", FORMS["decide_denial"], sheet(resubmit, hint=hint))
    newer = replace(card(), checklist=KEPT, newer=replace(KEPT, n=4, body=replace(CHECKLIST, form="PMD form v5")))
    yield "take_version_newer", draw_step("take_version", FORMS["take_version"], sheet(newer))
    yield "decide_denial", decision_modal(sheet(replace(card(), steps=("decide_denial",)), viewer=CLINICIAN))
    asked = InformationRequest(9, NOW, "The last note", clinical=False, due_on=date(2026, 12, 4))
    administrative = card(status=Status.ADDL_INFO, denial=None, question=None, information_request=asked)
    packet = FORMS["record_documents"]
    yield "record_documents_for_the_payer", draw_step("record_documents", packet, sheet(administrative))
    worry = replace(KEYED, what="patient_worry")
    yield "ask_clinician_worry", draw_step("ask_clinician", FORMS["ask_clinician"], sheet(administrative, hint=worry))
    yield "return_review_denial", draw_step("return_review", FORMS["return_review"], sheet(card(question=None)))
    change = FORMS["change_codes"]
    yield "change_codes_licensed", draw_step("change_codes", change, sheet(card(), viewer=CLINICIAN))
    yield "change_codes_full", draw_step("change_codes", change, sheet(card(), privacy=Privacy.FULL))
    ordered = {"medication": Medication("Adalimumab", "40 mg", 2, 28), "therapy": Therapy(12, "twice a week", 42)}
    for category, order in ordered.items():
        of_it = card(category=Category(category), lines=(), **{category: order})
        yield f"change_codes_{category}", draw_step("change_codes", change, sheet(of_it))
    booked = card(status=Status.PENDING, denial=None, acknowledged_at=NOW, appointment_on=date(2026, 12, 4))
    yield "change_details_booked", draw_step("change_details", FORMS["change_details"], sheet(booked))
    approved = approved_untold()
    treated = card(
        status=Status.CLOSED,
        denial=None,
        outcome=Outcome.APPROVED,
        expires_on=date(2026, 12, 7),
        category=Category.THERAPY,
        therapy=Therapy(20, "twice a week", 70),
        lines=(ServiceLine(1, "97110", "GP", 20, approved=True, units_approved=20, units_used=17),),
    )
    yield "record_use", draw_step("record_use", FORMS["record_use"], sheet(treated))
    for privacy in Privacy:
        yield f"renew_{privacy}", draw(RENEW, sheet(treated, privacy=privacy), Id.RENEW_SUBMIT)
    drug = replace(treated.state, category=Category.MEDICATION, therapy=None, medication=Medication("Adalimumab"))
    yield "renew_medication", draw(RENEW, sheet(replace(treated, state=drug)), Id.RENEW_SUBMIT)
    for kind in ("tell_patient", "waive_update"):
        yield f"{kind}_and_close", draw_step(kind, FORMS[kind], sheet(approved))
        yield f"{kind}_steps", draw_step(kind, FORMS[kind], sheet(with_checklist(approved)))
    for kind in ("submit", "send_again", "record_approval", "close"):
        yield f"{kind}_checklist", draw_step(kind, FORMS[kind], sheet(with_checklist(card())))
    yield "correct_entry", draw(CORRECT_ENTRY, sheet(card(), hint=replace(KEYED, save="save-1")), Id.CORRECT_SUBMIT)
    yield "new", draw(NEW, sheet(hint=Hint(key="k")), Id.NEW_SUBMIT)
    yield "new_full", draw(NEW, sheet(viewer=CLINICIAN, hint=Hint(key="k"), privacy=Privacy.FULL), Id.NEW_SUBMIT)
    for category in ("medication", "therapy"):
        yield f"new_{category}", draw(NEW, sheet(hint=Hint(key="k", what=category)), Id.NEW_SUBMIT)
    yield "record_approval_whole", draw_step("record_approval", FORMS["record_approval"], sheet(card(lines=())))
    yield "new_again", draw(NEW, sheet(hint=Hint(key="k", again=True, number=1017)), Id.NEW_SUBMIT)
    yield "propose", draw(propose_form(CHECKLIST, "Harbor Health · Gold"), sheet(hint=Hint(key="k")), Id.PROPOSE_SUBMIT)
    yield "propose_item", draw(PROPOSE_ITEM, sheet(hint=Hint(key="k", child=3)), Id.PROPOSE_ITEM_SUBMIT)
    for kind in ("withdraw", "reopen", "submit"):
        asks = replace(sheet(card()), asks="Max Tiller")
        yield f"{kind}_asks", draw_step(kind, FORMS[kind], asks)
    for name, form, submit in (
        ("approve", approve_form(ASKED), Id.APPROVE_SUBMIT),
        ("decline", decline_form(ASKED), Id.DECLINE_SUBMIT),
    ):
        yield name, draw(form, sheet(card(), viewer=MANAGER, hint=replace(KEYED, child=5)), submit)
    yield "refuse", draw(REFUSE, sheet(hint=Hint(key="k", child=5)), Id.REFUSE_SUBMIT)
    denied = TextName("denied", "en")
    other, own = other_words(denied, "{{ payer }} said no."), own_form("en", "They said no.", alone=False)
    yield "words_propose", draw(other, sheet(hint=Hint(key="k", what="denied:en")), Id.WORDING_SUBMIT)
    yield "words_back", draw(back_form(denied), sheet(hint=Hint(key="k", what="denied:en")), Id.WORDING_BACK_SUBMIT)
    asked = Hint(key="k", number=1042, what="denied:en")
    yield "own_words", draw(own, sheet(card(), hint=asked), Id.OWN_WORDS_SUBMIT)
    alone = own_form("es", "Dijeron que no.", alone=True)
    yield "own_words_alone", draw(alone, sheet(card(), viewer=CLINICIAN, hint=asked), Id.OWN_WORDS_SUBMIT)
    yield "words_approve", draw(APPROVE, sheet(hint=Hint(key="k", child=5)), Id.WORDS_APPROVE_SUBMIT)
    yield "words_decline", draw(DECLINE, sheet(hint=Hint(key="k", child=5)), Id.WORDS_DECLINE_SUBMIT)
    yield "payer", draw(payer_form(PAYER), sheet(viewer=MANAGER, hint=Hint(key="k", child=2)), Id.PAYER_SUBMIT)
    for kind in ("record_information_request", "record_denial"):
        known = replace(card(), checklist=KEPT)
        yield f"{kind}_with_checklist", draw_step(kind, FORMS[kind], sheet(known))
    yield "check", draw(CHECK, sheet(hint=Hint(key="k")), Id.CHECK_SUBMIT)
    yield "link", draw(LINK, sheet(hint=Hint(key="k", what="Discussed in Slack.")), Id.LINK_SUBMIT)
    yield "staff", staff_modal(STAFF)
    yield "staff_add", draw(STAFF_FORM, sheet(viewer=MANAGER, hint=Hint(key="k")), Id.STAFF_SUBMIT)
    yield "staff_change", draw(STAFF_FORM, sheet(viewer=MANAGER, hint=Hint(key="k", what="U0MAX")), Id.STAFF_SUBMIT)
    portions = (Portion("Carl Ostermann", 7, ("Harbor Health",)), Portion("Bill Aster", 1, tuple("ABCDEFGH")))
    away = {"away": (COORDINATOR, ()), "away_other": (CLINICIAN, ()), "away_split": (MANAGER, portions)}
    for name, (person, split) in away.items():
        form = away_form(person, date(2026, 11, 24), split)
        yield name, draw(form, sheet(hint=Hint(key="k", what=person.user_id)), Id.AWAY_SUBMIT)
    settings = PracticeSettings(
        "America/New_York", "08:00-17:00 mon-fri", "US", (Closure(date(2026, 12, 24), time(12)),), "C0TEAM"
    )
    settings = replace(settings, clinician_owners=(("U0DOC", "U0CORA"),))
    yield "settings", draw(settings_form(settings, ()), sheet(viewer=MANAGER, hint=Hint(key="k")), Id.SETTINGS_SUBMIT)


VIEWS = dict(drawn())


def inputs(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}


@pytest.mark.parametrize("name", VIEWS)
def test_a_form_looks_as_agreed(name: str, request: pytest.FixtureRequest) -> None:
    """`--update-golden` draws the agreed payloads anew."""
    path, view = GOLDEN / f"{name}.json", VIEWS[name]
    if request.config.getoption("--update-golden"):
        GOLDEN.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(view, indent=2, ensure_ascii=False) + "\n")
    assert json.loads(path.read_text()) == view


@pytest.mark.parametrize("name", VIEWS)
def test_a_form_keeps_to_the_limits_that_the_library_does_not_see(name: str) -> None:
    view = VIEWS[name]
    blocks = [block["block_id"] for block in view["blocks"]]
    assert len(blocks) == len(set(blocks))
    assert len(json.dumps(view)) < 250_000
    for block in inputs(view).values():
        assert block["element"].get("max_length", 1) <= 3000
        assert len(block["element"].get("options", [1])) <= (10 if block["element"]["type"] == "radio_buttons" else 100)


@pytest.mark.parametrize("name", VIEWS)
def test_a_form_never_shows_who_the_patient_is(name: str) -> None:
    said = json.dumps(VIEWS[name])
    assert not [secret for secret in ("Juno", "Dammers", "C-88", "M-123", "1961") if secret in said]


@pytest.mark.parametrize("kind", STEP_FORMS)
def test_a_step_s_fields_are_those_that_are_read(kind: str) -> None:
    """A block's id is the name of a field; a field that must be filled cannot be left out on the screen."""
    views = [view for name, view in VIEWS.items() if view.get("callback_id") == f"pa.{kind}.submit"]
    fields = STEP_FORMS[kind].model_fields
    numbered = STEP_FORMS[kind].gathers
    blocks = {name: block for view in views for name, block in inputs(view).items()}
    asked = {name: block for name, block in blocks.items() if name.rpartition("_")[0] not in numbered}
    assert {name.rpartition("_")[0] for name in blocks if name not in asked} == set(numbered)
    assert set(asked) - {WHY} == set(fields) - set(numbered)
    needed = {name for name, field in fields.items() if field.is_required()}
    judged = {
        "payer_told",
        "codes",
        "diagnoses",
        "director",
        "acknowledged_at",
        "signed_by",
    }  # needed of some people or requests, as the rules know
    judged -= needed
    assert needed == {name for name, block in asked.items() if not block.get("optional")} - judged


@pytest.mark.parametrize(
    ("names", "model"),
    [
        (("new_full", "new_medication", "new_therapy"), NewRequest),
        (("renew_full", "renew_medication"), Renewal),
        (("check",), Check),
        (("propose",), Propose),
        (("propose_item",), ProposeItem),
        (("refuse",), Refuse),
        (("words_propose",), OtherWords),
        (("words_back",), Back),
        (("own_words",), OwnWords),
        (("words_decline",), Decline),
        (("payer",), Payer),
        (("link",), Link),
        (("staff_add",), Staff),
        (("away", "away_split"), Away),
        (("settings",), Settings),
    ],
)
def test_the_other_forms_fields_are_those_that_are_read(names: tuple[str, ...], model: Any) -> None:
    assert {field for name in names for field in inputs(VIEWS[name])} == set(model.model_fields)


def test_identity_is_asked_for_only_where_the_practice_shows_it() -> None:
    identity = {"first_name", "last_name", "born_on", "member_id"}
    assert not identity & set(inputs(VIEWS["new"]))
    assert identity <= set(inputs(VIEWS["new_full"]))


def test_the_duplicate_is_named_above_the_same_fields() -> None:
    again = VIEWS["new_again"]
    assert "PA-1017" in again["blocks"][0]["text"]["text"]
    assert inputs(again) == inputs(VIEWS["new"])
    assert Hint.unpacked(again["private_metadata"]).again


def test_what_the_checklist_says_prefills_the_submission_and_no_date() -> None:
    for name in ("submit_checklist", "send_again_checklist"):
        channel = inputs(VIEWS[name])["channel"]
        assert channel["element"]["initial_option"]["value"] == "fax"
        assert channel["hint"]["text"] == "The payer's form: PMD request <v4>"
    for name in ("submit_checklist", "record_approval_checklist"):
        ends = inputs(VIEWS[name])["expires_on"]
        assert "usually hold 90 days: one from today, until Sat Feb 20, 2027" in ends["hint"]["text"]
        assert "initial_date" not in ends["element"]
    assert "hint" not in inputs(VIEWS["record_approval"])["expires_on"]


def test_closure_steps_are_boxes_that_nobody_ticked() -> None:
    for name in ("close_checklist", "tell_patient_steps", "waive_update_steps"):
        first, second = (inputs(VIEWS[name])[f"closure_steps_{group}"] for group in (1, 2))
        assert first["element"]["options"][0]["text"]["text"] == "Send the number to the vendor"
        assert [option["value"] for option in second["element"]["options"]] == ["Step 11"]
        assert not [block for block in (first, second) if "initial_options" in block["element"]]
        assert "note" in inputs(VIEWS[name])
    assert "closure_steps_1" not in inputs(VIEWS["tell_patient_and_close"])
    assert "note" not in inputs(VIEWS["waive_update_and_close"])


@pytest.mark.parametrize(
    ("decision", "changed", "doubts"),
    [
        (Decision.APPEAL, {}, []),
        (Decision.APPEAL, {"denial_class": DenialClass.ADMINISTRATIVE}, ["mendable"]),
        (Decision.RESUBMIT, {"denial_class": DenialClass.ADMINISTRATIVE}, []),
        (Decision.APPEAL, {"appeal_by": date(2026, 11, 22)}, ["window_over"]),
        (Decision.APPEAL, {"appeal_by": date(2026, 11, 23)}, []),  # its last day is today
        (Decision.P2P, {"p2p_by": date(2026, 11, 20)}, ["window_over"]),
        (Decision.P2P, {"appeal_by": date(2026, 11, 20), "p2p_by": None}, []),
    ],
)
def test_a_decision_s_form_says_what_speaks_against_it(
    decision: Decision, changed: dict[str, Any], doubts: list[str]
) -> None:
    about = card(denial=replace(DENIAL, **changed))
    hint = replace(KEYED, version=None, child=5, what=decision.value)
    blocks = draw_step("decide_denial", FORMS["decide_denial"], sheet(about, hint=hint))["blocks"]
    assert [block["block_id"] for block in blocks if block["block_id"] in ("window_over", "mendable")] == doubts


def test_closing_is_offered_to_whoever_may_close() -> None:
    denied = card(status=Status.DENIED, denial=None, outcome=Outcome.DENIED)

    def offers(about: AuthorizationCard) -> bool:
        return "and_close" in inputs(draw_step("tell_patient", FORMS["tell_patient"], sheet(about)))

    assert offers(denied)
    assert not offers(replace(denied, closes=False))


def test_a_category_asks_for_what_belongs_to_it_and_keeps_the_rest() -> None:
    """Slack keeps what was typed where block and action have the same ids."""
    usual = inputs(VIEWS["new"])
    medication, therapy = (inputs(VIEWS[f"new_{category}"]) for category in ("medication", "therapy"))
    assert set(medication) - set(usual) == {"medication_name", "strength", "quantity", "days_supply", "ndc"}
    assert set(therapy) - set(usual) == {"visits", "frequency", "period_days"}
    assert [name for name, block in medication.items() if name in usual and block != usual[name]] == [
        "category",
        "codes",
    ]
    assert medication["codes"]["optional"]
    for name in usual:
        assert medication[name]["element"]["action_id"] == usual[name]["element"]["action_id"]
    for other in ("procedure", "imaging", "surgery"):
        view = draw(NEW, sheet(hint=Hint(key="k", what=other)), Id.NEW_SUBMIT)
        assert set(inputs(view)) == set(usual)


def test_what_has_no_codes_is_approved_as_a_whole() -> None:
    whole = inputs(VIEWS["record_approval_whole"])
    assert [one["value"] for one in whole["approved"]["element"]["options"]] == ["whole"]
    assert not [name for name in whole if name.startswith("units")]


def test_a_change_of_codes_begins_with_those_on_file() -> None:
    form = inputs(VIEWS["change_codes"])
    assert form["codes"]["element"]["initial_value"] == "K0856 NU x1\nE2361 x2"
    assert list(form) == ["codes", "diagnoses", "director", "reason"]
    assert not form["director"].get("optional")
    assert "director" not in inputs(VIEWS["change_codes_licensed"])


def test_the_diagnoses_on_file_stand_only_where_identity_may() -> None:
    assert "G35" not in json.dumps(VIEWS["change_codes"])
    assert "Leave empty to keep those on file" in json.dumps(VIEWS["change_codes"])
    shown = inputs(VIEWS["change_codes_full"])["diagnoses"]
    assert [one["value"] for one in shown["element"]["initial_options"]] == ["G35"]
    assert not shown.get("optional")
