"""Segments in, text that a partner reads out: separators in data are released, or replaced where nothing releases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .separators import EDIFACT, X12_OUT, Separators
from .texts import CHARACTER_SETS

Element = str | int | Sequence[str | int]  # a sequence is a composite
Row = tuple[Element, ...]  # tag first


@dataclass
class Writer:
    """Writes segments of one standard; what had to be altered is gathered in `altered`, each once."""

    separators: Separators
    encoding: str = "utf-8"
    altered: list[str] = field(default_factory=list)

    def segment(self, row: Row) -> str:
        """One segment with its terminator; empty elements at its end are left out."""
        parts = [self._element(element) for element in row]
        while parts and not parts[-1]:
            parts.pop()
        return self.separators.element.join(parts) + self.separators.segment

    def text(self, rows: Iterable[Row]) -> str:
        """Segments, each on a line of its own."""
        return "".join(f"{self.segment(row)}\n" for row in rows)

    def _element(self, element: Element) -> str:
        if isinstance(element, (str, int)):
            return self.data(str(element))
        pieces = [self.data(str(piece)) for piece in element]
        while pieces and not pieces[-1]:
            pieces.pop()
        return self.separators.component.join(pieces)

    def data(self, text: str) -> str:
        """A text as it can stand in an element."""
        plain = "".join(self._letter(letter, text) for letter in text)
        return plain.strip() if not self.separators.release else plain

    def _letter(self, letter: str, text: str) -> str:
        if letter in self.separators.all:
            if self.separators.release:
                return self.separators.release + letter
            self._tell(f"`{letter}` in `{text[:40]}` became a blank: it is a separator, and X12 cannot release it")
            return " "
        if not letter.isprintable():
            if not letter.isspace():
                self._tell(f"a control character in `{text[:40].strip()}` was left out")
            return " " if letter.isspace() else ""
        try:
            letter.encode(self.encoding)
        except UnicodeEncodeError:
            self._tell(f"`{letter}` in `{text[:40]}` became `?`: {self.encoding} does not have it")
            return f"{self.separators.release}?" if "?" in self.separators.all else "?"
        return letter

    def _tell(self, what: str) -> None:
        if what not in self.altered:
            self.altered.append(what)


def x12_writer() -> Writer:
    """`*`, `~` and `>`, in UTF-8."""
    return Writer(X12_OUT)


def edifact_writer(level: str) -> Writer:
    """The separators of ISO 9735, in the character set of a syntax level."""
    return Writer(EDIFACT, CHARACTER_SETS.get(level, "ascii"))
