"""What the tests of tables share: tables from text, and a command line that keeps what it prints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from orderloom.problems import Problem, ProblemsError
from orderloom.rules import DecisionTable, check_table, read_table

Table = Callable[..., DecisionTable]


@pytest.fixture
def table(tmp_path: Path) -> Table:
    """`table(head, csv=None)`: the table of that text, with the rows of `rows.csv` beside it."""

    def make(head: str, csv: str | bytes | None = None) -> DecisionTable:
        return read_table(_written(tmp_path, head, csv))

    return make


@pytest.fixture
def problems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Problem]]:
    """`problems(head, csv=None)`: all findings about the table of that text, from reading and from checking."""
    monkeypatch.chdir(tmp_path)

    def find(head: str, csv: str | bytes | None = None) -> list[Problem]:
        _written(tmp_path, head, csv)
        try:
            return check_table(read_table(Path("t.table.yaml")))
        except ProblemsError as error:
            return list(error.problems)

    return find


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def orderloom(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """`orderloom("rules", "show", file)` as on the command line of nobody's terminal."""
    from orderloom.cli import invoke

    monkeypatch.delenv("COLUMNS", raising=False)  # a shell may hand on its own width

    def call(*arguments: str | Path) -> Ran:
        code = invoke([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return call


def _written(folder: Path, head: str, csv: str | bytes | None) -> Path:
    path = folder / "t.table.yaml"
    path.write_text(dedent(head), encoding="utf-8")
    if csv is not None:
        (folder / "rows.csv").write_bytes(csv if isinstance(csv, bytes) else dedent(csv).encode())
    return path
