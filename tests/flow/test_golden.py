"""How findings look to the person who reads them: a page of refused flows, reviewed like code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
import pytest

from orderloom.cli import render
from orderloom.flow.check import check_document
from orderloom.source import read_document
from tests.flow.stubs import HERE, whole_catalogue

SHOWN = (
    "unknown-node", "missing-outcome", "circle", "field-that-one-outcome-lacks", "skipped-in-silence",
    "waits-far-downstream", "wrong-type-of-an-input", "unknown-name-in-a-hole", "next-is-a-word",
    "sources-without-a-key",     "name-that-is-nowhere-again-and-again",
)  # fmt: skip


def test_findings_are_told_as_the_page_shows(
    golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(HERE / "refused")
    pages = []
    for name in SHOWN:
        found = check_document(read_document(Path(f"{name}.yaml")), whole_catalogue(), [HERE / "tables"])
        pages.append(click.unstyle(render.as_text(found.problems)))

    golden("flow/findings.txt", "\n\n".join(pages) + "\n")
