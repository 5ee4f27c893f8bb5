"""The practice's calendar from its settings: zone, hours, public holidays and own closures."""

import sys
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from zoneinfo import ZoneInfo

from pabot.domain.calendar import PracticeCalendar
from pabot.domain.errors import Invalid
from pabot.domain.hours import parse_office_hours
from pabot.domain.practice import PracticeSettings

YEARS_BACK, YEARS_AHEAD = 1, 3


def make_calendar(settings: PracticeSettings, today: date) -> PracticeCalendar:
    """Raises Invalid with the field that is wrong."""
    years = range(today.year - YEARS_BACK, today.year + YEARS_AHEAD)
    return PracticeCalendar(
        zone=zone(settings.timezone),
        hours=parse_office_hours(settings.office_hours),
        closed=holiday_dates(settings.holidays, tuple(years))
        | {closure.on for closure in settings.closures if closure.after is None},
        early={closure.on: closure.after for closure in settings.closures if closure.after is not None},
    )


def zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Invalid({"timezone": f"“{name[:40]}” is no time zone. Write one like America/New_York."}) from None


def holiday_dates(country: str, years: Iterable[int]) -> frozenset[date]:
    """Public holidays of `US`, `US-TX` …; `none` for a practice that keeps none."""
    return _holidays(country.strip(), tuple(years))


@cache
def _holidays(country: str, years: tuple[int, ...]) -> frozenset[date]:
    if country.lower() in ("", "none"):
        return frozenset()
    code, _, subdivision = country.partition("-")
    try:
        return frozenset(_library().country_holidays(code.upper(), subdiv=subdivision.upper() or None, years=years))
    except NotImplementedError:
        raise Invalid({"holidays": f"“{country[:20]}” is not known. Write US, US-TX or none."}) from None


def _library() -> ModuleType:
    """Imported when a practice's settings are read first.

    It loads a country when that is asked for, but the package of its countries imports all 250 for one: 13 megabytes,
    and a tenth of the start. So the package stands there without having run, and offers no country by name.
    """
    import holidays

    countries = find_spec("holidays.countries")
    if countries and countries.name not in sys.modules:
        sys.modules[countries.name] = module_from_spec(countries)
    return holidays
