"""`pabot check`: everything a start needs, each line ok or what to do."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from pabot.app import Pabot, build
from pabot.domain.errors import PabotError
from pabot.domain.roles import SETTINGS
from pabot.manifest import SCOPES
from pabot.settings import Settings, SettingsError
from pabot.slack.errors import Permanent, SlackTrouble
from pabot.store import events, migrations
from pabot.store.diagnosis_building import can_be_written
from pabot.views import template_faults
from pabot.views.text import Look


@dataclass(frozen=True, slots=True)
class Line:
    ok: bool
    what: str


def run(settings: Settings, *, audit: bool) -> list[Line]:
    """Every check that can be made; what depends on a failed one is left out."""
    if not settings.secret_keys:
        return [Line(False, "PABOT_SECRET_KEYS is not set: make a key and put it into .env (see docs/runbook.md)")]
    found = [*_database(settings)]
    if not all(line.ok for line in found):
        return found
    pabot = build(settings)
    try:
        found += [
            *_practice(pabot),
            *_templates(pabot),
            *_letters(pabot.look),
            *_diagnoses(pabot),
            *_delivery(pabot),
            *_health(pabot),
        ]
        found += [*_slack(pabot)]
        if audit:
            found += [*_audit(pabot)]
    except PabotError as fault:
        found.append(Line(False, fault.sentence))
    finally:
        pabot.store.close()
    return found


def revision(settings: Settings) -> str | None:
    """The revision that the database is at; None when it is empty. Raises SettingsError when it does not answer."""
    try:
        return migrations.current(settings.database_url)
    except Exception as fault:  # whatever the driver says, the person must hear it as one sentence
        sentence = f"The database does not answer ({type(fault).__name__}). Check PABOT_DATABASE_URL."
        raise SettingsError(sentence) from fault


def require_database(settings: Settings) -> None:
    """Raises SettingsError unless the database is at the revision that this pabot was written for."""
    found = revision(settings)
    if found != migrations.HEAD:
        where = f"is at revision {found}" if found else "is empty"
        raise SettingsError(f"The database {where}; pabot wants {migrations.HEAD}. Run: pabot db upgrade")


def _database(settings: Settings) -> Iterator[Line]:
    try:
        require_database(settings)
    except SettingsError as fault:
        yield Line(False, fault.sentence)
    else:
        yield Line(True, f"database at revision {migrations.HEAD}")


def _practice(pabot: Pabot) -> Iterator[Line]:
    settings = pabot.desk.settings()
    where = f"{settings.office_hours}, {settings.timezone}, holidays {settings.holidays}, digest {settings.digest_at}"
    yield Line(True, f"practice settings (from the database): {where}")
    alone = [setting.words for name, setting in SETTINGS.items() if getattr(settings, name)]
    yield Line(True, f"without asking for approval: {'; '.join(alone) or 'nothing beyond the boundary'}")
    managers = [m for m in pabot.desk.directory().members.values() if m.active and "manager" in m.roles]
    yield Line(bool(managers), f"managers: {len(managers)}" if managers else "no manager: set PABOT_ADMINS")
    plans = pabot.desk.plans()
    yield Line(bool(plans), f"plans: {len(plans)}" if plans else "no payer yet: pabot payers add")


def _templates(pabot: Pabot) -> Iterator[Line]:
    """The files, and what was approved in Slack; of both, what is broken gives way to what pabot brings."""
    approved = (f"words for patients “{text.label}”: {why}" for text, why in pabot.desk.broken_words().items())
    faults = [*template_faults.faults(pabot.look.texts), *approved]
    yield from (Line(False, fault) for fault in faults)
    if not faults:
        yield Line(True, "message templates")


def _letters(look: Look) -> Iterator[Line]:
    """Where appeal letters go, and whether they can."""
    folder = look.letter_folder
    if folder is None:
        blank = "" if look.names_in_letters else ", without identity: set PABOT_LETTERS_DIR to have it filled in"
        yield Line(True, f"appeal letters: into the direct messages of whoever asks{blank}")
    elif os.access(folder, os.W_OK):
        yield Line(True, f"appeal letters: into {folder}")
    else:
        yield Line(False, f"appeal letters: nothing can be written to {folder}: mend it, or set PABOT_LETTERS_DIR")


def _diagnoses(pabot: Pabot) -> Iterator[Line]:
    size, folder = pabot.diagnoses.size, pabot.diagnoses.path.parent
    if size:
        yield Line(True, f"diagnoses: {size:,} codes of ICD-10-CM, {pabot.diagnoses.release}")
    elif can_be_written(folder):
        yield Line(True, f"diagnoses: not built yet: pabot run, web or worker builds the list into {folder}")
    else:
        yield Line(False, f"diagnoses: nothing can be written to {folder}: set PABOT_CACHE_DIR")


def _delivery(pabot: Pabot) -> Iterator[Line]:
    state = pabot.desk.delivery_state()
    yield Line(True, f"messages waiting to be sent: {state.waiting}")
    for message in state.parked:
        what = f"{message.kind} to {message.recipient} was refused by Slack ({message.error})"
        yield Line(False, f"{what}: mend it, then pabot db retry-parked")


def _health(pabot: Pabot) -> Iterator[Line]:
    """When each tick last ran, and whether the auditor's faults are mended."""
    now = pabot.clock.now()
    for pulse in pabot.desk.pulses():
        late = pulse.is_late(now)
        yield Line(not late, pulse.words(now) + (": start pabot run or pabot worker" if late else ""))
    standing = pabot.desk.faults_standing()
    told = "the managers were told which"
    yield Line(not standing, f"faults that the auditor found: {standing}" + (f"; {told}" if standing else ""))


def _slack(pabot: Pabot) -> Iterator[Line]:
    if not pabot.settings.slack_bot_token:
        yield Line(False, "SLACK_BOT_TOKEN is not set")
        return
    try:
        identity, scopes = pabot.slack.identity(), pabot.slack.scopes()
    except Permanent as refused:
        yield Line(False, f"Slack refuses SLACK_BOT_TOKEN ({refused.reason})")
        return
    except SlackTrouble as away:
        yield Line(False, f"Slack does not answer ({away.reason}): check the network, then try again")
        return
    yield Line(True, f"Slack knows the bot in workspace {identity.team_id}")
    if scopes is not None:
        missing = sorted(set(SCOPES) - scopes)
        yield Line(not missing, f"scopes missing: {', '.join(missing)}: install the app anew" if missing else "scopes")
    channel = pabot.desk.settings().team_channel
    yield _team_channel(pabot, channel) if channel else Line(False, "no team channel: set it in /pa settings")


def _team_channel(pabot: Pabot, channel: str) -> Line:
    try:
        if pabot.slack.is_shared_outside(channel):
            return Line(False, f"channel {channel} is shared with another organization: choose a private one")
        member = pabot.slack.is_member(channel)
    except SlackTrouble as fault:
        return Line(False, f"channel {channel}: {fault.reason}")
    return Line(member, f"channel {channel}" if member else f"pabot is not in {channel}: invite it there")


def _audit(pabot: Pabot) -> Iterator[Line]:
    with pabot.store.read() as session:
        faults = list(events.verify(session.connection, session.vault))
    yield from (Line(False, f"{fault.subject}, event {fault.seq}: {fault.what}") for fault in faults)
    if not faults:
        yield Line(True, "every event of the record is as it was written")
