"""What is ordered besides codes: a medication as it is prescribed, a therapy by its visits."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Medication:
    """A medication as it is prescribed; what was not said is empty. Without a code, the name stands for it."""

    name: str = ""
    strength: str = ""
    quantity: int | None = None  # as the pharmacy counts: tablets, vials, pens
    days_supply: int | None = None
    ndc: str = ""  # eleven digits, written 5-4-2

    def __str__(self) -> str:
        """`Adalimumab 40 mg · quantity 2 · for 28 days · NDC 00000-1111-22`."""
        named = " ".join(filter(None, (self.name, self.strength)))
        quantity = f"quantity {self.quantity}" if self.quantity is not None else ""
        supply = f"for {_counted(self.days_supply, 'day')}" if self.days_supply is not None else ""
        return " · ".join(filter(None, (named, quantity, supply, f"NDC {self.ndc}" if self.ndc else "")))


@dataclass(frozen=True, slots=True)
class Therapy:
    """How often a therapy is ordered: visits in all, `frequency` in words, over so many calendar days."""

    visits: int | None = None
    frequency: str = ""
    period_days: int | None = None

    def __str__(self) -> str:
        """`12 visits · twice a week · over 42 days`."""
        visits = _counted(self.visits, "visit") if self.visits is not None else ""
        period = f"over {_counted(self.period_days, 'day')}" if self.period_days is not None else ""
        return " · ".join(filter(None, (visits, self.frequency, period)))


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
