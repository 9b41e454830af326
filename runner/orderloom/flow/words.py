"""The words of the flow language as they stand in a document: formulas, durations, retries and names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from orderloom.flow import durations
from orderloom.flow.formulas import is_formula, read_formula
from orderloom.flow.model import Formula, Retry
from orderloom.flow.shape import Shape, describe
from orderloom.problems import ProblemsError
from orderloom.source import Path

RESERVED = frozenset({"item", "result"})
FEEL_WORDS = frozenset({
    "true", "false", "null", "and", "or", "not", "if", "then", "else", "for", "in", "return", "some", "every",
    "satisfies", "between", "instance", "of", "function",
})  # fmt: skip
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass
class Words(Shape):
    """A flow file being read. `names` are those that its formulas may read."""

    names: tuple[str, ...] = ()

    def formula(self, path: Path, what: str) -> Formula | None:
        """The formula at the path; anything else there is a finding."""
        found = self.at(path)
        if not is_formula(found):
            mend = f"write `={found}`" if isinstance(found, str) and found.strip() else "it begins with `=`"
            self.report("F009", f"{what} must be a formula, but is {describe(found)}", self.document.place(path), mend)
            return None
        return self.parsed(path, found)

    def parsed(self, path: Path, text: str) -> Formula | None:
        try:
            return read_formula(self.document, self.document.place(path), text, self.names)
        except ProblemsError as error:
            self.problems += error.problems
            return None

    def duration(self, path: Path, what: str) -> timedelta | None:
        found = self.at(path)
        try:
            return durations.parse_duration(found if isinstance(found, str) else "")
        except ValueError as error:
            self._unfit("F007", path, what, error)
            return None

    def retry(self, path: Path, what: str) -> Retry | None:
        found = self.at(path)
        try:
            return durations.parse_retry(found if isinstance(found, str) else "")
        except ValueError as error:
            self._unfit("F008", path, what, error)
            return None

    def _unfit(self, code: str, path: Path, what: str, error: ValueError) -> None:
        self.report(code, f"{what} cannot be {describe(self.at(path))}", self.document.place(path), f"write {error}")

    def name_allowed(self, name: str, path: Path, what: str) -> bool:
        """Whether formulas can read that name; if not, that is told."""
        place = self.document.key_place(path)
        if name in RESERVED:
            self.report(
                "F012",
                f"`{name}` cannot be the name of {what}: formulas read the {name} of a step by it",
                place,
                "give it another name",
            )
        elif name in FEEL_WORDS:
            self.report(
                "F012",
                f"`{name}` cannot be the name of {what}: it is a word of the formula language",
                place,
                "give it another name",
            )
        elif not NAME.fullmatch(name):
            mended = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_")
            mended = f"step_{mended}" if mended[:1].isdigit() else mended
            mend = f"write `{mended}`" if NAME.fullmatch(mended) else None
            self.report(
                "F005",
                f"`{name}` cannot be the name of {what}: letters, digits and `_`, not a digit first",
                place,
                mend,
            )
        else:
            return True
        return False
