"""Forms of the payer library: looking up, proposing a change, refusing one, a payer's own facts."""

from slackblocks import Block

from pabot.domain.answers import PayerPage
from pabot.domain.documents import ItemKind, Supplier
from pabot.domain.library import Checklist, Fact, Requirement
from pabot.domain.library_lines import code_text, item_line
from pabot.domain.payer_rules import RULE_LABELS, PayerRules, RuleKind
from pabot.views.forms import fields as f
from pabot.views.forms import words
from pabot.views.forms.sheet import Form, Sheet, warning
from pabot.views.ids import Id

CODE, NAME, LINE = 20, 80, 300  # characters
TYPED = 2900  # characters of several lines that Slack lets one change
OWN_RULES = (RuleKind.STANDARD, RuleKind.EXPEDITED, RuleKind.FIRST_CHECK, RuleKind.CHECK_EVERY)
PAYER_RULES = (
    *OWN_RULES,
    RuleKind.INFORMATION,
    RuleKind.APPEAL,
    RuleKind.APPEAL_SECOND,
    RuleKind.EXTERNAL,
    RuleKind.P2P,
)
NEEDED = {Requirement.REQUIRED.value: "Yes", Requirement.NOT_REQUIRED.value: "No, none is needed"}
KINDS = {
    ItemKind.CLINICAL.value: "Clinical document",
    ItemKind.FORM.value: "Form",
    ItemKind.DEMOGRAPHIC.value: "Demographic",
    ItemKind.OTHER.value: "Other",
}
SUPPLIERS = {supplier.value: f"The {supplier}" for supplier in Supplier}
WHY = "Who told you, or where is it written?"


def _check(sheet: Sheet) -> list[Block]:
    return [
        f.suggested("payer", "Payer and plan", Id.SUGGEST_PAYER),
        f.text("code", "Code", longest=CODE, example="K0856"),
    ]


CHECK = Form("Payer check", "Look it up", _check)


def propose_form(body: Checklist, about: str) -> Form:
    """A checklist as it stands, or an empty one, to be changed. `about`: of which payer and plan."""
    return Form("Propose a change", "Propose", lambda sheet: _propose(body, about))


def _propose(body: Checklist, about: str) -> list[Block]:
    codes, items = "\n".join(map(code_text, body.codes)), "\n".join(map(item_line, body.items))
    return [
        f.said("about_payer", about),
        f.text("service", "Service", initial=body.service, longest=NAME, example="Power wheelchair, group 3"),
        *_lines("codes", "Codes", codes, "One a line, or a range: K0857-K0860 (from 2026-04-06)."),
        f.select("category", "Or a whole category", words.CATEGORIES, initial=body.category, optional=True),
        f.radio("authorization", "Is authorization needed?", NEEDED, initial=body.authorization.value),
        *_lines(
            "items", "Documents", items, "One a line: Signed order (form, from the clinician, at most 180 days old)"
        ),
        f.ticks(
            "asks", "Ask for", {fact.value: fact.value.capitalize() for fact in Fact}, ticked=body.asks, optional=True
        ),
        f.select("channel", "Send by", words.CHANNELS, initial=body.channel, optional=True),
        f.text("form", "The payer's form", initial=body.form, optional=True, longest=LINE),
        *_windows(OWN_RULES, dict(body.rules)),
        f.text("portal_notes", "On the portal", initial=body.portal_notes, lines=True, optional=True),
        f.text("phone_notes", "On the phone", initial=body.phone_notes, lines=True, optional=True),
        f.number(
            "escalate_after_days",
            "Raise when unanswered after (business days)",
            initial=body.escalate_after_days,
            least=1,
            most=365,
            optional=True,
        ),
        f.text(
            "patient_words", "For the patient, while we wait", initial=body.patient_words, optional=True, longest=LINE
        ),
        *_lines("closure_steps", "Before closing", "\n".join(body.closure_steps), "One step a line."),
        f.number(
            "valid_days", "An approval usually holds (days)", initial=body.valid_days, least=1, most=3650, optional=True
        ),
        f.text("source", "Where is it written?", initial=body.source, optional=True, longest=LINE),
        f.text("url", "Web page", initial=body.url, optional=True, longest=LINE),
        f.day("verified_on", "Verified on", initial=body.verified_on, optional=True),
        f.text("note", "Note", initial=body.note, lines=True, optional=True),
        f.text("why", WHY, lines=True, hint="Whoever approves it reads this."),
    ]


def _lines(name: str, label: str, initial: str, hint: str) -> list[Block]:
    """Several lines; what is longer than Slack takes stays as it is and comes in as a file."""
    if len(initial) > TYPED:
        return [f.said(f"{name}_kept", f"{label}: too long to change here; they stay as they are. Import a file.")]
    return [f.text(name, label, initial=initial, lines=True, optional=True, hint=hint, longest=f.SLACK_LONGEST)]


def _windows(kinds: tuple[RuleKind, ...], rules: PayerRules) -> list[Block]:
    """A window a field, as `7 calendar days`."""
    return [
        f.text(
            kind.value,
            RULE_LABELS[kind],
            initial=str(rules[kind].window) if kind in rules else "",
            optional=True,
            longest=40,
            example="7 calendar days, 2 business days or 72 hours",
        )
        for kind in kinds
    ]


def _propose_item(sheet: Sheet) -> list[Block]:
    return [
        f.text(
            "label", "What do they want?", longest=NAME, example="Video of the patient walking", initial=sheet.hint.what
        ),
        f.select("kind", "What is that?", KINDS, initial=ItemKind.CLINICAL.value),
        f.select("supplier", "Who can provide it?", SUPPLIERS, initial=Supplier.CLINICIAN.value),
        f.number("max_age_days", "At most how many days old?", least=1, most=3650, optional=True),
        f.text("why", WHY, lines=True, hint="Whoever approves it reads this."),
    ]


PROPOSE_ITEM = Form("New requirement", "Propose", _propose_item)


def _refuse(sheet: Sheet) -> list[Block]:
    return [f.text("why", "Why not?", lines=True, hint="Whoever proposed it reads this.")]


REFUSE = Form("Do not take it", "Save", _refuse)


def payer_form(page: PayerPage) -> Form:
    """How a payer is reached, and its windows."""
    return Form("Payer", "Save", lambda sheet: _payer(page))


def _payer(page: PayerPage) -> list[Block]:
    contacts = page.contacts
    labels = {
        "vendor": "Who decides for them?",
        "portal": "Portal",
        "phone": "Phone",
        "phone_path": "Menu prompts",
        "fax": "Fax",
        "hours": "Hours",
    }
    return [
        warning("Changes hold at once, for every open request of this payer.", name="at_once"),
        *[
            f.text(name, label, initial=getattr(contacts, name), optional=True, longest=LINE)
            for name, label in labels.items()
        ],
        f.text("notes", "Notes", initial=contacts.notes, lines=True, optional=True),
        f.select(
            "new_in_call",
            "May a peer-to-peer call bring up something new?",
            words.NEW_IN_CALL,
            initial=contacts.new_in_call or None,
            optional=True,
        ),
        *_windows(PAYER_RULES, page.rules),
        f.text("source", "Where are these windows written?", optional=True, longest=LINE),
        f.day("verified_on", "Verified on", optional=True),
    ]
