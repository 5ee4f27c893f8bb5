"""What a request's packet must hold: the items of its checklist, each with where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum


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


def followed(documents: Iterable[Document], items: Iterable[Item]) -> tuple[Document, ...]:
    """The documents under a newer list of items: those of the same name stay as they stand, new ones are missing.

    What is not asked for any more stays when it is in, and is no longer required; else it goes.
    """
    known = {document.label.casefold(): document for document in documents}
    free = max((document.seq for document in known.values()), default=0)
    found = []
    for item in items:
        old = known.pop(item.label.casefold(), None)
        if old is None:
            free += 1
            old = Document(free, item.label, item.kind, item.required, item.supplier)
        changed = {"kind": item.kind, "required": item.required, "supplier": item.supplier}
        found.append(replace(old, label=item.label, max_age_days=item.max_age_days, **changed))  # type: ignore[arg-type]
    kept = (replace(old, required=False) for old in known.values() if old.state is DocumentState.RECEIVED)
    return tuple(sorted([*found, *kept], key=lambda document: document.seq))


def wanting(documents: Iterable[Document]) -> tuple[Document, ...]:
    """Required, and neither in nor settled otherwise."""
    return tuple(document for document in documents if document.required and not document.is_settled)
