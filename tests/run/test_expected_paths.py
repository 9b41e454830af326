"""The paths that must come out of the two whole flows, word for word as the table of expectations lists them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from orderloom.run.machine.program import Program
from tests.flow.stubs import whole_catalogue, whole_folders
from tests.run.playing import path_of, play, program_of


def listed(shared: Path) -> list[tuple[str, dict[str, Any]]]:
    flows = yaml.safe_load((shared / "flows" / "expected.yaml").read_text(encoding="utf-8"))
    return [(flow["flow"], case) for flow in flows for case in flow["cases"]]


@cache
def program(shared: Path, name: str) -> Program:
    file = shared / "flows" / f"{name}.yaml"
    return program_of(file.read_text(encoding="utf-8"), whole_catalogue(), whole_folders(shared), str(file))


# what the answers imply but do not say: the records that other steps read
RECORDS: dict[str, dict[str, Any]] = {
    "paid": {"payment": {"id": "p1"}},
    "routed": {"shipments": ["s1", "s2"], "reservation": "r1"},
    "short": {"missing": ["m1"], "reasons": []},
    "chosen": {"shipment": {"shipment_id": "s1"}},
    "edited": {"document": {"order_id": "corrected"}},
    "accepted": {"order": {"order_id": "substituted"}},
}


def record(answer: Any) -> Any:
    if isinstance(answer, list):
        return [record(item) for item in answer]
    return {"outcome": answer, **RECORDS[answer]} if answer in RECORDS else answer


def answers_of(case: dict[str, Any]) -> dict[str, Any]:
    answers = {step: record(answer) for step, answer in case["answers"].items()}
    for step, answer in answers.items():
        count = len(case["answers"].get("choose", [1]))
        if step in {"route", "route_again", "backorder"} and answer["outcome"] == "routed":
            answers[step] = {**answer, "shipments": [f"s{number}" for number in range(count)]}
    if answers.get("history") == "found":
        answers["history"] = {"outcome": "found", "order": {"order_id": "o1", "customer": {}}}
    return answers


def test_each_listed_path_comes_out(shared: Path, subtests: pytest.Subtests) -> None:
    for name, case in listed(shared):
        with subtests.test(f"{name}: {case['case']}"):
            run = play(program(shared, name), answers_of(case), {"order": {}, "request": {}})

            loose = set(case.get("unordered", ()))
            assert [entry for entry in path_of(run) if entry not in loose] == [
                entry for entry in case["path"] if entry not in loose
            ]
            assert loose <= set(path_of(run))
            assert run.status == case["ends"]
            if "undone" in case:
                assert run.undone == case["undone"]
            if "parked" in case:
                assert [f"{run.program.steps[i].name}!{f.error_class}" for i, f in run.parked.items()] == case["parked"]
