"""Steps that wait for approval: on the card, in the one message of whoever is asked, and what became of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from slackblocks import Block, Element

from pabot.domain.approvals import Approval
from pabot.domain.cards import AskedLine, AskedList, AuthorizationCard
from pabot.domain.model import Member
from pabot.views import history, lines, parts
from pabot.views.forms import fields as f
from pabot.views.forms.sheet import Form, Sheet
from pabot.views.ids import Hint, Id
from pabot.views.patients import Surface
from pabot.views.text import Look, Mrkdwn, Rendered
from pabot.views.words import and_more, counted, status_label

LEFT = 5  # of what somebody was asked before


def section(look: Look, card: AuthorizationCard, viewer: Member) -> list[Block]:
    """On the card: each step that waits, with what this person may answer."""
    blocks: list[Block] = []
    for asked in card.approvals:
        said = _values(look, asked, card.names)
        asks = card.name(asked.asked_of) if asked.asked_of else ""
        until = look.when(asked.due_at) if asked.due_at else ""
        shown = lines.section(look, "card_approval", f"approval_{asked.id}", asked=asks, until=until, **said)
        blocks += [shown, *parts.actions(f"answer_{asked.id}", _buttons(asked, viewer))]
    return blocks


def message(look: Look, asked: AskedList, viewer: Member) -> Rendered:
    """The one message of all that waits for somebody. The one before it says that it is there, and has no buttons."""
    total = asked.total if asked.is_newest else 0
    left = [_left(look, asked.names, each) for each in asked.left[-LEFT:]]
    head = lines.section(look, "approvals", "approvals", newer=not asked.is_newest, total=total, left=left)
    blocks: list[Block] = [head]
    for each in asked.items if asked.is_newest else ():
        blocks += [item(look, each, asked.names), *parts.actions(f"answer_{each.approval.id}", _answers(each, viewer))]
    rest = total - len(asked.items)
    if rest > 0:
        blocks.append(parts.section("more", Mrkdwn(f"_{and_more(rest)}: answer these first_")))
    text = f"{counted(total, 'step')} for your approval" if total else "Nothing waits for your approval here"
    return parts.message(text, blocks)


def item(look: Look, each: AskedLine, names: Mapping[str, str]) -> parts.Drawn:
    """What is asked, by whom, of which request as it stands now."""
    asked, line = each.approval, each.line
    return lines.section(
        look,
        "approval_item",
        f"approval_{asked.id}",
        about=lines.line(line, Surface.DM),
        status=status_label(line.status, line.outcome, in_part=line.some_denied),
        when=look.when(asked.at),
        until=look.when(asked.due_at) if asked.due_at else "",
        **_values(look, asked, names),
    )


def answered(look: Look, each: AskedLine, names: Mapping[str, str]) -> Rendered:
    """To whoever asked: what became of it."""
    asked, line = each.approval, each.line
    said = lines.section(
        look,
        "approval_answer",
        "answer",
        standing=asked.state.value,
        who=names.get(asked.decided_by or "", "nobody"),
        when=look.when(asked.decided_at) if asked.decided_at else "",
        wants=_wants(look, asked),
        about=lines.line(line, Surface.DM),
        note=lines.quoted(asked.answer),
    )
    text = lines.notification(line.number, line.patient, line.payer, line.status)
    return parts.message(text, [said, *parts.opener(line.number)])


def row(look: Look, each: AskedLine, names: Mapping[str, str], surface: Surface) -> Mrkdwn:
    """One line of a list: which request, what is asked of it, by whom and since when; nothing that was typed."""
    asked = each.approval
    return look.say(
        "approval_row",
        about=lines.line(each.line, surface),
        who=lines.short(names.get(asked.by, asked.by)),
        wants=_wants(look, asked),
        when=look.when(asked.at),
    )


def approve_form(each: AskedLine) -> Form:
    """What is asked once more, and a note for whoever asked."""
    return Form("Approve", "Approve and do it", lambda sheet: _answer_blocks(sheet, each, optional=True))


def decline_form(each: AskedLine) -> Form:
    return Form("Decline", "Decline", lambda sheet: _answer_blocks(sheet, each, optional=False))


def _answer_blocks(sheet: Sheet, each: AskedLine, *, optional: bool) -> list[Block]:
    names = {user_id: member.name for user_id, member in sheet.staff.members.items()}
    label = "A note" if optional else "Why not?"
    note = f.text("note", label, lines=True, optional=optional, hint=f"{names[each.approval.by]} reads it.")
    return [item(sheet.look, each, names), note]


def _values(look: Look, asked: Approval, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "who": names.get(asked.by, asked.by),
        "wants": _wants(look, asked),
        "detail": history.in_words(look, names, asked.detail),
        "why": lines.quoted(asked.why),
    }


def _buttons(asked: Approval, viewer: Member) -> Sequence[Element]:
    """On the card: for whoever may answer, and for whoever asked."""
    hint = Hint(number=asked.number, child=asked.id)
    if viewer.user_id == asked.by:
        return [parts.button("Take it back", Id.APPROVAL_BACK, hint)]
    return _choices(hint) if asked.may_answer(viewer) else []


def _answers(each: AskedLine, viewer: Member) -> Sequence[Element]:
    """In the message: with a way to the request."""
    hint = Hint(number=each.line.number, child=each.approval.id)
    able = _choices(hint) if each.approval.may_answer(viewer) else []
    return [*able, parts.open_button(each.line.number)]


def _choices(hint: Hint) -> list[Element]:
    return [
        parts.button("Approve", Id.APPROVAL_APPROVE, hint),
        parts.button("Decline", Id.APPROVAL_DECLINE, hint),
    ]


def _left(look: Look, names: Mapping[str, str], each: AskedLine) -> Mrkdwn:
    """What became of something that was asked of this person before."""
    asked = each.approval
    return look.say(
        "approval_left",
        number=each.line.number,
        wants=_wants(look, asked),
        standing=asked.state.value,
        who=lines.short(names.get(asked.decided_by or "", "nobody")),
        to=lines.short(names.get(asked.asked_of, "")) if asked.asked_of else "",
    )


def _wants(look: Look, asked: Approval) -> Mrkdwn:
    """What somebody asks to do, as the words after “asks to”."""
    return look.say("approval_step", kind=asked.kind, label=asked.label)
