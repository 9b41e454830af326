"""How far a search through random cases goes: a quarter of the way in each build, all of it with `--search-all`."""

from __future__ import annotations

from hypothesis import settings

all_of_it = False  # set by tests/conftest.py before any test is read
LEAST = 10


def search(examples: int) -> settings:
    """For above `@given`: so many examples in full."""
    return settings(max_examples=examples if all_of_it else max(LEAST, examples // 4), deadline=None)
