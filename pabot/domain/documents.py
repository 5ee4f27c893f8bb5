"""What a request's packet must hold: the items of its checklist, each with where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import count


class ItemKind(StrEnum):
    FORM = "form"
    CLINICAL = "clinical document"
    DEMOGRAPHIC = "demographic"
    OTHER = "other"


class Supplier(StrEnum):
    """Who can give the practice an item."""

    COORDINATOR = "coordinator"
    CLINICIAN = "clinician"
    BILLER = "biller"
    PATIENT = "patient"
    FACILITY = "facility"


class DocumentState(StrEnum):
    MISSING = "missing"
    REQUESTED = "requested"
    RECEIVED = "received"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a checklist wants in the packet. `max_age_days`: calendar days since it was written."""

    label: str
    kind: ItemKind
    required: bool = True
    supplier: Supplier = Supplier.COORDINATOR
    max_age_days: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One item of one request. The file itself stays where it is; `location` says where that is."""

    seq: int
    label: str
    kind: ItemKind
    required: bool
    supplier: Supplier
    max_age_days: int | None = None
    state: DocumentState = DocumentState.MISSING
    by: str | None = None  # who last changed its state
    at: datetime | None = None
    location: str = ""
    dated_on: date | None = None
    asked_of: str | None = None
    asked_at: datetime | None = None
    times_asked: int = 0
    waived_by: str | None = None  # who said to go ahead without it
    reason: str = ""  # why it is waived, does not apply, or cannot be had

    @property
    def is_settled(self) -> bool:
        return self.state in (DocumentState.RECEIVED, DocumentState.NOT_APPLICABLE) or self.waived_by is not None

    @property
    def is_asked_for(self) -> bool:
        return self.state is DocumentState.REQUESTED

    @property
    def is_clinical(self) -> bool:
        return self.kind is ItemKind.CLINICAL

    def too_old(self, on: date) -> bool:
        """Whether the payer would find it outdated on a day."""
        known = self.max_age_days is not None and self.dated_on is not None and self.waived_by is None
        return known and (on - self.dated_on).days > self.max_age_days  # type: ignore[operator]


def of_items(items: Iterable[Item]) -> tuple[Document, ...]:
    """The documents that a new request starts with."""
    return tuple(
        Document(seq, item.label, item.kind, item.required, item.supplier, item.max_age_days)
        for seq, item in enumerate(items, 1)
    )


def follow(before: Iterable[Document], wanted: Iterable[Document]) -> tuple[Document, ...]:
    """The documents of another checklist: those of the same label stay as they stand.

    What else is in or asked for stays as well, no longer required. What did not apply must be judged anew once it is
    required. Each keeps its number, and no number passes to another: a form left open means the same documents.
    """
    known = {document.label: document for document in before}
    free = count(max((document.seq for document in known.values()), default=0) + 1)
    found = [_standing(known[new.label], new) if new.label in known else replace(new, seq=next(free)) for new in wanted]
    stay = (DocumentState.RECEIVED, DocumentState.REQUESTED)
    named = {document.label for document in found}
    kept = [replace(old, required=False) for old in known.values() if old.label not in named and old.state in stay]
    return tuple(sorted((*found, *kept), key=lambda document: document.seq))


def _standing(old: Document, new: Document) -> Document:
    if new.required and old.state is DocumentState.NOT_APPLICABLE:
        return replace(new, seq=old.seq)
    return replace(old, kind=new.kind, required=new.required, supplier=new.supplier, max_age_days=new.max_age_days)


def wanting(documents: Iterable[Document]) -> tuple[Document, ...]:
    """Required, and neither in nor settled otherwise."""
    return tuple(document for document in documents if document.required and not document.is_settled)
