"""The worker's heartbeat: stateless ticks. What is due lives in rows, so a missed tick loses nothing."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from apscheduler.schedulers.background import BackgroundScheduler

from pabot.jobs.deliver import Delivery
from pabot.logs import where_it_failed
from pabot.services.desk import Desk
from pabot.slack.errors import SlackTrouble

log = logging.getLogger(__name__)

DRAIN_S = 120  # the longest that one tick by hand delivers
DELIVER_S, ALARMS_S, DIGEST_S, REVIEW_S, HOUSEKEEPING_S = 0.5, 15, 20, 600, 1800
ABSENCES_S, PRESENCE_S, ACCOUNTS_S = 60, 60, 60


@dataclass(frozen=True, slots=True)
class Jobs:
    """Everything that happens by itself."""

    desk: Desk
    delivery: Delivery

    def run_once(self) -> int:
        """Every job due at this instant, then deliver what it queued. Answers how many messages were tried."""
        self.desk.keep_absences()
        self.look_at_accounts()
        self.desk.raise_alarms()
        self.desk.ask_who_is_in()
        self.desk.queue_digest()
        self.desk.queue_review()
        self.desk.housekeeping()
        return self.delivery.drain(DRAIN_S)

    def look_at_accounts(self) -> None:
        """Whoever is deactivated in Slack leaves the staff list. While Slack is away the rest waits until tomorrow."""
        try:
            for user_id in self.desk.accounts_to_check():
                if self.delivery.slack.is_gone(user_id):
                    self.desk.account_gone(user_id)
        except SlackTrouble as trouble:
            log.warning("accounts could not be looked at", extra={"reason": trouble.reason})

    def scheduler(self) -> BackgroundScheduler:
        """A scheduler without a job store: its ticks may be late, doubled or lost without harm."""
        scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )
        for job, seconds in (
            (self.delivery.run, DELIVER_S),
            (self.desk.raise_alarms, ALARMS_S),
            (self.desk.queue_digest, DIGEST_S),
            (self.desk.queue_review, REVIEW_S),
            (self.desk.housekeeping, HOUSEKEEPING_S),
            (self.desk.keep_absences, ABSENCES_S),
            (self.desk.ask_who_is_in, PRESENCE_S),
            (self.look_at_accounts, ACCOUNTS_S),
        ):
            scheduler.add_job(_guarded(job), "interval", seconds=seconds)
        return scheduler


def _guarded(job: Callable[[], object]) -> Callable[[], None]:
    """A tick that fails is logged; the next one tries again."""

    def tick() -> None:
        try:
            job()
        except Exception as fault:  # the database may be away for a moment; the rows wait
            log.error("tick failed: %s", where_it_failed(fault), extra={"job": getattr(job, "__name__", "job")})

    return tick
