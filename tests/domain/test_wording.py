"""Which words are a clinician's to say: tried on sentences as coordinators type them, half of each kind."""

import dataclasses
from typing import get_args

import pytest
from sentences import ADMINISTRATIVE, JUDGING

from pabot.domain import commands as c
from pabot.domain.commands_clocks import HoldUntil
from pabot.domain.commands_review import ReturnReview
from pabot.domain.decide import STEPS
from pabot.domain.expiry import LetRunOut
from pabot.domain.wording import PATIENT, TEXTS, Oversteps, oversteps

MISSED, STOPPED = 5, 2  # of a hundred; what is missed is seen by the next who reads, what is stopped may be kept


def test_sentences_that_judge_are_found() -> None:
    missed = [said for said in JUDGING if not oversteps(said)]
    print(f"{len(missed)} of {len(JUDGING)} missed:", *missed, sep="\n  ")
    assert len(missed) <= MISSED


def test_sentences_that_record_are_left_alone() -> None:
    stopped = {said: [mark.words for mark in oversteps(said)] for said in ADMINISTRATIVE if oversteps(said)}
    print(f"{len(stopped)} of {len(ADMINISTRATIVE)} stopped without need:", *stopped.items(), sep="\n  ")
    assert len(stopped) <= STOPPED


@pytest.mark.parametrize(
    ("said", "does"),
    [
        ("Your scan will be approved.", Oversteps.PROMISE),
        ("We guarantee it.", Oversteps.PROMISE),
        ("Your plan doesn’t cover this.", Oversteps.BENEFIT),
        ("You won't owe anything.", Oversteps.BENEFIT),
    ],
)
def test_a_patient_is_promised_nothing(said: str, does: Oversteps) -> None:
    assert oversteps(said) == ()
    assert [mark.does for mark in oversteps(said, PATIENT)] == [does]


NAMES = frozenset(
    {"authorization_number", "tracking_number", "reference", "spoke_with", "phone", "location", "save"}
    | {"rendering_provider", "facility", "place_of_service", "cut_reason", "closure_steps", "chart_number"}
    | {"signed_by", "consent_by", "packet", "requested_with", "what", "trigger"}
)
KEYS = (c.RecordDenial, c.Withdraw, c.Hold, HoldUntil, LetRunOut, ReturnReview)  # whose reason is one of a menu


@pytest.mark.parametrize("command", STEPS)
def test_every_text_that_a_step_takes_says_where_it_goes(command: type[c.Command]) -> None:
    """A new field that people type into is decided about before it is shipped."""
    typed = {field.name for field in dataclasses.fields(command) if field.type is str or str in get_args(field.type)}
    people = {name for name in typed if name.endswith("_id") or name in ("to", "of", "director")}
    keys = {"reason"} if command in KEYS else set()
    assert typed - NAMES - people - keys == set(TEXTS.get(command, {}))
