"""Postal codes: from what people type to the one form that the country prints on envelopes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_SEPARATORS = re.compile(r"[\s.–—-]+")


@dataclass(frozen=True)
class PostalForm:
    """The pattern of a country's postal codes, and where blanks and hyphens stand, by the codes' shape (`9999AA`)."""

    pattern: re.Pattern[str] | None
    spaced: Mapping[str, str]               # shape → example
    prefixes: tuple[str, ...]
    example: str

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

    def _spaced(self, text: str) -> str:
        letters = text if text.isalnum() else _SEPARATORS.sub("", text)
        example = self.spaced.get(_shape(letters))
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
    prefixes = {country, said.get("postprefix", "").strip(" -") or country}
    pattern = re.compile(said["zip"]) if used else None
    return PostalForm(pattern, shapes, tuple(sorted(prefixes, key=len, reverse=True)), examples[0] if examples else "")


def _shape(letters: str) -> str:
    if letters.isascii() and letters.isdigit():
        return "9" * len(letters)
    return "".join("9" if letter.isdigit() else "A" for letter in letters)
