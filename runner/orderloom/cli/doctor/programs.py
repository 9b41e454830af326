"""Programs that orderloom does without, and what each would be good for."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from orderloom.cli.doctor.finding import Finding

_WITHIN_S = 5.0


@dataclass(frozen=True)
class Program:
    """`asks` makes it say its version; empty for one that would wait for input instead."""

    name: str
    good_for: str
    mend: str
    asks: tuple[str, ...] = ()


PROGRAMS = (
    Program("dot", "pictures of `orderloom graph --format dot`", "apt-get install graphviz", ("-V",)),
    Program("node", "n8n and yaml-language-server", "install Node.js from nodejs.org", ("--version",)),
    Program("yaml-language-server", "hints while editing", "npm install --global yaml-language-server"),
)


def program_findings(programs: tuple[Program, ...] = PROGRAMS) -> Iterator[Finding]:
    """One for each; a missing one is no fault."""
    for program in programs:
        place = shutil.which(program.name)
        if place is None:
            says = f"not here; good for {program.good_for}"
            yield Finding("environment", program.name, "skipped", says, program.mend)
        else:
            said = _version(place, program.asks)
            yield Finding("environment", program.name, "ok", f"{said}, {place}" if said else place)


def _version(place: str, asks: tuple[str, ...]) -> str | None:
    if not asks:
        return None
    try:
        told = subprocess.run(  # noqa: S603 (a program of PROGRAMS, with words of ours)
            [place, *asks], capture_output=True, text=True, timeout=_WITHIN_S, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return None
    found = re.search(r"[0-9]+(?:\.[0-9]+)+", told.stdout + told.stderr)
    return found[0] if found else None
