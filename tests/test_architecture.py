"""The shape of the house: who imports whom, how long things are, and that importing does nothing."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "pabot").rglob("*.py"))
WRITTEN = [path for path in FILES if "versions" not in path.parts]  # revisions are drawn up by alembic
TIMELESS = [path for path in FILES if path.name != "clock.py" and "sandbox" not in path.parts]  # it has its own
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
WALL_CLOCK = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
}
# Without any setting, in a folder of its own, import everything; say what was opened meanwhile.
IMPORT_ALL = """
import importlib, sys
seen = []
WATCHED = ("socket.connect", "socket.bind", "sqlite3.connect", "subprocess.Popen", "os.system", "os.remove", "os.mkdir")

def watch(event, arguments):
    if event in WATCHED:
        seen.append((event, str(arguments)))
    elif event == "open" and isinstance(arguments[0], str):
        path, mode, flags = arguments
        if (mode and set(mode) & set("wax+")) or flags & 3:
            seen.append((event, path))
        elif path.endswith((".env", ".db", ".json", ".j2")) and "site-packages" not in path:
            seen.append((event, path))

sys.dont_write_bytecode = True
sys.addaudithook(watch)
for name in sys.argv[1:]:
    importlib.import_module(name)
for one in seen:
    print(*one)
"""


def names(path: Path) -> str:
    return str(path.relative_to(ROOT))


def modules() -> list[str]:
    found = (path.relative_to(ROOT).with_suffix("") for path in WRITTEN)
    runs_when_imported = {"pabot.__main__", "pabot.store.migrations.env"}
    dotted = {".".join(path.parts).removesuffix(".__init__") for path in found}
    return sorted(dotted - runs_when_imported)


def test_everybody_imports_only_whom_they_may() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", WRITTEN, ids=names)
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", WRITTEN, ids=names)
def test_a_function_can_be_read_at_a_glance(path: Path) -> None:
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, FUNCTION) and node.end_lineno and node.end_lineno - node.lineno >= 60
    ]
    assert long == []


@pytest.mark.parametrize("path", FILES, ids=names)
def test_no_fault_is_swallowed(path: Path) -> None:
    """A handler for every fault must do something about it."""
    swallowed = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler) and _catches_all(node) and all(_is_nothing(line) for line in node.body)
    ]
    assert swallowed == []


@pytest.mark.parametrize("path", TIMELESS, ids=names)
def test_the_wall_clock_is_read_in_one_place(path: Path) -> None:
    assert list(_wall_clock(ast.parse(path.read_text()))) == []


def test_importing_opens_nothing(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PABOT_TIMEZONE=Nowhere/At/All\n")
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, *modules()],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [path.name for path in tmp_path.iterdir()] == [".env"]


def test_the_watch_sees_what_is_opened(tmp_path: Path) -> None:
    (tmp_path / "leaky.py").write_text(
        "import socket, sqlite3\n"
        "sqlite3.connect(':memory:').close()\n"
        "open('left.txt', 'w').close()\n"
        "with socket.socket() as s: s.connect_ex(('127.0.0.1', 9))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, "leaky"], cwd=tmp_path, env={}, capture_output=True, text=True, check=True
    )
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["sqlite3.connect", "open", "socket.connect"]


def _catches_all(node: ast.ExceptHandler) -> bool:
    return node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException"))


def _is_nothing(line: ast.stmt) -> bool:
    return isinstance(line, ast.Pass | ast.Continue) or (
        isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)
    )


def _wall_clock(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if (owner, node.attr) in WALL_CLOCK:
                yield node.lineno
