"""Distinct orders through a whole flow in memory, beside a bare loop over the same nodes and SpiffWorkflow.

    python benchmarks/flow.py [--orders 2000] [--growth 100,1000,10000] [--json FILE]

Prints orders per second, CPU per order, what the interpreter costs per step, and how time per order and memory grow.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from orderloom.declare import Payload
from orderloom.flow.open import open_flow
from orderloom.project import shipped
from orderloom.run.drivers.memory import MemoryDriver
from orderloom.run.machine.interpreter import Interpreter
from orderloom.run.machine.program import Program, compile_plan
from orderloom.world import SystemClock, World
from orderloom.world.located import connections_of
from orders import payloads

FLOW = "optimize-carrier-selection-and-routing"
BAR_STEP_US, BAR_ORDERS_S = 20, 3_000


class Bench:
    """The flow, its nodes and its world, opened once."""

    def __init__(self) -> None:
        self.opened = open_flow(FLOW)
        assert self.opened.checked.plan is not None
        self.program: Program = compile_plan(self.opened.checked.plan)
        self.connections = connections_of(None, self.opened.file)
        with (shipped() / "stock" / "levels.csv").open(encoding="utf-8") as levels:
            held = [(row["sku"], int(row["on_hand"])) for row in csv.DictReader(levels)]
        self.skus = tuple(sorted({sku for sku, on_hand in held if on_hand >= 20}))
        self.trigger = self.program.steps[0]

    def captured(self, count: int) -> Iterator[Any]:
        for body in payloads(count, self.skus):
            yield next(self.trigger.node.call(payload=Payload(body, "hook", "shopify"), **self.trigger.given.fixed))

    def driver(self) -> MemoryDriver:
        return MemoryDriver(self.program, self.opened.catalogue, self.connections, SystemClock())

    def bodies(self, count: int) -> list[bytes]:
        return list(payloads(count, self.skus))


def whole(bench: Bench, bodies: list[bytes]) -> dict[str, float]:
    """Webhook body to report."""
    driver = bench.driver()
    statuses: dict[str, int] = {}

    def one(body: bytes) -> None:
        captured = next(bench.trigger.node.call(payload=Payload(body, "hook", "shopify"), **bench.trigger.given.fixed))
        told = driver.run(captured.order.order_id, captured)
        statuses[told.status] = statuses.get(told.status, 0) + 1

    timed = _timed(one, bodies)
    assert set(statuses) == {"completed"}, statuses
    return timed


def bare(bench: Bench, bodies: list[bytes]) -> dict[str, float]:
    """The same node functions called one after another by hand."""
    steps = {step.name: step for step in bench.program.steps}
    driver = bench.driver()
    validate, route, choose = (steps[name].node.call for name in ("validate", "route", "choose"))
    fixed = steps["choose"].given.fixed
    world = _world(driver)

    def one(body: bytes) -> None:
        captured = next(bench.trigger.node.call(payload=Payload(body, "hook", "shopify"), **bench.trigger.given.fixed))
        order = validate(order=captured.order).order
        for shipment in route(order=order, world=world, **steps["route"].given.fixed).shipments:
            choose(shipment=shipment, order=order, **fixed, **_if_world(steps["choose"].node, world))

    return _timed(one, bodies)


def interpreter(bench: Bench, count: int) -> dict[str, float]:
    """The state machine alone: recorded results are told to it, nothing is called."""
    captured = next(bench.captured(1))
    recorded = _recorded(bench, captured)
    steps_run = 0

    def one(_: int) -> None:
        nonlocal steps_run
        run = Interpreter(bench.program, captured)
        while calls := run.take():
            for call in calls:
                run.done(call, *recorded[(call.name, call.item)])
        steps_run += len(run.path)

    timed = _timed(one, list(range(count)))
    return {**timed, "us_per_step": timed["cpu_s"] / steps_run * 1e6}


def spiff(bench: Bench, bodies: list[bytes]) -> dict[str, float] | None:
    """The same node functions as tasks of a SpiffWorkflow, in memory."""
    try:
        from spiff_peer import run_one, specification  # noqa: PLC0415 (a peer that not everybody installs)
    except ImportError:
        return None
    steps = {step.name: step for step in bench.program.steps}
    spec = specification(steps, _world(bench.driver()))
    return _timed(lambda body: run_one(spec, bench.trigger, body), bodies)


def growth(bench: Bench, counts: list[int]) -> list[dict[str, float]]:
    """Time per order and peak memory as the number of orders grows; orders are streamed."""
    rows = []
    for count in counts:
        driver, start = bench.driver(), time.process_time()
        for captured in bench.captured(count):
            driver.run(captured.order.order_id, captured)
        cpu_s = time.process_time() - start
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rows.append({"orders": count, "cpu_us_per_order": cpu_s / count * 1e6, "peak_mb": peak_mb})
    return rows


def _recorded(bench: Bench, captured: Any) -> dict[tuple[str, int | None], tuple[str, Any]]:
    recorded: dict[tuple[str, int | None], tuple[str, Any]] = {}
    driver = bench.driver()
    run = Interpreter(bench.program, captured)
    world = _world(driver)
    while calls := run.take():
        for call in calls:
            result = call.node.call(**call.inputs, **_if_world(call.node, world))
            recorded[(call.name, call.item)] = (result.outcome_name, result)
            run.done(call, result.outcome_name, result)
    return recorded


def _world(driver: MemoryDriver) -> Any:
    return World(driver.clock, driver.connections, key="bench")


def _if_world(node: Any, world: Any) -> dict[str, Any]:
    return {p.name: world for p in node.parameters if p.role == "world"}


def _timed(one: Callable[[Any], None], given: list[Any]) -> dict[str, float]:
    for item in given[:20]:
        one(item)
    wall, cpu = time.perf_counter(), time.process_time()
    for item in given:
        one(item)
    cpu_s, wall_s = time.process_time() - cpu, time.perf_counter() - wall
    return {
        "orders_per_s": len(given) / wall_s,
        "orders_per_cpu_s": len(given) / cpu_s,
        "cpu_us_per_order": cpu_s / len(given) * 1e6,
        "cpu_s": cpu_s,
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--orders", type=int, default=2000)
    arguments.add_argument("--growth", default="100,1000,10000")
    arguments.add_argument("--json", type=Path)
    given = arguments.parse_args()
    bench = Bench()
    bodies = bench.bodies(given.orders)
    results: dict[str, Any] = {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "orders": given.orders,
        "orderloom": whole(bench, bodies),
        "bare loop": bare(bench, bodies),
        "SpiffWorkflow": spiff(bench, bodies),
        "interpreter": interpreter(bench, given.orders),
        "growth": growth(bench, [int(count) for count in given.growth.split(",")]),
    }
    _print(results)
    if given.json:
        given.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def _print(results: dict[str, Any]) -> None:
    print(f"{results['orders']} distinct orders, {results['machine']}")
    base = results["bare loop"]["cpu_us_per_order"]
    for name in ("orderloom", "bare loop", "SpiffWorkflow"):
        row = results[name]
        if row is None:
            print(f"{name:<14} not installed: pip install 'orderloom[bench]'")
            continue
        speed, cost = row["orders_per_cpu_s"], row["cpu_us_per_order"]
        print(f"{name:<14} {speed:>8,.0f} orders/CPU-s  {cost:>8,.0f} us/order  {cost / base:.2f}x bare")
    step_us = results["interpreter"]["us_per_step"]
    print(f"interpreter    {step_us:.1f} us a step (bar {BAR_STEP_US})")
    reached = results["orderloom"]["orders_per_cpu_s"] / BAR_ORDERS_S
    print(f"total          {reached:.2f} of the bar of {BAR_ORDERS_S:,} orders/s a core")
    for row in results["growth"]:
        count, cost, peak = row["orders"], row["cpu_us_per_order"], row["peak_mb"]
        print(f"growth         {count:>9,} orders  {cost:>8,.0f} us/order  peak {peak:,.0f} MB")


if __name__ == "__main__":
    main()
