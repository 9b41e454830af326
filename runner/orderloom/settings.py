"""What orderloom.yaml says beside being the marker of a project: how long the history of runs is kept.

project: shop
keep: {payloads: 90d, runs: 2y}
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from orderloom.problems import Problem, ProblemsError, did_you_mean, respelt
from orderloom.project import Project
from orderloom.source import Document, read_document

EMPTY = "Y005"
KNOWN = ("project", "keep")
KEEP = ("payloads", "runs")
WANTED = "a whole number of days, weeks or years: 90d, 12w, 2y"
_SPAN = re.compile(r"([1-9][0-9]{0,3})([dwy])")
_DAYS = {"d": 1, "w": 7, "y": 365}


@dataclass(frozen=True)
class Keep:
    """How long after its end a run keeps what its steps gave (`payloads`), and its history (`runs`); None: for good."""

    payloads: timedelta | None = None
    runs: timedelta | None = None


@dataclass(frozen=True)
class Settings:
    """All of it; without a file, or where it says nothing, as here."""

    keep: Keep = field(default_factory=Keep)


def read_settings(project: Project | None) -> Settings:
    """The settings of a project. Raises `ProblemsError` with every finding of the file."""
    if project is None:
        return Settings()
    document = read_marker(project.marker)
    if document is None:
        return Settings()
    found = list(problems(document))
    if found:
        raise ProblemsError(found)
    said = (document.data or {}).get("keep") or {}
    return Settings(Keep(**{name: _span(said.get(name)) for name in KEEP}))


def read_marker(file: Path) -> Document | None:
    """What stands in the file; None where that is nothing, which marks a project as well. Raises `ProblemsError`."""
    try:
        return read_document(file)
    except ProblemsError as error:
        if all(problem.code == EMPTY for problem in error.problems):
            return None
        raise


def problems(document: Document) -> Iterator[Problem]:
    """What is wrong with the file."""
    if document.data is None:
        return
    if not isinstance(document.data, dict):
        message = "orderloom.yaml holds settings by their names"
        yield Problem("J020", message, document.place(()), "such as `project: shop`")
        return
    yield from _strangers(document, (), KNOWN)
    keep = document.data.get("keep")
    if isinstance(keep, dict):
        yield from _strangers(document, ("keep",), KEEP)
        yield from _spans(document, keep)
    elif keep is not None:
        mend = "keep: {payloads: 90d, runs: 2y}"
        yield Problem("J020", "`keep` says for each how long", document.place(("keep",)), mend)


def _strangers(document: Document, path: tuple[str, ...], known: tuple[str, ...]) -> Iterator[Problem]:
    said: Any = document.data
    for step in path:
        said = said[step]
    for name in said:
        if name not in known:
            place = document.key_place((*path, name))
            near = did_you_mean(str(name), known) or f"there are: {', '.join(known)}"
            fix = respelt(place, str(name), [one for one in known if one not in said])
            yield Problem("J020", f"there is no setting `{'.'.join((*path, str(name)))}`", place, near, fix=fix)


def _spans(document: Document, keep: dict[str, Any]) -> Iterator[Problem]:
    spans: dict[str, timedelta | None] = {}
    for name in KEEP:
        try:
            spans[name] = _span(keep.get(name))
        except ValueError:
            yield Problem("J021", f"`{name}` is {WANTED}", document.place(("keep", name)), "leave it out to keep all")
    payloads, runs = spans.get("payloads"), spans.get("runs")
    if runs is not None and payloads is not None and runs < payloads:
        message = "`runs` ends before `payloads`: what steps gave goes with the run"
        yield Problem("J022", message, document.place(("keep", "runs")), "make `runs` the longer one, or leave it out")


def _span(said: Any) -> timedelta | None:
    """Raises `ValueError`."""
    if said is None:
        return None
    found = _SPAN.fullmatch(said) if isinstance(said, str) else None
    if found is None:
        raise ValueError(WANTED)
    return timedelta(days=int(found[1]) * _DAYS[found[2]])
