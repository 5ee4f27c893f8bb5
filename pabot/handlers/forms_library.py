"""What is typed into the forms of the payer library."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from pabot.domain.documents import Item, ItemKind, Supplier
from pabot.domain.errors import Invalid
from pabot.domain.library import Checklist, Codes, Contacts, Fact, Requirement
from pabot.domain.library_lines import parse_closure_steps, parse_code_lines, parse_items
from pabot.domain.model import Category, Channel
from pabot.domain.payer_rules import Layer, PayerRules, Rule, RuleKind, Window, parse_window
from pabot.handlers.forms_practice import plan_id
from pabot.handlers.parse import Day, FormModel, Label, Name, Text, Words, told

Days = Annotated[int, Field(ge=1, le=3650)]
Span = Annotated[Window, told(parse_window)]


class Check(FormModel):
    """One code of one plan."""

    payer: Annotated[int, told(plan_id)]
    code: Name


class Windows(FormModel):
    """The windows that a checklist or a payer may set; a field is named like its kind of rule."""

    decision_standard: Span | None = None
    decision_expedited: Span | None = None
    first_check: Span | None = None
    check_every: Span | None = None

    def rules(self, source: str, verified_on: date | None, layer: Layer, known: PayerRules) -> PayerRules:
        """What was typed; a window that is as before keeps its source."""
        found: PayerRules = {}
        for kind in RuleKind:
            window = getattr(self, kind.value, None)
            if window is not None:
                same = kind in known and known[kind].window == window
                found[kind] = known[kind] if same else Rule(window, source, verified_on, layer)
        return found


class Propose(Windows):
    """A checklist, field by field."""

    service: Name
    codes: Annotated[tuple[Codes, ...] | None, told(parse_code_lines)] = None
    category: Category | None = None
    authorization: Requirement
    items: Annotated[tuple[Item, ...] | None, told(parse_items)] = None
    asks: list[Fact] = Field(default_factory=list)
    channel: Channel | None = None
    form: Words = ""
    portal_notes: Words = ""
    phone_notes: Words = ""
    escalate_after_days: Days | None = None
    patient_words: Words = ""
    closure_steps: Annotated[tuple[str, ...], told(parse_closure_steps)] = ()
    valid_days: Days | None = None
    source: Words = ""
    url: Words = ""
    verified_on: Day | None = None
    note: Words = ""
    why: Text

    def body(self, before: Checklist, shown: Iterable[str], verified_by: str) -> Checklist:
        """The checklist as typed over the one before; what the form did not show stays. Raises Invalid."""
        codes = (self.codes or ()) if "codes" in shown else before.codes
        if bool(codes) == (self.category is not None):
            raise Invalid({"codes": "Name codes, or a whole category: one of the two."})
        if self.authorization is Requirement.NOT_REQUIRED and not (self.source and self.verified_on):
            raise Invalid({"source": "That none is needed wants proof: where it is written, and verified when."})
        if self.url and not re.fullmatch(r"https?://\S+", self.url):
            raise Invalid({"url": "A web page starts with https://."})
        plain = (
            "service",
            "category",
            "authorization",
            "channel",
            "form",
            "portal_notes",
            "phone_notes",
            "patient_words",
        )
        more = ("escalate_after_days", "valid_days", "source", "url", "verified_on", "note", "closure_steps")
        looked = self.verified_on != before.verified_on
        return replace(
            before,
            **{name: getattr(self, name) for name in (*plain, *more)},
            codes=codes,
            items=(self.items or ()) if "items" in shown else before.items,
            asks=tuple(fact for fact in Fact if fact in self.asks),
            rules=tuple(self.rules(self.source, self.verified_on, Layer.CHECKLIST, dict(before.rules)).items()),
            verified_by=verified_by if looked and self.verified_on else before.verified_by,
            is_example=before.is_example and not looked,
        )


class ProposeItem(FormModel):
    """One thing that the payer asked for and the checklist does not hold."""

    label: Name
    kind: ItemKind
    supplier: Supplier
    max_age_days: Days | None = None
    why: Text

    def added_to(self, before: Checklist) -> Checklist:
        """Raises Invalid when it is on the list already."""
        if any(item.label.casefold() == self.label.casefold() for item in before.items):
            raise Invalid({"label": "That stands on the checklist already."})
        return replace(
            before, items=(*before.items, Item(self.label, self.kind, True, self.supplier, self.max_age_days))
        )


class Refuse(FormModel):
    why: Text


class Payer(Windows):
    """How a payer is reached, and its windows."""

    information: Span | None = None
    appeal: Span | None = None
    appeal_second: Span | None = None
    external_review: Span | None = None
    peer_to_peer: Span | None = None
    vendor: Words = ""
    portal: Words = ""
    phone: Label = ""
    phone_path: Label = ""
    fax: Label = ""
    hours: Label = ""
    notes: Words = ""
    new_in_call: Literal["", "yes", "no"] = ""
    source: Words = ""
    verified_on: Day | None = None

    def contacts(self) -> Contacts:
        return Contacts(**{name: getattr(self, name) for name in Contacts.__dataclass_fields__})


def shown(view: Mapping[str, Any]) -> frozenset[str]:
    """The fields that a form had, filled in or not."""
    return frozenset((view.get("state") or {}).get("values", {}))
