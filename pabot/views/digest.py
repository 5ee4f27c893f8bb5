"""The morning digest: where work piles up, what is late or due, whom to tell, and how many requests stand where."""

from collections.abc import Iterable, Mapping
from itertools import chain

from slackblocks import (
    AxisConfig,
    BarChart,
    Block,
    DataPoint,
    DataSeries,
    DataTableBlock,
    DataVisualizationBlock,
    RawNumber,
    RawText,
    RichTextBlock,
)

from pabot.domain.cards import SHOWN, Digest, OverdueItem, OwnerShare, OwnersMorning, QueueLine
from pabot.domain.metrics import ENOUGH
from pabot.domain.statuses import MEANINGS, OUTCOME_LABELS, Status
from pabot.views import approvals, lines, parts
from pabot.views.overdue import late_rows
from pabot.views.patients import Surface
from pabot.views.text import Look, Rendered, day
from pabot.views.words import counted, ends

OWNERS = 40  # blocks of owners in one message; Slack takes fifty
Cell = RawText | RawNumber | RichTextBlock
BARS: Mapping[Status, str] = {  # a chart's labels take 20 characters
    Status.NEW: "New",
    Status.REQ_CHECK: "Requirement check",
    Status.DOCS_NEEDED: "Documents needed",
    Status.READY: "Ready to submit",
    Status.SUBMITTED: "Submitted",
    Status.PENDING: "Pending payer",
    Status.ADDL_INFO: "Information asked",
    Status.APPROVED: "Approved",
    Status.DENIED: "Denied",
    Status.CLINICAL_REVIEW: "Clinical review",
    Status.PATIENT_NOTIFIED: "Patient notified",
}


def digest(look: Look, figures: Digest, *, plain: bool = False) -> Rendered:
    """The figures as they are now. `plain` has no chart and no table, for workspaces that refuse them."""
    title = f"Prior authorizations, {day(figures.day)}"
    blocks = [
        parts.header("title", title),
        *([lines.section(look, "digest_missed", "missed", now=figures.now)] if figures.missed else []),
        _first_sentence(look, figures),
        *chain.from_iterable(
            lines.listed(look, name, title, rows, figures.totals.get(name, 0))
            for name, title, rows in _lists(look, figures)
        ),
        *(_counts_in_words(look, figures) if plain else _counts(figures)),
        *_menu(figures),
    ]
    return parts.message(f"{title}: {_in_short(figures)}", blocks)


def _lists(look: Look, of: Digest) -> Iterable[tuple[str, str, list[str]]]:
    """The lists in their order: name, title, rows."""
    yield "breaches", "Late", _clocks(look, of.breaches)
    yield "due_today", "Due today", _clocks(look, of.due_today)
    yield "waiting", "Waiting for a clinician", _requests(of.waiting_for_clinician)
    yield (
        "approvals",
        "Waiting for approval",
        [approvals.row(look, one, of.names, Surface.CHANNEL) for one in of.approvals],
    )
    yield "uncovered", "Expedited over closed days, and no cover named", _uncovered(of)
    yield "to_tell", "Patients to tell", _untold(of.patients_to_tell)
    yield "called_again", "Patients who called again", _requests(of.called_again)
    yield "expiring", "Approvals that run out", _ending(of)


def owners_morning(look: Look, of: OwnersMorning) -> Rendered:
    """In the digest's thread: a block for each owner who has something late or due, a line for all others."""
    busy = [share for share in of.shares if share.items]
    rest = [f"{lines.short(share.owner)} ({share.open})" for share in of.shares if not share.items]
    blocks = [_share(look, index, share) for index, share in enumerate(busy[:OWNERS])]
    left_out = [f"{lines.short(share.owner)} ({share.late} late)" for share in busy[OWNERS:]]
    if rest or left_out or not busy:
        blocks.append(lines.section(look, "digest_others", "others", named=rest, left_out=left_out, busy=len(busy)))
    return parts.message(f"By owner, {day(of.day)}", blocks)


def _share(look: Look, index: int, share: OwnerShare) -> Block:
    rows, more = lines.fitting(_clocks(look, share.items), share.late + share.due)
    return lines.section(
        look,
        "digest_owner",
        f"owner_{index}",
        owner=lines.short(share.owner),
        away=share.away,
        open=share.open,
        late=share.late,
        due=share.due,
        lines=rows,
        more=more,
    )


def _first_sentence(look: Look, figures: Digest) -> Block:
    """Where to look first, and why it may be; or that nothing is late."""
    pile = figures.bottleneck
    return lines.section(
        look,
        "digest",
        "bottleneck",
        status=MEANINGS[pile.status].label if pile.status else "",
        late=pile.late,
        count=pile.count,
        cause=pile.cause,
        days=pile.days,
        enough=pile.days >= ENOUGH,
        usual=pile.usual,
        unassigned=figures.unassigned,
        closed_late=figures.closed_late,
    )


def _counts(figures: Digest) -> list[Block]:
    """A chart and a table of counts: nothing about any one request."""
    counts = _open(figures)
    if not counts:
        return []
    points = [DataPoint(BARS[status], count) for status, count in counts.items()]
    chart = BarChart([DataSeries("Requests", points)], AxisConfig([point.label for point in points]))
    rows: list[list[Cell]] = [[RawText("Status"), RawText("Requests")]]
    rows += [[RawText(MEANINGS[status].label), RawNumber(count, str(count))] for status, count in counts.items()]
    return [
        DataVisualizationBlock("Open requests by status", chart, block_id="chart"),
        DataTableBlock(rows, "Open requests by status", page_size=len(BARS), block_id="counts"),
    ]


def _counts_in_words(look: Look, figures: Digest) -> list[Block]:
    counts = [(MEANINGS[status].label, count) for status, count in _open(figures).items()]
    return [lines.section(look, "digest_counts", "counts", counts=counts)] if counts else []


def _open(figures: Digest) -> dict[Status, int]:
    """The statuses that hold something, in their order."""
    return {status: figures.counts[status] for status in BARS if figures.counts.get(status)}


def _clocks(look: Look, items: Iterable[OverdueItem]) -> list[str]:
    return late_rows(look, items, Surface.CHANNEL)


def _requests(requests: Iterable[QueueLine]) -> list[str]:
    return [
        " · ".join((lines.line(request, Surface.CHANNEL), request.needed, lines.short(request.waits_for)))
        for request in requests
    ]


def _uncovered(figures: Digest) -> list[str]:
    return [
        " · ".join((lines.line(request, Surface.CHANNEL), f"no cover for {' and '.join(map(lines.short, names))}"))
        for request, names in figures.uncovered
    ]


def _untold(requests: Iterable[QueueLine]) -> list[str]:
    """What the patient is to hear, and who tells them: whatever else the request waits for."""
    return [
        " · ".join((lines.line(request, Surface.CHANNEL), _decided(request), lines.short(request.owner)))
        for request in requests
    ]


def _ending(figures: Digest) -> list[str]:
    """Until when each approval holds, what is left of it, and who sees to it."""
    return [
        " · ".join(
            (lines.line(request, Surface.CHANNEL), ends(request.expires_on, figures.day), lines.short(request.owner))
        )
        for request in figures.expiring
        if request.expires_on
    ]


def _decided(request: QueueLine) -> str:
    return OUTCOME_LABELS[request.outcome] if request.outcome else MEANINGS[request.status].label


def _menu(figures: Digest) -> list[Block]:
    """Opens what the digest lists, the most pressing first; searches where it cannot list all."""
    late = [item.line for item in (*figures.breaches, *figures.due_today)]
    asked = [each.line for each in figures.approvals]
    told = [*figures.patients_to_tell, *figures.called_again]
    named = [*late, *figures.waiting_for_clinician, *asked, *told, *figures.expiring]
    cut = any(total > SHOWN for total in figures.totals.values())
    return lines.menu(named, sum(figures.totals.values()) if cut else 0)


def _in_short(figures: Digest) -> str:
    late = counted(_all(figures, "breaches", figures.breaches), "request")
    due = _all(figures, "due_today", figures.due_today)
    return f"{late} late, {due} due today" if figures.breaches else "nothing is late"


def _all(figures: Digest, name: str, named: Iterable[OverdueItem]) -> int:
    """How many requests a list is about, those that it does not name as well."""
    return max(figures.totals.get(name, 0), len({item.line.number for item in named}))
