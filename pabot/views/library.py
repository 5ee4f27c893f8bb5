"""What the payer library answers to `/pa check`: is it needed, says who, and what goes into the packet."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from slackblocks import Block, Element

from pabot.domain.answers import Answer
from pabot.domain.documents import Item
from pabot.domain.library import Checklist, Codes, Requirement, is_code, parse_codes
from pabot.domain.model import Member
from pabot.domain.payer_rules import RULE_LABELS, RuleKind
from pabot.domain.requirements import LINE_OF_BUSINESS_LABELS
from pabot.domain.roles import Action, may
from pabot.views import parts
from pabot.views.ids import Hint, Id
from pabot.views.text import Look, Mrkdwn, Rendered, one_line
from pabot.views.words import LABEL

ITEMS = 25  # of a packet that one section lists
SHOWN_RULES = (
    RuleKind.STANDARD,
    RuleKind.EXPEDITED,
    RuleKind.FIRST_CHECK,
    RuleKind.CHECK_EVERY,
    RuleKind.INFORMATION,
    RuleKind.APPEAL,
    RuleKind.APPEAL_SECOND,
    RuleKind.EXTERNAL,
    RuleKind.P2P,
)
_WEB = re.compile(r"https?://[^\s<>|]+")


def answer_message(look: Look, answers: Sequence[Answer], viewer: Member) -> Rendered:
    """The answer to `/pa check`, for the eyes of whoever asked."""
    return parts.message(_title(answers[0]), _blocks(look, answers, viewer))


def answer_modal(look: Look, answers: Sequence[Answer], viewer: Member) -> dict[str, Any]:
    """The same on a screen of its own."""
    return parts.modal("Payer check", _blocks(look, answers, viewer))


def fresh(code: str, today: date) -> Checklist:
    """What the form of a new checklist starts with."""
    codes = (parse_codes(code),) if is_code(code) else ()
    return Checklist("", codes, verified_on=today)


def _title(answer: Answer) -> Mrkdwn:
    return parts.joined((answer.code, one_line(answer.payer, LABEL)))


def _blocks(look: Look, answers: Sequence[Answer], viewer: Member) -> list[Block]:
    blocks: list[Block] = []
    for at, answer in enumerate(answers):
        blocks += [*one(look, answer, str(at)), *parts.actions(f"more_{at}", _buttons(answer, viewer))]
    return blocks


def _buttons(answer: Answer, viewer: Member) -> list[Element]:
    """To the checklist, or to adding one where no rule is recorded."""
    proposes = may(viewer, Action.PROPOSE_CHECKLIST) is None
    if answer.kept:
        return [parts.button("Checklist and history", Id.CHECKLIST_OPEN, Hint(child=answer.kept.checklist_id))]
    new = Hint(what=f"{answer.payer_id}:{answer.plan_id or ''}:{answer.code}")
    return [parts.button("Add a rule", Id.PROPOSE_OPEN, new, style="primary")] if proposes else []


def one(look: Look, answer: Answer, name: str) -> list[Block]:
    """One answer; `name` tells it apart from others on the same screen."""
    line = LINE_OF_BUSINESS_LABELS[answer.line_of_business] if answer.line_of_business else ""
    plans = [one_line(plan, LABEL) for plan in answer.plans]
    heading = [answer.code, one_line(answer.payer, LABEL), ", ".join(plans), line]
    return [
        parts.header(f"title_{name}", " · ".join(filter(None, heading))),
        parts.section(f"answer_{name}", _said(look, answer)),
        *_documents(look, answer, name),
        *_how(look, answer, name),
        parts.fields(f"rules_{name}", [(RULE_LABELS[kind], answer.rules[kind].words) for kind in _rules(answer)]),
    ]


def _said(look: Look, answer: Answer) -> Mrkdwn:
    kept, lapsed = answer.kept, answer.lapsed
    body = kept.body if kept else None
    codes = lapsed.codes if lapsed else _entry(answer)
    return look.say(
        "check_answer",
        answer=_verdict(answer),
        code=answer.code,
        payer=answer.payer,
        service=body.service if body else "",
        version=kept.n if kept else 0,
        in_force=look.date(kept.since) if kept else None,
        approved_by=kept.approved_by if kept else "",
        matched_by=kept.matched_by if kept else "",
        since=(codes and codes.since) or (body and body.since),
        until=codes.until if codes else None,
        note=codes.note if codes else "",
        source=body.source if body else "",
        url=body.url if body and _WEB.fullmatch(body.url) else "",
        verified_on=body.verified_on if body else None,
        verified_by=body.verified_by if body else "",
        stale=kept.is_stale(answer.on) if kept else False,
        example=body.is_example if body else False,
        reported=[{"on": look.date(each.at), "by": each.by, "why": each.why} for each in answer.reported],
        also=answer.also,
    )


def _verdict(answer: Answer) -> str:
    if answer.kept:
        return answer.kept.body.authorization.value
    codes = answer.lapsed.codes if answer.lapsed else None
    if codes is None:
        return "unknown"
    return "later" if codes.since and codes.since > answer.on else "lapsed"


def _entry(answer: Answer) -> Codes | None:
    """The line of the checklist by which it was found."""
    entries, by = (answer.kept.body.codes, answer.kept.matched_by) if answer.kept else ((), "")
    return next((codes for codes in entries if str(codes) == by), None)


def _documents(look: Look, answer: Answer, name: str) -> list[Block]:
    body = answer.kept.body if answer.kept else None
    if body is None or body.authorization is Requirement.NOT_REQUIRED or not (body.items or body.asks):
        return []
    said = look.say(
        "check_documents",
        items=[_item(item) for item in body.items[:ITEMS]],
        more=max(0, len(body.items) - ITEMS),
        asks=[fact.value for fact in body.asks],
    )
    return [parts.section(f"documents_{name}", said)]


def _item(item: Item) -> dict[str, Any]:
    age = f"at most {item.max_age_days} days old" if item.max_age_days else ""
    need = "" if item.required else "optional"
    detail = ", ".join(filter(None, (item.kind.value, f"from the {item.supplier}", age, need)))
    return {"label": item.label, "required": item.required, "detail": detail}


def _how(look: Look, answer: Answer, name: str) -> list[Block]:
    body, contacts = answer.kept.body if answer.kept else None, answer.contacts
    said = look.say(
        "check_how",
        channel=body.channel.value if body and body.channel else "",
        form=body.form if body else "",
        portal_notes=body.portal_notes if body else "",
        phone_notes=body.phone_notes if body else "",
        **{
            field: getattr(contacts, field)
            for field in ("vendor", "portal", "phone", "phone_path", "fax", "hours", "notes")
        },
    )
    return [parts.section(f"how_{name}", said)] if said else []


def _rules(answer: Answer) -> Iterable[RuleKind]:
    return (kind for kind in SHOWN_RULES if kind in answer.rules)
