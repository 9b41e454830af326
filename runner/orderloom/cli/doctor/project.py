"""What is loaded here: the project, the packs with their nodes, and each node that does not load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points

from orderloom.cli.doctor.finding import Finding, Verdict
from orderloom.editors import FOLDER, every_schema, outdated
from orderloom.packs import GROUP, Catalogue, catalogue
from orderloom.problems import Problem, ProblemsError
from orderloom.project import Project
from orderloom.settings import read_settings

_PARTS = {"flows": "*.y*ml", "rules": "*.table.y*ml", "samples": "*"}


def project_findings(project: Project | None) -> Iterator[Finding]:
    """Where the project is, what it holds, and whether every node that can be used loads."""
    yield _found(project)
    yield from _settings(project)
    broken = list(_broken_packs())
    yield from broken
    if broken:
        return  # the catalogue is made of all packs
    try:
        nodes = catalogue(project.nodes if project else None)
    except ProblemsError as error:
        yield from _faults("nodes", error.problems)
        return
    yield from _nodes(nodes)
    if project is not None:
        yield schemas_finding(project, nodes)


def _settings(project: Project | None) -> Iterator[Finding]:
    try:
        read_settings(project)
    except ProblemsError as error:
        yield from _faults("settings", error.problems)


def schemas_finding(project: Project, nodes: Catalogue) -> Finding:
    """Whether what editors are told is what is installed."""
    folder = project.root / FOLDER
    if not folder.is_dir():
        says = f"{folder} is not there; good for hints while editing"
        return Finding("project", "schemas", "skipped", says, "orderloom schema")
    old = outdated(folder, every_schema(nodes)[0])
    if old:
        says = f"{', '.join(old)}: editors are told of other nodes than there are"
        return Finding("project", "schemas", "warning", says, "orderloom schema")
    return Finding("project", "schemas", "ok", f"{folder}: editors are told of every node")


def _found(project: Project | None) -> Finding:
    if project is None:
        says = "no orderloom.yaml here or above: the shipped flows are used"
        return Finding("project", "project", "warning", says, "orderloom init DIR makes a project")
    counts = {part: len(list((project.root / part).rglob(pattern))) for part, pattern in _PARTS.items()}
    held = " · ".join(f"{count} {part}" for part, count in counts.items() if count)
    return Finding("project", "project", "ok", f"{project.root}: {held or 'no flows yet'}")


def _broken_packs() -> Iterator[Finding]:
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        try:
            entry.load()
        except Exception as error:
            says = f"the pack `{entry.name}` ({_origin(entry)}) does not load: {error}"
            yield Finding("project", "packs", "fault", says, "install it again, or remove it", "F965")


def _nodes(nodes: Catalogue) -> Iterator[Finding]:
    loaded: Counter[str] = Counter()
    for key in sorted(nodes.sources):
        try:
            nodes.find(key)
            loaded[key.partition("/")[0]] += 1
        except ProblemsError as error:
            yield from _faults(key, error.problems)
        except Exception as error:
            says = f"{nodes.sources[key]} does not load: {type(error).__name__}: {error}"
            yield Finding("project", key, "fault", says, "install its pack again, or remove it", "F965")
    origins = {entry.name: _origin(entry) for entry in entry_points(group=GROUP)}
    for pack, count in loaded.items():
        where = f", {origins[pack]}" if pack in origins else ""
        yield Finding("project", f"pack {pack}", "ok", f"{count} node{'' if count == 1 else 's'}{where}")


def _faults(name: str, problems: tuple[Problem, ...]) -> Iterator[Finding]:
    for problem in problems:
        verdict: Verdict = "fault" if problem.severity == "error" else "warning"
        says = f"{problem.place}: {problem.message}"
        yield Finding("project", name, verdict, says, problem.help or "orderloom check shows the place", problem.code)


def _origin(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value
