"""What happens on a small disk; each story is run in a process of its own (disk.py)."""

from __future__ import annotations

import json
import os
from contextlib import closing
from pathlib import Path
from typing import Any

from orderloom.world.errors import ConnectionFailedError
from orderloom.world.shelf import Shelf
from tests.cli.past import order
from tests.faults.disk import Disk, tell, tell_apart

ORDERS = 24
FLOW = """
flow: note
version: 1
key: =capture.order.order_id
steps:
  capture: {use: capture}
  tell: {use: notify, with: {template: shipped, to: =capture.order.customer, data: {order: =capture.order}}}
"""
RUN = ("run", "note", "--input", "orders.jsonl", "--format", "canonical")


def project(folder: Path, orders: int = ORDERS, outbox: Path = Path("outbox")) -> None:
    """A flow that writes a message for each order, and so many orders; the working directory is there then."""
    (folder / "flows").mkdir(parents=True)
    (folder / "orderloom.yaml").write_text("")
    (folder / "flows" / "note.yaml").write_text(FLOW)
    (folder / "connections.yaml").write_text(f"mail: {{type: outbox, folder: '{outbox}'}}\n")
    (folder / "orders.jsonl").write_text("".join(json.dumps(order(number)) + "\n" for number in range(orders)))
    os.chdir(folder)


def keys(lines: str, **about: Any) -> list[str]:
    """The keys of the orders that were told so."""
    reports = [json.loads(line) for line in lines.splitlines()]
    return sorted(one["key"] for one in reports if all(one.get(name) == value for name, value in about.items()))


def journal_on_a_full_disk(disk: Disk) -> dict[str, Any]:
    project(disk.folder / "shop")
    disk.become("size=700k")
    full = tell_apart(*RUN, "--json")
    looked = tell("stats")
    disk.become("size=60m")
    again = tell(*RUN, "--json")
    return {
        "full": full,
        "looked": looked,
        "again": again,
        "told": keys(full["out"], status="completed"),
        "repeated": keys(again["out"], status="completed", repeated=True),
        "all": keys(again["out"], status="completed"),
        "messages": len(list(Path("outbox").glob("*.eml"))),
        "stats": tell("stats"),
    }


def outbox_on_a_full_disk(disk: Disk) -> dict[str, Any]:
    project(disk.folder.parent / "shop", 1, disk.folder / "outbox")
    (disk.folder / "outbox").mkdir()
    disk.become("size=16k")
    _fill(disk.folder)
    full = tell(*RUN)
    half = [file.name for file in (disk.folder / "outbox").iterdir()]
    disk.become("size=4m")
    again = tell("inbox", "retry", "1")
    return {"full": full, "half": half, "again": again, "messages": len(list((disk.folder / "outbox").iterdir()))}


def shelf_on_a_full_disk(disk: Disk) -> dict[str, Any]:
    disk.become("size=200k")
    put, why = 0, ""
    with closing(Shelf(disk.folder / "world.sqlite")) as shelf:
        while not why:
            try:
                shelf.put("order", f"{put:05d}", "x" * 1000)
                put += 1
            except ConnectionFailedError as error:
                why = str(error)
        kept = shelf.count()
        disk.become("size=4m")
        shelf.put("order", f"{put:05d}", "x" * 1000)
        return {"put": put, "kept": kept, "why": why, "then": shelf.count()}


def project_that_may_not_be_written(disk: Disk) -> dict[str, Any]:
    project(disk.folder / "shop", 2)
    disk.become("ro")
    fresh = tell(*RUN)
    disk.become("rw")
    first = tell(*RUN, "--json")
    disk.become("ro")
    refused = [tell(*words) for words in (RUN, ("event", "send", "a", "--match", "1"), ("inbox", "list"), ("stats",))]
    disk.become("rw")
    return {"fresh": fresh, "first": first, "refused": refused, "again": tell(*RUN, "--json")}


def _fill(folder: Path) -> None:
    with (folder / "fill").open("wb", buffering=0) as filling:
        try:
            while True:
                filling.write(bytes(4096))
        except OSError:
            return
