"""A figure beside its baseline, and the claim it must hold."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`ratio` is figure over baseline; `claim` says what must hold, `holds` whether it did."""

    name: str
    figure: float
    baseline: float
    ratio: float
    claim: str
    holds: bool


def at_least(name: str, figure: float, baseline: float, least: float) -> Figure:
    ratio = figure / baseline
    return Figure(name, figure, baseline, ratio, f"ratio ≥ {least}", ratio >= least)


def at_most(name: str, figure: float, baseline: float, most: float) -> Figure:
    ratio = figure / baseline
    return Figure(name, figure, baseline, ratio, f"ratio ≤ {most}", ratio <= most)


def below(name: str, figure: float, limit: float) -> Figure:
    return Figure(name, figure, limit, figure / limit, f"below {limit}", figure < limit)


def exactly(name: str, figure: float, wanted: float) -> Figure:
    return Figure(name, figure, wanted, 1.0 if figure == wanted else 0.0, f"exactly {wanted:g}", figure == wanted)


def more_than(name: str, figure: float, least: float) -> Figure:
    """For a control that must fail."""
    return Figure(name, figure, least, figure, f"more than {least:g}", figure > least)


def told(name: str, figure: float, baseline: float) -> Figure:
    """Printed beside the others without a claim."""
    return Figure(name, figure, baseline, figure / baseline, "for information", True)
