"""Reading one document: values of a wanted kind come out, and each that is of another kind becomes a finding."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from orderloom.problems import Fix, Place, Problem, did_you_mean, exchanged, key_slip
from orderloom.source import Document, Path
from orderloom.source.strict_yaml import scalar

WORDS_ELSEWHERE = {  # what other tools call it
    "if": "when",
    "condition": "when",
    "needs": "after",
    "depends_on": "after",
    "foreach": "for_each",
    "loop": "for_each",
    "args": "with",
    "inputs": "with",
    "input": "with",
    "parameters": "with",
    "params": "with",
    "settings": "with",
    "node": "use",
    "uses": "use",
    "type": "use",
    "on_failure": "on_error",
    "catch": "on_error",
    "else": "next",
    "then": "next",
    "goto": "next",
    "retries": "retry",
    "compensate": "undo",
    "name": "flow",
    "description": "summary",
    "vars": "let",
    "variables": "let",
    "id": "key",
}


@dataclass
class Shape:
    """A document being read, and the findings so far."""

    document: Document
    problems: list[Problem] = field(default_factory=list)

    def report(
        self,
        code: str,
        message: str,
        place: Place,
        help: str | None = None,  # noqa: A002
        fix: Fix | None = None,
    ) -> None:
        self.problems.append(Problem(code, message, place, help, fix=fix))

    def at(self, path: Path) -> Any:
        """The value at that path, which is known to exist."""
        value = self.document.data
        for part in path:
            value = value[part]
        return value

    def has(self, path: Path) -> bool:
        parent = self.at(path[:-1])
        return isinstance(parent, Mapping) and path[-1] in parent

    def keys(self, path: Path, allowed: Sequence[str], required: Collection[str] = (), what: str = "") -> None:
        """Refuses unknown keys and tells missing ones; the value at the path is a mapping."""
        given = self.at(path)
        missing = [key for key in allowed if key in required and key not in given]
        unknown = [str(key) for key in given if key not in allowed]
        lacking = missing[0] if len(missing) == 1 == len(unknown) else None
        for key in unknown:
            mend = _meant(key, allowed, missing if len(unknown) == 1 else ())
            missing = [other for other in missing if f"`{other}`" not in mend]  # one slip is one finding
            place = self.document.key_place((*path, key))
            free = [word for word in allowed if word not in given]
            fix = exchanged(place, key, key_slip(key, free, lacking))
            self.report("F002", f"{what} has no key `{key}`", place, mend, fix)
        for key in missing:
            place = self.document.key_place(path) if path else Place(self.document.file, 1, 1)
            self.report("F003", f"{what} has no `{key}`", place, f"add `{key}:` to it")

    def mapping(self, path: Path, what: str, help: str | None = None) -> Mapping[str, Any] | None:  # noqa: A002
        found: Mapping[str, Any] | None = self._of(path, Mapping, what, "a mapping", help)
        return found

    def text(self, path: Path, what: str, help: str | None = None) -> str | None:  # noqa: A002
        found: str | None = self._of(path, str, what, "a text", help)
        if found is not None and found.startswith("="):
            self.report(
                "F009",
                f"{what} is a plain word and cannot be a formula",
                self.document.place(path),
                "it must be known before anything runs: write the word itself",
            )
            return None
        return found

    def whole_number(self, path: Path, what: str, least: int, most: int) -> int | None:
        found = self.at(path)
        if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= most:
            self.report(
                "F006",
                f"{what} must be a whole number from {least} to {most}, but is {describe(found)}",
                self.document.place(path),
                "write it in digits, without quotes",
                fix=_unquoted(found, self.document.place(path)),
            )
            return None
        return found

    def _of(self, path: Path, kind: type[Any], what: str, wanted: str, help: str | None = None) -> Any:  # noqa: A002
        found = self.at(path)
        if isinstance(found, kind):
            return found
        self.report("F004", f"{what} must be {wanted}, but is {describe(found)}", self.document.place(path), help)
        return None


def _meant(key: str, allowed: Sequence[str], missing: Sequence[str]) -> str:
    elsewhere = WORDS_ELSEWHERE.get(key)
    if elsewhere in allowed:
        return f"did you mean `{elsewhere}`?"
    near = did_you_mean(key, missing) or did_you_mean(key, allowed)
    if len(missing) == 1 and not get_close_matches(key, allowed, cutoff=0.75):
        return f"did you mean `{missing[0]}`?"
    return near or f"the keys are: {', '.join(allowed)}"


def _unquoted(found: Any, place: Place) -> Fix | None:
    """A whole number that stands in quotes without them."""
    if isinstance(found, str) and isinstance(scalar(found), int) and place.end_column - place.column == len(found) + 2:
        return Fix(place, found)
    return None


def describe(value: Any) -> str:
    """What stands there, in words: `the number 5`, `a list`, `empty`."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, Decimal)):
        return f"the number {value}"
    if isinstance(value, str):
        return f"the text `{value if len(value) <= 40 else value[:37] + '…'}`"
    return "a list" if isinstance(value, (list, tuple)) else "a mapping"
