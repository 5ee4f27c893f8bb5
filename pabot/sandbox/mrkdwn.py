"""Slack's text formats as HTML: mrkdwn, emoji shortcodes, dates, rich text, markdown.

Every word that comes from outside is escaped; only the tags written here reach the page.
"""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

EMOJI: Mapping[str, str] = {
    "alarm_clock": "⏰", "arrow_right": "➡️", "arrows_counterclockwise": "🔄", "ballot_box_with_check": "☑️",
    "bar_chart": "📊", "bell": "🔔", "bulb": "💡", "bust_in_silhouette": "👤", "calendar": "📅",
    "chart_with_upwards_trend": "📈",
    "clipboard": "📋", "clock3": "🕒", "construction": "🚧", "email": "✉️", "exclamation": "❗", "eyes": "👀",
    "file_folder": "📁", "fire": "🔥", "hourglass": "⌛", "hourglass_flowing_sand": "⏳", "hospital": "🏥",
    "inbox_tray": "📥", "information_source": "ℹ️", "large_blue_circle": "🔵", "large_green_circle": "🟢",
    "large_orange_circle": "🟠", "large_red_circle": "🔴", "large_yellow_circle": "🟡", "lock": "🔒", "mag": "🔍",
    "memo": "📝", "no_entry": "⛔", "outbox_tray": "📤", "page_facing_up": "📄", "paperclip": "📎", "pencil": "📝",
    "pencil2": "✏️", "phone": "☎️", "pill": "💊", "pushpin": "📌", "question": "❓", "red_circle": "🔴",
    "rotating_light": "🚨", "scales": "⚖️", "sparkles": "✨", "speech_balloon": "💬", "stethoscope": "🩺",
    "stopwatch": "⏱️", "sunrise": "🌅", "tada": "🎉", "telephone_receiver": "📞", "thumbsup": "👍", "+1": "👍",
    "thumbsdown": "👎", "-1": "👎", "warning": "⚠️", "wave": "👋", "white_check_mark": "✅", "white_circle": "⚪",
    "x": "❌", "zap": "⚡", "heavy_check_mark": "✔️", "black_circle": "⚫", "smile": "😄", "slightly_smiling_face": "🙂",
}  # fmt: skip

SAFE_LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s]+", re.IGNORECASE)
_CODE_BLOCK = re.compile(r"```\n?(.+?)\n?```", re.DOTALL)
_QUOTED = re.compile(r"^(?:&gt;|>) ?")
_EMOJI = re.compile(r":([a-z0-9_+-]+):")
_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|<(?P<angle>[^<>\n]+)>"
    r"|:(?P<emoji>[a-z0-9_+-]+):"
    r"|(?<![\w*])\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"
    r"|(?<![\w_])_(?P<italic>[^\s_](?:[^\n]*?[^\s_])?)_(?![\w_])"
    r"|(?<![\w~])~(?P<strike>[^\s~](?:[^~\n]*[^\s~])?)~(?![\w~])"
)
_TAGS: Mapping[str, str] = {"bold": "strong", "italic": "em", "strike": "s"}
_COMMONMARK = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who reads: names of people and channels by id, and the reader's clock."""

    now: datetime
    zone: tzinfo
    users: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)


def emoji(text: str) -> str:
    """Shortcodes of the table as characters; an unknown one stays as written."""
    return _EMOJI.sub(lambda found: EMOJI.get(found[1], found[0]), text)


def plain(text: str) -> Markup:
    """`plain_text`: shown as written, with emoji and line ends."""
    return _lines(str(escape(emoji(text))))


def mrkdwn(text: str, viewer: Viewer) -> Markup:
    """A mrkdwn string as HTML, with mentions and dates as this viewer sees them."""
    parts = _CODE_BLOCK.split(text)
    return Markup("").join(
        Markup("<pre>{}</pre>").format(_unescaped(part)) if code else _paragraphs(part.strip("\n"), viewer)
        for code, part in zip([False, True] * len(parts), parts, strict=False)
        if part.strip("\n")
    )


def said(text: str, viewer: Viewer) -> str:
    """The same in words alone: for labels, `title`s and anything else that holds no tags."""
    return html.unescape(re.sub(r"<[^>]+>", "", mrkdwn(text, viewer)))


def markdown(text: str) -> Markup:
    """A `markdown` block: CommonMark with tables and strikethrough, HTML shown as text, unsafe links left unlinked."""
    return Markup(_COMMONMARK.render(emoji(text)))  # noqa: S704 - the renderer escapes, `html` is off


def date_words(epoch: int, pattern: str, viewer: Viewer) -> str:
    """A date as `<!date^…>` words it: `{date_short_pretty} at {time}` in the viewer's zone."""
    at = datetime.fromtimestamp(epoch, viewer.zone)

    def word(token: re.Match[str]) -> str:
        return _DATES[token[1]](at, viewer) if token[1] in _DATES else token[0]

    return re.sub(r"\{(\w+)\}", word, pattern)


def rich_text(block: Mapping[str, Any], viewer: Viewer) -> Markup:
    """A `rich_text` block, or a cell of a table in that form."""
    return Markup("").join(_rich_part(part, viewer) for part in block.get("elements", ()))


def _paragraphs(text: str, viewer: Viewer) -> Markup:
    """Lines, with runs of `>` lines set apart as one quote."""
    shown: list[Markup] = []
    run: list[str] = []
    quoting = False
    for line in [*text.split("\n"), None]:
        is_quote = line is not None and bool(_QUOTED.match(line))
        if run and (line is None or is_quote != quoting):
            body = Markup("<br>").join(_inline(each, viewer) for each in run)
            shown.append(Markup("<blockquote>{}</blockquote>").format(body) if quoting else body)
            run = []
        if line is not None:
            run.append(_QUOTED.sub("", line))
            quoting = is_quote
    return Markup("").join(shown)


def _inline(text: str, viewer: Viewer) -> Markup:
    shown = Markup("")
    at = 0
    for found in _INLINE.finditer(text):
        shown += _unescaped(text[at : found.start()]) + _token(found, viewer)
        at = found.end()
    return shown + _unescaped(text[at:])


def _token(found: re.Match[str], viewer: Viewer) -> Markup:
    kind, body = str(found.lastgroup), found[str(found.lastgroup)]
    if kind == "code":
        return Markup("<code>{}</code>").format(_unescaped(body))
    if kind == "angle":
        return _angle(body, viewer)
    if kind == "emoji":
        return escape(EMOJI.get(body, found[0]))
    tag = _TAGS[kind]
    return Markup(f"<{tag}>{{}}</{tag}>").format(_inline(body, viewer))  # noqa: S704 - a tag of the table above


def _angle(body: str, viewer: Viewer) -> Markup:
    """What stands between `<` and `>`: a mention, a channel, a date, a broadcast or a link."""
    target, _, label = body.partition("|")
    if target.startswith("@"):
        return _mention("@" + viewer.users.get(target[1:], label.lstrip("@") or target[1:]))
    if target.startswith("#"):
        return _mention("#" + viewer.channels.get(target[1:], label or target[1:]))
    if target.startswith("!date^"):
        return _date(target, label, viewer)
    if target.startswith("!"):
        return _mention("@" + (label.lstrip("@") or target[1:].partition("^")[0]))
    if SAFE_LINK.fullmatch(html.unescape(target)):
        return _link(html.unescape(target), _inline(label, viewer) if label else _unescaped(target))
    return escape(f"<{html.unescape(body)}>")


def _date(target: str, fallback: str, viewer: Viewer) -> Markup:
    _, epoch, pattern, *link = target.split("^")
    if not epoch.lstrip("-").isdigit():
        return _unescaped(fallback)
    words = Markup('<time datetime="{}">{}</time>').format(
        datetime.fromtimestamp(int(epoch), viewer.zone).isoformat(), date_words(int(epoch), pattern, viewer)
    )
    return _link(link[0], words) if link and SAFE_LINK.fullmatch(link[0]) else words


def _link(url: str, words: Markup) -> Markup:
    return Markup('<a href="{}" target="_blank" rel="noreferrer">{}</a>').format(url, words)


def _mention(words: str) -> Markup:
    return Markup('<span class="mention">{}</span>').format(words)


def _unescaped(text: str) -> Markup:
    """Slack's three entities become characters again, and then safe HTML."""
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return escape(text)


def _lines(safe: str) -> Markup:
    return Markup(safe.replace("\n", "<br>"))  # noqa: S704 - the caller escaped


def _long(at: datetime) -> str:
    return f"{at:%A}, {at:%B} {at.day}, {at.year}"


def _pretty(plain_words: Callable[[datetime], str]) -> Callable[[datetime, Viewer], str]:
    near = {0: "today", -1: "yesterday", 1: "tomorrow"}

    def words(at: datetime, viewer: Viewer) -> str:
        days = (at.date() - viewer.now.astimezone(viewer.zone).date()).days
        return near.get(days) or plain_words(at)

    return words


def _ago(at: datetime, viewer: Viewer) -> str:
    passed = viewer.now - at
    units = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))
    for unit, name in units:
        count = abs(passed) // unit
        if count:
            words = f"{count} {name}{'s' if count > 1 else ''}"
            return f"{words} ago" if passed > timedelta(0) else f"in {words}"
    return "just now"


def _short(at: datetime) -> str:
    return f"{at:%b} {at.day}, {at.year}"


def _usual(at: datetime) -> str:
    return f"{at:%B} {at.day}, {at.year}"


def clock_time(at: datetime) -> str:
    """`9:05 AM`, as people read it."""
    return f"{at:%I:%M %p}".lstrip("0")


_DATES: Mapping[str, Callable[[datetime, Viewer], str]] = {
    "date": lambda at, _: _usual(at),
    "date_num": lambda at, _: at.date().isoformat(),
    "date_slash": lambda at, _: f"{at:%m/%d/%Y}",
    "date_short": lambda at, _: _short(at),
    "date_long": lambda at, _: _long(at),
    "date_pretty": _pretty(_usual),
    "date_short_pretty": _pretty(_short),
    "date_long_pretty": _pretty(_long),
    "time": lambda at, _: clock_time(at),
    "time_secs": lambda at, _: f"{at:%I:%M:%S %p}".lstrip("0"),
    "ago": _ago,
}


def _rich_part(part: Mapping[str, Any], viewer: Viewer) -> Markup:
    inner = part.get("elements", ())
    match part.get("type"):
        case "rich_text_list":
            tag = "ol" if part.get("style") == "ordered" else "ul"
            items = Markup("").join(Markup("<li>{}</li>").format(_rich_part(each, viewer)) for each in inner)
            return Markup(f'<{tag} class="indent-{int(part.get("indent", 0))}">{{}}</{tag}>').format(items)  # noqa: S704
        case "rich_text_preformatted":
            return Markup("<pre>{}</pre>").format(_rich_line(inner, viewer))
        case "rich_text_quote":
            return Markup("<blockquote>{}</blockquote>").format(_rich_line(inner, viewer))
        case _:
            return _rich_line(inner, viewer)


def _rich_line(elements: Any, viewer: Viewer) -> Markup:
    return Markup("").join(_rich_inline(each, viewer) for each in elements)


def _rich_inline(element: Mapping[str, Any], viewer: Viewer) -> Markup:
    shown = _RICH.get(element.get("type", ""), _rich_words)(element, viewer)
    styles = element.get("style") or {}
    for style, tag in (("code", "code"), ("strike", "s"), ("italic", "em"), ("bold", "strong")):
        if styles.get(style):
            shown = Markup(f"<{tag}>{{}}</{tag}>").format(shown)  # noqa: S704 - a tag of this table
    return shown


def _rich_words(element: Mapping[str, Any], _: Viewer) -> Markup:
    return _lines(str(escape(str(element.get("text", "")))))


def _rich_link(element: Mapping[str, Any], _: Viewer) -> Markup:
    url = str(element.get("url", ""))
    words = escape(element.get("text") or url)
    return _link(url, words) if SAFE_LINK.fullmatch(url) else words


_RICH: Mapping[str, Callable[[Mapping[str, Any], Viewer], Markup]] = {
    "text": _rich_words,
    "link": _rich_link,
    "user": lambda element, viewer: _mention("@" + viewer.users.get(element["user_id"], element["user_id"])),
    "channel": lambda element, viewer: _mention(
        "#" + viewer.channels.get(element["channel_id"], element["channel_id"])
    ),
    "broadcast": lambda element, _: _mention("@" + str(element.get("range", ""))),
    "emoji": lambda element, _: escape(EMOJI.get(element["name"], f":{element['name']}:")),
    "date": lambda element, viewer: escape(date_words(int(element["timestamp"]), element.get("format", ""), viewer)),
}
