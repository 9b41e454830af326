"""A file in; what it holds and what is wrong with it out, by the check for its kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orderloom.cli.checking.files import files_of
from orderloom.cli.checking.report import Line, Report, relative
from orderloom.flow.check import check_document
from orderloom.flow.open import Opened, connection_names, folders_of
from orderloom.packs import DESCRIPTION, Catalogue, catalogue
from orderloom.packs.homes import MODULE
from orderloom.packs.places import is_pack
from orderloom.problems import Place, Problem, ProblemsError
from orderloom.project import MARKER, Project, find_project
from orderloom.source import Document, read_document

if TYPE_CHECKING:
    from orderloom.change.scenario.opening import Opener

TABLE = (".table.yaml", ".table.yml")
PROOF_STEPS = 5_000_000  # of one table among many files: some seconds; `rules check` takes its time
OUR_KEYS = frozenset({"flow", "steps"})


@dataclass
class Look:
    """Looks at the same files again and again; nodes are found once."""

    paths: Sequence[str]
    _catalogues: dict[Path | None, Catalogue] = field(default_factory=dict)
    _opened: dict[Path, Opened] = field(default_factory=dict)  # flows, for the scenarios that come after them
    _opener: Opener | None = None

    def report(self) -> Report:
        """All findings. Raises `ProblemsError` where a path is not there."""
        project, report = find_project(), Report()
        self._opened, self._opener = {}, None  # flows may have changed since
        for file, asked in files_of(self.paths, project):
            self._check(file, asked, find_project(file.parent) or project, report)
        if not self.paths and project:
            _add_settings(project.marker, report)
        report.lines += [] if report.lines else [_nothing(path) for path in self.paths or ["."]]
        for nodes in self._catalogues.values():
            report.lines += [Line(problem.place.file, "a pack", [problem]) for problem in nodes.problems]
        return report

    def _check(self, file: Path, asked: bool, project: Project | None, report: Report) -> None:
        if file.name.endswith(TABLE):
            report.add(file, "a table", _table(file))
        elif file.name == MARKER:
            report.add(file, "settings", _settings(file))
        elif file.name == "connections.yaml":
            report.add(file, "connections", _connections(file))
        elif file.name in {MODULE, DESCRIPTION} or file.suffix == ".py" or file.is_dir():
            self._python(file, project, report)
        else:
            self._flow(file, asked, project, report)

    def _flow(self, file: Path, asked: bool, project: Project | None, report: Report) -> None:
        try:
            document = read_document(file)
        except ProblemsError as error:
            report.add(file, "", error.problems)
            return
        if isinstance(document.data, dict) and "scenario" in document.data:
            report.add(file, *self._scenario(file, document))
        elif asked or _is_flow(document):
            nodes = self._nodes_of(project)
            checked = check_document(document, nodes, folders_of(file, project), connection_names(project, file))
            self._opened[file.resolve()] = Opened(file, checked, nodes, project)
            count = len(checked.plan.steps) if checked.plan else 0
            report.add(file, f"{count} steps", checked.problems)

    def _python(self, file: Path, project: Project | None, report: Report) -> None:
        from orderloom.packs.pack import pack_problems  # noqa: PLC0415 (few look at packs)

        if file.name == MODULE and is_pack(file.parent):
            report.add(file, "a pack", pack_problems(file.parent))
        elif file.name in {MODULE, DESCRIPTION}:
            report.add(file, "a node", _node(file.parent, self._nodes_of(project)))
        else:
            report.add(file, "no node", _astray(file))

    def _scenario(self, file: Path, document: Document) -> tuple[str, Sequence[Problem]]:
        from orderloom.change.scenario.opening import Opener  # noqa: PLC0415 (projects without scenarios do not pay)

        self._opener = self._opener or Opener(self._opened)
        opened = self._opener.open(file, document)
        found = opened.problems
        if opened.flow and opened.flow.program is None:  # the flow's own findings say more than that it has some
            own = [problem for problem in opened.flow.opened.checked.problems if problem.severity == "error"]
            found = (*own, *(problem for problem in found if problem.code != "W008"))
        return f"{len(opened.scenario.cases) if opened.scenario else 0} cases", found

    def _nodes_of(self, project: Project | None) -> Catalogue:
        folder = project.nodes if project else None
        if folder not in self._catalogues:
            self._catalogues[folder] = catalogue(folder)
        return self._catalogues[folder]


def _nothing(path: str) -> Line:
    """F904: a folder that was mistaken for another would pass else, whatever is wrong in that one."""
    mend = "flows have `steps`, tables end in .table.yaml, and a node is a folder with a declaration or a description"
    return Line(path, "nothing", [Problem("F904", "there is nothing to check here", Place(path), mend, "warning")])


def _node(folder: Path, known: Catalogue) -> Sequence[Problem]:
    from orderloom.packs.examined import examine  # noqa: PLC0415 (projects without nodes of their own do not pay for it)
    from orderloom.packs.pack import looked_up  # noqa: PLC0415

    try:
        nodes, name = looked_up(folder, known)
    except ProblemsError as error:
        return error.problems
    return examine(nodes, name, folder)


def _astray(file: Path) -> Sequence[Problem]:
    from orderloom.packs.astray import astray  # noqa: PLC0415 (the same)

    return astray(file)


def _is_flow(document: Document) -> bool:
    """Folders also hold samples and settings: a flow is known by its keys."""
    return isinstance(document.data, dict) and bool(OUR_KEYS & set(document.data))


def _table(file: Path) -> Sequence[Problem]:
    """A gap is a warning here: whether an order ever falls into it is for the flow to say."""
    from orderloom.rules import check_table, read_table  # noqa: PLC0415 (flows without tables do not pay for it)
    from orderloom.rules.prove import prove  # noqa: PLC0415
    from orderloom.rules.prove.told import problems_of  # noqa: PLC0415

    try:
        table = read_table(file)
    except ProblemsError as error:
        return error.problems
    found = check_table(table)
    told = {(problem.code, problem.place) for problem in found}
    proven = problems_of(table, prove(table, datetime.now(UTC).date(), steps=PROOF_STEPS), gaps="warning")
    return [*found, *(one for one in proven if (one.code, one.place) not in told)]


def _add_settings(file: Path, report: Report) -> None:
    """The marker of the project is told of only where something is wrong with what it says."""
    if found := _settings(file):
        report.add(relative(file, Path.cwd()), "settings", found)


def _settings(file: Path) -> Sequence[Problem]:
    from orderloom.settings import problems, read_marker  # noqa: PLC0415

    try:
        document = read_marker(relative(file, Path.cwd()))
        return list(problems(document)) if document else ()
    except ProblemsError as error:
        return error.problems


def _connections(file: Path) -> Sequence[Problem]:
    from orderloom.world.connections import Connections, read_connections  # noqa: PLC0415

    try:
        connections = read_connections(file, file.parent)
    except ProblemsError as error:
        return error.problems
    named = connections if isinstance(connections, Connections) else None
    return [problem for name in named for problem in named.problems(name)] if named else ()
