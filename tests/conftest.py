"""What tests share: the folder of other people's data, golden files, and that CI skips nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import searching

GOLDEN = Path(__file__).parent / "golden"
REPOSITORY = Path(__file__).parent.parent

if not os.environ.get("CI"):  # there hypothesis has a profile of its own, as patient as this one
    settings.register_profile("patient", deadline=None)
    settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files with what comes out now")
    parser.addoption("--search-all", action="store_true", help="go all the way through random cases, not a quarter")


def pytest_configure(config: pytest.Config) -> None:
    searching.all_of_it = bool(config.getoption("--search-all"))


def _shared() -> Path:
    return Path(os.environ.get("ORDERLOOM_SHARED") or REPOSITORY.parent / "shared")


def kit_folders() -> list[Path]:
    """The folders of the DMN conformance kit, to parametrise over; none where the kit is missing."""
    return sorted({file.parent for file in (_shared() / "tck").rglob("*-test-*.xml")})


Report = pytest.TestReport | pytest.CollectReport


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Report, Report]:
    """In CI a skipped test has failed, whatever it lacks: `.ci/run` installs it. `may_skip` marks exceptions."""
    report = yield
    return report if item.get_closest_marker("may_skip") else _failed_if_skipped(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Report, Report]:
    """The same for a whole module."""
    return _failed_if_skipped((yield))


def _failed_if_skipped(report: Report) -> Report:
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"in CI nothing is skipped. {reason}"
    return report


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real payloads; its place is known here and in `.ci/run` alone."""
    folder = _shared()
    if folder.is_dir():
        return folder
    pytest.skip(f"needs the folder of real payloads, and {folder} is none: set ORDERLOOM_SHARED to it")


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
