"""The characters that part an interchange, as its own header says them."""

from __future__ import annotations

from dataclasses import dataclass

ISA_ENDS = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)  # where ISA's separators stand
ISA_LENGTH = 106


@dataclass(frozen=True)
class Separators:
    """`release` takes the meaning from the character behind it; X12 has none. `tag` parts a segment's name from it."""

    segment: str
    element: str
    component: str
    repetition: str = ""
    release: str = ""
    tag: str = ""

    @property
    def all(self) -> str:
        """Every character that has a meaning."""
        return self.segment + self.element + self.component + self.repetition + self.release + self.tag

    @property
    def odd(self) -> str | None:
        """Which kind of separator cannot be one (a letter, a digit, or one that means two things); None where all can.

        The words are those of the standard: element, component, segment.
        """
        kinds = {"element": self.element, "component": self.component, "segment": self.segment}
        for kind, found in kinds.items():
            if not found or found.isalnum() or found == " " or list(kinds.values()).count(found) > 1:
                return kind
        return None


X12_OUT = Separators("~", "*", ">", "^")
EDIFACT = Separators("'", "+", ":", "", "?")
TRADACOMS = Separators("'", "+", ":", "", "?", "=")


def of_isa(text: str) -> Separators | None:
    """Those of an X12 header at the beginning of a text: by position, else (a header of another length) by counting.

    None where the text ends within the header. ISA11 is a separator from version 00402 on, before that a letter.
    """
    element = text[3:4]
    if len(text) >= ISA_LENGTH and all(text[at] == element for at in ISA_ENDS):
        parts, after = text[:104].split(element), text[104:106]
    else:
        parts = text[:400].split(element, 16)
        if len(parts) < 17:
            return None
        after = parts[16][:2]
    if len(after) < 2:
        return None
    version, eleventh = parts[12].strip(), parts[11]
    repeats = len(eleventh) == 1 and not eleventh.isalnum() and eleventh != " " and version >= "00402"
    return Separators(after[1], element, after[0], eleventh if repeats else "")


def of_una(text: str) -> Separators:
    """Those that a service string advice (`UNA:+.? '`) sets; ISO 9735's own where there is none."""
    if not text.startswith("UNA"):
        return EDIFACT
    component, element, _, release, repetition, segment = list(text[3:9].ljust(6))
    return Separators(segment, element, component, repetition.strip(), release.strip())
