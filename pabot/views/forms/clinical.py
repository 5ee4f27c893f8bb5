"""Forms around a licensed judgement: routing to it, and giving it."""

from collections.abc import Callable, Mapping
from typing import Any

from slackblocks import ActionsBlock, Block, ModalView

from pabot.domain.model import Decision, DenialClass, Role
from pabot.views import appeals
from pabot.views.buttons import decisions
from pabot.views.forms import fields as f
from pabot.views.forms import words
from pabot.views.forms.appeals import URGENT
from pabot.views.forms.payer import REFERENCE
from pabot.views.forms.sheet import Form, Sheet, heading, warning
from pabot.views.text import full_day


def _decide(sheet: Sheet) -> list[Block]:
    """One form a decision; which one, the pressed button says."""
    decision = Decision(sheet.hint.what)
    return [*_doubts(sheet, decision), *_DECISIONS[decision](sheet), _chart(sheet)]


def _doubts(sheet: Sheet, decision: Decision) -> list[Block]:
    """What speaks against this choice; it stays theirs."""
    denial, today = sheet.request.state.denial, sheet.now.date()
    if denial is None:
        return []
    until = {Decision.APPEAL: denial.appeal_by, Decision.P2P: denial.p2p_by}.get(decision)
    said = f"That window closed on {full_day(until)}: say below why the payer would still take it. " if until else ""
    late = [warning(said, name="window_over")] if until and until < today else []
    mendable = decision is Decision.APPEAL and denial.denial_class is DenialClass.ADMINISTRATIVE
    said = "This denial is administrative. Where it can be corrected, sending it again is quicker than an appeal."
    return [*late, *([warning(said, name="mendable")] if mendable else [])]


def _chart(sheet: Sheet) -> Block:
    """Which chart was looked at; asked for where the initials could be another patient's."""
    needed = sheet.request.namesake
    why = "Another open request of this clinician has the same initials." if needed else "If you want it checked."
    hint = f"{why} The answer says only whether it matches."
    return f.text("chart_number", "Chart number you looked at", optional=not needed, hint=hint, longest=REFERENCE)


def _appeal(sheet: Sheet) -> list[Block]:
    licensed, denial = sheet.viewer.is_(Role.CLINICIAN), sheet.request.state.denial
    urgent = f.tick("expedited", "Urgency", URGENT, hint="Then the payer decides within three days.")
    return [
        f.said("level", appeals.standing(sheet.request)),
        f.text("reason", "Why appeal?", lines=True, hint="What the payer overlooked."),
        f.text("words", "Tell the coordinator what to send", lines=True, optional=True),
        *([_reasons()] if licensed and denial and not denial.is_argued else []),
        *([urgent] if licensed else []),
    ]


def _reasons() -> Block:
    """The letter's, so that whoever has the record open need not come back for them."""
    return f.text(
        "necessity",
        "For the letter: why is this care necessary?",
        lines=True,
        optional=True,
        hint="As it stands here; or later, under “Write the reasons”. Name no patient: the letter does.",
        longest=f.SLACK_LONGEST,
    )


def _p2p(sheet: Sheet) -> list[Block]:
    return [
        f.said("new_in_call", appeals.new_in_call(sheet.request)),
        f.text("reason", "Why talk to the payer's reviewer?", lines=True),
        f.text("words", "When can you talk?", lines=True, optional=True, hint="Days and hours for the coordinator."),
    ]


def _resubmit(sheet: Sheet) -> list[Block]:
    only = [f.said("level", appeals.standing(sheet.request))] if sheet.request.appeal_level is None else []
    return [
        *only,
        f.text("reason", "Why resubmit?", lines=True),
        f.text("words", "What is to be changed or added", lines=True, optional=True),
    ]


def _accept(sheet: Sheet) -> list[Block]:
    until = appeals.file_by(sheet.request)
    appeal = f"Accepting gives up the appeal{f', which can be filed {until}' if until else ''}."
    given_up = appeal if sheet.request.appeal_level else f"{appeals.standing(sheet.request)}."
    return [
        warning(f"{given_up} The patient will be told.", name="gives_up"),
        f.text("reason", "Why accept it?", lines=True),
        f.text("words", "What happens instead", lines=True, optional=True, hint="For the coordinator."),
    ]


_DECISIONS: Mapping[Decision, Callable[[Sheet], list[Block]]] = {
    Decision.APPEAL: _appeal,
    Decision.P2P: _p2p,
    Decision.RESUBMIT: _resubmit,
    Decision.ACCEPT: _accept,
}


def _ask_for_more(sheet: Sheet) -> list[Block]:
    return [f.text("need", "What do you need before you can decide?", lines=True)]


def _attest_urgency(sheet: Sheet) -> list[Block]:
    chosen = sheet.hint.what if sheet.hint.what in words.ATTESTED else None
    return [
        f.radio("expedited", "Is it urgent?", words.ATTESTED, initial=chosen),
        f.text("basis", "Why", lines=True, optional=True, hint="What the delay would do to the patient's health."),
    ]


def decision_modal(sheet: Sheet) -> dict[str, Any]:
    """The decisions as buttons: each opens its own form."""
    chosen = ActionsBlock(elements=[*decisions(sheet.request, sheet.viewer)], block_id="decisions")
    level = f.said("level", appeals.standing(sheet.request))
    return dict(ModalView(title="Decide", blocks=[heading(sheet), level, chosen], close="Cancel").to_dict())


CLINICAL = {
    "decide_denial": Form("Decide", "Save decision", _decide),
    "ask_for_more": Form("I need …", "Ask", _ask_for_more),
    "attest_urgency": Form("Urgency", "Attest", _attest_urgency),
}
