"""What the tests of formulas share: how many random formulas are tried."""

from __future__ import annotations

import pytest

SAMPLE = 2_000


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fuzz", type=int, default=SAMPLE, help="how many random formulas the fuzz tests try")
    parser.addoption("--fuzz-seed", type=int, default=1, help="where their random numbers begin")


@pytest.fixture(scope="session")
def fuzz(request: pytest.FixtureRequest) -> tuple[int, int]:
    """How many formulas, and the seed."""
    config = request.config
    return int(config.getoption("--fuzz", default=SAMPLE)), int(config.getoption("--fuzz-seed", default=1))
