"""One thing that the doctor looked at: what it found, how grave that is, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Section = Literal["environment", "project", "journal", "connections"]
Verdict = Literal["ok", "skipped", "warning", "fault"]


@dataclass(frozen=True)
class Finding:
    """`code` is for `orderloom explain`; `skipped` is what is not needed or was not tried."""

    section: Section
    name: str
    verdict: Verdict
    says: str
    mend: str | None = None
    code: str | None = None
