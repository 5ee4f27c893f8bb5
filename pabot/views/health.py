"""What managers read of the bot's own health."""

from collections.abc import Mapping

from pabot.domain.health import FaultLine, FaultReport
from pabot.views import lines, parts
from pabot.views.patients import Surface
from pabot.views.text import Look, Rendered, day

NAMED = 12  # faults in one message
MENDED = "What was found is mended"


def faults(look: Look, report: FaultReport) -> Rendered:
    """The message of a day to managers: what was found and still stands, or that all is mended."""
    total = len(report.lines)
    named = [_named(line) for line in report.lines[:NAMED]]
    section = lines.section(
        look, "faults", "faults", total=total, faults=named, more=total - len(named), day=day(report.day)
    )
    requests = [line.request for line in report.lines if line.request]
    text = _in_short(total) if total else MENDED
    return parts.message(text, [section, *lines.menu(requests)])


def _in_short(total: int) -> str:
    return "One thing is not as it should be" if total == 1 else f"{total} things are not as they should be"


def _named(line: FaultLine) -> Mapping[str, str]:
    about = lines.line(line.request, Surface.DM) if line.request else line.fault.about or line.fault.subject
    return {"kind": line.fault.kind.value, "about": about}
