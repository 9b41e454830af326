"""From the name of a flow to a checked flow: a file, a flow of the project, or one that is shipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from orderloom.flow.check import Checked, check_document
from orderloom.packs import Catalogue, catalogue
from orderloom.problems import COMMAND_LINE, ProblemsError, did_you_mean, nearest, refuse
from orderloom.project import Project, find_project, shipped
from orderloom.source import noting, read_document
from orderloom.source.absent import meant, near_beside

SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class Opened:
    """A flow with everything that its names can mean. `checked.plan` is None where there are errors."""

    file: Path
    checked: Checked
    catalogue: Catalogue
    project: Project | None
    files: Mapping[Path, bytes] = field(default_factory=dict)  # what it was made of, by resolved path

    @property
    def base(self) -> Path:
        """Where connections live and things are written: the project, or the working directory."""
        return self.project.root if self.project else Path.cwd()


def open_flow(name: str, start: Path | None = None) -> Opened:
    """Find, read and check a flow. Raises `ProblemsError` where it cannot be found or is not strict YAML."""
    file = flow_file(name, start)
    project = find_project(file.parent) or find_project(start)
    return _opened(file, project, folders_of(file, project), connection_names(project, file))


def open_kept(file: Path, root: Path, project: Project | None, connections: Path) -> Opened:
    """A flow as it was kept under `root`, with the nodes and connections of today; `connections` is where it stood."""
    return _opened(file, project, [file.parent, root], connection_names(project, connections))


def _opened(file: Path, project: Project | None, folders: list[Path], connections: tuple[str, ...] | None) -> Opened:
    nodes = catalogue(project.nodes if project else None)
    with noting() as files:
        checked = check_document(read_document(file), nodes, folders, connections)
    return Opened(file, checked, nodes, project, files)


def flow_file(name: str, start: Path | None = None) -> Path:
    """The file that a name means. Raises `ProblemsError` with the nearest name."""
    given = Path(name)
    if given.is_file():
        return given
    for folder in flow_folders(start):
        for suffix in SUFFIXES:
            if (folder / f"{name}{suffix}").is_file():
                return folder / f"{name}{suffix}"
    known = sorted({file.stem for folder in flow_folders(start) for file in folder.glob("*.y*ml")} - {"connections"})
    if given.suffix in SUFFIXES or len(given.parts) > 1 or name.endswith("/"):
        raise refuse("F901", f"there is no file `{name}`", COMMAND_LINE, _file_meant(given, known))
    mend = did_you_mean(name, known) or f"there are: {', '.join(known)}"
    raise refuse("F902", f"no flow is named `{name}`", COMMAND_LINE, mend)


def _file_meant(given: Path, known: list[str]) -> str:
    """The flow of just that name, the file beside it that is nearest, the nearest flow, or what there is."""
    name = given.stem if given.stem in known or near_beside(given) else nearest(given.stem, known)
    return f"did you mean the flow `{name}`?" if name in known else meant(given, SUFFIXES)


def flow_folders(start: Path | None = None) -> list[Path]:
    """Where flows are looked up by name, nearest first."""
    project = find_project(start)
    return ([project.flows] if project else []) + [shipped()]


def folders_of(file: Path, project: Project | None) -> list[Path]:
    """The folders to which a flow's paths are relative: its own, the project's."""
    return [file.parent] + ([project.root] if project else [])


def connection_names(project: Project | None, file: Path) -> tuple[str, ...] | None:
    """The connections that a flow can name; None where connections.yaml is wrong, which is told by itself."""
    from orderloom.world.located import connections_of  # noqa: PLC0415 (who only looks flows up does not pay for it)

    try:
        return tuple(connections_of(project, file))
    except ProblemsError:
        return None
