"""What was named on the command line in; each file to be checked, once and in a steady order, out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from orderloom.cli.checking.report import relative
from orderloom.flow.open import flow_file
from orderloom.packs import DESCRIPTION, node_folders
from orderloom.packs.homes import MODULE
from orderloom.project import Project, shipped


def files_of(paths: Sequence[str], project: Project | None) -> Iterator[tuple[Path, bool]]:
    """Each file, and whether it was asked for by itself. Raises `ProblemsError` where a path is not there."""
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
        yield from ((relative(file, here), False) for file in _inside(folder))
    for folder in node_folders(project.nodes):
        yield relative(_node_file(folder), here), False
    if project.connections.is_file():
        yield relative(project.connections, here), False


def _node_folders(folder: Path) -> list[Path]:
    """Those of a folder of nodes, or the folder itself where it is one node's."""
    return [folder] if _node_file(folder).is_file() else list(node_folders(folder))


def _node_file(folder: Path) -> Path:
    return folder / MODULE if (folder / MODULE).is_file() else folder / DESCRIPTION


def _inside(folder: Path) -> list[Path]:
    found = [*folder.rglob("*.yaml"), *folder.rglob("*.yml")]
    return sorted(file for file in found if not any(part.startswith(".") for part in file.relative_to(folder).parts))
