"""The form of a new request, and the one that notes a Slack message as a contact."""

from slackblocks import Block

from pabot.domain.cards import Privacy
from pabot.domain.model import Category, Role
from pabot.views.forms import fields as f
from pabot.views.forms import words
from pabot.views.forms.orders import order_fields
from pabot.views.forms.sheet import Form, Sheet, warning
from pabot.views.ids import Id

NAME = 80  # characters of a name, a label or a number


def _new(sheet: Sheet) -> list[Block]:
    clinician = sheet.viewer if sheet.viewer.is_(Role.CLINICIAN) else None
    category = sheet.hint.what if sheet.hint.what in words.CATEGORIES else Category.SERVICE
    return [
        *_duplicate(sheet),
        f.text("chart_number", "Chart number", longest=NAME),
        f.text("initials", "Patient's initials", longest=10, example="J.D."),
        *_identity(sheet),
        f.suggested("payer", "Payer and plan", Id.SUGGEST_PAYER),
        f.select("category", "Category", words.CATEGORIES, initial=category, tells=Id.NEW_CATEGORY),
        f.text("service", "Service", longest=NAME, example="Power wheelchair, group 3"),
        f.codes(optional=category == Category.MEDICATION),
        *order_fields(Category(category)),
        f.diagnoses(hint="Such as M54.16, or lumbar radiculopathy. One after the other, the main one first."),
        f.person("clinician", "Ordering clinician", Id.SUGGEST_CLINICIAN, initial=clinician),
        f.radio(
            "urgency",
            "Urgency",
            words.URGENCY,
            initial="standard",
            hint="Expedited is proposed here; a clinician attests it.",
        ),
        f.day("ordered_on", "Ordered on", initial=sheet.today),
        f.day("requested_from", "Wanted from", optional=True),
        f.day("requested_to", "Wanted until", optional=True),
        f.day("appointment_on", "Appointment", optional=True, hint="If one is booked."),
        f.text("note", "Note", lines=True, optional=True, hint="The team reads this: no patient names."),
    ]


def _identity(sheet: Sheet) -> list[Block]:
    """Asked for only where the practice chose to show identity."""
    if sheet.look.privacy is not Privacy.FULL:
        return []
    return [
        f.text("first_name", "First name", optional=True, longest=NAME),
        f.text("last_name", "Last name", optional=True, longest=NAME),
        f.day("born_on", "Birth date", optional=True),
        f.text("member_id", "Member ID", optional=True, longest=NAME),
    ]


def _duplicate(sheet: Sheet) -> list[Block]:
    """The request that looks the same, by the number that the form carries."""
    if not sheet.hint.again:
        return []
    known = f"PA-{sheet.hint.number} is already open for this patient and payer, with the same code or medication."
    return [warning(f"{known} Look at it first. Saving again opens another request.", name="duplicate")]


def _link(sheet: Sheet) -> list[Block]:
    return [
        f.text("number", "Number of the request", longest=20, example="PA-1042"),
        f.select("channel", "How did it reach us?", words.CHANNELS, initial="phone"),
        f.text("result", "What is to be noted?", lines=True, initial=sheet.hint.what),
    ]


NEW = Form("New prior auth", "Open request", _new)
LINK = Form("Note on a request", "Save", _link)
