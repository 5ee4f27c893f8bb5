"""What a category asks besides codes: a medication's facts, a therapy's visits. The other categories ask nothing."""

from slackblocks import Block

from pabot.domain.codes import DAYS, QUANTITY, VISITS
from pabot.domain.model import Category
from pabot.domain.orders import Medication, Therapy
from pabot.views.forms import fields as f

NAME = 80  # characters


def order_fields(
    category: Category, medication: Medication | None = None, therapy: Therapy | None = None
) -> list[Block]:
    """The fields of a category, filled with what is on file."""
    if category is Category.MEDICATION:
        return _medication(medication or Medication())
    return _therapy(therapy or Therapy()) if category is Category.THERAPY else []


def _medication(known: Medication) -> list[Block]:
    return [
        f.text(
            "medication_name",
            "Medication",
            initial=known.name,
            optional=True,
            longest=NAME,
            example="Adalimumab",
            hint="Needed when there is no code.",
        ),
        f.text("strength", "Strength", initial=known.strength, optional=True, longest=NAME, example="40 mg/0.4 mL"),
        f.number(
            "quantity",
            "Quantity",
            initial=known.quantity,
            least=1,
            most=QUANTITY,
            optional=True,
            hint="Tablets, vials or pens.",
        ),
        f.number("days_supply", "Days' supply", initial=known.days_supply, least=1, most=DAYS, optional=True),
        f.text(
            "ndc",
            "NDC",
            initial=known.ndc,
            optional=True,
            longest=20,
            example="00000-1111-22",
            hint="Eleven digits, as 5-4-2.",
        ),
    ]


def _therapy(known: Therapy) -> list[Block]:
    return [
        f.number("visits", "Visits", initial=known.visits, least=1, most=VISITS, optional=True),
        f.text("frequency", "How often", initial=known.frequency, optional=True, longest=NAME, example="Twice a week"),
        f.number("period_days", "Over how many days", initial=known.period_days, least=1, most=DAYS, optional=True),
    ]
