"""The record's chain: whoever changes a word of it behind our back is found out."""

import pytest
from cryptography.fernet import Fernet
from record_practice import CORA, Bench, tamper

from pabot.domain import commands as c
from pabot.store.events import Fault, verify
from pabot.store.vault import Vault


def faults(practice: Bench) -> list[Fault]:
    with practice.store.read() as session:
        return list(verify(session.connection, session.vault))


def vault_of(practice: Bench) -> Vault:
    with practice.store.read() as session:
        return session.vault


def a_story(practice: Bench) -> str:
    """Several saves on one request; the subject of its chain."""
    number = practice.denied().state.number
    return f"authorization:{number}"


def flipped(word: str) -> str:
    middle = len(word) // 2
    return word[:middle] + ("A" if word[middle] != "A" else "B") + word[middle + 1 :]


def test_a_record_as_it_was_written_has_no_faults(practice: Bench) -> None:
    subject = a_story(practice)
    rows = practice.rows("SELECT seq FROM event WHERE subject = :subject ORDER BY seq", subject=subject)
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert len(rows) >= 4
    assert faults(practice) == []


@pytest.mark.parametrize("column", ["payload", "image", "digest", "mac", "actor", "kind", "save", "after"])
def test_a_flipped_byte_is_found(practice: Bench, column: str) -> None:
    subject = a_story(practice)
    (row,) = practice.rows(f'SELECT seq, "{column}" AS old FROM event WHERE subject = :s AND seq = 3', s=subject)  # noqa: S608
    tamper(
        practice.url,
        f'UPDATE event SET "{column}" = ? WHERE subject = ? AND seq = 3',  # noqa: S608
        flipped(row["old"]) if row["old"] else "x",
        subject,
    )
    found = faults(practice)
    assert found
    assert found[0].subject == subject
    assert found[0].seq == 3


def test_another_sealed_word_put_in_its_place_is_found(practice: Bench) -> None:
    """Even one sealed with the practice's own key."""
    subject = a_story(practice)
    forged = vault_of(practice).seal('{"detail":{"service":"Another service"}}')
    tamper(practice.url, "UPDATE event SET payload = ? WHERE subject = ? AND seq = 1", forged, subject)
    assert [(fault.seq, fault.what) for fault in faults(practice)] == [(1, "the event's content was changed")]


def test_a_moved_instant_is_found(practice: Bench) -> None:
    subject = a_story(practice)
    tamper(practice.url, "UPDATE event SET at = '2026-11-16 09:00:00.000000' WHERE subject = ? AND seq = 2", subject)
    assert [fault.seq for fault in faults(practice)] == [2]


def test_an_event_taken_out_of_the_middle_is_found(practice: Bench) -> None:
    subject = a_story(practice)
    tamper(practice.url, "DELETE FROM event WHERE subject = ? AND seq = 2", subject)
    assert Fault(subject, 3, "an event before it is missing") in faults(practice)


def test_a_tail_that_was_cut_off_is_found(practice: Bench) -> None:
    subject = a_story(practice)
    (last,) = practice.rows("SELECT max(seq) AS seq FROM event WHERE subject = :s", s=subject)
    tamper(practice.url, "DELETE FROM event WHERE subject = ? AND seq = ?", subject, last["seq"])
    assert faults(practice) == [Fault(subject, last["seq"] - 1, "events after it were cut off")]


def test_a_chain_that_lost_its_head_is_found(practice: Bench) -> None:
    """Cutting the tail together with the head's row must not hide it."""
    subject = a_story(practice)
    tamper(practice.url, "DELETE FROM event_head WHERE subject = ?", subject)
    assert any(fault.subject == subject for fault in faults(practice))


def test_the_chain_holds_after_the_practice_changed_its_key(practice: Bench) -> None:
    number = practice.denied().state.number
    newer = Fernet.generate_key().decode()
    with practice.another(master_keys=[newer, *practice.master_keys]) as rotating:
        rotating.store.rotate_keys()
    with practice.another(master_keys=[newer]) as after:
        assert faults(after) == []
        card = after.step(CORA, c.Assign(number=number, owner_id="U0CARL", note="While I am out"))
        assert card.service == "Power wheelchair"
        assert faults(after) == []
