"""What the environment may say, and how a mistake in it is told."""

from pathlib import Path

import pytest

from pabot.domain.cards import Privacy
from pabot.settings import SettingsError, load

KEYS = ("PABOT_DATABASE_URL", "DATABASE_URL", "PABOT_BIND", "PORT", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")

READ = [
    ("SLACK_BOT_TOKEN", "xoxb-invented", "slack_bot_token", "xoxb-invented"),
    ("SLACK_APP_TOKEN", "xapp-invented", "slack_app_token", "xapp-invented"),
    ("SLACK_SIGNING_SECRET", "invented", "slack_signing_secret", "invented"),
    ("SLACK_API_URL", "http://127.0.0.1:8100/api/", "slack_api_url", "http://127.0.0.1:8100/api/"),
    ("PABOT_DATABASE_URL", "sqlite:////data/pabot.db", "database_url", "sqlite:////data/pabot.db"),
    ("DATABASE_URL", "sqlite:////data/host.db", "database_url", "sqlite:////data/host.db"),
    ("DATABASE_URL", "postgres://u:p@db/pa", "database_url", "postgresql+psycopg://u:p@db/pa"),
    ("PABOT_DATABASE_URL", "postgresql://u:p@db/pa", "database_url", "postgresql+psycopg://u:p@db/pa"),
    ("PABOT_DATABASE_URL", "postgresql+psycopg://u:p@db/pa", "database_url", "postgresql+psycopg://u:p@db/pa"),
    ("PABOT_BIND", "0.0.0.0:8080", "address", "0.0.0.0:8080"),
    ("PORT", "5000", "address", "0.0.0.0:5000"),
    ("PABOT_TEAM_CHANNEL", "C0AUTHS", "team_channel", "C0AUTHS"),
    ("PABOT_TIMEZONE", "America/Denver", "timezone", "America/Denver"),
    ("PABOT_OFFICE_HOURS", "07:30-16:00 mon-thu", "office_hours", "07:30-16:00 mon-thu"),
    ("PABOT_HOLIDAYS", "US-TX", "holidays", "US-TX"),
    ("PABOT_DIGEST_AT", "7:15", "digest_at", "07:15"),
    ("PABOT_QUIET_HOURS", "19:30 - 6:00", "quiet_hours", "19:30-06:00"),
    ("PABOT_QUIET_HOURS", "", "quiet_hours", ""),
    ("PABOT_PRIVACY", "full", "privacy", Privacy.FULL),
    ("PABOT_SECRET_KEYS", "new, old", "secret_keys", ("new", "old")),
    ("PABOT_SECRET_KEYS", "new\nold", "secret_keys", ("new", "old")),
    ("PABOT_ADMINS", "U0MAX U0EVE", "admins", ("U0MAX", "U0EVE")),
    ("PABOT_METRICS_TOKEN", "invented", "metrics_token", "invented"),
    ("PABOT_CACHE_DIR", "/data/cache", "cache_folder", Path("/data/cache")),
    ("XDG_CACHE_HOME", "/data/cache", "cache_folder", Path("/data/cache/pabot")),
    ("XDG_CACHE_HOME", "not/absolute", "cache_folder", Path.home() / ".cache/pabot"),
]

REFUSED = [
    ("PABOT_BIND", "8080", "Write PABOT_BIND like 127.0.0.1:3000."),
    ("PORT", "web", "PORT must be a number"),
    ("PORT", "70000", "PORT must be a number"),
    ("PABOT_DIGEST_AT", "at eight", "Write a time like 08:00."),
    ("PABOT_DIGEST_AT", "25:00", "Write a time like 08:00."),
    ("PABOT_QUIET_HOURS", "by night", "Write quiet hours like 19:00-07:00, or leave this empty."),
    ("PABOT_QUIET_HOURS", "19:00-19:00", "Quiet hours must end at another time than they begin."),
    ("PABOT_TIMEZONE", "Mars/Olympus", "“Mars/Olympus” is no time zone. Write one like America/New_York."),
    ("PABOT_HOLIDAYS", "Atlantis", "“Atlantis” is not known. Write US, US-TX or none."),
    ("PABOT_OFFICE_HOURS", "always", "Write office hours like 08:00-17:00 mon-fri; several spans are separated by"),
    ("PABOT_OFFICE_HOURS", "17:00-08:00 mon-fri", "The practice must open before it closes."),
    ("PABOT_PRIVACY", "none", "PABOT_PRIVACY: Input should be 'minimum' or 'full'"),
    ("PABOT_TEMPLATES_DIR", "/no/such/folder", "PABOT_TEMPLATES_DIR: Path does not point to a directory"),
    ("SLACK_CLIENT_ID", "1.2", "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET would make Slack's library ignore"),
    ("SLACK_CLIENT_SECRET", "x", "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET would make Slack's library ignore"),
]


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of this machine, and no .env."""
    monkeypatch.chdir(tmp_path)
    for name in {*KEYS, *(row[0] for row in READ)}:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(("variable", "value", "field", "read"), READ)
def test_each_variable_is_read(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, field: str, read: object
) -> None:
    monkeypatch.setenv(variable, value)
    assert getattr(load(), field) == read


def test_without_anything_it_is_a_file_here_and_the_least_shown() -> None:
    settings = load()
    assert settings.database_url == "sqlite:///pabot.db"
    assert settings.address == "127.0.0.1:3000"
    assert settings.privacy is Privacy.MINIMUM
    seed = settings.seed()
    assert (seed.timezone, seed.office_hours, seed.holidays) == ("America/New_York", "08:00-17:00 mon-fri", "US")


def test_our_own_name_comes_before_the_host_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://host/pa")
    monkeypatch.setenv("PABOT_DATABASE_URL", "sqlite:///ours.db")
    monkeypatch.setenv("PORT", "5000")
    monkeypatch.setenv("PABOT_BIND", "127.0.0.1:4000")
    settings = load()
    assert (settings.database_url, settings.address) == ("sqlite:///ours.db", "127.0.0.1:4000")


def test_a_file_beside_us_is_read_and_the_environment_goes_before_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("PABOT_TIMEZONE=America/Chicago\nPABOT_HOLIDAYS=none\nANOTHER_TOOL=1\n")
    monkeypatch.setenv("PABOT_HOLIDAYS", "US-IL")
    settings = load()
    assert (settings.timezone, settings.holidays) == ("America/Chicago", "US-IL")


def test_a_folder_of_templates(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PABOT_TEMPLATES_DIR", str(tmp_path))
    assert load().templates_dir == tmp_path


@pytest.mark.parametrize(("variable", "value", "sentence"), REFUSED)
def test_a_mistake_is_one_clear_sentence(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as told:
        load()
    assert told.value.sentence.startswith(sentence)
    assert "\n" not in told.value.sentence
    assert told.value.sentence.endswith(".")


def test_what_is_missing_is_named_as_people_set_it() -> None:
    with pytest.raises(SettingsError, match=r"^Not set: SLACK_BOT_TOKEN, PABOT_SECRET_KEYS\. "):
        load(slack_app_token="xapp-invented").require("slack_bot_token", "slack_app_token", "secret_keys")


def test_what_is_given_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PABOT_DATABASE_URL", "sqlite:///environment.db")
    assert load(database_url="sqlite:///given.db").database_url == "sqlite:///given.db"
