"""The blocks that screens and messages are made of: each named, none longer than Slack takes."""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from slackblocks import Block, Button, Confirm, Element, StaticSelectMenu, Text, TextType
from slackblocks.blocks import BlockType
from slackblocks.elements import ElementType

from pabot.views.ids import Hint, Id
from pabot.views.text import Look, Mrkdwn, Rendered, Texts, clip, one_line, safe

SECTION, FIELD, HEADER, NOTIFICATION, VALUE = 3000, 2000, 150, 1000, 2000  # characters
MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
ROW, FACTS = 25, 10  # elements of a row, fields of a section
SHORT = 200  # characters of one fact in a field
CARDS = 500  # that are remembered as they were drawn
LATELY = 2048  # drawings of each kind that are remembered: a kilobyte or two each
Style = Literal["primary", "danger"]


class Drawn(Block):
    """A block as Slack takes it. What is words and buttons alone the library would take ten times as long to write."""

    def __init__(self, type_: BlockType, name: str, **holds: Any) -> None:
        super().__init__(type_, name)
        self._drawn = {"type": type_.value, "block_id": name, **holds}

    def with_first(self, label: str, value: str) -> "Drawn":
        """The same fields, but for the first."""
        first = _field(label, one_line(value, SHORT))
        return Drawn(self.type, self.block_id, fields=[first, *self._drawn["fields"][1:]])

    def _resolve(self) -> dict[str, Any]:
        return self._drawn


class Pressable(Element):
    """A button as Slack takes it. Many carry the same words, and each its own request: the words are resolved once."""

    def __init__(self, face: Mapping[str, Any], value: str) -> None:
        super().__init__(ElementType.BUTTON)
        if len(value) > VALUE:
            raise ValueError(f"a button carries at most {VALUE} characters")
        self._face, self._value = face, value
        self._drawn = {**face, "value": value}

    def as_primary(self) -> "Pressable":
        return Pressable({**self._face, "style": "primary"}, self._value)

    def _resolve(self) -> dict[str, Any]:
        return self._drawn


class Menu(Element):
    """A menu of few choices, drawn once."""

    def __init__(self, menu: StaticSelectMenu) -> None:
        super().__init__(menu.type)
        self._drawn = menu._resolve()

    def _resolve(self) -> dict[str, Any]:
        return self._drawn


_BROKEN_END = re.compile(r"(<[^>]*|&[a-z]*)$")


def plain(text: str, length: int = SECTION) -> Text:
    """Words shown as they are."""
    return Text(clip(text, length) or "–", type_=TextType.PLAINTEXT)


def fit(text: Mrkdwn, length: int) -> Mrkdwn:
    """Cut at the end of a line where there is one, never inside a link, a mention or an entity."""
    if len(text) <= length:
        return text
    kept = text[: length - 2]
    lines = kept.rpartition("\n")[0]
    if len(lines) < length // 2:
        lines = _BROKEN_END.sub("", kept)
    return Mrkdwn(f"{lines}\n…" if lines != kept else f"{kept}…")


def joined(parts: Iterable[object], by: str = " · ") -> Mrkdwn:
    """Values side by side, escaped; empty ones are left out."""
    return Mrkdwn(by.join(text for part in parts if (text := safe(part))))


def section(name: str, text: Mrkdwn, accessory: Element | None = None) -> Drawn:
    beside = {"accessory": accessory._resolve()} if accessory else {}
    return Drawn(BlockType.SECTION, name, text=_mrkdwn(text), **beside)


def said(look: Look, name: str, template: str, /, **values: Hashable) -> Drawn:
    """A section of a template's words. Words are a pure function of their values: what was drawn lately is not drawn
    again. Not for words that say who a patient is; those are remembered nowhere.
    """
    typed = tuple((key, type(value), value) for key, value in values.items())  # 1 and True, text and mrkdwn are two
    return _said(look.texts, look.zone, name, template, typed)


def fields(name: str, facts: Sequence[tuple[str, object]]) -> Drawn:
    """At most ten facts, each under its label; an unknown one is a dash. Raises ValueError when there are more."""
    if len(facts) > FACTS:
        raise ValueError(f"{len(facts)} fields are more than the {FACTS} that Slack takes")
    return Drawn(BlockType.SECTION, name, fields=[_field(label, value) for label, value in facts])


def header(name: str, text: str) -> Drawn:
    return Drawn(BlockType.HEADER, name, text=_plain(text, HEADER))


def context(name: str, text: Mrkdwn) -> Drawn:
    return Drawn(BlockType.CONTEXT, name, elements=[_mrkdwn(text)])


def actions(name: str, elements: Sequence[Element]) -> list[Block]:
    """A row of buttons, or nothing at all; more than Slack takes in one go on in another."""
    starts = range(0, len(elements), ROW)
    names = (name if start == 0 else f"{name}_{start}" for start in starts)
    return [_row(elements[start : start + ROW], of) for start, of in zip(starts, names, strict=True)]


def _row(elements: Iterable[Element], name: str) -> Drawn:
    return Drawn(BlockType.ACTIONS, name, elements=[each._resolve() for each in elements])


def _plain(text: str, length: int = SECTION) -> dict[str, Any]:
    return {"type": TextType.PLAINTEXT.value, "text": clip(text, length) or "–"}


def _mrkdwn(text: Mrkdwn, length: int = SECTION) -> dict[str, Any]:
    """`verbatim`: Slack makes no link or mention of its own from what looks like one."""
    return {"type": TextType.MARKDOWN.value, "text": fit(text, length) or "–", "verbatim": True}


def _field(label: str, value: object) -> dict[str, Any]:
    return _mrkdwn(Mrkdwn(f"*{label}*\n{safe(value) or '–'}"), FIELD)


def button(
    label: str, action_id: str, hint: Hint, *, style: Style | None = None, confirm: Confirm | None = None
) -> Pressable:
    face = _face(label, action_id, style)
    return Pressable({**face, "confirm": confirm._resolve()} if confirm else face, hint.packed())


@lru_cache(LATELY)
def _face(label: str, action_id: str, style: Style | None) -> Mapping[str, Any]:
    return Button(plain(label, 75), action_id=action_id, style=style)._resolve()


@lru_cache(LATELY)
def _said(texts: Texts, zone: ZoneInfo, name: str, template: str, typed: tuple[tuple[str, type, Any], ...]) -> Drawn:
    return section(name, texts.say(template, zone, {key: value for key, _, value in typed}))


def open_button(number: int) -> Pressable:
    return button("Open", Id.CARD_OPEN, Hint(number=number))


def opener(number: int) -> list[Block]:
    """A row with *Open* alone, beneath whatever else can be pressed."""
    return actions("open", [open_button(number)])


def message(text: str, blocks: Sequence[Block]) -> Rendered:
    """`text` is mrkdwn, with its values escaped by whoever wrote it."""
    return Rendered(fit(Mrkdwn(text), NOTIFICATION), drawn(blocks, MESSAGE_BLOCKS))


def modal(title: str, blocks: Sequence[Block]) -> dict[str, Any]:
    """A screen to read and to press buttons on; nothing in it is submitted."""
    return {
        "type": "modal",
        "title": _plain(title, 24),
        "close": _plain("Done"),
        "blocks": drawn(blocks, VIEW_BLOCKS),
    }


def home(blocks: Sequence[Block]) -> dict[str, Any]:
    return {"type": "home", "blocks": drawn(blocks, VIEW_BLOCKS)}


def drawn(blocks: Sequence[Block], most: int) -> list[dict[str, Any]]:
    """Blocks as Slack takes them. Each is resolved once: the library's own frames do it three times, to look at its
    type; which block fits which surface is what the tests and the sandbox hold us to.

    Raises ValueError when there are more than `most`, or two of one name, which Slack refuses as well.
    """
    if len(blocks) > most:
        raise ValueError(f"{len(blocks)} blocks are more than the {most} that Slack takes")
    if len({block.block_id for block in blocks}) < len(blocks):
        raise ValueError(f"two of these blocks have one name: {', '.join(str(block.block_id) for block in blocks)}")
    return [block._resolve() for block in blocks]
