"""A plan as a graph in Graphviz's DOT language, for `dot` and whatever else reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from orderloom.export.graph import Edge, Picture, whole
from orderloom.export.pen import FAINT, INK, LOOKS, PAPER, STROKES

if TYPE_CHECKING:
    from orderloom.flow.plan import Plan, PlannedStep

_SHAPES: Mapping[str, Mapping[str, Any]] = {
    "trigger": {"shape": "box", "style": "rounded,filled"},
    "action": {"shape": "box", "style": "filled"},
    "decision": {"shape": "hexagon", "style": "filled"},
    "wait": {"shape": "box", "style": "filled", "peripheries": 2},
}
_LINES = {"route": "solid", "error": "dashed", "read": "solid", "soft": "dotted", "after": "dashed"}
_SOURCE = {"shape": "cds", "style": "filled", "fillcolor": PAPER, "color": FAINT, "fontcolor": FAINT}
_END = {"shape": "oval", "style": "bold", "color": INK}
_STOP = {"shape": "circle", "label": "", "width": 0.12, "color": STROKES["route"].colour}
_UNDO = {"shape": "note", "style": "dashed", "color": FAINT, "fontcolor": FAINT}
_LOOSE = {"color": FAINT, "penwidth": 1}


def dot(plan: Plan, picture: Picture | None = None) -> str:
    """The graph as text: of all of the plan, or of what is pictured of it.

    Steps are `s0`, `s1` and so on: a step may bear a name that DOT keeps for itself.
    """
    lines = (f"  {line}" for line in _lines(plan, picture or whole(plan)))
    return "\n".join([f"digraph {_quoted(plan.flow.name)} {{", *lines, "}"]) + "\n"


def _lines(plan: Plan, picture: Picture) -> Iterator[str]:
    title = f"{plan.flow.name}, version {plan.flow.version}"
    about = [title, plan.flow.summary] if plan.flow.summary else [title]
    yield f"graph{_attributes(label=about, labelloc='t', labeljust='l', rankdir='TB', fontname='sans-serif')}"
    yield f"node{_attributes(fontname='sans-serif', fontcolor=INK, fontsize=12)}"
    yield f"edge{_attributes(fontname='sans-serif', fontsize=10)}"
    yield from _sources(plan.trigger)
    for step in picture.steps:
        look = LOOKS[step.node.kind]
        colours = {"fillcolor": look.fill, "color": look.line}
        yield f"s{step.index}{_attributes(label=_label(step), **_SHAPES[step.node.kind], **colours)}"
    for number, edge in enumerate(picture.edges):
        yield from _edge(edge, number)
    yield from _ends(picture)
    yield from _undos(picture)


def _label(step: PlannedStep) -> list[str]:
    marks = [
        step.node.name,
        "for each" if step.step.for_each else "",
        "when" if step.step.when else "",
    ]
    return [step.name, " · ".join(mark for mark in marks if mark)]


def _sources(trigger: PlannedStep) -> Iterator[str]:
    """Where orders come in: what the trigger's `sources` say, the way and its address."""
    given = trigger.step.given.get("sources")
    for number, source in enumerate(given if isinstance(given, list | tuple) else []):
        if isinstance(source, Mapping) and source:
            way, address = next(iter(source.items()))
            yield f"source{number}{_attributes(label=[f'{way} {address}'], **_SOURCE)}"
            yield f"source{number} -> s{trigger.index}{_attributes(**_LOOSE)}"


def _edge(edge: Edge, number: int) -> Iterator[str]:
    stroke = STROKES[edge.kind]
    label = {"label": [edge.label], "fontcolor": stroke.colour} if edge.words else {}
    target = f"s{edge.target}"
    if edge.target is None:
        target = f"stop{number}"
        yield f"{target}{_attributes(**_STOP)}"
    line = _attributes(**label, color=stroke.colour, style=_LINES[edge.kind], penwidth=stroke.width)
    yield f"s{edge.source} -> {target}{line}"


def _ends(picture: Picture) -> Iterator[str]:
    """The words that a run may end with; steps that end with the same one meet there."""
    words = list(dict.fromkeys(step.step.end for step in picture.steps if step.step.end))
    for number, word in enumerate(words):
        yield f"end{number}{_attributes(label=[word], **_END)}"
    for step in picture.steps:
        if step.step.end:
            yield f"s{step.index} -> end{words.index(step.step.end)}{_attributes(color=INK)}"


def _undos(picture: Picture) -> Iterator[str]:
    for step in picture.steps:
        if step.undo:
            name = f"undo{step.index}"
            yield f"{name}{_attributes(label=[step.undo.node.name], **_UNDO)}"
            line = _attributes(label=["undone by"], fontcolor=FAINT, style="dotted", **_LOOSE)
            yield f"s{step.index} -> {name}{line}"
            yield f"{{ rank=same; s{step.index}; {name} }}"  # beside it: an undo is no next step


def _attributes(**attributes: Any) -> str:
    told = [f"{name}={_value(value)}" for name, value in attributes.items()]
    return f" [{', '.join(told)}]"


def _value(value: Any) -> str:
    if isinstance(value, list):  # lines of a label
        return '"' + r"\n".join(map(_escaped, value)) + '"'
    return str(value) if isinstance(value, int | float) else _quoted(str(value))


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    # in a label `\N` stands for the name of the node, and `&lt;` for a sign (Graphviz: escString)
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return plain.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
