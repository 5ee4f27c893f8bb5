"""Forms of ending a request, and taking an entry back."""

from slackblocks import Block, SectionBlock

from pabot.domain.decide import STEPS_BY_KIND
from pabot.domain.requirements import WITHDRAWAL_REASONS
from pabot.domain.statuses import WITH_PAYER, Status
from pabot.views.forms import fields as f
from pabot.views.forms import words
from pabot.views.forms.sheet import Form, Sheet, warning


def and_close(sheet: Sheet) -> list[Block]:
    """Offered when this save may end the request: ticked where the person may close it, else to ask an approval."""
    state = sheet.request.state
    ends = state.status in (Status.APPROVED, Status.DENIED) and state.undecided_denial is None
    if not ends or not (sheet.request.closes or sheet.request.asks_to_close):
        return []
    asks = "" if sheet.request.closes else " (needs approval: it is asked for)"
    return [f.tick("and_close", "Then", f"Close the request{asks}", ticked=not asks), *_closure_steps(sheet)]


def _closure_steps(sheet: Sheet) -> list[Block]:
    """What the checklist leaves to do at the end; none is ticked for anybody."""
    steps = {step: step for step in sheet.checklist.closure_steps} if sheet.checklist else {}
    hint = "Tick what is done. If something is not, say why in the note."
    return f.boxes("closure_steps", "Done before closing", steps, hint=hint)


def _withdraw(sheet: Sheet) -> list[Block]:
    state = sheet.request.state
    told = f.tick("payer_told", "The payer has it", "The payer was told that we withdraw", must=True)
    return [
        warning("This ends the request. Whatever is open with it is given up.", name="gives_up"),
        f.select("reason", "Why?", WITHDRAWAL_REASONS),
        f.text("note", "Note", lines=True, optional=True),
        *([told] if state.status in WITH_PAYER else []),
    ]


def _close(sheet: Sheet) -> list[Block]:
    return [*_closure_steps(sheet), f.text("note", "Note", lines=True, optional=True)]


def _reopen(sheet: Sheet) -> list[Block]:
    return [
        f.text("reason", "Why is it opened again?", lines=True),
        f.select("to", "Where does it go on?", words.REOPEN_TO, initial=Status.REQ_CHECK),
    ]


def _correct_entry(sheet: Sheet) -> list[Block]:
    """Names the save that is taken back: who made it, when, and what it was."""
    entries = [entry for entry in sheet.request.timeline if entry.save == sheet.hint.save]
    kinds = dict.fromkeys(entry.kind for entry in reversed(entries))
    labels = ", ".join(STEPS_BY_KIND[kind].label if kind in STEPS_BY_KIND else kind for kind in kinds)
    said = f"{labels}: {entries[0].by}, {sheet.look.when(entries[0].at)}" if entries else ""
    return [
        warning("Status, owner and clocks return to what they were before this entry.", name="gives_up"),
        *([SectionBlock(text=f.plain(said), block_id="entry")] if said else []),
        f.text("reason", "What was wrong?", lines=True),
    ]


CORRECT_ENTRY = Form("Recorded in error", "Take it back", _correct_entry)

ENDING = {
    "withdraw": Form("Withdraw", "Withdraw", _withdraw, overwrites=True),
    "close": Form("Close", "Close it", _close),
    "reopen": Form("Reopen", "Reopen", _reopen),
}
