"""What happens on a small disk; each story is run in a process of its own (disk.py)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
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
    refused = [tell(*words) for words in (RUN, ("event", "send", "a", "--match", "1"))]
    disk.become("rw")
    return {"fresh": fresh, "first": first, "refused": refused, "again": tell(*RUN, "--json")}


LOOKS = (("runs", "list", "--json"), ("inbox", "list"), ("stats",))


def journal_on_a_disk_for_reading_only(disk: Disk) -> dict[str, Any]:
    """At rest; as a process leaves it that was killed; and so, but without the index of its log."""
    project(disk.folder / "shop", 2)
    subprocess.run([sys.executable, "-c", _KILLED], capture_output=True, check=False)
    journal, left = Path(".orderloom"), [f"journal.db-{one}" for one in ("wal", "shm")]
    sizes = [(journal / name).stat().st_size for name in left]
    killed = _looked_at(disk, LOOKS)
    (journal / left[1]).unlink()
    cut_off = _looked_at(disk, LOOKS[:1])
    tell("work")  # whoever writes puts the log into the file
    at_rest = _looked_at(disk, LOOKS)
    return {"left": sizes, "killed": killed, "cut off": cut_off, "at rest": at_rest}


_KILLED = f"""
import os
from orderloom.cli import invoke
from orderloom.journal import Journal
Journal.close = lambda _journal: os._exit(9)
invoke({list(RUN)})
"""


def _looked_at(disk: Disk, commands: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    disk.become("ro")
    told = [tell(*words) for words in commands]
    disk.become("rw")
    return told


def _fill(folder: Path) -> None:
    with (folder / "fill").open("wb", buffering=0) as filling:
        try:
            while True:
                filling.write(bytes(4096))
        except OSError:
            return
