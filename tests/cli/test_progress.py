"""How far a long command is, is told where a person is watching, and nowhere else."""

from __future__ import annotations

import io
import threading
from pathlib import Path

from orderloom.cli.stages import Stages
from orderloom.rules import read_table
from orderloom.rules.prove import prove


class Terminal(io.StringIO):
    """Keeps what is shown, and tells when something was."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = threading.Event()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.shown.set()
        return super().write(text)


def test_a_stage_is_shown_while_it_lasts_and_taken_away_afterwards() -> None:
    terminal = Terminal()

    with Stages("level", terminal, every_s=0.001) as stages:
        stages.at("gaps")
        assert terminal.shown.wait(30)

    assert "level: looking for gaps, 0 s" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\033[K")


def test_nothing_is_shown_where_nobody_is_watching() -> None:
    pipe = io.StringIO()

    with Stages("level", pipe, every_s=0.001) as stages:
        stages.at("gaps")

    assert pipe.getvalue() == ""


def test_a_proof_says_what_it_looks_for(tmp_path: Path) -> None:
    (file := tmp_path / "t.table.yaml").write_text(
        "table: t\ninputs: {n: {type: number}}\noutputs: {fee: {type: number}}\nrows: [{n: 5, fee: 1}]\n"
    )
    told: list[str] = []

    prove(read_table(file), stage=told.append)

    assert told == ["its cells", "gaps", "rows that overlap", "rows that never answer", "mends"]
