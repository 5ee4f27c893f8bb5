"""The packet of a request: its items on the card, and the messages to whoever is asked for them."""

from collections.abc import Iterable, Mapping
from typing import Any

from slackblocks import Block

from pabot.domain.cards import AuthorizationCard
from pabot.domain.deadlines import Clock
from pabot.domain.documents import Document, DocumentState
from pabot.domain.library import Requirement
from pabot.domain.model import Member
from pabot.domain.next_steps import needed
from pabot.domain.statuses import BEFORE_SUBMISSION
from pabot.views import lines, parts
from pabot.views.text import Look, Rendered, day

ITEMS = 20
MARKS: Mapping[DocumentState, str] = {
    DocumentState.MISSING: "☐",
    DocumentState.REQUESTED: "⏳",
    DocumentState.RECEIVED: "☑",
    DocumentState.NOT_APPLICABLE: "–",
}
WORDS = "standing who when answer_by items said documents needed"  # of its messages, besides `about`


def section(look: Look, card: AuthorizationCard) -> list[Block]:
    """Where the packet stands, while it is being gathered or may be asked for again."""
    state, kept = card.state, card.checklist
    body = kept.body if kept else None
    needless = body is not None and body.authorization is Requirement.NOT_REQUIRED and state.stage in BEFORE_SUBMISSION
    if not (needless or state.documents or state.facts_wanting or card.newer or card.reported):
        return []
    required = [document for document in state.documents if document.required]
    said = look.say(
        "card_documents",
        needless=needless,
        source=body.source if body else "",
        verified_on=body.verified_on if body else None,
        settled=sum(document.is_settled for document in required),
        total=len(required),
        service=body.service if body else "",
        version=kept.n if kept else 0,
        since=look.date(kept.since) if kept else None,
        items=[_item(look, card, document) for document in state.documents[:ITEMS]],
        more=max(0, len(state.documents) - ITEMS),
        example=bool(body and body.is_example and state.stage in BEFORE_SUBMISSION),
        newer=card.newer.n if card.newer else 0,
        reported=[{"on": look.date(each.at), "by": each.by, "why": each.why} for each in card.reported],
        missing_facts=state.facts_wanting,
    )
    return [parts.section("documents", said)] if said else []


def asked(look: Look, card: AuthorizationCard, viewer: Member, when: int) -> Rendered:
    """This person is asked for documents. `when` names the asking, in seconds: each has a message of its own."""
    state = card.state
    entry = next((e for e in card.timeline if e.kind == "request_documents" and int(e.at.timestamp()) == when), None)
    mine = [document for document in state.documents if document.asked_of == viewer.user_id and _at(document) == when]
    waiting = any(document.is_asked_for for document in mine)
    standing = "closed" if not state.is_open else "open" if waiting else "done"
    steps = {"provide_documents": "Provided", "cannot_provide": "Cannot", "ask_about_documents": "Ask me"}
    pressed = lines.steps(card, steps) if standing == "open" else []
    return _draw(
        look,
        card,
        "documents",
        pressed,
        standing=standing,
        who=entry.by if entry else card.name(state.owner_id),
        answer_by=_chase(look, card),
        items=[_item(look, card, document, located=False) for document in mine],
        said=lines.quoted(str(entry.detail.get("note") or "")) if entry else "",
    )


def answered(look: Look, card: AuthorizationCard, save: str) -> Rendered:
    """The owner reads what came of the asking."""
    entry = card.saved(save)
    pressed = parts.opener(card.state.number)
    if entry is None:
        return _draw(look, card, "provided", pressed, standing="unknown", needed=needed(card.state))
    detail = entry.detail
    words = str(detail.get("reason") or detail.get("need") or detail.get("location") or "")
    return _draw(
        look,
        card,
        "provided",
        pressed,
        standing="in_error" if entry.in_error else entry.kind,
        who=entry.by,
        when=look.when(entry.at),
        documents=str(detail.get("received") or detail.get("documents") or ""),
        needed=needed(card.state),
        said="" if entry.in_error else lines.quoted(words),
    )


def _item(look: Look, card: AuthorizationCard, document: Document, *, located: bool = True) -> dict[str, Any]:
    """One item; where it lies is for those who look at the request, not for messages."""
    return {
        "mark": "↷" if document.waived_by else MARKS[document.state],
        "label": document.label,
        "detail": " · ".join(filter(None, _details(look, card, document, located=located))),
    }


def _details(look: Look, card: AuthorizationCard, document: Document, *, located: bool) -> Iterable[str]:
    when = day(look.date(document.at)) if document.at else ""
    if document.waived_by:
        yield f"{card.name(document.waived_by)} says to go without it"
    elif document.is_asked_for and located:
        yield f"asked {card.name(document.asked_of) if document.asked_of else f'the {document.supplier}'} {when}"
    elif document.state is DocumentState.RECEIVED:
        yield f"{card.name(document.by)} {when}"
        yield document.location[:80] if located else ""
    elif not document.is_settled:
        yield "" if document.required else "optional"
        yield f"from the {document.supplier}"
        yield f"at most {document.max_age_days} days old" if document.max_age_days else ""
    if document.reason and not document.is_settled:
        yield f"cannot be had: {document.reason[:80]}"


def _at(document: Document) -> int:
    return int(document.asked_at.timestamp()) if document.asked_at else 0


def _chase(look: Look, card: AuthorizationCard) -> str:
    due = next((clock.due_at for clock in card.clocks if clock.kind is Clock.DOCUMENT_CHASE), None)
    return look.when(due) if due else ""


def _draw(look: Look, card: AuthorizationCard, template: str, pressed: list[Block], **values: object) -> Rendered:
    words = {**dict.fromkeys(WORDS.split(), ""), "items": [], **values}
    return lines.about_request(look, card, template, pressed, words)
