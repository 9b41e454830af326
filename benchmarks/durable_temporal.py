"""The peer of `durable.py` on Temporal's development server: pure steps in the workflow, effects as activities.

Prints one JSON object as `durable_ours.py` does; the server's CPU is counted too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import pickle
import shutil
import socket
import subprocess
import sys
import time
from base64 import b64decode, b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from durable_flows import FLOWS, hand_of

HAND: Any
QUEUE = "orders"


@activity.defn
def effect(name: str, key: str, order: str, gave: str) -> str:
    """An effect of the flow."""
    return _packed(HAND.step(name, key, _unpacked(order), _unpacked(gave)))


@workflow.defn
class Deliver:
    """One order."""

    @workflow.run
    async def run(self, number: int) -> str:
        captured = HAND.captured(number)
        key, order = HAND.key(captured), HAND.document(captured)
        gave: dict[str, Any] = {}
        for name in HAND.steps:
            if name in HAND.effects:
                told = await workflow.execute_activity(
                    effect,
                    args=[name, key, _packed(order), _packed(gave)],
                    start_to_close_timeout=timedelta(seconds=60),
                )
                gave[name] = _unpacked(told)
            else:
                gave[name] = HAND.step(name, key, order, gave)
        return "completed"


def _packed(value: Any) -> str:
    """Documents as they are, so that no time is counted for another form of them."""
    return b64encode(pickle.dumps(value)).decode()


def _unpacked(text: str) -> Any:
    return pickle.loads(b64decode(text))


async def work(address: str, numbers: range, in_flight: int) -> None:
    client, gate = await Client.connect(address), asyncio.Semaphore(in_flight)
    with ThreadPoolExecutor(in_flight) as pool:
        worker = Worker(
            client,
            task_queue=QUEUE,
            workflows=[Deliver],
            activities=[effect],
            activity_executor=pool,
            workflow_runner=UnsandboxedWorkflowRunner(),
            max_concurrent_activities=in_flight,
        )

        async def one(number: int) -> None:
            async with gate:
                told = await client.execute_workflow(Deliver.run, number, id=f"order-{number}", task_queue=QUEUE)
                assert told == "completed"

        async with worker, asyncio.TaskGroup() as group:
            for number in numbers:
                group.create_task(one(number))


def _cpu_of(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def _server(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = shutil.which("temporal", path=str(Path(sys.executable).parent)) or "temporal"
    command = [program, "server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", str(port)]
    file = str(folder / "temporal.db")
    server = subprocess.Popen([*command, "--db-filename", file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(300):
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    time.sleep(3)  # its namespace is made after it listens
    return server, f"127.0.0.1:{port}"


def main() -> None:
    global HAND  # noqa: PLW0603 (workflows and activities are found by their module)
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--first", type=int, default=0)
    arguments.add_argument("--last", type=int, default=100)
    arguments.add_argument("--in-flight", type=int, default=64)
    arguments.add_argument("--flow", choices=FLOWS, default="shipped")
    given = arguments.parse_args()
    HAND = hand_of(given.flow, given.folder)
    server, address = _server(given.folder)
    try:
        numbers = range(given.first, given.last)
        wall, cpu, theirs = time.perf_counter(), time.process_time(), _cpu_of(server.pid)
        asyncio.run(work(address, numbers, given.in_flight))
        told = {
            "orders": len(numbers),
            "wall_s": time.perf_counter() - wall,
            "cpu_s": time.process_time() - cpu + _cpu_of(server.pid) - theirs,
        }
    finally:
        server.terminate()
        server.wait()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
