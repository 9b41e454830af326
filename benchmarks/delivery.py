"""Distinct orders through the whole of order-to-delivery, with money, stock, papers and mail on disk.

    python benchmarks/delivery.py [--orders 300] [--growth 100,1000] [--json FILE]

Beside it the same node functions in a bare loop, in a project of its own. Every effect is kept: a payment, a
reservation, a packing slip, a label, two messages and an entry in the book of orders for each order.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flow import _timed
from orderloom.declare import Payload
from orderloom.flow.open import Opened, open_flow
from orderloom.project import MARKER, shipped
from orderloom.run.drivers.memory import MemoryDriver
from orderloom.run.machine.answers import Answers
from orderloom.run.machine.program import Program, compile_plan
from orderloom.world import SystemClock, World
from orderloom.world.located import connections_of
from orders import payloads

ANSWERS = Answers({"delivered": "happened", "approve": "approved"})
FOLDERS = ("rules", "rates", "stock", "orders")
PLENTY = 9_000_000  # units of each article at each location: no order is short


@dataclass(frozen=True)
class Shop:
    """A project with its flow opened, and what its nodes reach."""

    opened: Opened
    program: Program
    connections: Any
    skus: tuple[str, ...]

    def captured(self, body: bytes) -> Any:
        trigger = self.program.steps[0]
        return next(trigger.node.call(payload=Payload(body, "hook", "shopify"), **trigger.given.fixed))

    def driver(self) -> MemoryDriver:
        return MemoryDriver(self.program, self.opened.catalogue, self.connections, SystemClock(), ANSWERS)


@contextmanager
def shop() -> Iterator[Shop]:
    """A project in a folder of its own, with plenty of stock."""
    with tempfile.TemporaryDirectory() as name:
        set_up(Path(name))
        yield open_shop(Path(name))


def set_up(root: Path) -> None:
    """Write the project into an empty folder."""
    (root / MARKER).write_text("", encoding="utf-8")
    for folder in FOLDERS:
        shutil.copytree(shipped() / folder, root / folder)
    _plenty(root / "stock" / "levels.csv")
    (root / "flows").mkdir()
    shutil.copy(shipped() / "order-to-delivery.yaml", root / "flows")


def open_shop(root: Path) -> Shop:
    """A project that stands in its folder."""
    opened = open_flow(str(root / "flows" / "order-to-delivery.yaml"))
    assert opened.checked.plan is not None
    with (root / "stock" / "levels.csv").open(encoding="utf-8") as levels:
        skus = tuple(sorted({row["sku"] for row in csv.DictReader(levels)}))
    return Shop(opened, compile_plan(opened.checked.plan), connections_of(opened.project, opened.file), skus)


def _plenty(levels: Path) -> None:
    rows = list(csv.DictReader(levels.read_text(encoding="utf-8").splitlines()))
    with levels.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, "on_hand": PLENTY} for row in rows)


def whole(count: int) -> dict[str, Any]:
    """Webhook body to the message that the parcel has come."""
    with shop() as made:
        driver, statuses, steps = made.driver(), Counter[str](), 0

        def one(body: bytes) -> None:
            nonlocal steps
            captured = made.captured(body)
            told = driver.run(captured.order.order_id, captured)
            statuses[told.status] += 1
            steps += len(told.path)

        timed = _timed(one, list(payloads(count, made.skus)))
        assert set(statuses) == {"completed"}, statuses
        return {**timed, "steps_per_order": steps / sum(statuses.values())}


def bare(count: int) -> dict[str, float]:
    """The same node functions, one after another by hand."""
    with shop() as made:
        steps = {step.name: step for step in made.program.steps}

        def call(name: str, key: str, **inputs: Any) -> Any:
            node, fixed = steps[name].node, steps[name].given.fixed
            world = World(SystemClock(), made.connections, key=f"{name} {key}")
            needs = {p.name: world for p in node.parameters if p.role == "world"}
            return node.call(**{**fixed, **inputs, **needs})

        def one(body: bytes) -> None:
            order = made.captured(body).order
            key = order.order_id
            order = call("validate", key, order=order).order
            call("screen", key, facts={"order": order})
            call("pay", key, order=order)
            routed = call("route", key, order=order).shipments
            chosen = [call("choose", f"{key} {n}", shipment=s, order=order).shipment for n, s in enumerate(routed)]
            papers = [call("documents", f"{key} {n}", shipment=s, order=order) for n, s in enumerate(chosen)]
            shipments = [paper.shipment for paper in papers]
            call("tell_shipped", key, to=order.customer, data={"order": order, "shipments": shipments})
            parcels = [{"data": None} for _ in papers]
            call("tell_delivered", key, to=order.customer, data={"order": order, "parcels": parcels})

        return _timed(one, list(payloads(count, made.skus)))


def growth(counts: list[int]) -> list[dict[str, float]]:
    """Time per order as the books fill."""
    rows = []
    for count in counts:
        timed = whole(count)
        rows.append({"orders": count, **{name: timed[name] for name in ("cpu_us_per_order", "orders_per_s")}})
    return rows


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--orders", type=int, default=300)
    arguments.add_argument("--growth", default="100,1000")
    arguments.add_argument("--json", type=Path)
    given = arguments.parse_args()
    results: dict[str, Any] = {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "orders": given.orders,
        "orderloom": whole(given.orders),
        "bare loop": bare(given.orders),
        "growth": growth([int(count) for count in given.growth.split(",") if count]),
    }
    _print(results)
    if given.json:
        given.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def _print(results: dict[str, Any]) -> None:
    base = results["bare loop"]["cpu_us_per_order"]
    print(f"{results['orders']} distinct orders, {results['machine']}")
    for name in ("orderloom", "bare loop"):
        row = results[name]
        print(
            f"{name:<10} {row['orders_per_s']:>6,.0f} orders/s  {row['orders_per_cpu_s']:>6,.0f} orders/CPU-s"
            f"  {row['cpu_us_per_order']:>8,.0f} us/order  {row['cpu_us_per_order'] / base:.2f}x bare"
        )
    print(f"steps      {results['orderloom']['steps_per_order']:.1f} an order")
    for row in results["growth"]:
        print(f"growth     {row['orders']:>7,} orders  {row['cpu_us_per_order']:>8,.0f} us/order")


if __name__ == "__main__":
    main()
