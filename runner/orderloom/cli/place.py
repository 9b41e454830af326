"""The journal of the project in which a command is given, and the run that a word means in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from orderloom.journal import FILE, Journal, Run, is_there
from orderloom.packs import Catalogue, catalogue
from orderloom.problems import COMMAND_LINE, refuse
from orderloom.project import Project, find_project
from orderloom.run.arrivals.keys import run_id
from orderloom.run.drivers.crew import Crew
from orderloom.run.drivers.workshop import Workshop
from orderloom.run.kept.pins import Pins
from orderloom.run.telling.report import RunReport
from orderloom.world import Clock, SystemClock
from orderloom.world.located import connections_of

_FEW = 5


@dataclass
class Place:
    """Where runs are kept, and what is needed to go on with them; each part is made when it is first asked for."""

    journal: Journal
    project: Project | None
    base: Path
    clock: Clock

    @cached_property
    def catalogue(self) -> Catalogue:
        return catalogue(self.project.nodes if self.project else None)

    @cached_property
    def pins(self) -> Pins:
        return Pins(self.journal, self.project)

    @contextmanager
    def crew(self) -> Iterator[Crew]:
        """Those who go on with runs; as long as it lasts, their leases hold.

        Raises `ProblemsError` where connections.yaml is wrong.
        """
        connections = connections_of(self.project, self.base / "connections.yaml")
        with closing(Workshop(self.journal, self.catalogue, connections, self.clock)) as shop:
            crew = Crew(shop, self.pins)
            with crew.at_work():
                yield crew

    def look(self, run: Run) -> RunReport:
        """The report of a run as it stands. Raises `PinError`, `RecordError`."""
        with closing(Workshop(self.journal, self.catalogue, {}, self.clock)) as shop:
            return Crew(shop, self.pins).look(run)

    def run(self, name: str) -> Run:
        """The one run that is meant. Raises `ProblemsError` (J001: none, J002: several)."""
        found = self.journal.find(name)
        if not found:
            raise refuse("J001", self._missing(name), COMMAND_LINE, "`orderloom runs list` shows them")
        if len(found) > 1:
            ids = ", ".join(f"{run.id} ({run.flow} {run.key})" for run in found[:_FEW])
            more = f" and {len(found) - _FEW} more" if len(found) > _FEW else ""
            raise refuse("J002", f"`{name}` may be {ids}{more}", COMMAND_LINE, "give more of the id")
        return found[0]

    def _missing(self, name: str) -> str:
        flows = [row["flow"] for row in self.journal.all("SELECT DISTINCT flow FROM gone")]
        ids = [name, *(run_id(flow, name) for flow in flows)]  # of a run that is gone the key is kept in its id alone
        found = (self.journal.one("SELECT status, ended FROM gone WHERE id = ?", (one,)) for one in ids)
        gone = next(filter(None, found), None)
        if gone is None:
            return f"there is no run `{name}` here"
        return f"`{name}` ended on {gone['ended'][:10]} ({gone['status']}), and its history has been removed"


@contextmanager
def place(clock: Clock | None = None, *, make: bool = False) -> Iterator[Place | None]:
    """The place of this project or folder; None where nothing has run here yet, unless it is to be made.

    Raises `JournalUnusableError`.
    """
    project = find_project()
    base = project.root if project else Path.cwd()
    if not make and not is_there(base / FILE):
        yield None
        return
    clock = clock or SystemClock()
    with closing(Journal(base / FILE, clock, reading=not make)) as journal:
        yield Place(journal, project, base, clock)


@contextmanager
def place_of(name: str) -> Iterator[tuple[Place, Run]]:
    """The place, and the run that the word means. Raises `ProblemsError`, `JournalUnusableError`."""
    with place() as found:
        if found is None:
            raise refuse("J001", f"there is no run `{name}`: nothing has run here yet", COMMAND_LINE, "cd to a project")
        yield found, found.run(name)
