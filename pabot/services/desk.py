"""The desk: every use case of the practice behind one name."""

from pabot.services.absences import Absences
from pabot.services.accounts import Accounts
from pabot.services.approvals import Approvals
from pabot.services.audit import Audit
from pabot.services.contacts import Contacts
from pabot.services.letters import Letters
from pabot.services.library import Library
from pabot.services.library_pages import LibraryPages
from pabot.services.practice import PracticeDesk
from pabot.services.presence import PresenceDesk
from pabot.services.proposals import Proposals
from pabot.services.reading import Reading
from pabot.services.renewals import RenewalDesk
from pabot.services.reports import Reports
from pabot.services.requests import Requests
from pabot.services.reviews import Reviews
from pabot.services.round_up import RoundUps
from pabot.services.sheets import Sheets
from pabot.services.sweep import Sweeps
from pabot.services.upkeep import Upkeep
from pabot.services.wording import Wording


class Desk(
    Requests,
    Contacts,
    Approvals,
    Sweeps,
    Reading,
    Sheets,
    Letters,
    Library,
    LibraryPages,
    Proposals,
    Wording,
    Reviews,
    Reports,
    PracticeDesk,
    Audit,
    Absences,
    PresenceDesk,
    Accounts,
    RenewalDesk,
    RoundUps,
    Upkeep,
):
    """Handlers, jobs, the demo and the command line call nothing else."""

    __slots__ = ()
