"""Every id that crosses the wire, in one place: callbacks `pa.<feature>.submit`, actions `pa.<feature>.<what>`.

For each kind of step (a key of `domain.decide.STEPS_BY_KIND`) the button is `pa.<kind>.open` and its form
`pa.<kind>.submit`. Values and metadata carry ids, a version and a form's key: hints, never facts.
"""

import json
import secrets
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Id(StrEnum):
    NEW_OPEN = "pa.new.open"
    NEW_CATEGORY = "pa.new.category"
    RENEW_OPEN = "pa.renew.open"
    RENEW_SUBMIT = "pa.renew.submit"
    NEW_SUBMIT = "pa.new.submit"
    SHORTCUT_NEW = "pa.new.shortcut"
    SHORTCUT_LINK = "pa.link.shortcut"
    LINK_SUBMIT = "pa.link.submit"
    CARD_OPEN = "pa.card.open"
    CARD_CHOOSE = "pa.card.choose"
    WHICH_PATIENT = "pa.patient.which"
    QUEUE_PAGE = "pa.queue.page"
    QUEUE_OPEN = "pa.queue.open"
    MINE_OPEN = "pa.mine.open"
    SWEEP_OPEN = "pa.sweep.open"
    SWEEP_SUBMIT = "pa.sweep.submit"
    SWEEP_PUT_OFF = "pa.sweep.put_off"
    SWEEP_CARD = "pa.sweep.card"
    HELP_OPEN = "pa.help.open"
    DECIDE_APPEAL = "pa.decide_denial.appeal"
    DECIDE_P2P = "pa.decide_denial.p2p"
    DECIDE_RESUBMIT = "pa.decide_denial.resubmit"
    DECIDE_ACCEPT = "pa.decide_denial.accept"
    ATTEST_YES = "pa.attest_urgency.yes"
    ATTEST_NO = "pa.attest_urgency.no"
    ASK_INSTEAD = "pa.ask_clinician.instead"
    ASK_BECAUSE = "pa.ask_clinician.because"
    HOLD_ON_IT = "pa.hold.on_it"
    HOLD_FOR = "pa.hold.for"
    CORRECT_OPEN = "pa.correct_entry.open"
    CORRECT_SUBMIT = "pa.correct_entry.submit"
    LETTER_DOCX = "pa.letter.docx"
    LETTER_PDF = "pa.letter.pdf"
    SHEET_OPEN = "pa.sheet.open"
    SHEET_SEND = "pa.sheet.send"
    AWAY_OPEN = "pa.away.open"
    AWAY_SUBMIT = "pa.away.submit"
    PRESENCE_YES = "pa.presence.yes"
    STAFF_OPEN = "pa.staff.open"
    STAFF_SUBMIT = "pa.staff.submit"
    SETTINGS_SUBMIT = "pa.settings.submit"
    APPROVAL_APPROVE = "pa.approval.approve"
    APPROVAL_DECLINE = "pa.approval.decline"
    APPROVAL_BACK = "pa.approval.take_back"
    APPROVE_SUBMIT = "pa.approve.submit"
    DECLINE_SUBMIT = "pa.decline.submit"
    PROPOSE_OPEN = "pa.propose.open"
    PROPOSE_SUBMIT = "pa.propose.submit"
    PROPOSE_ITEM_OPEN = "pa.propose_item.open"
    PROPOSE_ITEM_SUBMIT = "pa.propose_item.submit"
    PROPOSAL_OPEN = "pa.proposal.open"
    PROPOSAL_APPROVE = "pa.proposal.approve"
    PROPOSAL_COSIGN = "pa.proposal.cosign"
    PROPOSAL_REFUSE = "pa.proposal.refuse"
    REFUSE_SUBMIT = "pa.refuse.submit"
    WORDING_OPEN = "pa.wording.open"
    WORDING_TEXT = "pa.wording.text"
    WORDING_PROPOSE = "pa.wording.propose"
    WORDING_BACK = "pa.wording.back"
    WORDING_SUBMIT = "pa.wording.submit"
    WORDING_BACK_SUBMIT = "pa.wording_back.submit"
    OWN_WORDS_OPEN = "pa.own_words.open"
    OWN_WORDS_SUBMIT = "pa.own_words.submit"
    WORDS_OPEN = "pa.words.open"
    WORDS_APPROVE = "pa.words.approve"
    WORDS_APPROVE_SUBMIT = "pa.words_approve.submit"
    WORDS_COSIGN = "pa.words.cosign"
    WORDS_DECLINE = "pa.words.decline"
    WORDS_DECLINE_SUBMIT = "pa.words.submit"
    PAYERS_PAGE = "pa.payers.page"
    PAYER_OPEN = "pa.payer.open"
    PAYER_EDIT = "pa.payer.edit"
    PAYER_SUBMIT = "pa.payer.submit"
    CHECKLIST_OPEN = "pa.checklist.open"
    CHECK_SUBMIT = "pa.check.submit"
    SUGGEST_PAYER = "pa.suggest.payer"
    SUGGEST_CLINICIAN = "pa.suggest.clinician"
    SUGGEST_STAFF = "pa.suggest.staff"
    SUGGEST_DIAGNOSES = "pa.suggest.diagnoses"


def step_open(kind: str) -> str:
    """The action id of the button that opens a step's form."""
    return f"pa.{kind}.open"


def step_submit(kind: str) -> str:
    """The callback id of a step's form."""
    return f"pa.{kind}.submit"


@dataclass(frozen=True, slots=True)
class Hint:
    """What a button's value or a form's private metadata carries. Loaded and authorized again wherever it is used."""

    number: int | None = None
    version: int | None = None
    key: str = ""  # a form's key: the same for every submission of one form as drawn
    child: int | None = None  # the denial or question that is meant
    save: str = ""  # the save to be corrected
    what: str = ""  # a page, a query, a choice
    sweep: str = ""  # the sweep that a form belongs to, and goes on with once it is saved
    back: bool = False  # the form stands where a card stood, and turns into it again once it is saved
    again: bool = False  # the duplicate warning was shown
    as_is: bool = False  # the warning of words that judge was shown

    def packed(self) -> str:
        return _packed(self)

    @classmethod
    def unpacked(cls, text: str) -> "Hint":
        """Raises ValueError on anything that was not packed here."""
        try:
            return cls(**json.loads(text or "{}"))
        except (TypeError, json.JSONDecodeError) as wrong:
            raise ValueError("this button or form does not carry what it should") from wrong


_COMPACT = json.JSONEncoder(separators=(",", ":"))


@lru_cache(64)
def _packed(hint: Hint) -> str:
    """The buttons of one screen mostly carry the same."""
    carried = ((name, getattr(hint, name)) for name in Hint.__slots__)
    return _COMPACT.encode({name: value for name, value in carried if value})


def form_key() -> str:
    """A fresh key for a form that is being drawn."""
    return secrets.token_urlsafe(12)
