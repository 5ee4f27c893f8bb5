"""A payer's file: what people write is read as they mean it, and every slip is named with its line."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pabot.domain.documents import Item, ItemKind, Supplier
from pabot.domain.errors import BadFile
from pabot.domain.library import (
    Checklist,
    Codes,
    Contacts,
    Fact,
    KeptChecklist,
    PayerEntry,
    PlanEntry,
    Requirement,
    parse_codes,
)
from pabot.domain.model import Category, Channel, LineOfBusiness
from pabot.domain.payer_rules import Layer, Rule, RuleKind, Window
from pabot.exchange import csv_files, yaml_files

HARBOR = """
payer: Harbor Health
contacts:
  portal: https://portal.harbor.example
  phone_path: 2, then 4
rules:
  decision_standard: {window: 5 business days, source: provider manual, verified_on: 2026-11-04}
plans:
  - {name: Gold, line_of_business: medicare_advantage}
checklists:
  - service: Power wheelchair
    codes:
      - k0856
      - K0857-K0860
      - {codes: K0861, until: 2026-01-01, note: removed}
    items:
      - {label: Signed order, kind: form, supplier: clinician, max_age_days: 180}
      - {label: Home assessment, kind: clinical document, required: no}
    asks: [facility]
    channel: portal
    closure_steps: [Tell the supplier]
"""


def test_a_file_says_what_a_payer_wants() -> None:
    (entry,) = yaml_files.read("harbor.yaml", HARBOR)
    assert entry.name == "Harbor Health"
    assert entry.contacts.phone_path == "2, then 4"
    rule = Rule(Window(5, "bd"), "provider manual", date(2026, 11, 4), Layer.PAYER)
    assert dict(entry.rules) == {RuleKind.STANDARD: rule}
    assert entry.plans == (PlanEntry("Gold", LineOfBusiness.MEDICARE_ADVANTAGE),)
    (kept,) = entry.checklists
    assert kept.body.codes == (
        Codes("K0856", "K0856"),
        Codes("K0857", "K0860"),
        Codes("K0861", "K0861", until=date(2026, 1, 1), note="removed"),
    )
    assert kept.body.items == (
        Item("Signed order", ItemKind.FORM, True, Supplier.CLINICIAN, 180),
        Item("Home assessment", ItemKind.CLINICAL, required=False),
    )
    assert (kept.body.asks, kept.body.channel) == ((Fact.FACILITY,), Channel.PORTAL)


def test_words_that_yaml_would_turn_stay_words() -> None:
    text = 'payer: No\nchecklists:\n  - {service: "1", codes: [0042, 97110], source: on}\n'
    (entry,) = yaml_files.read("no.yaml", text)
    assert entry.name == "No"
    assert [str(codes) for codes in entry.checklists[0].body.codes] == ["0042", "97110"]
    assert entry.checklists[0].body.source == "on"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("payer: X\ncolour: red\n", "x.yaml, line 2: colour: this field is not known here."),
        ("contacts: {}\n", "x.yaml, line 1: payer: this is needed."),
        ("payer: X\npayer: Y\n", "x.yaml, line 2: “payer” stands here a second time."),
        ("payer: [X\n", "x.yaml, line 2: this is not YAML"),
        (
            "payer: X\nplans:\n  - name: Gold\n    line_of_business: golden\n",
            "x.yaml, line 4: plans.0.line_of_business",
        ),
        (
            "payer: X\nchecklists:\n  - service: A\n    codes: [K08]\n",
            "line 4: checklists.0.codes.0.codes: “K08” is no code",
        ),
        ("payer: X\nchecklists:\n  - service: A\n", "line 3: checklists.0: Name either codes or a category."),
        (
            "payer: X\nrules:\n  decision_standard: {window: a week}\n",
            "line 3: rules.decision_standard.window: “a week” is no window.",
        ),
        (
            "payer: X\nchecklists:\n  - {service: A, category: imaging, authorization: not required}\n",
            "“Not required” needs its proof: source and verified_on.",
        ),
        (
            "payer: X\nchecklists:\n  - service: A\n    codes: [{codes: K0856, since: 2026-02-01, until: 2026-01-01}]",
            "“until” lies before “since”.",
        ),
        ("payer: &x X\ncontacts: {notes: *x}\n", "refers to another place by *"),
        ("- payer\n", "x.yaml, line 1"),
        ("just words\n", "x.yaml, line 1"),
    ],
)
def test_a_slip_is_named_with_its_line(wrong: str, said: str) -> None:
    with pytest.raises(BadFile) as refused:
        list(yaml_files.read("x.yaml", wrong))
    assert said in refused.value.sentence


WORDS = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=40)
NAMES = WORDS.map(str.strip).filter(bool)
DATES = st.dates(date(2020, 1, 1), date(2027, 12, 31))
MAYBE = st.none() | DATES


def rule_pairs(layer: Layer) -> st.SearchStrategy[tuple[tuple[RuleKind, Rule], ...]]:
    windows = st.builds(Window, st.integers(0, 9999), st.sampled_from(["h", "cd", "bd"]))
    rules = st.builds(Rule, windows, WORDS, MAYBE, st.just(layer))
    return st.dictionaries(st.sampled_from(list(RuleKind)), rules, max_size=4).map(
        lambda found: tuple(sorted(found.items()))
    )


CODES = st.builds(
    lambda code, since, note: Codes(code.low, code.high, since, None, note),
    st.sampled_from(["K0856", "K0857-K0860", "0075T", "97110", "0042"]).map(parse_codes),
    MAYBE,
    WORDS,
)
ITEMS = st.lists(
    st.builds(
        Item,
        NAMES,
        st.sampled_from(ItemKind),
        st.booleans(),
        st.sampled_from(Supplier),
        st.none() | st.integers(1, 3650),
    ),
    unique_by=lambda item: item.label.casefold(),
    max_size=4,
).map(tuple)
BODIES = st.builds(
    Checklist,
    service=NAMES,
    codes=st.lists(CODES, min_size=1, max_size=4).map(tuple),
    since=MAYBE,
    channel=st.none() | st.sampled_from(Channel),
    form=WORDS,
    items=ITEMS,
    asks=st.lists(st.sampled_from(Fact), unique=True).map(tuple),
    rules=rule_pairs(Layer.CHECKLIST),
    portal_notes=WORDS,
    escalate_after_days=st.none() | st.integers(1, 60),
    closure_steps=st.lists(NAMES, max_size=3).map(tuple),
    source=WORDS,
    is_example=st.booleans(),
    note=WORDS,
) | st.builds(
    Checklist,
    service=NAMES,
    category=st.sampled_from(Category),
    authorization=st.just(Requirement.NOT_REQUIRED),
    source=NAMES,
    verified_on=DATES,
)
PAYERS = st.builds(
    PayerEntry,
    NAMES,
    st.builds(Contacts, WORDS, WORDS, WORDS, WORDS, WORDS, WORDS, WORDS),
    rule_pairs(Layer.PAYER),
    st.lists(st.builds(PlanEntry, NAMES, st.sampled_from(LineOfBusiness), rule_pairs(Layer.PLAN)), max_size=2).map(
        tuple
    ),
    st.lists(st.builds(KeptChecklist, BODIES, st.sampled_from(["", "Gold"])), max_size=3).map(tuple),
)


@given(st.lists(PAYERS, min_size=1, max_size=3))
def test_written_read_and_written_again_changes_no_byte(payers: list[PayerEntry]) -> None:
    text = yaml_files.write(payers)
    read = list(yaml_files.read("export.yaml", text))
    assert read == payers
    assert yaml_files.write(read) == text


ROWS = """payer,plan,line_of_business,service,codes,since,category,items,source
Harbor Health,Gold,medicare_advantage,Chairs, k0856 ;K0857-K0860,2026-01-01,,form: Signed order; Home assessment,manual
Harbor Health,Gold,,Chairs,K0861,,,,
Tidewater,,,Scans,,,imaging,,
"""


def test_rows_of_one_service_are_one_checklist() -> None:
    harbor, tidewater = csv_files.read("list.csv", ROWS)
    (chairs,) = harbor.checklists
    assert [str(codes) for codes in chairs.body.codes] == ["K0856", "K0857-K0860", "K0861"]
    assert [codes.since for codes in chairs.body.codes] == [date(2026, 1, 1), date(2026, 1, 1), None]
    assert chairs.body.items == (Item("Signed order", ItemKind.FORM), Item("Home assessment", ItemKind.OTHER))
    assert harbor.plans == (PlanEntry("Gold", LineOfBusiness.MEDICARE_ADVANTAGE),)
    assert chairs.plan == "Gold"
    assert tidewater.checklists[0].body.category is Category.IMAGING


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("payer,service,colour\n", "x.csv, line 1: “colour” is no column."),
        ("payer,codes\n", "x.csv, line 1: the column “service” is missing."),
        ("payer,service,codes\nA,Chairs,K0856,more\n", "x.csv, line 2: there are more fields than columns."),
        (
            "payer,service,codes\nA,Chairs,K0856\nA,Seats,K08\n",
            "x.csv, line 3: checklists.1.codes.0.codes: “K08” is no code",
        ),
        (
            "payer,service,codes,source\nA,B,K0856,x\nA,B,K0857,y\n",
            "x.csv, line 3: source is “y”, and was “x” in line 2.",
        ),
        ('payer,service,codes\nA,"B,K0856\n', "this is not CSV"),
        ("payer,service,codes\n,B,K0856\n", "x.csv, line 2: payer"),
    ],
)
def test_a_wrong_row_is_named_with_its_line(wrong: str, said: str) -> None:
    with pytest.raises(BadFile) as refused:
        list(csv_files.read("x.csv", wrong))
    assert said in refused.value.sentence


def test_the_last_of_twenty_thousand_rows_is_named_with_its_line() -> None:
    rows = [f"Payer {n % 200:03},Service {n},K{n // 2:04}" for n in range(20_000)]
    whole = "\n".join(["payer,service,codes", *rows])
    assert sum(len(entry.checklists) for entry in csv_files.read("x.csv", whole)) == 20_000
    with pytest.raises(BadFile, match=r"^x\.csv, line 20002: "):
        list(csv_files.read("x.csv", f"{whole}\nPayer 001,Last,K08"))
