"""What a run needs of this machine: Python, packages, time zones, folders that can be written, SQLite, disk space."""

from __future__ import annotations

import platform
import re
import shutil
import sqlite3
import sys
import tempfile
import zoneinfo
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from orderloom.cli.doctor.finding import Finding, Verdict
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.folders import why_unwritable
from orderloom.world.shelf import DEFAULT_FILE, Shelf

ZONES = ("America/New_York", "Europe/Berlin", "Asia/Tokyo")
OLDEST_SQLITE = (3, 8, 2)  # tables WITHOUT ROWID (sqlite.org, release history)
SCARCE_BYTES, TOO_LITTLE_BYTES = 200_000_000, 20_000_000
_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)\s*(?:\(?>=\s*([0-9][0-9.]*)\)?)?")


def environment_findings(folder: Path) -> Iterator[Finding]:
    """`folder` is the project's, else where the command was given."""
    version = _version("orderloom")
    yield _installed(version, Path(__file__).parents[2])
    yield _ok("python", f"{platform.python_version()}, {sys.executable}")
    yield _ok("platform", f"{platform.system()} {platform.release()}, {platform.machine()}")
    yield from package_findings((metadata.requires("orderloom") or []) if version else [])
    yield _zones()
    yield from _writable({"folder": folder, "state": folder / ".orderloom", "temporary": Path(tempfile.gettempdir())})
    yield _sqlite(sqlite3.sqlite_version_info)
    yield shelf_finding(folder / DEFAULT_FILE)
    yield _space(folder, shutil.disk_usage(folder).free)


def _installed(version: str | None, place: Path) -> Finding:
    if version:
        return _ok("orderloom", f"{version}, in {place}")
    says = f"{place} is run without being installed: no pack of nodes can be found"
    return Finding("environment", "orderloom", "fault", says, "python -m pip install orderloom", "F960")


def package_findings(requirements: list[str]) -> Iterator[Finding]:
    """One line for all that are there, one more for each that is missing or too old. Extras are nobody's fault."""
    there = []
    for requirement in requirements:
        found = _REQUIREMENT.match(requirement)
        if found is None or "extra ==" in requirement:
            continue
        name, oldest = found[1], found[2] or "0"
        version = _version(name)
        if version is None or _parts(version) < _parts(oldest):
            says = f"{name} is missing" if version is None else f"{name} {version} is older than {oldest}"
            mend = f'python -m pip install --upgrade "{name}>={oldest}"'
            yield Finding("environment", "packages", "fault", says, mend, "F960")
        else:
            there.append(f"{name} {version}")
    yield _ok("packages", ", ".join(sorted(there)) or "none is asked for")


def shelf_finding(file: Path) -> Finding:
    """What the connections of this machine remember, by default in one file."""
    shelf = Shelf(file)
    try:
        shelf.probe(every_page=True)
        count = shelf.count()
    except ConnectionFailedError as error:
        mend = "stop what else uses the file; if it is damaged, put it aside or take it from a backup"
        return Finding("environment", "shelf", "fault", error.message, mend, "F963")
    finally:
        shelf.close()
    return _ok("shelf", f"{file}: {count} documents" if file.exists() else f"{file} is made when it is first needed")


def _zones() -> Finding:
    missing = []
    for zone in ZONES:
        try:
            zoneinfo.ZoneInfo(zone)
        except (zoneinfo.ZoneInfoNotFoundError, OSError):
            missing.append(zone)
    if missing:
        says = f"no time zone data for {', '.join(missing)}"
        return Finding("environment", "time zones", "fault", says, "python -m pip install --upgrade tzdata", "F961")
    version = _version("tzdata")
    origin = f"tzdata {version}" if version else "the system's"
    return _ok("time zones", f"{origin}, {len(zoneinfo.available_timezones())} zones")


def _writable(folders: dict[str, Path]) -> Iterator[Finding]:
    for name, folder in folders.items():
        why = why_unwritable(folder)
        if why is None:
            yield _ok(name, f"{folder} can be written")
        else:
            mend = "give whoever runs orderloom the right to write there, or run it elsewhere"
            yield Finding("environment", name, "fault", why, mend, "F962")


def _sqlite(version: tuple[int, ...]) -> Finding:
    told = ".".join(map(str, version))
    if version < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        says = f"SQLite {told} is older than {oldest}"
        return Finding("environment", "sqlite", "fault", says, "use a Python with a newer SQLite", "F963")
    return _ok("sqlite", told)


def _space(folder: Path, free_bytes: int) -> Finding:
    verdict: Verdict = (
        "fault" if free_bytes < TOO_LITTLE_BYTES else "warning" if free_bytes < SCARCE_BYTES else "ok"
    )
    says = f"{free_bytes / 1e9:.1f} GB free at {folder}"
    if verdict == "ok":
        return _ok("disk", says)
    return Finding("environment", "disk", verdict, says, "make room: outbox/, documents/ and .orderloom/ grow", "F964")


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _parts(version: str) -> tuple[int, ...]:
    """The leading numbers: 2.10.0rc1 counts as 2.10.0, and 2.10 as 2.10.0 too."""
    release = re.match(r"[0-9]+(?:\.[0-9]+)*", version)
    numbers = [int(part) for part in release[0].split(".")] if release else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _ok(name: str, says: str) -> Finding:
    return Finding("environment", name, "ok", says)
