"""Words: the templates that hold every longer sentence, and what makes a typed word harmless in them.

mrkdwn is not HTML: only `& < >` are escaped, and Slack knows no escape for its emphasis. A mark that could open or
close some is therefore shown as a character that looks the same; inside a word, as in `AB_12`, it stays what it is.
"""

import re
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pabot import spoken
from pabot.domain.cards import Privacy
from pabot.domain.patient_words import PLACEHOLDERS, TextName, parted
from pabot.spoken import day as day
from pabot.spoken import full_day as full_day

PACKAGED = Path(__file__).parents[1] / "_packaged" / "message_templates"
CHECKOUT = Path(__file__).parents[2] / "message_templates"
SLACK_ENDING = ".mrkdwn.j2"
CLIPPED = 300  # characters of somebody's words, unless a template says otherwise

_HIDDEN = "\u0000-\u0008\u000b-\u001f\u007f\u200b\u202a-\u202e\u2066-\u2069"
_UNSEEN = re.compile(f"[{_HIDDEN}]")
_HARMFUL = re.compile(f"[&<>*_~`{_HIDDEN}]")  # all that `safe` may change
_MARK = re.compile(r"(?<![^\W_])[*_~]|[*_~](?![^\W_])|`")
_ALIKE = {"*": "\u2217", "_": "\uff3f", "~": "\u223c", "`": "\u02cb"}
_COMMENT = re.compile("{#.*?#}", re.DOTALL)
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
    if not _HARMFUL.search(text):  # most values; the rest of this function is the busiest of a card
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


def moment(at: datetime, zone: ZoneInfo) -> str:
    """An instant in the practice's zone, and which zone that is."""
    return _moment(at.astimezone(UTC), zone)  # of the two hours that a clock shows twice, each is remembered


@lru_cache(2048)
def _moment(at: datetime, zone: ZoneInfo) -> str:
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


FILTERS: Mapping[str, Callable[..., object]] = {**spoken.DAYS, "clip": clip, "when": _when}
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
    shipped: ImmutableSandboxedEnvironment  # for patients, what pabot brings: said where a practice's own is broken
    shipped_slack: ImmutableSandboxedEnvironment  # the same for messages

    @classmethod
    def found(cls, templates_dir: Path | None = None) -> Self:
        brought = [FileSystemLoader(folder) for folder in (PACKAGED, CHECKOUT)]
        own = [FileSystemLoader(templates_dir)] if templates_dir else []
        loader, shipped = ChoiceLoader([*own, *brought]), ChoiceLoader(brought)
        return cls(
            _environment(loader, safe, SLACK_FILTERS),
            _environment(loader, _spoken, FILTERS),
            _environment(shipped, _spoken, FILTERS),
            _environment(shipped, safe, SLACK_FILTERS),
        )

    def say(self, name: str, zone: ZoneInfo, values: Mapping[str, object]) -> Mrkdwn:
        """A template of Slack's folder with its values, in a zone; a practice's own that is broken gives way to ours.

        Raises as the first did when both fail: a value is missing or is not what a filter takes.
        """
        file = f"slack/{name}{SLACK_ENDING}"
        try:
            said = self.slack.get_template(file).render(zone=zone, **values)
        except spoken.UNSAID as broken:
            try:
                said = self.shipped_slack.get_template(file).render(zone=zone, **values)
            except spoken.UNSAID:
                raise broken from None
        return Mrkdwn(said.strip())

    def words(self, text: TextName) -> str:
        """What the file in force for a patient's text says, as it is written, without its comments."""
        return _written(self.patient, _file(text))

    def told_apart(self, text: TextName, words: str) -> frozenset[str]:
        """The facts that some words for a text ask for, or that pabot's own do not ask for there either.

        Raises one of spoken.UNSAID.
        """
        return spoken.asked(words) | (PLACEHOLDERS.keys() - spoken.asked(_written(self.shipped, _file(text))))


@dataclass(frozen=True, slots=True)
class Look:
    """What every view is drawn with: the words, the practice's zone, and how much of a patient may be shown.

    `worded` are the practice's own texts for patients, as managers approved them.
    """

    texts: Texts
    zone: ZoneInfo
    privacy: Privacy
    worded: Mapping[TextName, str] = field(default_factory=dict, hash=False)
    letters: Path | None = None  # a folder of the practice's own, for letters that must not pass through Slack

    @property
    def letter_folder(self) -> Path | None:
        """Where letters go; None: into the direct messages of whoever asked."""
        return self.letters if self.privacy is Privacy.MINIMUM else None

    @property
    def names_in_letters(self) -> bool:
        """Whether a letter says who the patient is, for whoever may see that; else it has blanks."""
        return self.privacy is Privacy.FULL or self.letters is not None

    def write(self, name: str, /, **values: object) -> str:
        """`payer/<name>.j2`, with its lines. Raises jinja2.TemplateError when it is missing or broken."""
        return self.texts.patient.get_template(f"payer/{name}.j2").render(zone=self.zone, **values)

    def say(self, name: str, /, **values: object) -> Mrkdwn:
        """`slack/<name>.mrkdwn.j2` with its values. Raises jinja2.TemplateError when pabot's is missing or broken."""
        return self.texts.say(name, self.zone, values)

    def tell(self, name: str, /, *, language: str = "en", **values: object) -> str:
        """Plain words for a patient: those that the practice approved, else `patient/<name>.txt.j2` of the practice's
        folder, else pabot's own. Words that are broken give way to the next, so that nobody is left without any; so do
        words that were written for a decision about the whole, where the plan's is about a part.
        """
        text = TextName(name, language)
        return self._approved(text, values) or self._filed(text, values)

    def _approved(self, text: TextName, values: Mapping[str, object]) -> str:
        words = self.worded.get(text)
        if not words:
            return ""
        try:
            return spoken.say(words, values) if parted(values) <= self.texts.told_apart(text, words) else ""
        except spoken.UNSAID:
            return ""

    def _filed(self, text: TextName, values: Mapping[str, object]) -> str:
        """Raises jinja2.TemplateError when pabot's own file is missing or broken."""
        try:
            if parted(values) <= self.texts.told_apart(text, self.texts.words(text)):
                return _rendered(self.texts.patient, text, self.zone, tuple(values.items()))
        except spoken.UNSAID:
            pass  # pabot's own are said
        return _rendered(self.texts.shipped, text, self.zone, tuple(values.items()))

    def date(self, at: datetime) -> date:
        """The practice's calendar date at an instant."""
        return at.astimezone(self.zone).date()

    def when(self, at: datetime) -> str:
        return moment(at, self.zone)


def look(templates_dir: Path | None, zone: ZoneInfo, privacy: Privacy, letters: Path | None = None) -> Look:
    """What views are drawn with, from a practice's settings."""
    return Look(Texts.found(templates_dir), zone, privacy, letters=letters)


def _file(text: TextName) -> str:
    return f"{'patient' if text.language == 'en' else f'patient_{text.language}'}/{text.kind}.txt.j2"


@lru_cache(2048)
def _rendered(
    environment: ImmutableSandboxedEnvironment, text: TextName, zone: ZoneInfo, values: tuple[tuple[str, object], ...]
) -> str:
    """What was said lately is not rendered again: it names a service and dates, and never the patient."""
    return " ".join(environment.get_template(_file(text)).render(zone=zone, **dict(values)).split())


@lru_cache
def _written(environment: ImmutableSandboxedEnvironment, file: str) -> str:
    """A file without its comments, read once: what is rendered of it is compiled once as well."""
    loader = environment.loader
    if loader is None:
        raise ValueError("these words come from no folder")
    return _COMMENT.sub("", loader.get_source(environment, file)[0]).strip()


def _spoken(value: object) -> str:
    return clean("" if value is None else str(value))


class _Environment(ImmutableSandboxedEnvironment):
    """The library chains two mappings for each template, and copies them key by key whenever it is rendered."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


def _environment(
    loader: BaseLoader, finalize: Callable[[object], str], filters: Mapping[str, Callable[..., object]]
) -> ImmutableSandboxedEnvironment:
    environment = _Environment(
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
