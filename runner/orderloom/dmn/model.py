"""What a DMN model says, as plain frozen data: a class for each element of the standard (DMN 1.5, clauses 6 to 10).

Two models are equal where they say the same, wherever that stands in their files. What the engine has no use for
(diagrams, extensions, questions, owners…) is kept as it was read, so that writing a model loses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from orderloom.problems import Place
from orderloom.source.xml import Element

NOWHERE = Place("")


@dataclass(frozen=True)
class Notes:
    """What every element may carry besides its meaning; `foreign` are attributes of other namespaces."""

    id: str | None = None
    label: str | None = None
    description: str | None = None
    foreign: tuple[tuple[str, str], ...] = ()
    rest: tuple[Element, ...] = ()


PLAIN = Notes()


@dataclass(frozen=True)
class Text:
    """A piece of FEEL, and the language it is in where that is another."""

    text: str
    language: str | None = None
    notes: Notes = PLAIN
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Variable:
    """A name with a type; `type` is None where none is declared, which means any."""

    name: str
    type: str | None = None
    notes: Notes = PLAIN
    place: Place = field(default=NOWHERE, compare=False, repr=False)


# Expressions


@dataclass(frozen=True)
class Boxed:
    """Any expression. Its value is made to conform to `type` where that is declared."""

    type: str | None = field(default=None, kw_only=True)
    notes: Notes = field(default=PLAIN, kw_only=True)
    place: Place = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True)
class Literal(Boxed):
    """A formula; `text` is None where the element is empty, which is null."""

    text: Text | None


@dataclass(frozen=True)
class Entry:
    """One line of a context; the one without a variable is the result."""

    variable: Variable | None
    value: Boxed | None
    notes: Notes = PLAIN


@dataclass(frozen=True)
class Context(Boxed):
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Binding:
    parameter: Variable
    value: Boxed | None


@dataclass(frozen=True)
class Invocation(Boxed):
    function: Boxed | None
    bindings: tuple[Binding, ...]


@dataclass(frozen=True)
class ListOf(Boxed):
    items: tuple[Boxed, ...]


@dataclass(frozen=True)
class Relation(Boxed):
    columns: tuple[Variable, ...]
    rows: tuple[ListOf, ...]


@dataclass(frozen=True)
class Conditional(Boxed):
    condition: Boxed | None
    then: Boxed | None
    otherwise: Boxed | None


@dataclass(frozen=True)
class Filter(Boxed):
    values: Boxed | None
    match: Boxed | None


@dataclass(frozen=True)
class Iteration(Boxed):
    """`word` is for, some or every; `item_type` what each value is made to conform to."""

    word: str
    variable: str
    values: Boxed | None
    item_type: str | None
    body: Boxed | None


@dataclass(frozen=True)
class Function(Boxed):
    """`kind` is FEEL, Java or PMML; only the first is evaluated."""

    parameters: tuple[Variable, ...]
    body: Boxed | None
    kind: str = "FEEL"


@dataclass(frozen=True)
class InputClause:
    expression: Text | None
    type: str | None = None
    values: Text | None = None
    notes: Notes = PLAIN
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class OutputClause:
    name: str | None
    type: str | None = None
    values: Text | None = None
    default: Literal | None = None
    notes: Notes = PLAIN
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Rule:
    tests: tuple[Text, ...]
    answers: tuple[Literal, ...]
    annotations: tuple[str, ...] = ()
    notes: Notes = PLAIN
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Table(Boxed):
    """`hit` and `aggregation` are the standard's words: UNIQUE … COLLECT, SUM COUNT MIN MAX."""

    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    hit: str = "UNIQUE"
    aggregation: str | None = None
    annotations: tuple[str, ...] = ()
    foreign: tuple[tuple[str, str], ...] = ()  # preferredOrientation, outputLabel


# Types


@dataclass(frozen=True)
class Item:
    """An item definition or one of its components. `function` holds the parameters of a function type."""

    name: str
    type: str | None = None
    collection: bool = False
    allowed: Text | None = None
    constraint: Text | None = None
    components: tuple[Item, ...] = ()
    function: tuple[Variable, ...] | None = None
    result: str | None = None
    notes: Notes = PLAIN
    place: Place = field(default=NOWHERE, compare=False, repr=False)


# Elements of the requirements graph


@dataclass(frozen=True)
class Reference:
    """`#id` of the same file, or `namespace#id`; `notes` are those of the requirement that holds it.

    `kind` is the element: requiredInput, requiredDecision, requiredKnowledge; blank in a decision service.
    """

    href: str
    kind: str = ""
    notes: Notes = PLAIN
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Node:
    """What stands in the graph; `variable` names its value and the type of that."""

    name: str
    id: str
    variable: Variable | None
    notes: Notes = field(default=PLAIN, kw_only=True)
    place: Place = field(default=NOWHERE, compare=False, repr=False, kw_only=True)

    @property
    def type(self) -> str | None:
        return self.variable.type if self.variable else None


@dataclass(frozen=True)
class InputData(Node):
    pass


@dataclass(frozen=True)
class Decision(Node):
    logic: Boxed | None
    information: tuple[Reference, ...] = ()
    knowledge: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class KnowledgeModel(Node):
    """A business knowledge model: a function with a name."""

    logic: Function | None
    knowledge: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class Service(Node):
    """A decision service: decisions behind one door, callable as a function."""

    outputs: tuple[Reference, ...]
    encapsulated: tuple[Reference, ...] = ()
    input_decisions: tuple[Reference, ...] = ()
    inputs: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class Import:
    name: str
    namespace: str
    location: str | None
    kind: str
    notes: Notes = PLAIN
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Definitions:
    """One file. `attributes` are the exporter's; `expression_language` is None for FEEL."""

    name: str
    namespace: str
    imports: tuple[Import, ...] = ()
    items: tuple[Item, ...] = ()
    nodes: tuple[Node, ...] = ()
    expression_language: str | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    notes: Notes = PLAIN
    place: Place = field(default=NOWHERE, compare=False, repr=False)
