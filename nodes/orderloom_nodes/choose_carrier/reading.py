"""Reading a document strictly, value by value: what is wrong is kept with its place, and reading goes on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from orderloom import Document, Problem, did_you_mean

Path = tuple[str | int, ...]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Reader:
    """Getters give a usable value even where the document has none; `problems` tells whether to use anything at all."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def blame(self, code: str, message: str, path: Path, mend: str | None = None, *, key: bool = False) -> None:
        place = self.document.key_place(path) if key else self.document.place(path)
        self.problems.append(Problem(code, message, place, mend))

    def at(self, path: Path) -> Any:
        """What stands at the path, or None."""
        found: Any = self.document.data
        for step in path:
            if isinstance(found, Mapping):
                found = found.get(step)
            elif isinstance(found, list) and isinstance(step, int) and step < len(found):
                found = found[step]
            else:
                return None
        return found

    def mapping(
        self, path: Path, what: str, known: Collection[str] | None = None, needed: Collection[str] = ()
    ) -> Mapping[str, Any]:
        """The keys and values at the path; unknown keys and missing ones are found."""
        found = self.at(path)
        if not isinstance(found, Mapping):
            self.blame("C202", f"{what} is a mapping of keys and values", path)
            return {}
        for key in found if known is not None else ():
            if key not in (known or ()):
                self.blame(
                    "C203", f"`{key}` is no key of {what}", (*path, key), did_you_mean(str(key), known or ()), key=True
                )
        for key in needed:
            if found.get(key) is None:
                self.blame("C204", f"{what} has no `{key}`", path)
        return found

    def text(self, path: Path) -> str:
        found = self.at(path)
        if found is None:
            return ""
        if not isinstance(found, str) or not found.strip():
            self.blame("C202", f"`{path[-1]}` is text", path)
            return ""
        return found

    def number(self, path: Path, *, above: int | None = None) -> Decimal | None:
        """A number from 0 up (or above a limit), None where none is given."""
        found = self.at(path)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, (int, Decimal)) or found < 0:
            self.blame(
                "C205", f"`{path[-1]}` is a number, and not below 0", path, "write it without a unit and without quotes"
            )
            return None
        if above is not None and found <= above:
            self.blame("C205", f"`{path[-1]}` is a number above {above}", path)
        return Decimal(found)

    def whole(self, path: Path, *, above: int | None = None) -> int | None:
        found = self.number(path, above=above)
        if found is not None and found != int(found):
            self.blame("C205", f"`{path[-1]}` is a whole number", path)
        return None if found is None else int(found)

    def flag(self, path: Path) -> bool:
        found = self.at(path)
        if found is not None and not isinstance(found, bool):
            self.blame("C202", f"`{path[-1]}` is true or false", path)
        return found is True

    def texts(self, path: Path) -> tuple[str, ...]:
        """A list of texts, empty where there is none."""
        found = self.at(path)
        if found is None:
            return ()
        if not isinstance(found, list) or not all(isinstance(item, str) and item for item in found):
            self.blame(
                "C202", f"`{path[-1]}` is a list of texts", path, 'for example: ["995", "996"]; figures stand in quotes'
            )
            return ()
        return tuple(found)

    def countries(self, path: Path) -> frozenset[str]:
        found = self.texts(path)
        for country in found:
            if len(country) != 2 or not (country.isascii() and country.isalpha() and country.isupper()):
                self.blame("C206", f"`{country}` is no country code", path, "two capitals of ISO 3166-1, such as US")
        return frozenset(found)

    def days(self, path: Path) -> frozenset[int]:
        """Days of the week, Monday 0; Monday to Friday where nothing is said."""
        found = self.texts(path)
        for day in found:
            if day not in DAYS:
                self.blame("C206", f"`{day}` is no day", path, did_you_mean(day, DAYS) or f"write {', '.join(DAYS)}")
        return frozenset(DAYS.index(day) for day in found if day in DAYS) or frozenset(range(5))
