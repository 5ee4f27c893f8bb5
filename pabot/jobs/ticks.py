"""The worker's heartbeat: stateless ticks. What is due lives in rows, so a missed tick loses nothing."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler

from pabot.domain.health import TICKS
from pabot.jobs.deliver import Delivery
from pabot.logs import where_it_failed
from pabot.services.desk import Desk
from pabot.slack.errors import SlackTrouble

log = logging.getLogger(__name__)

DRAIN_S = 120  # the longest that one tick by hand delivers
BETWEEN_BEATS = timedelta(seconds=30)  # ticks are far more frequent than anybody looks


@dataclass(frozen=True, slots=True)
class Jobs:
    """Everything that happens by itself."""

    desk: Desk
    delivery: Delivery
    beats: dict[str, datetime] = field(default_factory=dict)  # the latest that this process noted

    @property
    def ticks(self) -> Mapping[str, Callable[[], object]]:
        """By their names in TICKS, which says how often they run; in the order of a tick by hand."""
        return {
            "absences": self.desk.keep_absences,
            "accounts": self.look_at_accounts,
            "clocks": self.desk.keep_clocks,
            "alarms": self.desk.raise_alarms,
            "approvals": self.desk.keep_approvals,
            "presence": self.desk.ask_who_is_in,
            "updates": self.desk.queue_updates,
            "digest": self.desk.queue_digest,
            "round_up": self.desk.queue_round_ups,
            "renewals": self.desk.remind_of_renewals,
            "review": self.desk.queue_review,
            "report": self.desk.queue_report,
            "housekeeping": self.desk.housekeeping,
            "audit": self.desk.audit,
            "deliver": self.delivery.run,
        }

    def run_once(self) -> int:
        """Every job due at this instant, then deliver what it queued. Answers how many messages were tried."""
        for name in self.ticks:
            if name != "deliver":
                self.run(name)
        tried = self.delivery.drain(DRAIN_S)
        self._beat("deliver")
        return tried

    def look_at_accounts(self) -> None:
        """Whoever is deactivated in Slack leaves the staff list. While Slack is away the rest waits until tomorrow."""
        try:
            for user_id in self.desk.accounts_to_check():
                if self.delivery.slack.is_gone(user_id):
                    self.desk.account_gone(user_id)
        except SlackTrouble as trouble:
            log.warning("accounts could not be looked at", extra={"reason": trouble.reason})

    def scheduler(self) -> BackgroundScheduler:
        """A scheduler without a job store: ticks may be late, doubled or lost without harm. All run at its start."""
        scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )
        start = self.desk.clock.now()
        for name in self.ticks:
            job = _guarded(partial(self.run, name), name)
            scheduler.add_job(job, "interval", seconds=TICKS[name], next_run_time=start)
        return scheduler

    def run(self, name: str) -> object:
        """One tick now, by its name; that it ran well is noted. Answers what the job did."""
        done = self.ticks[name]()
        self._beat(name)
        return done

    def _beat(self, name: str) -> None:
        """Note that a tick ran well; one write for each and half a minute."""
        now, last = self.desk.clock.now(), self.beats.get(name)
        if last is None or not last <= now < last + BETWEEN_BEATS:
            self.desk.beat(name)
            self.beats[name] = now


def _guarded(job: Callable[[], object], name: str) -> Callable[[], None]:
    """A tick that fails is logged; the next one tries again."""

    def tick() -> None:
        try:
            job()
        except Exception as fault:  # the database may be away for a moment; the rows wait
            log.error("tick failed: %s", where_it_failed(fault), extra={"job": name})

    return tick
