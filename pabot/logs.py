"""Logs for machines and for a tired person: one line an event, ids only."""

import logging
import re
import sys

QUIET = ("slack_bolt", "slack_sdk", "apscheduler", "alembic", "uvicorn")
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_SECRET = re.compile(r"xox[abpe]-[\w-]+|xapp-[\w-]+|payload=\S+|(?<=token=)\S+")


class KeyValues(logging.Formatter):
    """`time level logger message key=value …`; what a caller gives as `extra` follows the message."""

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        extra = {name: value for name, value in record.__dict__.items() if name not in _STANDARD}
        return " ".join([line, *(f"{name}={value}" for name, value in sorted(extra.items()))])


class NoSecrets(logging.Filter):
    """The second line of defence: a token or a request's body that slipped into a message is struck out."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        clean = _SECRET.sub("[struck out]", said)
        if clean != said:
            record.msg, record.args = clean, ()
        return True


def start_logging(level: int = logging.INFO) -> None:
    """Log to standard error. Slack's libraries never log below WARNING: at DEBUG they write whole bodies."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(KeyValues("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.addFilter(NoSecrets())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
