"""Tables that feed one another: what `needs:` names in, each of those tables read once and asked once, in order.

    needs: {risk: risk-score.table.yaml}
    inputs: {level: {is: risk.level, type: text}}

The answer of a needed table is a context of its outputs and its `outcome`; one whose hit policy gives a list has it as
`matches`. A column value that is given directly makes the tables that it would read unnecessary.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orderloom.declare import NodeError
from orderloom.feel.types import Record, Type, from_schema, text_of, union
from orderloom.problems import Place, ProblemsError, did_you_mean
from orderloom.rules.columns import Input
from orderloom.rules.decision import Decision
from orderloom.rules.reading.findings import Findings
from orderloom.rules.reading.sources import Source
from orderloom.source import find_file

if TYPE_CHECKING:
    from orderloom.rules.table import DecisionTable


class Need:
    """A table under the name that columns read it by. (No dataclass: pydantic would look for the types inside.)"""

    __slots__ = ("name", "place", "table")

    def __init__(self, name: str, table: DecisionTable, place: Place) -> None:
        self.name, self.table, self.place = name, table, place

    @property
    def type(self) -> Type:
        """What its answer is made of."""
        schemas = self.table.outcome_schemas()
        made = union(from_schema(schema) for schema in schemas.values())
        fields = made.fields if isinstance(made, Record) else {}
        return Record({**fields, "outcome": text_of(schemas)})


@dataclass
class Reading:
    """The tables that were opened for one, so that each is read once; `above` are those that wait for it."""

    opened: dict[tuple[Path, str | None], DecisionTable] = field(default_factory=dict)
    above: tuple[tuple[Path, str | None], ...] = ()


Open = Callable[[Path, str | None, Reading], "DecisionTable"]


def read_needs(
    source: Source, folders: Sequence[Path], reading: Reading, open_: Open, findings: Findings
) -> tuple[Need, ...]:
    """The tables under `needs:`; what is wrong with them stands in their own files."""
    given = source.data.get("needs", {})
    if not isinstance(given, dict):
        example = "for example `needs: {risk: risk-score.table.yaml}`"
        findings.add("D080", "`needs` gives names to tables", source.key_spot("needs").place, example)
        return ()
    found = (_need(source, name, value, folders, reading, open_, findings) for name, value in given.items())
    return tuple(need for need in found if need is not None)


def _need(
    source: Source, name: str, value: Any, folders: Sequence[Path], reading: Reading, open_: Open, findings: Findings
) -> Need | None:
    place = source.spot("needs", name).place
    if not str(name).isidentifier() or not isinstance(value, str):
        message = f"`{name}` is to stand for a table" if isinstance(value, str) else f"`{name}` names no table file"
        findings.add("D080", message, place, "a name of letters, digits and `_`, and the path of its table")
        return None
    file, decision = with_decision(value)
    path = find_file(file, folders)
    if path is None:
        is_above = ".." in Path(file).parts
        near = "a needed table stands beside this one, or in a folder below" if is_above else _near_table(file, folders)
        help_ = near or "the path is relative to the folder of this table"
        findings.add("D005", f"there is no table file `{file}`", place, help_)
        return None
    key = (path.resolve(), decision)
    if key in reading.above:
        circle = [*reading.above[reading.above.index(key) :], key]
        told = " → ".join(one.name if part is None else f"{one.name}#{part}" for one, part in circle)
        findings.add("D081", f"the tables need one another: {told}", place, "let one of them read the facts themselves")
        return None
    try:
        return Need(name, open_(path, decision, reading), place)
    except ProblemsError as error:
        findings.problems.extend(error.problems)
        return None


def with_decision(name: str) -> tuple[str, str | None]:
    """`carriers.dmn#Route` names a decision of a file."""
    file, sign, decision = name.partition("#")
    return (file, decision) if sign and file.lower().endswith(".dmn") else (name, None)


def _near_table(name: str, folders: Sequence[Path]) -> str | None:
    there = [file.name for folder in folders if folder.is_dir() for file in folder.glob("*.table.yaml")]
    return did_you_mean(name, there)


def reads_need(column: Input, needs: Sequence[Need]) -> bool:
    names = {need.name for need in needs}
    return any(read.path[0] in names for read in column.formula.reads)


def in_feeding_order(table: DecisionTable) -> tuple[DecisionTable, ...]:
    """Every table that feeds this one, near and far, each behind those that feed it, ties as in the files."""
    known: dict[int, DecisionTable] = {}
    pairs: list[tuple[str, str]] = []
    waiting = [table]
    while waiting:
        one = waiting.pop(0)
        for need in one.needs:
            pairs.append((str(id(need.table)), str(id(one))))
            if id(need.table) not in known:
                known[id(need.table)] = need.table
                waiting.append(need.table)
    if len(known) < 2:
        return tuple(known.values())
    from orderloom import graphs  # noqa: PLC0415 (networkx: tables that are fed by one alone do not pay for it)

    inside = [pair for pair in pairs if int(pair[1]) in known]
    return tuple(known[int(key)] for key in graphs.in_order([str(key) for key in known], inside))


@dataclass(frozen=True)
class Fed:
    """What the tables that feed one have answered, by the names that it has for them."""

    decisions: Mapping[str, Decision]

    @property
    def records(self) -> Mapping[str, Any]:
        return {name: {"outcome": decision.outcome, **decision.fields} for name, decision in self.decisions.items()}

    def told(self, decision: Decision) -> Decision:
        """The decision with those that it rests on."""
        return FedDecision.of(decision, self.decisions)


def feed(
    feeders: Sequence[DecisionTable], table: DecisionTable, documents: Mapping[str, Any], now: datetime | None
) -> Fed:
    """Ask every feeding table, each once. Raises `NodeError` of the class of the first that cannot answer."""
    made: dict[int, Decision] = {}
    for one in feeders:
        below = _below(one, made)
        try:
            decision = one.decide_fed({**documents, **below.records}, now)
        except NodeError as error:
            message = f"table {table.name} needs {one.name}: {error.message}"
            raise NodeError(error.error_class, message) from None
        made[id(one)] = below.told(decision) if below.decisions else decision
    return _below(table, made)


def _below(table: DecisionTable, made: Mapping[int, Decision]) -> Fed:
    return Fed({need.name: made[id(need.table)] for need in table.needs})


class FedDecision(Decision):
    """A decision that rests on those of other tables."""

    __slots__ = ("needs",)
    needs: Mapping[str, Decision]

    @classmethod
    def of(cls, decision: Decision, needs: Mapping[str, Decision]) -> FedDecision:
        made = object.__new__(cls)
        for name in Decision.__slots__:
            object.__setattr__(made, name, getattr(decision, name))
        object.__setattr__(made, "needs", needs)
        return made

    def as_json(self, why: bool = False) -> dict[str, Any]:
        """As any decision, and under `needs` the decisions that it rests on, by name."""
        return super().as_json(why) | {"needs": {name: one.as_json(why) for name, one in self.needs.items()}}
