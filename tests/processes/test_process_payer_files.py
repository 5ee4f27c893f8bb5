"""`pabot payers` with files: in, out and in again, and what is wrong is said with file and line."""

from pathlib import Path

import pytest
from office import Office
from terminal import Terminal

HARBOR = """payer: Harbor Example
plans:
  - {name: Gold, line_of_business: medicare_advantage}
checklists:
  - service: Power wheelchairs
    codes: [K0800-K0899]
    items: [{label: Signed order, kind: form}]
"""


def lines_of(office: Office, terminal: Terminal) -> str:
    done = terminal("payers export", office)
    assert done.code == 0, done.err
    return done.out


def test_what_is_rehearsed_changes_nothing_and_what_is_known_is_not_news(
    terminal: Terminal, office: Office, tmp_path: Path
) -> None:
    (tmp_path / "harbor.yaml").write_text(HARBOR)
    before = lines_of(office, terminal)
    rehearsed = terminal(f"payers import --dry-run {tmp_path}/harbor.yaml", office)
    assert (rehearsed.code, "3 lines would be changed in 1 payer." in rehearsed.out) == (0, True)
    assert lines_of(office, terminal) == before
    assert "Power wheelchairs" in terminal(f"payers import {tmp_path}/harbor.yaml", office).out
    assert terminal(f"payers import {tmp_path}/harbor.yaml", office).out == "Nothing to change.\n"


def test_out_and_in_and_out_again(terminal: Terminal, office: Office, tmp_path: Path) -> None:
    assert terminal("payers import original_medicare_dme example_harbor_health", office).code == 0
    assert terminal(f"payers export --to {tmp_path}/out", office).code == 0
    written = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert len(written) == 3  # with the office's own payer
    files = " ".join(f"{tmp_path}/out/{name}" for name in written)
    assert terminal(f"payers import {files}", office).out == "Nothing to change.\n"
    assert terminal(f"payers export --to {tmp_path}/out", office).code == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == written


def test_the_list_names_every_payer_with_its_plans(terminal: Terminal, office: Office, tmp_path: Path) -> None:
    plans = "".join(f"\n  - {{name: Plan {n:03}, line_of_business: other}}" for n in range(120))
    (tmp_path / "many.yaml").write_text(f"payer: Many Plans Example\nplans:{plans}\n")
    terminal(f"payers import {tmp_path}/many.yaml", office)
    listed = terminal("payers list", office).out
    assert (listed.count("Many Plans Example"), listed.count("Plan 0"), listed.count("Plan 1")) == (1, 100, 20)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("harbor.yaml", HARBOR.replace("kind: form", "kinds: form").encode(), "harbor.yaml, line 7: "),
        ("harbor.yaml", f"{HARBOR}  - {{service: Chairs, codes: [K0850-K0949]}}".encode(), "Power wheelchairs"),
        ("harbor.yaml", f"{HARBOR}---\n{HARBOR}".encode(), "Harbor Example comes twice."),
        (
            "harbor.yaml",
            HARBOR.replace("order", "ord\xe9r").encode("latin-1"),
            "harbor.yaml, line 7: this is not UTF-8",
        ),
        ("harbor.csv", "payer,service\nHarb\xf6r,Chairs\n".encode("latin-1"), "harbor.csv, line 2: this is not UTF-8"),
        ("harbor.csv", b"payer,servise\nHarbor,Chairs\n", "harbor.csv, line 1: "),
        ("harbor.txt", b"payer: Harbor", "harbor.txt: payers come as .yaml or .csv."),
        ("harbor.yaml", b"", "harbor.yaml: no payer stands in it."),
    ],
)
def test_a_file_with_a_fault_changes_nothing(
    terminal: Terminal, office: Office, tmp_path: Path, name: str, text: bytes, said: str
) -> None:
    before = lines_of(office, terminal)
    (tmp_path / "good.yaml").write_text(HARBOR.replace("Harbor", "Good Harbor"))
    (tmp_path / name).write_bytes(text)
    done = terminal(f"payers import {tmp_path}/good.yaml {tmp_path}/{name}", office)
    assert done.code == 1
    assert said in done.sentence
    assert lines_of(office, terminal) == before
