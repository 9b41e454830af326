"""Findings in, a SARIF 2.1.0 log out (OASIS, with errata 01 of 2023-08-28): for code scanning and editors."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from orderloom.cli.render.paths import as_uri
from orderloom.codes import Code, codes
from orderloom.problems import Fix, Place, Problem, in_order

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def as_sarif(problems: Iterable[Problem]) -> str:
    """One run with the rules that were broken; URIs are relative to the repository's root, columns count letters."""
    found = in_order(problems)
    rules = sorted({problem.code for problem in found})
    driver = {"name": "orderloom", "version": version("orderloom"), "rules": [_rule(code) for code in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True}],
        "results": [_result(problem, rules) for problem in found],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False)


def _rule(name: str) -> dict[str, Any]:
    code = codes().get(name)
    return {"id": name} | ({} if code is None else _explained(code))  # the codes of a pack are its own


def _explained(code: Code) -> dict[str, Any]:
    parts = {"before": code.before, "after": code.after}
    plain = "\n\n".join([code.why, *(f"{name}:\n{text}" for name, text in parts.items())])
    marked = "\n\n".join([code.why, *(f"**{name}**\n\n```yaml\n{text}\n```" for name, text in parts.items())])
    return {
        "shortDescription": _said(code.title),
        "fullDescription": _said(code.why),
        "help": {**_said(plain), "markdown": _braces_doubled(marked)},
    }


def _result(problem: Problem, rules: list[str]) -> dict[str, Any]:
    said = f"{problem.message}\n{problem.help}" if problem.help else problem.message
    result = {
        "ruleId": problem.code,
        "ruleIndex": rules.index(problem.code),
        "level": problem.severity,
        "message": _said(said),
        "locations": [_location(problem.place)],
    }
    return {**result, "fixes": [_fix(problem.fix, problem.help)]} if problem.fix else result


def _location(place: Place) -> dict[str, Any]:
    if not Path(place.file).exists():  # an installed pack, standard input
        return {"logicalLocations": [{"fullyQualifiedName": place.file}]}
    there = {"artifactLocation": {"uri": as_uri(place.file)}}
    if place.cell:  # a workbook has no lines
        return {"physicalLocation": there, "logicalLocations": [{"fullyQualifiedName": place.cell}]}
    return {"physicalLocation": {**there, "region": _region(place)} if place.line else there}


def _fix(fix: Fix, help_: str | None) -> dict[str, Any]:
    edit = {"deletedRegion": _region(fix.place), "insertedContent": {"text": fix.replacement}}
    change = {"artifactLocation": {"uri": as_uri(fix.place.file)}, "replacements": [edit]}
    return {"description": _said(help_ or f"write `{fix.replacement}`"), "artifactChanges": [change]}


def _region(place: Place) -> dict[str, int]:
    return {"startLine": place.line, "startColumn": place.column, "endColumn": place.end_column}


def _said(text: str) -> dict[str, str]:
    return {"text": _braces_doubled(text)}


def _braces_doubled(text: str) -> str:
    """In a message a brace that is meant as such is written twice (section 3.11.5)."""
    return text.replace("{", "{{").replace("}", "}}")
