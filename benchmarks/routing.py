"""Routing beside the rules of others and a plain integer programme, on the same random orders.

    python benchmarks/routing.py [--orders N] [--batch 200,1000] [--minutes 1,3] [--no-milp] [--wall] [--json]

Times are of this process's CPU, on a machine that others use too; `--wall` takes the clock on the wall instead, also
for the limit of the batches. Rivals are in routing_rivals.py, the random orders in routing_instances.py.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from orderloom_nodes.route.batch.batching import plan
from orderloom_nodes.route.batch.shared import Batch
from orderloom_nodes.route.search import Question, is_sound, search
from orderloom_nodes.route.search.pricing import cost_of
from orderloom_nodes.route.search.solver import solve
from routing_instances import KINDS, Kind, batch, question
from routing_rivals import fewest_splits, nearest_first

BARS = {  # median ms of an order; mean gap
    "3 lines x 10 locations": (10, 0.0),
    "10 lines x 20 locations": (50, 0.01),
    "10 lines x 50 locations": (100, 0.01),
}
MILP_S = 20.0
Clock = Callable[[], float]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--orders", type=int, default=60, help="of each kind")
    parser.add_argument("--batch", default="200,1000", help="sizes of batches; empty: none")
    parser.add_argument("--minutes", default="1,3", help="for each batch")
    parser.add_argument("--no-milp", action="store_true", help="leave the plain integer programme out")
    parser.add_argument("--wall", action="store_true", help="time by the clock on the wall")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    clock: Clock = time.perf_counter if given.wall else time.process_time
    report = {
        "orders": [one_kind(kind, given.orders, clock, milp=not given.no_milp) for kind in KINDS],
        "batches": [
            one_batch(int(size), 60 * float(minutes), clock)
            for size, minutes in zip(given.batch.split(","), given.minutes.split(","), strict=False)
            if size
        ],
    }
    if given.json:
        print(json.dumps(report, indent=1))
    else:
        tell(report)
    return 1 if any(row["missed"] for row in (*report["orders"], *report["batches"])) else 0


def one_kind(kind: Kind, number: int, clock: Clock, milp: bool) -> dict[str, Any]:
    """Median and 95th percentile of the time, mean cost above the optimum, of each method."""
    times: dict[str, list[float]] = {}
    above: dict[str, list[float]] = {}
    proven, gaps = 0, []
    for seed in range(number):
        asked, km = question(kind, seed)
        own, own_ms = _timed(clock, search, asked)
        assert own is not None
        assert is_sound(asked, own.takes, own.left)
        best = own.cost
        plans: dict[str, tuple[int | None, float]] = {"orderloom": (own.cost, own_ms)}
        for name, rule in (("nearest first", nearest_first), ("fewest splits", fewest_splits)):
            taken, ms = _timed(clock, rule, asked, km)
            plans[name] = (None if taken is None else _sound_cost(asked, taken), ms)
        if milp:
            other, ms = _timed(clock, solve, asked, MILP_S)
            plans["plain MILP (HiGHS)"] = (None if other is None else other.cost, ms)
            if other is not None and other.exact:
                assert own.bound <= other.cost, (kind.name, seed)
                assert not own.exact or own.cost == other.cost, (kind.name, seed)
                best = other.cost
        proven += own.exact
        gaps.append(own.gap)
        for name, (cost, ms) in plans.items():
            times.setdefault(name, []).append(ms)
            if cost is not None:
                above.setdefault(name, []).append(cost / best - 1)
    methods = {
        name: {
            "median_ms": round(statistics.median(found), 2),
            "p95_ms": round(sorted(found)[int(0.95 * len(found))], 2),
            "above_optimum": round(statistics.mean(above.get(name, [0.0])), 5),
            "without_a_plan": number - len(above.get(name, [])),
        }
        for name, found in times.items()
    }
    bar = BARS.get(kind.name)
    own_row = methods["orderloom"]
    gap = max(own_row["above_optimum"], statistics.mean(gaps))
    missed = bar is not None and (own_row["median_ms"] > bar[0] or gap > bar[1])
    return {
        "kind": kind.name, "orders": number, "proven": proven, "mean_gap": round(statistics.mean(gaps), 5),
        "methods": methods, "bar": bar, "missed": missed,
    }  # fmt: skip


def one_batch(size: int, limit_s: float, clock: Clock) -> dict[str, Any]:
    """A batch by orderloom, and by the rules of others first come, first served."""
    made, km = batch(size)
    found = plan(made, limit_s, _watch, clock=clock)
    assert found is not None
    assert min(made.left(found.plans.values())) >= 0
    if sys.stderr.isatty():
        print(file=sys.stderr)
    above = found.cost / found.bound - 1
    cheaper = 1 - found.cost / found.first_cost
    missed = above > 0.01 if size <= 200 else cheaper < 0.025
    return {
        "orders": size, "seconds": round(found.seconds, 1), "cost": found.cost, "bound": round(found.bound),
        "above_bound": round(above, 5), "one_by_one": found.first_cost, "cheaper_than_one_by_one": round(cheaper, 5),
        "one_by_one_above_bound": round(found.first_cost / found.bound - 1, 5), "blocks": found.blocks,
        "units_left": sum(sum(pattern.answer.left) for pattern in found.plans.values()),
        "rules": {
            name: round(_by_rule(made, km, rule) / found.bound - 1, 5)
            for name, rule in (("nearest first", nearest_first), ("fewest splits", fewest_splits))
        },
        "missed": missed,
    }  # fmt: skip


def _by_rule(made: Batch, km: Sequence[Sequence[float]], rule: Callable[..., Any]) -> int:
    """What a rule's plans cost, each out of what those before it left; what it cannot send whole is left for later."""
    left, total = list(made.supply), 0
    for asked, distances in zip(made.asked, km, strict=True):
        stock = tuple(
            tuple(min(n, left[r]) for n, r in zip(row, resources, strict=True))
            for row, resources in zip(asked.question.stock, asked.stock, strict=True)
        )
        room = tuple(left[resource] for resource in asked.room if resource is not None)
        there = [sum(row[item] for row in stock) for item in range(len(asked.question.wanted))]
        wanted = tuple(min(n, units) for n, units in zip(asked.question.wanted, there, strict=True))
        whole = asked.question
        smaller = Question(wanted, stock, whole.fixed, whole.unit, site_of=whole.site_of, room=room)
        taken = rule(smaller, distances) or ()
        sent = [0] * len(wanted)
        for leg, item, units in taken:
            site = smaller.sites[leg]
            sent[item] += units
            left[asked.stock[site][item]] -= units
            left[asked.room[site] or 0] -= units
        total += cost_of(asked.question, taken, [n - m for n, m in zip(asked.question.wanted, sent, strict=True)])
    return total


def _sound_cost(asked: Question, taken: Sequence[tuple[int, int, int]]) -> int:
    assert is_sound(asked, taken, [0] * len(asked.wanted))
    return cost_of(asked, taken, ())


def _timed(clock: Clock, call: Callable[..., Any], *given: Any) -> tuple[Any, float]:
    began = clock()
    found = call(*given)
    return found, 1000 * (clock() - began)


def _watch(progress: Any) -> None:
    if sys.stderr.isatty():
        told = f"{progress.stage} {progress.done}: {progress.cost}, bound {progress.bound:.0f} "
        print(f"\r{told}", end="", file=sys.stderr)


def tell(report: dict[str, Any]) -> None:
    """For a person: one line a method."""
    for row in report["orders"]:
        print(f"{row['kind']}: {row['proven']} of {row['orders']} proven, mean gap {row['mean_gap']:.2%}{_bar(row)}")
        for name, found in row["methods"].items():
            none = f", {found['without_a_plan']} without a plan" if found["without_a_plan"] else ""
            ms = f"{found['median_ms']:8.1f} ms (p95 {found['p95_ms']:.1f})"
            print(f"  {name:20} {ms}  +{found['above_optimum']:.2%}{none}")
    for row in report["batches"]:
        cheaper = f"{row['cheaper_than_one_by_one']:.2%} cheaper than exact one by one"
        first = f"+{row['one_by_one_above_bound']:.2%}"
        above = f"+{row['above_bound']:.2%} above the bound"
        print(f"batch of {row['orders']}: {above}, {cheaper} ({first}), {row['seconds']} s{_bar(row)}")
        print("  " + ", ".join(f"{name} +{above:.1%}" for name, above in row["rules"].items()))


def _bar(row: dict[str, Any]) -> str:
    return "  MISSED" if row["missed"] else ""


if __name__ == "__main__":
    sys.exit(main())
