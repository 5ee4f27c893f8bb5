"""What a call to Slack can come to, besides success. The deliver job knows nothing else of Slack's errors."""

from datetime import timedelta


class SlackTrouble(Exception):
    """A call that did not succeed; `reason` is Slack's word for it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Retry(SlackTrouble):
    """Certainly not done; try again after a while."""

    def __init__(self, reason: str, after: timedelta) -> None:
        super().__init__(reason)
        self.after = after


class Unknown(SlackTrouble):
    """It may have been done: the answer was lost."""


class Gone(SlackTrouble):
    """The message that was to be changed is no more."""


class Refused(SlackTrouble):
    """The blocks are not to this workspace's taste; a plainer message may be."""


class Permanent(SlackTrouble):
    """It will not work until somebody mends something."""
