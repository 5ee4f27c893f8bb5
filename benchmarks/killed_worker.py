"""A delivery worker that may be killed at any instant; `blind` sends again without looking into the history."""

import sys
from dataclasses import dataclass
from datetime import timedelta

from pabot.app import build
from pabot.clock import WallClock
from pabot.jobs.deliver import Delivery
from pabot.settings import load
from pabot.slack.client import slack
from pabot.store.messages import Claimed
from pabot.views.text import Rendered

LEASE = timedelta(seconds=4)  # longer than a call may take here
TIMEOUT_S = 1


@dataclass(frozen=True, slots=True)
class Blind(Delivery):
    """The control: a message whose answer was lost is simply sent again."""

    def _look_for(self, claimed: Claimed, channel: str, thread: str | None) -> str | None:
        return None


def drawn(claimed: Claimed, plain: bool) -> Rendered:
    block = {"type": "section", "block_id": "words", "text": {"type": "mrkdwn", "text": claimed.key}}
    return Rendered(claimed.key, [block])


def main() -> None:
    settings = load()
    pabot = build(settings)
    sender = slack(settings.slack_bot_token, settings.slack_api_url, TIMEOUT_S)
    kind = Blind if "blind" in sys.argv else Delivery
    delivery = kind(pabot.store, sender, WallClock(), drawn, LEASE)
    print("at work", flush=True)
    while True:
        delivery.drain(1)


if __name__ == "__main__":
    main()
