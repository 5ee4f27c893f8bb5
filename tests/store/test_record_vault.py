"""Sealed at rest: what is sealed opens again with the right key only, and searches meet whole words of their kind."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, InvalidToken
from hypothesis import given
from hypothesis import strategies as st
from record_practice import CORA, PATIENT, SETTINGS, Bench, a_practice

from pabot.domain import commands as c
from pabot.domain.cards import Privacy
from pabot.domain.errors import Unavailable
from pabot.domain.model import Channel
from pabot.domain.practice import PracticeSettings
from pabot.store import vault
from pabot.store.vault import Vault

MASTER = Fernet.generate_key().decode()
WRAPPED = vault.new_wrapped_keys([MASTER])
OURS: Vault = vault.unlock(WRAPPED, [MASTER])


@given(st.text())
def test_what_is_sealed_opens_again(words: str) -> None:
    token = OURS.seal(words)
    assert OURS.open(token) == words
    assert not words or token != OURS.seal(words)  # two tokens of one word do not tell that it is one word


def test_what_was_sealed_by_an_earlier_version_still_opens() -> None:
    field = Fernet(Fernet(MASTER).decrypt(WRAPPED["field"]))
    assert OURS.open(field.encrypt("Seen by Dr. Ínez Ötök".encode()).decode()) == "Seen by Dr. Ínez Ötök"


@pytest.mark.parametrize("change", [lambda token: token[:-4] + "AAA=", lambda token: token[:9], lambda token: "1:é"])
def test_what_was_changed_on_disk_does_not_open(change: Callable[[str], str]) -> None:
    with pytest.raises(InvalidToken):
        OURS.open(change(OURS.seal("A-113")))


def test_what_another_practice_sealed_does_not_open() -> None:
    theirs = vault.unlock(vault.new_wrapped_keys([MASTER]), [MASTER])
    with pytest.raises(InvalidToken):
        OURS.open(theirs.seal("A-113"))


@pytest.mark.parametrize("typed", ["a-113", " A-113", "Ａ-113", "A-113 \n"])
def test_a_search_does_not_mind_case_blanks_and_wide_letters(typed: str) -> None:
    assert OURS.lookup("chart", typed) == OURS.lookup("chart", "A-113")


def test_blanks_between_words_count_as_one() -> None:
    assert OURS.lookup("name", "van  der\tMeer") == OURS.lookup("name", "Van der Meer")
    assert OURS.lookup("name", "vander Meer") != OURS.lookup("name", "Van der Meer")


def test_a_surname_does_not_meet_a_chart_number() -> None:
    kinds = ("chart", "initials", "member", "name")
    assert len({OURS.lookup(kind, "DOVERLY") for kind in kinds}) == len(kinds)
    assert OURS.lookup("born", "ab", "c") != OURS.lookup("born", "a", "bc")


def test_another_practice_hashes_the_same_word_otherwise() -> None:
    theirs = vault.unlock(vault.new_wrapped_keys([MASTER]), [MASTER])
    assert theirs.lookup("chart", "A-113") != OURS.lookup("chart", "A-113")


def test_a_key_that_does_not_fit_opens_nothing(practice: Bench) -> None:
    no_key = pytest.raises(Unavailable, match="None of PABOT_SECRET_KEYS")
    with practice.another(master_keys=[Fernet.generate_key().decode()]) as stranger, no_key:
        stranger.desk.plans()


def test_a_key_that_is_none_is_told_in_one_sentence(practice: Bench) -> None:
    told = pytest.raises(Unavailable, match="not a Fernet key")
    with practice.another(master_keys=["not-a-key"]) as mistyped, told:
        mistyped.desk.plans()


def test_the_old_key_is_done_with_after_rotating(practice: Bench) -> None:
    number = practice.open().state.number
    old, newer = practice.master_keys[0], Fernet.generate_key().decode()
    with practice.another(master_keys=[newer, old]) as rotating:
        rotating.store.rotate_keys()
    with practice.another(master_keys=[newer]) as after:
        assert after.desk.card(number, actor=after.member(CORA)).service == "Power wheelchair"
        assert after.desk.find("chart-88417", actor=after.member(CORA)).total == 1
    with practice.another(master_keys=[old]) as before, pytest.raises(Unavailable):
        before.desk.plans()


def test_founding_twice_keeps_keys_and_settings(practice: Bench) -> None:
    number = practice.open().state.number
    with practice.another() as restarted:
        restarted.store.found(PracticeSettings("Europe/Berlin", "09:00-12:00 mon", "none"))
        assert restarted.desk.settings() == SETTINGS
        assert restarted.desk.card(number, actor=restarted.member(CORA)).service == "Power wheelchair"


def test_an_empty_database_says_what_to_do(database_url: str) -> None:
    with a_practice(database_url) as bench:
        with bench.store.write() as session:
            session.connection.exec_driver_sql("DELETE FROM data_key")
        with bench.another() as fresh, pytest.raises(Unavailable, match="pabot db upgrade"):
            fresh.desk.plans()


def test_nothing_about_a_patient_can_be_read_in_the_file(sqlite_url: str) -> None:
    """Not in the database, not in its log, not in its journal."""
    with a_practice(sqlite_url, Privacy.FULL) as bench:
        number = bench.denied(note="Lives with her sister Wilhelmina").state.number
        bench.step(
            CORA,
            c.LogContact(
                number=number, channel=Channel.PHONE, spoke_with="Perpetua Quillfeather", result="Zebrafish on the line"
            ),
        )
        bench.desk.card(number, actor=bench.member(CORA), seen_full=True)
        path = Path(sqlite_url.removeprefix("sqlite:///"))
        files = sorted(path.parent.glob(f"{path.name}*"))
        assert [file.name for file in files][:2] == [path.name, f"{path.name}-shm"]
        raw = b"".join(file.read_bytes() for file in files).lower()
        assert b"u0cora" in raw  # what is meant to be there is found by this search
        for words in (
            PATIENT.chart_number,
            PATIENT.first_name,
            PATIENT.last_name,
            PATIENT.member_id,
            "J.D.",
            "1961-04-09",
            "Wilhelmina",
            "Quillfeather",
            "Zebrafish",
            "Power wheelchair",
            "notes do not show",
        ):
            for encoding in ("utf-8", "utf-16-le"):
                assert words.lower().encode(encoding) not in raw, words
