"""Windows in layers: the law's default, the payer, its plan, one checklist; and what each of them moves."""

from datetime import date

import pytest
from domain_practice import CALENDAR, RULES, Story, at, clocks, rules

from pabot.domain.deadlines import Clock
from pabot.domain.model import LineOfBusiness
from pabot.domain.payer_rules import DEFAULTS, Layer, Rule, RuleKind, Window, resolved
from pabot.domain.rules import next_check, window_ends_on

MA = DEFAULTS[LineOfBusiness.MEDICARE_ADVANTAGE]


def of(layer: Layer, days: int) -> dict[RuleKind, Rule]:
    return {RuleKind.STANDARD: Rule(Window(days, "cd"), "its manual", date(2026, 11, 4), layer)}


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ([], "7 calendar days (default, verify)"),
        ([of(Layer.PAYER, 5)], "5 calendar days (payer)"),
        ([of(Layer.PAYER, 5), of(Layer.PLAN, 1)], "1 calendar day (plan)"),
        ([of(Layer.PAYER, 5), of(Layer.PLAN, 4), of(Layer.CHECKLIST, 3)], "3 calendar days (checklist)"),
    ],
)
def test_the_narrower_layer_wins(layers: list[dict[RuleKind, Rule]], words: str) -> None:
    assert resolved(MA, *layers)[RuleKind.STANDARD].words == words


def test_what_a_narrow_layer_does_not_say_stays() -> None:
    assert resolved(MA, of(Layer.PLAN, 4))[RuleKind.EXPEDITED] == MA[RuleKind.EXPEDITED]


@pytest.mark.parametrize(
    ("window", "ends"),
    [
        (Window(65, "cd"), date(2026, 8, 5)),
        (Window(72, "h"), date(2026, 6, 4)),
        (Window(7, "bd"), date(2026, 6, 10)),
        (Window(0, "cd"), date(2026, 6, 1)),
    ],
)
def test_a_window_counted_from_a_day(window: Window, ends: date) -> None:
    assert window_ends_on(Rule(window), date(2026, 6, 1)) == ends


@pytest.mark.parametrize(("first", "day"), [(True, "2026-06-04"), (False, "2026-06-02")])
def test_the_librarys_cadence_sets_the_next_check(first: bool, day: str) -> None:
    cadence = {RuleKind.FIRST_CHECK: Rule(Window(3, "bd")), RuleKind.CHECK_EVERY: Rule(Window(1, "bd"))}
    found = next_check(
        at("2026-06-01 10:00"), date(2026, 6, 8), rules(payer=RULES.payer | cadence), first=first, expedited=False
    )
    assert found == date.fromisoformat(day)


def test_a_clock_says_which_layer_it_comes_from() -> None:
    clock = clocks(Story().pending().state)[Clock.PAYER_RESPONSE]
    assert clock.source == Layer.PAYER
    assert "7 calendar days" in clock.why


def test_a_payers_own_information_window() -> None:
    book = rules(payer=RULES.payer | {RuleKind.INFORMATION: Rule(Window(5, "cd"))})
    asked = Story(book=book).pending().payer_asks().state.information_request
    assert asked
    assert (asked.due_on - CALENDAR.day(asked.received_at)).days == 5
