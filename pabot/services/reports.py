"""The weekly report: posted on the week's last open day in the afternoon, counted from the record."""

from datetime import date, time, timedelta

from pabot.domain.calendar import PracticeCalendar
from pabot.domain.cards import WeeklyReport
from pabot.services import telling
from pabot.services.room import Room
from pabot.store import lists, messages
from pabot.store.store import claim_period

AT = time(15)  # practice time (our judgement)
WEEK = timedelta(days=7)


class Reports(Room):
    """Use cases of the weekly report. Each is safe to run by many workers at once, and again after a crash."""

    __slots__ = ()

    def queue_report(self) -> bool:
        """Queue the week's report once, on Friday or the last open day before it. True when this call did."""
        now = self.clock.now()
        with self.store.write() as session:
            calendar, channel = session.practice.calendar, session.practice.settings.team_channel
            local = calendar.local(now)
            due = local.time() >= AT and local.date() == _last_open_day(calendar, local.date())
            monday = _monday(local.date())
            if not channel or not due or not claim_period(session.connection, "weekly_report", str(monday), now):
                return False
            messages.want(
                session.connection,
                key=f"{telling.WEEKLY_REPORT}:{monday}",
                kind=telling.WEEKLY_REPORT,
                recipient=channel,
                subject=str(monday),
                now=now,
            )
            return True

    def weekly_report(self, monday: date) -> WeeklyReport:
        """What happened in the week of that Monday, as the record has it now."""
        now = self.clock.now()
        with self.store.read() as session:
            connection, calendar = session.connection, session.practice.calendar
            since, before = calendar.at(monday, time()), calendar.at(monday + WEEK, time())
            return WeeklyReport(
                monday=monday,
                opened=lists.happened(connection, "created_at", since, before),
                sent=lists.happened(connection, "submitted_at", since, before),
                decided=lists.outcomes(connection, "decided_at", since, before),
                closed=lists.outcomes(connection, "closed_at", since, before),
                open_now=sum(lists.counts(connection).values()),
                late_now=sum(lists.late_counts(connection, now).values()),
            )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _last_open_day(calendar: PracticeCalendar, day: date) -> date:
    """Friday of the week, or the last open day before it."""
    return calendar.last_open_day(_monday(day) + timedelta(days=4))
