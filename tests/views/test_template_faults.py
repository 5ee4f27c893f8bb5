"""A practice's own templates: what is wrong is named with file and line, and nobody is left without words."""

from pathlib import Path

import pytest
from message_samples import IDA, LOOK, card
from reading import words

from pabot.views import messages
from pabot.views.template_faults import faults
from pabot.views.text import Look, Texts


def of_its_own(folder: Path, name: str, text: str) -> Texts:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return Texts.found(folder)


def test_what_pabot_brings_has_no_fault() -> None:
    assert faults(Texts.found()) == []


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("slack/digest.mrkdwn.j2", "*Today*\n{% if %}", "line 2: Expected an expression, got 'end of statement block'"),
        ("slack/decision.mrkdwn.j2", "{{ about }}\n\n{{ surname }}", "line 3: “surname” is nothing that it is given"),
        ("slack/call.mrkdwn.j2", "{{ about }}\n{{ when | shout }}", "line 2: No filter named 'shout'."),
        ("patient_es/denied.txt.j2", "{{ payer }}.\n{{ surname }}", "line 2: “surname” is nothing that it is given"),
        ("payer/appeal_letter.j2", "Dear {{ reviewer }}", "line 1: “reviewer” is nothing that it is given"),
    ],
)
def test_a_fault_is_one_line_with_file_and_line(tmp_path: Path, name: str, text: str, fault: str) -> None:
    assert faults(of_its_own(tmp_path, name, text)) == [f"message template {tmp_path / name}, {fault}"]


def test_a_name_that_pabot_never_says_is_named(tmp_path: Path) -> None:
    (fault,) = faults(of_its_own(tmp_path, "slack/descision.mrkdwn.j2", "{{ about }}"))
    file = tmp_path / "slack/descision.mrkdwn.j2"
    assert fault.startswith(f"message template {file}: pabot says nothing by this name")


GIVEN = ["{{ about }} {{ standing }} {{ earlier }}", "{% for one in windows %}{{ one.said }}{% endfor %}"]


@pytest.mark.parametrize("text", GIVEN)
def test_what_a_message_is_given_may_stand_in_it(tmp_path: Path, text: str) -> None:
    assert faults(of_its_own(tmp_path, "slack/decision.mrkdwn.j2", text)) == []


@pytest.mark.parametrize("text", ["{% if %}", "{{ surname }}", "{{ about | shout }}", "{{ about / 2 }}"])
def test_a_broken_message_gives_way_to_pabot_s_own(tmp_path: Path, text: str) -> None:
    broken = Look(of_its_own(tmp_path, "slack/decision.mrkdwn.j2", text), LOOK.zone, LOOK.privacy)
    assert words(messages.decision(broken, card(), IDA, 77)) == words(messages.decision(LOOK, card(), IDA, 77))
