"""Other codes before the payer has them: who may, who directs it, until when, and what the packet makes of it."""

from dataclasses import replace
from typing import Any

import pytest
from domain_practice import BILL, CHECKLIST, CORA, DEAN, DORA, MARA, REQUEST, VERA, Story, Told
from hypothesis import given
from hypothesis import strategies as st

from pabot.domain import commands as c
from pabot.domain.codes import parse_lines, written
from pabot.domain.documents import DocumentState, Item, ItemKind, follow, of_items
from pabot.domain.errors import Invalid, NotAllowed, NotNow
from pabot.domain.library import Checklist, Requirement
from pabot.domain.model import Category, Decision, Member, ServiceLine
from pabot.domain.orders import Medication, Therapy
from pabot.domain.statuses import Status

S = Status
OTHER = (ServiceLine(1, "K0861", "NU", 1),)
FEWER = Checklist(
    "Group 3 chairs",
    items=(
        Item("Visit note", ItemKind.CLINICAL, max_age_days=90),
        Item("Home photo", ItemKind.OTHER),
        Item("Wheelchair test", ItemKind.CLINICAL),
    ),
)


def changed(story: Story, who: Member = DORA, **typed: Any) -> Story:
    return story.does(who, c.ChangeCodes, **{"lines": OTHER, **typed})


def directed(story: Story, who: Member = CORA, by: Member = DORA, **typed: Any) -> Story:
    return changed(story, who, director=by.user_id, **typed)


def detail(story: Story) -> dict[str, Any]:
    assert story.change is not None
    return {name: value for name, value in story.change.steps[0].detail.items() if value}


BEFORE: list[tuple[Told, Status]] = [
    (lambda s: s, S.NEW),
    (lambda s: s.does(CORA, c.Claim), S.REQ_CHECK),
    (lambda s: s.does(CORA, c.CheckRequirement, required=True, missing="note"), S.DOCS_NEEDED),
    (lambda s: s.ready(), S.READY),
]


@pytest.mark.parametrize(("told", "status"), BEFORE)
@pytest.mark.parametrize("do", [changed, directed])
def test_codes_change_where_the_request_stands(told: Told, status: Status, do: Any) -> None:
    story = told(Story())
    owner = story.state.owner_id
    assert do(story).state.lines == OTHER
    assert (story.state.status, story.state.owner_id) == (status, owner)


@pytest.mark.parametrize(
    "told",
    [
        lambda s: s.ready().submit(),
        lambda s: s.pending(),
        lambda s: s.pending().payer_asks().does(CORA, c.RecordDocuments, missing="note"),
        lambda s: s.pending().approve(),
        lambda s: s.pending().deny(),
        lambda s: s.withdraw(),
    ],
)
def test_what_the_payer_has_is_changed_no_more(told: Told) -> None:
    story = told(Story())
    for who in (CORA, BILL, DORA):
        assert "change_codes" not in story.offers(who)
    with pytest.raises(NotNow, match="has moved on"):
        directed(story)


def test_what_is_to_be_sent_again_may_be_coded_anew() -> None:
    story = Story().pending().partly().decide(Decision.RESUBMIT)
    assert directed(story).state.lines == OTHER
    assert story.submit(tracking_number="HH-2").approve().state.lines[0].approved


def test_whom_the_button_is_offered() -> None:
    story = Story()
    offered = [who for who in (CORA, BILL, DORA, MARA, VERA) if "change_codes" in story.offers(who)]
    assert offered == [CORA, BILL, DORA]


@pytest.mark.parametrize(
    ("who", "director"),
    [
        (CORA, None),
        (BILL, None),
        (CORA, "UNOBODY"),
        (CORA, MARA.user_id),
        (CORA, CORA.user_id),
        (MARA, DORA.user_id),
        (VERA, DORA.user_id),
    ],
)
def test_nobody_changes_codes_on_their_own_word(who: Member, director: str | None) -> None:
    story = Story()
    with pytest.raises(NotAllowed, match=r"clinician .*Ask Dr\. Dean Reed, Dr\. Dora Lake"):
        changed(story, who, director=director)
    assert story.saves == 0


def test_the_entry_says_who_directed_it_and_what_was_before() -> None:
    assert detail(directed(Story(), BILL, DEAN, reason="group 3 was ordered")) == {
        "director": DEAN.user_id,
        "codes": "K0856 NU x1, E2311 NU x2 → K0861 NU x1",
        "reason": "group 3 was ordered",
    }
    assert detail(changed(Story(), DORA, director=DEAN.user_id)) == {"codes": "K0856 NU x1, E2311 NU x2 → K0861 NU x1"}


def test_diagnoses_change_and_the_entry_does_not_name_them() -> None:
    story = Story(replace(REQUEST, diagnoses=("G35",)))
    directed(story, lines=REQUEST.lines, diagnoses=("G35.D", "M62.81"))
    assert story.state.diagnoses == ("G35.D", "M62.81")
    assert detail(story) == {"director": DORA.user_id, "diagnoses": "changed"}
    assert directed(story, diagnoses=None).state.diagnoses == ("G35.D", "M62.81")


@pytest.mark.parametrize("diagnoses", [None, ("G35",)])
def test_the_same_again_is_no_change(diagnoses: tuple[str, ...] | None) -> None:
    story = Story(replace(REQUEST, diagnoses=("G35",)))
    with pytest.raises(Invalid) as wrong:
        directed(story, lines=REQUEST.lines, diagnoses=diagnoses)
    assert wrong.value.fields == {"codes": "This is what is on file. Nothing is changed."}


def test_a_strength_typed_wrong_is_changed_like_a_code() -> None:
    story = Story().of_a_medication()
    stronger = Medication("Adalimumab", "80 mg", 2, 28)
    with pytest.raises(NotAllowed):
        changed(story, CORA, lines=(), medication=stronger, director=None)
    directed(story, lines=(), medication=stronger)
    assert story.state.medication == stronger
    assert detail(story)["ordered"] == (
        "Adalimumab 40 mg · quantity 2 · for 28 days → Adalimumab 80 mg · quantity 2 · for 28 days"
    )
    with pytest.raises(Invalid, match="Nothing is changed"):
        directed(story, lines=(), medication=stronger)


def test_visits_change_beside_the_codes() -> None:
    story = directed(Story().given(category=Category.THERAPY), lines=REQUEST.lines, therapy=Therapy(12, "twice a week"))
    assert story.state.therapy == Therapy(12, "twice a week")
    assert detail(story)["ordered"] == "no more than the codes → 12 visits · twice a week"


def test_only_a_medication_by_its_name_goes_without_a_code() -> None:
    with pytest.raises(Invalid) as wrong:
        directed(Story(), lines=())
    assert wrong.value.fields == {"codes": "Type at least one code, such as K0856."}
    named = directed(Story().of_a_medication())
    assert directed(named, lines=()).state.lines == ()
    assert detail(named)["codes"] == "K0861 NU x1 → no code"
    with pytest.raises(Invalid):
        directed(Story().given(category=Category.MEDICATION), lines=())


# The packet


def under(story: Story, found: tuple[int, Checklist] | None) -> Story:
    story.book = replace(story.book, found=found)
    return story


def packet(story: Story) -> dict[str, tuple[str, bool]]:
    return {one.label: (one.state.value, one.required) for one in story.state.documents}


def test_what_is_in_stays_in_and_the_rest_follows_the_new_codes() -> None:
    story = Story().with_checklist().gathers(1, not_applicable=frozenset({3})).asks_for(2)
    asked = story.state.documents[1]
    directed(under(story, (2, FEWER)))
    assert packet(story) == {
        "Visit note": ("requested", True),
        "Home photo": ("missing", True),
        "Wheelchair test": ("missing", True),
        "Signed order": ("received", False),
    }
    numbers = {one.label: one.seq for one in story.state.documents}
    assert numbers == {"Signed order": 1, "Visit note": 2, "Home photo": 3, "Wheelchair test": 4}
    note = story.state.documents[1]
    assert (note.asked_of, note.asked_at, note.max_age_days) == (asked.asked_of, asked.asked_at, 90)
    assert (story.state.checklist_version_id, story.state.asks) == (2, "")


def test_a_packet_that_is_ready_goes_back_when_more_is_wanted() -> None:
    story = Story().with_checklist().gathers(1, 2)
    assert story.state.status is S.READY
    assert directed(under(story, (2, FEWER))).state.status is S.DOCS_NEEDED


@pytest.mark.parametrize(
    "found", [None, (2, Checklist("None needed", authorization=Requirement.NOT_REQUIRED, items=FEWER.items))]
)
def test_what_wants_nothing_makes_nothing_ready_by_itself(found: tuple[int, Checklist] | None) -> None:
    story = Story().with_checklist().gathers(1)
    directed(under(story, found))
    assert story.state.status is S.DOCS_NEEDED
    assert packet(story) == {"Signed order": ("received", False)}
    assert story.ready().state.status is S.READY


def test_the_same_checklist_leaves_the_packet_alone() -> None:
    story = Story().with_checklist().gathers(1)
    before = story.state.documents
    assert directed(under(story, (1, CHECKLIST))).state.documents == before
    assert before[0].state is DocumentState.RECEIVED


def test_other_diagnoses_leave_the_packet_alone() -> None:
    story = Story(replace(REQUEST, diagnoses=("G35",))).with_checklist()
    before = story.state.documents
    directed(under(story, (2, FEWER)), lines=REQUEST.lines, diagnoses=("M62.81",))
    assert story.state.documents == before


MODIFIERS = st.lists(st.sampled_from(["NU", "KX", "59", "RT"]), max_size=4).map(" ".join)
LINES = st.lists(st.tuples(st.sampled_from(["K0856", "97110", "0001U", "0420"]), MODIFIERS, st.integers(1, 9999)))


@given(LINES.filter(lambda rows: 0 < len(rows) <= 20))
def test_a_line_is_written_as_it_can_be_typed(rows: list[tuple[str, str, int]]) -> None:
    lines = tuple(ServiceLine(seq, *row) for seq, row in enumerate(rows, 1))
    assert parse_lines("\n".join(map(written, lines))) == lines


LABELS = st.lists(st.sampled_from("abcdef"), unique=True)


@given(LABELS, st.lists(st.tuples(LABELS, st.sets(st.integers(1, 20))), max_size=4))
def test_a_number_never_passes_to_another_document_it_stood_beside(
    first: list[str], later: list[tuple[list[str], set[int]]]
) -> None:
    documents = of_items([Item(label, ItemKind.FORM) for label in first])
    for labels, received in later:
        before = tuple(replace(one, state=DocumentState.RECEIVED) if one.seq in received else one for one in documents)
        documents = follow(before, of_items([Item(label, ItemKind.FORM) for label in labels]))
        was = {one.seq: one.label for one in before}
        assert all(was.get(one.seq, one.label) == one.label for one in documents)
        assert {one.label for one in documents} >= set(labels) | {one.label for one in before if one.seq in received}
        assert len({one.seq for one in documents}) == len(documents)
