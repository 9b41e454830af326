"""What was done in the end: by the receivers, on the shelf of stock, in the outbox, and in the journal itself."""

from __future__ import annotations

import asyncio
import email
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from orderloom.journal import FILE, Event, Journal, Pending, Run
from orderloom.journal.counting import counted
from orderloom.packs import catalogue
from orderloom.project import Project
from orderloom.run.drivers.crew import Crew
from orderloom.run.drivers.workshop import Workshop
from orderloom.run.kept.pins import Pins
from orderloom.run.machine.doubt import IN_DOUBT
from orderloom.run.people import acts
from orderloom.run.people.doing import do
from orderloom.world import SystemClock
from orderloom.world.located import connections_of
from orderloom.world.shelf import Shelf
from tests.crash.killing import Kill
from tests.crash.receivers import Receivers


@contextmanager
def crew(folder: Path) -> Iterator[Crew]:
    """Somebody at work in the project."""
    project, clock = Project(folder), SystemClock()
    connections = connections_of(project, folder / "connections.yaml")
    with (
        closing(Journal(folder / FILE, clock)) as journal,
        closing(Workshop(journal, catalogue(project.nodes), connections, clock)) as shop,
    ):
        yield Crew(shop, Pins(journal, project))


def see_to_doubts(folder: Path, receivers: Receivers) -> tuple[int, int]:
    """A person looks at each stamp that is in doubt, whether it was made: then gives it as done, else has it made.

    Gives how many were found made, and not made.
    """
    made, missing = 0, 0
    with crew(folder) as at_work:
        for task in in_doubt(at_work.shop.journal):
            run = at_work.shop.journal.run(task.run)
            was_made = receivers.done[f"/once/stamps/{run.key}"] > 0
            act = acts.answer({"outcome": "stamped", "order": run.key}) if was_made else acts.retry()
            asyncio.run(do(at_work, task.number, act, acts.Person("ann", "looked at the paper")))
            made, missing = made + was_made, missing + (not was_made)
    return made, missing


def in_doubt(journal: Journal) -> list[Pending]:
    return [one for one in journal.pending("kind = 'parked'") if json.loads(one.body)["error"] == IN_DOUBT]


def outcomes(folder: Path) -> dict[str, tuple[str, str]]:
    """How each order ended, and by which steps."""
    with closing(Journal(folder / FILE, reading=True)) as journal:
        return {run.key: (run.status, journal.steps(run)) for run in journal.select_runs("1")}


def reports(folder: Path, keys: list[str]) -> dict[str, Any]:
    """All that is told of these orders, as one compares it: what goes on side by side settles in any order."""
    with crew(folder) as at_work:
        found = {}
        for key in keys:
            [run] = at_work.shop.journal.select_runs("key = ?", (key,))
            told = at_work.look(run).to_json()
            found[key] = {**told, "path": sorted(told["path"])}
        return found


def holds(folder: Path) -> bool:
    """Orders in = ended + waiting + inbox + in work."""
    with closing(Journal(folder / FILE, reading=True)) as journal:
        return all(count.holds for count in journal.read(counted).values())


@dataclass(frozen=True)
class Stock:
    """The shelf: open reservations by order, and units held in all."""

    reservations: Counter[str]
    open_units: int
    held_units: int


def stock(folder: Path) -> Stock:
    with closing(Shelf(folder / ".orderloom" / "world.sqlite")) as shelf:
        made = [found["reservation"] for found in shelf.all("reservation").values()]
        still = [one for one in made if one["status"] == "open"]
        units = sum(take["quantity"] for one in still for take in one["takes"])
        held = sum(shelf.all("stock-reserved").values())
        return Stock(Counter(one["order_id"] for one in made), units, held)


def messages(folder: Path) -> Counter[str]:
    """How many lie in the outbox for each order."""
    found: Counter[str] = Counter()
    for file in (folder / "outbox").glob("*.eml"):
        found[str(email.message_from_bytes(file.read_bytes())["To"]).partition("@")[0]] += 1
    return found


def unexplained(folder: Path, receivers: Receivers, kills: list[Kill]) -> list[str]:
    """Marks that were made oftener than the kills explain: each more needs an intent that a kill left without result.

    The receiver of marks knows no keys: what it did twice is what at least once means.
    """
    with closing(Journal(folder / FILE, reading=True)) as journal:
        wrong = []
        for path, times in receivers.times("forgets").items():
            key = path.rpartition("/")[2]
            [run] = journal.select_runs("key = ?", (key,))
            if times - 1 > _broken_off(journal, run, kills):
                wrong.append(f"{key}: {times} marks, kills broke off {_broken_off(journal, run, kills)}")
        return wrong


def _broken_off(journal: Journal, run: Run, kills: list[Kill]) -> int:
    events = [event for event in journal.events(run.number) if event.step == "mark"]
    return sum(
        _killed_between(before, after, kills)
        for before, after in pairwise(events)
        if before.kind == after.kind == "intent"
    )


def _killed_between(before: Event, after: Event, kills: list[Kill]) -> bool:
    first, last = datetime.fromisoformat(before.at), datetime.fromisoformat(after.at)
    return any(first <= kill.at <= last for kill in kills)
