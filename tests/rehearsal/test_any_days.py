"""Whatever comes on whichever days, nothing is silent: a few days of the rehearsal, as hypothesis thinks them up."""

import shutil
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rehearsal.days import Plan, rehearse
from rehearsal.weather import Weather

DAYS = 3
THURSDAYS = [date(2026, 3, 5), date(2026, 10, 29), date(2026, 11, 26)]  # before a clock change, and Thanksgiving
HOURS = st.integers(0, 23).map(float)


def spans(longest: float) -> st.SearchStrategy[tuple[tuple[int, float, float], ...]]:
    """Up to two times a day or so of being away."""
    return st.lists(st.tuples(st.integers(0, DAYS), HOURS, st.floats(0.5, longest)), max_size=2).map(tuple)


PLANS = st.builds(
    Plan,
    days=st.just(DAYS + 1),
    arrivals=st.floats(0, 6),
    seed=st.integers(0, 10_000),  # of answers, absences, slips and whom the worker's death meets
    stride=st.sampled_from([timedelta(hours=1), timedelta(hours=2)]),
    weather=st.builds(
        Weather, first=st.sampled_from(THURSDAYS), slack_away=spans(24), worker_away=spans(8), round=st.just(21)
    ),
)


FOUND_AS_IS = [Phase.explicit, Phase.reuse, Phase.generate]  # days are too long to be shrunk


@settings(
    max_examples=6, phases=FOUND_AS_IS, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(plan=PLANS)
def test_no_days_leave_anything_silent(sqlite_template: Path, plan: Plan) -> None:
    with TemporaryDirectory() as folder:
        copy = shutil.copy(sqlite_template, Path(folder) / "rehearsal.db")
        assert rehearse(f"sqlite:///{copy}", plan).faults == []
