"""Within what time a patient is told what: the practice's own settings.

Defaults: of decisions the founding guides', of the others our judgement.
"""

from collections.abc import Mapping
from functools import cache

from pabot.domain.errors import Invalid
from pabot.domain.happenings import DECISIONS, Update
from pabot.domain.payer_rules import Window, parse_window

Times = Mapping[Update, Window | None]  # None: the patient is not told that
Settings = tuple[tuple[Update, str], ...]  # as they are typed; what is not among them has its default

SAME_DAY, OFF = "same business day", "off"
LABELS: Mapping[Update, str] = {
    Update.SUBMITTED: "Submitted",
    Update.PENDING: "Pending",
    Update.ADDITIONAL_INFORMATION: "Additional information",
    Update.DELAYED: "Delayed",
    Update.APPROVED: "Approved",
    Update.DENIED: "Denied",
}
IN_PART: Mapping[Update, str] = {
    Update.APPROVED: "Approved in part",
    Update.DENIED: "Denied in part, the rest is not decided",
}
DEFAULTS: Mapping[Update, str] = {
    Update.SUBMITTED: "1 business day",
    Update.PENDING: "7 calendar days",  # since the patient last heard, again and again
    Update.ADDITIONAL_INFORMATION: "1 business day",
    Update.DELAYED: "1 business day",
    Update.APPROVED: "24 hours",
    Update.DENIED: SAME_DAY,
}
LONGEST: Mapping[bool, Mapping[str, int]] = {  # by whether it is a decision, and by unit
    True: {"h": 72, "bd": 3, "cd": 3},
    False: {"h": 720, "bd": 30, "cd": 30},
}


def label(update: Update, *, in_part: bool) -> str:
    """What a patient is told, in words; of a decision also whether it is one of a part."""
    return IN_PART.get(update, LABELS[update]) if in_part else LABELS[update]


@cache
def times(settings: Settings = ()) -> Times:
    """The window of each update. Raises Invalid."""
    return {update: window(update, text) for update, text in {**DEFAULTS, **dict(settings)}.items()}


def window(update: Update, text: str) -> Window | None:
    """`1 business day`, `24 hours`, `same business day`, or `off`. Raises Invalid, under the settings' field."""
    said = " ".join(text.casefold().split())
    decision = update in DECISIONS
    if said == OFF and not decision:
        return None
    if said == SAME_DAY:
        return Window(0, "bd")
    try:
        found = parse_window(said)
    except Invalid:
        found = Window(0, "h")
    if not 0 < found.value <= LONGEST[decision][found.unit]:
        example = "24 hours, 1 business day or same business day, three days at most"
        example = example if decision else "1 business day, 7 calendar days or off, thirty days at most"
        raise Invalid({"patient_updates": f"“{LABELS[update]} > {text[:30]}”: write {example}."})
    return found


def parse_updates(text: str) -> Settings:
    """`Submitted > 1 business day`, one a line. Raises Invalid under `patient_updates`."""
    by_label = {label.casefold(): update for update, label in LABELS.items()}
    found: dict[Update, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, said = (part.strip() for part in line.partition(">"))
        update = by_label.get(name.casefold())
        if update is None:
            known = ", ".join(LABELS.values())
            raise Invalid({"patient_updates": f"“{line[:40]}”: write one of {known}, then > and within what time."})
        window(update, said)
        found[update] = " ".join(said.casefold().split())
    return tuple(found.items())


def typed(settings: Settings) -> str:
    """As the settings' form shows it: all six, a line each."""
    return "\n".join(f"{LABELS[update]} > {said}" for update, said in {**DEFAULTS, **dict(settings)}.items())
