"""The process dies before or after any of its commits, whatever the run has come to: the next one ends it the same."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from orderloom import Payload
from orderloom.cli import invoke
from orderloom.flow.open import open_flow
from orderloom.project import shipped
from orderloom.world.located import connections_of
from tests.run.keeping import Place, drive, in_doubt, order, report_of
from tests.run.kinds import FLOWS, place_of


def deaths(commits: int) -> Iterator[tuple[int, str]]:
    for number in range(1, commits + 1):
        yield number, "before"
        yield number, "after"


@pytest.mark.parametrize("name", FLOWS)
def test_a_process_that_dies_at_any_write_leaves_what_the_next_one_ends(quick: Path, name: str) -> None:
    flow = FLOWS[name]
    whole = place_of(quick / "whole", flow)
    commits = drive(whole, flow.answers, order()).commits
    report, once = report_of(whole), whole.outside.doubles()
    died = 0

    for number, when in deaths(commits):
        place = place_of(quick / f"{number}-{when}", flow)
        died += drive(place, flow.answers, order(), (number, when)).dead
        doubted = in_doubt(place)
        by_hand = doubted if "once" in name else set()  # a person looks whether it happened, and gives its result

        drive(place, flow.answers, order())

        assert report_of(place) == report, f"died {when} commit {number}"
        doubles = place.outside.doubles() - once
        assert {key for _, key in doubles} <= doubted, f"died {when} commit {number}"
        assert "act-once" not in {what for what, _ in doubles}
        assert set(whole.outside.done) - set(place.outside.done) <= by_hand
    assert died >= commits  # what comes back together may be written together


# The shipped flows, with their real nodes, connections and files


@dataclass(frozen=True)
class Case:
    flow: str
    sample: str
    ends: str
    answers: Mapping[str, Any] = field(default_factory=dict)


def sample(name: str) -> Any:
    return json.loads((shipped() / "samples" / f"{name}.json").read_text(encoding="utf-8"))


INSPECTED = json.dumps({"data": {"condition": "new", "lines": []}})
CORRECTED = sample("woocommerce-order-corrected")
CASES = {
    "an order that a person corrects": Case("order-to-delivery", "woocommerce-order", "completed", {"fix": CORRECTED}),
    "an order that is discarded": Case("order-to-delivery", "woocommerce-order", "cancelled", {"fix": "discarded"}),
    "a return that comes back": Case(
        "returns", "return-request-late", "completed", {"desk": "accept", "event inspected": INSPECTED}
    ),
}


def renewed(place: Place, project: Path) -> Place:
    """A fresh copy of the project at the same place, since labels tell where they lie."""
    shutil.rmtree(place.folder, ignore_errors=True)
    shutil.copytree(project, place.folder)
    connections = connections_of(place.opened.project, place.opened.file)
    return Place(place.folder, place.opened, connections=connections)


def trigger_of(place: Place, name: str) -> Any:
    step, payload = place.program.steps[0], Payload(json.dumps(sample(name)).encode(), "sample.json")
    [item] = step.node.call(payload=payload, **step.given.fixed)
    return item


def told(place: Place) -> dict[str, Any]:
    """The report, but for the moments that the test gateway takes from the machine, and for the reasons of a route
    that finds its units reserved: it then says only that."""
    report = report_of(place)
    for name in ("reasons", "notes"):
        report["outputs"].get("route", {}).pop(name, None)
    found: dict[str, Any] = json.loads(re.sub(r'"occurred_at": "[^"]*"', '"occurred_at": ""', json.dumps(report)))
    return found


def left_behind(place: Place) -> dict[str, bytes]:
    """Messages and papers, by name."""
    files = [file for part in ("outbox", "documents") for file in (place.folder / part).rglob("*") if file.is_file()]
    return {str(file.relative_to(place.folder)): file.read_bytes() for file in sorted(files)}


@pytest.mark.parametrize("name", CASES)
def test_a_process_that_dies_at_any_write_of_a_shipped_flow_does_nothing_twice(
    quick: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    case = CASES[name]
    monkeypatch.chdir(quick)
    assert invoke(["init", "shop"]) == 0
    project = quick / "here"
    shutil.copytree(quick / "shop", project)
    whole = Place(project, open_flow(case.flow, project))
    whole = renewed(whole, quick / "shop")
    trigger = trigger_of(whole, case.sample)
    commits = drive(whole, case.answers, trigger).commits
    report, done = told(whole), left_behind(whole)
    assert report["status"] == case.ends

    for number in range(1, commits + 1, 2):  # the small flows have all, and both of each
        when = "before" if number % 4 == 1 else "after"
        place = renewed(whole, quick / "shop")
        drive(place, case.answers, trigger, (number, when))
        drive(place, case.answers, trigger)

        assert told(place) == report, f"died {when} commit {number}"
        assert left_behind(place) == done, f"died {when} commit {number}"
