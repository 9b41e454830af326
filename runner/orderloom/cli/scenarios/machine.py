"""Results in, one JSON object out (docs/scenarios.md)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from orderloom.change.scenario.coverage import FlowCoverage
from orderloom.change.scenario.judge import Miss
from orderloom.change.scenario.suite import CaseResult, FileResult
from orderloom.cli.checking.report import relative
from orderloom.cli.render.machine import as_data
from orderloom.cli.scenarios.results import Results
from orderloom.model.plain import plain


def as_json(results: Results) -> str:
    """All cases, all branches, all findings."""
    whole = {
        "passed": results.passed,
        "failed": results.broken,
        "ok": not results.failed,
        "scenarios": [_file(file) for file in results.files],
        "coverage": [_coverage(cover) for cover in results.coverage],
        "untested": [str(file) for file in results.untested],
        "problems": as_data(results.problems),
    }
    return json.dumps(whole, ensure_ascii=False)


def _file(file: FileResult) -> dict[str, Any]:
    return {"file": str(file.file), "flow": file.flow, "cases": [_case(case) for case in file.cases]}


def _case(case: CaseResult) -> dict[str, Any]:
    return {
        "case": case.case.name,
        "line": case.case.place.line,
        "passed": case.passed,
        "status": case.status,
        "path": list(case.path),
        "seconds": round(case.seconds, 4),
        "failures": [_miss(miss) for miss in case.misses],
    }


def _miss(miss: Miss) -> dict[str, Any]:
    return {
        "what": miss.what,
        "message": miss.message,
        "file": miss.place.file,
        "line": miss.place.line,
        "column": miss.place.column,
        "expected": plain(miss.expected),
        "actual": plain(miss.actual),
        "first_difference": miss.first,
        "because": list(miss.because),
        "help": miss.help,
    }


def _coverage(cover: FlowCoverage) -> dict[str, Any]:
    return {
        "flow": cover.flow,
        "file": str(relative(cover.file.resolve(), Path.cwd())),
        "branches": len(cover.branches),
        "taken": len(cover.taken),
        "percent": round(cover.percent, 2),
        "missing": [{"branch": str(branch), "line": branch.line} for branch in cover.missing],
    }
