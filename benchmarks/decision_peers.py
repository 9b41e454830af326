"""The same rows for other engines: each peer gives a function of an order, and its answer's row."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import datalogic_py
import zen
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.specs import model

from decision_tables import Kind, Rule

Order = dict[str, Any]
Ask = Callable[[Order], Any]


class Zen:
    """zen-engine 2: a graph with one table; `engine.evaluate(key, dict)` with a static loader is its quickest way."""

    name = "zen-engine"

    def __init__(self, kind: Kind, rules: Sequence[Rule]) -> None:
        columns = [name for name, _, _ in kind.columns]
        content = {
            "hitPolicy": "first",
            "inputs": [{"id": f"c{n}", "name": name, "field": name} for n, name in enumerate(columns)],
            "outputs": [
                {"id": f"o{n}", "name": name, "field": name} for n, name in enumerate(("row", "outcome", "fee", "why"))
            ],
            "rules": [self._rule(rule) for rule in rules],
        }
        nodes = [
            self._node("i", "inputNode"),
            {**self._node("t", "decisionTableNode"), "content": content},
            self._node("o", "outputNode"),
        ]
        edges = [{"id": a + b, "sourceId": a, "targetId": b, "type": "edge"} for a, b in ("it", "to")]
        graph = {"nodes": nodes, "edges": edges}
        self._engine = zen.ZenEngine({"loader": {"type": "static", "content": {"t": graph}}})

    def ask(self, order: Order) -> Any:
        return self._engine.evaluate("t", order)

    def ask_with_trace(self, order: Order) -> Any:
        return self._engine.evaluate("t", order, {"trace": True})

    @staticmethod
    def row(answer: Any) -> str:
        found: str = answer["result"]["row"]
        return found

    @staticmethod
    def _node(id_: str, type_: str) -> dict[str, Any]:
        return {"id": id_, "type": type_, "name": id_, "position": {"x": 0, "y": 0}}

    @staticmethod
    def _rule(rule: Rule) -> dict[str, str]:
        cells = {f"c{n}": Zen._cell(cell) for n, cell in enumerate(rule.cells)}
        return {
            "_id": rule.id,
            **cells,
            "o0": f"'{rule.id}'",
            "o1": f"'{rule.outcome}'",
            "o2": str(rule.fee),
            "o3": f"'{rule.why}'",
        }

    @staticmethod
    def _cell(cell: Any) -> str:
        if cell is None:
            return ""
        if isinstance(cell, bool):
            return str(cell).lower()
        if isinstance(cell[0], str):
            return ", ".join(f"'{word}'" for word in cell)
        low, high = cell
        return f"> {low}" if high is None else f"<= {high}" if low is None else f"({low}..{high}]"


class Datalogic:
    """datalogic-py 5: one JSONLogic `if` over all rows, compiled once; a result is an object with all outputs."""

    name = "datalogic-py"

    def __init__(self, kind: Kind, rules: Sequence[Rule]) -> None:
        steps: list[Any] = []
        for rule in rules:
            asked = [
                test
                for (name, _, _), cell in zip(kind.columns, rule.cells, strict=True)
                for test in self._tests(name, cell)
            ]
            steps += [
                {"and": asked} if asked else True,
                {"row": rule.id, "outcome": rule.outcome, "fee": float(rule.fee), "why": rule.why},
            ]
        self.ask: Ask = datalogic_py.Engine(templating=True).compile(json.dumps({"if": steps})).evaluate

    @staticmethod
    def row(answer: Any) -> str:
        found: str = answer["row"]
        return found

    @staticmethod
    def _tests(name: str, cell: Any) -> list[Any]:
        fact = {"var": name}
        if cell is None:
            return []
        if isinstance(cell, bool):
            return [{"==": [fact, cell]}]
        if isinstance(cell[0], str):
            return [{"==": [fact, cell[0]]}] if len(cell) == 1 else [{"in": [fact, list(cell)]}]
        low, high = cell
        return ([{">": [fact, float(low)]}] if low is not None else []) + (
            [{"<=": [fact, float(high)]}] if high is not None else []
        )


def in_floats(order: Order) -> Order:
    """As the peers take it: they know no decimals."""
    return {name: float(value) if isinstance(value, Decimal) else value for name, value in order.items()}


class Spiff:
    """SpiffWorkflow 3: its DMN engine on a table of its own model, cells as Python, which is how it takes them."""

    name = "SpiffWorkflow"

    def __init__(self, kind: Kind, rules: Sequence[Rule]) -> None:
        table = model.DecisionTable("t", "t", "UNIQUE")  # under that name it stops at the first row that applies
        inputs = [model.Input(name, name, name, name, "") for name, _, _ in kind.columns]
        outputs = [model.Output(name, name, name, "") for name in ("row", "outcome", "fee", "why")]
        for rule in rules:
            made = model.Rule(rule.id)
            for column, cell in zip(inputs, rule.cells, strict=True):
                entry = model.InputEntry(column.name, column)
                entry.lhs = [self._python(cell)] if cell is not None else []
                made.inputEntries.append(entry)
            for column, value in zip(outputs, (rule.id, rule.outcome, float(rule.fee), rule.why), strict=True):
                answer = model.OutputEntry(column.name, column)
                answer.text = repr(value)
                made.outputEntries.append(answer)
            table.rules.append(made)
        self._engine = DMNEngine(table)
        self._workflow = SimpleNamespace(script_engine=PythonScriptEngine())

    def ask(self, order: Order) -> Any:
        return self._engine.result(SimpleNamespace(data=dict(order), workflow=self._workflow))

    @staticmethod
    def row(answer: Any) -> str:
        found: str = answer["row"]
        return found

    @staticmethod
    def _python(cell: Any) -> str:
        if isinstance(cell, bool):
            return f"? == {cell}"
        if isinstance(cell[0], str):
            return f"? in {list(cell)!r}"
        low, high = cell
        parts = [
            f"{float(low)} < ?" if low is not None else "",
            f"? <= {float(high)}" if high is not None else "",
        ]
        return " and ".join(part for part in parts if part)
