"""Postal codes: from what people type to the one form that the country prints on envelopes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_LEAD = re.compile(r"[A-Z]{2} ?(?=[\[\\])")     # letters that stand in a country's pattern as they are
_SEPARATORS = re.compile(r"[\s.–—-]+")
# before the ISO codes, countries were told by their car plates; people still write D-10115
_OLD_PREFIXES = {"AT": "A", "BE": "B", "DE": "D", "ES": "E", "FI": "SF", "FR": "F", "IT": "I", "PT": "P", "SE": "S"}


@dataclass(frozen=True)
class PostalForm:
    """The pattern of a country's postal codes, and where blanks and hyphens stand, by the codes' shape (`9999AA`)."""

    pattern: re.Pattern[str] | None
    spaced: Mapping[str, str]               # shape → example
    by_length: Mapping[int, str]            # letters and digits → example, where all of that length are spaced alike
    prefixes: tuple[str, ...]
    example: str
    lead: str = ""                          # what all codes of the country begin with: `CP ` in El Salvador

    def normal(self, said: str) -> str:
        """`1012 js` → `1012 JS`, `01310100` → `01310-100`; what fits no form comes back in capitals."""
        text = " ".join((said if said.isascii() else unicodedata.normalize("NFKC", said)).upper().split())
        for candidate in self._candidates(text):
            if self.takes(candidate):
                return candidate
        return text

    def takes(self, code: str) -> bool:
        return self.pattern is None or bool(self.pattern.fullmatch(code))

    def completed(self, said: str) -> str | None:
        """The code with the leading zeros that a spreadsheet took away, if that makes it one."""
        if self.pattern is None or not re.fullmatch("[0-9]+", said):
            return None
        lengths = {len(shape) for shape in self.spaced if set(shape) == {"9"}}
        padded = (said.zfill(length) for length in sorted(lengths) if length > len(said) >= length - 2)
        return next((found for code in padded if self.takes(found := self._spaced(code))), None)

    def _candidates(self, text: str) -> Iterator[str]:
        yield self._spaced(text)
        yield text
        for prefix in self.prefixes:
            if text.startswith(prefix):
                rest = text.removeprefix(prefix).lstrip(" -")
                yield self._spaced(rest)
                yield rest
        for prefix in self.prefixes:
            yield f"{prefix}-{text}"
        if self.lead:
            yield f"{self.lead}{text}"

    def _spaced(self, text: str) -> str:
        letters = text if text.isalnum() else _SEPARATORS.sub("", text)
        example = self.spaced.get(_shape(letters)) or self.by_length.get(len(letters))
        if example is None:
            return text
        rest = iter(letters)
        return "".join(next(rest) if mark.isalnum() else mark for mark in example)


def postal_form(country: str, said: Mapping[str, Any]) -> PostalForm:
    """From a country's entry in the address data: its pattern, its examples, its prefix."""
    used = "%Z" in said["fmt"] and "zip" in said
    examples = said.get("zipex", "").split(",") if used else []
    shapes: dict[str, str] = {}
    for example in examples:
        shapes.setdefault(_shape(_SEPARATORS.sub("", example)), example)
    prefixes = {country, said.get("postprefix", "").strip(" -") or country, _OLD_PREFIXES.get(country, country)}
    pattern = re.compile(said["zip"]) if used else None
    lead = _LEAD.match(said["zip"]) if used else None
    longest_first = tuple(sorted(prefixes, key=lambda prefix: (-len(prefix), prefix)))
    return PostalForm(pattern, shapes, _by_length(shapes.values()), longest_first, examples[0] if examples else "",
                      lead[0] if lead else "")


def _by_length(examples: Collection[str]) -> dict[int, str]:
    found: dict[int, str] = {}
    mixed = set()
    for example in examples:
        length = len(_SEPARATORS.sub("", example))
        if _gaps(found.setdefault(length, example)) != _gaps(example):
            mixed.add(length)
    return {length: example for length, example in found.items() if length not in mixed}


def _gaps(example: str) -> list[tuple[int, str]]:
    return [(index, mark) for index, mark in enumerate(example) if not mark.isalnum()]


def _shape(letters: str) -> str:
    if letters.isascii() and letters.isdigit():
        return "9" * len(letters)
    return "".join("9" if letter.isdigit() else "A" for letter in letters)
