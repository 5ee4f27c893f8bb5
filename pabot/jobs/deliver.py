"""Delivery: claim a message, draw it from the present state, send it, settle it.

No lock is held while Slack is called. The lease is longer than a call can take, so that a message is in one hand at a
time; a post whose answer was lost is looked for in the channel's history before it is sent again.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import sleep

from pabot.clock import Clock
from pabot.domain.errors import PabotError, Unavailable
from pabot.jobs.drawing import Drawing, File
from pabot.logs import where_it_failed
from pabot.slack.client import Slack
from pabot.slack.errors import Gone, Permanent, Refused, Retry, SlackTrouble, Unknown
from pabot.store import messages
from pabot.store.messages import Claimed
from pabot.store.store import Store

LEASE = timedelta(seconds=120)  # longer than every call of one delivery together
BETWEEN = timedelta(seconds=1)  # Slack's limit for one channel
PATIENCE = timedelta(minutes=5)  # the longest wait between two tries
SENDERS = 8


class LeaseLost(Exception):
    """The lease ran out while this worker was busy; somebody else has the message now."""


log = logging.getLogger(__name__)
Draw = Callable[[Claimed, bool], Drawing | File | None]


@dataclass(frozen=True, slots=True)
class Delivery:
    """The deliver job. `draw(message, plain)` answers None when there is nothing left to show."""

    store: Store
    slack: Slack
    clock: Clock
    draw: Draw
    lease: timedelta = LEASE

    def run(self) -> int:
        """Send what is due until nothing is. Answers how many were tried."""
        tried = 0
        with ThreadPoolExecutor(SENDERS, thread_name_prefix="sender") as senders:
            while claimed := self._claim():
                list(senders.map(self._deliver, claimed))
                tried += len(claimed)
        return tried

    def drain(self, seconds: float) -> int:
        """Send until nothing waits, resting where Slack's pace asks for it, but no longer than `seconds`."""
        end = self.clock.now() + timedelta(seconds=seconds)
        tried = self.run()
        while (due := self._next_due()) and due <= end:
            sleep(max((due - self.clock.now()).total_seconds(), 0.01))
            tried += self.run()
        return tried

    def _next_due(self) -> datetime | None:
        with self.store.read() as session:
            return messages.next_due(session.connection)

    def _claim(self) -> list[Claimed]:
        with self.store.write() as session:
            return messages.claim(session.connection, self.clock.now(), self.lease, SENDERS)

    def _deliver(self, claimed: Claimed) -> None:
        """One message. Whatever happens to it, the others go on."""
        try:
            self._send(claimed)
        except LeaseLost:
            log.info("lease lost; another worker has the message", extra={"row": claimed.id})
        except Retry as busy:
            at = self.clock.now() + busy.after
            self._again(claimed, at, busy.reason)
            with self.store.write() as session:
                messages.pace(session.connection, claimed.recipient, at)
        except Unknown as lost:
            self._again(claimed, self._later(claimed), lost.reason)
        except Unavailable:  # our own record, and only for a moment
            self._again(claimed, self._later(claimed), "record_unavailable")
        except (SlackTrouble, PabotError) as refused:
            self._park(claimed, refused)
        except Exception as fault:  # a template or a view that fails must not stop the others
            log.error(
                "message could not be drawn: %s",
                where_it_failed(fault),
                extra={"row": claimed.id, "kind": claimed.kind},
            )
            self._park(claimed, fault)

    def _send(self, claimed: Claimed) -> None:
        channel, thread = self._place(claimed), self._thread(claimed)
        ts = claimed.ts or self._look_for(claimed, channel, thread)
        claimed = replace(claimed, ts=ts, posting_since=None)  # now it is known whether it is there
        try:
            drawing = self.draw(claimed, False)
            sent = ts if drawing is None else self._show(claimed, channel, ts, drawing, thread)
        except Refused:
            plainer = self.draw(claimed, True)
            sent = ts if plainer is None else self._show(claimed, channel, ts, plainer, thread)
        now = self.clock.now()
        with self.store.write() as session:
            messages.settle_sent(session.connection, claimed, channel=channel, ts=sent)
            messages.pace(session.connection, claimed.recipient, now + BETWEEN)

    def _place(self, claimed: Claimed) -> str:
        """The channel to write to: a direct message's, or the team's own, which no outsider may read by now."""
        if claimed.recipient.startswith(("U", "W")):
            if claimed.channel:
                return claimed.channel
            channel = self.slack.direct_channel(claimed.recipient)
            with self.store.write() as session:
                messages.place_known(session.connection, claimed, channel)
            return channel
        if self.slack.is_shared_outside(claimed.recipient):
            raise Permanent("channel_is_shared_with_outsiders")
        return claimed.recipient

    def _thread(self, claimed: Claimed) -> str | None:
        """The ts of the message in whose thread it stands; None in the channel, and where that one is not there."""
        if claimed.thread_of is None:
            return None
        with self.store.read() as session:
            return messages.posted_as(session.connection, claimed.thread_of)

    def _look_for(self, claimed: Claimed, channel: str, thread: str | None) -> str | None:
        """The ts of an earlier post whose answer was lost, if it arrived after all."""
        if claimed.posting_since is None:
            return None
        ts = self.slack.find(channel, claimed.marker, claimed.posting_since, thread)
        if ts is None:
            with self.store.write() as session:
                messages.settle_absent(session.connection, claimed)
        return ts

    def _show(
        self, claimed: Claimed, channel: str, ts: str | None, drawing: Drawing | File, thread: str | None
    ) -> str | None:
        if claimed.thread_of and thread is None:  # what it would stand under was not worth saying
            return ts
        if isinstance(drawing, File):
            # No beginning is noted: there is no marker to look for. A lost answer means a second copy, never none.
            self.slack.upload(channel, drawing.name, drawing.title, drawing.text, drawing.content)
            return None
        if ts:
            try:
                return self.slack.update(channel, ts, drawing.text, drawing.blocks, claimed.marker)
            except Gone:
                with self.store.write() as session:
                    messages.settle_gone(session.connection, claimed)
        with self.store.write() as session:
            if not messages.begin_post(session.connection, claimed, self.clock.now()):
                raise LeaseLost
        try:
            return self.slack.post(channel, drawing.text, drawing.blocks, claimed.marker, thread)
        except (Retry, Refused, Permanent):
            with self.store.write() as session:  # Slack said no: it certainly did not arrive
                messages.settle_absent(session.connection, claimed)
            raise

    def _later(self, claimed: Claimed) -> datetime:
        return self.clock.now() + min(timedelta(seconds=2 ** min(claimed.attempts, 8)), PATIENCE)

    def _again(self, claimed: Claimed, at: datetime, reason: str) -> None:
        with self.store.write() as session:
            messages.settle_retry(session.connection, claimed, at=at, error=reason)

    def _park(self, claimed: Claimed, fault: Exception) -> None:
        reason = fault.reason if isinstance(fault, SlackTrouble) else type(fault).__name__
        log.warning("message parked", extra={"row": claimed.id, "kind": claimed.kind, "reason": reason})
        with self.store.write() as session:
            messages.park(session.connection, claimed, reason)
