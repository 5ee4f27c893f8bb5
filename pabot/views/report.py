"""The weekly report for the team's channel: counts only, nothing about any one request."""

from collections.abc import Mapping
from datetime import timedelta

from pabot.domain.cards import WeeklyReport
from pabot.domain.statuses import OUTCOME_LABELS, Outcome
from pabot.views import lines, parts
from pabot.views.text import Look, Rendered, day


def weekly_report(look: Look, week: WeeklyReport) -> Rendered:
    """The week in numbers."""
    span = f"{day(week.monday)} to {day(week.monday + timedelta(days=4))}"
    said = lines.section(
        look,
        "weekly_report",
        "week",
        opened=week.opened,
        sent=week.sent,
        decided=_by_outcome(week.decided),
        closed=_by_outcome(week.closed),
        open_now=week.open_now,
        late_now=week.late_now,
    )
    return parts.message(f"The week in numbers, {span}", [parts.header("title", f"The week in numbers, {span}"), said])


def _by_outcome(counts: Mapping[Outcome, int]) -> str:
    """`5: 3 approved, 2 denied`; nothing when there were none."""
    told = [f"{counts[outcome]} {label}" for outcome, label in OUTCOME_LABELS.items() if counts.get(outcome)]
    return f"{sum(counts.values())}: {', '.join(told)}" if told else ""
