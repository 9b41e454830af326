"""Findings about formulas that meet a limit of the language in every run: parts that read nothing are tried."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.feel import Expression, FeelError, parse, tree
from orderloom.flow.check.constant import Constants
from orderloom.flow.check.subject import Subject
from orderloom.flow.formulas import formulas_in, narrow
from orderloom.problems import Problem

_TRIED = (tree.Call, tree.For, tree.Quantified, tree.Filter)  # whatever else there is takes a step or two
_WITH_PATTERN = {"matches": "pattern", "replace": "pattern", "split": "delimiter"}
_MENDS = {
    "E202": "go through fewer items",
    "E203": "join fewer texts",
    "E204": "go through fewer items, or leave out those that do not matter first",
    "E205": "let the function end before it calls itself again",
    "E206": "repeat it once, as `[a-z]+` in place of `([a-z]+)+`",
    "E207": "look for the words by `contains`, `starts with` and `ends with`",
    "E208": "put fewer lists inside one another",
}


def limits(subject: Subject, constants: Constants) -> Iterator[Problem]:
    """E202 to E208, of every formula; one that reads a name of `let` is right where that one is wrong."""
    for formula in formulas_in(_everything(subject)):
        for node, error in _met(constants, formula.expression, formula.expression.tree):
            place = narrow(subject.flow.source, formula, node.start, node.end)
            yield Problem(error.code, error.message, place, _MENDS.get(error.code))


def _everything(subject: Subject) -> list[object]:
    flow = subject.flow
    steps = [[step.when, step.for_each] for step in flow.steps.values()]
    uses = [used.written for used in (*subject.bound.values(), *subject.undos.values())]
    return [flow.key, flow.let, steps, uses]


def _met(constants: Constants, whole: Expression, node: tree.Node) -> Iterator[tuple[tree.Node, FeelError]]:
    """The parts that meet a limit, each with the limit."""
    part = Expression(whole.text[node.start : node.end], node, whole.names)
    if isinstance(node, _TRIED) and constants.has(part):
        if error := _limit(constants, part):
            yield node, error
        return
    pattern = _pattern(node)
    if pattern and (error := _limit(constants, parse(f'matches("", {whole.text[pattern.start : pattern.end]})'))):
        yield pattern, error
    for child in tree.children(node):
        yield from _met(constants, whole, child)


def _limit(constants: Constants, part: Expression) -> FeelError | None:
    try:
        read = constants.read_by(part)
    except FeelError:  # told of the `let`
        return None
    try:
        part.evaluate(read)
    except FeelError as error:
        return error
    return None


def _pattern(node: tree.Node) -> tree.Node | None:
    """The regular expression of a call, where it is a text that stands there."""
    if not isinstance(node, tree.Call) or not isinstance(node.function, tree.Name):
        return None
    word = _WITH_PATTERN.get(node.function.name)
    named = {argument.name: argument.value for argument in node.arguments}
    placed = [argument.value for argument in node.arguments if argument.name is None]
    found = named.get(word) or (placed[1] if len(placed) > 1 else None) if word else None
    return found if isinstance(found, tree.Literal) and isinstance(found.value, str) else None
