"""The integrator's project: the folder with `orderloom.yaml` at or above where a command is given."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

MARKER = "orderloom.yaml"


@dataclass(frozen=True)
class Project:
    """A folder with the marker file; every other part of it is optional."""

    root: Path

    @property
    def marker(self) -> Path:
        return self.root / MARKER

    @property
    def flows(self) -> Path:
        return self.root / "flows"

    @property
    def rules(self) -> Path:
        return self.root / "rules"

    @property
    def nodes(self) -> Path:
        return self.root / "nodes"

    @property
    def scenarios(self) -> Path:
        return self.root / "scenarios"

    @property
    def connections(self) -> Path:
        return self.root / "connections.yaml"


def find_project(start: Path | None = None) -> Project | None:
    """The nearest folder with the marker file, from `start` (the working directory) upwards."""
    here = (start or Path.cwd()).resolve()
    return next((Project(folder) for folder in (here, *here.parents) if (folder / MARKER).is_file()), None)


def shipped() -> Path:
    """The folder of the flows, tables, rates, stock and samples that come with orderloom."""
    return Path(str(files("orderloom_flows")))
