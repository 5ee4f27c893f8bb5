"""The practice's public holidays, by the library that knows them."""

import subprocess
import sys
from datetime import date

import pytest

from pabot.domain.errors import Invalid
from pabot.services.practice_days import holiday_dates

ALONE = """
import sys
from pabot.services.practice_days import holiday_dates
assert holiday_dates("US", (2026,))
print(sorted(name for name in sys.modules if name.startswith("holidays.countries.")))
"""


@pytest.mark.parametrize(
    ("country", "day", "is_closed"),
    [
        ("US", date(2026, 11, 26), True),  # Thanksgiving
        ("us", date(2026, 11, 26), True),
        ("US", date(2026, 11, 25), False),
        ("US-TX", date(2026, 11, 27), True),  # the day after, in Texas
        ("US", date(2026, 11, 27), False),
        ("CA", date(2026, 7, 1), True),  # Canada Day
        ("none", date(2026, 12, 25), False),
    ],
)
def test_when_the_office_is_closed(country: str, day: date, is_closed: bool) -> None:
    assert (day in holiday_dates(country, (2026,))) == is_closed


@pytest.mark.parametrize("country", ["Narnia", "US-Narnia", "1"])
def test_a_country_that_nobody_knows_is_said(country: str) -> None:
    with pytest.raises(Invalid) as wrong:
        holiday_dates(country, (2026,))
    assert "Write US, US-TX or none." in wrong.value.fields["holidays"]


def test_of_all_the_countries_only_the_practices_own_is_loaded() -> None:
    said = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "['holidays.countries.united_states']"
