"""A file in; its name out as services know it that show findings: relative to the root of the repository."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote


def from_the_root(file: str) -> Path:
    """Relative to GITHUB_WORKSPACE (else the working directory) where it lies inside; absolute where it does not."""
    root = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd()).resolve()
    there = Path(file).resolve()
    return there.relative_to(root) if there.is_relative_to(root) else there


def as_uri(file: str) -> str:
    """A relative reference (RFC 3986, section 4.2), or a `file:` URI for what lies outside."""
    path = from_the_root(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
