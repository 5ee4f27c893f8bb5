"""Changing a checklist: who proposes, who co-signs, who approves, and whose requests hear of it."""

from dataclasses import replace

import pytest
from record_practice import BILL, CARL, CORA, FAY, IDA, MAX, NED, STAFF, Bench, once
from test_desk_library import entries

from pabot.domain import commands as c
from pabot.domain.documents import DocumentState, Item, ItemKind
from pabot.domain.errors import AlreadyDone, Invalid, NotAllowed, NotFound, Stale
from pabot.domain.library import Checklist, parse_codes
from pabot.domain.model import Role
from pabot.domain.proposals import Proposal, ProposalState, Propose
from pabot.domain.statuses import Status

VIDEO = Item("Video of the patient walking", ItemKind.CLINICAL)
FORM = Item("Form 12-B", ItemKind.FORM)


@pytest.fixture
def library(practice: Bench) -> Bench:
    practice.desk.import_payers(entries(), source="harbor.yaml")
    return practice


def chairs(practice: Bench) -> tuple[int, Checklist, int, int]:
    """The payer's id, the checklist as it stands, its id and its version."""
    answer = practice.desk.look_up("harbor K0801", actor=practice.member(CORA))[0]
    assert answer.kept
    return answer.payer_id, answer.kept.body, answer.kept.checklist_id, answer.kept.n


def propose(practice: Bench, *items: Item, by: str = CORA, why: str = "Pat at Harbor said so, ref 4711") -> Proposal:
    payer_id, body, checklist_id, n = chairs(practice)
    changed = replace(body, items=(*body.items, *items))
    command = Propose(payer_id, changed, why, checklist_id, n)
    return practice.desk.propose(command, actor=practice.member(by), key=once("propose"))


def approve(practice: Bench, proposal: Proposal, by: str = MAX) -> Proposal:
    return practice.desk.approve(proposal.id, actor=practice.member(by), key=once("approve"))


def told(practice: Bench, kind: str) -> set[str]:
    return {row["recipient"] for row in practice.rows("select recipient from message where kind = :kind", kind=kind)}


def follow(practice: Bench, **changed: object) -> int:
    """An open request that follows the checklist of chairs."""
    plan_id = practice.desk.plans("Harbor Silver")[0].plan_id
    return practice.open(plan_id=plan_id, **changed).state.number


def test_from_the_report_to_the_next_version(library: Bench) -> None:
    number = follow(library)
    made = propose(library, FORM)
    assert told(library, "proposal") == {MAX}
    (silver,) = [a for a in library.desk.look_up("harbor K0801", actor=library.member(CARL)) if "Silver" in a.plans]
    assert [(report.by, report.why) for report in silver.reported] == [
        ("Cora Lindqvist", "Pat at Harbor said so, ref 4711")
    ]
    assert library.desk.card(number, actor=library.member(CORA)).reported
    approve(library, made)
    card = library.desk.card(number, actor=library.member(CORA))
    assert card.newer
    assert (card.newer.n, card.reported) == (2, ())
    assert [document.label for document in card.state.documents] == ["Signed order"]  # it keeps its version
    assert told(library, "newer_checklist") == {CORA}
    assert told(library, "proposal_decided") == {CORA}


def test_a_request_takes_the_new_version_and_goes_back_for_its_documents(library: Bench) -> None:
    number = follow(library)
    ready = library.step(CORA, c.RecordDocuments(number=number, received=frozenset({1}), location="chart"))
    assert ready.state.status is Status.READY
    approve(library, propose(library, FORM))
    newer = library.desk.card(number, actor=library.member(CORA)).newer
    assert newer
    card = library.step(CORA, c.TakeVersion(number=number, version_id=newer.version_id))
    assert card.state.status is Status.DOCS_NEEDED
    states = [(document.label, document.state) for document in card.state.documents]
    assert states == [("Signed order", DocumentState.RECEIVED), ("Form 12-B", DocumentState.MISSING)]
    back = library.take_back(CORA, number)
    assert (back.state.status, len(back.state.documents)) == (Status.READY, 1)


def test_a_new_request_opens_with_the_version_in_force(library: Bench) -> None:
    approve(library, propose(library, FORM))
    card = library.desk.card(follow(library), actor=library.member(CORA))
    assert [document.label for document in card.state.documents] == ["Signed order", "Form 12-B"]


def test_the_author_never_approves(library: Bench) -> None:
    made = propose(library, FORM, by=MAX)
    with pytest.raises(NotAllowed, match="Nobody approves what they proposed themselves"):
        approve(library, made)


@pytest.mark.parametrize("by", [CORA, CARL, FAY])
def test_only_a_manager_approves(library: Bench, by: str) -> None:
    with pytest.raises(NotAllowed):
        approve(library, propose(library, FORM, by=BILL), by=by)


def test_with_no_other_manager_a_biller_approves_what_is_administrative(library: Bench) -> None:
    made = propose(library, FORM, by=MAX)
    assert told(library, "proposal") == {BILL, IDA, NED}
    assert approve(library, made, by=BILL).state is ProposalState.APPROVED


def test_with_another_manager_a_biller_does_not(library: Bench) -> None:
    second = replace(next(member for member in STAFF if member.user_id == CARL), roles=frozenset({Role.MANAGER}))
    library.desk.save_member(second, actor=library.member(MAX), key=once("staff"))
    with pytest.raises(NotAllowed, match="Only a manager"):
        approve(library, propose(library, FORM, by=MAX), by=BILL)
    assert approve(library, propose(library, FORM, by=MAX), by=CARL)


def test_clinical_documents_want_a_clinicians_signature(library: Bench) -> None:
    made = propose(library, VIDEO)
    assert len(told(library, "proposal") & {IDA, NED}) == 1  # one of them is asked
    with pytest.raises(NotAllowed, match="a clinician must co-sign it first"):
        approve(library, made)
    with pytest.raises(NotAllowed):
        library.desk.cosign(made.id, actor=library.member(MAX), key=once("cosign"))
    library.desk.cosign(made.id, actor=library.member(NED), key=once("cosign"))
    assert approve(library, made).cosigned_by == NED


def test_a_clinician_who_wrote_it_has_signed_it(library: Bench) -> None:
    assert approve(library, propose(library, VIDEO, by=IDA)).state is ProposalState.APPROVED


def test_one_written_against_an_older_version_is_not_approved(library: Bench) -> None:
    first, second = propose(library, FORM), propose(library, Item("Form 13", ItemKind.FORM))
    approve(library, first)
    with pytest.raises(Stale, match="written against version 1; version 2 is in force"):
        approve(library, second)
    refused = library.desk.refuse(second.id, "Propose it again", actor=library.member(MAX), key=once("refuse"))
    assert refused.state is ProposalState.REFUSED


def test_it_is_decided_once(library: Bench) -> None:
    made = propose(library, FORM)
    approve(library, made)
    with pytest.raises(AlreadyDone, match="Max Tiller has approved this already"):
        library.desk.refuse(made.id, "no", actor=library.member(MAX), key=once("refuse"))
    assert len(library.rows("select id from checklist_version where n = 2")) == 1


def test_the_same_press_twice_approves_once(library: Bench) -> None:
    made, key = propose(library, FORM), once("approve")
    for _ in range(2):
        library.desk.approve(made.id, actor=library.member(MAX), key=key)
    assert len(library.rows("select id from checklist_version where n = 2")) == 1


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({}, Invalid, "Nothing differs"),
        ({"codes": (parse_codes("K0856"), parse_codes("K0800-K0899"))}, None, ""),  # Gold's own is for Gold
        ({"service": "Any imaging"}, Invalid, "has a checklist called"),
    ],
)
def test_what_cannot_be_a_checklist_is_not_proposed(
    library: Bench, changed: dict[str, object], error: type[Exception] | None, said: str
) -> None:
    payer_id, body, checklist_id, n = chairs(library)
    command = Propose(payer_id, replace(body, **changed), "why", checklist_id, n)  # type: ignore[arg-type]
    if error is None:
        assert library.desk.propose(command, actor=library.member(CORA), key=once("propose"))
        return
    with pytest.raises(error, match=said):
        library.desk.propose(command, actor=library.member(CORA), key=once("propose"))


def test_a_rule_where_there_was_none(library: Bench) -> None:
    payer_id, *_ = chairs(library)
    body = Checklist("Sleep study", (parse_codes("E0601"),), source="call", items=(FORM,))
    made = library.desk.propose(Propose(payer_id, body, "Pat said"), actor=library.member(CORA), key=once("propose"))
    approve(library, made)
    answer = library.desk.look_up("harbor E0601", actor=library.member(CORA))[0]
    assert answer.kept
    assert (answer.kept.n, answer.kept.body.service, answer.kept.approved_by) == (1, "Sleep study", "Max Tiller")


def test_the_front_desk_proposes_nothing(library: Bench) -> None:
    with pytest.raises(NotAllowed):
        propose(library, FORM, by=FAY)


def test_a_proposal_that_is_not_there(library: Bench) -> None:
    with pytest.raises(NotFound):
        library.desk.proposal(999, actor=library.member(MAX))


def test_a_renamed_checklist_stays_the_same_one(library: Bench) -> None:
    payer_id, body, checklist_id, n = chairs(library)
    command = Propose(payer_id, replace(body, service="Power chairs"), "clearer", checklist_id, n)
    made = library.desk.propose(command, actor=library.member(CORA), key=once("propose"))
    approve(library, made)
    assert chairs(library)[2:] == (checklist_id, 2)
    page = library.desk.checklist_page(checklist_id, actor=library.member(CORA))
    assert [(line.n, line.approved_by, line.changes) for line in page.history] == [
        (2, "Max Tiller", ("Service: Power wheelchairs → Power chairs",)),
        (1, "pabot", ()),
    ]


def test_who_is_troubled_shows(library: Bench) -> None:
    number = follow(library)
    library.step(CORA, c.RecordDocuments(number=number, received=frozenset({1}), location="chart"))
    sent = c.Submit(number=number, channel=c.Channel.FAX, submitted_at=library.clock.now(), tracking_number="T")
    library.step(CORA, sent)
    asked = c.RecordInformationRequest(number=number, asked="photo", clinical=False, received_at=library.clock.now())
    library.step(CORA, asked)
    payer_id, _, checklist_id, _ = chairs(library)
    page = library.desk.payer_page(payer_id, actor=library.member(MAX))
    assert {line.checklist_id: line.asked for line in page.checklists if line.asked} == {checklist_id: 1}
    assert library.desk.checklist_page(checklist_id, actor=library.member(MAX)).open_requests == 1
    assert library.desk.payers_page(actor=library.member(MAX)).lines[0].checklists == 3
