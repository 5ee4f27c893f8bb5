"""The list of templates tells whoever writes their own words which variables there are."""

import re
from pathlib import Path

import pytest
from jinja2 import meta

from pabot.views.messages import WORDS
from pabot.views.text import Texts

FOLDER = Path(__file__).parents[2] / "message_templates"
ROW = re.compile(r"^\| `(?P<name>[^`]+\.j2)` \|[^|]*\|(?P<variables>[^|]*)\|$", re.MULTILINE)
LISTED = {
    row["name"]: set(re.findall(r"`(\w+)`", row["variables"]))
    for row in ROW.finditer((FOLDER / "README.md").read_text(encoding="utf-8"))
}
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.j2"))


def test_every_template_is_listed_and_no_other() -> None:
    assert sorted(LISTED) == FILES


@pytest.mark.parametrize("name", FILES)
def test_a_template_uses_no_variable_that_is_not_listed(name: str) -> None:
    texts = Texts.found()
    environment = texts.patient if name.startswith(("patient", "payer")) else texts.slack
    used = meta.find_undeclared_variables(environment.parse((FOLDER / name).read_text(encoding="utf-8")))
    assert used <= LISTED.get(name, set())


@pytest.mark.parametrize("name", WORDS)
def test_a_message_gives_every_variable_that_is_listed(name: str) -> None:
    assert {"about", *WORDS[name].split()} == LISTED[f"slack/{name}.mrkdwn.j2"]
