"""Names of columns: from the expressions of inputs, and those that cells read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from orderloom.dmn import model
from orderloom.feel import Expression, FeelSyntaxError, UnaryTests, parse, parse_unary_tests
from orderloom.rules.columns import RESERVED
from orderloom.rules.reading.cell_scope import is_call


def columns_of(node: model.Decision, table: model.Table) -> tuple[list[str], list[str]]:
    """The names of our columns for the inputs and outputs of a decision's table."""
    single = len(table.outputs) == 1
    outputs = [
        clause.name or (node.name if single else f"output {number}") for number, clause in enumerate(table.outputs, 1)
    ]
    inputs: list[str] = []
    for clause in table.inputs:
        expression = clause.expression.text.strip() if clause.expression else "null"
        wanted = clause.notes.label or column_name(expression)
        inputs.append(free_name(wanted, (*inputs, *outputs, *RESERVED)))
    return inputs, outputs


def column_name(expression: str) -> str:
    """`total` for `order.total`; any other formula is its own name."""
    _, dot, last = expression.rpartition(".")
    plain = dot and all(part.isidentifier() for part in expression.split("."))
    return last if plain else " ".join(expression.split())


def free_name(wanted: str, taken: Collection[str]) -> str:
    name = " ".join(wanted.split()) or "input"
    if name not in taken:
        return name
    return next(other for number in range(2, len(taken) + 3) if (other := f"{name} {number}") not in taken)


def speaks_of_names(table: model.Table, column: int) -> bool:
    """Whether a cell of an input names something besides constants; what cannot be read may."""
    texts = [rule.tests[column].text for rule in table.rules if column < len(rule.tests)]
    return any(_names_something(text) for text in texts)


def _names_something(text: str) -> bool:
    try:
        return any(read.path[0] != "?" for read in parse_unary_tests(text).reads)
    except FeelSyntaxError:
        return True


def reads_of_cells(table: model.Table, named: Mapping[str, str]) -> tuple[str, ...]:
    """The names that conditions and answers speak of; `named` are those of a context around the table."""
    known = tuple(named) + tuple(_texts_of_inputs(table))
    found: dict[str, None] = {}
    for one in _formulas(table, known):
        for read in one.reads:
            if read.path[0] != "?" and not is_call(one.text, read):
                found[read.path[0]] = None
    return tuple(found)


def _texts_of_inputs(table: model.Table) -> Iterator[str]:
    return (clause.expression.text.strip() for clause in table.inputs if clause.expression)


def _formulas(table: model.Table, names: tuple[str, ...]) -> Iterator[Expression | UnaryTests]:
    for rule in table.rules:
        for test in rule.tests:
            yield from _parsed(parse_unary_tests, test.text, names)
        for answer in rule.answers:
            if answer.text is not None and answer.text.text.strip():
                yield from _parsed(parse, answer.text.text, names)


def _parsed(
    read: Callable[..., Expression | UnaryTests], text: str, names: tuple[str, ...]
) -> Iterator[Expression | UnaryTests]:
    """What cannot be read is told when the table is."""
    try:
        yield read(text, names)
    except FeelSyntaxError:
        return
