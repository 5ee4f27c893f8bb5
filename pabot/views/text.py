"""Words: the templates that hold every longer sentence, and what makes a typed word harmless in them.

mrkdwn is not HTML: only `& < >` are escaped, and Slack knows no escape for its emphasis. A mark that could open or
close some is therefore shown as a character that looks the same; inside a word, as in `AB_12`, it stays what it is.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateError, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pabot.domain.cards import Privacy

PACKAGED = Path(__file__).parents[1] / "_packaged" / "message_templates"
CHECKOUT = Path(__file__).parents[2] / "message_templates"
CLIPPED = 300  # characters of somebody's words, unless a template says otherwise

_UNSEEN = re.compile("[\u0000-\u0008\u000b-\u001f\u007f\u200b\u202a-\u202e\u2066-\u2069]")
_HARMLESS = re.compile("[A-Za-z0-9 .,:;()'/+·“”✓—–-]*")
_MARK = re.compile(r"(?<![^\W_])[*_~]|[*_~](?![^\W_])|`")
_ALIKE = {"*": "\u2217", "_": "\uff3f", "~": "\u223c", "`": "\u02cb"}
_QUOTE = re.compile(r"^(\s*)(&gt;)", re.MULTILINE)


class Mrkdwn(str):
    """Text that is mrkdwn already; everything else is escaped on its way into a template."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message: `text` is what a lock screen shows, never more than minimum; `blocks` are plain dicts."""

    text: str
    blocks: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class File:
    """A file in place of a message. Name, title and `text` are seen outside of it: never more than minimum."""

    name: str
    title: str
    text: str
    content: bytes


def clean(text: str) -> str:
    """Without control characters and without those that turn the direction of writing around."""
    return _UNSEEN.sub("", text)


def safe(value: object) -> Mrkdwn:
    """A value as mrkdwn that shows what was typed: no mention, link, quote or emphasis comes to life in it."""
    if isinstance(value, Mrkdwn):
        return value
    text = "" if value is None else str(value)
    if _HARMLESS.fullmatch(text):  # most values; the rest of this function is the busiest of a card
        return Mrkdwn(text)
    text = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _MARK.sub(lambda found: _ALIKE[found.group()], text)
    return Mrkdwn(_QUOTE.sub("\\1\u200b\\2", text))


def clip(text: str, length: int = CLIPPED) -> str:
    """At most `length` characters, the last an ellipsis when some are missing."""
    text = clean(str(text)).strip()
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def one_line(text: str, length: int = CLIPPED) -> str:
    """Somebody's words within a line of ours, so that no line of theirs can pass for one."""
    return clip(" ".join(str(text).split()), length)


def quote(text: str, length: int = CLIPPED) -> Mrkdwn:
    """Somebody's words, set off from ours on every line."""
    return Mrkdwn("\n".join(f"> {safe(line)}" for line in clip(text, length).splitlines()))


def day(value: date) -> str:
    return f"{value:%a %b} {value.day}"


def full_day(value: date) -> str:
    """With its year: for dates that may lie far off."""
    return f"{value:%a %b} {value.day}, {value.year}"


DIAS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
MESES = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)


def spoken_day_es(value: date) -> str:
    """`lunes 3 de noviembre`."""
    return f"{DIAS[value.weekday()]} {value.day} de {MESES[value.month - 1]}"


def spoken_day(value: date) -> str:
    """As one says it on the phone."""
    return f"{value:%A, %B} {value.day}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """An instant in the practice's zone, and which zone that is."""
    local = at.astimezone(zone)
    name = local.tzname() or ""
    hour = local.hour % 12 or 12
    return f"{day(local)}, {hour}:{local:%M %p} {name if name.isalpha() else zone.key}"


@pass_context
def _when(context: Context, at: datetime) -> str:
    return moment(at, context["zone"])


@pass_context
def _date(context: Context, at: datetime) -> Mrkdwn:
    """An instant in the reader's own zone; where Slack cannot, in the practice's, by name."""
    fallback = safe(moment(at, context["zone"]))
    return Mrkdwn(f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{fallback}>")


def _user(user_id: str) -> Mrkdwn:
    return Mrkdwn(f"<@{_word(user_id)}>")


def _channel(channel_id: str) -> Mrkdwn:
    return Mrkdwn(f"<#{_word(channel_id)}>")


def is_web(url: str) -> bool:
    """Whether it is a web address and nothing besides, so that `link` takes it."""
    return bool(re.fullmatch(r"https?://[^\s<>|]+", url))


def _link(url: str, label: str) -> Mrkdwn:
    """Raises ValueError on anything but a web address."""
    if not is_web(url):
        raise ValueError("a link is a web address")
    return Mrkdwn(f"<{url.replace('&', '&amp;')}|{safe(label).replace('|', '/')}>")


def _word(slack_id: str) -> str:
    """Raises ValueError on anything but an id of Slack's."""
    if not re.fullmatch(r"[A-Z0-9]+", slack_id):
        raise ValueError("that is no id of Slack's")
    return slack_id


FILTERS: Mapping[str, Callable[..., object]] = {
    "clip": clip,
    "day": day,
    "full_day": full_day,
    "spoken_day": spoken_day,
    "spoken_day_es": spoken_day_es,
    "when": _when,
}
SLACK_FILTERS: Mapping[str, Callable[..., object]] = {
    **FILTERS,
    "user": _user,
    "channel": _channel,
    "link": _link,
    "date": _date,
    "quote": quote,
}


@dataclass(frozen=True, slots=True)
class Texts:
    """The practice's words, found once: its own folder first, then what pabot brings."""

    slack: ImmutableSandboxedEnvironment
    patient: ImmutableSandboxedEnvironment

    @classmethod
    def found(cls, templates_dir: Path | None = None) -> Self:
        folders = [folder for folder in (templates_dir, PACKAGED, CHECKOUT) if folder]
        loader = ChoiceLoader([FileSystemLoader(folder) for folder in folders])
        return cls(_environment(loader, safe, SLACK_FILTERS), _environment(loader, _spoken, FILTERS))

    def faults(self) -> list[str]:
        """Templates that do not even read as templates, each in one line."""
        found = []
        for environment, suffix in ((self.slack, ".mrkdwn.j2"), (self.patient, ".txt.j2")):
            for name in environment.list_templates(filter_func=partial(_ends, suffix)):
                try:
                    environment.get_template(name)
                except TemplateError as wrong:
                    found.append(f"message template {name}: {wrong}")
        return found


@dataclass(frozen=True, slots=True)
class Look:
    """What every view is drawn with: the words, the practice's zone, and how much of a patient may be shown."""

    texts: Texts
    zone: ZoneInfo
    privacy: Privacy

    def say(self, name: str, /, **values: object) -> Mrkdwn:
        """`slack/<name>.mrkdwn.j2` with its values. Raises jinja2.TemplateError when one is missing or broken."""
        template = self.texts.slack.get_template(f"slack/{name}.mrkdwn.j2")
        return Mrkdwn(template.render(zone=self.zone, **values).strip())

    def tell(self, name: str, /, *, language: str = "en", **values: object) -> str:
        """`patient/<name>.txt.j2`, or `patient_es/…` in Spanish: plain words, fit to be read out."""
        folder = "patient" if language == "en" else f"patient_{language}"
        template = self.texts.patient.get_template(f"{folder}/{name}.txt.j2")
        return " ".join(template.render(zone=self.zone, **values).split())

    def date(self, at: datetime) -> date:
        """The practice's calendar date at an instant."""
        return at.astimezone(self.zone).date()

    def when(self, at: datetime) -> str:
        return moment(at, self.zone)


def look(templates_dir: Path | None, zone: ZoneInfo, privacy: Privacy) -> Look:
    """What views are drawn with, from a practice's settings."""
    return Look(Texts.found(templates_dir), zone, privacy)


def _ends(suffix: str, name: str) -> bool:
    return name.endswith(suffix)


def _spoken(value: object) -> str:
    return clean("" if value is None else str(value))


def _environment(
    loader: BaseLoader, finalize: Callable[[object], str], filters: Mapping[str, Callable[..., object]]
) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=False,  # neither mrkdwn nor plain text is HTML; `finalize` escapes
        finalize=finalize,
        auto_reload=False,  # a practice that changes its words restarts; each message need not look at the disk
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(filters)
    return environment
