"""The states, provinces, counties of a country, found by code or by name in any spelling and language of the data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orderloom_nodes.validate.texts import fold

# what shops write, which neither ISO 3166-2 nor the data has
_OTHER_CODES = {
    "HK": {"HK": "Hong Kong Island", "KL": "Kowloon", "NT": "New Territories"},
    "TW": {"KIN": "金門縣", "LIE": "連江縣"},
}
# words that the data has in a region's name and people leave out
_LEFT_OUT = re.compile(r"^Co\. |^Daerah Istimewa | (?:Sheng|Shi|Zizhiqu|Do|Si|Province|Oblast|Region)$|-(?:do|si)$")
_SPELLINGS = ("sub_names", "sub_lnames", "sub_lfnames")


@dataclass(frozen=True)
class Region:
    """A state, province, county …; `code` is ISO 3166-2 without the country, else what the data has."""

    code: str
    name: str
    postal: re.Pattern[str] | None = None
    cities: Mapping[str, str] = field(default_factory=dict)     # folded name → name

    def takes(self, postal_code: str) -> bool:
        """Whether a postal code may lie in it."""
        return self.postal is None or bool(self.postal.match(postal_code))

    def __str__(self) -> str:
        return self.code if self.name == self.code else f"{self.name} ({self.code})"


def regions_in(country: str, said: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Region]:
    """The data's own key of each region → the region."""
    keys, codes = split(said, "sub_keys"), split(said, "sub_isoids")
    others = {key: code for code, key in _OTHER_CODES.get(country, {}).items()}
    return {
        key: _region(key, codes[index] if index < len(codes) and codes[index] else others.get(key, key), country, data)
        for index, key in enumerate(keys)
    }


def by_name(
    country: str, said: Mapping[str, Any], data: Mapping[str, Any], regions: Mapping[str, Region]
) -> dict[str, Region]:
    """Folded code or name → region. The data's own key goes before a code, a code before a name."""
    found: dict[str, Region] = {}
    for name, region in _spelt(country, said, data, regions):
        found.setdefault(fold(name), region)
    return found


def split(said: Mapping[str, Any], name: str) -> list[str]:
    """The data's lists are texts parted by tildes."""
    return said[name].split("~") if said.get(name) else []


def _spelt(
    country: str, said: Mapping[str, Any], data: Mapping[str, Any], regions: Mapping[str, Region]
) -> Iterator[tuple[str, Region]]:
    yield from regions.items()
    yield from ((region.code, region) for region in regions.values())
    for names in _SPELLINGS:
        yield from zip(split(said, names), regions.values(), strict=False)
    for language in split(said, "languages"):
        yield from _in_language(data.get(f"{country}--{language}", {}), regions)
    yield from ((_LEFT_OUT.sub("", region.name), region) for region in regions.values())


def _in_language(said: Mapping[str, Any], regions: Mapping[str, Region]) -> Iterator[tuple[str, Region]]:
    """Each language lists the regions in an order of its own."""
    of_code = {region.code: region for region in regions.values()}
    codes = split(said, "sub_isoids")
    for index, key in enumerate(split(said, "sub_keys")):
        region = (of_code.get(codes[index]) if index < len(codes) else None) or regions.get(key)
        if region is not None:
            yield key, region
            for names in _SPELLINGS:
                spelt = split(said, names)
                if index < len(spelt):
                    yield spelt[index], region


def _region(key: str, code: str, country: str, data: Mapping[str, Any]) -> Region:
    said = data.get(f"{country}/{key}", {})
    latin = data.get(f"{country}/{key}--en", {}).get("name")
    name = said.get("lname") or latin or said.get("name") or key
    return Region(code, name, re.compile(said["zip"]) if "zip" in said else None, _cities(said))


def _cities(said: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for names in ("sub_lnames", "sub_names", "sub_keys"):
        for name in split(said, names):
            found.setdefault(fold(name), name)
    return found
