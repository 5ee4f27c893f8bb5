"""The command line as the person at the practice's computer knows it: lists, keys, backups, one sentence a mistake."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from office import Office, an_office
from terminal import Terminal

from pabot.store.vault import new_master_key
from tests.e2e.practice import TEAM_CHANNEL

OTHER_KEY = "b3RoZXIta2V5LW9mLWFub3RoZXItcHJhY3RpY2UuLi4="
COMMANDS = (
    "",
    *("sandbox", "run", "web", "worker", "tick", "check", "manifest"),
    *("db", "db upgrade", "db backup", "db rotate-key", "db retry-parked"),
    *("staff", "staff add", "staff list", "payers", "payers add", "payers list"),
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(terminal: Terminal, command: str) -> None:
    said = terminal(f"{command} --help")
    assert said.code == 0
    assert f"Usage: pabot {command}".rstrip() in said.out
    explained = said.out.splitlines()[3].strip()
    assert explained[0].isupper(), "a sentence"
    assert len(explained) > 15


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        ("run", "SLACK_BOT_TOKEN, SLACK_APP_TOKEN, PABOT_SECRET_KEYS"),
        ("web", "SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, PABOT_SECRET_KEYS"),
        ("worker", "SLACK_BOT_TOKEN, PABOT_SECRET_KEYS"),
        ("tick", "SLACK_BOT_TOKEN, PABOT_SECRET_KEYS"),
        ("staff list", "PABOT_SECRET_KEYS"),
    ],
)
def test_what_is_not_set_is_named(terminal: Terminal, command: str, missing: str) -> None:
    said = terminal(command)
    assert said.code == 2
    assert said.sentence.startswith(f"Not set: {missing}. ")
    assert said.sentence.endswith("or try pabot without Slack: pabot sandbox")


@pytest.mark.parametrize("command", ["run", "web", "worker"])
def test_tokens_without_keys_are_not_enough(terminal: Terminal, sqlite_office: Office, command: str) -> None:
    said = terminal(command, sqlite_office, PABOT_SECRET_KEYS="")
    assert said.code == 2
    assert said.sentence.startswith("Not set: PABOT_SECRET_KEYS. ")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PABOT_DATABASE_URL", "nonsense", "The database does not answer (ArgumentError). Check PABOT_DATABASE_URL."),
        ("PABOT_DATABASE_URL", "sqlite:////no/such/folder.db", "The database does not answer (OperationalError)."),
        ("PABOT_DATABASE_URL", "postgres://127.0.0.1:1/x", "The database does not answer (OperationalError)."),
        ("PABOT_SECRET_KEYS", "nonsense", "PABOT_SECRET_KEYS holds something that is not a Fernet key."),
        ("PABOT_SECRET_KEYS", OTHER_KEY, "None of PABOT_SECRET_KEYS opens this database."),
        ("PABOT_TIMEZONE", "Mars/Olympus", "“Mars/Olympus” is no time zone."),
        ("PABOT_OFFICE_HOURS", "always", "Write office hours like 08:00-17:00 mon-fri"),
        ("PABOT_HOLIDAYS", "Narnia", "“Narnia” is not known. Write US, US-TX or none."),
        ("PABOT_DIGEST_AT", "early", "Write a time like 08:00."),
        ("PABOT_PRIVACY", "some", "PABOT_PRIVACY: Input should be 'minimum' or 'full'."),
        ("PABOT_BIND", "nonsense", "Write PABOT_BIND like 127.0.0.1:3000."),
        ("PABOT_BIND", "127.0.0.1:70000", "Write PABOT_BIND like 127.0.0.1:3000."),
        ("PABOT_TEMPLATES_DIR", "/no/such/folder", "PABOT_TEMPLATES_DIR: Path does not point to a directory."),
        ("SLACK_CLIENT_ID", "1.2", "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET would make Slack's library ignore"),
    ],
)
def test_a_wrong_environment_is_one_sentence(
    terminal: Terminal, sqlite_office: Office, name: str, value: str, sentence: str
) -> None:
    said = terminal("staff list", sqlite_office, **{name: value})
    assert said.code in (1, 2)
    assert said.sentence.startswith(sentence)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("frobnicate", "No such command 'frobnicate'"),
        ("tick --at yesterday", "Invalid value for '--at'"),
        ("sandbox --privacy nonsense", "Invalid value for '--privacy'"),
        ("sandbox --port 99999", "Invalid value for '--port'"),
        ("staff add somebody --name Ida --role viewer", "a Slack id looks like U012AB3CD"),
        ("staff add U0NEW --name Ida --role surgeon", "Invalid value for '--role'"),
        ("staff add U0NEW --name Ida --role clinician --npi 1234567890", "the last of which checks"),
        ("staff add U0NEW --name ' ' --role viewer", "a name is needed"),
        ("payers add '' Gold other", "a name is needed"),
        ("payers add Northwind Gold gold", "Invalid value for 'line_of_business'"),
    ],
)
def test_a_wrong_word_is_pointed_out(terminal: Terminal, sqlite_office: Office, line: str, word: str) -> None:
    said = terminal(line, sqlite_office)
    assert (said.code, said.out) == (2, "")
    assert word in said.err
    assert "Traceback" not in said.err


def test_people(terminal: Terminal, office: Office) -> None:
    added = terminal("staff add U0NEW --name 'Nell [new] Ash' --role coordinator --role biller --cover U0CORA", office)
    assert (added.code, added.out) == (0, "Nell [new] Ash: biller, coordinator\n")
    row = next(line for line in terminal("staff list", office).out.splitlines() if "U0NEW" in line)
    assert [cell.strip() for cell in row.strip("│").split("│")][:5] == [
        *("U0NEW", "Nell [new] Ash", "biller, coordinator", "", "Cora Lindqvist")
    ]
    nobody = terminal("staff add U0NEW --name Nell --role viewer --cover U0NOBODY", office)
    assert (nobody.code, nobody.sentence) == (1, "The cover must be on the staff list.")


def test_payers(terminal: Terminal, office: Office) -> None:
    for _ in range(2):
        assert terminal("payers add 'Tidewater Mutual' PPO commercial_insured", office).code == 0
    listed = terminal("payers list", office).out
    assert listed.count("Tidewater Mutual") == 1
    assert "Northwind Health" in listed


def test_an_empty_database_says_what_to_do(terminal: Terminal, tmp_path: Path) -> None:
    with an_office(f"sqlite:///{tmp_path / 'new.db'}", tmp_path, furnished=False) as office:
        said = terminal("staff list", office)
        assert (said.code, said.sentence.rpartition(". ")[2]) == (2, "Run: pabot db upgrade")
        upgraded = terminal("db upgrade", office, PABOT_ADMINS="U0MAX")
        assert (upgraded.code, upgraded.out) == (0, "The database is up to date.\n")
        assert "manager" in terminal("staff list", office).out


def test_a_backup_is_a_whole_database(terminal: Terminal, sqlite_office: Office, tmp_path: Path) -> None:
    assert terminal("db backup copy.db", sqlite_office).code == 0
    copied = terminal("staff list", sqlite_office, PABOT_DATABASE_URL=f"sqlite:///{tmp_path / 'copy.db'}")
    assert "Cora Lindqvist" in copied.out
    assert terminal("db backup copy.db", sqlite_office).sentence == "copy.db is there already. Name a new file."
    assert terminal("db backup no/such.db", sqlite_office).sentence.startswith("Nothing can be written to")


@pytest.mark.postgres
def test_postgresql_is_backed_up_by_its_own_tool(terminal: Terminal, office: Office) -> None:
    if office.environment["PABOT_DATABASE_URL"].startswith("sqlite"):
        pytest.skip("for PostgreSQL")
    assert "pg_dump" in terminal("db backup copy.db", office).sentence


def test_the_old_key_may_go(terminal: Terminal, office: Office) -> None:
    old, new = office.environment["PABOT_SECRET_KEYS"], new_master_key()
    assert terminal("db rotate-key", office, PABOT_SECRET_KEYS=f"{new},{old}").code == 0
    assert "Cora Lindqvist" in terminal("staff list", office, PABOT_SECRET_KEYS=new).out
    assert terminal("staff list", office).sentence.startswith("None of PABOT_SECRET_KEYS opens this database.")


def test_the_manifest(terminal: Terminal) -> None:
    plain = json.loads(terminal("manifest").out)
    assert plain["settings"]["socket_mode_enabled"] is True
    http = json.loads(terminal("manifest --url https://pa.example.com/").out)
    assert http["settings"]["interactivity"]["request_url"] == "https://pa.example.com/slack/events"
    assert http["settings"]["socket_mode_enabled"] is False


def test_check_names_each_fault_until_all_are_mended(terminal: Terminal, tmp_path: Path) -> None:
    with an_office(f"sqlite:///{tmp_path / 'new.db'}", tmp_path, furnished=False) as office:
        inside = office.workspace.channels[TEAM_CHANNEL].members
        inside.discard(office.bot_user)
        mends = [
            ("NO   The database is empty", lambda: terminal("db upgrade", office)),
            ("NO   no manager", lambda: terminal("staff add U0MAX --name Max --role manager", office)),
            ("NO   no payer yet", lambda: terminal("payers add Northwind Gold other", office)),
            ("NO   pabot is not in C0TEAM", lambda: inside.add(office.bot_user)),
        ]
        for fault, mend in mends:
            said = terminal("check", office)
            assert (said.code, fault in said.out) == (1, True), said.out
            mend()
        said = terminal("check", office)
        assert said.code == 0, said.out
        assert all(line.startswith("ok ") for line in said.out.splitlines())
        assert "diagnoses: " in said.out
        taken = terminal("check", office, PABOT_CACHE_DIR=str(tmp_path / "new.db"))
        assert (taken.code, "set PABOT_CACHE_DIR" in taken.out) == (1, True)
        refused = terminal("check", office, SLACK_BOT_TOKEN="xoxb-old")
        assert (refused.code, "NO   Slack refuses SLACK_BOT_TOKEN" in refused.out) == (1, True)
        away = terminal("check", office, SLACK_API_URL="http://127.0.0.1:1/")
        assert (away.code, "NO   Slack does not answer" in away.out) == (1, True)


def test_the_audit_finds_a_changed_event(terminal: Terminal, sqlite_office: Office, tmp_path: Path) -> None:
    assert "every event of the record is as it was written" in terminal("check --audit", sqlite_office).out
    with closing(sqlite3.connect(tmp_path / "pabot.db")) as database:
        database.execute("UPDATE event SET at = '2020-01-01 00:00:00.000000' WHERE rowid = 2")
        database.commit()
    found = terminal("check --audit", sqlite_office)
    assert found.code == 1
    assert [line for line in found.out.splitlines() if line.startswith("NO ") and ", event " in line]
