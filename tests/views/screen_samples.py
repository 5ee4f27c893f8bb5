"""Screens of one invented request at several moments of its life, and lists of a few."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import appeal_samples
import library_samples
import sweep_samples
import wording_samples
from message_samples import BEA, CORA, IDA, LOOK, NAMES, NOW, OTTO, PATIENT, approval, card, line

from pabot.domain.cards import (
    AskedLine,
    AuthorizationCard,
    HomeBoard,
    Privacy,
    QueueLine,
    QueuePage,
    TimelineEntry,
    WeeklyReport,
)
from pabot.domain.deadlines import Clock, Deadline
from pabot.domain.decide import STEPS_BY_KIND
from pabot.domain.documents import Document, DocumentState, ItemKind, Supplier
from pabot.domain.happenings import Asked, Caller, Reached
from pabot.domain.model import (
    Attempt,
    Category,
    Channel,
    Member,
    PatientCall,
    PatientUpdate,
    Role,
    ServiceLine,
    ToldBy,
    Update,
)
from pabot.domain.orders import Medication, Therapy
from pabot.domain.rules import Directory
from pabot.domain.statuses import Outcome, Status
from pabot.domain.updates import Waiting
from pabot.views import card as cards
from pabot.views import help as helps
from pabot.views import home, library, payers, problem, proposals, queue, submission_sheet
from pabot.views.report import weekly_report
from pabot.views.text import Look

WEEK = WeeklyReport(date(2026, 11, 16), 14, 11, {Outcome.APPROVED: 7, Outcome.DENIED: 2}, {Outcome.APPROVED: 6}, 42, 3)
MINIMUM = replace(LOOK, privacy=Privacy.MINIMUM)
MAX = Member("U0MAX", "Max Tiller", frozenset({Role.MANAGER}))
STAFF = Directory({member.user_id: member for member in (CORA, IDA, OTTO, BEA)})
FAY = Member("U0FAY", "Fay Front", frozenset({Role.VIEWER}))
HELP = (("/pa show 1042", "See one request"), ("/pa queue [status, payer or <person>]", "All open requests, or some"))

DOUBTS = (
    "One of the diagnoses is not in the ICD-10-CM release of April 2026. Dr. Ida Voss can name the right one; "
    "others change it only as a clinician directs. It is saved as typed.",
)


def entry(
    minutes_ago: int, kind: str, after: Status | None = None, *, by: Member = CORA, **detail: Any
) -> TimelineEntry:
    at = NOW - timedelta(minutes=minutes_ago)
    return TimelineEntry(at, by.name, kind, Status.READY, after, detail, f"save-{minutes_ago}")


def pending(**changed: Any) -> AuthorizationCard:
    """With the payer, a follow-up late, the answer due on Wednesday."""
    sent = NOW - timedelta(days=5)
    usual: dict[str, Any] = {
        "status": Status.PENDING,
        "denial": None,
        "question": None,
        "submitted_at": sent,
        "submitted_by_channel": Channel.PORTAL,
        "acknowledged_at": sent,
        "tracking_number": "NW_20_118",
        "expected_on": date(2026, 11, 25),
        "expected_source": "standard window, 7 calendar days",
        "lines": (ServiceLine(1, "K0856", "NU"), ServiceLine(2, "E2361", "", 2)),
    }
    late = Deadline(
        Clock.FOLLOW_UP,
        NOW - timedelta(hours=5),
        "bd",
        sent,
        "practice",
        "the next check with the payer, set for Nov 23",
    )
    left = Deadline(
        Clock.PAYER_RESPONSE,
        NOW + timedelta(days=2),
        "cd",
        sent,
        "default",
        "payer's standard window, 7 calendar days from receipt on Nov 18 (default, verify: CMS-0057-F)",
    )
    steps = ("record_approval", "record_denial", "record_information_request", "log_contact", "send_again")
    history = (
        replace(entry(60, "log_contact", result="Fax number is wrong"), in_error=True),
        entry(120, "submit", Status.SUBMITTED, channel="portal", tracking_number="NW_20_118"),
        entry(180, "assign", to=CORA.user_id, note="You know them."),
    )
    made = card(**{**usual, **changed})
    return replace(made, clocks=(late, left), steps=(*steps, "assign", "withdraw"), timeline=history, older=12)


def told() -> AuthorizationCard:
    update = PatientUpdate(4, Outcome.APPROVED, NOW - timedelta(hours=1), CORA.user_id, "phone")
    approved = pending(
        status=Status.PATIENT_NOTIFIED,
        outcome=Outcome.APPROVED,
        decided_at=NOW - timedelta(hours=3),
        authorization_number="A-9",
        effective_on=date(2026, 11, 23),
        expires_on=date(2027, 5, 23),
        patient_update=update,
    )
    return replace(approved, steps=("close",), correctable="save-7")


def called() -> AuthorizationCard:
    """Two calls of late; the clinical question waits for the clinician, and nobody could be told yet."""
    first = PatientCall(1, NOW - timedelta(days=1), Caller.PATIENT, Asked.STATUS, "", True, CORA.user_id)
    asked = (Caller.REPRESENTATIVE, Asked.QUESTION, "May she drive?", False)
    second = PatientCall(2, NOW - timedelta(hours=2), *asked, CORA.user_id, IDA.user_id)
    tried = Attempt(1, Update.DELAYED, NOW, CORA.user_id, ToldBy.PHONE, Reached.LEFT_WORD, date(2026, 11, 24), 2)
    waits = Waiting(Update.DELAYED, NOW, NOW, "bd", "", tries=2)
    made = replace(pending(calls=(first, second), attempt=tried), waits=waits, called_lately=2)
    return replace(made, steps=("log_contact", "tell_patient", "patient_called"))


def with_every_step() -> AuthorizationCard:
    steps = tuple(STEPS_BY_KIND)
    asked = Document(
        1, "Visit note", ItemKind.CLINICAL, True, Supplier.CLINICIAN, state=DocumentState.REQUESTED,
        asked_of=IDA.user_id, asked_at=NOW,
    )  # fmt: skip
    made = card(urgency_proposed=True, documents=(asked,))
    return replace(made, steps=steps, correctable="save-1", newer=library_samples.kept())


def gathering() -> AuthorizationCard:
    """The packet half in: asked for, received, waived, too old, cannot be had."""
    there = {"state": DocumentState.RECEIVED, "by": CORA.user_id, "at": NOW - timedelta(days=1)}
    documents = (
        Document(1, "Signed order", ItemKind.FORM, True, Supplier.CLINICIAN, 180, location="Chart, *Orders*", **there),
        Document(
            2, "Visit note", ItemKind.CLINICAL, True, Supplier.CLINICIAN, 45, state=DocumentState.REQUESTED,
            asked_of=IDA.user_id, asked_at=NOW - timedelta(hours=3), at=NOW - timedelta(hours=3),
        ),
        Document(3, "Home assessment", ItemKind.OTHER, True, Supplier.FACILITY, waived_by=MAX.user_id),
        Document(4, "Sleep study", ItemKind.CLINICAL, True, Supplier.PATIENT, reason="Never <made>"),
        Document(5, "Photo of the doorway", ItemKind.OTHER, False, Supplier.PATIENT),
    )  # fmt: skip
    made = card(
        status=Status.DOCS_NEEDED,
        denial=None,
        question=None,
        documents=documents,
        asks="facility",
        checklist_version_id=7,
    )
    steps = ("record_documents", "request_documents", "check_requirement", "assign")
    reported = library_samples.NEEDED.reported
    return replace(made, steps=steps, checklist=library_samples.kept(), newer=library_samples.kept(), reported=reported)


def known(made: AuthorizationCard) -> AuthorizationCard:
    """The same where the library knows the payer, its checklist and a sentence for the patient."""
    words = "Your plan usually answers within *7* days; we check every other business day."
    body = replace(library_samples.CHAIRS, patient_words=words)
    return replace(made, checklist=library_samples.kept(body), contacts=library_samples.CONTACTS)


def to_send() -> AuthorizationCard:
    made = card(status=Status.READY, denial=None, question=None, requested_to=date(2027, 3, 1))
    return known(replace(made, steps=("submit", "record_documents", "assign"), sheet=True))


def ordered() -> AuthorizationCard:
    """A medication that goes by its name, for a therapy of so many visits."""
    medication = Medication("Adalimumab", "40 mg/0.4 mL", 2, 28, "00000-1111-22")
    return pending(
        category=Category.MEDICATION, lines=(), medication=medication, therapy=Therapy(12, "Twice a week", 1)
    )


def a_page(
    *lines: QueueLine, page: int = 1, pages: int = 1, query: str = "", title: str = "All open requests"
) -> QueuePage:
    return QueuePage(title, lines, 10 * (pages - 1) + len(lines), page, pages, query, NOW)


def ten() -> tuple[QueueLine, ...]:
    sent = {"submitted_at": NOW - timedelta(days=9), "expected_on": date(2026, 11, 20), "status": Status.PENDING}
    return tuple(line(1042 + index, expedited=index == 0, **(sent if index % 2 else {})) for index in range(10))


def awaited() -> QueueLine:
    own = "Your plan usually answers within 7 days."
    return line(1042, status=Status.PENDING, submitted_at=NOW - timedelta(days=2), patient_words=own)


def board(member: Member) -> HomeBoard:
    mine = a_page(line(1043, status=Status.PENDING, needed="Follow up with the payer"), title="Your work")
    windowed = line(1042, legal_at=NOW + timedelta(days=9))
    waiting = a_page(windowed, title="Waiting for you")
    nobodys = a_page(line(1050, owner="nobody", waits_for="nobody"), title="Nobody has these")
    undelivered = ("decision to Dr. Ida Voss: channel_not_found",)
    manages = member.is_(Role.MANAGER)
    return HomeBoard(member, waiting, mine, nobodys if manages else None, undelivered if manages else (), NOW)


def asked(**changed: Any) -> AuthorizationCard:
    """Its withdrawal waits for approval."""
    return replace(pending(), approvals=(approval(**changed),), asks=("withdraw", "send_again"))


def view_of(look: Look, made: AuthorizationCard, viewer: Member) -> dict[str, Any]:
    drawn = cards.card_message(look, made, viewer)
    return {"text": drawn.text, "blocks": drawn.blocks}


def rendered(drawn: Any) -> dict[str, Any]:
    return {"text": drawn.text, "blocks": drawn.blocks}


SCREENS: dict[str, Callable[[], dict[str, Any]]] = {
    "card_pending": lambda: view_of(MINIMUM, pending(), CORA),
    "card_pending_modal": lambda: cards.card_modal(MINIMUM, pending(), CORA),
    "card_pending_full": lambda: view_of(LOOK, pending(), CORA),
    "card_front_desk": lambda: view_of(LOOK, replace(pending(), steps=(), clocks=()), FAY),
    "card_doubtful": lambda: view_of(MINIMUM, replace(pending(), warnings=DOUBTS), CORA),
    "card_denied": lambda: view_of(MINIMUM, card(outcome=Outcome.DENIED, decided_at=NOW - timedelta(days=2)), IDA),
    "card_contested": lambda: view_of(
        MINIMUM, appeal_samples.contested(appeal=appeal_samples.UPHELD, peer_to_peer=appeal_samples.CALL), CORA
    ),
    "card_last_level": lambda: view_of(MINIMUM, appeal_samples.at_the_end(), IDA),
    "card_sent_on": lambda: view_of(MINIMUM, appeal_samples.forwarded(), CORA),
    "card_to_send": lambda: view_of(MINIMUM, to_send(), CORA),
    "card_with_the_payer": lambda: view_of(MINIMUM, known(pending()), CORA),
    "card_with_the_payer_front_desk": lambda: view_of(MINIMUM, replace(known(pending()), steps=()), FAY),
    "card_gathering": lambda: view_of(MINIMUM, gathering(), CORA),
    "card_medication": lambda: view_of(MINIMUM, ordered(), CORA),
    "card_asked": lambda: view_of(MINIMUM, asked(), CORA),
    "card_asked_of": lambda: view_of(MINIMUM, asked(), IDA),
    "card_asked_of_nobody": lambda: view_of(MINIMUM, asked(asked_of=None, due_at=None), MAX),
    "card_called": lambda: view_of(MINIMUM, called(), CORA),
    "card_called_front_desk": lambda: view_of(MINIMUM, replace(called(), steps=("patient_called",)), FAY),
    "card_told": lambda: view_of(MINIMUM, told(), CORA),
    "card_every_step": lambda: view_of(MINIMUM, with_every_step(), BEA),
    "queue_patient_words": lambda: rendered(queue.list_message(MINIMUM, a_page(awaited()))),
    "queue_first_page": lambda: rendered(queue.list_message(MINIMUM, a_page(*ten(), pages=3, query="pending"))),
    "queue_second_page": lambda: queue.list_modal(MINIMUM, a_page(*ten(), page=2, pages=3, query="pending")),
    "queue_empty": lambda: rendered(queue.list_message(MINIMUM, a_page())),
    "home_coordinator": lambda: home.home_view(MINIMUM, board(CORA)),
    "home_asked": lambda: home.home_view(
        LOOK, replace(board(MAX), approvals=(AskedLine(approval(), line()),), names=NAMES)
    ),
    "home_manager": lambda: home.home_view(LOOK, board(MAX)),
    "home_front_desk": lambda: home.home_view(
        LOOK, replace(board(FAY), mine=a_page(title="Your work"), waiting=a_page(title="Waiting for you"))
    ),
    "help": lambda: rendered(helps.help_message(MINIMUM, HELP)),
    "help_modal": lambda: helps.help_modal(MINIMUM, HELP),
    "card_with_sheet": lambda: cards.card_modal(MINIMUM, replace(pending(), sheet=True), CORA),
    "sheet": lambda: submission_sheet.sheet_modal(MINIMUM, pending(), STAFF, CORA),
    "sheet_full": lambda: submission_sheet.sheet_modal(LOOK, pending(), STAFF, CORA),
    "sheet_asked": lambda: submission_sheet.sheet_modal(MINIMUM, pending(), STAFF, CORA, asked=True),
    "check_needed": lambda: rendered(library.answer_message(MINIMUM, [library_samples.NEEDED], CORA)),
    "check_not_needed": lambda: library.answer_modal(
        MINIMUM, [library_samples.NOT_NEEDED, library_samples.NEEDED], CORA
    ),
    "check_taken_off": lambda: rendered(library.answer_message(MINIMUM, [library_samples.TAKEN_OFF], CORA)),
    "check_unknown": lambda: rendered(library.answer_message(MINIMUM, [library_samples.UNKNOWN], CORA)),
    "check_front_desk": lambda: rendered(library.answer_message(MINIMUM, [library_samples.UNKNOWN], FAY)),
    "payers": lambda: rendered(payers.payers_message(MINIMUM, library_samples.PAYERS)),
    "payers_none": lambda: payers.payers_modal(MINIMUM, library_samples.NO_PAYERS),
    "payer": lambda: payers.payer_modal(MINIMUM, library_samples.PAYER, MAX),
    "payer_front_desk": lambda: payers.payer_modal(MINIMUM, library_samples.PAYER, FAY),
    "checklist": lambda: payers.checklist_modal(MINIMUM, library_samples.CHECKLIST, CORA),
    "proposal": lambda: rendered(proposals.message(MINIMUM, library_samples.PROPOSAL, MAX, library_samples.STAFF)),
    "proposal_to_sign": lambda: proposals.modal(MINIMUM, library_samples.PROPOSAL, IDA, library_samples.STAFF),
    "proposal_of_its_author": lambda: proposals.modal(MINIMUM, library_samples.PROPOSAL, CORA, library_samples.STAFF),
    "proposal_decided": lambda: proposals.modal(MINIMUM, library_samples.REFUSED, CORA, library_samples.STAFF),
    "newer_checklist": lambda: rendered(
        proposals.newer(MINIMUM, library_samples.kept(), [line(1042), line(1043, status=Status.PENDING)])
    ),
    "library_review": lambda: rendered(payers.review(MINIMUM, library_samples.REVIEW)),
    "library_review_done": lambda: rendered(payers.review(MINIMUM, library_samples.NO_REVIEW)),
    "weekly_report": lambda: rendered(weekly_report(MINIMUM, WEEK)),
    "weekly_report_quiet": lambda: rendered(weekly_report(MINIMUM, replace(WEEK, decided={}, closed={}, late_now=0))),
    **wording_samples.SCREENS,
    **sweep_samples.screens(lambda: known(pending())),
    "my_work_to_sweep": lambda: rendered(
        queue.list_message(MINIMUM, replace(a_page(*ten(), pages=3, query="mine", title="My work"), to_sweep=23))
    ),
    "home_to_sweep": lambda: home.home_view(MINIMUM, replace(board(CORA), to_sweep=23)),
    "problem": lambda: rendered(problem.problem_message("PA-9 was not found.")),
    "problem_modal": lambda: problem.problem_modal("PA-9 was not found."),
}
PATIENT_SECRETS = (PATIENT.first_name, PATIENT.last_name, PATIENT.member_id, PATIENT.chart_number, "1961")
