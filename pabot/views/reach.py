"""How to reach the payer for the step at hand, on the card: where to send it, then whom to ask."""

from collections.abc import Mapping

from slackblocks import Block

from pabot.domain.cards import AuthorizationCard
from pabot.domain.library import Checklist
from pabot.domain.model import Channel
from pabot.domain.requirements import CHANNEL_LABELS
from pabot.domain.statuses import WITH_PAYER, Status
from pabot.views import parts
from pabot.views.text import Look, is_web

BY_PHONE = ("phone", "phone_path", "hours")
WORDS = "channel form fax phone phone_path hours phone_notes portal portal_notes"


def section(look: Look, card: AuthorizationCard) -> list[Block]:
    """Nothing while there is nothing to ask the payer, or where the library knows no way."""
    return _drawn(look, _facts(card, _body(card)))


def to_ask(look: Look, card: AuthorizationCard) -> list[Block]:
    """Where to look an answer up, and whom to call: all that the library knows, for many requests in a row."""
    contacts, body = card.contacts, _body(card)
    facts = {name: getattr(contacts, name) for name in ("portal", *BY_PHONE)}
    return _drawn(look, facts | {"portal_notes": body.portal_notes, "phone_notes": body.phone_notes})


def _body(card: AuthorizationCard) -> Checklist:
    return card.checklist.body if card.checklist else Checklist("")


def _drawn(look: Look, known: Mapping[str, str]) -> list[Block]:
    facts = {name: value for name, value in known.items() if value}
    if not facts:
        return []
    words = {**dict.fromkeys(WORDS.split(), ""), **facts}
    return [parts.said(look, "reach", "card_reach", linked=is_web(words["portal"]), **words)]


def _facts(card: AuthorizationCard, body: Checklist) -> dict[str, str]:
    """Before it is sent, how to send it; the number that goes with the channel. Once the payer has it, whom to ask."""
    status, contacts = card.state.status, card.contacts
    sending, asking = status is Status.READY, status in WITH_PAYER
    facts: dict[str, str] = {}
    if sending or asking:
        facts["portal"] = contacts.portal
    if sending:
        channel = CHANNEL_LABELS[body.channel] if body.channel else ""
        facts |= {"channel": channel, "form": body.form, "portal_notes": body.portal_notes}
    if sending and body.channel is Channel.FAX:
        facts["fax"] = contacts.fax
    if asking or (sending and body.channel is Channel.PHONE):
        facts |= {name: getattr(contacts, name) for name in BY_PHONE}
        facts["phone_notes"] = body.phone_notes
    return facts
