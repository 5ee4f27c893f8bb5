"""A contact with the payer: the usual answers are one choice, and what it brought stands on the request."""

from dataclasses import replace
from datetime import date

import pytest
from record_practice import CORA, MAX, Bench, once

from pabot.domain import commands as c
from pabot.domain.contacts import Found
from pabot.domain.errors import Invalid
from pabot.domain.model import Channel

MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)


def portal(number: int, **said: object) -> c.LogContact:
    return c.LogContact(**{"number": number, "channel": Channel.PORTAL, "found": Found.NO_CHANGE} | said)  # type: ignore[arg-type]


def said_on_file(practice: Bench, number: int) -> dict[str, object]:
    card = practice.desk.card(number, actor=practice.member(CORA))
    return dict(max(card.timeline, key=lambda entry: entry.at).detail)


def test_the_usual_answer_needs_no_words(practice: Bench) -> None:
    number = practice.pending().state.number
    practice.step(CORA, portal(number))
    assert said_on_file(practice, number)["result"] == "No change"


@pytest.mark.parametrize(
    ("found", "result", "kept"),
    [
        (Found.IN_REVIEW, "Nurse has it", "In medical review. Nurse has it"),
        (Found.NO_CHANGE, "They want notes", "They want notes"),  # the form begins with it, and nobody changed it
        (Found.OTHER, "Sent to another vendor", "Sent to another vendor"),
    ],
)
def test_a_choice_and_words_are_one_result(practice: Bench, found: Found, result: str, kept: str) -> None:
    number = practice.pending().state.number
    practice.step(CORA, portal(number, found=found, result=result))
    assert said_on_file(practice, number)["result"] == kept


def test_something_else_wants_words(practice: Bench) -> None:
    number = practice.pending().state.number
    with pytest.raises(Invalid) as refused:
        practice.step(CORA, portal(number, found=Found.OTHER))
    assert list(refused.value.fields) == ["result"]


def test_who_reached_nobody_tries_again_on_the_next_open_day(practice: Bench) -> None:
    """Else the payer's usual rhythm holds."""
    number = practice.pending().state.number
    assert practice.step(CORA, portal(number)).state.next_check_on != TUESDAY
    assert practice.desk.calendar().day(practice.clock.now()) == MONDAY
    assert practice.step(CORA, portal(number, found=Found.NOBODY)).state.next_check_on == TUESDAY


@pytest.mark.parametrize(
    ("typed", "channel", "kept"),
    [(None, Channel.PHONE, (12, False)), (5, Channel.PHONE, (5, True)), (None, Channel.PORTAL, (None, False))],
)
def test_minutes_are_typed_or_the_practices_usual_or_unknown(
    practice: Bench, typed: int | None, channel: Channel, kept: tuple[int | None, bool]
) -> None:
    settings = replace(practice.desk.settings(), contact_minutes=((Channel.PHONE, 12),))
    practice.desk.save_settings(settings, actor=practice.member(MAX), key=once("settings"))
    number = practice.pending().state.number
    practice.step(CORA, portal(number, channel=channel, minutes=typed))
    rows = practice.rows("SELECT minutes, minutes_typed FROM contact")
    assert [(row["minutes"], bool(row["minutes_typed"])) for row in rows] == [kept]
