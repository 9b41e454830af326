"""What is wrong with a field of an order, and the collector that every check tells its findings to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from orderloom.model import Model

CONFIRMED = "confirmed:"                    # the tag `confirmed:V112` says that a person found this right
CONFIRMABLE = frozenset({"V104", "V105", "V106", "V112", "V113", "V116", "V118", "V120", "V123", "V131"})


class FieldProblem(Model):
    """One finding. `path` is the field (`lines[2].sku`), `fix` a value for it that a person may accept."""

    code: str
    path: str
    message: str
    help: str | None = None
    fix: str | None = None
    severity: Literal["error", "warning"] = "error"


Tell = Callable[..., FieldProblem]          # (code, path, message, mend, fix)


class Findings:
    """Collects. Errors hold the order, notes do not, rejections end it. `holds`: whether there is anything to hold."""

    def __init__(self, tags: tuple[str, ...], *, holds: bool = True) -> None:
        confirmed = (tag.removeprefix(CONFIRMED).strip() for tag in tags if tag.startswith(CONFIRMED))
        self._confirmed = CONFIRMABLE.intersection(confirmed)
        self._holds = holds
        self.rejections: list[FieldProblem] = []
        self.errors: list[FieldProblem] = []
        self.notes: list[FieldProblem] = []

    def error(
        self, code: str, path: str, message: str, mend: str | None = None, fix: str | None = None
    ) -> FieldProblem:
        """A hold; a note where a person has confirmed it, or where nothing is left to be held."""
        if not self._holds:
            return self.note(code, path, message, mend, fix)
        if code in self._confirmed:
            return self.note(code, path, message, "confirmed by a person")
        if code in CONFIRMABLE:
            stands = f"if it is right, add the tag `{CONFIRMED}{code}`"
            mend = f"{mend}; {stands}" if mend else stands
        return _kept(self.errors, FieldProblem(code=code, path=path, message=message, help=mend, fix=fix))

    def note(self, code: str, path: str, message: str, mend: str | None = None, fix: str | None = None) -> FieldProblem:
        found = FieldProblem(code=code, path=path, message=message, help=mend, fix=fix, severity="warning")
        return _kept(self.notes, found)

    def reject(self, code: str, path: str, message: str, mend: str | None = None) -> FieldProblem:
        return _kept(self.rejections, FieldProblem(code=code, path=path, message=message, help=mend))


def _kept(to: list[FieldProblem], found: FieldProblem) -> FieldProblem:
    to.append(found)
    return found
