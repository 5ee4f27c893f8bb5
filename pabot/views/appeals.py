"""Where contesting a denial stands, in words: its level, its packet, its reasons, the call, and what came before."""

from collections.abc import Iterator, Mapping

from slackblocks import Block

from pabot.domain import appeals
from pabot.domain.cards import AuthorizationCard
from pabot.domain.clocks import Clock
from pabot.domain.commands_appeals import CallOutcome
from pabot.domain.model import Appeal, Decision, Denial, PeerToPeer
from pabot.domain.requirements import DENIAL_REASONS
from pabot.domain.statuses import Outcome
from pabot.views import parts
from pabot.views.text import Look, full_day, one_line
from pabot.views.words import by, counted

NEW_IN_CALL: Mapping[str, str] = {
    "no": "Only what was sent counts in this payer's calls; anything new becomes a level 1 appeal.",
    "yes": "This payer's reviewers take new information in the call.",
    "": "Whether this payer's reviewers take new information is not recorded: ask when you book.",
}
ENDED: Mapping[Outcome, str] = {
    Outcome.APPROVED: "overturned",
    Outcome.PARTIAL: "partly overturned",
    Outcome.DENIED: "upheld",
    Outcome.WITHDRAWN: "withdrawn",
}
CALLS: Mapping[str, str] = {
    CallOutcome.OVERTURNED: "overturned: the approval is awaited",
    CallOutcome.UPHELD: "upheld",
    CallOutcome.EDUCATIONAL: "educational only, so the decision stands",
    CallOutcome.MISSED: "missed",
    CallOutcome.CANCELLED: "cancelled",
}
LISTED = 3  # earlier denials on a card


def standing(card: AuthorizationCard) -> str:
    """`Level 2: external review, file by Mon Jan 25, 2027`; or why nothing can be filed; empty without a denial."""
    until = file_by(card)
    return f"{named_level(card)}, file {until}" if until else named_level(card)


def file_by(card: AuthorizationCard) -> str:
    """`by Mon Jan 25, 2027`: until when the appeal is filed; empty where nothing is to be filed."""
    if card.appeal_level is None or card.appeal_level.automatic:
        return ""
    return next((by(window) for window in card.windows if window.kind is Clock.APPEAL_WINDOW), "")


def named_level(card: AuthorizationCard) -> str:
    """`Level 2: external review`; or why nothing can be filed; empty without a denial."""
    denial, level = card.state.denial, card.appeal_level
    if denial is None:
        return ""
    if level is None:
        return appeals.nothing_open(card.state).removesuffix(".")
    name = f"Level {denial.level}: {level.name}"
    return f"{name}. The plan sends it on by itself: nothing is to be filed" if level.automatic else name


def new_in_call(card: AuthorizationCard) -> str:
    """The payer's rule about what a call may bring up."""
    return NEW_IN_CALL[card.contacts.new_in_call]


def earlier(card: AuthorizationCard) -> list[str]:
    """The denials before the latest, a line each, the newest first; how many came before those."""
    older = len(card.earlier) - LISTED
    return [*map(_before, card.earlier[:LISTED]), *([f"{older} before these"] if older > 0 else [])]


def tried(look: Look, card: AuthorizationCard) -> Iterator[str]:
    """What came before, oldest first: each level once, with what came of its appeal."""
    appeal, call = card.state.appeal, card.state.peer_to_peer
    older = len(card.earlier) - LISTED
    if older > 0:
        yield f"{older} before these"
    for denial in reversed(card.earlier[:LISTED]):
        ended = f": {_course(look, card, appeal)}" if appeal and _is_of(appeal, denial) else ""
        yield f"{_before(denial)}{ended}"
    if appeal and not any(_is_of(appeal, denial) for denial in card.earlier[:LISTED]):
        yield _filed(look, card, appeal)
    if call:
        yield _call(look, card, call)


def _is_of(appeal: Appeal, denial: Denial) -> bool:
    return denial.decision is Decision.APPEAL and appeal.level == denial.level


def section(look: Look, card: AuthorizationCard) -> list[Block]:
    """How far the appeal is prepared; where the denial stands no longer, also how it came to that."""
    denial, rows = card.state.denial, list(_rows(look, card))
    if denial and not card.state.is_contestable:
        rows += [*contests(look, card), *(f"Before: {line}" for line in (_before(denial), *earlier(card)))]
    return [parts.section("appeal", look.say("card_appeal", lines=rows))] if rows else []


def contests(look: Look, card: AuthorizationCard) -> Iterator[str]:
    """The latest appeal and the latest call, and what came of them."""
    if card.state.appeal:
        yield _filed(look, card, card.state.appeal)
    if card.state.peer_to_peer:
        yield _call(look, card, card.state.peer_to_peer)


def _rows(look: Look, card: AuthorizationCard) -> Iterator[str]:
    state, denial = card.state, card.state.denial
    to_file = denial is not None and denial.decision is Decision.APPEAL and not state.appeal_is_filed
    if denial and (to_file or denial.is_argued):
        yield _argued(look, card, denial)
    if denial and to_file and not (card.appeal_level and card.appeal_level.automatic):
        yield _packet(card, denial)


def _filed(look: Look, card: AuthorizationCard, appeal: Appeal) -> str:
    name = f"Appeal, level {appeal.level}{': ' + appeal.kind if appeal.kind else ''}"
    return f"{name}: {_course(look, card, appeal)}"


def _course(look: Look, card: AuthorizationCard, appeal: Appeal) -> str:
    """When it was filed, by whose signature, and what came of it."""
    how = "sent on by the plan" if appeal.automatic else "filed"
    urgent = ", expedited" if appeal.expedited else ""
    signed = f", signed by {card.name(appeal.signed_by)}" if appeal.signed_by else ""
    ended = "dismissed" if appeal.dismissed else ENDED.get(appeal.outcome, "") if appeal.outcome else ""
    end = f". {ended.capitalize()}" if ended else f". Decision due by {full_day(appeal.decision_due_on)}"
    return f"{how} {look.when(appeal.filed_at)}{urgent}{signed}{end}"


def _call(look: Look, card: AuthorizationCard, call: PeerToPeer) -> str:
    when = look.when(call.scheduled_for) if call.scheduled_for else "no time agreed on yet"
    end = f". {CALLS[call.outcome].capitalize()}" if call.outcome else ""
    by = f", as dictated by {card.name(call.dictated_by)}" if call.dictated_by else ""
    note = f": {one_line(call.note, parts.SHORT)}" if call.note else ""
    return f"Peer-to-peer call: {when}, {card.name(call.clinician_id)}{end}{by}{note}"


def _argued(look: Look, card: AuthorizationCard, denial: Denial) -> str:
    if not denial.is_argued or denial.necessity_at is None:
        return "The reasons are not written yet: a clinician writes them"
    where = f", in: {one_line(denial.necessity_where, parts.SHORT)}" if denial.necessity_where else ""
    version = f", version {denial.necessity_version}" if denial.necessity_version > 1 else ""
    return f"Reasons by {card.name(denial.necessity_by)}, {look.when(denial.necessity_at)}{version}{where}"


def _packet(card: AuthorizationCard, denial: Denial) -> str:
    there = denial.packet.split()
    marks = [f"{'✓' if key in there else '☐'} {label}" for key, (label, _) in appeals.PACKET.items()]
    count = len(denial.attachments.splitlines())
    if card.appeal_level and card.appeal_level.consent:
        on = denial.consent_on
        marks.append(f"✓ Patient's consent of {full_day(on)}" if on else "☐ Patient's written consent")
    return " · ".join([*marks, *([counted(count, "attachment")] if count else [])])


def _before(denial: Denial) -> str:
    reason = DENIAL_REASONS.get(denial.reason)
    decided = {Decision.APPEAL: "appealed", Decision.P2P: "talked over", Decision.RESUBMIT: "sent again"}
    then = f", {decided[denial.decision]}" if denial.decision in decided else ""
    why = reason.label if reason else denial.reason
    return f"level {denial.level}, {why}, letter of {full_day(denial.notice_on)}{then}"
