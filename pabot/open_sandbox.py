"""`pabot sandbox`: a local workspace, the invented practice and the bot, all in one process and one scratch folder."""

import tempfile
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pabot import serving
from pabot.app import build
from pabot.clock import StandingClock, WallClock
from pabot.demo import people, practice
from pabot.manifest import manifest
from pabot.sandbox.server import Server, serve
from pabot.sandbox.workspace import Workspace
from pabot.settings import Settings, SettingsError, load
from pabot.store import migrations
from pabot.store.vault import new_master_key

BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-sandbox", "xapp-sandbox", "sandbox-signing-secret"
ENV_FILE, DATABASE = "sandbox.env", "sandbox.db"
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class OpenSandbox:
    """A sandbox that stands: its workspace, its page and the settings a bot needs to join."""

    workspace: Workspace
    server: Server
    settings: Settings
    folder: Path


@contextmanager
def opened(*, port: int, folder: Path | None = None, privacy: str = "minimum", tell: Tell) -> Iterator[OpenSandbox]:
    """Workspace, page and practice; `tell(done, all)` reports while the practice is lived.

    Raises SettingsError when the port is taken or the folder cannot be used.
    """
    workspace = a_workspace()
    with tempfile.TemporaryDirectory(prefix="pabot-sandbox-") as scratch, _served(workspace, port) as server:
        where = _empty(folder) if folder else Path(scratch)
        settings = load(
            slack_bot_token=BOT_TOKEN,
            slack_app_token=APP_TOKEN,
            slack_signing_secret=SECRET,
            slack_api_url=server.api_url,
            database_url=f"sqlite:///{where / DATABASE}",
            secret_keys=new_master_key(),
            team_channel=people.CHANNEL,
            privacy=privacy,
            quiet_hours="",  # whoever tries it by night is to see what happens
            bind="127.0.0.1:0",
        )
        fill(settings, tell)
        write_env(settings, where / ENV_FILE)
        yield OpenSandbox(workspace, server, settings, where)


def _served(workspace: Workspace, port: int) -> Server:
    try:
        return serve(workspace, port=port)
    except OSError:
        sentence = f"Port {port} is taken. Any free one will do: pabot sandbox --port 0"
        raise SettingsError(sentence) from None


def _empty(folder: Path) -> Path:
    """The folder, made if need be. A database of an earlier sandbox is left alone: its workspace is gone."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as refused:
        raise SettingsError(f"{folder} cannot be used ({refused.strerror}).") from None
    if (folder / DATABASE).exists():
        raise SettingsError(f"{folder} holds the database of an earlier sandbox. Name another folder, or empty it.")
    return folder.absolute()


def a_workspace() -> Workspace:
    """The invented practice's people in their workspace, with one channel for the team and a guest for the curious."""
    workspace = Workspace(
        WallClock().now,
        people.TEAM_ID,
        team_name="Example Practice",
        app_name="pabot",
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
        signing_secret=SECRET,
        rate_limits=True,
    )
    for person in people.PEOPLE:
        workspace.add_user(person.user_id, person.name, title=person.title)
    workspace.add_channel(people.CHANNEL, "prior-auth")
    workspace.manifest = manifest()
    return workspace


def fill(settings: Settings, tell: Tell) -> None:
    """Migrate a fresh database and live thirty days in it."""
    migrations.upgrade(settings.database_url)
    now = WallClock().now()
    clock = StandingClock(now)
    pabot = build(settings, clock)
    pabot.store.found(settings.seed())
    pabot.desk.mark_sandbox()
    for done, _ in enumerate(practice.live(pabot.desk, clock, now), 1):
        tell(done, len(practice.SCRIPT))
    clock.set(practice.last_morning(pabot.desk, now))
    pabot.desk.raise_alarms()
    pabot.desk.queue_digest()
    pabot.desk.back_to_the_wall_clock(now)
    pabot.store.close()


def write_env(settings: Settings, path: Path) -> None:
    """What a second terminal needs to act on the same database and workspace."""
    lines = {
        "SLACK_BOT_TOKEN": settings.slack_bot_token,
        "SLACK_APP_TOKEN": settings.slack_app_token,
        "SLACK_SIGNING_SECRET": settings.slack_signing_secret,
        "SLACK_API_URL": settings.slack_api_url,
        "PABOT_DATABASE_URL": settings.database_url,
        "PABOT_SECRET_KEYS": ",".join(settings.secret_keys),
        "PABOT_TEAM_CHANNEL": settings.team_channel,
    }
    path.write_text("".join(f"{name}={value}\n" for name, value in lines.items()))


def serve_until(
    sandbox: OpenSandbox, stop: threading.Event, *, browse: bool, say: Callable[[], None] = lambda: None
) -> None:
    """Run the bot beside the page until `stop` is set. The page is told of and opened once the bot answers in it."""

    def connected() -> None:
        say()
        if browse:
            webbrowser.open(sandbox.server.url)

    serving.run(sandbox.settings, stop, connected)
