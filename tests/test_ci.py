"""CI is honest: what a test needs is installed there, and a test that is skipped there has failed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
TESTS = """
import pytest


def test_that_lacks_a_program():
    pytest.skip("needs a program: apt-get install program")


@pytest.mark.skipif(True, reason="not on this machine")
def test_for_another_machine(): ...


@pytest.mark.may_skip(reason="too large to install")
def test_that_may_be_skipped():
    pytest.skip("needs a large program")


@pytest.mark.xfail(reason="known")
def test_that_is_known_to_fail():
    raise AssertionError


def test_that_passes(): ...
"""


def outcomes(folder: Path, tests: str, *, ci: bool) -> tuple[int, str]:
    """Exit code and report of a run of these tests with our hooks."""
    (folder / "test_some.py").write_text(tests)
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", "-q", "-rfs", "."],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(REPOSITORY), "CI": "true" if ci else ""},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return told.returncode, told.stdout


def test_a_skipped_test_fails_in_ci_with_what_it_needs(tmp_path: Path) -> None:
    code, told = outcomes(tmp_path, TESTS, ci=True)

    assert code == 1
    assert "1 failed, 1 passed, 1 skipped, 1 xfailed" in told
    assert "1 error" in told  # what a mark skips has failed before it began
    assert "in CI nothing is skipped. Skipped: needs a program: apt-get install program" in told


def test_elsewhere_it_is_skipped(tmp_path: Path) -> None:
    code, told = outcomes(tmp_path, TESTS, ci=False)

    assert code == 0
    assert "1 passed, 3 skipped, 1 xfailed" in told


def test_a_module_that_is_skipped_whole_fails_in_ci_too(tmp_path: Path) -> None:
    code, told = outcomes(tmp_path, 'import pytest\npytest.importorskip("no_such_module")\n', ci=True)

    assert code == 2
    assert "in CI nothing is skipped" in told


@pytest.mark.parametrize("program", ["dot", "node", "npm"])
def test_the_programs_that_tests_need_are_installed_by_ci(program: str) -> None:
    assert f"command -v {program} >/dev/null || missing+=(" in (REPOSITORY / ".ci" / "run").read_text()
