"""The project's connections in, a finding for each out: opened one by one, then tried side by side."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from orderloom.cli.doctor.finding import Finding
from orderloom.problems import ProblemsError
from orderloom.project import Project
from orderloom.world.errors import ConnectionFailedError, ConnectionUnusableError
from orderloom.world.located import connections_of
from orderloom.world.protocols import Reachable

MENDS = {
    "timeout": "is the address right, and may this machine get out? --timeout gives it longer",
    "rate_limited": "the other side asks for a pause: try again later",
    "unavailable": "look whether the address in connections.yaml is right and the other side is up",
    "refused": "look at the user, password or key that connections.yaml names for it",
    "invalid": "mend what it is made of; `orderloom check` shows the place",
}
_HERE = "it stands on a file or folder of this machine: mend that first, or name another one in connections.yaml"
_OPEN = "set what is missing where orderloom runs, or take the connection out of connections.yaml"


@dataclass
class _Trial:
    """A probe under way in a thread of its own; nobody waits for one that does not come back."""

    name: str
    connection: Reachable
    found: Finding | None = None
    done: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        threading.Thread(target=self._try, name=f"probe {self.name}", daemon=True).start()

    def _try(self) -> None:
        try:
            self.found = Finding("connections", self.name, "ok", self.connection.probe())
        except ConnectionFailedError as error:
            self.found = Finding("connections", self.name, "fault", error.message, self._mend(error), "F966")
        except Exception as error:
            says = f"trying it failed in a way that it should not: {type(error).__name__}"
            self.found = Finding("connections", self.name, "fault", says, "please tell us, with its type", "F966")
        finally:
            self.done.set()

    def _mend(self, error: ConnectionFailedError) -> str:
        if isinstance(error, ConnectionUnusableError) or not self.connection.remote:
            return MENDS["invalid"] if error.error_class == "invalid" else _HERE
        return MENDS.get(error.error_class, MENDS["unavailable"])


def connection_findings(project: Project | None, *, offline: bool, timeout_s: float) -> Iterator[Finding]:
    """One for each connection; without a project none is tried. The longest wait is `timeout_s` for all together."""
    if project is None:
        yield Finding("connections", "connections", "skipped", "there is no project to name any")
        return
    try:
        connections = connections_of(project, project.root)
    except ProblemsError as error:
        for problem in error.problems:
            says = f"{problem.place}: {problem.message}"
            mend = problem.help or "`orderloom check` shows the place"
            yield Finding("connections", "connections.yaml", "fault", says, mend, problem.code)
        return
    yield from tried(connections, offline=offline, timeout_s=timeout_s)


def tried(connections: Mapping[str, object], *, offline: bool, timeout_s: float) -> Iterator[Finding]:
    """A finding for each connection, in their order; all are tried at the same time."""
    opened = list(_opened(connections, offline=offline))
    _wait([told for told in opened if isinstance(told, _Trial)], timeout_s)
    for told in opened:
        yield told if isinstance(told, Finding) else told.found or _silent(told.name, timeout_s)


def _opened(connections: Mapping[str, object], *, offline: bool) -> Iterator[Finding | _Trial]:
    for name in connections:
        try:
            connection = connections[name]
        except ConnectionFailedError as error:
            yield Finding("connections", name, "fault", error.message, _OPEN, "C007")
            continue
        if not isinstance(connection, Reachable):
            yield Finding("connections", name, "ok", "opens; its type has no way to be tried")
        elif offline and connection.remote:
            yield Finding("connections", name, "skipped", "opens; not tried because of --offline")
        else:
            yield _Trial(name, connection)


def _wait(trials: list[_Trial], timeout_s: float) -> None:
    """Until all have answered or the time is over; whoever watches sees how many are still awaited."""
    watched = sys.stderr.isatty()
    until = time.monotonic() + timeout_s
    for trial in trials:
        trial.start()
    for number, trial in enumerate(trials):
        if watched:
            sys.stderr.write(f"\rtrying {trial.name} ({number + 1} of {len(trials)}) \033[K")
            sys.stderr.flush()
        trial.done.wait(max(0.0, until - time.monotonic()))
    if watched:
        sys.stderr.write("\r\033[K")


def _silent(name: str, timeout_s: float) -> Finding:
    return Finding("connections", name, "fault", f"no answer within {timeout_s:g} s", MENDS["timeout"], "F966")
