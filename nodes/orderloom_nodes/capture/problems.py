"""Where findings about one document of a payload are gathered: path in, problem with line and column out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from orderloom import Document, Problem, spell

Path = tuple[str | int, ...]


@dataclass
class Findings:
    """The problems of one document, which stands at `base` of a payload that was read as `document`."""

    document: Document
    base: Path = ()
    lines_before: int = 0                   # of the file, where the payload is one of its lines
    problems: list[Problem] = field(default_factory=list)

    def add(self, code: str, path: Path, message: str, help: str | None = None, *, key: bool = False) -> None:  # noqa: A002
        """`path` is within the document; `{}` in the message becomes the path within the payload."""
        whole = (*self.base, *path)
        place = self.document.key_place(whole) if key else self.document.place(whole)
        if self.lines_before:
            place = replace(place, line=place.line + self.lines_before)
        self.problems.append(Problem(code, message.replace("{}", spell(whole)), place, help))


def shown(value: object) -> str:
    """A value as a message shows it: short, and never a whole object."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = str(value)
    return f"`{text if len(text) <= 40 else text[:39] + '…'}`"
