"""The one place that turns a patient into words."""

from enum import StrEnum

from pabot.domain.cards import PatientFacts, Privacy
from pabot.domain.model import Member, Role
from pabot.domain.submission_sheet import Identity
from pabot.views.text import clip

LONGEST = 60  # characters of one name or number


class Surface(StrEnum):
    """Where the words will stand."""

    CHANNEL = "channel"
    HOME = "home"
    NOTIFICATION = "notification"
    PATIENT_TEXT = "patient_text"
    DM = "dm"
    EPHEMERAL = "ephemeral"
    FORM = "form"
    LETTER = "letter"  # to a payer, as a file in its reader's own direct messages
    FOLDER = "folder"  # the same in a folder of the practice's own: it never passes through Slack
    SHEET = "sheet"  # the submission sheet, as a screen or as a file in its reader's own direct messages


# The answer to a command, the submission sheet and letters: one reader who asked, and the view is kept.
IDENTIFYING = frozenset({Surface.EPHEMERAL, Surface.SHEET, Surface.LETTER})


def shown(patient: PatientFacts, surface: Surface, viewer: Member | None, privacy: Privacy) -> str:
    """A patient in plain words, not escaped: initials, or with identity where `may_identify` says so.

    A text for the patient names nobody: whoever reads it out knows whom they are talking to. The chart number is
    not among them; only `identity` gives it.
    """
    if surface is Surface.PATIENT_TEXT:
        return ""
    initials = clip(patient.initials, LONGEST) or "patient"
    if not may_identify(surface, viewer, privacy):
        return initials
    name = clip(f"{patient.first_name} {patient.last_name}", LONGEST)
    born = f"born {patient.born_on:%b} {patient.born_on.day}, {patient.born_on.year}" if patient.born_on else ""
    member_id = f"member {clip(patient.member_id, LONGEST)}" if patient.member_id else ""
    return " · ".join(part for part in (f"{name} ({initials})" if name else initials, born, member_id) if part)


def identity(patient: PatientFacts, surface: Surface, viewer: Member | None, privacy: Privacy) -> Identity | None:
    """Who the patient is, fact by fact, to be typed into a payer's form.

    None where `may_identify` says no, and where the record was not opened for this reader: a patient that is open
    always has a chart number.
    """
    if not may_identify(surface, viewer, privacy) or not patient.chart_number:
        return None
    words = (patient.last_name, patient.first_name, patient.member_id, patient.chart_number)
    last_name, first_name, member_id, chart_number = (clip(word, LONGEST) for word in words)
    return Identity(last_name, first_name, patient.born_on, member_id, chart_number)


def may_identify(surface: Surface, viewer: Member | None, privacy: Privacy) -> bool:
    """Whether more than `minimum` may stand here: full privacy settings, seen by one person who works the queue.

    A folder of the practice's own is no part of Slack, so that the level does not matter there.
    """
    open_here = surface is Surface.FOLDER or (privacy is Privacy.FULL and surface in IDENTIFYING)
    return open_here and viewer is not None and not only_looks(viewer)


def only_looks(viewer: Member | None) -> bool:
    """The front desk sees where a request stands, not what was written about it."""
    return viewer is None or viewer.roles <= {Role.VIEWER}
