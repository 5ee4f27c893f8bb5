"""Diagnoses by name, and what is said of a code that a payer may stumble over. Nothing here ever stops a request."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Standing(StrEnum):
    """What the classification says of a code."""

    BILLABLE = "billable"
    GENERAL = "general"  # there are more specific codes below it
    UNKNOWN = "unknown"  # not in this release
    UNCHECKED = "unchecked"  # the list is not there to be asked


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A code with its dot, and its name as far as it is known."""

    code: str
    description: str = ""
    standing: Standing = Standing.UNCHECKED


class DiagnosisList(Protocol):
    """The ICD-10-CM, to be searched and asked. It answers at once, also while it is not there yet."""

    @property
    def release(self) -> str:
        """Such as `April 2026`; empty while the list is not there."""

    def search(self, text: str, limit: int) -> tuple[Diagnosis, ...]:
        """What the text may mean, best first: a code, the beginning of one, or words."""

    def look_up(self, code: str) -> Diagnosis: ...


@dataclass(frozen=True, slots=True)
class NoList:
    """No list at hand: every code is taken as it is typed."""

    release: str = ""

    def search(self, text: str, limit: int) -> tuple[Diagnosis, ...]:
        return ()

    def look_up(self, code: str) -> Diagnosis:
        return Diagnosis(code)


NO_LIST = NoList()


def warnings(found: Iterable[Diagnosis], release: str, clinician: str, *, named: bool) -> tuple[str, ...]:
    """A sentence for each kind of doubt about a request's codes, and who may settle it.

    `clinician` is the one who answers for this request, by name. `named` says the codes themselves: only where the
    diagnoses may stand.
    """
    doubts = tuple(found)
    general = [one.code for one in doubts if one.standing is Standing.GENERAL]
    unknown = [one.code for one in doubts if one.standing is Standing.UNKNOWN]
    who = clinician or "A clinician"
    settled = f"{who} can name the right one; others change it only as a clinician directs. It is saved as typed."
    said = []
    if unknown:
        said.append(f"{_which(unknown, named)} not in the ICD-10-CM release of {release}. {settled}")
    if general:
        said.append(f"{_which(general, named)} not the most specific code, and a payer may refuse it. {settled}")
    return tuple(said)


def _which(codes: list[str], named: bool) -> str:
    if named:
        return f"{', '.join(codes[:-1])} and {codes[-1]} are each" if len(codes) > 1 else f"{codes[0]} is"
    return "One of the diagnoses is" if len(codes) == 1 else f"{len(codes)} of the diagnoses are each"
