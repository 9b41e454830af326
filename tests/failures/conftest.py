"""The shop that the failures happen to."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom.cli import invoke
from tests.failures.shop import Shop


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shop:
    monkeypatch.chdir(tmp_path)
    assert invoke(["init", "shop"]) == 0
    monkeypatch.chdir(tmp_path / "shop")
    return Shop(tmp_path / "shop", capsys)
