"""A `Document` in; the `Flow` that it says, or every finding about its shape, out."""

from __future__ import annotations

import re
from collections.abc import Mapping

from orderloom.flow.model import Defaults, Flow, Formula, Step
from orderloom.flow.read_step import read_step
from orderloom.flow.words import NAME, Words
from orderloom.problems import Place, Problem, ProblemsError
from orderloom.source import Document, Path

FLOW_KEYS = ("flow", "version", "summary", "key", "defaults", "let", "limits", "steps")
DEFAULT_KEYS = ("timeout", "retry", "max_parallel")
FLOW_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def read_flow(document: Document) -> Flow:
    """What the file says. Raises `ProblemsError` with all findings about its shape."""
    flow, problems = scan_flow(document)
    if problems or flow is None:
        raise ProblemsError(problems)
    return flow


def scan_flow(document: Document) -> tuple[Flow | None, list[Problem]]:
    """What the file says as far as it can be read, and what cannot; the flow is None where the file is none."""
    reader = _Reader(document)
    return reader.flow(), reader.problems


class _Reader(Words):
    """One pass over the document; what is not right is reported, left out, and reading goes on."""

    def flow(self) -> Flow | None:
        if not isinstance(self.document.data, Mapping) or not ({"flow", "steps"} & set(self.document.data)):
            self.report(
                "F001",
                "this is no flow",
                Place(self.document.file, 1, 1),
                "a flow file has the keys `flow:` and `steps:`",
            )
            return None
        self.keys((), FLOW_KEYS, ("flow",) if self._lost_steps() else ("flow", "steps"), "a flow")
        self.names = (*self._members("steps"), *self._members("let"))
        if self.has(("limits",)):
            self.mapping(("limits",), "`limits`")
        return Flow(
            name=self._name(),
            version=(self.whole_number(("version",), "`version`", 1, 999_999) if self.has(("version",)) else None) or 1,
            summary=(self.text(("summary",), "`summary`") if self.has(("summary",)) else None) or "",
            key=self.formula(("key",), "`key`") if self.has(("key",)) else None,
            defaults=self._defaults() if self.has(("defaults",)) else Defaults(),
            let=self._lets(),
            steps=self._steps(),
            source=self.document,
        )

    def _members(self, key: str) -> list[str]:
        found = self.document.data.get(key)
        return [name for name in found if NAME.fullmatch(name)] if isinstance(found, Mapping) else []

    def _name(self) -> str:
        found = self.text(("flow",), "`flow`") if self.has(("flow",)) else None
        if found is not None and not FLOW_NAME.fullmatch(found):
            self.report(
                "F005",
                f"`{found}` cannot be the name of a flow: letters, digits, `-` and `_`",
                self.document.place(("flow",)),
                "such as order-to-delivery",
            )
        return found or ""

    def _defaults(self) -> Defaults:
        path: Path = ("defaults",)
        if self.mapping(path, "`defaults`", "for example: {timeout: 30s, retry: 4x 2s..5m}") is None:
            return Defaults()
        self.keys(path, DEFAULT_KEYS, what="`defaults`")
        timeout, retry, most = ((*path, key) for key in DEFAULT_KEYS)
        return Defaults(
            self.duration(timeout, "`timeout`") if self.has(timeout) else None,
            self.retry(retry, "`retry`") if self.has(retry) else None,
            (self.whole_number(most, "`max_parallel`", 1, 1000) if self.has(most) else None) or Defaults().max_parallel,
        )

    def _lets(self) -> Mapping[str, Formula]:
        if self.document.data.get("let") is None or self.mapping(("let",), "`let`") is None:
            return {}
        if first := self._lost_steps():
            place = self.document.key_place(("let", first))
            self.report(
                "F003", f"a flow has no `steps`, and `{first}` stands under `let`", place, "write `steps:` above it"
            )
            return {}
        found: dict[str, Formula] = {}
        steps = self.document.data.get("steps")
        for name in self.at(("let",)):
            path: Path = ("let", name)
            if isinstance(steps, Mapping) and name in steps:
                self.report(
                    "F011",
                    f"`{name}` is the name of a step already",
                    self.document.key_place(path),
                    "give one of them another name",
                )
            elif self.name_allowed(name, path, "a `let`") and (formula := self.formula(path, f"`{name}`")):
                found[name] = formula
        return found

    def _lost_steps(self) -> str | None:
        """The first step under `let`, where the line `steps:` is missing."""
        lets = self.document.data.get("let")
        if self.has(("steps",)) or not isinstance(lets, Mapping):
            return None
        return next((name for name, value in lets.items() if isinstance(value, Mapping) and "use" in value), None)

    def _steps(self) -> Mapping[str, Step]:
        path: Path = ("steps",)
        if (
            not self.has(path)
            or self.mapping(path, "`steps`", "each step under its name: `capture: {use: capture}`") is None
        ):
            return {}
        if not self.at(path):
            self.report(
                "F010",
                "the flow has no step",
                self.document.key_place(path),
                "a flow begins with its trigger: `capture: {use: capture}`",
            )
        names = [name for name in self.at(path) if self.name_allowed(name, (*path, name), "a step")]
        return {name: step for name in names if (step := read_step(self, name)) is not None}
