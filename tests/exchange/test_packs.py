"""The packs that ship: Medicare's list is whole, the examples are marked, and nothing is anybody else's text."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from pabot import packs
from pabot.domain.documents import ItemKind
from pabot.domain.errors import BadFile
from pabot.domain.library import Checklist, Codes, PayerEntry, Requirement, rules_of
from pabot.domain.matching import clashes
from pabot.domain.model import LineOfBusiness
from pabot.domain.payer_rules import DEFAULTS, RuleKind, Window, resolved
from pabot.exchange import yaml_files
from pabot.exchange.payer_file import PayerFile

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "docs" / "payer.schema.json"
EXAMPLES = tuple(name for name in packs.names() if name.startswith("example_"))
OFFICIAL = {"cms.gov", "www.cms.gov", "cgsmedicare.com", "www.cgsmedicare.com", "med.noridianmedicare.com"}

# CMS's list as we know it: category, first day, last day (the day it left the list), how the list stands, codes.
DMEPOS = """
Lower limb prostheses | 2020-12-01 | | active | L5856 L5857 L5858 L5973 L5980 L5987
Orthoses | 2022-04-13 | | active | L0648 L0650 L1832 L1851
Orthoses | 2024-08-12 | | active | L0631 L0637 L0639 L1843 L1845 L1951
Orthoses | 2026-04-13 | | active | L0651 L1844 L1846 L1852 L1932
Orthoses | 2022-04-13 | 2024-08-12 | removed | L1833
Power mobility devices | 2022-04-13 | | active | K0800 K0801 K0802 K0806 K0807 K0808
Power mobility devices | 2018-09-01 | | active | K0813 K0814 K0815 K0816
Power mobility devices | 2018-09-01 | | active | K0820 K0821 K0822 K0823 K0824 K0825 K0826 K0827 K0828 K0829
Power mobility devices | 2018-09-01 | | active | K0835 K0836 K0837 K0838 K0839 K0840 K0841 K0842 K0843
Power mobility devices | 2018-09-01 | | active | K0848 K0849 K0850 K0851 K0852 K0853 K0854 K0855
Power mobility devices | 2017-07-17 | | active | K0856 K0861
Power mobility devices | 2019-07-22 | | active | K0857 K0858 K0859 K0860 K0862 K0863 K0864
Pressure reducing support surfaces | 2019-10-21 | | active | E0193 E0277 E0371 E0372 E0373
Pneumatic compression devices | 2026-04-13 | | active | E0651 E0652
Osteogenesis stimulators | 2024-08-12 | 2024-08-28 | suspended | E0747 E0748 E0760
"""
LISTED = [[cell.strip() for cell in line.split("|")] for line in DMEPOS.strip().splitlines()]
IN_FORCE = {
    "Lower limb prostheses": 6,
    "Orthoses": 15,
    "Power mobility devices": 46,
    "Pressure reducing support surfaces": 5,
    "Pneumatic compression devices": 2,
    "Osteogenesis stimulators": 0,
}


def read(name: str) -> PayerEntry:
    (entry,) = yaml_files.read(f"{name}.yaml", packs.text(name))
    return entry


def bodies(*names: str) -> list[Checklist]:
    return [kept.body for name in names for kept in read(name).checklists]


def single(codes: Codes) -> Iterator[str]:
    """Every code of a range."""
    letter, first = codes.low[0], int(codes.low[1:])
    return (f"{letter}{number:04}" for number in range(first, first + codes.width))


MEDICARE_NAME = "original_medicare_dme"
MEDICARE = read(MEDICARE_NAME)
HELD = {code: (kept.body, codes) for kept in MEDICARE.checklists for codes in kept.body.codes for code in single(codes)}


@pytest.mark.parametrize(("category", "first", "last", "state", "codes"), LISTED)
def test_every_code_of_medicare_s_list_is_held_with_its_days(
    category: str, first: str, last: str, state: str, codes: str
) -> None:
    for code in codes.split():
        body, held = HELD[code]
        assert body.service == category
        assert (held.since, held.until) == (date.fromisoformat(first), date.fromisoformat(last) if last else None)
        assert state == "active" or state in held.note.casefold()


def test_medicare_s_list_is_whole_and_holds_nothing_else() -> None:
    counted = Counter(state for *_, state, codes in LISTED for _ in codes.split())
    assert counted == {"active": 74, "removed": 1, "suspended": 3}
    assert HELD.keys() == {code for row in LISTED for code in row[4].split()}
    assert sum(codes.width for body in bodies(MEDICARE_NAME) for codes in body.codes) == len(HELD) == 78


def test_in_force_are_as_many_as_the_list_counts() -> None:
    on = date(2026, 11, 23)
    counted = {body.service: sum(c.width for c in body.codes if c.in_force(on)) for body in bodies(MEDICARE_NAME)}
    assert counted == IN_FORCE


def test_days_that_are_not_confirmed_say_so() -> None:
    for code in ("K0800", "K0813", "K0856", "L0651", "E0747"):
        assert "verify" in HELD[code][1].note.casefold()
    assert all(body.verified_on is None and "Verify" in body.note for body in bodies(MEDICARE_NAME))


def test_how_long_a_decision_holds_is_as_the_list_says() -> None:
    assert {body.service: body.valid_days for body in bodies(MEDICARE_NAME)} == {
        "Lower limb prostheses": 120,
        "Orthoses": 60,
        "Power mobility devices": 180,
        "Pressure reducing support surfaces": 30,
        "Pneumatic compression devices": 60,
        "Osteogenesis stimulators": None,
    }


def test_medicare_decides_in_its_own_windows() -> None:
    assert [plan.line_of_business for plan in MEDICARE.plans] == [LineOfBusiness.MEDICARE_FFS]
    rules = rules_of(MEDICARE.rules)
    assert rules[RuleKind.STANDARD].window == Window(7, "cd")
    assert "5 business days" in rules[RuleKind.STANDARD].source
    assert rules[RuleKind.EXPEDITED].window == Window(2, "bd")
    assert RuleKind.P2P not in rules
    assert "not appealed" in MEDICARE.contacts.notes


@pytest.mark.parametrize("name", packs.names())
def test_a_pack_is_written_as_it_was_read(name: str) -> None:
    entry = read(name)
    text = yaml_files.write([entry])
    assert list(yaml_files.read(name, text)) == [entry]
    assert yaml_files.write(yaml_files.read(name, text)) == text


@pytest.mark.parametrize("name", packs.names())
def test_no_two_checklists_of_a_pack_clash(name: str) -> None:
    entry = read(name)
    assert list(clashes(entry.checklists)) == []
    assert len({kept.key for kept in entry.checklists}) == len(entry.checklists)
    assert {kept.plan for kept in entry.checklists} <= {"", *(plan.name for plan in entry.plans)}


@pytest.mark.parametrize("name", packs.names())
def test_what_a_pack_says_fits_where_it_is_shown(name: str) -> None:
    for body in bodies(name):
        assert all(len(item.label) <= 80 for item in body.items)
        assert len(body.patient_words) <= 120
        assert body.source


@pytest.mark.parametrize("name", packs.names())
def test_addresses_are_invented_or_official(name: str) -> None:
    hosts = re.findall(r"https?://([^/\s\"']+)", packs.text(name))
    assert all(host.endswith(".example") or host in OFFICIAL for host in hosts)
    assert name not in EXAMPLES or all(host.endswith(".example") for host in hosts)
    assert packs.text(name).startswith("# yaml-language-server: $schema=../../docs/payer.schema.json\n")


def test_every_code_is_of_the_public_set_and_no_list_of_codes_ships() -> None:
    """HCPCS Level II begins with a letter; CPT codes and their words are licensed, and stay out."""
    codes = [codes for body in bodies(*packs.names()) for codes in body.codes]
    assert all(re.fullmatch(r"[A-V][0-9]{4}", end) for each in codes for end in (each.low, each.high))
    assert not re.search(r"\b[0-9]{4}[0-9FTUM]\b", re.sub(r"42 CFR [0-9.]+", "", "".join(map(packs.text, EXAMPLES))))
    shipped = {entry.name for entry in files(packs).iterdir()} - {"__init__.py", "__pycache__"}
    assert shipped == {f"{name}.yaml" for name in packs.names()}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_plainly_one(name: str) -> None:
    entry = read(name)
    assert entry.name.endswith("(example)")
    assert re.fullmatch(r"555-01[0-9]{2}", entry.contacts.phone)
    assert re.fullmatch(r"555-01[0-9]{2}", entry.contacts.fax)
    for body in bodies(name):
        assert body.is_example
        assert body.note.startswith("Example: verify with the payer.")
        assert not any(codes.note for codes in body.codes)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_fills_the_twelve_fields(name: str) -> None:
    entry = read(name)
    assert entry.plans
    for kept in entry.checklists:
        body = kept.body
        if body.authorization is Requirement.NOT_REQUIRED:
            continue
        assert {item.kind for item in body.items} >= {ItemKind.FORM, ItemKind.CLINICAL, ItemKind.DEMOGRAPHIC}
        assert all((body.channel, body.form, body.asks, body.portal_notes, body.phone_notes))
        assert all((body.escalate_after_days, body.patient_words.endswith("."), body.closure_steps, body.valid_days))
        for plan in entry.plans:
            layers = (entry.rules, plan.rules, body.rules)
            rules = resolved(DEFAULTS[plan.line_of_business], *map(rules_of, layers))
            assert {RuleKind.STANDARD, RuleKind.FIRST_CHECK, RuleKind.CHECK_EVERY} <= rules.keys()


def test_the_examples_together_show_what_a_checklist_can_say() -> None:
    every = bodies(*EXAMPLES)
    kept = [kept for name in EXAMPLES for kept in read(name).checklists]
    assert sum(body.authorization is Requirement.REQUIRED for body in every) == 10
    assert [body.service for body in every if body.authorization is Requirement.NOT_REQUIRED] == ["Home sleep test"]
    assert {item.supplier for body in every for item in body.items} == {
        "clinician", "coordinator", "patient", "facility", "biller"
    }  # fmt: skip
    assert {body.channel for body in every} == {"portal", "fax", "phone", "mail", "epa", None}
    assert any(body.category for body in every)
    assert any(each.plan for each in kept)
    assert any(each.line_of_business for each in kept)
    assert any(item.max_age_days for body in every for item in body.items)


def test_a_pack_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(BadFile, match="original_medicare_dme"):
        packs.text("../settings")


def test_the_guide_s_own_example_reads() -> None:
    (written,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "payer-library.md").read_text(), re.DOTALL)
    (entry,) = yaml_files.read("guide", written)
    assert [str(codes) for codes in entry.checklists[0].body.codes] == ["E0601", "K0857-K0860"]


def test_the_schema_on_file_is_that_of_the_model() -> None:
    """Write it anew with the line in docs/payer-library.md."""
    assert json.loads(SCHEMA.read_text()) == PayerFile.model_json_schema()
