"""What a manager sets: the people of the practice, its hours, and how it works."""

from dataclasses import dataclass, field
from datetime import date, time

from pabot.domain.access import Access
from pabot.domain.model import Channel, Role
from pabot.domain.roles import SETTINGS, Policy
from pabot.domain.update_times import Settings as UpdateTimes


@dataclass(frozen=True, slots=True)
class SaveMember:
    """A person of the practice, added or changed by a manager."""

    user_id: str
    name: str
    roles: frozenset[Role]
    npi: str = ""
    cover_id: str | None = None
    away: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True)
class Closure:
    """A date on which the practice is closed, or closes early."""

    on: date
    after: time | None = None  # on the practice's wall; None is the whole day


@dataclass(frozen=True, slots=True)
class PracticeSettings:
    """What a manager sets with `/pa settings`; the rows rule over the environment."""

    timezone: str
    office_hours: str
    holidays: str
    closures: tuple[Closure, ...] = ()
    team_channel: str = ""
    digest_at: str = "08:00"
    update_times: tuple[str, ...] = ("10:00", "15:00")  # when people are reminded of the sweep; none: never
    quiet_hours: str = "19:00-07:00"  # messages that can wait do, then and on closed days; empty: never
    coordinators_submit: bool = True
    coordinators_reopen: bool = False
    coordinators_withdraw_before_submission: bool = False
    billers_close_denials: bool = True
    billers_go_without: bool = False
    payer_owners: tuple[tuple[int, str], ...] = field(default=())
    clinician_owners: tuple[tuple[str, str], ...] = field(default=())
    access: tuple[Access, ...] = ()  # portals: who uses them, and who manages the login
    letterhead: str = ""  # of letters to payers: a line each, the practice's name first
    contact_minutes: tuple[tuple[Channel, int], ...] = ()  # of staff time, where nobody types how long it took
    patient_updates: UpdateTimes = ()  # within what time a patient is told what; else the defaults

    @property
    def policy(self) -> Policy:
        """Which administrative cells of the boundary the practice has moved."""
        return Policy(**{name: getattr(self, name) for name in SETTINGS})
