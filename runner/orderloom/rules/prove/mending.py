"""A table's file in, the same file with every certain edit made out: each tried on a copy first, and read again."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orderloom.problems import ProblemsError
from orderloom.rules.check import check_table
from orderloom.rules.load import Parts, read_parts
from orderloom.rules.prove.analysis import prove
from orderloom.rules.prove.proof import Finding, Fix, Proof
from orderloom.rules.prove.written import NotEditableError, expected, rewritten, rows_file, texts
from orderloom.rules.table import DecisionTable

_Key = tuple[object, ...]


@dataclass(frozen=True)
class Mended:
    """One finding and the edit made for it; `refused` says why it was left to a person."""

    finding: Finding
    fix: Fix
    refused: str | None = None


def mend(path: Path, today: date | None = None, tidy: bool = False) -> Iterator[Mended]:
    """Make one certain edit after another until there is none; each is written before it is told.

    `tidy`: also for what is no mistake: rows that another replaces, rows that could be one.
    """
    left: set[_Key] = set()
    parts = read_parts(path)
    proof = prove(parts.table, today)
    while True:
        finding = next((one for one in proof.findings if _is_certain(one, tidy) and _key(one) not in left), None)
        if finding is None or finding.fix is None:
            return
        try:
            parts, proof = _made(path, parts, proof, finding, finding.fix, today)
        except NotEditableError as error:
            left.add(_key(finding))
            yield Mended(finding, finding.fix, str(error))
        else:
            yield Mended(finding, finding.fix)


def _is_certain(finding: Finding, tidy: bool) -> bool:
    return finding.fix is not None and finding.fix.certain and (tidy or finding.severity != "info")


def _made(
    path: Path, parts: Parts, proof: Proof, finding: Finding, fix: Fix, today: date | None
) -> tuple[Parts, Proof]:
    """Try the edit on a copy, hold it to what was promised, and write it. Raises `NotEditableError`."""
    content, target = rewritten(parts, fix.edits), rows_file(parts)
    if not target.resolve().is_relative_to(path.resolve().parent):
        raise NotEditableError(f"{target} lies outside the folder of the table")
    with tempfile.TemporaryDirectory() as folder:
        copy = _copied(path, target, content, Path(folder))
        try:
            after = read_parts(copy, beside=[path.parent])  # tables that feed it are not copied
        except ProblemsError as error:
            raise NotEditableError(f"the edited table cannot be read: {error}") from None
        if texts(after) != expected(parts, fix.edits):
            raise NotEditableError("the edit would change more than its cell")
        _check_cases(parts.table, after.table)
        proven = prove(after.table, today)
    if not _improves(proof, proven, finding):
        raise NotEditableError("the edit would bring another finding")
    _replace(target, content)
    return read_parts(path), proven


def _copied(path: Path, target: Path, content: bytes, folder: Path) -> Path:
    """The head and its rows in another folder, with the edit made."""
    copy = folder / path.name
    shutil.copyfile(path, copy)
    rows = folder / target.resolve().relative_to(path.resolve().parent)
    rows.parent.mkdir(parents=True, exist_ok=True)
    rows.write_bytes(content)
    return copy


def _check_cases(before: DecisionTable, after: DecisionTable) -> None:
    known = {problem.message for problem in check_table(before)}
    fresh = [one for one in check_table(after) if one.severity == "error" and one.message not in known]
    if fresh:
        raise NotEditableError(fresh[0].message)


def _improves(before: Proof, after: Proof, finding: Finding) -> bool:
    """The finding is gone, and of no kind of error or warning there are more."""
    if _key(finding) in {_key(one) for one in after.findings}:
        return False
    was, now = _serious(before), _serious(after)
    return all(now[kind] <= was[kind] for kind in now)


def _serious(proof: Proof) -> Counter[str]:
    counts = Counter(one.kind for one in proof.findings if one.severity != "info")
    return counts + Counter({kind: proof.omitted.get(kind, 0) for kind in counts})


def _key(finding: Finding) -> _Key:
    return (finding.kind, finding.rows, finding.columns, tuple(sorted(finding.region.items())))


def _replace(path: Path, content: bytes) -> None:
    """The whole file or nothing: written beside it, and put in its place."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        shutil.copymode(path, fresh)
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
