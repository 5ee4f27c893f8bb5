"""The payer library to look through: all payers, one payer, one checklist with its history."""

from typing import Any

from slackblocks import Block

from pabot.domain.answers import (
    OFTEN,
    ChecklistLine,
    ChecklistPage,
    PayerPage,
    PayersPage,
    Review,
    ReviewLine,
    VersionLine,
)
from pabot.domain.model import Member
from pabot.domain.payer_rules import RULE_LABELS
from pabot.domain.roles import Action, may
from pabot.views import library, lines, parts
from pabot.views.ids import Hint, Id
from pabot.views.text import Look, Rendered, full_day, one_line
from pabot.views.words import LABEL, counted

WAITING, CHECKLISTS, VERSIONS, CHANGES = 10, 60, 10, 6  # that a screen shows
REVIEWED, REPORTED = 20, 3  # that the weekly message names


def payers_message(look: Look, page: PayersPage) -> Rendered:
    """The answer to `/pa payers`."""
    return parts.message("Payers", _payers(page))


def payers_modal(look: Look, page: PayersPage) -> dict[str, Any]:
    """The same on a screen of its own."""
    return parts.modal("Payers", _payers(page))


def payer_modal(look: Look, page: PayerPage, viewer: Member) -> dict[str, Any]:
    """One payer, with a button for each of its checklists."""
    head = [parts.button("All payers", Id.PAYERS_PAGE, Hint(number=1))]
    new = parts.button("Add a checklist", Id.PROPOSE_OPEN, Hint(what=f"{page.payer_id}::"), style="primary")
    if may(viewer, Action.PROPOSE_CHECKLIST) is None:
        head.insert(0, new)
    if may(viewer, Action.MANAGE) is None:
        head.append(parts.button("Change directory and windows", Id.PAYER_EDIT, Hint(child=page.payer_id)))
    contacts = page.contacts
    facts = [
        ("Plans", ", ".join(page.plans)),
        ("Decided by", contacts.vendor),
        ("Portal", contacts.portal),
        ("Phone", " · ".join(filter(None, (contacts.phone, contacts.phone_path)))),
        ("Fax", contacts.fax),
        ("Hours", contacts.hours),
        ("New facts in a peer-to-peer call", {"yes": "are taken", "no": "are not"}.get(contacts.new_in_call, "")),
        ("Notes", contacts.notes),
    ]
    rules = [(RULE_LABELS[kind], rule.words) for kind, rule in page.rules.items()]
    return parts.modal(
        "Payer",
        [
            parts.header("title", page.name),
            *parts.actions("payer", head),
            parts.fields(
                "facts", [(label, one_line(value, parts.SHORT)) for label, value in facts if value] or [("", "")]
            ),
            *([parts.fields("rules", rules)] if rules else []),
            *[_checklist(line) for line in page.checklists[:CHECKLISTS]],
            *_more(len(page.checklists) - CHECKLISTS),
        ],
    )


def checklist_modal(look: Look, page: ChecklistPage, viewer: Member) -> dict[str, Any]:
    """One checklist as `/pa check` answers it, with what may be done about it and who changed it when."""
    kept = page.answer.kept
    hint = Hint(child=kept.checklist_id if kept else None, version=kept.n if kept else None)
    buttons = [parts.button("Back to the payer", Id.PAYER_OPEN, Hint(child=page.payer_id))]
    if may(viewer, Action.PROPOSE_CHECKLIST) is None:
        wants = parts.button("The payer asked for something new", Id.PROPOSE_ITEM_OPEN, hint, style="primary")
        buttons = [wants, parts.button("Propose a change", Id.PROPOSE_OPEN, hint), *buttons]
    followed = counted(page.open_requests, "open request")
    return parts.modal(
        "Checklist",
        [
            *parts.actions("checklist", buttons),
            *library.one(look, page.answer, "0"),
            *[
                parts.section(
                    f"report_{each.proposal_id}",
                    parts.joined([f"⚠️ {one_line(each.why, LABEL)}"]),
                    _see(each.proposal_id),
                )
                for each in page.answer.reported
            ],
            parts.context("followed", parts.joined([f"{followed} follow it."])),
            *[_version(look, version) for version in page.history[:VERSIONS]],
        ],
    )


def review(look: Look, week: Review) -> Rendered:
    """The weekly message to managers: which checklists in use want looking at, and why."""
    left = len(week.lines) - REVIEWED
    return parts.message(
        parts.joined((f"Checklists to look at: {len(week.lines)}",)),
        [
            lines.section(look, "library_review", "review", count=len(week.lines)),
            *[_to_review(look, line) for line in week.lines[:REVIEWED]],
            *([parts.context("more", parts.joined([f"and {left} more: /pa payers"]))] if left > 0 else []),
        ],
    )


def _payers(page: PayersPage) -> list[Block]:
    waiting = [
        parts.section(
            f"waiting_{proposal_id}",
            parts.joined([f"⚠️ waits to be approved: {one_line(about, LABEL)}"]),
            _see(proposal_id),
        )
        for proposal_id, about in page.waiting[:WAITING]
    ]
    lines = [
        parts.section(
            f"payer_{line.payer_id}",
            parts.joined(
                (
                    one_line(line.name, LABEL),
                    counted(line.plans, "plan"),
                    counted(line.checklists, "checklist"),
                    f"⚠️ {counted(line.reported, 'change')} reported" if line.reported else "",
                )
            ),
            parts.button("Open", Id.PAYER_OPEN, Hint(child=line.payer_id)),
        )
        for line in page.lines
    ]
    turn = [
        parts.button(label, Id.PAYERS_PAGE, Hint(number=number))
        for label, number in (("Back", page.page - 1), ("More", page.page + 1))
        if 1 <= number <= page.pages
    ]
    empty = parts.joined(["No payer is recorded yet. A manager imports them: pabot payers import."])
    # Two buttons in one row may not share an id.
    rows = [block for at, button in enumerate(turn) for block in parts.actions(f"turn_{at}", [button])]
    return [*waiting, *(lines or [parts.section("empty", empty)]), *rows]


def _checklist(line: ChecklistLine) -> Block:
    marks = [
        "⚠️ not verified for half a year" if line.stale else "",
        f"⚠️ {counted(line.reported, 'change')} reported" if line.reported else "",
        f"⚠️ payers asked beyond it {counted(line.asked, 'time')} in 30 days" if line.asked else "",
    ]
    words = parts.joined((one_line(line.service, LABEL), line.scope, one_line(line.covers, LABEL), *marks))
    button = parts.button("Open", Id.CHECKLIST_OPEN, Hint(child=line.checklist_id))
    return parts.section(f"checklist_{line.checklist_id}", words, button)


def _to_review(look: Look, line: ReviewLine) -> Block:
    said = look.say(
        "library_review_line",
        payer=line.payer,
        service=line.service,
        asked=line.asked if line.asked >= OFTEN else 0,
        verified_on=line.verified_on,
        stale=line.stale,
        reported=[
            {"by": each.by, "on": look.date(each.at), "why": one_line(each.why)} for each in line.reported[:REPORTED]
        ],
        more=max(0, len(line.reported) - REPORTED),
        followed=line.followed,
    )
    button = parts.button("Look at it", Id.CHECKLIST_OPEN, Hint(child=line.checklist_id))
    return parts.section(f"review_{line.checklist_id}", said, button)


def _version(look: Look, version: VersionLine) -> Block:
    said = look.say(
        "checklist_version",
        n=version.n,
        since=full_day(look.date(version.since)),
        why=version.why,
        proposed_by=version.proposed_by,
        approved_by=version.approved_by,
        cosigned_by=version.cosigned_by,
        changes=version.changes[:CHANGES],
        more=max(0, len(version.changes) - CHANGES),
    )
    return parts.section(f"version_{version.n}", said)


def _see(proposal_id: int) -> Any:
    return parts.button("Look at it", Id.PROPOSAL_OPEN, Hint(child=proposal_id))


def _more(count: int) -> list[Block]:
    return [parts.context("more", parts.joined([f"and {count} more: pabot payers export"]))] if count > 0 else []
