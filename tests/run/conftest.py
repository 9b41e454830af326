"""A folder in memory, where there is one: what is tested there is what is written, not how soon the disk has it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

IN_MEMORY = Path("/dev/shm")


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Path]:
    if not IN_MEMORY.is_dir():
        yield tmp_path
        return
    with TemporaryDirectory(dir=IN_MEMORY, prefix="orderloom-") as folder:
        yield Path(folder)
