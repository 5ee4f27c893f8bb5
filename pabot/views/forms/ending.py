"""Forms of telling the patient, ending a request, and taking an entry back."""

from slackblocks import Block, SectionBlock

from pabot.domain.decide import STEPS_BY_KIND
from pabot.domain.requirements import WITHDRAWAL_REASONS
from pabot.domain.statuses import WITH_PAYER, Status
from pabot.views.forms import fields as f
from pabot.views.forms import words
from pabot.views.forms.sheet import Form, Sheet, warning


def _tell_patient(sheet: Sheet) -> list[Block]:
    return [
        f.select("how", "How were they told?", words.TOLD_BY, initial="phone"),
        f.moment("told_at", "When?", initial=sheet.now),
        *_and_close(sheet),
        f.text("note", "Note", lines=True, optional=True),
    ]


def _waive_update(sheet: Sheet) -> list[Block]:
    closing = _and_close(sheet)
    steps = closing[1:]  # the reason is about the patient: why a closure step stays undone has a place of its own
    note = [f.text("note", "Note", lines=True, optional=True)] if steps else []
    return [f.text("reason", "Why need the patient not be told?", lines=True), *closing, *note]


def _and_close(sheet: Sheet) -> list[Block]:
    """Offered, and ticked, when this save may end the request and the person may close it."""
    state = sheet.request.state
    ends = state.status in (Status.APPROVED, Status.DENIED) and state.undecided_denial is None
    if not ends or not sheet.request.closes:
        return []
    return [f.tick("and_close", "Then", "Close the request", ticked=True), *_closure_steps(sheet)]


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
    "tell_patient": Form("Patient told", "Save", _tell_patient),
    "waive_update": Form("No need to tell", "Save", _waive_update),
    "withdraw": Form("Withdraw", "Withdraw", _withdraw, overwrites=True),
    "close": Form("Close", "Close it", _close),
    "reopen": Form("Reopen", "Reopen", _reopen),
}
