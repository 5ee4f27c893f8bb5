"""The form with which somebody goes away, for themselves or, as a manager, for anyone."""

from collections.abc import Sequence
from datetime import date

from slackblocks import Block

from pabot.domain.absence_cards import Portion
from pabot.domain.absences import COVERS, Split
from pabot.domain.model import Member
from pabot.views.forms import fields as f
from pabot.views.forms.sheet import Form, Sheet
from pabot.views.ids import Id
from pabot.views.words import counted

SPLITS = {
    Split.PAYER.value: "By payer: what is with one payer stays with one person",
    Split.EVENLY.value: "Evenly, request by request",
}
NAMED = 6  # payers of one cover that the form names


def away_form(person: Member, back_on: date, portions: Sequence[Portion] = ()) -> Form:
    """`back_on` is proposed; `portions`, once several people are chosen, is who would take how much."""
    return Form("Away", "Save", lambda sheet: _away(sheet, person, back_on, portions))


def _away(sheet: Sheet, person: Member, back_on: date, portions: Sequence[Portion]) -> list[Block]:
    cover = sheet.staff.get(person.cover_id)
    whose = [] if person.user_id == sheet.viewer.user_id else [f.said("whose", f"For {person.name}.")]
    return [
        *whose,
        *_split(portions),
        f.day("starts_on", "First day away", initial=sheet.today),
        f.day(
            "back_on",
            "Back on",
            initial=back_on,
            optional=True,
            hint="It ends by itself that morning. Leave empty when nobody knows yet; /pa back ends it.",
        ),
        f.people(
            "covers",
            "Who covers?",
            Id.SUGGEST_STAFF,
            most=COVERS,
            initial=[cover] if cover and cover.active and not cover.away else [],
            hint="They act for whoever is away, who stays the owner.",
        ),
        f.radio("split", "If several cover", SPLITS, initial=Split.PAYER.value),
    ]


def _split(portions: Sequence[Portion]) -> list[Block]:
    """Who would take how much, to look at before it is saved."""
    if not portions:
        return []
    rows = [f"{portion.cover}: {counted(portion.count, 'open request')}{_payers(portion)}" for portion in portions]
    return [f.said("portions", "\n".join(["This is how it would be shared. Save again if that is right.", *rows]))]


def _payers(portion: Portion) -> str:
    named = ", ".join(portion.payers[:NAMED])
    more = len(portion.payers) - NAMED
    return f" ({named}{f' and {more} more' if more > 0 else ''})" if named else ""
