"""Each of the twelve fields of a checklist, from its file to the place where people meet it.

A row changes one field of a file that is brought in, and looks at what a new request then shows, asks for or refuses.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from record_practice import CORA, IDA, Bench

from pabot.domain import commands as c
from pabot.domain.cards import AuthorizationCard, Privacy
from pabot.domain.deadlines import Clock
from pabot.domain.errors import Invalid
from pabot.domain.model import ToldBy
from pabot.domain.submission_sheet import submission_sheet
from pabot.exchange import yaml_files
from pabot.views import card as cards
from pabot.views import queue
from pabot.views.forms import FORMS
from pabot.views.forms.sheet import Sheet, draw_step
from pabot.views.ids import Hint
from pabot.views.text import Look, Texts

FILE = """
payer: Harbor Health
# of the payer
plans:
  - {name: Gold, line_of_business: medicare_advantage}
  - {name: Silver, line_of_business: medicare_advantage}
checklists:
  - service: Power wheelchairs
    codes: [K0800-K0899]
    # of the checklist
"""
TEXTS = Texts.found()
Place = Callable[[Bench], Any]


def bring_in(bench: Bench, text: str) -> None:
    bench.desk.import_payers(list(yaml_files.read("harbor.yaml", text)), source="harbor.yaml")


def opened(bench: Bench) -> AuthorizationCard:
    return bench.open(plan_id=bench.desk.plans("Harbor Gold")[0].plan_id)


def at_the_payer(bench: Bench) -> AuthorizationCard:
    return bench.pending(plan_id=bench.desk.plans("Harbor Gold")[0].plan_id)


def approved(bench: Bench) -> AuthorizationCard:
    number = at_the_payer(bench).state.number
    decided = {"decided_at": bench.clock.now(), "authorization_number": "A-1", "dates_not_stated": True}
    return bench.step(CORA, c.RecordApproval(number=number, **decided))


def checklist(bench: Bench) -> str:
    kept = opened(bench).checklist
    return kept.body.service if kept else "none"


def documents(bench: Bench) -> list[str]:
    return [document.label for document in opened(bench).state.documents]


def may_be_sent(bench: Bench) -> bool:
    """The guard: what is wanting keeps the request from being ready."""
    return "mark_ready" in opened(bench).steps


def due(clock: Clock) -> Place:
    def place(bench: Bench) -> str:
        zone = bench.desk.zone
        ends = (one.due_at.astimezone(zone) for one in at_the_payer(bench).clocks if one.kind is clock)
        return next((f"{end:%a %b %d}" for end in ends), "never")

    return place


def input_of(bench: Bench, made: AuthorizationCard, kind: str, name: str) -> Any:
    """One field of a step's form, as Slack gets it."""
    look = Look(TEXTS, bench.desk.zone, Privacy.MINIMUM)
    local = bench.clock.now().astimezone(look.zone)
    sheet = Sheet(look, local, bench.member(CORA), bench.desk.directory(), Hint(number=made.state.number), made)
    return next((block for block in draw_step(kind, FORMS[kind], sheet)["blocks"] if block["block_id"] == name), None)


def sent_by(bench: Bench) -> str:
    return str(input_of(bench, opened(bench), "submit", "channel")["element"]["initial_option"]["value"])


def form_hint(bench: Bench) -> str:
    return str(input_of(bench, opened(bench), "submit", "channel").get("hint", {}).get("text", ""))


def usual_end(bench: Bench) -> str:
    hint = input_of(bench, at_the_payer(bench), "record_approval", "expires_on").get("hint", {}).get("text", "")
    return str(hint).partition(":")[0]


def boxes(bench: Bench) -> list[str]:
    group = input_of(bench, approved(bench), "tell_patient", "closure_steps_1")
    return [option["text"]["text"] for option in group["element"]["options"]] if group else []


def closes_without_a_word(bench: Bench) -> bool:
    """The guard: nothing ticked and no note."""
    told = c.TellPatient(
        number=approved(bench).state.number, how=ToldBy.PHONE, told_at=bench.clock.now(), and_close=True
    )
    try:
        return not bench.step(CORA, told).state.is_open
    except Invalid:
        return False


def sheet_row(label: str) -> Place:
    def place(bench: Bench) -> str:
        rows = submission_sheet(opened(bench), bench.desk.directory(), bench.desk.zone, None)
        return next(row.value for section in rows.sections for row in section.rows if row.label == label)

    return place


def way(bench: Bench, made: AuthorizationCard) -> str:
    """The card's section on how to reach the payer."""
    drawn = cards.card_message(Look(TEXTS, bench.desk.zone, Privacy.MINIMUM), made, bench.member(CORA))
    return next(
        (block["text"]["text"].partition("\n")[2] for block in drawn.blocks if block["block_id"] == "reach"), ""
    )


def way_before(bench: Bench) -> str:
    return way(bench, bench.step(CORA, c.MarkReady(number=opened(bench).state.number)))


def way_after(bench: Bench) -> str:
    return way(bench, at_the_payer(bench))


def says_in_the_queue(bench: Bench) -> bool:
    at_the_payer(bench)
    page = bench.desk.queue("", actor=bench.member(CORA))
    drawn = queue.list_message(Look(TEXTS, bench.desk.zone, Privacy.MINIMUM), page)
    return "Most answers come within a week." in json.dumps(drawn.blocks)


OF_THE_PAYER, OF_THE_CHECKLIST = "# of the payer", "# of the checklist"
ORDER = "items: [{label: Signed order, kind: form}]"
NOTE = "items: [{label: Visit note, kind: clinical document}]"
CARD = "items: [{label: Insurance card, kind: demographic}]"
PHONE = 'contacts: {phone: 555-0142, phone_path: "2, then 4"}'
WORDS = "patient_words: Most answers come within a week."

# Field, what is changed in the file to what, where one looks, what it says before and after.
FIELDS: list[tuple[str, str, str, Place, Any, Any]] = [
    ("1 payer and plan", OF_THE_CHECKLIST, "plan: Silver", checklist, "Power wheelchairs", "none"),
    ("1 line of business", OF_THE_CHECKLIST, "line_of_business: medicaid_mco", checklist, "Power wheelchairs", "none"),
    ("2 service", "K0800-K0899", "E0601", checklist, "Power wheelchairs", "none"),
    ("3 channel, in the form", OF_THE_CHECKLIST, "channel: fax", sent_by, "portal", "fax"),
    ("3 channel, on the sheet", OF_THE_CHECKLIST, "channel: fax", sheet_row("Channel"), "none recorded", "Fax"),
    ("4 forms", OF_THE_CHECKLIST, "form: PMD v4", form_hint, "", "The payer's form: PMD v4"),
    ("4 forms, on the sheet", OF_THE_CHECKLIST, "form: PMD v4", sheet_row("Form"), "none recorded", "PMD v4"),
    ("4 forms, in the packet", OF_THE_CHECKLIST, ORDER, documents, [], ["Signed order"]),
    ("5 clinical documents", OF_THE_CHECKLIST, NOTE, documents, [], ["Visit note"]),
    ("5 clinical documents, the guard", OF_THE_CHECKLIST, NOTE, may_be_sent, True, False),
    ("6 demographics", OF_THE_CHECKLIST, CARD, documents, [], ["Insurance card"]),
    ("6 demographics, facts", OF_THE_CHECKLIST, "asks: [facility]", may_be_sent, True, False),
    (
        "7 response window",
        OF_THE_CHECKLIST,
        "rules: {decision_standard: {window: 3 business days}}",
        due(Clock.PAYER_RESPONSE),
        "Mon Nov 23",
        "Thu Nov 19",
    ),
    (
        "8 follow-up cadence",
        OF_THE_CHECKLIST,
        "rules: {first_check: {window: 1 business day}}",
        due(Clock.FOLLOW_UP),
        "Thu Nov 19",
        "Tue Nov 17",
    ),
    ("9 portal notes", OF_THE_CHECKLIST, "portal_notes: Choose DME.", way_before, "", "Choose DME."),
    ("9 phone notes", OF_THE_CHECKLIST, "phone_notes: Ask for DME.", way_after, "", "Ask for DME."),
    ("9 the payer's contacts", OF_THE_PAYER, PHONE, way_after, "", "Phone: 555-0142 · menu: 2, then 4"),
    (
        "10 escalation trigger",
        OF_THE_CHECKLIST,
        "escalate_after_days: 4",
        due(Clock.ESCALATION_TRIGGER),
        "never",
        "Fri Nov 20",
    ),
    ("11 patient language", OF_THE_CHECKLIST, WORDS, says_in_the_queue, False, True),
    ("12 closure steps", OF_THE_CHECKLIST, "closure_steps: [Send the number]", boxes, [], ["Send the number"]),
    (
        "12 closure steps, the guard",
        OF_THE_CHECKLIST,
        "closure_steps: [Send the number]",
        closes_without_a_word,
        True,
        False,
    ),
    (
        "besides: how long approvals hold",
        OF_THE_CHECKLIST,
        "valid_days: 90",
        usual_end,
        "",
        "The payer's approvals usually hold 90 days",
    ),
]


SIDES = [
    pytest.param(text, place, said, id=f"{field}: {side}")
    for field, old, new, place, before, after in FIELDS
    for side, text, said in (("without", FILE, before), ("with", FILE.replace(old, new), after))
]


@pytest.mark.parametrize(("text", "place", "said"), SIDES)
def test_a_field_changes_what_its_place_says(bench: Bench, text: str, place: Place, said: Any) -> None:
    bring_in(bench, text)
    assert place(bench) == said


def test_every_one_of_the_twelve_is_here() -> None:
    assert {int(field.split()[0]) for field, *_ in FIELDS[:-1]} == set(range(1, 13))
    assert all(old in FILE and before != after for _, old, _, _, before, after in FIELDS)


LIMIT = FILE.replace(OF_THE_CHECKLIST, "escalate_after_days: 2\n    rules: {first_check: {window: 9 business days}}")


def told_of(bench: Bench) -> set[tuple[str, str]]:
    """Kinds of message that wait, and whom they are for."""
    rows = bench.rows("SELECT kind, recipient FROM message WHERE kind LIKE 'overdue_%' OR kind = 'escalated_today'")
    return {(row["kind"], row["recipient"]) for row in rows}


def test_an_unanswered_request_is_raised_on_its_day_and_not_once_the_payer_answered(bench: Bench) -> None:
    bring_in(bench, LIMIT)
    made = at_the_payer(bench)
    number = made.state.number
    (limit,) = (one for one in made.clocks if one.kind is Clock.ESCALATION_TRIGGER)
    bench.step(CORA, c.TellPatient(number=number, how=ToldBy.PHONE, told_at=bench.clock.now()))
    bench.clock.set(limit.due_at - timedelta(minutes=1))
    assert bench.desk.raise_alarms() == 0
    bench.clock.set(limit.due_at + timedelta(minutes=1))
    assert bench.desk.raise_alarms() == 1
    channel = bench.desk.settings().team_channel
    assert told_of(bench) == {("overdue_owner", CORA), ("overdue_clinician", IDA), ("escalated_today", channel)}
    today = bench.desk.calendar().day(bench.clock.now())
    assert [item.clock for item in bench.desk.escalated_on(today).items] == [Clock.ESCALATION_TRIGGER]
    answer = {"decided_at": bench.clock.now(), "authorization_number": "A-1", "dates_not_stated": True}
    bench.step(CORA, c.RecordApproval(number=number, **answer))
    assert not bench.desk.escalated_on(today).items
    bench.take_back(CORA, number)
    back = bench.desk.card(number, actor=bench.member(CORA))
    assert limit in back.clocks
    assert bench.desk.raise_alarms() == 1
    assert [item.clock for item in bench.desk.escalated_on(today).items] == [Clock.ESCALATION_TRIGGER]
