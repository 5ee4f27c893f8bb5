"""Geometry of `data_visualization` blocks: numbers in, coordinates for the SVG templates out."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 640, 280
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 20, 44
FLOOR = HEIGHT - BOTTOM
COLOURS = 6  # classes c0 … c5 of the style sheet


@dataclass(frozen=True, slots=True)
class Mark:
    """A value as drawn: a bar from (x, y), or a point at it."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Series:
    """One series: its marks, and the path that a line or an area follows."""

    name: str
    colour: int
    marks: tuple[Mark, ...]
    line: str
    area: str


@dataclass(frozen=True, slots=True)
class AxisChart:
    """A bar, line or area chart. `ticks` are (y, label) of the grid; `names` are (x, label) under the axis."""

    kind: str
    series: tuple[Series, ...]
    ticks: tuple[tuple[float, str], ...]
    names: tuple[tuple[float, str], ...]
    x_label: str
    y_label: str


@dataclass(frozen=True, slots=True)
class Slice:
    """A segment of a pie: its path, its share in percent and its words."""

    path: str
    colour: int
    label: str
    value: str
    share: int


def worded(value: float) -> str:
    """`12`, `1,200` or `3.5`: no trailing zeros."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def pie(segments: Sequence[Mapping[str, Any]]) -> tuple[Slice, ...]:
    """Slices of a circle of radius 100 around (120, 120), from twelve o'clock on."""
    total = sum(segment["value"] for segment in segments)
    slices, angle = [], -math.pi / 2
    for index, segment in enumerate(segments):
        share = segment["value"] / total
        turn = min(share * 2 * math.pi, 2 * math.pi - 0.0001)  # a full circle would be an empty arc
        ends = [(120 + 100 * math.cos(at), 120 + 100 * math.sin(at)) for at in (angle, angle + turn)]
        (x0, y0), (x1, y1) = ends
        path = f"M120 120L{x0:.2f} {y0:.2f}A100 100 0 {int(turn > math.pi)} 1 {x1:.2f} {y1:.2f}Z"
        slices.append(Slice(path, index % COLOURS, segment["label"], worded(segment["value"]), round(share * 100)))
        angle += turn
    return tuple(slices)


def axis_chart(chart: Mapping[str, Any]) -> AxisChart:
    """Coordinates of a chart with axes. Points stand at their category, whatever order a series lists them in."""
    axis, entries = chart["axis_config"], chart["series"]
    categories = axis["categories"]
    by_label = [{point["label"]: point["value"] for point in entry["data"]} for entry in entries]
    values = [[row.get(category, 0) for category in categories] for row in by_label]
    scale = _scale([value for row in values for value in row])
    band = (WIDTH - LEFT - RIGHT) / len(categories)
    bars = len(entries) if chart["type"] == "bar" else 0
    return AxisChart(
        kind=chart["type"],
        series=tuple(
            _series(entry["name"], index, _marks(values[index], categories, scale, band, index, bars), scale)
            for index, entry in enumerate(entries)
        ),
        ticks=tuple((scale.y(value), worded(value)) for value in scale.ticks()),
        names=tuple((round(LEFT + band * (index + 0.5), 2), name) for index, name in enumerate(categories)),
        x_label=axis.get("x_label") or "",
        y_label=axis.get("y_label") or "",
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    step: float

    def y(self, value: float) -> float:
        return round(FLOOR - (value - self.low) / (self.high - self.low) * (FLOOR - TOP), 2)

    def ticks(self) -> list[float]:
        return [self.low + self.step * index for index in range(round((self.high - self.low) / self.step) + 1)]


def _scale(values: Sequence[float]) -> _Scale:
    """Round numbers around the values and zero, about four steps apart."""
    low, high = min(0, *values, 0), max(0, *values, 0)
    rough = ((high - low) or 1) / 4
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * magnitude for factor in (1, 2, 5, 10) if factor * magnitude >= rough)
    if all(float(value).is_integer() for value in values):
        step = max(step, 1)
    return _Scale(math.floor(low / step) * step, max(math.ceil(high / step), 1) * step, step)


def _marks(
    values: Sequence[float], categories: Sequence[str], scale: _Scale, band: float, index: int, bars: int
) -> tuple[Mark, ...]:
    """Bars side by side within their category's band; points (no `bars`) in its middle."""
    width = min(band * 0.72 / bars, 56) if bars else 0.0
    offset = (index - bars / 2) * width
    marks = []
    for place, (value, name) in enumerate(zip(values, categories, strict=True)):
        x = LEFT + band * (place + 0.5) + offset if bars else LEFT + band * (place + 0.5)
        top, zero = scale.y(value), scale.y(0)
        y = min(top, zero) if bars else top
        marks.append(Mark(round(x, 2), y, round(width, 2), round(abs(zero - top), 2), name, worded(value)))
    return tuple(marks)


def _series(name: str, index: int, marks: tuple[Mark, ...], scale: _Scale) -> Series:
    line = "M" + "L".join(f"{mark.x} {mark.y}" for mark in marks)
    area = f"{line}L{marks[-1].x} {scale.y(0)}L{marks[0].x} {scale.y(0)}Z"
    return Series(name, index % COLOURS, marks, line, area)
