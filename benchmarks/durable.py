"""Durable orders through the shipped flow, beside DBOS on SQLite and Temporal's development server in the same run.

    python benchmarks/durable.py [--flow light] [--orders 300] [--light-orders 5000] [--peers 100] [--growth 10000]
                                 [--filled 0] [--open 1000] [--json FILE]

Every order is another one, two of its effects take 5 ms of I/O, everything is on the disk when it is told done. The
peers are installed by `pip install --require-hashes -r requirements/bench.txt`. `--flow light` measures beside it a
flow of eight steps that cost nothing but their engine. `--growth` times that many orders (of the light flow, where it
is asked for) in ten windows, `--filled` puts so many finished runs into the journal first. `--open`: how long so many
open runs take to be taken up again, left in the middle by a process that was killed, and waiting, a few for what has
come.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from durable_flows import FLOWS, make_project
from durable_open import fill, taken_up, waited

HERE = Path(__file__).parent
OURS = "durable_ours.py"
IN_FLIGHT = (1, 64, 256)
BARS = {"orders_per_s_at_64": 1500, "times_below_peers": 15, "slope_percent": 15, "taken_up_10000_s": 5}


@contextmanager
def project(flow: str) -> Iterator[Path]:
    """What the flow needs, in an empty folder."""
    with tempfile.TemporaryDirectory() as name:
        make_project(flow, Path(name))
        yield Path(name)


def process(program: str, folder: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(HERE / program), str(folder), *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def told(child: subprocess.Popen[str]) -> dict[str, Any]:
    out, _ = child.communicate()
    if child.returncode:
        raise SystemExit(f"{child.args!r} ended with {child.returncode}")
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return found


def measured(
    flow: str, program: str, orders: int, in_flight: int, *options: str, processes: int = 1, filled: int = 0
) -> Any:
    """Orders per second and CPU per order, over all processes."""
    with project(flow) as folder:
        if filled:
            fill(flow, folder, filled)
        part = orders // processes
        children = [
            process(
                program, folder, "--flow", flow, "--first", str(at * part), "--last", str((at + 1) * part),
                "--in-flight", str(in_flight), *options,
            )
            for at in range(processes)
        ]  # fmt: skip
        parts = [told(child) for child in children]
    wall, cpu = max(one["wall_s"] for one in parts), sum(one["cpu_s"] for one in parts)
    return {**parts[0], "orders_per_s": part * processes / wall, "cpu_ms_per_order": cpu / (part * processes) * 1000}


def fsyncs_per_s(seconds: float = 1.0) -> float:
    """How often the disk under the temporary folder takes 4 kB for good."""
    with tempfile.NamedTemporaryFile() as file:
        until, count = time.perf_counter() + seconds, 0
        while time.perf_counter() < until:
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
            count += 1
    return count / seconds


def slope(windows: list[float]) -> float:
    """By how many per cent the cost of an order grows from the first window to the last, along a fitted line."""
    count = len(windows)
    middle, mean = (count - 1) / 2, sum(windows) / count
    rise = sum((at - middle) * (one - mean) for at, one in enumerate(windows))
    rise /= sum((at - middle) ** 2 for at in range(count))
    first = mean - rise * middle
    return rise * (count - 1) / first * 100


def peers(flow: str, orders: int) -> dict[str, Any]:
    """The same node functions on the peers that are installed."""
    found = {"DBOS, SQLite": ("dbos", "durable_dbos.py"), "Temporal, dev server": ("temporalio", "durable_temporal.py")}
    return {
        name: measured(flow, program, orders, 64)
        for name, (module, program) in found.items()
        if orders and importlib.util.find_spec(module)
    }


def compared(flow: str, orders: int, given: argparse.Namespace) -> dict[str, Any]:
    """The flow by hand, on the journal and on the peers; with `--filled`, on a journal that is full."""
    made: dict[str, Any] = {
        "bare": measured(flow, OURS, min(orders, 1000), 1, "--bare"),
        "ours": {str(n): measured(flow, OURS, orders if n > 1 else orders // 4, n) for n in IN_FLIGHT},
        "two processes": measured(flow, OURS, orders, 64, processes=2),
        "peers": peers(flow, given.peers),
    }
    if given.filled:
        made["filled"] = {**measured(flow, OURS, orders, 64, filled=given.filled), "runs": given.filled}
    return made


def results(given: argparse.Namespace) -> dict[str, Any]:
    orders = {"shipped": given.orders, **({"light": given.light_orders} if given.flow == "light" else {})}
    made: dict[str, Any] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "load": os.getloadavg()[0],
        "fsyncs_per_s": fsyncs_per_s(),
        "memory_gb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30,
        "flows": {flow: compared(flow, count, given) for flow, count in orders.items()},
    }
    if given.growth:
        grown = measured(given.flow, OURS, given.growth, 64, "--windows", "10")
        made["growth"] = {**grown, "slope_percent": slope(grown["windows_cpu_s"][:10])}
    if given.open:
        made["taken_up"] = {flow: _opened(flow, partial(taken_up, flow), given.open) for flow in orders}
        made["waited"] = _opened("shipped", waited, given.open)
    return made


def _opened(flow: str, measure: Callable[[Path, int], dict[str, Any]], runs: int) -> dict[str, Any]:
    with project(flow) as folder:
        return measure(folder, runs)


def _print(made: dict[str, Any]) -> None:
    print(f"{made['machine']}, {made['memory_gb']:.0f} GB for pages, {made['fsyncs_per_s']:,.0f} fsyncs/s, ", end="")
    print(f"load {made['load']:.1f}")
    for flow, of_flow in made["flows"].items():
        _print_flow(flow, of_flow)
    if "growth" in made:
        print(f"growth over {made['growth']['orders']:,} orders: {made['growth']['slope_percent']:+.1f} % an order")
    for flow, told in made.get("taken_up", {}).items():
        print(f"{told['runs']:,} runs of {flow} left in the middle are taken up in {told['wall_s']:.1f} s")
    if one := made.get("waited"):
        print(f"of {one['runs']:,} that wait, the {one['due']} for which it has come end in {one['wall_s']:.1f} s")


def _print_flow(flow: str, made: dict[str, Any]) -> None:
    bare = made["bare"]["cpu_ms_per_order"]
    own = made["ours"]["64"]["cpu_ms_per_order"] - bare
    print(f"{flow:<28}{'orders/s':>9}{'CPU ms/order':>14}{'less the nodes':>16}")
    rows = {f"orderloom, {n} in flight": row for n, row in made["ours"].items()}
    rows |= {"orderloom, two processes": made["two processes"], **made["peers"]}
    if "filled" in made:
        rows[f"with {made['filled']['runs']:,} ended runs"] = made["filled"]
    print(f"{'the node functions by hand':<28}{made['bare']['orders_per_s']:>9,.0f}{bare:>14.2f}")
    for name, row in rows.items():
        less = row["cpu_ms_per_order"] - bare
        times = f"  {less / own:.1f} x" if name in made["peers"] else ""
        print(f"{name:<28}{row['orders_per_s']:>9,.0f}{row['cpu_ms_per_order']:>14.2f}{less:>16.2f}{times}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--flow", choices=FLOWS, default="shipped")
    arguments.add_argument("--orders", type=int, default=300)
    arguments.add_argument("--light-orders", type=int, default=5000)
    arguments.add_argument("--peers", type=int, default=100)
    arguments.add_argument("--growth", type=int, default=0)
    arguments.add_argument("--filled", type=int, default=0)
    arguments.add_argument("--open", type=int, default=0)
    arguments.add_argument("--json", type=Path)
    given = arguments.parse_args()
    made = {**results(given), "bars": BARS}
    _print(made)
    if given.json:
        given.json.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
