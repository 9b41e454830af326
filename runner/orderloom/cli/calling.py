"""The work behind `orderloom nodes call`: one call of one node with what a file holds."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from orderloom.cli import render
from orderloom.declare import Derived, Node, NodeError, Outcome, Parameter, PassedOver, Revising, Unreadable, Wait
from orderloom.flow.misfit import misfits
from orderloom.flow.open import SUFFIXES
from orderloom.model.plain import plain
from orderloom.model.written import read_figures
from orderloom.problems import COMMAND_LINE, Problem, ProblemsError, did_you_mean, refuse
from orderloom.project import find_project, shipped
from orderloom.run.arrivals.intake import payloads
from orderloom.source import Document, parse_json, parse_yaml, read_document
from orderloom.source.absent import meant
from orderloom.world import CallLog, MissingConnectionError, SystemClock, World
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.located import connections_of


def call_node(node: Node, source: str, format_: str | None) -> int:
    """Call it and print the outcome; gives the exit code."""
    if node.kind == "trigger":
        return _call_trigger(node, source, format_)
    document = _document(source)
    log = CallLog()
    try:
        result = node.call(**_arguments(node, document, log))
    except (NodeError, ConnectionFailedError) as error:
        click.echo(f"{node.name} failed: {error.error_class}: {error.message}", err=True)
        return 1
    except MissingConnectionError as error:
        click.echo(str(error), err=True)
        return 4
    _print(_told(result, log))
    return 3 if isinstance(result, Wait) else 0


def _document(source: str) -> Document:
    if source == "-":
        text = sys.stdin.read()
        return parse_json(text, "-") if text.lstrip().startswith("{") else parse_yaml(text, "-")
    if not Path(source).is_file():
        raise refuse("V901", f"there is no file `{source}`", COMMAND_LINE, meant(Path(source), (".json", *SUFFIXES)))
    return read_document(Path(source))


def _call_trigger(node: Node, source: str, format_: str | None) -> int:
    code = 0
    for payload in payloads(source, format=format_):
        for item in node.call(payload=payload):
            if isinstance(item, Unreadable):
                render.show(item.problems, sources={payload.name: payload.data.decode("utf-8", errors="replace")})
                code = 1
            elif isinstance(item, PassedOver):
                click.echo(f"left out: {item.count:,}  {item.reason}", err=True)
            else:
                _print(plain(item.outcome if isinstance(item, Revising) else item))
    return code


def _arguments(node: Node, document: Document, log: CallLog) -> dict[str, Any]:
    given = document.data if isinstance(document.data, Mapping) else {}
    names = [p.name for p in node.published]
    problems = [_unknown(node, name, document, names) for name in given if name not in names]
    problems += [
        Problem("N003", f"`{node.name}` needs `{p.name}`", document.place(()), f"add `{p.name}: …`")
        for p in node.published
        if p.required and p.name not in given
    ]
    arguments: dict[str, Any] = {}
    for parameter in node.published:
        if parameter.name in given:
            _add(arguments, problems, parameter, document)
    if not problems and node.derive is not None:
        problems += _contradictions(node, document, arguments)
    if problems:
        raise ProblemsError(problems)
    project = find_project()
    if any(p.role == "world" for p in node.parameters):
        arguments["world"] = World(
            SystemClock(), connections_of(project, Path(document.file)), key=_key(document), log=log
        )
    return arguments


def _contradictions(node: Node, document: Document, arguments: Mapping[str, Any]) -> list[Problem]:
    """What the node itself finds wrong with its settings taken together."""
    defaults = {p.name: p.default for p in node.published if not p.required}
    try:
        node.outcomes({**defaults, **arguments})
    except ProblemsError as error:
        return [replace(problem, place=document.place(())) for problem in error.problems]
    return []


def _key(document: Document) -> str:
    """The same input twice is the same call, to whoever dedupes by it."""
    return sha256(document.text.encode()).hexdigest()[:32]


def _unknown(node: Node, name: str, document: Document, names: list[str]) -> Problem:
    return Problem(
        "N002",
        f"`{node.name}` takes no `{name}`",
        document.key_place((name,)),
        did_you_mean(name, names) or f"it takes: {', '.join(names)}",
    )


def _add(arguments: dict[str, Any], problems: list[Problem], parameter: Parameter, document: Document) -> None:
    value, place = document.data[parameter.name], document.place((parameter.name,))
    try:
        if parameter.role == "resource":
            project = find_project()
            folders = [Path(document.file).parent, Path.cwd(), *([project.root] if project else []), shipped()]
            arguments[parameter.name] = parameter.resource.load_setting(value, place, folders)
        else:
            arguments[parameter.name] = parameter.adapter.validate_python(read_figures(value))
    except ValidationError as error:
        problems.extend(misfits(error, parameter, value, document, (parameter.name,)))
    except ProblemsError as error:
        problems.extend(error.problems)


def _told(result: Any, log: CallLog) -> Any:
    if isinstance(result, Derived):
        result = {"outcome": result.outcome, **result.fields}
    elif isinstance(result, Wait):
        result = {"waiting": result.kind, **result.about}
    elif not isinstance(result, Outcome):
        result = vars(result)
    told = plain(result)
    return {**told, "why": [decision.why for decision in log.decisions]} if log.decisions else told


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
