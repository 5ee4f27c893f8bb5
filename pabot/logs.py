"""Logs for machines and for a tired person: one line an event, ids only."""

import logging
import re
import sys
import traceback

QUIET = ("slack_bolt", "slack_sdk", "apscheduler", "alembic", "uvicorn", "fontTools", "fpdf")
_NEEDLESS = "As you gave `client` as well, `token` will be unused."  # Bolt finds the token in the environment itself
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


class Quiet(logging.Filter):
    """Libraries are heard from WARNING on. Slack's set the level of their own loggers; at DEBUG they write bodies."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith(QUIET):
            return True
        least = logging.ERROR if record.name.startswith("apscheduler") else logging.WARNING  # a late tick is no news
        return record.levelno >= least and record.getMessage() != _NEEDLESS


def where_it_failed(fault: BaseException) -> str:
    """An error's kind and frames, never its words: messages of libraries may quote what was typed."""
    frames = "".join(traceback.format_tb(fault.__traceback__))
    return f"{type(fault).__module__}.{type(fault).__qualname__}\n{frames}"


def start_logging(level: int = logging.INFO) -> None:
    """Log to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(KeyValues("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.addFilter(Quiet())
    handler.addFilter(NoSecrets())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
