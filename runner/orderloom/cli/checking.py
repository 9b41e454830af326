"""The work behind `orderloom check`: which files, which check for each, and what is printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import click

from orderloom.cli import render
from orderloom.flow.check import check_document
from orderloom.flow.open import connection_names, flow_file, folders_of
from orderloom.packs import DESCRIPTION, MODULE, Catalogue, catalogue, node_folders
from orderloom.problems import Problem, ProblemsError
from orderloom.project import Project, find_project, shipped
from orderloom.source import Document, read_document

TABLE = (".table.yaml", ".table.yml")
OUR_KEYS = frozenset({"flow", "steps"})


@dataclass(frozen=True)
class _Line:
    """A file that was checked, what it holds, and what is wrong with it or with what it uses."""

    file: str
    holds: str
    problems: Sequence[Problem]


@dataclass
class _Report:
    """Findings of all files; what several files meet with is told once, under one name of its file."""

    here: Path = field(default_factory=lambda: Path.cwd().resolve())
    lines: list[_Line] = field(default_factory=list)

    def add(self, file: Path, holds: str, problems: Sequence[Problem]) -> None:
        told = [replace(p, place=replace(p.place, file=self._name(Path(p.place.file)))) for p in problems]
        self.lines.append(_Line(self._name(file), holds, told))

    def problems(self) -> list[Problem]:
        return sorted({problem for line in self.lines for problem in line.problems}, key=Problem.sort_key)

    def _name(self, file: Path) -> str:
        return str(_relative(file.resolve(), self.here)) if file.exists() else str(file)


def check_paths(paths: Sequence[str], form: Literal["text", "json"]) -> int:
    """Check and print; gives the exit code. Raises `ProblemsError` where a path is not there."""
    project = find_project()
    report = _Report()
    known: dict[Path | None, Catalogue] = {}
    for file, asked in _files(paths, project):
        _check(file, asked, find_project(file.parent) or project, known, report)
    for nodes in known.values():
        report.lines += [_Line(problem.place.file, "a pack", [problem]) for problem in nodes.problems]
    problems = report.problems()
    if form == "text":
        _tell(report)
    if problems or form == "json":
        render.show(problems, form)
    return 1 if any(problem.severity == "error" for problem in problems) else 0


def _files(paths: Sequence[str], project: Project | None) -> Iterator[tuple[Path, bool]]:
    """Each file once, in a steady order, and whether it was asked for by itself."""
    seen: set[Path] = set()
    for file, asked in _named(paths) if paths else _all(project):
        if file.resolve() not in seen:
            seen.add(file.resolve())
            yield file, asked


def _named(paths: Sequence[str]) -> Iterator[tuple[Path, bool]]:
    for name in paths:
        if Path(name).is_dir():
            yield from ((file, False) for file in _inside(Path(name)))
            yield from ((_node_file(folder), False) for folder in _node_folders(Path(name)))
        else:
            yield flow_file(name), True


def _all(project: Project | None) -> Iterator[tuple[Path, bool]]:
    if project is None:
        here = shipped()
        yield from ((file, False) for file in [*sorted(here.glob("*.y*ml")), *_inside(here / "rules")])
        return
    here = Path.cwd()
    for folder in (project.flows, project.rules):
        yield from ((_relative(file, here), False) for file in _inside(folder))
    for folder in node_folders(project.nodes):
        yield _relative(_node_file(folder), here), False
    if project.connections.is_file():
        yield _relative(project.connections, here), False


def _node_folders(folder: Path) -> list[Path]:
    """Those of a folder of nodes, or the folder itself where it is one node's."""
    return [folder] if _node_file(folder).is_file() else list(node_folders(folder))


def _node_file(folder: Path) -> Path:
    return folder / MODULE if (folder / MODULE).is_file() else folder / DESCRIPTION


def _inside(folder: Path) -> list[Path]:
    found = [*folder.rglob("*.yaml"), *folder.rglob("*.yml")]
    return sorted(file for file in found if not any(part.startswith(".") for part in file.relative_to(folder).parts))


def _relative(file: Path, here: Path) -> Path:
    return file.relative_to(here) if file.is_relative_to(here) else file


def _check(
    file: Path, asked: bool, project: Project | None, known: dict[Path | None, Catalogue], report: _Report
) -> None:
    if file.name.endswith(TABLE):
        report.add(file, "a table", _table(file))
        return
    if file.name == "connections.yaml":
        report.add(file, "connections", _connections(file))
        return
    if file.name in {MODULE, DESCRIPTION}:
        report.add(file, "a node", _node(file.parent, _nodes_of(project, known)))
        return
    try:
        document = read_document(file)
    except ProblemsError as error:
        report.add(file, "", error.problems)
        return
    if asked or _is_flow(document):
        nodes = _nodes_of(project, known)
        checked = check_document(document, nodes, folders_of(file, project), connection_names(project, file))
        count = len(checked.plan.steps) if checked.plan else 0
        report.add(file, f"{count} steps", checked.problems)


def _nodes_of(project: Project | None, known: dict[Path | None, Catalogue]) -> Catalogue:
    folder = project.nodes if project else None
    if folder not in known:
        known[folder] = catalogue(folder)
    return known[folder]


def _node(folder: Path, nodes: Catalogue) -> Sequence[Problem]:
    from orderloom.packs.examined import examine  # noqa: PLC0415 (projects without nodes of their own do not pay for it)

    return examine(nodes, folder.name.replace("_", "-"), folder)


def _is_flow(document: Document) -> bool:
    """Folders also hold scenarios, samples and settings: a flow is known by its keys."""
    return isinstance(document.data, dict) and bool(OUR_KEYS & set(document.data)) and "scenario" not in document.data


def _table(file: Path) -> Sequence[Problem]:
    from orderloom.rules import check_table, read_table  # noqa: PLC0415 (flows without tables do not pay for it)

    try:
        return check_table(read_table(file))
    except ProblemsError as error:
        return error.problems


def _connections(file: Path) -> Sequence[Problem]:
    from orderloom.world.connections import read_connections  # noqa: PLC0415
    from orderloom.world.errors import ConnectionFailedError  # noqa: PLC0415

    found: list[Problem] = []
    try:
        connections = read_connections(file, file.parent)
        for name in connections:
            with suppress(ConnectionFailedError):  # a secret that is elsewhere is no mistake of this file
                found += getattr(connections[name], "problems", tuple)()
    except ProblemsError as error:
        return error.problems
    return found


def _tell(report: _Report) -> None:
    width = max((len(line.file) for line in report.lines), default=0)
    for line in report.lines:
        if any(problem.severity == "error" and problem.place.file == line.file for problem in line.problems):
            continue  # its findings are shown below
        click.echo(f"{line.file:<{width}}  {_word(line)}")


def _word(line: _Line) -> str:
    uses = sorted({problem.place.file for problem in line.problems if problem.severity == "error"})
    if uses:
        return f"refused  what it uses has errors: {', '.join(uses)}"
    return f"{'warned' if line.problems else 'ok'}  {line.holds}"
