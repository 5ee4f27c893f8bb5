"""Words that people write for patients: what may stand in them, what is refused by name, and what they then say."""

from datetime import date
from pathlib import Path

import pytest

from pabot import spoken
from pabot.domain.errors import Invalid
from pabot.domain.patient_words import EVERY_TEXT, PLACEHOLDERS, TextName, overstepping
from pabot.domain.reading_level import AIM, grade
from pabot.views.text import CHECKOUT, Texts

FACTS = {
    "payer": "Harbor Health",
    "service": "walker",
    "submitted_on": date(2026, 11, 3),
    "expected_on": None,
    "late": False,
    "outcome": "",
}
WORDS = (
    "{{ payer }} has it{% if submitted_on %}, sent {{ submitted_on | spoken_day }}{% endif %}."
    "{% if late and not outcome %} It takes long.{% elif outcome in ('approved', 'partial') %} Good.{% endif %}"
)


def test_placeholders_and_conditions_say_what_holds() -> None:
    assert spoken.say(WORDS, FACTS) == "Harbor Health has it, sent Tuesday, November 3."
    assert spoken.say(WORDS, {**FACTS, "submitted_on": None, "late": True}) == "Harbor Health has it. It takes long."


def test_every_case_is_looked_at() -> None:
    """With and without a day, late or not, approved or not: each different sentence once."""
    said = spoken.read(WORDS)
    assert len(said) == len(set(said)) == 6
    assert all(one.startswith("Oak Plan has it") for one in said)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Dear {{ surname }}.", "“surname” is no placeholder. There are: payer, service"),
        ("Hello {% if urgent %}now{% endif %}.", "“urgent” is no placeholder"),
        ("{{ payer", "Line 1 cannot be read"),
        ("It is\n{% if late %}late", "Line 2 cannot be read"),
        ("{{ payer.__class__.__mro__ }}", "“.__mro__” cannot be used here"),
        ("{{ payer['x'] }}", "“[ ]”"),
        ("{{ payer() }}", "“( )”"),
        ("{{ payer * 999999999 }}", "“*”"),
        ("{% for x in payer %}.{% endfor %}", "“for”"),
        ("{% set a = 1 %}a", "“set”"),
        ("{% include 'slack/help.mrkdwn.j2' %}", "“include”"),
        ("{% macro m() %}{% endmacro %}a", "“macro”"),
        ("{{ payer if late else service }}", "“if … else inside of {{ }}”"),
        ("{{ 'guarantee' }}", "“'guarantee'”"),
        ("{{ payer | upper }}", "“payer | upper” cannot be written. Dates take: spoken_day"),
        ("{{ self }}", "“self” is no placeholder"),
        ("{{ submitted_on }}", "Write the day as {{ submitted_on | spoken_day }}"),
        ("{{ submitted_on | spoken_day }}", "“submitted_on” is not always known"),
        ("It is {{ late }}.", "“late” is yes or no, never written"),
        ("It is {{ outcome }}.", "“outcome” is asked for, never written"),
        ("{% if outcome == 'won' %}Won.{% endif %}", "“outcome” is never “won”. It can be: approved"),
        ("{% if payer == 'Harbor' %}We promise it.{% endif %} Yes.", "“payer” is not compared with anything"),
        ("{% if late %}Late.{% endif %}", "It says nothing when late is empty. Type the words."),
        ("", "It says nothing."),
        ("{# nothing #}", "It says nothing."),
        ("{payer} has it.", "Write placeholders with two: {{ payer }}"),
        ("{% raw %}{{ surname }}{% endraw %}", "A bracket would be read out"),
        ("word " * 1000, "4999 characters long; at most 600"),
        ("{{" + "(" * 900 + "payer" + ")" * 900 + "}}", "too deep in brackets"),
    ],
)
def test_anything_else_is_refused_by_name(words: str, named: str) -> None:
    with pytest.raises(Invalid) as refused:
        spoken.read(words)
    assert named in refused.value.fields["words"]
    assert spoken.fault_of(words) == refused.value.sentence


def test_what_slack_would_obey_is_only_words() -> None:
    assert spoken.read("<!channel> *{{ payer }}* has it.") == ("<!channel> *Oak Plan* has it.",)


@pytest.mark.parametrize("text", EVERY_TEXT, ids=str)
def test_the_words_that_ship_could_be_proposed(text: TextName) -> None:
    """Whoever changes one word of them is stopped by none of the others."""
    said = spoken.read(Texts.found().words(text))
    assert overstepping(said) == ()
    if text.language == "en":
        assert max(map(grade, said)) <= AIM


def test_each_text_that_ships_is_one_that_can_be_changed() -> None:
    files = {path.relative_to(CHECKOUT).as_posix() for path in Path(CHECKOUT).glob("patient*/*.j2")}
    folders = {"en": "patient", "es": "patient_es"}
    assert files == {f"{folders[text.language]}/{text.kind}.txt.j2" for text in EVERY_TEXT}


def test_no_placeholder_says_who_the_patient_is() -> None:
    days = {"submitted_on", "expected_on", "expires_on", "appointment_on"}
    assert set(PLACEHOLDERS) == {"payer", "service", "late", "outcome", "next", "some_denied", *days}
