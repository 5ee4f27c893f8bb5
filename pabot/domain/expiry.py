"""When an approval that runs out is spoken of. Days are calendar days before its last day (domain guide §8.3)."""

from datetime import date, timedelta

from pabot.domain.calendar import PracticeCalendar

DIGEST_DAYS = (30, 7)  # before the last day: the mornings whose digest names it
SOON = max(DIGEST_DAYS)  # what `/pa queue expiring` calls soon


def notice_day(expires_on: date, days: int, calendar: PracticeCalendar) -> date:
    """`days` calendar days before the approval's last day; on a closed day, the last open day before it."""
    return calendar.last_open_day(expires_on - timedelta(days=days))


def is_noticed(expires_on: date, today: date, calendar: PracticeCalendar) -> bool:
    """Whether the digest of `today` names an approval with this last day."""
    return any(notice_day(expires_on, days, calendar) == today for days in DIGEST_DAYS)
