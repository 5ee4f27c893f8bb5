"""What ships beside the code is true: the manifest, the locked requirements, the templates."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from pabot.domain.guide import as_table, settings_table
from pabot.manifest import manifest

ROOT = Path(__file__).parent.parent
ADDRESS = "https://pa.practice.example/slack/events"


def test_the_manifest_on_file_is_the_one_that_is_made() -> None:
    assert json.loads((ROOT / "manifest.json").read_text()) == manifest()


def test_the_boundary_on_file_is_the_one_that_is_enforced(request: pytest.FixtureRequest) -> None:
    page = ROOT / "docs/boundary.md"
    before, marker, _ = page.read_text(encoding="utf-8").partition("<!-- the matrix -->\n")
    tables = f"{as_table()}\n{settings_table()}"
    if request.config.getoption("--update-golden"):
        page.write_text(before + marker + tables, encoding="utf-8")
    assert marker
    assert page.read_text(encoding="utf-8") == before + marker + tables


def test_over_http_every_request_has_an_address() -> None:
    made = manifest("https://pa.practice.example/")
    settings: dict[str, Any] = made["settings"]
    assert settings["socket_mode_enabled"] is False
    assert settings["event_subscriptions"]["request_url"] == ADDRESS
    assert settings["interactivity"]["request_url"] == ADDRESS
    assert settings["interactivity"]["message_menu_options_url"] == ADDRESS
    assert [command["url"] for command in made["features"]["slash_commands"]] == [ADDRESS]


def test_over_socket_mode_no_request_has_an_address() -> None:
    assert manifest()["settings"]["socket_mode_enabled"] is True
    assert "url" not in json.dumps(manifest())


def test_the_manifest_keeps_slack_s_limits() -> None:
    made = manifest()
    features = made["features"]
    assert len(made["display_information"]["name"]) <= 35
    assert len(made["display_information"]["description"]) <= 140
    assert len(features["bot_user"]["display_name"]) <= 80
    for shortcut in features["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
    scopes = made["oauth_config"]["scopes"]["bot"]
    assert len(scopes) == len(set(scopes))


def locked() -> list[str]:
    """The requirements, a line each, with their hashes."""
    text = (ROOT / "requirements.lock").read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("file", ["requirements.lock", "requirements.build"])
def test_the_locked_requirements_name_no_host_and_no_path(file: str) -> None:
    text = (ROOT / file).read_text()
    assert re.findall(r"://|file:|@ |^-|^\s*[./~]|index-url|find-links", text, re.MULTILINE | re.IGNORECASE) == []


def test_every_locked_requirement_is_one_version_with_its_hashes() -> None:
    assert len(locked()) > 20
    for line in locked():
        assert re.fullmatch(
            r"[a-zA-Z0-9._-]+(\[[a-z,]+\])?==[^\s;]+( ;[^-]+)?(\s+--hash=sha256:[0-9a-f]{64})+\s*", line
        )


def test_what_the_project_asks_for_is_locked() -> None:
    names = {normal(line.split("==")[0]) for line in locked()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = {normal(Requirement(line).name) for line in project["dependencies"]}
    assert asked <= names


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.split("[")[0]).lower()
