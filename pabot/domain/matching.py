"""Which checklist holds for a code: the most specific one, whatever order they come in (our judgement).

A code beats a range, a narrow range a wide one, any range a category. Among those, a checklist of the plan beats one of
the line of business, and that one the payer's own. What still ties is refused when it is written; in a record from
before, the service's name decides, so that the answer is always the same.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from pabot.domain.library import Codes, KeptChecklist
from pabot.domain.model import Category, LineOfBusiness

ANY_CATEGORY = 100_000  # wider than any range of codes
Scope = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to know: one code of one plan, on a day of the practice."""

    code: str
    on: date
    plan_id: int | None = None
    line_of_business: LineOfBusiness | None = None
    category: Category | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A checklist's entry that may hold: by its codes, or by its category."""

    checklist_id: int
    version_id: int
    service: str
    codes: Codes | None = None
    category: Category | None = None
    plan_id: int | None = None
    line_of_business: LineOfBusiness | None = None
    is_reported: bool = False  # a change waits to be approved

    @property
    def specificity(self) -> tuple[int, int]:
        """Smaller is more specific."""
        width = self.codes.width if self.codes else ANY_CATEGORY
        return width, 0 if self.plan_id else 1 if self.line_of_business else 2

    @property
    def by(self) -> str:
        """What it matched by, in words."""
        return str(self.codes) if self.codes else f"category {self.category}"


def holds(match: Match, asked: Asked) -> bool:
    """Whether an entry is about what was asked, and in force."""
    return is_about(match, asked) and (match.codes is None or match.codes.in_force(asked.on))


def is_about(match: Match, asked: Asked) -> bool:
    """Whether an entry is about what was asked, in force or not."""
    if match.plan_id not in (None, asked.plan_id):
        return False
    if match.line_of_business not in (None, asked.line_of_business):
        return False
    if match.codes is None:
        return match.category == asked.category
    return covers(match.codes, asked.code)


def covers(codes: Codes, code: str) -> bool:
    """Whether a code lies in a range. Letters and length must be the same: K0856 is not between 0001T and 99999."""
    if len(code) != len(codes.low) or code[0].isdigit() != codes.low[0].isdigit():
        return False
    return codes.low <= code <= codes.high and code[-1].isdigit() == codes.low[-1].isdigit()


def best_first(matches: Iterable[Match], asked: Asked) -> list[Match]:
    """Those that hold, the most specific first."""
    found = [match for match in matches if holds(match, asked)]
    return sorted(found, key=lambda match: (*match.specificity, match.service.casefold(), match.checklist_id))


def clashes(checklists: Iterable[KeptChecklist]) -> Iterator[str]:
    """A sentence for each pair of a payer's checklists that would match something equally."""
    entries: list[tuple[Scope, int, Codes, str]] = []
    categories: dict[tuple[Scope, Category], str] = {}
    for kept in checklists:
        scope = (kept.plan.casefold(), kept.line_of_business or "")
        service = kept.body.service
        if kept.body.category is not None:
            other = categories.setdefault((scope, kept.body.category), service)
            if other != service:
                yield f"“{other}” and “{service}” are both for the category {kept.body.category}."
        entries += [(scope, codes.width, codes, service) for codes in kept.body.codes]
    entries.sort(key=lambda entry: (entry[0], entry[1], entry[2].low, entry[2].since or date.min))
    for _, alike in groupby(entries, key=lambda entry: entry[:2]):
        for (_, _, first, one), (_, _, second, other) in pairwise(alike):
            if _overlap(first, second):
                yield f"“{one}” ({first}) and “{other}” ({second}) match the same code equally."


def _overlap(first: Codes, second: Codes) -> bool:
    at_once = (first.until is None or second.since is None or second.since < first.until) and (
        second.until is None or first.since is None or first.since < second.until
    )
    return at_once and (covers(first, second.low) or covers(second, first.low))
