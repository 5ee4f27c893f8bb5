"""Everything the environment says. Read once, by the composition root; nothing is read when this is imported."""

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import AliasChoices, DirectoryPath, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from pabot.clock import WallClock
from pabot.domain.cards import Privacy
from pabot.domain.errors import PabotError
from pabot.domain.hours import parse_clock, quiet_hours_text
from pabot.domain.practice import PracticeSettings
from pabot.services.practice_days import make_calendar

HIGHEST_PORT = 65_535
Words = Annotated[tuple[str, ...], NoDecode]


class SettingsError(PabotError):
    """The environment does not allow a start. The sentence says what to mend."""


def _named(name: str, *others: str) -> Any:
    return AliasChoices(name, *others)


class Settings(BaseSettings):
    """The environment's variables; `docs/runbook.md` describes each."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    slack_bot_token: str = Field("", validation_alias=_named("SLACK_BOT_TOKEN"))
    slack_app_token: str = Field("", validation_alias=_named("SLACK_APP_TOKEN"))
    slack_signing_secret: str = Field("", validation_alias=_named("SLACK_SIGNING_SECRET"))
    slack_api_url: str = Field("", validation_alias=_named("SLACK_API_URL"))
    slack_client_id: str = Field("", validation_alias=_named("SLACK_CLIENT_ID"))
    slack_client_secret: str = Field("", validation_alias=_named("SLACK_CLIENT_SECRET"))
    database_url: str = Field("sqlite:///pabot.db", validation_alias=_named("PABOT_DATABASE_URL", "DATABASE_URL"))
    bind: str = Field("", validation_alias=_named("PABOT_BIND"))
    port: str = Field("", validation_alias=_named("PORT"))
    team_channel: str = Field("", validation_alias=_named("PABOT_TEAM_CHANNEL"))
    timezone: str = Field("America/New_York", validation_alias=_named("PABOT_TIMEZONE"))
    office_hours: str = Field("08:00-17:00 mon-fri", validation_alias=_named("PABOT_OFFICE_HOURS"))
    holidays: str = Field("US", validation_alias=_named("PABOT_HOLIDAYS"))
    quiet_hours: str = Field("19:00-07:00", validation_alias=_named("PABOT_QUIET_HOURS"))
    digest_at: str = Field("08:00", validation_alias=_named("PABOT_DIGEST_AT"))
    privacy: Privacy = Field(Privacy.MINIMUM, validation_alias=_named("PABOT_PRIVACY"))
    secret_keys: Words = Field((), validation_alias=_named("PABOT_SECRET_KEYS"))
    admins: Words = Field((), validation_alias=_named("PABOT_ADMINS"))
    templates_dir: DirectoryPath | None = Field(None, validation_alias=_named("PABOT_TEMPLATES_DIR"))
    letters_dir: DirectoryPath | None = Field(None, validation_alias=_named("PABOT_LETTERS_DIR"))
    cache_dir: str = Field("", validation_alias=_named("PABOT_CACHE_DIR"))
    user_cache: str = Field("", validation_alias=_named("XDG_CACHE_HOME"))
    metrics_token: str = Field("", validation_alias=_named("PABOT_METRICS_TOKEN"))

    @field_validator("secret_keys", "admins", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(word for word in re.split(r"[\s,]+", value) if word) if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _driver(cls, url: str) -> str:
        """Hosts hand out `postgres://`; SQLAlchemy wants the driver's name."""
        return re.sub(r"^(postgres|postgresql)://", "postgresql+psycopg://", url)

    @field_validator("bind")
    @classmethod
    def _bind(cls, text: str) -> str:
        if text and not (re.fullmatch(r"\S+:\d{1,5}", text) and int(text.rpartition(":")[2]) <= HIGHEST_PORT):
            raise SettingsError("Write PABOT_BIND like 127.0.0.1:3000.")
        return text

    @field_validator("port")
    @classmethod
    def _port(cls, text: str) -> str:
        if text and not (re.fullmatch(r"\d{1,5}", text) and int(text) <= HIGHEST_PORT):
            raise SettingsError(f"PORT must be a number up to {HIGHEST_PORT}.")
        return text

    @field_validator("digest_at")
    @classmethod
    def _clock(cls, text: str) -> str:
        return parse_clock(text, "digest_at").strftime("%H:%M")

    @field_validator("quiet_hours")
    @classmethod
    def _quiet(cls, text: str) -> str:
        return quiet_hours_text(text)

    @model_validator(mode="after")
    def _no_oauth(self) -> "Settings":
        if self.slack_client_id or self.slack_client_secret:
            raise SettingsError(
                "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET would make Slack's library ignore the bot token. Unset both."
            )
        return self

    @model_validator(mode="after")
    def _calendar(self) -> "Settings":
        make_calendar(self.seed(), WallClock().now().date())
        return self

    @property
    def address(self) -> str:
        """Where `web` listens."""
        return self.bind or (f"0.0.0.0:{self.port}" if self.port else "127.0.0.1:3000")

    @property
    def cache_folder(self) -> Path:
        """Where files are kept that can be made anew. Whether it can be written is found out when it is."""
        if self.cache_dir:
            return Path(self.cache_dir).absolute()
        named = Path(self.user_cache)
        return (named if named.is_absolute() else _home() / ".cache") / "pabot"

    def require(self, *names: str) -> None:
        """Raise SettingsError naming the variables that are missing."""
        missing = [_variable(name) for name in names if not getattr(self, name)]
        if missing:
            raise SettingsError(
                f"Not set: {', '.join(missing)}. "
                "See .env.example for what belongs into .env, or try pabot without Slack: pabot sandbox"
            )

    def seed(self) -> PracticeSettings:
        """What a fresh database starts with; afterwards its own rows rule."""
        return PracticeSettings(
            timezone=self.timezone,
            office_hours=self.office_hours,
            holidays=self.holidays,
            team_channel=self.team_channel,
            digest_at=self.digest_at,
            quiet_hours=self.quiet_hours,
        )


def load(**given: Any) -> Settings:
    """The environment as settings; `given` overrides it. Raises SettingsError with one sentence."""
    try:
        return Settings(**{_variable(name): value for name, value in given.items()})
    except ValidationError as wrong:
        first = wrong.errors()[0]
        variable = str(first["loc"][0]) if first["loc"] else "The environment"
        raise SettingsError(f"{variable}: {first['msg']}.") from wrong
    except PabotError as wrong:
        raise SettingsError(wrong.sentence) from wrong


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # a user without a home: then the folder in which pabot runs
        return Path().absolute()


def _variable(name: str) -> str:
    alias = Settings.model_fields[name].validation_alias
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else name
