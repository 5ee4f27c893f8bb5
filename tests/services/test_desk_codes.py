"""A change of codes through the desk: kept whole, shown with care, taken back whole, on each database."""

from typing import Any

import pytest
from record_practice import BILL, CARL, CORA, IDA, MAX, NED, Bench, once

from pabot.domain import commands as c
from pabot.domain.cards import AuthorizationCard, Privacy
from pabot.domain.errors import NotAllowed, NotNow, Stale
from pabot.domain.model import Channel, ServiceLine
from pabot.domain.practice import SaveMember
from pabot.domain.statuses import Status
from pabot.exchange import yaml_files
from pabot.store import requests, timeline
from pabot.store.events import verify, views_of

THREE = (ServiceLine(1, "K0861", "NU", 1), ServiceLine(2, "E2311", "", 2), ServiceLine(3, "E2361", "KX", 4))
ONE = (ServiceLine(1, "E0601"),)
LIBRARY = """
payer: Northwind Health
plans: [{name: Gold, line_of_business: medicare_advantage}]
checklists:
  - service: Chairs
    codes: [K0800-K0899]
    items: [{label: Signed order, kind: form}, {label: Home photo, kind: other}]
  - service: Sleep
    codes: [E0601]
    items: [{label: Sleep study, kind: clinical document}, {label: Signed order, kind: form}]
    asks: [facility]
"""


def change(practice: Bench, number: int, by: str = CORA, **typed: Any) -> AuthorizationCard:
    usual = {"lines": THREE, "director": IDA}
    return practice.step(by, c.ChangeCodes(number=number, **{**usual, **typed}))


def diagnoses(practice: Bench, number: int) -> tuple[str, ...]:
    with practice.store.read() as session:
        return requests.diagnoses(session.connection, number)


def test_more_codes_and_fewer_and_all_of_it_taken_back(practice: Bench) -> None:
    number = practice.open(diagnoses=("G35", "M62.81")).state.number
    first = practice.desk.card(number, actor=practice.member(CORA)).state
    assert change(practice, number, diagnoses=("M54.16",)).state.lines == THREE
    assert change(practice, number, BILL, lines=ONE, director=NED).state.lines == ONE
    assert diagnoses(practice, number) == ("M54.16",)
    practice.take_back(BILL, number)
    card = practice.desk.card(number, actor=practice.member(CORA))
    assert (card.state.lines, diagnoses(practice, number)) == (THREE, ("M54.16",))
    practice.take_back(CORA, number)
    again = practice.desk.card(number, actor=practice.member(CORA)).state
    assert (again.lines, again.documents, again.status) == (first.lines, first.documents, first.status)
    assert diagnoses(practice, number) == ("G35", "M62.81")
    with practice.store.read() as session:
        assert list(verify(session.connection, session.vault)) == []


def test_taking_back_another_entry_leaves_the_diagnoses_alone(practice: Bench) -> None:
    number = practice.open().state.number
    change(practice, number, diagnoses=("M54.16",))
    practice.step(CORA, c.MarkReady(number=number))
    practice.take_back(CORA, number)
    assert diagnoses(practice, number) == ("M54.16",)
    assert practice.desk.card(number, actor=practice.member(CORA)).state.lines == THREE


def test_the_timeline_names_codes_and_director_and_no_diagnosis(practice: Bench) -> None:
    number = practice.open().state.number
    card = change(practice, number, diagnoses=("M54.16",), reason="Group 3 <!channel>")
    assert {name: said for name, said in card.timeline[0].detail.items() if said} == {
        "director": IDA,
        "codes": "K0856 NU x1 → K0861 NU x1, E2311 x2, E2361 KX x4",
        "diagnoses": "changed",
        "reason": "Group 3 <!channel>",
    }
    assert "M54" not in repr(card)
    assert "'G35'" not in repr(card)
    (kept,) = practice.rows("select payload, image from event where kind = 'change_codes'")
    assert "diagnoses" not in str(kept)  # sealed, with what they are
    with practice.store.read() as session:
        was = timeline.before_image(session.connection, session.vault, number, card.timeline[0].save)
    assert was
    assert was.diagnoses == ("G35",)


def test_the_documents_follow_the_codes(practice: Bench) -> None:
    practice.desk.import_payers(list(yaml_files.read("payers.yaml", LIBRARY)), source="payers.yaml")
    plan_id = next(facts.plan_id for facts in practice.desk.plans("Northwind") if facts.plan == "Gold")
    number = practice.open(plan_id=plan_id).state.number
    gathered = c.RecordDocuments(number=number, received=frozenset({1, 2}), location="Chart")
    before = practice.step(CORA, gathered).state
    assert before.status is Status.READY
    state = change(practice, number, lines=ONE).state
    assert [(one.label, one.state.value, one.required) for one in state.documents] == [
        ("Signed order", "received", True),
        ("Home photo", "received", False),
        ("Sleep study", "missing", True),
    ]
    assert (state.status, state.asks) == (Status.DOCS_NEEDED, "facility")
    card = practice.desk.card(number, actor=practice.member(CORA))
    assert card.state == state
    assert card.checklist
    assert card.checklist.body.service == "Sleep"
    practice.take_back(CORA, number)
    restored = practice.desk.card(number, actor=practice.member(CORA)).state
    assert (restored.documents, restored.status, restored.asks) == (before.documents, Status.READY, "")


@pytest.mark.parametrize("director", [None, MAX, CARL, "U0GONE", ""])
def test_a_coordinator_needs_a_clinicians_word(practice: Bench, director: str | None) -> None:
    number = practice.open().state.number
    with pytest.raises(NotAllowed):
        change(practice, number, director=director)
    practice.desk.save_member(
        SaveMember(NED, "Dr. Ned Farrow", practice.member(NED).roles, active=False),
        actor=practice.member(MAX),
        key=once("staff"),
    )
    with pytest.raises(NotAllowed):
        change(practice, number, director=NED)
    assert change(practice, number, IDA, director=None).state.lines == THREE


def test_only_a_clinician_takes_back_what_a_clinician_changed(practice: Bench) -> None:
    number = practice.open().state.number
    change(practice, number, IDA, director=None)
    assert [practice.desk.card(number, actor=practice.member(who)).correctable for who in (MAX, CORA)] == [None, None]
    practice.take_back(IDA, number)
    change(practice, number)
    practice.take_back(MAX, number)


def test_two_who_change_it_at_once_do_not_undo_each_other(practice: Bench) -> None:
    number = practice.open().state.number
    change(practice, number, version=1)
    with pytest.raises(Stale):
        change(practice, number, BILL, lines=ONE, version=1)


def test_once_sent_the_codes_stand(practice: Bench) -> None:
    number = practice.pending().state.number
    with pytest.raises(NotNow):
        change(practice, number)
    asked = c.RecordInformationRequest(
        number=number, asked="the order", clinical=False, received_at=practice.clock.now()
    )
    practice.step(CORA, asked)
    practice.step(CORA, c.AnswerInformation(number=number, answer="sent", channel=Channel.FAX))
    with pytest.raises(NotNow):
        change(practice, number, IDA)


@pytest.mark.parametrize(("privacy", "seen"), [(Privacy.MINIMUM, ()), (Privacy.FULL, ("G35",))])
def test_seeing_the_diagnoses_on_file_leaves_a_view(practice: Bench, privacy: Privacy, seen: tuple[str, ...]) -> None:
    number = practice.open().state.number
    with practice.another(privacy=privacy) as here:
        assert here.desk.card(number, actor=here.member(CORA), seen_full=True).diagnoses == seen
    kept = practice.rows("select kind from event where subject = :subject", subject=views_of(number))
    assert len(kept) == len(seen)
