"""A terminal: pabot's command line in this process, which is quicker than one process for each command."""

import logging
import shlex
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from office import Office, bare_environment

from pabot import cli


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one line of standard error."""
        assert self.out == "", self.out
        assert self.err.count("\n") == 1, self.err
        return self.err.strip()


Terminal = Callable[..., Said]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Terminal]:
    """`terminal("staff list", office)`; without an office in an empty environment."""
    root = logging.getLogger()
    before = root.handlers[:], root.level

    def type_in(line: str, office: Office | None = None, **changed: str) -> Said:
        with monkeypatch.context() as here:
            here.setattr("os.environ", (office.environment if office else bare_environment()) | changed)
            here.setattr(sys, "argv", ["pabot", *shlex.split(line)])
            here.chdir(tmp_path)
            capsys.readouterr()
            with pytest.raises(SystemExit) as ended:
                cli.main()
        out, err = capsys.readouterr()
        return Said(int(ended.value.code or 0), out, err)

    yield type_in
    root.handlers[:], root.level = before
