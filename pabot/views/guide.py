"""`/pa guide`: the delegation boundary, for whoever asks."""

from collections.abc import Sequence

from slackblocks import Block

from pabot.domain.access import Access
from pabot.domain.cards import Privacy
from pabot.domain.guide import Guide
from pabot.domain.roles import ROLE_WORDS
from pabot.views import lines, parts
from pabot.views.text import Look, Rendered

TITLE = "What you may do"
ROWS = 20  # in a section; one takes 3000 characters


def guide_message(look: Look, of: Guide, access: Sequence[Access]) -> Rendered:
    """For this person's roles: allowed, with approval, not; then what is recorded, who sees what, and the portals."""
    lists = (
        ("may", "You may", of.may),
        ("with_approval", "With approval", of.with_approval),
        ("may_not", "Not yours, and whose", of.may_not),
    )
    blocks: list[Block] = [
        lines.section(look, "guide", "guide", roles=[ROLE_WORDS[role] for role in of.roles]),
        *(block for name, title, rows in lists for block in _listed(look, name, title, rows)),
        lines.section(look, "guide_records", "records", full=look.privacy is Privacy.FULL),
        lines.section(look, "guide_access", "access", access=access),
    ]
    return parts.message(TITLE, blocks)


def _listed(look: Look, name: str, title: str, rows: Sequence[str]) -> list[Block]:
    """Whole, in as many sections as it takes: nobody is to guess at what was cut from a boundary."""
    pages = [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)]
    return [
        lines.section(
            look, "guide_list", f"{name}_{index}", title=f"{title}, continued" if index else title, lines=page
        )
        for index, page in enumerate(pages)
    ]
