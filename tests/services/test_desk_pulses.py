"""How long ago each tick ran, and when that is too long."""

from record_practice import Bench

from pabot.domain.health import TICKS


def late(practice: Bench) -> set[str]:
    return {pulse.tick for pulse in practice.desk.pulses() if pulse.is_late(practice.clock.now())}


def test_a_tick_is_late_by_its_own_pace(practice: Bench) -> None:
    assert late(practice) == set()  # no worker was to run any
    practice.desk.worker_was_here()
    for name in TICKS.keys() - {"digest"}:
        practice.desk.beat(name)
    for minutes, expected in (
        (14, set()),
        (2, TICKS.keys() - {"review", "report", "housekeeping"}),
        (15, TICKS.keys() - {"housekeeping"}),
        (60, TICKS.keys()),
    ):
        practice.clock.forward(minutes=minutes)
        assert late(practice) == expected


def test_a_pulse_is_read_as_a_line(practice: Bench) -> None:
    def alarms() -> str:
        pulse = next(pulse for pulse in practice.desk.pulses() if pulse.tick == "alarms")
        return pulse.words(practice.clock.now())

    assert alarms() == "alarms: no worker has served yet"
    practice.desk.worker_was_here()
    practice.clock.forward(seconds=40)
    assert alarms() == "alarms: has not run since the worker came, 40 s ago"
    practice.desk.beat("alarms")
    practice.clock.forward(hours=3)
    assert alarms() == "alarms: ran 3 h ago: too long"
