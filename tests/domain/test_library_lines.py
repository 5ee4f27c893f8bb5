"""Items and codes as people type them into the form of a checklist."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pabot.domain.documents import Item, ItemKind, Supplier
from pabot.domain.errors import Invalid
from pabot.domain.library import Codes
from pabot.domain.library_lines import code_text, item_line, parse_closure_steps, parse_code_lines, parse_items

K = Codes("K0856", "K0856")


@pytest.mark.parametrize(
    ("typed", "item"),
    [
        ("Signed order", Item("Signed order", ItemKind.OTHER)),
        ("Signed order (form)", Item("Signed order", ItemKind.FORM)),
        ("Visit note (Clinical, from clinician)", Item("Visit note", ItemKind.CLINICAL, supplier=Supplier.CLINICIAN)),
        (
            "X-ray report (clinical document, at most 180 days old)",
            Item("X-ray report", ItemKind.CLINICAL, max_age_days=180),
        ),
        ("Photo (optional, from the patient)", Item("Photo", ItemKind.OTHER, False, Supplier.PATIENT)),
        ("Card (both sides) (demographic)", Item("Card (both sides)", ItemKind.DEMOGRAPHIC)),
        ("  Home plan ( 30 days )", Item("Home plan", ItemKind.OTHER, max_age_days=30)),
    ],
)
def test_an_item_is_read_as_it_is_meant(typed: str, item: Item) -> None:
    assert parse_items(typed) == (item,)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Order (blue)", "“blue” is not understood"),
        ("Order (form", "write the document, then what matters in brackets"),
        ("(form)", "write the document"),
        ("Order\nORDER (form)", "“Order” stands there twice"),
        ("Order (at most 0 days old)", "not understood"),
        ("\n".join(f"Order {n}" for n in range(41)), "At most 40 items"),
    ],
)
def test_an_item_that_is_not_understood_is_named(typed: str, said: str) -> None:
    with pytest.raises(Invalid, match=said.replace("(", r"\(")):
        parse_items(typed)


LABELS = st.text(st.characters(blacklist_characters="()\n\r", blacklist_categories=["C", "Z"]), min_size=1, max_size=40)
ITEMS = st.builds(
    Item, LABELS, st.sampled_from(ItemKind), st.booleans(), st.sampled_from(Supplier), st.none() | st.integers(1, 3650)
)


@example([Item("Card (both sides)", ItemKind.OTHER)])
@given(st.lists(ITEMS, unique_by=lambda item: item.label.casefold(), max_size=10))
def test_written_items_are_read_again_as_they_were(items: list[Item]) -> None:
    assert parse_items("\n".join(map(item_line, items))) == tuple(items)


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("k0856", (K,)),
        ("K0856, K0857-K0860", (K, Codes("K0857", "K0860"))),
        ("K0856 (from 2026-01-02)", (Codes("K0856", "K0856", date(2026, 1, 2)),)),
        (
            "K0856 (from 2026-01-02, until 2026-04-06, bases, not backs (see manual))",
            (Codes("K0856", "K0856", date(2026, 1, 2), date(2026, 4, 6), "bases, not backs (see manual)"),),
        ),
        ("K0856 (suspended)", (Codes("K0856", "K0856", note="suspended"),)),
    ],
)
def test_codes_are_read_with_their_dates_and_notes(typed: str, codes: tuple[Codes, ...]) -> None:
    assert parse_code_lines(typed) == codes
    assert parse_code_lines("\n".join(map(code_text, codes))) == codes


@pytest.mark.parametrize("typed", ["K08", "K0856 (from 2026-13-01)", "K0856-K0850"])
def test_codes_that_are_not_understood_are_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        parse_code_lines(typed)


def test_closure_steps_stand_one_a_line_and_beside_a_box() -> None:
    assert parse_closure_steps(" Send the number \n\nNote the last day\nSend the number") == (
        "Send the number",
        "Note the last day",
    )
    with pytest.raises(Invalid, match="is longer than 80 characters"):
        parse_closure_steps("x" * 81)
