"""What no text for a patient may do, however it is written, and which texts there are."""

import pytest

from pabot.domain.errors import NotFound
from pabot.domain.patient_words import EVERY_TEXT, TextName, overstepping, refusal


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Your scan will be approved.", "will be approved"),
        ("Your scan will *be* approved.", "will be approved"),  # marks are no wall
        ("We guar\u200bantee it.", "guarantee"),  # nor is what nobody sees
        ("Your plan does not cover this.", "plan does not cover"),
        ("You should stop the pills.", "should stop"),
        ("You owe 40 dollars.", "You owe"),
        ("We will appeal the denial.", "will appeal the"),
        ("Su plan cubre todo.", "plan cubre"),  # in whichever language it is said
    ],
)
def test_what_oversteps_is_found_and_named(said: str, words: str) -> None:
    (mark,) = overstepping([said])
    assert mark.words == words
    assert f"“{words}” {mark.does}" in refusal((mark,))


def test_the_same_words_are_named_once() -> None:
    assert len(overstepping(["We promise it.", "Promise, we do: we PROMISE it."])) == 1


def test_a_plain_update_is_left_alone() -> None:
    assert overstepping(["We sent it on Tuesday. They have not answered. We will call you when they do."]) == ()


def test_a_text_is_named_by_status_and_language() -> None:
    assert len(EVERY_TEXT) == 24
    denied = TextName.read("denied:es")
    assert (str(denied), denied.label, denied.is_clinical) == ("denied:es", "Denied, Español", True)
    assert not TextName.read("pending:en").is_clinical
    for wrong in ("", "denied", "denied:fr", "../denied:en", "won:en"):
        with pytest.raises(NotFound):
            TextName.read(wrong)
