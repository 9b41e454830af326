"""A slip of the keyboard in a flow in; what to write instead, where that is certain, out.

What the flow itself names is not certain by being alike: there the slip may as well stand where it is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from orderloom.flow.check.subject import Subject
from orderloom.flow.edges import lets_read, step_values
from orderloom.flow.formulas import formulas_in
from orderloom.problems import Fix, Place, exchanged

_KEY_OF_A_CONTEXT = re.compile(r"[{,]\s*\"?(\w[\w ]*?)\"?\s*:")


def respelt_name(subject: Subject, place: Place, word: str, meant: str | None) -> Fix | None:
    """The name of a step or of a `let`: certain where it is read or routed to elsewhere too."""
    named = {edge.target if edge.kind == "route" else edge.source for edge in subject.edges}
    return exchanged(place, word, meant) if meant in named | lets_used(subject) else None


def respelt_word(subject: Subject, place: Place, word: str, meant: str | None) -> Fix | None:
    """An outcome or a field: certain where it comes from a node, and not out of the flow's own settings or formulas."""
    if meant is None or meant in _own_words(subject):
        return None
    return exchanged(place, word, meant)


def lets_used(subject: Subject) -> set[str]:
    """The names of `let` that something reads."""
    flow = subject.flow
    used = set(lets_read(flow, flow.key))
    for step in flow.steps.values():
        used |= set(lets_read(flow, [*step_values(step, subject.bound[step.name].written)]))
        if step.name in subject.undos:
            used |= set(lets_read(flow, subject.undos[step.name].written))
    return used


def _own_words(subject: Subject) -> set[str]:
    """What settings say in words (the options of a question), and the keys of records that formulas make."""
    flow = subject.flow
    words: set[str] = set()
    for step in flow.steps.values():
        node = subject.bound[step.name].node
        for name, value in step.given.items():
            parameter = node.parameter(name) if node else None
            words |= set(_words_in(value)) if parameter and parameter.role in {"setting", "resource"} else set()
    given = [*flow.let.values(), *(step.given for step in flow.steps.values())]
    texts = [formula.expression.text for formula in formulas_in(given)]
    return words | {key for text in texts for key in _KEY_OF_A_CONTEXT.findall(text)}


def _words_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from value
        for member in value.values():
            yield from _words_in(member)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _words_in(item)
