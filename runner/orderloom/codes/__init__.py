"""What every code of a finding means: read from the files beside this one, a family a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from orderloom.source import parse_yaml


@dataclass(frozen=True)
class Code:
    """What a code means: its title, why it is a finding, and an excerpt before and after the mend."""

    title: str
    why: str
    before: str
    after: str


@cache
def codes() -> Mapping[str, Code]:
    """Every code by its name, sorted; ValueError where two families claim one or a text is missing."""
    found: dict[str, Code] = {}
    for file in sorted(files(__name__).iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".yaml"):
            continue
        family = parse_yaml(file.read_text(encoding="utf-8"), file.name).data
        for name, told in family.items():
            if name in found:
                raise ValueError(f"{file.name}: {name} is explained in another file too")
            found[name] = _code(file.name, name, told)
    return dict(sorted(found.items()))


def _code(file: str, name: str, told: Any) -> Code:
    wanted = {"title", "why", "before", "after"}
    if not isinstance(told, dict) or set(told) != wanted or not all(isinstance(text, str) for text in told.values()):
        raise ValueError(f"{file}: {name} needs the texts {', '.join(sorted(wanted))}, and no others")
    return Code(**{key: text.strip("\n") for key, text in told.items()})
