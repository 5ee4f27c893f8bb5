"""Forms of the staff list and of the practice's settings."""

from typing import Any

from slackblocks import ActionsBlock, Block, Button, ContextBlock, ModalView, SectionBlock

from pabot.domain.cards import PayerFacts
from pabot.domain.model import Member
from pabot.domain.practice import Closure, PracticeSettings
from pabot.domain.roles import SETTINGS
from pabot.domain.rules import Directory
from pabot.domain.update_times import typed
from pabot.views.forms import fields as f
from pabot.views.forms import words
from pabot.views.forms.sheet import Form, Sheet
from pabot.views.ids import Hint, Id

LISTED = 90  # people that a list shows; Slack takes 100 blocks
NPI = 10
NAME = 80


def staff_modal(staff: Directory) -> dict[str, Any]:
    """Everybody on the list, each with a button to change them."""
    people = sorted(staff.members.values(), key=lambda member: (not member.active, member.name.casefold()))
    add = Button(f.plain("Add a person"), action_id=Id.STAFF_OPEN, value=Hint().packed(), style="primary")
    more = f"And {len(people) - LISTED} more: use the command line's staff list."
    rest: list[Block] = [ContextBlock(elements=[f.plain(more)], block_id="more")] if len(people) > LISTED else []
    blocks = [ActionsBlock(elements=[add], block_id="add"), *map(_person, people[:LISTED]), *rest]
    return dict(ModalView(title="Staff", blocks=blocks, close="Done", callback_id=Id.STAFF_OPEN).to_dict())


def _person(member: Member) -> SectionBlock:
    labels = [words.ROLES[role] for role in words.ROLES if role in member.roles]
    marks = [*(["away"] if member.away else []), *([] if member.active else ["no longer here"])]
    text = " · ".join([member.name, ", ".join(labels), *marks])
    change = Button(f.plain("Change"), action_id=Id.STAFF_OPEN, value=Hint(what=member.user_id).packed())
    return SectionBlock(text=f.plain(text), accessory=change, block_id=f"member_{member.user_id}")


def _staff(sheet: Sheet) -> list[Block]:
    """One person; who it is, is asked only when adding."""
    member = sheet.staff.get(sheet.hint.what)
    who = [] if member else [f.anybody("user", "Who?", hint="From this workspace.")]
    return [
        *who,
        f.text("name", "Name", initial=member.name if member else "", longest=NAME),
        f.ticks("roles", "Roles", words.ROLES, ticked=member.roles if member else ()),
        f.text("npi", "NPI", initial=(member.npi or "") if member else "", optional=True, longest=NPI),
        f.person(
            "cover",
            "Cover when away",
            Id.SUGGEST_STAFF,
            initial=sheet.staff.get(member.cover_id) if member else None,
            optional=True,
        ),
        f.tick("away", "Away", "Away now: the cover acts", ticked=bool(member and member.away)),
        f.tick("active", "On the list", "Works here", ticked=member is None or member.active),
    ]


STAFF = Form("Staff", "Save", _staff)


def settings_form(settings: PracticeSettings, payers: tuple[PayerFacts, ...]) -> Form:
    """The settings as they stand."""
    return Form("Settings", "Save", lambda sheet: _settings(settings, payers, sheet))


def _closure(closure: Closure) -> str:
    return f"{closure.on} {closure.after:%H:%M}" if closure.after else f"{closure.on}"


def _settings(settings: PracticeSettings, payers: tuple[PayerFacts, ...], sheet: Sheet) -> list[Block]:
    return [*_hours(settings), *_ways(settings, payers, sheet)]


def _hours(settings: PracticeSettings) -> list[Block]:
    """When the practice works, and when its people are told what."""
    return [
        f.text("timezone", "Time zone", initial=settings.timezone, longest=60, example="America/New_York"),
        f.text("office_hours", "Office hours", initial=settings.office_hours, example="08:00-17:00 mon-fri"),
        f.text("holidays", "Holidays", initial=settings.holidays, longest=60, hint="US, US-TX, or none."),
        f.text(
            "closures",
            "Closed on",
            initial="\n".join(map(_closure, settings.closures)),
            lines=True,
            optional=True,
            hint="One date a line, such as 2027-01-04; with a time, it closes early: 2026-12-24 12:00.",
        ),
        f.channel("team_channel", "Team channel", initial=settings.team_channel, hint="For digest and escalations."),
        f.clock("digest_at", "Digest at", initial=settings.digest_at),
        f.text(
            "update_times",
            "Update times",
            initial=", ".join(settings.update_times),
            optional=True,
            longest=60,
            hint="When people are reminded of what is due with the payers: 10:00, 15:00. Empty: never.",
        ),
        f.text(
            "quiet_hours",
            "Quiet hours",
            initial=settings.quiet_hours,
            optional=True,
            longest=20,
            hint="Messages that can wait do, also on closed days: 19:00-07:00. Expedited ones never do. Empty: none.",
        ),
    ]


def _letterhead(settings: PracticeSettings) -> Block:
    return f.text(
        "letterhead",
        "Letterhead",
        initial=settings.letterhead,
        lines=True,
        optional=True,
        hint="Of letters to payers: name, address, phone and fax of the practice, a line each.",
        longest=500,
    )


def _ways(settings: PracticeSettings, payers: tuple[PayerFacts, ...], sheet: Sheet) -> list[Block]:
    """Who may and who takes what, and what is usual."""
    names = {facts.payer_id: facts.payer for facts in payers}
    by_payer = [f"{names[key]} > {sheet.staff.name(user)}" for key, user in settings.payer_owners if key in names]
    by_clinician = [f"{sheet.staff.name(key)} > {sheet.staff.name(user)}" for key, user in settings.clinician_owners]
    return [
        f.ticks(
            "alone",
            "Without asking for approval",
            {name: setting.words for name, setting in SETTINGS.items()},
            ticked=[name for name in SETTINGS if getattr(settings, name)],
            optional=True,
        ),
        f.text(
            "payer_owners",
            "Who takes new requests, by payer",
            initial="\n".join(by_payer),
            lines=True,
            optional=True,
            hint="One a line: payer > name on the staff list.",
        ),
        f.text(
            "clinician_owners",
            "Who takes new requests, by clinician",
            initial="\n".join(by_clinician),
            lines=True,
            optional=True,
            hint="One a line: clinician > name on the staff list.",
        ),
        f.text(
            "access",
            "Portals and systems",
            initial="\n".join(map(str, settings.access)),
            lines=True,
            optional=True,
            hint="One a line: system > who uses it > who manages the login. Never a password.",
        ),
        _letterhead(settings),
        f.text(
            "contact_minutes",
            "Minutes a contact usually takes",
            initial="\n".join(
                f"{words.CHANNELS[channel]} > {minutes}" for channel, minutes in settings.contact_minutes
            ),
            lines=True,
            optional=True,
            hint="One a line: Phone > 12. Counted where nobody types how long it took.",
        ),
        f.text(
            "patient_updates",
            "Within what time patients are told",
            initial=typed(settings.patient_updates),
            lines=True,
            optional=True,
            hint="One a line: Submitted > 1 business day. The news may be off, decisions not. Empty: as usual.",
        ),
    ]
