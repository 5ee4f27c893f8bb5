"""The shape of a payer's file: what people write, checked field by field, and the domain's values it stands for."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from pabot.domain.documents import Item, ItemKind, Supplier
from pabot.domain.errors import Invalid
from pabot.domain.library import (
    Checklist,
    Codes,
    Contacts,
    Fact,
    KeptChecklist,
    PayerEntry,
    PlanEntry,
    Requirement,
    parse_codes,
)
from pabot.domain.model import Category, Channel, LineOfBusiness
from pabot.domain.payer_rules import Layer, PayerRules, Rule, RuleKind, parse_window

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Line = Annotated[str, StringConstraints(max_length=300)]
Words = Annotated[str, StringConstraints(max_length=2000)]
Days = Annotated[int, Field(ge=1, le=3650)]
YesNo = Annotated[bool, WithJsonSchema({"enum": [True, False, "yes", "no"]})]  # editors read “no” as a word
Code = WithJsonSchema({"type": ["string", "integer"], "description": "A code, or a range such as K0856-K0860."})
Rules = dict[RuleKind, "RuleRow"]


def _window(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    try:
        return parse_window(text)
    except Invalid as wrong:
        raise ValueError(wrong.sentence) from None


def _word(written: Any) -> Any:
    """`yes` and `no`, in a file that means them as words."""
    return {True: "yes", False: "no"}.get(written, written) if isinstance(written, bool) else written


def _codes(text: Any) -> str:
    try:
        return str(parse_codes(str(text)))
    except Invalid as wrong:
        raise ValueError(wrong.sentence) from None


class Row(BaseModel):
    """A part of the file. A field that is not known is a slip, and said so."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RuleRow(Row):
    window: Annotated[
        Any,
        BeforeValidator(_window),
        WithJsonSchema({"type": "string", "examples": ["7 calendar days", "2 business days", "72 hours"]}),
    ]
    source: Line = ""
    verified_on: date | None = None

    def rule(self, layer: Layer) -> Rule:
        return Rule(self.window, self.source, self.verified_on, layer)


def _or_bare(schema: dict[str, Any]) -> None:
    whole = dict(schema)
    schema.clear()
    schema["anyOf"] = [Code.json_schema, whole]


class CodesRow(Row):
    """A code or a range. It may be written as the bare code."""

    model_config = ConfigDict(json_schema_extra=_or_bare)

    codes: Annotated[str, BeforeValidator(_codes), Code]
    since: Annotated[date | None, Field(description="The first day on which it holds.")] = None
    until: Annotated[date | None, Field(description="The first day on which it no longer holds.")] = None
    note: Line = ""

    @model_validator(mode="before")
    @classmethod
    def bare(cls, written: Any) -> Any:
        return {"codes": written} if isinstance(written, str) else written

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise ValueError("“until” lies before “since”.")
        return self

    def entry(self) -> Codes:
        plain = parse_codes(self.codes)
        return Codes(plain.low, plain.high, self.since, self.until, self.note)


class ItemRow(Row):
    label: Name
    kind: ItemKind = ItemKind.OTHER
    required: YesNo = True
    supplier: Supplier = Supplier.COORDINATOR
    max_age_days: Annotated[Days | None, Field(description="Calendar days since it was written.")] = None


class PlanRow(Row):
    name: Name
    line_of_business: LineOfBusiness
    rules: Rules = Field(default_factory=dict)


class ContactsRow(Row):
    vendor: Line = ""
    portal: Line = ""
    phone: Line = ""
    phone_path: Annotated[Line, Field(description="What to press in the phone's menu.")] = ""
    fax: Line = ""
    hours: Line = ""
    notes: Words = ""
    new_in_call: Annotated[
        Literal["", "yes", "no"],
        BeforeValidator(_word),
        Field(description="Whether a peer-to-peer call may bring up what was not sent."),
    ] = ""


class ChecklistRow(Row):
    service: Name
    plan: Annotated[Line, Field(description="Only for this plan. Without plan and line of business: for all.")] = ""
    line_of_business: LineOfBusiness | None = None
    codes: tuple[CodesRow, ...] = ()
    category: Category | None = None
    authorization: Requirement = Requirement.REQUIRED
    since: date | None = None
    channel: Channel | None = None
    form: Line = ""
    items: tuple[ItemRow, ...] = ()
    asks: tuple[Fact, ...] = ()
    rules: Rules = Field(default_factory=dict)
    portal_notes: Words = ""
    phone_notes: Words = ""
    escalate_after_days: Annotated[Days | None, Field(description="Business days without an answer.")] = None
    patient_words: Annotated[Line, Field(description="One factual sentence, while the payer decides.")] = ""
    closure_steps: tuple[Name, ...] = ()
    valid_days: Annotated[Days | None, Field(description="Calendar days that an approval usually holds.")] = None
    source: Line = ""
    url: Line = ""
    verified_on: date | None = None
    verified_by: Name | None = None
    is_example: YesNo = False
    note: Words = ""

    @model_validator(mode="after")
    def whole(self) -> Self:
        if bool(self.codes) == (self.category is not None):
            raise ValueError("Name either codes or a category.")
        if self.plan and self.line_of_business:
            raise ValueError("Name a plan or a line of business, not both.")
        if self.authorization is Requirement.NOT_REQUIRED and not (self.source and self.verified_on):
            raise ValueError("“Not required” needs its proof: source and verified_on.")
        labels = [item.label.casefold() for item in self.items]
        if len(set(labels)) < len(labels):
            raise ValueError("Two items have the same label.")
        return self

    def kept(self) -> KeptChecklist:
        given = {name: getattr(self, name) for name in type(self).model_fields}
        for key in ("plan", "line_of_business"):
            given.pop(key)
        body = Checklist(
            **given
            | {
                "codes": tuple(row.entry() for row in self.codes),
                "items": tuple(Item(**dict(row)) for row in self.items),
                "rules": tuple(_rules(self.rules, Layer.CHECKLIST).items()),
                "verified_by": self.verified_by or "",
            }
        )
        return KeptChecklist(body, self.plan.strip(), self.line_of_business)


class PayerFile(Row):
    """One payer."""

    payer: Name
    contacts: ContactsRow = ContactsRow()
    rules: Rules = Field(default_factory=dict)
    plans: tuple[PlanRow, ...] = ()
    checklists: tuple[ChecklistRow, ...] = ()

    def entry(self) -> PayerEntry:
        plans = tuple(
            PlanEntry(row.name, row.line_of_business, tuple(_rules(row.rules, Layer.PLAN).items()))
            for row in self.plans
        )
        return PayerEntry(
            self.payer,
            Contacts(**dict(self.contacts)),
            tuple(_rules(self.rules, Layer.PAYER).items()),
            plans,
            tuple(row.kept() for row in self.checklists),
        )


def _rules(rows: Mapping[RuleKind, RuleRow], layer: Layer) -> PayerRules:
    return {kind: row.rule(layer) for kind, row in sorted(rows.items())}


def written(entry: PayerEntry) -> dict[str, Any]:
    """A payer as plain values in the file's order; what is as by default is left out."""
    return _lean(
        {
            "payer": entry.name,
            "contacts": _lean({name: getattr(entry.contacts, name) for name in ContactsRow.model_fields}),
            "rules": _written_rules(entry.rules),
            "plans": [
                _lean(
                    {
                        "name": plan.name,
                        "line_of_business": plan.line_of_business.value,
                        "rules": _written_rules(plan.rules),
                    }
                )
                for plan in entry.plans
            ],
            "checklists": [_written_checklist(kept) for kept in entry.checklists],
        }
    )


def _written_checklist(kept: KeptChecklist) -> dict[str, Any]:
    body = kept.body
    values: dict[str, Any] = {name: getattr(body, name, None) for name in ChecklistRow.model_fields}
    values |= {
        "plan": kept.plan,
        "line_of_business": kept.line_of_business,
        "authorization": body.authorization.value,
        "codes": [_written_codes(codes) for codes in body.codes],
        "items": [
            _lean(
                {name: getattr(item, name) for name in ItemRow.model_fields}
                | {"required": None if item.required else "no"}
            )
            for item in body.items
        ],
        "rules": _written_rules(body.rules),
        "is_example": "yes" if body.is_example else None,
    }
    return _lean(values)


def _written_codes(codes: Codes) -> Any:
    if codes.since is None and codes.until is None and not codes.note:
        return str(codes)
    return _lean({"codes": str(codes), "since": codes.since, "until": codes.until, "note": codes.note})


def _written_rules(rules: Any) -> dict[str, Any]:
    return {
        kind.value: _lean({"window": str(rule.window), "source": rule.source, "verified_on": rule.verified_on})
        for kind, rule in rules
    }


def _lean(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty, and in words that YAML and CSV know."""
    return {name: _plain(value) for name, value in values.items() if value not in (None, "", (), [], {})}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, str):
        return str(value.value) if hasattr(value, "value") else value
    return value.isoformat() if isinstance(value, date) else value
