"""When administrative staff must ask a clinician (founding guide R10): six occasions, each with its usual question.

The questions are our own words; whoever asks may change them and adds the facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass

DENIAL_NOTICE, JUDGEMENT = "denial_notice", "judgement"


@dataclass(frozen=True, slots=True)
class Trigger:
    """One occasion. `urgent`: it is answered within hours, by day and by night."""

    label: str
    question: str
    urgent: bool = False


TRIGGERS: Mapping[str, Trigger] = {
    "missing_documents": Trigger(
        "Clinical documents are missing", "Where can these documents be had, or can we go ahead without them?"
    ),
    DENIAL_NOTICE: Trigger("A denial notice came", "What is to be done about this denial?"),
    "peer_to_peer": Trigger(
        "The payer asks for a peer-to-peer call", "Will you take this call? On which days, and at which hours?"
    ),
    "unclear_criteria": Trigger(
        "The payer's criteria are unclear", "What do these criteria ask for here, and what in the chart shows it?"
    ),
    "patient_worry": Trigger(
        "The patient has an urgent worry", "What may we tell the patient, and must something happen today?", urgent=True
    ),
    JUDGEMENT: Trigger("Something else needs medical judgement", "What is your judgement?"),
}
