"""Rows to the domain's frozen values and back. A column holds the field of its name; nothing else is mapped.

A field that is a small frozen value itself lies in its column as JSON; where there is none, the column is empty.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter
from sqlalchemy import Row, Table

from pabot.domain.documents import Document
from pabot.domain.model import (
    Appeal,
    Attempt,
    AuthorizationState,
    Denial,
    InformationRequest,
    PatientCall,
    PatientNews,
    PatientUpdate,
    PeerToPeer,
    Question,
    ServiceLine,
)
from pabot.store import schema
from pabot.store.vault import Vault

TYPES: Mapping[str, tuple[type[object], Table]] = {
    "authorization": (AuthorizationState, schema.authorization),
    "service_line": (ServiceLine, schema.service_line),
    "document": (Document, schema.document),
    "denial": (Denial, schema.denial),
    "information_request": (InformationRequest, schema.information_request),
    "appeal": (Appeal, schema.appeal),
    "peer_to_peer": (PeerToPeer, schema.peer_to_peer),
    "question": (Question, schema.question),
    "patient_update": (PatientUpdate, schema.patient_update),
    "patient_news": (PatientNews, schema.patient_news),
    "attempt": (Attempt, schema.attempt),
    "patient_call": (PatientCall, schema.patient_call),
}
CHILDREN: Mapping[str, Table] = {name: table for name, (_, table) in TYPES.items() if "id" in table.c}


@dataclass(frozen=True, slots=True)
class Codec:
    """How one dataclass lies in one table: (name, how it is read or as it is, sealed) for each shared field."""

    value_type: type[object]
    columns: tuple[tuple[str, Callable[[Any], Any] | None, bool], ...]

    def fields_of(self, row: Row[Any], vault: Vault) -> dict[str, Any]:
        values = {}
        for name, convert, sealed in self.columns:
            value = vault.open(getattr(row, name)) if sealed else getattr(row, name)
            if value is not None and convert is not None:
                value = convert(value)
            values[name] = value
        return values

    def value(self, row: Row[Any], vault: Vault) -> Any:
        return self.value_type(**self.fields_of(row, vault))

    def row(self, value: Any, vault: Vault) -> dict[str, Any]:
        return self.changed(None, value, vault)

    def changed(self, before: Any, after: Any, vault: Vault) -> dict[str, Any]:
        """The columns whose field differs; all when there was nothing before."""
        found: dict[str, Any] = {}
        for name, _, sealed in self.columns:
            new = getattr(after, name)
            if before is not None and getattr(before, name) == new:
                continue
            new = _plain(new)
            found[name] = vault.seal(new) if sealed else new
        return found


@cache
def codec(name: str) -> Codec:
    """The codec of a child, of a `service_line` or of an `authorization`; made once, when first needed."""
    value_type, table = TYPES[name]
    hints = get_type_hints(value_type)
    columns = tuple(
        (field.name, _reader(hints[field.name]), bool(table.c[field.name].info.get("sealed")))
        for field in fields(value_type)  # type: ignore[arg-type]
        if field.name in table.c
    )
    return Codec(value_type, columns)


@cache
def snapshots() -> TypeAdapter[AuthorizationState]:
    """The before-image of a save, as JSON."""
    return TypeAdapter(AuthorizationState)


def _reader(hint: Any) -> Callable[[Any], Any] | None:
    """How a column's content becomes the field's enum or frozen value; None: it is the field."""
    options = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    for option in options:
        if isinstance(option, type) and issubclass(option, Enum):
            return option
        if isinstance(option, type) and is_dataclass(option):
            adapter = _json(option)
            return lambda text: adapter.validate_json(text) if text else None
    return None


def _plain(value: Any) -> Any:
    """A field as its column takes it."""
    if isinstance(value, Enum):
        return value.value
    kind: type[Any] = type(value)
    return _json(kind).dump_json(value).decode() if is_dataclass(kind) else value


@cache
def _json(value_type: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(value_type)
