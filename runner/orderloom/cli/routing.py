"""What `orderloom route` does: reads orders and policies, asks the pack to plan, writes and reserves what it says.

The planning itself belongs to the pack that has the node `route`: its module `batch.command` keeps the promises of
`Planner`.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, cast

import click
from pydantic import BaseModel, ValidationError

from orderloom.cli import render
from orderloom.declare import Unreadable
from orderloom.model import Order
from orderloom.packs import catalogue
from orderloom.problems import Problem, ProblemsError
from orderloom.project import find_project
from orderloom.run.arrivals.intake import none_in, payloads
from orderloom.source import read_document, spell
from orderloom.world.located import connections_of
from orderloom.world.protocols import Stock, StockKeeper


@dataclass(frozen=True)
class Wanted:
    """The command's options."""

    source: str
    policy: str | None
    against: str | None
    time_limit_s: float
    output: str | None
    reserve: bool
    connection: str
    as_json: bool


Told = Callable[[Any], None]


class Planner(Protocol):
    """What the pack's module offers."""

    BatchPolicy: type[BaseModel]

    def plan_batch(
        self, orders: Sequence[Order], stock: Stock, policy: Any, now: datetime, time_limit_s: float, told: Told
    ) -> Any: ...

    def compare(self, orders: Sequence[Order], stock: Stock, policy: Any, other: Any) -> Any: ...

    def reserve(
        self, orders: Sequence[Order], keeper: StockKeeper, allocations: Sequence[Any], now: datetime
    ) -> Sequence[str]: ...

    def sentences(self, report: Any) -> Iterator[str]: ...


def route_all(wanted: Wanted) -> int:
    """Plan, tell, write, reserve; gives the exit code."""
    planner = _planner()
    policy, other = _policy(planner, wanted.policy), _policy(planner, wanted.against)
    orders, code = _orders(wanted.source)
    stock = _stock(wanted)
    now = datetime.now(UTC)
    if wanted.against:
        report = planner.compare(orders, stock, policy, other)
    else:
        report = planner.plan_batch(orders, stock, policy, now, wanted.time_limit_s, _bar)
        _clear()
    _tell(planner, report, wanted)
    if not wanted.against and any(found.outcome in {"short", "left_out"} for found in report.allocations):
        code = 1
    if wanted.reserve and isinstance(stock, StockKeeper):
        code = max(code, _reserve(planner, orders, stock, report, now))
    return code


def _planner() -> Planner:
    source = catalogue().home("route").source
    if not isinstance(source, str):
        raise click.UsageError("no installed pack has the node `route` of orderloom: the core pack is missing")
    return cast("Planner", importlib.import_module(f"{source}.batch.command"))


def _policy(planner: Planner, file: str | None) -> BaseModel:
    if file is None:
        return planner.BatchPolicy()
    document = read_document(Path(file))
    try:
        return planner.BatchPolicy.model_validate(document.data or {})
    except ValidationError as error:
        raise ProblemsError(
            [
                Problem(
                    "N004", f"`{spell(found['loc'])}`: {found['msg'].lower()}", document.place(found["loc"]),
                    "the keys are the settings of the node `route`: see docs/routing.md",
                )
                for found in error.errors(include_url=False)
            ]
        ) from None


def _orders(source: str) -> tuple[list[Order], int]:
    """Every order of the input, the last revision of each; 1 where one could not be read."""
    node, code = catalogue().find("capture"), 0
    found: dict[str, Order] = {}
    for payload in payloads(source):
        for item in node.call(payload=payload):
            if isinstance(item, Unreadable):
                render.show(item.problems, sources={payload.name: payload.data.decode("utf-8", errors="replace")})
                code = 1
            else:
                order = cast("Any", item).order
                known = found.get(order.order_id)
                if known is None or order.revision >= known.revision:
                    found[order.order_id] = order
    if not found and not code:
        render.show([none_in(source)])
    return list(found.values()), code


def _stock(wanted: Wanted) -> Stock:
    connections: Mapping[str, object] = connections_of(find_project(), Path.cwd() / "connections.yaml")
    if wanted.connection not in connections:
        raise click.UsageError(f"no connection is named `{wanted.connection}`")
    stock = connections[wanted.connection]
    if not isinstance(stock, Stock):
        raise click.UsageError(f"the connection `{wanted.connection}` knows no stock")
    if wanted.reserve and not isinstance(stock, StockKeeper):
        raise click.UsageError(f"the connection `{wanted.connection}` cannot reserve: leave --reserve out")
    return stock


def _tell(planner: Planner, report: Any, wanted: Wanted) -> None:
    if wanted.output:
        lines = "".join(found.model_dump_json(exclude_none=True) + "\n" for found in report.allocations)
        Path(wanted.output).write_text(lines, encoding="utf-8")
    if wanted.as_json:
        click.echo(json.dumps(report.model_dump(mode="json", exclude={"allocations"}, exclude_none=True), indent=1))
        return
    for sentence in planner.sentences(report):
        click.echo(sentence)


def _reserve(planner: Planner, orders: Sequence[Order], stock: StockKeeper, report: Any, now: datetime) -> int:
    missed = planner.reserve(orders, stock, report.allocations, now)
    made = sum(bool(found.takes) for found in report.allocations) - len(missed)
    click.echo(f"reserved: {made} orders", err=True)
    for sentence in missed:
        click.echo(sentence, err=True)
    return 1 if missed else 0


def _bar(progress: Any) -> None:
    """One line that is written over, for whoever watches."""
    if sys.stderr.isatty():
        cost = f", cost {progress.cost / 1e6:,.2f}, bound {progress.bound / 1e6:,.2f}" if progress.cost else ""
        sys.stderr.write(f"\r{progress.stage} {progress.done}{cost}, {progress.seconds:.0f} s\033[K")
        sys.stderr.flush()


def _clear() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
