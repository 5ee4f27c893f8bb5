"""What differs between two versions of a checklist, in words: for the dry run, the approval and the history."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pabot.domain.documents import Item
from pabot.domain.library import Checklist, Codes, PayerEntry
from pabot.domain.payer_rules import RULE_LABELS, Rule, RuleKind

FEW = 6  # codes of a new checklist that are named
FIELDS: Mapping[str, str] = {
    "service": "Service",
    "category": "Category",
    "authorization": "Authorization",
    "since": "Since",
    "channel": "Channel",
    "form": "Form",
    "portal_notes": "On the portal",
    "phone_notes": "On the phone",
    "escalate_after_days": "Raise when unanswered after (business days)",
    "patient_words": "For the patient",
    "valid_days": "Approval usually holds (days)",
    "source": "Source",
    "url": "Page",
    "verified_on": "Verified on",
    "verified_by": "Verified by",
    "is_example": "Example",
    "note": "Note",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed. An empty side is what was not there."""

    what: str
    before: str
    after: str

    def __str__(self) -> str:
        if not self.before:
            return f"{self.what}: + {self.after}"
        return f"{self.what}: {self.before} → {self.after}" if self.after else f"{self.what}: − {self.before}"


def differences(before: Checklist | None, after: Checklist) -> tuple[Difference, ...]:
    """Everything that is new, gone or different; against nothing, all of it."""
    old = before or Checklist("")
    plain = (_plain(label, getattr(old, name), getattr(after, name)) for name, label in FIELDS.items())
    found = [difference for difference in plain if difference]
    found += _listed("Code", old.codes, after.codes, key=str, words=code_words)
    found += _listed("Item", old.items, after.items, key=lambda item: item.label.casefold(), words=item_words)
    found += _listed("Asks for", old.asks, after.asks, key=str, words=str)
    found += _listed("To close", old.closure_steps, after.closure_steps, key=str, words=str)
    found += _listed("Window", old.rules, after.rules, key=lambda pair: pair[0], words=rule_words)
    return tuple(found)


def clinical_items_differ(before: Checklist | None, after: Checklist) -> bool:
    """Whether a clinician must co-sign: the list of clinical documents is another."""
    return _clinical(before) != _clinical(after)


def payer_differences(before: PayerEntry | None, after: PayerEntry) -> tuple[str, ...]:
    """What an import would change, a line each. What a file does not mention stays as it is."""
    lines = [] if before else [f"new payer {after.name}"]
    old = before or PayerEntry(after.name)
    if after.contacts != type(after.contacts)():
        contacts = ((name, getattr(old.contacts, name), getattr(after.contacts, name)) for name in _CONTACT_FIELDS)
        lines += [str(difference) for each in contacts if (difference := _plain(*each))]
    if after.rules:
        lines += map(str, _listed("Window", old.rules, after.rules, key=lambda pair: pair[0], words=rule_words))
    plans = {plan.name.casefold(): plan for plan in old.plans}
    for plan in after.plans:
        was = plans.get(plan.name.casefold())
        if was is None or was.line_of_business is not plan.line_of_business or (plan.rules and plan.rules != was.rules):
            lines.append(f"plan {plan.name}: {plan.line_of_business}")
    known = {kept.key: kept.body for kept in old.checklists}
    for kept in after.checklists:
        changed = differences(known.get(kept.key), kept.body)
        title = f"checklist {kept.body.service}" + (
            f" ({kept.plan or kept.line_of_business})" if any(kept.key[1:]) else ""
        )
        if kept.key not in known:
            lines.append(f"new {title}: {_covered(kept.body)}")
        else:
            lines += [f"{title}: {difference}" for difference in changed]
    return tuple(lines)


def item_words(item: Item) -> str:
    """`Signed order (form, required, from the clinician, at most 180 days old)`."""
    age = [f"at most {item.max_age_days} days old"] if item.max_age_days else []
    need = "required" if item.required else "optional"
    return f"{item.label} ({', '.join([item.kind, need, f'from the {item.supplier}', *age])})"


def code_words(codes: Codes) -> str:
    dates = [f"from {codes.since}" if codes.since else "", f"until {codes.until}" if codes.until else "", codes.note]
    said = ", ".join(filter(None, dates))
    return f"{codes} ({said})" if said else str(codes)


def rule_words(pair: tuple[RuleKind, Rule]) -> str:
    kind, rule = pair
    looked = f", verified {rule.verified_on}" if rule.verified_on else ""
    return f"{RULE_LABELS[kind]} {rule.window}" + (f" ({rule.source}{looked})" if rule.source else "")


def _covered(body: Checklist) -> str:
    codes = [code_words(codes) for codes in body.codes[:FEW]]
    more = len(body.codes) - len(codes)
    return ", ".join([*codes, *([f"and {more} more"] if more else [])]) or str(body.category)


_CONTACT_FIELDS = ("vendor", "portal", "phone", "phone_path", "fax", "hours", "notes")


def _plain(what: str, before: Any, after: Any) -> Difference | None:
    return None if before == after else Difference(what, _word(before), _word(after))


def _word(value: Any) -> str:
    return "" if value in (None, "", False) else "yes" if value is True else str(value)


def _listed(
    what: str, before: Iterable[Any], after: Iterable[Any], *, key: Callable[[Any], Any], words: Callable[[Any], str]
) -> Iterator[Difference]:
    old, new = {key(each): each for each in before}, {key(each): each for each in after}
    for name in {**old, **new}:
        was, now = old.get(name), new.get(name)
        if was != now:
            yield Difference(what, words(was) if was else "", words(now) if now else "")


def _clinical(checklist: Checklist | None) -> frozenset[Item]:
    items = checklist.items if checklist else ()
    return frozenset(item for item in items if item.kind == "clinical document")
