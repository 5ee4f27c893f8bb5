"""Cards, lists, the Home tab, help and problems: as agreed, within Slack's limits, saying no more than they may."""

import json
import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from message_samples import BEA, CORA, DENIAL, HOSTILE, IDA, LOOK, NOW, card, line
from reading import fits, words
from screen_samples import (
    FAY,
    HELP,
    MAX,
    MINIMUM,
    PATIENT_SECRETS,
    SCREENS,
    a_page,
    board,
    gathering,
    known,
    ordered,
    pending,
    rendered,
    ten,
    to_send,
    told,
    view_of,
    with_every_step,
)

from pabot.domain.decide import STEPS_BY_KIND
from pabot.domain.model import DenialClass
from pabot.domain.statuses import Outcome, Status
from pabot.domain.triggers import TRIGGERS
from pabot.views import buttons, home, problem, queue
from pabot.views import card as cards
from pabot.views import help as helps
from pabot.views.ids import Hint, Id, step_open
from pabot.views.text import Rendered

GOLDEN = Path(__file__).parents[1] / "golden" / "views"
OFFERED = {kind for kind, rule in STEPS_BY_KIND.items() if rule.offered}  # the others answer an alarm


def said(view: dict[str, Any]) -> str:
    return words(Rendered("", view["blocks"]))


def pressable(view: dict[str, Any]) -> dict[str, str]:
    """Label -> action id of every button, wherever it stands."""
    elements = [element for block in view["blocks"] for element in block.get("elements", []) if "action_id" in element]
    elements += [block["accessory"] for block in view["blocks"] if "accessory" in block]
    return {element.get("text", element.get("placeholder"))["text"]: element["action_id"] for element in elements}


def carried(view: dict[str, Any], label: str) -> Hint:
    elements = [element for block in view["blocks"] for element in block.get("elements", [])]
    elements += [block["accessory"] for block in view["blocks"] if "accessory" in block]
    return Hint.unpacked(next(e["value"] for e in elements if e.get("text", {}).get("text") == label))


@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_is_as_it_was_looked_at(request: pytest.FixtureRequest, name: str) -> None:
    """`--update-golden` keeps the new payloads."""
    path = GOLDEN / f"{name}.json"
    now = json.dumps(SCREENS[name](), indent=1, ensure_ascii=False) + "\n"
    if request.config.getoption("--update-golden"):
        path.write_text(now, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == now


@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_fits(name: str) -> None:
    in_limits(SCREENS[name]())


def in_limits(view: dict[str, Any]) -> None:
    """What Slack refuses and the library does not see: names given twice, too much text."""
    fits(Rendered("", view["blocks"]))
    assert len(json.dumps(view)) < 250_000
    for block in view["blocks"]:
        ids = [element["action_id"] for element in block.get("elements", []) if "action_id" in element]
        assert len(ids) == len(set(ids))
        assert len(ids) <= 25
        assert all(len(field["text"]) <= 2000 for field in block.get("fields", []))


@pytest.mark.parametrize("name", SCREENS)
def test_only_a_full_card_says_who_the_patient_is(name: str) -> None:
    view = SCREENS[name]()
    shown = json.dumps(view, ensure_ascii=False)
    found = [secret for secret in PATIENT_SECRETS if secret in shown]
    told = {"card_pending_full": PATIENT_SECRETS[:3] + PATIENT_SECRETS[4:], "sheet_full": PATIENT_SECRETS}
    assert found == list(told.get(name, ()))
    assert not [secret for secret in PATIENT_SECRETS if secret in view.get("text", "")]


def test_a_card_says_what_happened_what_is_next_and_how_late() -> None:
    words = said(view_of(MINIMUM, pending(), CORA))
    for part in (
        "PA-1042 · ⏳ Pending payer response · Standard",
        "The payer has it.",
        "*Next:* Follow up with the payer · waits for *Cora Lindqvist*",
        "*Submitted*\nWed Nov 18, 10:30 AM EST",
        "*Expected response*\nWed Nov 25, 2026 · standard window, 7 calendar days",
        "*Tracking number*\nNW_20_118",
        "E2361 × 2",
        "*5 hours late* · due Mon Nov 23, 5:30 AM EST · the next check with the payer, set for Nov 23",
        "2 days left",
        "Northwind Health has the request for your power wheelchair",
        "~ _recorded in error_",
        "_and 12 more_",
    ):
        assert part in words


def test_a_card_says_what_is_asked_for_without_codes() -> None:
    words = said(view_of(MINIMUM, ordered(), CORA))
    assert "Adalimumab 40 mg/0.4 mL · quantity 2 · for 28 days · NDC 00000-1111-22" in words
    assert "12 visits · Twice a week · over 1 day" in words


def test_a_told_patient_is_a_badge_on_the_card() -> None:
    assert "Patient told ✓ Mon Nov 23, 9:30 AM EST, by phone" in said(view_of(MINIMUM, told(), CORA))
    assert "Patient told" not in said(view_of(MINIMUM, pending(), CORA))


BY_ITSELF = {"decide_denial", "attest_urgency", "ask_clinician"}  # kinds that are chosen among several


def test_every_step_has_one_button_and_no_other_is_shown() -> None:
    shown = set(pressable(view_of(MINIMUM, with_every_step(), IDA)).values())
    decided = {Id.DECIDE_APPEAL, Id.DECIDE_P2P, Id.DECIDE_RESUBMIT, Id.DECIDE_ACCEPT}
    chosen = {*decided, Id.ATTEST_YES, Id.ATTEST_NO, Id.ASK_BECAUSE}
    assert shown == {step_open(kind) for kind in OFFERED if kind not in BY_ITSELF} | chosen | {Id.CORRECT_OPEN}
    assert {*buttons.ORDER, *buttons.SECOND_ROW, buttons.NEEDS_CLINICIAN} == OFFERED
    none = replace(with_every_step(), steps=(), correctable=None)
    assert pressable(view_of(MINIMUM, none, FAY)) == {}


@pytest.mark.parametrize("kind", sorted(OFFERED))
def test_a_card_shows_a_step_s_button_when_this_person_may_take_it(kind: str) -> None:
    only = replace(with_every_step(), steps=(kind,), correctable=None)
    assert pressable(view_of(MINIMUM, only, IDA))
    if kind not in BY_ITSELF:
        assert list(pressable(view_of(MINIMUM, only, IDA)).values()) == [step_open(kind)]


def test_each_of_the_six_occasions_is_one_press() -> None:
    view = view_of(MINIMUM, replace(with_every_step(), steps=("ask_clinician",)), CORA)
    (menu,) = [one for block in view["blocks"] for one in block.get("elements", []) if one["type"] == "static_select"]
    chosen = [Hint.unpacked(option["value"]) for option in menu["options"]]
    assert chosen == [Hint(number=1042, what=trigger) for trigger in TRIGGERS]


def test_buttons_carry_hints_and_no_facts() -> None:
    view = view_of(MINIMUM, with_every_step(), IDA)
    assert carried(view, "Hand over") == Hint(number=1042)
    assert carried(view, "Appeal") == Hint(number=1042, child=77)
    assert carried(view, "Recorded in error") == Hint(number=1042, save="save-1")


def test_the_likeliest_step_stands_out_but_no_judgement_does() -> None:
    first = next(block for block in view_of(MINIMUM, pending(), CORA)["blocks"] if block["type"] == "actions")[
        "elements"
    ]
    assert [(one["text"]["text"], one.get("style")) for one in first[:2]] == [
        ("Log a contact", "primary"),
        ("Approved", None),
    ]
    judged = replace(card(question=None), steps=("decide_denial", "route"))
    assert not [one for one in first_row(view_of(MINIMUM, judged, IDA)) if one.get("style") == "primary"]


def first_row(view: dict[str, Any]) -> list[dict[str, Any]]:
    """The first row of buttons."""
    return list(next(block for block in view["blocks"] if block["type"] == "actions")["elements"])


def test_a_biller_s_card_does_not_offer_to_accept_what_only_a_clinician_may() -> None:
    wrong_code = replace(card().state.denial, reason="wrong_code", denial_class=DenialClass.ADMINISTRATIVE)  # type: ignore[type-var]
    made = card(denial=wrong_code)
    assert "Accept denial" not in pressable(view_of(MINIMUM, made, BEA))
    assert "Accept denial" in pressable(view_of(MINIMUM, made, IDA))


def test_the_front_desk_reads_where_it_stands_but_not_what_was_written() -> None:
    made = replace(pending(documents_missing="Sleep study"), note="Ask for the October note.", steps=())
    worker, desk = said(view_of(LOOK, made, CORA)), said(view_of(LOOK, made, FAY))
    for written in ("Sleep study", "October note", "You know them."):
        assert written in worker
        assert written not in desk
    assert "Pending payer response" in desk
    assert "If the patient calls, say" in desk


def test_the_words_for_the_patient_follow_the_facts() -> None:
    late = a_page(line(status=Status.PENDING, submitted_at=NOW, expected_on=NOW.date().replace(day=20)))
    assert "taking longer than usual" in said(rendered(queue.list_message(MINIMUM, late)))
    partial = a_page(line(status=Status.CLINICAL_REVIEW, outcome=Outcome.PARTIAL))
    assert "approved part of the request" in said(rendered(queue.list_message(MINIMUM, partial)))


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("outcome", [None, *Outcome])
def test_every_state_of_a_request_can_be_drawn(status: Status, outcome: Outcome | None) -> None:
    in_limits(view_of(MINIMUM, pending(status=status, outcome=outcome), CORA))
    in_limits(rendered(queue.list_message(MINIMUM, a_page(line(status=status, outcome=outcome)))))


def test_a_line_of_the_queue_says_it_all() -> None:
    told_line = line(
        status=Status.APPROVED, outcome=Outcome.APPROVED, patient_told_at=NOW, submitted_at=NOW, needed="Close it"
    )
    shown = said(rendered(queue.list_message(MINIMUM, a_page(told_line))))
    for part in (
        "*PA-1042* · J.D. · Northwind Health",
        "✅ Approved",
        "patient told ✓",
        "submitted Mon Nov 23",
        "Close it",
    ):
        assert part in shown


@pytest.mark.parametrize(
    ("page", "turns"),
    [(1, {"Next ›": 2}), (2, {"‹ Previous": 1, "Next ›": 3}), (3, {"‹ Previous": 2})],
)
def test_pages_are_turned_at_both_ends(page: int, turns: dict[str, int]) -> None:
    view = queue.list_modal(MINIMUM, a_page(*ten(), page=page, pages=3, query="@U0CORA"))
    found = {label: carried(view, label) for label, action in pressable(view).items() if action == Id.QUEUE_PAGE}
    assert found == {label: Hint(what="@U0CORA", number=to) for label, to in turns.items()}


def test_an_empty_list_is_kind_and_says_where_to_look() -> None:
    shown = said(rendered(queue.list_message(MINIMUM, a_page())))
    assert "good news" in shown
    assert "/pa find" in shown


def test_a_closed_request_in_a_list_does_not_say_that_it_waits() -> None:
    closed = line(status=Status.CLOSED, outcome=Outcome.DENIED, needed="Nothing", waits_for="nobody")
    assert "waits for" not in said(rendered(queue.list_message(MINIMUM, a_page(closed))))


def test_a_name_with_line_breaks_makes_no_line_of_its_own() -> None:
    forged = line(service="MRI\nPA-9 · J.D. · approved", payer="Northwind\nHealth")
    listed = said(rendered(queue.list_message(MINIMUM, a_page(forged))))
    assert "Northwind Health · MRI PA-9 · J.D. · approved" in listed
    noted = replace(pending(documents_missing="Sleep\nstudy"), note="Call\nNext: close it", service="MRI\nof the back")
    written = said(view_of(MINIMUM, noted, CORA))
    for kept in ("Sleep study", "Call Next: close it", "*MRI of the back*"):
        assert kept in written


def test_an_ampersand_in_a_fact_is_escaped_once() -> None:
    assert "· rule of A &amp; B" in said(view_of(MINIMUM, pending(expected_source="rule of A & B"), CORA))


def test_the_home_tab_shows_to_each_what_is_theirs() -> None:
    manager, coordinator = home.home_view(MINIMUM, board(MAX)), home.home_view(MINIMUM, board(CORA))
    for part in ("Nobody has these", "PA-1050", "These messages could not be sent", "channel_not_found"):
        assert part in said(manager)
        assert part not in said(coordinator)
    assert "New request" in pressable(coordinator)
    assert "New request" not in pressable(home.home_view(MINIMUM, board(FAY)))
    assert {block["type"] for block in manager["blocks"]} == {"section", "actions"}


def test_the_lists_of_home_say_how_many_there_are_behind_what_is_shown() -> None:
    page = a_page(*(line(1000 + index) for index in range(10)), title="Your work")
    busy = replace(board(IDA), mine=replace(page, total=15, pages=2))
    assert "*Your work* · 15 requests" in said(home.home_view(MINIMUM, busy))
    assert "_and 5 more_" in said(home.home_view(MINIMUM, busy))


def test_help_is_the_table_that_parses() -> None:
    for usage, meaning in HELP:
        shown = said(helps.help_modal(MINIMUM, HELP)).replace("&lt;", "<").replace("&gt;", ">")
        assert f"`{usage}`  {meaning}" in shown


@pytest.mark.parametrize("sentence", ["PA-9 was not found.", "Too long. " * 60, HOSTILE])
def test_a_problem_is_told_in_full_wherever_it_is_shown(sentence: str) -> None:
    modal, message = problem.problem_modal(sentence), problem.problem_message(sentence)
    in_limits(modal)
    in_limits(rendered(message))
    assert len(modal["blocks"][0]["text"]["text"]) <= 200
    assert len(modal["blocks"]) == (1 if len(sentence) <= 200 else 2)


KEPT = re.compile(
    r"(_id|_on|_by|_of|_to|^id|^save|^kind|^unit|^source|^clock|^outcome|^code|^modifiers|^names|^steps|^reason|^asks|^trigger)$"
)


def hostile(value: Any, name: str = "") -> Any:
    """The same facts with every typed word replaced by the worst one, at every depth; ids, dates and choices stay."""
    if KEPT.search(name):
        return value
    if type(value) is str:
        return HOSTILE
    if isinstance(value, tuple):
        return tuple(hostile(one, name) for one in value)
    if isinstance(value, dict):
        return {key: hostile(one, key) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{field.name: hostile(getattr(value, field.name), field.name) for field in fields(value)}
        )
    return value


@pytest.mark.parametrize(
    "made", [pending, told, card, gathering, ordered, with_every_step, to_send, lambda: known(pending())]
)
@pytest.mark.parametrize("draw", [view_of, cards.card_modal])
def test_hostile_words_in_every_field_change_no_screen(
    made: Callable[[], Any], draw: Callable[..., dict[str, Any]]
) -> None:
    worst = replace(hostile(made()), names={CORA.user_id: HOSTILE, IDA.user_id: HOSTILE}, correctable=None)
    view = draw(MINIMUM, worst, CORA)
    assert "∗bold∗" in json.dumps(view, ensure_ascii=False)
    harmless(view)


def test_hostile_words_in_a_list_change_no_screen() -> None:
    bad = line(patient=hostile(line().patient), payer=HOSTILE, service=HOSTILE, needed=HOSTILE, waits_for=HOSTILE[:200])
    harmless(rendered(queue.list_message(MINIMUM, replace(a_page(bad), title=HOSTILE))))
    full = replace(board(MAX), unassigned=a_page(bad), undelivered=(HOSTILE,) * 30)
    harmless(home.home_view(MINIMUM, replace(full, member=replace(MAX, name=HOSTILE[:200]))))


def harmless(view: dict[str, Any]) -> None:
    in_limits(view)
    shown = json.dumps(view, ensure_ascii=False)
    assert "<!channel>" not in shown
    assert "<https:" not in shown
    assert "*bold*" not in shown
    assert "\u202e" not in shown


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ({"reason": "other", "reason_text": ""}, True),
        ({"reason": "other", "reason_text": "Policy 12 is not met."}, False),
        ({"reason": "missing_docs", "reason_text": ""}, False),
    ],
)
def test_a_denial_that_says_nothing_asks_for_the_specific_reason(changed: dict[str, str], asked: bool) -> None:
    state = replace(card().state, outcome=Outcome.DENIED, denial=replace(DENIAL, **changed))
    shown = json.dumps(view_of(MINIMUM, replace(card(), state=state), CORA))
    assert ("ask the payer for the specific one" in shown) is asked
