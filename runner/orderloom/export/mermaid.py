"""A plan as a Mermaid flowchart, to stand in a README or a pull request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from orderloom.export.graph import Edge, Picture, whole

if TYPE_CHECKING:
    from orderloom.flow.plan import Plan, PlannedStep

_SHAPES = {"trigger": ("([", "])"), "action": ("(", ")"), "decision": ("{{", "}}"), "wait": ("[[", "]]")}
_ARROWS = {"route": "-->", "error": "-.->", "read": "-->", "soft": "-.->", "after": "-->"}
_CLASSES = (
    "classDef trigger fill:#e4f2e7,stroke:#3b7d4f,color:#1b2433",
    "classDef action fill:#eaf0fa,stroke:#3d5f99,color:#1b2433",
    "classDef decision fill:#fdf1d7,stroke:#a36a00,color:#1b2433",
    "classDef wait fill:#f3e9f7,stroke:#7b4397,color:#1b2433",
)


def mermaid(plan: Plan, picture: Picture | None = None) -> str:
    """The chart as text: of all of the plan, or of what is pictured of it."""
    return "\n".join(_lines(picture or whole(plan))) + "\n"


def _lines(picture: Picture) -> Iterator[str]:
    yield "flowchart TD"
    for step in picture.steps:
        yield f"    {_box(step)}"
    for number, edge in enumerate(picture.edges):
        yield from (f"    {line}" for line in _edge(edge, number))
    for line in _CLASSES:
        yield f"    {line}"


def _box(step: PlannedStep) -> str:
    before, behind = _SHAPES[step.node.kind]
    marks = [step.node.name, "for each" if step.step.for_each else "", f"ends {step.step.end}" if step.step.end else ""]
    words = _quoted(f"<b>{_text(step.name)}</b><br/>{' · '.join(_text(mark) for mark in marks if mark)}")
    # a step may be named `end`, which Mermaid cannot take for an id
    return f"s{step.index}{before}{words}{behind}:::{step.node.kind}"


def _edge(edge: Edge, number: int) -> Iterator[str]:
    label = f"|{_quoted(_text(edge.label))}|" if edge.words else ""
    if edge.target is None:
        yield f'stop{number}(( ))'
        yield f"s{edge.source} {_ARROWS[edge.kind]}{label} stop{number}"
    else:
        yield f"s{edge.source} {_ARROWS[edge.kind]}{label} s{edge.target}"


def _text(text: str) -> str:
    # Mermaid's own escape: the number of the character between # and ;
    return "".join(f"#{ord(c)};" if c in '"#<>&|{}[]()`' else c for c in text)


def _quoted(text: str) -> str:
    return f'"{text}"'
