"""The payer library through the desk: in from files, out again, and asked by people."""

from datetime import date

import pytest
from record_practice import CORA, FAY, Bench

from pabot.domain.answers import Answer
from pabot.domain.errors import BadFile, Invalid, NotFound
from pabot.domain.library import PayerEntry
from pabot.domain.payer_rules import Layer, RuleKind
from pabot.exchange import yaml_files

HARBOR = """
payer: Harbor Health
contacts: {portal: "https://portal.harbor.example", vendor: Quayside Reviews}
rules:
  decision_standard: {window: 5 business days, source: provider manual, verified_on: 2026-11-04}
plans:
  - name: Gold
    line_of_business: medicare_advantage
    rules:
      decision_standard: {window: 3 business days, source: Gold leaflet}
  - {name: Silver, line_of_business: medicare_advantage}
checklists:
  - service: Power wheelchairs
    codes: [K0800-K0899]
    items: [{label: Signed order, kind: form}]
  - service: Group 3 chairs
    plan: Gold
    codes: [K0856, {codes: E0747, until: 2024-08-28, note: suspended}]
    rules: {check_every: {window: 1 business day}}
  - {service: Any imaging, category: imaging}
"""


def entries(text: str = HARBOR) -> list[PayerEntry]:
    return list(yaml_files.read("harbor.yaml", text))


@pytest.fixture
def library(practice: Bench) -> Bench:
    practice.desk.import_payers(entries(), source="harbor.yaml")
    return practice


def ask(practice: Bench, text: str) -> tuple[Answer, ...]:
    return practice.desk.look_up(text, actor=practice.member(CORA))


def test_importing_twice_changes_nothing(library: Bench) -> None:
    versions = library.rows("select id, n from checklist_version order by id")
    (again,) = library.desk.import_payers(entries(), source="harbor.yaml")
    assert again.changes == ()
    assert library.rows("select id, n from checklist_version order by id") == versions


def test_out_and_in_and_out_again_is_the_same_to_the_byte(library: Bench) -> None:
    text = yaml_files.write(library.desk.export_payers())
    library.desk.import_payers(entries(text), source="export.yaml")
    assert yaml_files.write(library.desk.export_payers()) == text
    assert "Harbor Health" in text


def test_a_dry_run_says_what_would_change_and_changes_nothing(practice: Bench) -> None:
    (found,) = practice.desk.import_payers(entries(), source="harbor.yaml", dry_run=True)
    assert found.changes[0] == "new payer Harbor Health"
    assert "new checklist Group 3 chairs (Gold): K0856, E0747 (until 2024-08-28, suspended)" in found.changes
    assert not practice.desk.plans("Harbor")


def test_a_changed_checklist_becomes_the_next_version_and_the_old_one_stays(library: Bench) -> None:
    changed = HARBOR.replace("label: Signed order", "label: Signed and dated order")
    (found,) = library.desk.import_payers(entries(changed), source="new.yaml")
    assert found.changes == (
        "checklist Power wheelchairs: Item: − Signed order (form, required, from the coordinator)",
        "checklist Power wheelchairs: Item: + Signed and dated order (form, required, from the coordinator)",
    )
    answer = ask(library, "harbor K0801")[0]
    assert answer.kept
    assert (answer.kept.n, answer.kept.body.items[0].label) == (2, "Signed and dated order")
    rows = library.rows("select body from checklist_version v join checklist c on c.id = v.checklist_id where n = 1")
    assert any('"Signed order"' in row["body"] for row in rows)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (HARBOR.replace("plan: Gold", "plan: Bronze"), "for the plan “Bronze”, which it does not have"),
        (HARBOR.replace("Group 3 chairs\n    plan: Gold", "Power wheelchairs"), "“Power wheelchairs” comes twice"),
        (HARBOR.replace("    plan: Gold\n", "").replace("K0856,", "K0800-K0899,"), "match the same code equally"),
        (HARBOR + "---\n" + HARBOR, "Harbor Health comes twice"),
        ("payer: Mill Pond\n---" + HARBOR.replace("plan: Gold", "plan: Bronze"), "Bronze"),
    ],
)
def test_what_does_not_fit_is_refused_whole(practice: Bench, wrong: str, said: str) -> None:
    with pytest.raises(BadFile) as refused:
        practice.desk.import_payers(entries(wrong), source="wrong.yaml")
    assert said in refused.value.sentence
    assert practice.rows("select name from payer order by name") == [
        {"name": "Northwind Health"},
        {"name": "Tidewater Mutual"},
    ]


def test_a_clash_with_what_the_record_holds_is_refused(library: Bench) -> None:
    more = "payer: Harbor Health\nchecklists: [{service: Other chairs, codes: [K0800-K0899]}]"
    with pytest.raises(BadFile, match="match the same code equally"):
        library.desk.import_payers(entries(more), source="more.yaml")


def test_plans_with_the_same_answer_share_it_and_the_closest_checklist_wins(library: Bench) -> None:
    gold, silver = ask(library, "Harbor Health k0856")
    assert gold.kept
    assert silver.kept
    assert (gold.plans, gold.kept.body.service, gold.kept.matched_by) == (("Gold",), "Group 3 chairs", "K0856")
    assert (silver.plans, silver.kept.body.service) == (("Silver",), "Power wheelchairs")
    assert gold.also[0] == "Power wheelchairs"


def test_every_layer_of_rules_shows(library: Bench) -> None:
    gold, silver = ask(library, "K0856 harbor")
    assert gold.rules[RuleKind.STANDARD].words == "3 business days (plan)"
    assert silver.rules[RuleKind.STANDARD].words == "5 business days (payer)"
    assert gold.rules[RuleKind.CHECK_EVERY].layer is Layer.CHECKLIST
    assert gold.rules[RuleKind.EXPEDITED].words == "72 hours (default, verify)"
    assert gold.contacts.vendor == "Quayside Reviews"


def test_no_rule_recorded_is_an_answer_of_its_own(library: Bench) -> None:
    gold, silver = ask(library, "harbor L5856")
    assert gold.kept is None
    assert silver.lapsed is None
    assert gold.also == ("Any imaging (category imaging)",)


def test_a_code_that_was_taken_off_says_since_when(library: Bench) -> None:
    gold = next(answer for answer in ask(library, "harbor E0747") if "Gold" in answer.plans)
    assert gold.kept is None
    assert gold.lapsed
    assert gold.lapsed.codes
    assert (gold.lapsed.codes.until, gold.lapsed.codes.note) == (date(2024, 8, 28), "suspended")


@pytest.mark.parametrize(
    ("typed", "error", "said"),
    [
        ("", Invalid, "Say the payer and the code"),
        ("Harbor Health", Invalid, "Say the payer and the code"),
        ("K0856", Invalid, "Say the payer and the code"),
        ("Atlantis K0856", NotFound, "No payer is called “Atlantis”"),
        ("h K0856", NotFound, "Which payer do you mean: Harbor Health, Northwind Health?"),
        ("' OR 1=1 -- K0856", NotFound, "No payer is called"),
        ("%_ K0856", NotFound, "No payer is called"),
    ],
)
def test_what_cannot_be_looked_up_says_what_to_type(
    library: Bench, typed: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said.replace("?", r"\?")):
        ask(library, typed)


def test_the_front_desk_may_look_it_up(library: Bench) -> None:
    assert library.desk.look_up("harbor K0856", actor=library.member(FAY))


def test_a_payers_window_sets_the_expected_date(library: Bench) -> None:
    number = library.open(plan_id=library.desk.plans("Harbor Gold")[0].plan_id).state.number
    expected, why = library.desk.expected_on(number, at=library.clock.now())
    assert why == "standard window, 3 business days"
    assert expected == date(2026, 11, 19)


def test_every_import_leaves_events_that_verify(library: Bench) -> None:
    rows = library.rows("select kind, actor from event where subject like 'checklist:%' order by id")
    assert rows == [{"kind": "version", "actor": "pabot"}] * 3
    assert library.rows("select kind from event where subject like 'payer:%'") == [{"kind": "import"}]
