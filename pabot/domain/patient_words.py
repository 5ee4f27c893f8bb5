"""What a patient may hear: the texts there are, the facts they are made from, and what none of them may do.

Each text is one status in one language. `Facts` is the one list of what a text is given: a new fact is a field of it,
with what it is and every way in which it may turn out.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, get_type_hints

from pabot.domain import wording, wording_es
from pabot.domain.errors import NotFound
from pabot.domain.happenings import Decision
from pabot.domain.statuses import MEANINGS, Outcome, Status
from pabot.domain.wording import PATIENT, Marked

LANGUAGES: Mapping[str, str] = {"en": "English", "es": "Español"}  # that the patient's sentences are written in
KINDS: Mapping[str, str] = {status.value: MEANINGS[status].label for status in Status}
CLINICAL = frozenset({Status.APPROVED, Status.DENIED, Status.CLINICAL_REVIEW})  # a clinician co-signs (our judgement)
LONGEST = 600  # characters that can be read out on the phone


class Sort(StrEnum):
    """What may be done with a fact in a text."""

    WORD = "is written as it is"
    DAY = "is written as a day, where it is known"
    CHOICE = "is asked for, never written"
    FLAG = "is yes or no, never written"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A fact in a text: how it may stand there, what it means, and every way in which it may turn out (invented)."""

    sort: Sort
    means: str
    samples: tuple[Any, ...]


_OUTCOMES = tuple(one.value for one in Outcome)
_CHOSEN = tuple(one.value for one in Decision)


@dataclass(frozen=True, slots=True)
class Facts:
    """What every text for a patient is given. No field says who the patient is."""

    payer: Annotated[str, Placeholder(Sort.WORD, "the plan's name", ("Oak Plan",))]
    service: Annotated[str, Placeholder(Sort.WORD, "what was asked for", ("wheelchair",))]
    submitted_on: Annotated[date | None, Placeholder(Sort.DAY, "the day it was sent", (date(2026, 11, 3), None))]
    expected_on: Annotated[
        date | None, Placeholder(Sort.DAY, "the day by which the plan should answer", (date(2026, 11, 10), None))
    ]
    late: Annotated[bool, Placeholder(Sort.FLAG, "the expected answer has not come", (False, True))]
    outcome: Annotated[str, Placeholder(Sort.CHOICE, "what the plan decided, or nothing yet", ("", *_OUTCOMES))]
    expires_on: Annotated[date | None, Placeholder(Sort.DAY, "an approval's last day", (date(2027, 2, 26), None))]
    appointment_on: Annotated[
        date | None, Placeholder(Sort.DAY, "the day of the appointment, while it lies ahead", (date(2026, 12, 4), None))
    ]
    next: Annotated[str, Placeholder(Sort.CHOICE, "what was decided about a denial, or nothing yet", ("", *_CHOSEN))]
    some_denied: Annotated[
        bool, Placeholder(Sort.FLAG, "the plan denied only some of it, and has not decided the rest", (False, True))
    ]

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in PLACEHOLDERS}


PLACEHOLDERS: Mapping[str, Placeholder] = {
    name: hint.__metadata__[0] for name, hint in get_type_hints(Facts, include_extras=True).items()
}


PARTED = frozenset({"some_denied", "outcome"})  # what a text asks to tell an answer about a part from one about all


def parted(facts: Mapping[str, Any]) -> frozenset[str]:
    """The facts by which the plan's answer is about a part: words that do not ask for them speak of the whole."""
    some = {"some_denied"} if facts.get("some_denied") else set()
    return frozenset(some | ({"outcome"} if facts.get("outcome") == Outcome.PARTIAL else set()))


@dataclass(frozen=True, slots=True, order=True)
class TextName:
    """One of the practice's texts: of which status, in which language."""

    kind: str
    language: str

    @classmethod
    def read(cls, text: str) -> "TextName":
        """`denied:es`. Raises NotFound for anything that is no text of ours."""
        kind, _, language = text.partition(":")
        if kind not in KINDS or language not in LANGUAGES:
            raise NotFound("There is no such text. See them all with /pa wording.")
        return cls(kind, language)

    def __str__(self) -> str:
        return f"{self.kind}:{self.language}"

    @property
    def label(self) -> str:
        return f"{KINDS[self.kind]}, {LANGUAGES[self.language]}"

    @property
    def is_clinical(self) -> bool:
        """Whether it speaks of what a clinician answers for."""
        return self.kind in CLINICAL


EVERY_TEXT = tuple(TextName(kind, language) for kind in KINDS for language in LANGUAGES)

_MARKS = re.compile(r"[*_~`<>|]")


def overstepping(texts: Iterable[str]) -> tuple[Marked, ...]:
    """The words by which texts promise, advise, interpret benefits or judge; each once, whatever language it is in."""
    found: dict[str, Marked] = {}
    for text in texts:
        plain = _plain(text)
        for mark in (*wording.oversteps(plain, PATIENT), *wording_es.oversteps(plain, PATIENT)):
            found.setdefault(mark.words.casefold(), mark)
    return tuple(found.values())


def refusal(marks: tuple[Marked, ...]) -> str:
    """What a person reads under the field: the words, and what they do."""
    words = "; ".join(f"“{mark.words}” {mark.does}" for mark in marks[:4])
    return f"{words}. No text for a patient may do that: say only what has happened and what comes next."


def _plain(text: str) -> str:
    """As it is heard: what is not seen is dropped, marks between words are no wall between them."""
    seen = (mark for mark in unicodedata.normalize("NFKC", text) if unicodedata.category(mark) != "Cf")
    return " ".join(_MARKS.sub(" ", "".join(seen)).split())
