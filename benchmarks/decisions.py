"""Decisions by random complete tables, beside zen-engine, datalogic-py and SpiffWorkflow (the extra `bench`).

    python benchmarks/decisions.py [--rows 10,100,1000,10000] [--seconds 0.5] [--json FILE]

All engines have the same rows and the same distinct orders, in the same run, and must name the same rows. Rates are
orders per CPU-second, the best of interleaved rounds. What each does per call:

  decision           ours: every fact checked for type, range and values; exact numbers; fresh outputs, row, facts
  explained          ours: the same, and read from it the facts by name and the row's conditions in words: what zen's
                     trace has
  in full            ours: the same, and which rows failed by one cell only, how many rows each column barred, and the
                     first failing cell of one row (that of any other is had in the same way, when it is asked for)
  batch              ours: columns of float64 and coded texts in, each order's row out; checked as single decisions are
  zen-engine         evaluate(key, dict) with a static loader: no checks (a wrong type gives another row, or none)
  zen-engine, trace  the same with trace=True: index, cells and facts of the row that applied, nothing of other rows
  datalogic-py       one JSONLogic rule with all rows, compiled once: no checks, floats, a fresh object
  SpiffWorkflow      its DMN engine: cells in Python, evaluated one by one
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from decision_peers import Datalogic, Spiff, Zen, in_floats
from decision_tables import COUNTRIES, MIXED, RANGES, TIERS, Kind, Rule, head, orders, row, rules, table
from orderloom.rules import DecisionTable, read_table
from orderloom.rules.batch import Coded

BATCH = 500_000
ROUNDS = 25
LATEST_ROWS = {"datalogic-py": 10_000, "SpiffWorkflow": 1_000}  # beyond, one call takes seconds
BARS = {"decision": {10: 4, 100: 5, 1000: 6, 10_000: 8}, "explained": {10: 20, 100: 25, 1000: 80, 10_000: 300}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="10,100,1000,10000")
    parser.add_argument("--seconds", type=float, default=0.5, help="CPU time for each engine and size")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--load", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.load:
        print(json.dumps(_load(Path(options.load))))
        return
    sizes = [int(size) for size in options.rows.split(",")]
    told = {"machine": platform.processor() or platform.machine(), "python": platform.python_version(), "kinds": {}}
    for kind in (MIXED, RANGES):
        told["kinds"][kind.name] = {size: measured(kind, size, options.seconds) for size in sizes}
        _print(kind, told["kinds"][kind.name])
    told["load"] = loaded(max(sizes))
    print(
        "\nload and compile a CSV of {rows:,} rows: {seconds:.2f} s of CPU, peak memory {peak_mb:.0f} MB".format(
            **told["load"]
        )
    )
    if options.json:
        options.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def measured(kind: Kind, size: int, seconds: float) -> dict[str, float]:
    """Orders per CPU-second by engine."""
    given = rules(kind, size, seed=1)
    asked = table(kind, given)
    exact = orders(kind, 2000, seed=2)
    floats = [in_floats(order) for order in exact]
    zen = Zen(kind, given)
    _same(asked, exact, zen.ask, zen.row, floats[:500])
    runs: dict[str, tuple[Callable[[Any], Any], list[Any]]] = {
        "decision": (asked.decide_columns, exact),
        "explained": (_explained(asked), exact),
        "in full": (_in_full(asked), exact),
        "zen-engine": (zen.ask, floats),
        "zen-engine, trace": (zen.ask_with_trace, floats),
    }
    for peer in (Datalogic, Spiff):
        if size <= LATEST_ROWS[peer.name]:
            other = peer(kind, given)
            _same(asked, exact, other.ask, other.row, floats[:20])
            runs[peer.name] = (other.ask, floats)
    return _rates(runs, seconds) | {"batch": _batch(kind, asked)}


def _explained(asked: DecisionTable) -> Callable[[Any], Any]:
    decide = asked.decide_columns

    def ask(order: Any) -> Any:
        decision = decide(order)
        return decision.why, decision.facts

    return ask


def _in_full(asked: DecisionTable) -> Callable[[Any], Any]:
    def ask(order: Any) -> Any:
        decision = asked.decide_columns(order)
        explanation = decision.explanation
        return decision.why, decision.facts, explanation.near, explanation.barred, explanation.rejection(0)

    return ask


def _same(asked: DecisionTable, exact: list[Any], ask: Any, row_of: Any, floats: list[Any]) -> None:
    for order, given in zip(exact, floats, strict=False):
        assert asked.decide_columns(order).rows == (row_of(ask(given)),), order


def _rates(runs: dict[str, tuple[Callable[[Any], Any], list[Any]]], seconds: float) -> dict[str, float]:
    """The best of many short rounds each, interleaved: every engine meets the quiet moments of a busy machine."""
    best = dict.fromkeys(runs, 0.0)
    for number in range(ROUNDS):
        for name, (ask, given) in runs.items():
            first = number * 389 % len(given)
            best[name] = max(best[name], _rate(ask, given[first:] + given[:first], seconds / ROUNDS))
    return best


def _rate(ask: Callable[[Any], Any], given: list[Any], seconds: float) -> float:
    start, done = time.process_time(), 0
    while (spent := time.process_time() - start) < seconds or not done:
        few = given[done % len(given) : done % len(given) + (100 if done >= 100 else 2)]
        for order in few:
            ask(order)
        done += len(few)
    return done / spent


def _batch(kind: Kind, asked: DecisionTable) -> float:
    chance = np.random.default_rng(3)
    words = {"country": list(COUNTRIES), "tier": list(TIERS), "gift": [False, True]}
    limits = {"total": 10_000, "weight": 100, "volume": 100}
    columns: dict[str, Any] = {
        name: Coded(chance.integers(0, len(words[name]), BATCH), words[name])
        if name in words
        else np.round(chance.random(BATCH) * limits[name], 2)
        for name, _, _ in kind.columns
    }
    rates = []
    for _ in range(8):
        start = time.process_time()
        found = asked.decide_batch(columns)
        rates.append(BATCH / (time.process_time() - start))
        assert not found.refused
    return max(rates)


def loaded(size: int) -> dict[str, Any]:
    """Reading and compiling a sheet, each time in a process of its own for its memory; the best of three."""
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder, "rows.csv")
        given: list[Rule] = rules(MIXED, size, seed=1)
        lines = [row(MIXED, rule) for rule in given]
        with sheet.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(lines[0]))
            writer.writeheader()
            writer.writerows(lines)
        path = Path(folder, "random.table.yaml")
        path.write_text(json.dumps(head(MIXED, "rows.csv")), encoding="utf-8")
        command = [sys.executable, __file__, "--load", str(path)]
        runs = [subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(3)]
    best: dict[str, Any] = min(map(json.loads, runs), key=lambda one: one["seconds"])
    return best


def _load(path: Path) -> dict[str, Any]:
    start = time.process_time()
    rows = len(read_table(path).rows)
    spent = time.process_time() - start
    return {"rows": rows, "seconds": spent, "peak_mb": _peak_mb()}


def _peak_mb() -> float:
    """Of this program alone: `ru_maxrss` would be that of the process which started it, where that was larger."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(line.split()[1]) / 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM"))


def _print(kind: Kind, by_size: dict[int, dict[str, float]]) -> None:
    print(f"\n{kind.name}: orders per CPU-second")
    names = list(dict.fromkeys(name for rates in by_size.values() for name in rates))
    print(f"{'':24}" + "".join(f"{size:>12,} rows" for size in by_size))
    for name in names:
        print(
            f"{name:24}"
            + "".join(f"{rates[name]:>17,.0f}" if name in rates else f"{'–':>17}" for rates in by_size.values())
        )
    pairs = [
        ("decision", "zen-engine"),
        ("explained", "zen-engine, trace"),
        ("in full", "zen-engine, trace"),
        ("decision", "datalogic-py"),
    ]
    for ours, theirs in pairs:
        ratios = [f"{rates[ours] / rates[theirs]:.1f}" if theirs in rates else "–" for rates in by_size.values()]
        print(f"{f'{ours} / {theirs}':34}" + "".join(f"{ratio:>10}" for ratio in ratios))


if __name__ == "__main__":
    main()
