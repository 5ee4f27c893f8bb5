"""Diagnoses as people type them: by code, by name, by abbreviation, in a hurry; and the file they are found in."""

import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pabot.domain.diagnoses import Standing
from pabot.store.diagnoses import DiagnosisFile, installed
from pabot.store.diagnosis_build import Entry, build, build_once
from pabot.store.diagnosis_building import Building, built_meanwhile, can_be_written
from pabot.store.diagnosis_words import mistakes, singular, typed_words

FEW = (
    Entry("M54.1", "Radiculopathy", False, ("Radicular neuritis NOS",)),
    Entry("M54.16", "Radiculopathy, lumbar region", True),
    Entry("M54.17", "Radiculopathy, lumbosacral region", True),
    Entry("Z13.1", "Encounter for screening for diabetes mellitus", True),
    Entry("E11", "Type 2 diabetes mellitus", False),
    Entry("E11.9", "Type 2 diabetes mellitus without complications", True),
)

TYPED = [
    # codes, as far as they were typed
    ("M54.16", "M54.16"),
    ("m5416", "M54.16"),
    ("m54.1", "M54.1"),
    (" e11.9 ", "E11.9"),
    ("s52501a", "S52.501A"),
    ("e11 neuropathy", "E11.40"),
    ("b12", "D51.9"),  # no code of that beginning: a vitamin
    # names
    ("lumbar radiculopathy", "M54.16"),
    ("radiculopathy lumbar", "M54.16"),
    ("lumb radic", "M54.16"),
    ("type 2 diabetes", "E11.9"),
    ("Crohn’s disease", "K50.90"),
    ("crohns", "K50.90"),
    ("sjogren", "M35.00"),
    ("multiple scler", "G35.D"),
    ("muscle weakness", "M62.81"),
    ("right knee osteoarthritis", "M17.11"),
    ("fractures of lower end of radius", "S52.509A"),
    ("hypertensio", "I10"),
    # as the practice speaks
    ("high blood pressure", "I10"),
    ("htn", "I10"),
    ("copd", "J44.9"),
    ("t2dm", "E11.9"),
    ("osa", "G47.33"),
    ("ms", "G35.D"),
    ("heart attack", "I21.9"),
    ("stroke", "I63.9"),
    ("ra", "M06.9"),
    # in a hurry
    ("lumbr radiculopthy", "M54.16"),
    ("diabtes type 2", "E11.9"),
    ("numonia", "J12.9"),
    ("depresion", "F32.A"),
    ("carpal tunel", "G56.00"),
    ("sleep apnia", "G47.30"),
    ("fibromialgia", "M79.7"),
    # a word too many
    ("chronic knee pain xyz", "M25.569"),
]


@pytest.mark.parametrize(("typed", "code"), TYPED, ids=lambda value: value)
def test_what_is_typed_finds_what_is_meant(icd10: DiagnosisFile, typed: str, code: str) -> None:
    assert icd10.search(typed, 10)[0].code == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [("diabtes", "E11.9"), ("breast cancer", "C50.919"), ("torn meniscus", "M23.209"), ("ckd stage 4", "N18.4")],
)
def test_what_is_meant_is_among_the_first(icd10: DiagnosisFile, typed: str, code: str) -> None:
    assert code in [one.code for one in icd10.search(typed, 5)]


def test_the_code_comes_first_then_what_begins_so_and_can_be_billed(icd10: DiagnosisFile) -> None:
    found = icd10.search("m54.4", 10)
    assert [one.code for one in found] == ["M54.4", "M54.40", "M54.41", "M54.42"]
    assert [one.standing for one in found] == [Standing.GENERAL] + [Standing.BILLABLE] * 3
    standings = [one.standing for one in icd10.search("s52", 100)[1:]]
    assert standings == sorted(standings), "billable before not"


def test_a_code_is_offered_once(icd10: DiagnosisFile) -> None:
    codes = [one.code for one in icd10.search("diabetes mellitus", 100)]
    assert len(codes) == len(set(codes)) == 100


@pytest.mark.parametrize(
    ("code", "standing", "name"),
    [
        ("M54.16", Standing.BILLABLE, "Radiculopathy, lumbar region"),
        ("M5416", Standing.BILLABLE, "Radiculopathy, lumbar region"),
        ("M54.1", Standing.GENERAL, "Radiculopathy"),
        ("G35", Standing.GENERAL, "Multiple sclerosis"),
        ("M54.1X", Standing.UNKNOWN, ""),
        ("", Standing.UNKNOWN, ""),
        ("'; DROP TABLE diagnosis; --", Standing.UNKNOWN, ""),
    ],
)
def test_a_code_is_looked_up(icd10: DiagnosisFile, code: str, standing: Standing, name: str) -> None:
    found = icd10.look_up(code)
    assert (found.standing, found.description) == (standing, name)


def test_the_whole_classification_is_there(icd10: DiagnosisFile) -> None:
    assert icd10.size > 98_000
    assert icd10.release == "April 2026"


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            "   ",
            '"',
            "'",
            "*",
            "^",
            "(",
            "a* OR b*",
            "NEAR(a b)",
            "words:diabetes",
            "a AND",
            "NOT",
            "-",
            "%",
            "{}[]",
        ),
        *("\0", "\ud800", "א ב", "\u202eabc", "²", "İ", "🦴"),
        *("x" * 5000, "diabetes " * 600, '"' * 5000, "m54." * 1250),
    ],
    ids=lambda typed: ascii(typed)[:20],
)
def test_hostile_words_are_only_words(icd10: DiagnosisFile, typed: str, caplog: pytest.LogCaptureFixture) -> None:
    assert len(icd10.search(typed, 30)) <= 30
    assert caplog.records == []


@given(st.text() | st.text('abdeimnorst0159.*"():^-+ ', max_size=40))
def test_any_text_is_answered(icd10: DiagnosisFile, typed: str) -> None:
    found = icd10.search(typed, 5)
    assert len(found) <= 5
    assert all(icd10.look_up(one.code) == one for one in found)


@pytest.mark.parametrize(
    ("typed", "word", "slips"),
    [
        ("diabte", "diabete", 1),
        ("radiculopthy", "radiculopathy", 1),
        ("lumb", "lumbar", 0),
        ("ashtma", "asthma", 1),
        ("numonia", "pneumonia", 2),
        ("gout", "asthma", 3),
    ],
)
def test_slips_are_counted_against_how_a_word_begins(typed: str, word: str, slips: int) -> None:
    assert mistakes(typed, word) == slips


@pytest.mark.parametrize(
    ("word", "one"),
    [("fractures", "fracture"), ("arthritis", "arthritis"), ("injuries", "injury"), ("abscess", "abscess")],
)
def test_words_are_compared_in_the_singular(word: str, one: str) -> None:
    assert singular(word) == one


def test_idle_words_are_left_out_unless_nothing_else_was_typed() -> None:
    assert typed_words("Fractures of the Femur") == ("fracture", "femur")
    assert typed_words("of the") == ("of", "the")


def made(folder: Path, version: str = "1") -> DiagnosisFile:
    listed = DiagnosisFile(folder, version)
    build(listed.path, FEW, "April 2026")
    return listed


def test_until_it_is_built_nothing_is_found_and_nothing_is_doubted(tmp_path: Path) -> None:
    listed = DiagnosisFile(tmp_path, "1")
    assert (listed.search("diabetes", 10), listed.size, listed.release) == ((), 0, "")
    assert listed.look_up("M54.1X").standing is Standing.UNCHECKED
    build(listed.path, FEW, "April 2026")
    assert [one.code for one in listed.search("diabetes", 10)] == ["E11.9", "Z13.1", "E11"]


def test_other_names_are_found_after_the_name_itself(tmp_path: Path) -> None:
    assert [one.code for one in made(tmp_path).search("radicular neuritis", 10)] == ["M54.1"]


def test_another_version_of_the_package_is_another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pabot.store.diagnosis_build.from_package", lambda: (FEW, "October 2026"))
    old = made(tmp_path, "1")
    new = DiagnosisFile(tmp_path, "2")
    assert new.size == 0
    build_once(new.path)
    assert (new.release, new.size) == ("October 2026", len(FEW))
    assert not old.path.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == [new.path.name, "icd10cm.lock"]


def test_what_is_built_is_not_built_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = made(tmp_path)
    before = listed.path.read_bytes()
    monkeypatch.setattr("pabot.store.diagnosis_build.from_package", lambda: ((), ""))
    build_once(listed.path)
    assert listed.path.read_bytes() == before


def test_a_half_written_file_is_never_read_and_swept_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pabot.store.diagnosis_build.from_package", lambda: (FEW, "April 2026"))
    half = tmp_path / "icd10cm-x.part"
    half.write_bytes(b"SQLite format 3\0")
    listed = DiagnosisFile(tmp_path, "1")
    assert listed.search("diabetes", 10) == ()
    build_once(listed.path)
    assert listed.size == len(FEW)
    assert not half.exists()


def test_a_build_that_fails_leaves_the_old_list(tmp_path: Path) -> None:
    listed = made(tmp_path)
    with pytest.raises(ZeroDivisionError):
        build(listed.path, (Entry("E11", "x" * (1 // len(())), True) for _ in "1"), "")
    assert listed.size == len(FEW)


def test_several_at_once_build_one_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pabot.store.diagnosis_build.from_package", lambda: (FEW, "April 2026"))
    listed = DiagnosisFile(tmp_path, "1")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(build_once, [listed.path] * 4))
    assert listed.size == len(FEW)
    assert [path.suffix for path in tmp_path.iterdir() if path != listed.path] == [".lock"]


def test_a_damaged_file_is_said_and_counts_as_none(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    listed = DiagnosisFile(tmp_path, "1")
    listed.path.write_bytes(b"no database at all" * 100)
    assert listed.search("diabetes", 10) == ()
    assert "cannot be read: delete" in caplog.text


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    target = tmp_path / "taken" / "cache" / "icd10cm-1-1.db"
    assert can_be_written(tmp_path / "new" / "folder")
    assert not can_be_written(target.parent)
    building = Building(target, after_s=0)
    building.start()
    building.wait()
    (line,) = caplog.records
    assert line.levelno == logging.WARNING
    assert "codes typed by hand work" in line.getMessage()
    assert "PABOT_CACHE_DIR" in line.getMessage()


@pytest.mark.parametrize("after_s", [0, 60], ids=["begun", "not begun"])
def test_building_is_ended_with_whoever_wanted_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, after_s: int
) -> None:
    with built_meanwhile(tmp_path / "icd10cm-1-1.db", after_s) as building:
        assert building.is_running
    assert not building.is_running
    assert caplog.records == []
    assert not list(tmp_path.glob("*.db"))


def test_nobody_who_asks_holds_the_package() -> None:
    asks = "import sys, pabot.app, pabot.store.diagnosis_build; print('simple_icd_10_cm' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
    assert installed()
