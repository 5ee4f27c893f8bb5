"""Which checklist holds for a code: tables of the practice's own cases, and properties of any library."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pabot.domain.errors import Invalid
from pabot.domain.library import Checklist, Codes, KeptChecklist, parse_codes
from pabot.domain.matching import Asked, Match, best_first, clashes, covers, holds
from pabot.domain.model import Category, LineOfBusiness

TODAY = date(2026, 11, 23)
GOLD, SILVER = 1, 2
MA = LineOfBusiness.MEDICARE_ADVANTAGE


def entry(
    service: str,
    codes: str = "",
    *,
    category: Category | None = None,
    plan: int | None = None,
    line: LineOfBusiness | None = None,
) -> Match:
    number = abs(hash(service)) % 1000
    return Match(number, number, service, parse_codes(codes) if codes else None, category, plan, line)


LIBRARY = (
    entry("K0856 on Gold", "K0856", plan=GOLD),
    entry("K0856 anywhere", "K0856"),
    entry("Group 3 chairs", "K0848-K0864", line=MA),
    entry("Power mobility", "K0800-K0899"),
    entry("Any equipment", category=Category.SERVICE),
    entry("Imaging", category=Category.IMAGING),
)


@pytest.mark.parametrize(
    ("code", "plan", "line", "category", "service"),
    [
        ("K0856", GOLD, MA, Category.SERVICE, "K0856 on Gold"),  # the plan's own word
        ("K0856", SILVER, MA, Category.SERVICE, "K0856 anywhere"),  # a code beats a range of the line of business
        ("K0857", SILVER, MA, Category.SERVICE, "Group 3 chairs"),  # the narrower range
        ("K0857", SILVER, LineOfBusiness.OTHER, Category.SERVICE, "Power mobility"),  # that one is for another line
        ("E0601", GOLD, MA, Category.SERVICE, "Any equipment"),  # nothing but the category
        ("70551", GOLD, MA, Category.IMAGING, "Imaging"),
        ("J0585", GOLD, MA, Category.MEDICATION, None),  # no rule recorded is an answer too
    ],
)
def test_the_most_specific_checklist_wins(
    code: str, plan: int, line: LineOfBusiness, category: Category, service: str | None
) -> None:
    found = best_first(LIBRARY, Asked(code, TODAY, plan, line, category))
    assert (found[0].service if found else None) == service


@pytest.mark.parametrize(
    ("codes", "on", "in_force"),
    [
        (Codes("K0856", "K0856"), TODAY, True),
        (Codes("K0856", "K0856", since=date(2026, 11, 24)), TODAY, False),  # from tomorrow
        (Codes("K0856", "K0856", since=TODAY), TODAY, True),
        (Codes("K0856", "K0856", until=TODAY), TODAY, False),  # removed today
        (Codes("K0856", "K0856", until=date(2026, 11, 24)), TODAY, True),
    ],
)
def test_an_entry_holds_from_its_first_day_until_it_is_removed(codes: Codes, on: date, in_force: bool) -> None:
    assert holds(Match(1, 1, "Chair", codes), Asked("K0856", on)) is in_force


@pytest.mark.parametrize(
    ("codes", "code", "inside"),
    [
        ("K0800-K0899", "K0899", True),
        ("K0800-K0899", "K0900", False),
        ("K0800-K0899", "L0850", False),
        ("97110-97150", "97112", True),
        ("97110-97150", "K0856", False),
        ("0001T-0900T", "0075T", True),
        ("0001T-0900T", "00755", False),
    ],
)
def test_a_range_holds_codes_of_its_own_kind(codes: str, code: str, inside: bool) -> None:
    assert covers(parse_codes(codes), code) is inside


@pytest.mark.parametrize(
    ("typed", "read"), [(" k0856 ", "K0856"), ("k0800 - k0899", "K0800-K0899"), ("0075t", "0075T")]
)
def test_codes_are_read_as_people_write_them(typed: str, read: str) -> None:
    assert str(parse_codes(typed)) == read


@pytest.mark.parametrize(
    "typed", ["", "K", "K08567", "K0899-K0800", "K0800-L0899", "97110-0075T", "K0800-", "-", "κ0856"]
)
def test_what_is_no_code_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(Invalid):
        parse_codes(typed)


CODES = st.builds(lambda n, w: Codes(f"K{n:04}", f"K{min(n + w, 9999):04}"), st.integers(0, 300), st.integers(0, 60))
ENTRIES = st.lists(
    st.builds(
        lambda number, codes, category, plan, line: Match(
            number, number, f"Service {number}", None if category else codes, category, plan, None if plan else line
        ),
        st.integers(1, 10_000),
        CODES,
        st.sampled_from([None, None, None, *Category]),
        st.sampled_from([None, GOLD, SILVER]),
        st.sampled_from([None, MA, LineOfBusiness.OTHER]),
    ),
    unique_by=lambda match: match.checklist_id,
    max_size=25,
)
QUESTIONS = st.builds(
    lambda n, plan, line, category: Asked(f"K{n:04}", TODAY, plan, line, category),
    st.integers(0, 360),
    st.sampled_from([GOLD, SILVER]),
    st.sampled_from([MA, LineOfBusiness.OTHER]),
    st.sampled_from(list(Category)),
)


@given(ENTRIES, QUESTIONS, st.randoms())
def test_the_order_of_the_library_never_matters(library: list[Match], asked: Asked, dice: random.Random) -> None:
    shuffled = list(library)
    dice.shuffle(shuffled)
    assert best_first(library, asked) == best_first(shuffled, asked)


@given(ENTRIES, QUESTIONS)
def test_nothing_that_holds_is_more_specific_than_the_answer(library: list[Match], asked: Asked) -> None:
    found = best_first(library, asked)
    assert all(holds(match, asked) for match in found)
    assert not found or found[0].specificity == min(match.specificity for match in library if holds(match, asked))


@given(ENTRIES, QUESTIONS)
def test_what_does_not_hold_changes_nothing(library: list[Match], asked: Asked) -> None:
    only = [match for match in library if holds(match, asked)]
    assert best_first(library, asked) == best_first(only, asked)


def kept(service: str, *codes: str, plan: str = "", category: Category | None = None) -> KeptChecklist:
    return KeptChecklist(Checklist(service, tuple(map(parse_codes, codes)), category), plan)


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        (kept("Chairs", "K0856"), kept("Seats", "K0856"), True),
        (kept("Chairs", "K0856"), kept("Seats", "K0856", plan="Gold"), False),  # the plan's is more specific
        (kept("Chairs", "K0856"), kept("Seats", "K0850-K0860"), False),  # so is the code
        (kept("Chairs", "K0850-K0860"), kept("Seats", "K0855-K0865"), True),  # as wide, and they overlap
        (kept("Chairs", "K0850-K0860"), kept("Seats", "K0861-K0871"), False),
        (kept("MRI", category=Category.IMAGING), kept("CT", category=Category.IMAGING), True),
    ],
)
def test_two_checklists_that_would_match_equally_are_named(
    one: KeptChecklist, other: KeptChecklist, clash: bool
) -> None:
    for pair in ((one, other), (other, one)):
        said = list(clashes(pair))
        assert bool(said) is clash
        assert all(kept.body.service in said[0] for kept in pair if said)


def test_one_code_may_follow_another_in_time() -> None:
    before = Checklist("Old chairs", (Codes("K0856", "K0856", until=TODAY),))
    after = Checklist("New chairs", (Codes("K0856", "K0856", since=TODAY),))
    assert not list(clashes([KeptChecklist(before), KeptChecklist(after)]))
