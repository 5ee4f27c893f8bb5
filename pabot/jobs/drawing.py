"""Which view draws which queued message. A message is drawn from the facts as they are when it is sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from pabot.domain.cards import AuthorizationCard, OverdueList
from pabot.domain.errors import NotAllowed, NotOnStaff
from pabot.domain.letters import Kind
from pabot.domain.model import Member
from pabot.domain.steps import NoticeKind
from pabot.jobs.letters import keep
from pabot.services import telling
from pabot.services.desk import Desk
from pabot.services.presence import asked_about
from pabot.services.round_up import FEW
from pabot.services.sheets import SEEN
from pabot.store.messages import Claimed
from pabot.views import (
    approvals,
    away,
    health,
    letters,
    messages,
    overdue,
    packet,
    patient_calls,
    payers,
    proposals,
    renewals,
    round_up,
    sweep,
    wording,
)
from pabot.views.digest import digest, owners_morning
from pabot.views.letter import letter_file
from pabot.views.patients import Surface, identity
from pabot.views.report import weekly_report
from pabot.views.submission_sheet import sheet_file
from pabot.views.text import File, Look
from pabot.views.text import Rendered as Drawing

__all__ = ["Drawing", "File", "painter"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A message to be drawn: for whom, about what, whether without charts, and whether it was ever posted."""

    desk: Desk
    look: Look
    recipient: str
    subject: str
    number: int  # the request it is about; 0 for a list
    plain: bool
    posted: bool

    @property
    def viewer(self) -> Member:
        """Raises NotOnStaff when the person has left: then the message is kept as undelivered."""
        member = self.desk.directory().get(self.recipient)
        if member is None:
            raise NotOnStaff("That person is not on the staff list any more.")
        return member

    @property
    def card(self) -> AuthorizationCard:
        """The request in question, as the recipient may see it; without identity, so that no view is recorded."""
        return self.desk.card(int(self.subject.partition(":")[0]), actor=self.viewer)

    @property
    def child(self) -> str:
        """What the message is about within its request: a denial, a question, a save."""
        return self.subject.partition(":")[2]

    @property
    def day(self) -> date:
        return date.fromisoformat(self.subject)


Draw = Callable[[Sheet], Drawing | File | None]


def painter(desk: Desk, look: Look) -> Callable[[Claimed, bool], Drawing | File | None]:
    """What the deliver job draws with. The second argument asks for a message without charts and tables."""

    def draw(claimed: Claimed, plain: bool) -> Drawing | File | None:
        posted = claimed.ts is not None or claimed.posting_since is not None
        here = replace(look, zone=desk.zone, worded=desk.worded)  # managers may have changed both
        if _has_left(desk, claimed.recipient):
            return messages.left() if posted else None
        return DRAWN[claimed.kind](
            Sheet(desk, here, claimed.recipient, claimed.subject, claimed.authorization or 0, plain, posted)
        )

    return draw


def _has_left(desk: Desk, recipient: str) -> bool:
    """Whether this is a person who no longer works here; a channel never leaves."""
    member = desk.directory().get(recipient)
    return member is not None and not member.active


def _overdue_owner(sheet: Sheet) -> Drawing | None:
    late = sheet.desk.overdue_at(sheet.recipient, datetime.fromisoformat(sheet.subject))
    return overdue.overdue_owner(sheet.look, late) if _worth_saying(sheet, late) else None


def _overdue_clinician(sheet: Sheet) -> Drawing | None:
    late = sheet.desk.overdue_for(sheet.recipient, sheet.day)
    return overdue.overdue_clinician(sheet.look, late) if _worth_saying(sheet, late) else None


def _overdue_managers(sheet: Sheet) -> Drawing | None:
    late = sheet.desk.overdue_for_managers(sheet.day)
    return overdue.overdue_managers(sheet.look, late, sheet.desk.names()) if _worth_saying(sheet, late) else None


def _escalated_today(sheet: Sheet) -> Drawing | None:
    late = sheet.desk.escalated_on(sheet.day)
    return overdue.escalated_today(sheet.look, late) if _worth_saying(sheet, late) else None


def _instruction(sheet: Sheet) -> Drawing | None:
    """What is carried out already needs no telling."""
    card = sheet.card
    if card.state.decision_is_carried_out and not sheet.posted:
        return None
    return messages.instruction(sheet.look, card, int(sheet.child))


def _patient_called(sheet: Sheet) -> Drawing:
    return patient_calls.called(sheet.look, sheet.card, sheet.viewer, int(sheet.child))


def _submission_sheet(sheet: Sheet) -> File | None:
    """Nothing for somebody who may not prepare submissions any more."""
    number, viewer = int(sheet.subject.partition(":")[0]), sheet.viewer
    try:
        card = sheet.desk.sheet_for_file(number, actor=viewer, seen=sheet.child == SEEN)
    except NotAllowed:
        return None
    return sheet_file(sheet.look, card, sheet.desk.directory(), viewer)


def _letter(sheet: Sheet) -> File | Drawing | None:
    """Into the person's messages, or into the practice's folder. Nothing for somebody who may not file any more."""
    number, kind, seen, moment = sheet.subject.split(":")
    folder, viewer, desk = sheet.look.letter_folder, sheet.viewer, sheet.desk
    try:
        card = desk.letter_for_file(int(number), actor=viewer, seen=seen == SEEN, to_folder=folder is not None)
    except NotAllowed:
        return None
    surface = Surface.FOLDER if folder else Surface.LETTER
    who = identity(card.patient, surface, viewer, sheet.look.privacy)
    file = letter_file(sheet.look, card, desk.directory(), desk.settings().letterhead, who, Kind(kind))
    return letters.kept(sheet.look, int(number), file, keep(folder, file, moment)) if folder else file


def _proposal(sheet: Sheet) -> Drawing:
    found = sheet.desk.proposal(int(sheet.subject), actor=sheet.viewer)
    return proposals.message(sheet.look, found, sheet.viewer, sheet.desk.directory())


def _words(sheet: Sheet) -> Drawing:
    found = sheet.desk.words_proposal(int(sheet.subject), actor=sheet.viewer)
    about = sheet.desk.card(found.number, actor=sheet.viewer) if found.number else None
    return wording.message(sheet.look, found, about, sheet.viewer, sheet.desk.directory())


def _newer(sheet: Sheet) -> Drawing | None:
    kept, requests = sheet.desk.newer_for(int(sheet.subject), sheet.recipient)
    return proposals.newer(sheet.look, kept, requests) if sheet.posted or requests else None


def _library_review(sheet: Sheet) -> Drawing | None:
    """Nothing when somebody has seen to all of it meanwhile."""
    review = sheet.desk.review(sheet.day)
    return payers.review(sheet.look, review) if sheet.posted or review.lines else None


def _digest(sheet: Sheet) -> Drawing | None:
    """Nothing on a later day: that one has a digest of its own."""
    figures = sheet.desk.digest(sheet.day)
    if not sheet.posted and sheet.look.date(figures.now) > sheet.day:
        return None
    return digest(sheet.look, figures, plain=sheet.plain)


def _digest_owners(sheet: Sheet) -> Drawing | None:
    """Nothing where nobody has anything."""
    morning = sheet.desk.owners_morning(sheet.day)
    return owners_morning(sheet.look, morning) if sheet.posted or morning.shares else None


def _faults(sheet: Sheet) -> Drawing | None:
    """Nothing when all of it was mended before it could be told."""
    report = sheet.desk.faults(sheet.day)
    return health.faults(sheet.look, report) if sheet.posted or report.lines else None


def _running_out(sheet: Sheet) -> Drawing | None:
    """Nothing when all of it was seen to before it was sent."""
    items = sheet.desk.running_out(sheet.recipient, sheet.day)
    return renewals.reminder(sheet.look, items, sheet.day) if sheet.posted or items else None


def _round_up(sheet: Sheet) -> Drawing | None:
    """Nothing when only a few wait by then; nor on a later day: that one has a round-up of its own."""
    page = sheet.desk.round_up(sheet.recipient)
    day, _, _ = sheet.subject.partition(":")
    is_news = page.total > FEW and sheet.look.date(page.now) == date.fromisoformat(day)
    return round_up.message(sheet.look, page) if sheet.posted or is_news else None


def _hand_over(sheet: Sheet) -> Drawing | None:
    """Nothing when they were back before it was sent."""
    over = sheet.desk.hand_over(int(sheet.subject), cover=sheet.recipient)
    return away.hand_over(sheet.look, over) if sheet.posted or not over.over else None


def _inherited(sheet: Sheet) -> Drawing | None:
    """Nothing when somebody else has all of it by now."""
    user_id, _, numbers = sheet.subject.partition(":")
    over = sheet.desk.inherited(user_id, [int(number) for number in numbers.split(",")], heir=sheet.recipient)
    return away.hand_over(sheet.look, over) if sheet.posted or over.total else None


def _is_in(sheet: Sheet) -> Drawing:
    day, silent = asked_about(sheet.subject)
    asked = [sheet.desk.presence(user_id, day) for user_id in silent if user_id != sheet.recipient]
    return away.who_is_in(sheet.look, asked)


def _approvals(sheet: Sheet) -> Drawing | None:
    """Nothing when a newer message tells all of it, or all was answered before it was sent."""
    asked = sheet.desk.asked_list(sheet.viewer, sheet.subject)
    wanted = asked.is_newest and asked.items
    return approvals.message(sheet.look, asked, sheet.viewer) if sheet.posted or wanted else None


def _approval_answer(sheet: Sheet) -> Drawing:
    found = sheet.desk.answered(int(sheet.subject), reader=sheet.viewer)
    return approvals.answered(sheet.look, found, sheet.desk.names())


def _update(sheet: Sheet) -> Drawing | None:
    """Nothing once all was asked, or when its time has passed."""
    found = sheet.desk.update(sheet.subject, reader=sheet.viewer)
    return sweep.update(sheet.look, found) if sheet.posted or (found.due and not found.over) else None


def _account_gone(sheet: Sheet) -> Drawing:
    user_id, _, held = sheet.subject.partition(":")
    return away.account_gone(sheet.look, sheet.desk.directory().name(user_id), int(held))


def _worth_saying(sheet: Sheet, late: OverdueList) -> bool:
    """An all-clear is news only to somebody who was alarmed."""
    return sheet.posted or bool(late.items or late.approvals)


DRAWN: Mapping[str, Draw] = {
    NoticeKind.DECISION: lambda sheet: messages.decision(sheet.look, sheet.card, sheet.viewer, int(sheet.child)),
    NoticeKind.CLOSING: lambda sheet: messages.closing(sheet.look, sheet.card, sheet.viewer, int(sheet.child)),
    NoticeKind.QUESTION: lambda sheet: messages.question(sheet.look, sheet.card, sheet.viewer, int(sheet.child)),
    NoticeKind.PATIENT_CALLED: lambda sheet: patient_calls.called(
        sheet.look, sheet.card, sheet.viewer, int(sheet.child)
    ),
    NoticeKind.CALL_ANSWERED: lambda sheet: patient_calls.answered(sheet.look, sheet.card, int(sheet.child)),
    NoticeKind.ATTEST: lambda sheet: messages.attest(sheet.look, sheet.card, sheet.viewer),
    NoticeKind.INSTRUCTION: _instruction,
    NoticeKind.ANSWERED: lambda sheet: messages.answered(sheet.look, sheet.card, int(sheet.child)),
    NoticeKind.SENT_ON: lambda sheet: messages.sent_on(sheet.look, sheet.card, int(sheet.child)),
    NoticeKind.CALL: lambda sheet: messages.call(sheet.look, sheet.card, int(sheet.child)),
    NoticeKind.RETURNED: lambda sheet: messages.returned(sheet.look, sheet.card, sheet.child),
    NoticeKind.NEED: lambda sheet: messages.need(sheet.look, sheet.card, sheet.child),
    NoticeKind.ASSIGNED: lambda sheet: messages.assigned(sheet.look, sheet.card, sheet.child),
    NoticeKind.DOCUMENTS: lambda sheet: packet.asked(sheet.look, sheet.card, sheet.viewer, int(sheet.child)),
    NoticeKind.PROVIDED: lambda sheet: packet.answered(sheet.look, sheet.card, sheet.child),
    NoticeKind.UNASSIGNED: lambda sheet: messages.unassigned(sheet.look, sheet.desk.unassigned(actor=sheet.viewer)),
    telling.APPROVALS: _approvals,
    telling.APPROVAL_ANSWER: _approval_answer,
    telling.PROPOSAL: _proposal,
    telling.PROPOSAL_DECIDED: _proposal,
    telling.WORDS: _words,
    telling.WORDS_DECIDED: _words,
    telling.NEWER_CHECKLIST: _newer,
    telling.LIBRARY_REVIEW: _library_review,
    telling.OVERDUE_OWNER: _overdue_owner,
    telling.OVERDUE_CLINICIAN: _overdue_clinician,
    telling.OVERDUE_MANAGER: _overdue_managers,
    telling.ESCALATED_TODAY: _escalated_today,
    telling.SHEET: _submission_sheet,
    telling.LETTER: _letter,
    telling.WEEKLY_REPORT: lambda sheet: weekly_report(sheet.look, sheet.desk.weekly_report(sheet.day)),
    telling.DIGEST: _digest,
    telling.DIGEST_OWNERS: _digest_owners,
    telling.FAULTS: _faults,
    telling.RUNNING_OUT: _running_out,
    telling.ROUND_UP: _round_up,
    telling.HAND_OVER: _hand_over,
    telling.INHERITED: _inherited,
    telling.WELCOME_BACK: lambda sheet: away.welcome_back(sheet.look, sheet.desk.welcome(int(sheet.subject))),
    telling.UPDATE: _update,
    telling.IS_IN: _is_in,
    telling.ACCOUNT_GONE: _account_gone,
}
