"""`make rehearse`: ninety simulated days, and a table of what they came to. Ends with 1 where something broke."""

import argparse
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pabot.store import migrations
from rehearsal.days import Outcome, Plan, rehearse

SHOWN = 40  # faults printed


def main() -> None:
    wanted = _wanted()
    console, started = Console(), time.perf_counter()

    def tell(day: date, faults: int) -> None:
        if not console.is_terminal:
            return
        console.print(f"  {day:%a %b %d %Y}  {faults} faults so far  {time.perf_counter() - started:.0f} s", end="\r")

    with tempfile.TemporaryDirectory(prefix="pabot-rehearsal-") as folder:
        url = wanted.database or f"sqlite:///{Path(folder) / 'rehearsal.db'}"
        migrations.upgrade(url)
        done = rehearse(url, Plan(wanted.days, wanted.arrivals, wanted.seed), tell)
    _print(console, done, time.perf_counter() - started)
    broken = [heard.reader for heard in done.noise.heard() if not heard.is_kept]
    sys.exit(bool(done.faults or (broken and wanted.strict)))


def _wanted() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="rehearsal", description=__doc__)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--arrivals", type=float, default=24, help="new requests a business day (default: 24)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", help="an empty database's URL; a scratch SQLite file by default")
    parser.add_argument("--strict", action="store_true", help="a broken noise budget counts as a failure")
    return parser.parse_args()


def _print(console: Console, done: Outcome, seconds: float) -> None:
    facts = Table("days", "requests", "steps", "alarms", "messages", "digests", "of them missed", "restarts", "seconds")
    figures = (
        *(done.days, done.requests, done.steps, done.raised, done.posted),
        *(done.digests, done.missed, done.restarts, round(seconds)),
    )
    facts.add_row(*map(str, figures))
    console.print(facts)
    noise = Table("new messages a business day", "mean", "p95", "most", "budget", "", "decisions, expedited: p95")
    for heard in done.noise.heard():
        mark = "kept" if heard.is_kept else "BROKEN"
        counts = (f"{heard.usual:.1f}", heard.p95, heard.most, heard.budget, mark, heard.apart)
        noise.add_row(heard.reader, *map(str, counts))
    console.print(noise)
    kinds = ", ".join(f"{kind} {count}" for kind, count in done.noise.kinds.most_common())
    console.print(f"Posted by kind: {kinds}.", soft_wrap=True)
    for fault in done.faults[:SHOWN]:
        console.print(f"NO  {fault}", soft_wrap=True, markup=False)
    if len(done.faults) > SHOWN:
        console.print(f"NO  and {len(done.faults) - SHOWN} more")
    console.print("Everything held." if not done.faults else f"{len(done.faults)} faults.")


if __name__ == "__main__":
    main()
