"""Labels of the choices that forms offer, by the value that crosses the wire."""

from collections.abc import Mapping

from pabot.domain.contacts import FOUND_LABELS
from pabot.domain.happenings import Asked, Caller
from pabot.domain.model import Reached, Role, ToldBy
from pabot.domain.requirements import CATEGORY_LABELS, CHANNEL_LABELS
from pabot.domain.statuses import MEANINGS, Status
from pabot.views.forms.fields import NO, YES

CHANNELS: Mapping[str, str] = {channel.value: label for channel, label in CHANNEL_LABELS.items()}
FOUND: Mapping[str, str] = {found.value: label for found, label in FOUND_LABELS.items()}
CATEGORIES: Mapping[str, str] = {category.value: label for category, label in CATEGORY_LABELS.items()}
TOLD_BY: Mapping[str, str] = {
    ToldBy.PHONE: "Phone",
    ToldBy.PORTAL: "Patient portal",
    ToldBy.LETTER: "Letter",
    ToldBy.TEXT: "Text message",
}
REACHED: Mapping[str, str] = {
    Reached.TOLD: "Yes, they were told",
    Reached.LEFT_WORD: "No: left word to call back",
    Reached.NOT_REACHED: "No: could not be reached",
}
CALLERS: Mapping[str, str] = {
    Caller.PATIENT: "The patient, verified",
    Caller.REPRESENTATIVE: "Their representative, verified",
    Caller.UNVERIFIED: "Could not be verified",
}
ASKED: Mapping[str, str] = {
    Asked.STATUS: "Where it stands",
    Asked.QUESTION: "A clinical question",
    Asked.WORRY: "An urgent worry",
}
URGENCY: Mapping[str, str] = {"standard": "Standard", "expedited": "Expedited (proposed)"}
ANSWERS: Mapping[str, str] = {"waiting": "Not yet", "approved": "Approved at once", "denied": "Denied at once"}
WHOLE: Mapping[str, str] = {"whole": "All of it, as asked"}
EXTENTS: Mapping[str, str] = {**WHOLE, "lines": "Some of it: units are given below"}
AFTER_ALL = "All of it, what was denied as well"
REQUIRED: Mapping[str, str] = {YES: "Yes, authorization is needed", NO: "No authorization is needed"}
NEW_IN_CALL: Mapping[str, str] = {NO: "No: only what was sent counts", YES: "Yes"}
CLINICAL: Mapping[str, str] = {
    NO: "No: paperwork that we can answer",
    YES: "Yes: it goes to the clinician at once",
}
ATTESTED: Mapping[str, str] = {YES: "Expedited: waiting could do harm", NO: "Standard"}
REOPEN_TO: Mapping[str, str] = {status: MEANINGS[status].label for status in (Status.REQ_CHECK, Status.PENDING)}
ROLES: Mapping[str, str] = {
    Role.COORDINATOR: "Coordinator",
    Role.BILLER: "Biller",
    Role.CLINICIAN: "Clinician (licensed)",
    Role.MANAGER: "Manager",
    Role.VIEWER: "Front desk (may look)",
}
