"""The inputs that forms are made of. Each is named by its field: `block_id` and, unless it suggests or tells at once,
`action_id`.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from slackblocks import (
    Block,
    CheckboxGroup,
    ConversationFilter,
    ConversationSelectMenu,
    DatePicker,
    DateTimePicker,
    Element,
    ExternalMultiSelectMenu,
    ExternalSelectMenu,
    InputBlock,
    NumberInput,
    Option,
    PlainTextInput,
    RadioButtonGroup,
    SectionBlock,
    StaticMultiSelectMenu,
    StaticSelectMenu,
    Text,
    TextType,
    TimePicker,
    UserSelectMenu,
)

from pabot.domain.codes import DIAGNOSES
from pabot.domain.model import Member
from pabot.views.ids import Id
from pabot.views.text import clip

LONGEST = 2000  # characters of free text
SLACK_LONGEST = 3000  # that an input takes at all
OPTION_TEXT = 75  # Slack's limit for an option's label
BOXES = 10  # that Slack takes in one group
YES, NO = "yes", "no"


def plain(text: str) -> Text:
    """Words shown as they are: no mention, link or emphasis comes to life in them."""
    return Text(text, type_=TextType.PLAINTEXT)


def option(value: str, label: str) -> Option:
    return Option(text=plain(clip(label, OPTION_TEXT)), value=value)


def offered(choices: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """Suggestions as Slack wants them: value and label."""
    return [
        {"text": {"type": "plain_text", "text": clip(label, OPTION_TEXT)}, "value": value} for value, label in choices
    ]


def text(
    name: str,
    label: str,
    *,
    initial: str = "",
    lines: bool = False,
    optional: bool = False,
    hint: str | None = None,
    example: str | None = None,
    longest: int = LONGEST,
) -> InputBlock:
    """A line of words, or several `lines`."""
    element = PlainTextInput(
        action_id=name,
        initial_value=initial[:longest] or None,
        multiline=lines,
        max_length=longest,
        placeholder=plain(example) if example else None,
    )
    return _named(name, label, element, optional, hint)


def said(name: str, words: str) -> SectionBlock:
    """A sentence between the inputs."""
    return SectionBlock(text=plain(words[:SLACK_LONGEST]), block_id=name)


def select(
    name: str,
    label: str,
    choices: Mapping[str, str],
    *,
    initial: str | None = None,
    optional: bool = False,
    hint: str | None = None,
    tells: Id | None = None,
) -> InputBlock:
    """One of a list that folds away. `tells`: the action that a choice is sent as at once, before the form is saved."""
    options = [option(value, words) for value, words in choices.items()]
    chosen = option(initial, choices[initial]) if initial else None
    element = StaticSelectMenu(tells or name, options=options, initial_option=chosen)
    return _named(name, label, element, optional, hint, dispatch=tells is not None)


def radio(
    name: str, label: str, choices: Mapping[str, str], *, initial: str | None = None, hint: str | None = None
) -> InputBlock:
    """One of a few, all in sight."""
    options = [option(value, words) for value, words in choices.items()]
    chosen = option(initial, choices[initial]) if initial else None
    return _named(name, label, RadioButtonGroup(name, options=options, initial_option=chosen), False, hint)


def tick(
    name: str, label: str, words: str, *, ticked: bool = False, must: bool = False, hint: str | None = None
) -> InputBlock:
    """A single box. One that `must` be ticked asks the person to say so before going on."""
    box = option(YES, words)
    element = CheckboxGroup(name, options=[box], initial_options=[box] if ticked else None)
    return _named(name, label, element, not must, hint)


def ticks(
    name: str,
    label: str,
    choices: Mapping[str, str],
    *,
    ticked: Iterable[str] = (),
    optional: bool = False,
    hint: str | None = None,
) -> InputBlock:
    """Any of a few."""
    on = [option(value, choices[value]) for value in choices if value in frozenset(ticked)]
    options = [option(value, words) for value, words in choices.items()]
    return _named(name, label, CheckboxGroup(name, options=options, initial_options=on or None), optional, hint)


def boxes(
    name: str,
    label: str,
    offered: Mapping[int, str] | Mapping[str, str],
    *,
    ticked: Iterable[int] = (),
    hint: str | None = None,
) -> list[Block]:
    """Any or none of many: `name_1`, `name_2` … are groups as large as Slack takes. `offered`: words by their value."""
    choices = [(str(value), words) for value, words in offered.items()]
    on = [str(value) for value in ticked]
    groups = (choices[start : start + BOXES] for start in range(0, len(choices), BOXES))
    return [
        ticks(
            f"{name}_{group}",
            label if group == 1 else f"{label}, continued",
            dict(some),
            ticked=on,
            optional=True,
            hint=hint if group == 1 else None,
        )
        for group, some in enumerate(groups, 1)
    ]


def day(
    name: str, label: str, *, initial: date | None = None, optional: bool = False, hint: str | None = None
) -> InputBlock:
    """A date of the practice's calendar."""
    picker = DatePicker(name, initial_date=initial.isoformat() if initial else None)
    return _named(name, label, picker, optional, hint)


def moment(
    name: str, label: str, *, initial: datetime | None = None, optional: bool = False, hint: str | None = None
) -> InputBlock:
    """A date and time; Slack shows it in the reader's zone and answers with the instant."""
    picker = DateTimePicker(name, initial_datetime=int(initial.timestamp()) if initial else None)
    return _named(name, label, picker, optional, hint)


def clock(name: str, label: str, *, initial: str) -> InputBlock:
    """A time of day, `HH:MM`, in the practice's zone."""
    return _named(name, label, TimePicker(name, initial_time=initial), False, None)


def number(
    name: str,
    label: str,
    *,
    initial: int | None = None,
    least: int,
    most: int,
    optional: bool = False,
    hint: str | None = None,
) -> InputBlock:
    element = NumberInput(
        is_decimal_allowed=False,
        action_id=name,
        initial_value=None if initial is None else str(initial),
        min_value=str(least),
        max_value=str(most),
    )
    return _named(name, label, element, optional, hint)


def suggested(
    name: str,
    label: str,
    source: Id,
    *,
    initial: tuple[str, str] | None = None,
    optional: bool = False,
    hint: str | None = None,
) -> InputBlock:
    """A choice from what the bot suggests while the person types. `initial` is a value and its label."""
    element = ExternalSelectMenu(
        action_id=source,
        initial_option=option(*initial) if initial else None,
        min_query_length=0,
        placeholder=plain("Type to search"),
    )
    return _named(name, label, element, optional, hint)


def several_suggested(
    name: str,
    label: str,
    source: Id,
    *,
    most: int,
    least: int,
    example: str,
    initial: Iterable[str] = (),
    optional: bool = False,
    hint: str | None = None,
) -> InputBlock:
    """Up to `most` choices from what the bot suggests once `least` letters are typed."""
    element = ExternalMultiSelectMenu(
        action_id=source,
        initial_options=[option(value, value) for value in initial] or None,
        min_query_length=least,
        max_selected_items=most,
        placeholder=plain(example),
    )
    return _named(name, label, element, optional, hint)


def several(name: str, label: str, choices: Mapping[str, str], *, most: int, hint: str | None = None) -> InputBlock:
    """Any or none of a list that folds away."""
    options = [option(value, words) for value, words in choices.items()]
    element = StaticMultiSelectMenu(name, options=options, max_selected_items=most, placeholder=plain("Choose any"))
    return _named(name, label, element, True, hint)


def codes(*, initial: str = "", optional: bool = False) -> InputBlock:
    """What is asked for, by its codes."""
    hint = "One a line: code, modifiers, and x with the units."
    example = "K0856 NU x1"
    return text("codes", "Codes", initial=initial, lines=True, optional=optional, example=example, hint=hint)


def diagnoses(*, hint: str, initial: Iterable[str] = (), optional: bool = False) -> InputBlock:
    """What it is for."""
    return several_suggested(
        "diagnoses",
        "Diagnoses",
        Id.SUGGEST_DIAGNOSES,
        most=DIAGNOSES,
        least=2,
        example="Type a code or a name",
        initial=initial,
        optional=optional,
        hint=hint,
    )


def person(
    name: str,
    label: str,
    source: Id,
    *,
    initial: Member | None = None,
    optional: bool = False,
    hint: str | None = None,
) -> InputBlock:
    """Somebody of the staff list."""
    chosen = (initial.user_id, initial.name) if initial else None
    return suggested(name, label, source, initial=chosen, optional=optional, hint=hint)


def people(
    name: str,
    label: str,
    source: Id,
    *,
    most: int,
    initial: Iterable[Member] = (),
    hint: str | None = None,
) -> InputBlock:
    """Up to `most` people of the staff list."""
    element = ExternalMultiSelectMenu(
        action_id=source,
        initial_options=[option(member.user_id, member.name) for member in initial] or None,
        min_query_length=0,
        max_selected_items=most,
        placeholder=plain("Type a name"),
    )
    return _named(name, label, element, False, hint)


def anybody(name: str, label: str, *, hint: str | None = None) -> InputBlock:
    """Anybody of the workspace: for adding people to the staff list."""
    return _named(name, label, UserSelectMenu(name, placeholder=plain("Choose a person")), False, hint)


def channel(name: str, label: str, *, initial: str = "", hint: str | None = None) -> InputBlock:
    """A channel that no outsider shares."""
    own = ConversationFilter(include=["public", "private"], exclude_external_shared_channels=True)
    element = ConversationSelectMenu(name, initial_conversation=initial or None, filter=own)
    return _named(name, label, element, True, hint)


def _named(
    name: str, label: str, element: Element, optional: bool, hint: str | None, *, dispatch: bool = False
) -> InputBlock:
    return InputBlock(
        label=plain(label),
        element=element,
        dispatch_action=dispatch,
        block_id=name,
        optional=optional,
        hint=plain(hint) if hint else None,
    )
