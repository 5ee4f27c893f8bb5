"""Words for patients to draw: texts in force and broken, words that wait, words for one patient; all of it invented."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from message_samples import BEA, CORA, IDA, LOOK, NOW, card

from pabot.domain.cards import Privacy
from pabot.domain.model import Member, Role
from pabot.domain.patient_words import TextName
from pabot.domain.proposals import ProposalState
from pabot.domain.rules import Directory
from pabot.domain.wording_changes import SHIPPED, OwnWords, TextPage, TextsPage, WordsProposal, WordsVersion
from pabot.views import patient_text, wording

MAX = Member("U0MAX", "Max Tiller", frozenset({Role.MANAGER}))
FAY = Member("U0DESK", "Fay Front", frozenset({Role.VIEWER}))
STAFF = Directory({member.user_id: member for member in (CORA, BEA, IDA, MAX, FAY)})
MINIMUM = replace(LOOK, privacy=Privacy.MINIMUM)
PENDING, DENIED = TextName("pending", "en"), TextName("denied", "en")
REVIEWED = TextName("clinical_review", "en")
AT = datetime(2026, 11, 4, 15, tzinfo=UTC)

FIRST = WordsVersion(
    PENDING,
    1,
    "{{ payer }} has it.{% if expected_on %} We look for their answer by {{ expected_on | spoken_day }}.{% endif %}",
    "Shorter on the phone.",
    CORA.user_id,
    AT - timedelta(days=30),
    MAX.user_id,
    AT - timedelta(days=29),
    None,
)
SECOND = replace(FIRST, n=2, words=f"{FIRST.words}{{% if late %}} We called them.{{% endif %}}", approved_at=AT)
BACK = replace(SECOND, n=3, words=SHIPPED, why="The old words were better.")
CLINICAL = replace(FIRST, text=DENIED, words="{{ payer }} said no.", cosigned_by=IDA.user_id)
WAITS = WordsProposal(
    5,
    DENIED,
    "{{ payer }} did not approve the {{ service }}. Please come in, and we explain what their letter says.",
    CLINICAL.words,
    "Patients do not understand the letter: <!channel> *why*?",
    CORA.user_id,
    NOW - timedelta(hours=2),
    1,
    1,
    None,
    False,
    ProposalState.OPEN,
    None,
    None,
    "",
    None,
)
HARD = replace(WAITS, id=6, text=PENDING, words="Administrative representatives communicate developments individually.")
OWN = replace(
    WAITS, id=7, text=REVIEWED, words="They said no to the chair. We have the letter here for you.", number=1042
)
HOLDS = replace(OWN, state=ProposalState.APPROVED, decided_by=MAX.user_id, decided_at=NOW)
TEXTS = TextsPage({PENDING: SECOND, DENIED: CLINICAL, TextName("closed", "es"): BACK}, (WAITS, HARD), {PENDING: "No."})


def _drawn(message: Any) -> dict[str, Any]:
    return {"text": message.text, "blocks": message.blocks}


def _page(*history: WordsVersion, text: TextName = PENDING, waiting: tuple[WordsProposal, ...] = ()) -> TextPage:
    return TextPage(text, history, waiting)


def _patient(viewer: Member, own: OwnWords) -> dict[str, Any]:
    made = replace(card(), steps=("tell_patient",) if viewer is not FAY else ())
    return _drawn(patient_text.patient_text(MINIMUM, made, viewer, own, STAFF))


SCREENS: dict[str, Callable[[], dict[str, Any]]] = {
    "words_texts": lambda: _drawn(wording.texts_message(MINIMUM, TEXTS, STAFF)),
    "words_texts_none": lambda: wording.texts_modal(MINIMUM, TextsPage({}, (), {}), STAFF),
    "words_text_shipped": lambda: wording.text_modal(MINIMUM, _page(), FAY, STAFF),
    "words_text": lambda: wording.text_modal(MINIMUM, _page(SECOND, FIRST, waiting=(HARD,)), CORA, STAFF),
    "words_text_clinical": lambda: wording.text_modal(MINIMUM, _page(CLINICAL, text=DENIED), MAX, STAFF),
    "words_text_back": lambda: wording.text_modal(MINIMUM, _page(BACK, SECOND, FIRST), MAX, STAFF),
    "words_text_broken": lambda: wording.text_modal(
        MINIMUM, _page(replace(FIRST, words="Dear {{ surname }}.")), MAX, STAFF
    ),
    "words": lambda: _drawn(wording.message(MINIMUM, HARD, None, MAX, STAFF)),
    "words_unsigned": lambda: _drawn(wording.message(MINIMUM, WAITS, None, MAX, STAFF)),
    "words_to_sign": lambda: wording.modal(MINIMUM, WAITS, None, IDA, STAFF),
    "words_of_its_author": lambda: wording.modal(MINIMUM, WAITS, None, CORA, STAFF),
    "words_back": lambda: wording.modal(MINIMUM, replace(WAITS, words=SHIPPED), None, CORA, STAFF),
    "words_overtaken": lambda: wording.modal(MINIMUM, replace(WAITS, current_n=2), None, MAX, STAFF),
    "words_taken": lambda: wording.modal(
        MINIMUM,
        replace(WAITS, state=ProposalState.APPROVED, decided_by=MAX.user_id, decided_at=NOW, cosigned_by=IDA.user_id),
        None,
        CORA,
        STAFF,
    ),
    "own_words": lambda: _drawn(wording.message(MINIMUM, OWN, card(), MAX, STAFF)),
    "own_words_lapsed": lambda: _drawn(wording.message(MINIMUM, replace(OWN, has_lapsed=True), card(), MAX, STAFF)),
    "own_words_approved": lambda: _drawn(wording.message(MINIMUM, HOLDS, card(), CORA, STAFF)),
    "own_words_declined": lambda: _drawn(
        wording.message(
            MINIMUM, replace(HOLDS, state=ProposalState.REFUSED, decided_why="Say it shorter."), card(), CORA, STAFF
        )
    ),
    "patient_text": lambda: _patient(CORA, OwnWords()),
    "patient_text_front_desk": lambda: _patient(FAY, OwnWords({"en": HOLDS})),
    "patient_text_own_words": lambda: _patient(CORA, OwnWords({"en": HOLDS}, (OWN,))),
    "patient_text_worded": lambda: _patient(IDA, OwnWords({"en": replace(HOLDS, by=MAX.user_id)})),
}
