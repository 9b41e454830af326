"""What tests share: the folder of other people's data, and golden files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"
REPOSITORY = Path(__file__).parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files with what comes out now")


def _shared() -> Path:
    return Path(os.environ.get("ORDERLOOM_SHARED") or REPOSITORY.parent / "shared")


def kit_folders() -> list[Path]:
    """The folders of the DMN conformance kit, to parametrise over; none where the kit is missing."""
    return sorted({file.parent for file in (_shared() / "tck").rglob("*-test-*.xml")})


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real payloads; its place is known here and in `.ci/run` alone."""
    folder = _shared()
    if folder.is_dir():
        return folder
    if os.environ.get("CI"):
        pytest.fail(f"{folder} is missing: in CI the real payloads must be there")
    pytest.skip("needs the folder of real payloads: set ORDERLOOM_SHARED to it")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """`golden("name.txt", text)` compares with tests/golden/name.txt; `--update-golden` rewrites it."""

    def compare(name: str, text: str) -> None:
        file = GOLDEN / name
        if request.config.getoption("--update-golden"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        assert file.is_file(), f"{file} is not there yet: run pytest --update-golden and review it"
        assert text == file.read_text(encoding="utf-8")

    return compare
