"""The short forms, one a step: a table from the kind of step to its form."""

from collections.abc import Mapping

from pabot.views.forms.alarms import ALARMS
from pabot.views.forms.appeals import APPEALS
from pabot.views.forms.clinical import CLINICAL
from pabot.views.forms.clocks import CLOCKS
from pabot.views.forms.documents import DOCUMENTS
from pabot.views.forms.ending import ENDING
from pabot.views.forms.patient import PATIENT
from pabot.views.forms.payer import PAYER
from pabot.views.forms.preparing import PREPARING
from pabot.views.forms.renewals import RENEWALS
from pabot.views.forms.review import REVIEW
from pabot.views.forms.sheet import Form

FORMS: Mapping[str, Form] = {
    **PREPARING,
    **DOCUMENTS,
    **PAYER,
    **CLINICAL,
    **APPEALS,
    **PATIENT,
    **REVIEW,
    **ENDING,
    **ALARMS,
    **CLOCKS,
    **RENEWALS,
}
WITHOUT_FORM = frozenset(
    {"accept_review", "call_back", "called_back", "change_decision", "claim", "pass_on", "resume"}
)  # the press is the step
