"""Who acts for whom while somebody is away, and what keeps an absence from being saved."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from domain_practice import BILL, CORA, DEAN, DORA, MARA

from pabot.domain.absences import Absence, Cover, GoAway, Held, Split, cover_for, faults, shared_out
from pabot.domain.model import Member, Role
from pabot.domain.rules import Directory, Part

MONDAY, FRIDAY = date(2026, 6, 1), date(2026, 6, 5)
FAY = Member("U0FAY", "Fay Front", frozenset({Role.VIEWER}))
AWAY = replace(CORA, away=True)
SHARED = {CORA.user_id: Cover((BILL.user_id, MARA.user_id), {7: MARA.user_id, 8: BILL.user_id})}


def staff(*people: Member, covers: dict[str, Cover] | None = None) -> Directory:
    return Directory({member.user_id: member for member in people}, covers or {})


@pytest.mark.parametrize(
    ("people", "covers", "number", "acts"),
    [
        ((CORA, BILL, MARA), SHARED, 7, CORA),  # she is here
        ((AWAY, BILL, MARA), SHARED, 7, MARA),
        ((AWAY, BILL, MARA), SHARED, 8, BILL),
        ((AWAY, BILL, MARA), SHARED, 99, BILL),  # nobody was given it: the first
        ((AWAY, BILL, MARA), SHARED, None, BILL),
        ((AWAY, BILL, replace(MARA, active=False)), SHARED, 7, None),  # a cover without a cover, and no manager
        ((AWAY, replace(BILL, away=True, cover_id=MARA.user_id), MARA), SHARED, 8, MARA),  # the cover's cover
        ((replace(AWAY, cover_id=BILL.user_id), BILL, MARA), {}, 7, BILL),
    ],
)
def test_who_acts_for_a_request(
    people: tuple[Member, ...], covers: dict[str, Cover], number: int | None, acts: Member | None
) -> None:
    found = staff(*people, covers=covers).acting_for(CORA.user_id, number)
    assert (found.user_id if found else None) == (acts.user_id if acts else None)


def test_a_cover_s_list_holds_what_was_given_to_them() -> None:
    here = staff(AWAY, BILL, MARA, covers=SHARED)
    assert here.stands_in_for(BILL.user_id) == (Part(BILL.user_id), Part(CORA.user_id, but=frozenset({7})))
    assert here.stands_in_for(MARA.user_id) == (Part(MARA.user_id), Part(CORA.user_id, only=frozenset({7})))
    assert here.stands_in_for(CORA.user_id) == (Part(CORA.user_id),)


def test_a_clinician_s_requests_go_to_the_clinician_they_were_given_to() -> None:
    other = replace(DEAN, user_id="U0DREW", name="Dr. Drew")
    covers = {DORA.user_id: Cover((DEAN.user_id, other.user_id), {7: other.user_id})}
    here = staff(replace(DORA, away=True), DEAN, other, covers=covers)
    assert here.clinician_for(DORA.user_id, 7) == other
    assert here.clinician_for(DORA.user_id, 8) == DEAN
    assert here.judges_for(other.user_id) == (Part(other.user_id), Part(DORA.user_id, only=frozenset({7})))


@pytest.mark.parametrize(
    ("people", "heir"),
    [
        ((replace(CORA, active=False, cover_id=BILL.user_id), BILL, MARA), BILL),  # the cover
        ((replace(CORA, active=False, cover_id=FAY.user_id), FAY, replace(CORA, user_id="U0CAL"), MARA), "U0CAL"),
        ((replace(CORA, active=False), BILL, MARA), MARA),  # nobody of the role: a manager
        ((replace(CORA, active=False), FAY), None),
    ],
)
def test_what_somebody_leaves_behind_finds_an_heir(people: tuple[Member, ...], heir: Member | str | None) -> None:
    found = staff(*people).heir_of(CORA.user_id)
    wanted = heir.user_id if isinstance(heir, Member) else heir
    assert (found.user_id if found else None) == wanted


HELD = (Held(1, 10), Held(2, 20), Held(3, 10), Held(4, 10), Held(5, 30))


def test_by_payer_each_payer_stays_with_one_person() -> None:
    shared = shared_out(HELD, ("U0A", "U0B"), Split.PAYER)
    whom = {(held.payer_id, cover) for held, cover in shared}
    assert whom == {(10, "U0A"), (20, "U0B"), (30, "U0B")}


def test_evenly_each_has_some_of_what_is_due_first() -> None:
    shared = shared_out(HELD, ("U0A", "U0B"), Split.EVENLY)
    assert [cover for _, cover in shared] == ["U0A", "U0B", "U0A", "U0B", "U0A"]


@pytest.mark.parametrize("split", Split)
@pytest.mark.parametrize("people", [1, 2, 3, 5])
def test_everything_is_given_once(split: Split, people: int) -> None:
    covers = tuple(f"U0{n}" for n in range(people))
    shared = shared_out(HELD, covers, split)
    assert sorted(held.number for held, _ in shared) == [1, 2, 3, 4, 5]
    if split is Split.EVENLY:
        counts = Counter(cover for _, cover in shared)
        assert max(counts.values()) - min(counts[cover] for cover in covers) <= 1


@pytest.mark.parametrize(
    ("split", "payer", "cover"),
    [(Split.PAYER, 10, "U0A"), (Split.PAYER, 20, "U0B"), (Split.PAYER, 99, "U0B"), (Split.EVENLY, 10, "U0B")],
)
def test_a_new_request_goes_by_payer_else_to_who_has_fewest(split: Split, payer: int, cover: str) -> None:
    so_far = [(Held(1, 10), "U0A"), (Held(2, 10), "U0A"), (Held(3, 20), "U0B")]
    assert cover_for(Held(9, payer), so_far, ("U0A", "U0B"), split) == cover


EVERYBODY = (CORA, BILL, MARA, DORA, DEAN, FAY)
BILL_S = Absence(1, BILL.user_id, MONDAY, FRIDAY, (CORA.user_id,), Split.PAYER)
USUAL = GoAway(CORA.user_id, MONDAY, FRIDAY, (MARA.user_id,))


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({}, None, ""),
        ({"back_on": None}, None, ""),
        ({"covers": (CORA.user_id,)}, "covers", "Nobody covers for themselves"),
        ({"covers": ()}, "covers", "somebody away needs a cover"),
        ({"covers": ("U0NOBODY",)}, "covers", "Choose people of the staff list"),
        ({"covers": (FAY.user_id,)}, "covers", "Fay Front cannot work on requests"),
        ({"covers": (MARA.user_id, BILL.user_id)}, "covers", "counts on"),  # a circle
        ({"user_id": MARA.user_id, "covers": (BILL.user_id,)}, "covers", "is away then as well"),
        ({"user_id": DORA.user_id, "covers": (CORA.user_id,)}, "covers", "no clinician"),
        ({"user_id": DORA.user_id, "covers": (DEAN.user_id,)}, None, ""),
        ({"back_on": MONDAY}, "back_on", "must be after"),
        ({"starts_on": date(2026, 5, 29)}, "starts_on", "That day is over"),
        ({"user_id": BILL.user_id, "covers": (MARA.user_id,)}, "starts_on", "is down as away already, from Jun 1"),
        ({"user_id": MARA.user_id, "covers": (BILL.user_id,), "starts_on": FRIDAY, "back_on": None}, None, ""),
    ],
)
def test_an_absence_that_cannot_be_is_refused_in_one_sentence(
    changed: dict[str, object], field: str | None, sentence: str
) -> None:
    command = replace(USUAL, **changed)  # type: ignore[arg-type]
    found = faults(command, {member.user_id: member for member in EVERYBODY}, [BILL_S], MONDAY)
    assert list(found) == ([field] if field else [])
    assert sentence in "".join(found.values())
