"""The buttons of a request: exactly the steps this person may take, the likeliest first."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from slackblocks import Block, Confirm, Option, StaticSelectMenu

from pabot.domain.cards import AuthorizationCard
from pabot.domain.decide import STEPS_BY_KIND
from pabot.domain.model import Decision, Denial, Member, Role
from pabot.domain.requirements import DENIAL_REASONS
from pabot.domain.roles import Action, may
from pabot.domain.statuses import Status
from pabot.domain.triggers import TRIGGERS
from pabot.views import appeals, renewals
from pabot.views.ids import Hint, Id, step_open
from pabot.views.parts import CARDS, LATELY, Menu, Pressable, Style, actions, button, plain
from pabot.views.words import number

# The first that is possible is what the request most likely needs now.
ORDER = (
    "called_back",
    "answer_call",
    "call_back",
    "pass_on",
    "answer_question",
    "decide_denial",
    "accept_review",
    "attest_urgency",
    "answer_information",
    "claim",
    "resume",
    "submit",
    "provide_documents",
    "record_documents",
    "check_requirement",
    "mark_ready",
    "request_documents",
    "route",
    "acknowledge",
    "write_necessity",
    "file_appeal",
    "pack_appeal",
    "record_peer_to_peer",
    "book_peer_to_peer",
    "tell_patient",
    "close",
    "reopen",
    "record_use",
    "log_contact",
    "record_approval",
    "record_denial",
    "record_information_request",
)
NEEDS_CLINICIAN = "ask_clinician"  # a menu of the six occasions, at the end of the first row
SECOND_ROW = (
    "patient_called",
    "hand_over_call",
    "cannot_provide",
    "ask_about_documents",
    "ask_for_more",
    "return_review",
    "change_decision",
    "take_version",
    "hold_until",
    "go_without",
    "go_without_clinical",
    "change_codes",
    "change_details",
    "dismiss_appeal",
    "withdraw_appeal",
    "assign",
    "return_unprocessed",
    "send_again",
    "waive_update",
    "let_run_out",
    "withdraw",
)
ANOTHER_NOTICE = "Another notice came"  # a denial, while one is still to be answered
DANGER = frozenset({"withdraw", "withdraw_appeal"})
ANSWERS = frozenset({"provide_documents", "cannot_provide", "ask_about_documents"})
JUDGEMENTS = frozenset({"accept_review", "decide_denial", "attest_urgency"})
DECISIONS: Sequence[tuple[Decision, Id, str]] = (
    (Decision.APPEAL, Id.DECIDE_APPEAL, "Appeal"),
    (Decision.P2P, Id.DECIDE_P2P, "Peer-to-peer"),
    (Decision.RESUBMIT, Id.DECIDE_RESUBMIT, "Resubmit"),
    (Decision.ACCEPT, Id.DECIDE_ACCEPT, "Accept denial"),
)
CHOSEN: Mapping[Decision, str] = {choice: label for choice, _, label in DECISIONS}


def rows(card: AuthorizationCard, viewer: Member | None) -> list[Block]:
    """The card's buttons in two rows; the rarer ones and the correction stand in the second."""
    offered = frozenset((*card.steps, *card.asks))
    likeliest = sorted(
        (kind for kind in ORDER if kind in offered and _concerns(card, kind, viewer)),
        key=lambda kind: kind == "tell_patient" and not _decision_waits(card),  # news holds nothing up
    )
    first = [made for kind in likeliest for made in _buttons(card, kind, viewer)]
    renew = [button("Renew", Id.RENEW_OPEN, Hint(number=card.state.number))] if renewals.may_renew(card, viewer) else []
    first += renew if renewals.is_pressing(card) else []
    if first and not _waits_for_judgement(card, likeliest[0]) and likeliest[0] not in card.asks:
        first[0] = first[0].as_primary()
    asking = [needs_clinician(card.state.number)] if NEEDS_CLINICIAN in card.steps else []
    second = [button("Submission sheet", Id.SHEET_OPEN, Hint(number=card.state.number))] if card.sheet else []
    second += _letters(card)
    rarer = [kind for kind in SECOND_ROW if kind in offered and _concerns(card, kind, viewer)]
    second += [made for kind in rarer for made in _buttons(card, kind, viewer)]
    second += renew if not renewals.is_pressing(card) else []
    if card.checklist and card.state.is_open and viewer and may(viewer, Action.PROPOSE_CHECKLIST) is None:
        hint = Hint(number=card.state.number, child=card.checklist.checklist_id)
        second.append(button("Payer wants something new", Id.PROPOSE_ITEM_OPEN, hint))
    if card.correctable:
        second.append(correction(card.state.number, card.correctable))
    return [*actions("steps", [*first, *asking]), *actions("more_steps", second)]


def correction(of: int, save: str) -> Pressable:
    """Takes a save back."""
    return button("Recorded in error", Id.CORRECT_OPEN, Hint(number=of, save=save))


@lru_cache(LATELY)
def needs_clinician(of: int) -> Menu:
    """Each of the six occasions on which administrative staff must ask: one press opens its form."""
    options = [
        Option(plain(trigger.label, 75), value=Hint(number=of, what=key).packed()) for key, trigger in TRIGGERS.items()
    ]
    return Menu(StaticSelectMenu(Id.ASK_BECAUSE, options=options, placeholder=plain("Needs a clinician…")))


def _letters(card: AuthorizationCard) -> list[Pressable]:
    """The letter to edit; and as it is filed, once a clinician has written its reasons."""
    denial, hint = card.state.denial, Hint(number=card.state.number)
    if not card.letter or denial is None:
        return []
    final = [button("Letter as filed", Id.LETTER_PDF, hint)] if denial.is_argued else []
    return [button("Letter to edit", Id.LETTER_DOCX, hint), *final]


def _concerns(card: AuthorizationCard, kind: str, viewer: Member | None) -> bool:
    """Answers to an asking are for whoever was asked; everybody else notes it under Documents."""
    if kind == "take_version":
        return card.newer is not None
    if kind not in ANSWERS or viewer is None:
        return True
    return viewer.user_id in {document.asked_of for document in card.state.documents if document.is_asked_for}


def _decision_waits(card: AuthorizationCard) -> bool:
    return card.waits is not None and card.waits.is_decision


def _waits_for_judgement(card: AuthorizationCard, kind: str) -> bool:
    """Nobody is nudged towards a licensed decision, nor to send elsewhere what somebody has in hand."""
    return kind in JUDGEMENTS or (kind == "route" and card.state.status is Status.CLINICAL_REVIEW)


def step(card: AuthorizationCard, kind: str, label: str = "", *, style: Style | None = None) -> list[Pressable]:
    """The button of one step, marked where it wants approval; none when this person may not take it now."""
    asks = kind in card.asks
    if not asks and kind not in card.steps:
        return []
    return [_step(card.state.number, kind, label or STEPS_BY_KIND[kind].label, asks, style)]


@lru_cache(16 * CARDS)
def _step(number: int, kind: str, label: str, asks: bool, style: Style | None) -> Pressable:
    """It carries its request alone, so that it is the same at every version."""
    return button(f"{label} (needs approval)" if asks else label, step_open(kind), Hint(number=number), style=style)


def decisions(card: AuthorizationCard, viewer: Member | None) -> list[Pressable]:
    """Appeal, peer-to-peer, resubmit, accept: of the one denial they name."""
    denial = card.state.undecided_denial
    if denial is None or "decide_denial" not in card.steps:
        return []
    hint = Hint(number=card.state.number, child=denial.id)
    return [
        button(label, action_id, hint, style=_style(decision), confirm=_gives_up(card, decision))
        for decision, action_id, label in DECISIONS
        if decision is not Decision.ACCEPT or may_accept(denial, viewer)
        if decision is not Decision.APPEAL or card.appeal_level is not None
    ]


def attestations(card: AuthorizationCard) -> list[Pressable]:
    """Expedited or standard: a licensed person says which."""
    if "attest_urgency" not in card.steps:
        return []
    hint = Hint(number=card.state.number)
    return [button("Attest expedited", Id.ATTEST_YES, hint), button("Keep standard", Id.ATTEST_NO, hint)]


def may_accept(denial: Denial, viewer: Member | None) -> bool:
    """A biller may give up only the listed administrative reasons."""
    reason = DENIAL_REASONS.get(denial.reason)
    licensed = viewer is None or viewer.is_(Role.CLINICIAN)
    return licensed or (reason is not None and reason.biller_may_accept)


def _buttons(card: AuthorizationCard, kind: str, viewer: Member | None) -> list[Pressable]:
    if kind == "decide_denial":
        return decisions(card, viewer)
    if kind == "attest_urgency":
        return attestations(card)
    label = ANOTHER_NOTICE if kind == "record_denial" and card.state.denial_to_answer else ""
    return step(card, kind, label, style="danger" if kind in DANGER else None)


def _style(decision: Decision) -> Style | None:
    return "danger" if decision is Decision.ACCEPT else None


def _gives_up(card: AuthorizationCard, decision: Decision) -> Confirm | None:
    """Accepting cannot be meant by a slip: what it gives up is said before."""
    if decision is not Decision.ACCEPT:
        return None
    of, open_to_appeal, until = card.state.number, card.appeal_level is not None, appeals.file_by(card)
    appeal = f"Accepting gives up the appeal of {number(of)}{f', which can be filed {until}' if until else ''}."
    gives_up = appeal if open_to_appeal else f"No appeal of {number(of)} is open."
    return Confirm(
        title=plain("Accept the denial?", 100),
        text=plain(f"{gives_up} The patient will be told.", 300),
        confirm=plain("Accept denial", 30),
        deny=plain("Go back", 30),
        style="danger",
    )
