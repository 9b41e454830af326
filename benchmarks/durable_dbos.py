"""The peer of `durable.py` on DBOS with SQLite: a workflow an order, each step of the flow a step of DBOS.

Prints one JSON object as `durable_ours.py` does.
"""

from __future__ import annotations

import argparse
import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSConfig, SetWorkflowID

from durable_flows import FLOWS, hand_of
from durable_work import by_hand

HAND: Any


@DBOS.workflow()
def deliver(number: int) -> str:
    """One order: each step is recorded before the next begins."""

    def do(name: str, key: str, order: Any, gave: dict[str, Any]) -> Any:
        return DBOS.run_step({"name": name}, HAND.step, name, key, order, gave)

    by_hand(HAND, number, do)
    return "completed"


def main() -> None:
    global HAND  # noqa: PLW0603 (DBOS finds workflows by their module)
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--first", type=int, default=0)
    arguments.add_argument("--last", type=int, default=100)
    arguments.add_argument("--in-flight", type=int, default=64)
    arguments.add_argument("--flow", choices=FLOWS, default="shipped")
    given = arguments.parse_args()
    HAND = hand_of(given.flow, given.folder)
    config: DBOSConfig = {
        "name": "peer",
        "system_database_url": f"sqlite:///{given.folder}/dbos.sqlite",
        "log_level": "ERROR",
        "run_admin_server": False,
    }
    logging.disable(logging.WARNING)
    DBOS(config=config)
    DBOS.launch()
    numbers = range(given.first, given.last)
    wall, cpu = time.perf_counter(), time.process_time()

    def one(number: int) -> str:
        with SetWorkflowID(f"order-{number}"):
            return deliver(number)

    with ThreadPoolExecutor(given.in_flight) as pool:
        assert set(pool.map(one, numbers)) == {"completed"}
    told = {
        "orders": len(numbers),
        "wall_s": time.perf_counter() - wall,
        "cpu_s": time.process_time() - cpu,
    }
    print(json.dumps(told), flush=True)
    DBOS.destroy()


if __name__ == "__main__":
    main()
