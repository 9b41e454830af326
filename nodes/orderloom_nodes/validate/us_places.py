"""ZIP codes and cities of the United States: which cities a ZIP code serves, and which ZIP codes a city has.

`us_places.csv` names 39,000 cities with their ZIP codes (`zips`: its own; `also`: those where its name is understood
too). It was made for orderloom on 2026-11-28 out of the PyPI package zipcodes 3.0.0 (MIT), without military codes and
those out of use. A state is read when it is first asked for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from orderloom_nodes.validate.texts import fold

_SHORT = {
    "st": "saint",
    "ste": "sainte",
    "ft": "fort",
    "mt": "mount",
    "n": "north",
    "s": "south",
    "e": "east",
    "w": "west",
}
_WORDS = re.compile(r"[^\W_]+")


class State(NamedTuple):
    """One state: the cities of a ZIP code, the chief one first, and the ZIP codes of a city by its folded name."""

    cities: Mapping[str, tuple[str, ...]]
    zips: Mapping[str, tuple[str, ...]]


def cities_of(region: str, postal_code: str) -> tuple[str, ...]:
    """What places a ZIP code serves; none where it is not known there."""
    return _state(region).cities.get(postal_code[:5], ())


def zips_of(region: str, city: str) -> tuple[str, ...]:
    """The ZIP codes of a city; none where no city of that name is known in the state."""
    return _state(region).zips.get(spelt_out(city), ())


def spelt_out(city: str) -> str:
    """A city's name for comparing: `St. Louis` and `SAINT LOUIS` are one."""
    words: list[str] = _WORDS.findall(city.lower().replace("'", ""))
    return fold("".join(_SHORT.get(word, word) for word in words))


@cache
def _state(region: str) -> State:
    chief: dict[str, list[str]] = defaultdict(list)
    others: dict[str, list[str]] = defaultdict(list)
    zips: dict[str, list[str]] = defaultdict(list)
    for city, own, also in _rows(region):
        for code in own:
            chief[code].append(city)
        for code in also:
            others[code].append(city)
        zips[spelt_out(city)] += [*own, *also]
    codes = chief.keys() | others.keys()
    return State(
        {code: (*chief[code], *others[code]) for code in codes}, {name: tuple(found) for name, found in zips.items()}
    )


def _rows(region: str) -> Iterator[tuple[str, list[str], list[str]]]:
    for line in _lines():
        if line.startswith(f"{region},"):
            _, city, own, also = line.split(",")
            yield city, list(_codes(own)), list(_codes(also))


@cache
def _lines() -> list[str]:
    return files("orderloom_nodes.validate").joinpath("us_places.csv").read_text(encoding="utf-8").splitlines()[1:]


def _codes(packed: str) -> Iterator[str]:
    """`40201-40203 40228`: one by one."""
    for part in packed.split():
        first, _, last = part.partition("-")
        for number in range(int(first), int(last or first) + 1):
            yield f"{number:05d}"
