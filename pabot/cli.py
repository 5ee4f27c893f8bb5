"""The command line: `pabot --help`. Every error is one sentence and an exit code."""

import json
import os
import re
import sys
import uuid
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pabot import checks, cli_payers, serving
from pabot.app import Pabot, build, pin_workspace
from pabot.clock import MovedClock, WallClock
from pabot.domain.cards import Privacy
from pabot.domain.codes import npi_ok
from pabot.domain.errors import PabotError
from pabot.domain.model import Role
from pabot.domain.practice import SaveMember
from pabot.logs import start_logging
from pabot.manifest import manifest as app_manifest
from pabot.settings import HIGHEST_PORT, Settings, SettingsError, load
from pabot.slack.errors import Permanent, SlackTrouble
from pabot.store import migrations
from pabot.terminal import FAULT, NO_SETUP, err, opened, out, ready, word

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="A medical practice's prior authorizations in Slack."
)
db = typer.Typer(no_args_is_help=True, help="The database: upgrade, backup, keys.")
staff = typer.Typer(no_args_is_help=True, help="People and roles.")
app.add_typer(db, name="db")
app.add_typer(staff, name="staff")
app.add_typer(cli_payers.payers, name="payers")


def main() -> None:
    """The entry point: what a person can mend is one sentence, not a traceback."""
    try:
        app()
    except SettingsError as wrong:
        _end(NO_SETUP, wrong.sentence)
    except PabotError as wrong:
        _end(FAULT, wrong.sentence)
    except Permanent as refused:
        _end(FAULT, f"Slack refuses the bot: {refused.reason}. Check SLACK_BOT_TOKEN, then try again.")
    except SlackTrouble as away:
        _end(FAULT, f"Slack does not answer ({away.reason}). Check the network, then try again.")


def _end(code: int, sentence: str) -> None:
    err().print(sentence, soft_wrap=True)
    sys.exit(code)


def _slack_id(text: str | None) -> str | None:
    if text is not None and not re.fullmatch("[UW][A-Z0-9]{2,}", text):
        raise typer.BadParameter("a Slack id looks like U012AB3CD; Slack shows it in the person's profile")
    return text


def _npi(text: str) -> str:
    if text and not npi_ok(text):
        raise typer.BadParameter("ten digits, the last of which checks the others")
    return text


@app.command()
def sandbox(
    port: Annotated[
        int, typer.Option(min=0, max=HIGHEST_PORT, help="Where the page listens; 0 takes any free port.")
    ] = 3100,
    folder: Annotated[Path | None, typer.Option(help="Keep the database here instead of a scratch folder.")] = None,
    privacy: Annotated[Privacy, typer.Option(help="What pabot shows of a patient.")] = Privacy.MINIMUM,
    browse: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Open a local workspace with an invented practice: no account, no token, no network."""
    try:
        from pabot import open_sandbox
    except ImportError as missing:
        raise SettingsError("The sandbox is not installed. Install it with: pip install 'pabot[sandbox]'") from missing
    from rich.progress import Progress

    start_logging()
    stop = serving.stop_on_signals()
    with Progress(console=err(), transient=True) as progress:
        task = progress.add_task("Thirty days in an invented practice", total=None)

        def tell(done: int, of: int) -> None:
            progress.update(task, completed=done, total=of)
            if stop.is_set():
                raise typer.Exit

        with open_sandbox.opened(port=port, folder=folder, privacy=privacy, tell=tell) as opened:
            progress.stop()
            tick = f"set -a; . {opened.folder / open_sandbox.ENV_FILE}; set +a; pabot tick --at 2027-01-04T09:00"
            opened.workspace.hint = [f"Move the clock in a second terminal: {tick}"]

            def say() -> None:
                out().print(f"\n  The sandbox is open: [bold]{opened.server.url}[/]   (Ctrl-C ends it)", markup=True)
                out().print(f"\n  Move the clock from a second terminal:\n\n    {tick}\n", soft_wrap=True)

            open_sandbox.serve_until(opened, stop, browse=browse, say=say)


@app.command()
def run() -> None:
    """The bot on a real workspace, in one process: Socket Mode and the jobs."""
    settings = ready("slack_bot_token", "slack_app_token")
    _founded(settings)
    serving.run(settings, serving.stop_on_signals())


@app.command()
def web(workers: Annotated[int, typer.Option(help="Processes; SQLite takes one.")] = 2) -> None:
    """Slack's requests over HTTP, under gunicorn."""
    settings = ready("slack_bot_token", "slack_signing_secret")
    _founded(settings)
    serving.web(settings, workers)


@app.command()
def worker() -> None:
    """The jobs alone: delivery, escalation, digest."""
    settings = ready("slack_bot_token")
    _founded(settings)
    serving.work(settings, serving.stop_on_signals())


@app.command()
def tick(
    at: Annotated[datetime | None, typer.Option(help="Act as if it were this time, in the practice's zone.")] = None,
    rehearsal: Annotated[bool, typer.Option(help="Allow a moved clock on a database no worker has touched.")] = False,
) -> None:
    """Run every job due at this instant once, deliver what it queued, and end."""
    wall = WallClock().now()
    with opened("slack_bot_token") as pabot:
        pin_workspace(pabot)
        if at is None:
            tried = pabot.jobs.run_once()
        else:
            moved = at if at.tzinfo else at.replace(tzinfo=pabot.desk.calendar().zone)
            if moved > wall:
                _may_move_clock(pabot, rehearsal)
            then = build(pabot.settings, MovedClock(moved))
            with closing(then.store):
                tried = then.jobs.run_once()
                then.desk.back_to_the_wall_clock(wall)
    out().print(f"Messages sent or tried: {tried}.")


@app.command()
def check(audit: Annotated[bool, typer.Option(help="Verify every event of the record as well.")] = False) -> None:
    """Settings, database, templates, Slack: each ok, or what to do."""
    found = checks.run(load(), audit=audit)
    for line in found:
        out().print("ok   " if line.ok else "NO   ", style="green" if line.ok else "red", end="")
        out().print(line.what, soft_wrap=True)
    if not all(line.ok for line in found):
        raise typer.Exit(FAULT)


@app.command()
def manifest(url: Annotated[str | None, typer.Option(help="The address of `pabot web`, for HTTP.")] = None) -> None:
    """The Slack app manifest: for Socket Mode, or for HTTP at URL."""
    print(json.dumps(app_manifest(url), indent=2))


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest revision, and found the practice in it."""
    _founded(ready())
    out().print("The database is up to date.")


@db.command("backup")
def db_backup(path: Path) -> None:
    """A consistent copy while it is in use (SQLite)."""
    if path.exists():
        raise SettingsError(f"{path} is there already. Name a new file.")
    if not os.access(path.absolute().parent, os.W_OK):
        raise SettingsError(f"Nothing can be written to {path.absolute().parent}.")
    with opened() as pabot:
        pabot.store.backup(path)
    out().print(f"Copied to {path}.")


@db.command("rotate-key")
def db_rotate_key() -> None:
    """Wrap the data keys under the first of PABOT_SECRET_KEYS."""
    with opened() as pabot:
        pabot.store.rotate_keys()
    out().print("The data keys are under the newest key. Older ones may leave PABOT_SECRET_KEYS.")


@db.command("retry-parked")
def db_retry_parked() -> None:
    """Try messages again that Slack refused for good, after the cause was mended."""
    with opened() as pabot:
        out().print(f"{pabot.desk.retry_parked()} messages will be tried again.")


@staff.command("add")
def staff_add(
    user_id: Annotated[str, typer.Argument(callback=_slack_id, help="Their Slack id, such as U012AB3CD.")],
    name: Annotated[str, typer.Option(callback=word, help="As the practice calls them.")],
    role: Annotated[list[Role], typer.Option(help="Repeat it for several roles.")],
    npi: Annotated[str, typer.Option(callback=_npi, help="Ten digits.")] = "",
    cover: Annotated[str | None, typer.Option(callback=_slack_id, help="Slack id of whoever covers.")] = None,
) -> None:
    """Add a person by their Slack id, or change one."""
    command = SaveMember(user_id, name, frozenset(role), npi, cover)
    with opened() as pabot:
        member = pabot.desk.save_member(command, actor=None, key=f"cli:{uuid.uuid4()}")
    out().print(f"{member.name}: {', '.join(sorted(member.roles))}")


@staff.command("list")
def staff_list() -> None:
    """Everybody on the staff list."""
    from rich.table import Table

    table = Table("Slack id", "Name", "Roles", "NPI", "Cover", "")
    with opened() as pabot:
        directory = pabot.desk.directory()
    for member in directory.members.values():
        state = "away" if member.away else "" if member.active else "left"
        cover = directory.name(member.cover_id) if member.cover_id else ""
        table.add_row(member.user_id, member.name, ", ".join(sorted(member.roles)), member.npi or "", cover, state)
    out().print(table)


def _founded(settings: Settings) -> None:
    """A migrated database with its keys, its practice row and its first managers."""
    checks.revision(settings)
    migrations.upgrade(settings.database_url)
    pabot = build(settings)
    with closing(pabot.store):
        pabot.store.found(settings.seed())
        pabot.desk.ensure_managers(settings.admins)


def _may_move_clock(pabot: Pabot, rehearsal: bool) -> None:
    pinned = pabot.desk.pinned()
    if pinned.is_sandbox or (rehearsal and not pinned.worker_seen):
        return
    raise PabotError(
        "The clock may run ahead only in a sandbox, or with --rehearsal on a database that no worker has served."
    )
