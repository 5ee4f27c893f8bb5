"""Changes of checklists: the proposal with its differences, and the news of a newer version."""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

from slackblocks import Block, Element

from pabot.domain.answers import Kept
from pabot.domain.cards import QueueLine
from pabot.domain.model import Member
from pabot.domain.proposals import Proposal, ProposalState, approvers, cosigners
from pabot.domain.requirements import LINE_OF_BUSINESS_LABELS
from pabot.domain.rules import Directory
from pabot.domain.statuses import BEFORE_SUBMISSION
from pabot.views import lines, parts
from pabot.views.ids import Hint, Id
from pabot.views.patients import Surface
from pabot.views.text import Look, Mrkdwn, Rendered, clean, safe

ROW, PAGES = 400, 40  # characters of a change on one line, and sections: Slack takes no more than 50 blocks


def message(look: Look, proposal: Proposal, viewer: Member, staff: Directory) -> Rendered:
    """To whoever may approve or co-sign it, and to its author when it is decided."""
    text = parts.joined(("Checklist change", proposal.body.service, proposal.payer))
    return parts.message(text, _blocks(look, proposal, viewer, staff))


def modal(look: Look, proposal: Proposal, viewer: Member, staff: Directory) -> dict[str, Any]:
    """The same on a screen of its own."""
    return parts.modal("Proposed change", _blocks(look, proposal, viewer, staff))


def newer(look: Look, kept: Kept, requests: Sequence[QueueLine]) -> Rendered:
    """The owner reads which of their open requests keep an earlier version."""
    before = [request for request in requests if request.status in BEFORE_SUBMISSION]
    sent = [request for request in requests if request.status not in BEFORE_SUBMISSION]
    said = lines.section(
        look,
        "newer_checklist",
        "newer",
        service=kept.body.service,
        version=kept.n,
        since=look.date(kept.since),
        why=kept.why,
        before=lines.fitting([lines.line(request, Surface.DM) for request in before])[0],
        sent=lines.fitting([lines.line(request, Surface.DM) for request in sent])[0],
    )
    text = parts.joined(("A newer checklist", kept.body.service))
    return parts.message(text, [said, *lines.menu(requests)])


def _blocks(look: Look, proposal: Proposal, viewer: Member, staff: Directory) -> list[Block]:
    standing = _standing(proposal)
    line = LINE_OF_BUSINESS_LABELS[proposal.line_of_business] if proposal.line_of_business else ""
    said = lines.section(
        look,
        "proposal",
        "proposal",
        standing=standing,
        fresh=proposal.current is None,
        who=staff.name(proposal.by),
        when=look.when(proposal.at),
        decided_by=staff.name(proposal.decided_by),
        decided=look.when(proposal.decided_at) if proposal.decided_at else "",
        current_n=proposal.current_n,
        service=proposal.body.service,
        payer=proposal.payer,
        scope=proposal.plan or line,
        number=proposal.authorization or "",
        why=lines.quoted(proposal.why),
        wants_cosign=bool(cosigners(proposal, staff)),
        cosigned_by=staff.name(proposal.cosigned_by) if proposal.cosigned_by else "",
        answer=proposal.decided_why,
    )
    return [said, *_changes(proposal), *parts.actions("decide", _buttons(proposal, viewer, staff, standing))]


def _changes(proposal: Proposal) -> list[Block]:
    """Every change, whole, on as many sections as it takes: nobody approves what they cannot read."""
    told = ("• " + " ".join(clean(str(difference)).split()) for difference in proposal.differences)
    rows = [safe(row) for one in told for row in wrap(one, ROW, subsequent_indent="    ", break_on_hyphens=False)]
    pages: list[list[Mrkdwn]] = [[]]
    for row in rows:
        if sum(len(each) + 1 for each in pages[-1]) + len(row) > lines.LISTED:
            pages.append([])
        pages[-1].append(row)
    if left_out := sum(map(len, pages[PAGES:])):
        pages[PAGES - 1 :] = [[Mrkdwn(f"*{left_out} more lines do not fit. Do not take it; ask for it in parts.*")]]
    return [parts.section(f"changes_{at}", Mrkdwn("\n".join(page))) for at, page in enumerate(pages) if page]


def _standing(proposal: Proposal) -> str:
    if proposal.state is not ProposalState.OPEN:
        return proposal.state.value
    return "outdated" if proposal.is_outdated else "open"


def _buttons(proposal: Proposal, viewer: Member, staff: Directory, standing: str) -> list[Element]:
    """Only what this person may press: approving waits for the co-signature."""
    hint = Hint(child=proposal.id)
    able, licensed = viewer in approvers(proposal, staff), cosigners(proposal, staff)
    may: Mapping[Id, bool] = {
        Id.PROPOSAL_APPROVE: standing == "open" and able and (not licensed or viewer in licensed),
        Id.PROPOSAL_COSIGN: standing == "open" and viewer in licensed and not able,
        Id.PROPOSAL_REFUSE: standing in ("open", "outdated")
        and (able or viewer in licensed or viewer.user_id == proposal.by),
    }
    labels = {Id.PROPOSAL_APPROVE: "Approve", Id.PROPOSAL_COSIGN: "Co-sign", Id.PROPOSAL_REFUSE: "Do not take it"}
    if viewer.user_id == proposal.by:
        labels[Id.PROPOSAL_REFUSE] = "Take it back"
    return [parts.button(labels[id_], id_, hint) for id_, allowed in may.items() if allowed]
