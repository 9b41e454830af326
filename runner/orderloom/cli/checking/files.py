"""What was named on the command line in; each file to be checked, once and in a steady order, out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from orderloom.cli.checking.report import relative
from orderloom.flow.open import flow_file
from orderloom.packs.places import is_node, is_pack, node_file, places_in
from orderloom.problems import COMMAND_LINE, ProblemsError, refuse
from orderloom.project import MARKER, Project, shipped
from orderloom.source.absent import near_beside


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
            yield from ((file, False) for file in places_in(Path(name)))
        elif Path(name).suffix == ".py" and Path(name).is_file():
            yield _node_of(Path(name)), True
        else:
            yield _flow_file(name), True


def _all(project: Project | None) -> Iterator[tuple[Path, bool]]:
    if project is None:
        here = shipped()
        top = sorted(here.glob("*.y*ml"))
        yield from ((file, False) for file in [*top, *_inside(here / "rules"), *_inside(here / "scenarios")])
        return
    here = Path.cwd()
    for folder in (project.flows, project.rules, project.scenarios):
        yield from ((relative(file, here), False) for file in _inside(folder))
    for file in places_in(project.nodes) if project.nodes.is_dir() else ():
        yield relative(file, here), False
    if project.connections.is_file():
        yield relative(project.connections, here), False


def _flow_file(name: str) -> Path:
    """As elsewhere, but folders can be checked too, and one may be meant."""
    try:
        return flow_file(name)
    except ProblemsError as error:
        near = near_beside(Path(name))
        if near and near.is_dir() and not str(error.problems[0].help).startswith("did you mean"):
            message = f"there is no file and no folder `{name}`"
            raise refuse("F901", message, COMMAND_LINE, f"did you mean `{near}`?") from error
        raise


def _node_of(file: Path) -> Path:
    """The node or the pack that a file of Python belongs to; the file itself where there is none."""
    around = next((one for one in file.parents if is_node(one) or is_pack(one)), None)
    return node_file(around) if around else file


def _inside(folder: Path) -> list[Path]:
    found = [file for pattern in ("*.yaml", "*.yml") for file in folder.rglob(pattern) if file.name != MARKER]
    return sorted(file for file in found if not any(part.startswith(".") for part in file.relative_to(folder).parts))
