"""A flow that is a step of another: what its trigger is to be given, its ends, and what its steps give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from orderloom.feel.types import Record, Type, text_of
from orderloom.problems import Place, did_you_mean, refuse
from orderloom.project import shipped
from orderloom.shapes import Schema

if TYPE_CHECKING:
    from orderloom.flow.bind import Bound
    from orderloom.flow.plan import Plan

SETTING, GIVEN = "flow", "given"  # the keys of the node: which flow, and what its trigger would have given
COMPLETED = "completed"           # the end of a flow in which no `end` is reached (rule 23)
SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class SubFlow:
    """A flow, checked and planned, that runs in the place of a step."""

    plan: Plan
    wanted: Record                  # what its trigger gives by itself, and is handed here
    needed: tuple[str, ...]         # those of it that are always there
    gives: Mapping[str, Type]       # by step: a list where the step goes through one
    setting_schema: ClassVar[Mapping[str, Any]] = {"type": "string", "description": "the name of a flow, or its path"}

    @classmethod
    def load_setting(cls, value: Any, place: Place, folders: Sequence[Path]) -> SubFlow:
        """Always refused: which nodes a flow can use is known only where a flow around it is read."""
        del folders
        raise refuse("N401", f"the flow `{value}` runs as a step of a flow only", place, "use it in a flow's step")

    @property
    def name(self) -> str:
        return self.plan.flow.name

    @property
    def hash(self) -> str:
        return self.plan.hash

    @property
    def ends(self) -> tuple[str, ...]:
        """`completed` first, then each `end`, in the order of the file."""
        return tuple(dict.fromkeys([COMPLETED, *(step.end for step in self.plan.flow.steps.values() if step.end)]))

    @property
    def outcomes(self) -> Mapping[str, Schema]:
        """What a node's description can say of them; the checker knows more, by `result`."""
        return {word: {"type": "object", "properties": {"outcome": {"const": word}}} for word in self.ends}

    @property
    def results(self) -> Mapping[str, Record]:
        """End → what is there then: the result of each step that was done, by the step's name."""
        return {word: Record({"outcome": text_of([word]), **self.gives}) for word in self.ends}


def subflow_of(bound: Bound) -> SubFlow | None:
    """The flow that a step runs, where it runs one."""
    found = bound.settings.get(SETTING)
    return found if isinstance(found, SubFlow) else None


def subflow_file(value: Any, place: Place, around: Path, folders: Sequence[Path]) -> Path:
    """The file that a step's `flow:` names: a path, or a name looked up beside the flow, in the project, as shipped.

    Raises `ProblemsError` with the nearest name.
    """
    if not isinstance(value, str) or not value:
        raise refuse("N401", "`flow` wants the name of a flow", place, "such as `flow: express`")
    places = list(dict.fromkeys([around.parent, *(folder / "flows" for folder in folders), shipped()]))
    paths = [folder / value for folder in (around.parent, *folders)] if value.endswith(SUFFIXES) else []
    for file in [*paths, *(folder / f"{value}{suffix}" for folder in places for suffix in SUFFIXES)]:
        if file.is_file():
            return file
    known = sorted({file.stem for folder in places for file in folder.glob("*.y*ml") if file.name != around.name})
    mend = did_you_mean(value, known) or f"there are: {', '.join(known) or 'none'}"
    raise refuse("N401", f"no flow is named `{value}`", place, mend)


