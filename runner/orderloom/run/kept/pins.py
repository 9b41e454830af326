"""What a run is held to: its flow's plan, kept with every file that it was made of, and made again from them.

A run stays on the flow and the tables with which it began (rule 31), whatever becomes of the files meanwhile. Nodes
are code and cannot be kept: a run whose nodes have another major version by now is not gone on with.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from orderloom.flow.open import Opened, open_kept
from orderloom.flow.plan import Plan
from orderloom.journal import Journal, Pin
from orderloom.problems import ProblemsError
from orderloom.project import Project
from orderloom.run.machine.program import Program, compile_plan


class PinError(Exception):
    """What a run is held to cannot be made again; the message says why and what to do."""


def pin_of(opened: Opened, plan: Plan) -> Pin:
    """The plan with what it was made of, below the project and below the folder of the flow, which may be another one.

    What lies elsewhere came with an installed node, and belongs to it.
    """
    home = opened.file.resolve().parent
    root = opened.project.root.resolve() if opened.project else home
    content = {
        "flow": opened.file.name,
        "home": _within(home, root) or str(home),
        "root": str(root),
        "files": _files(opened.files, root),
        "beside": {} if home.is_relative_to(root) else _files(opened.files, home),
        "nodes": nodes_of(plan),
    }
    return Pin(plan.hash, plan.flow.name, plan.flow.version, content)


def _files(files: Mapping[Path, bytes], folder: Path) -> dict[str, Any]:
    return {name: _kept(content) for path, content in files.items() if (name := _within(path, folder))}


def _within(path: Path, folder: Path) -> str | None:
    """The path as one relative to the folder, with `/` on every system."""
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else None


def nodes_of(plan: Plan) -> dict[str, int]:
    """The nodes that a plan calls, with the major version of each."""
    found: dict[str, int] = {}
    for step in plan.steps:
        for node in [step.node, *([step.undo.node] if step.undo else [])]:
            found[f"{node.pack}/{node.name}"] = node.version
        if step.inner:
            found |= nodes_of(step.inner)
    return found


@dataclass
class Pins:
    """The programs of a journal's runs, by the hash of their plan; each is made once.

    `reopen` makes a flow of kept files with what is installed, as `open_kept` does.
    """

    journal: Journal
    project: Project | None
    reopen: Callable[[Path, Path, Project | None, Path], Opened] = open_kept
    _programs: dict[str, Program] = field(default_factory=dict)

    def add(self, program: Program) -> None:
        """A program that is at hand already."""
        self._programs[program.plan.hash] = program

    def program(self, hash_: str) -> Program:
        """The program that runs with this pin are held to. Raises `PinError`."""
        if hash_ not in self._programs:
            self._programs[hash_] = self._made(hash_)
        return self._programs[hash_]

    def _made(self, hash_: str) -> Program:
        flow, version, text = self.journal.pin(hash_)
        content = json.loads(text)
        stood = Path(content["root"]) / content["home"] / content["flow"]  # a home outside is a path of its own
        with TemporaryDirectory(prefix="orderloom-") as folder:
            root, beside = Path(folder).resolve() / "root", Path(folder).resolve() / "beside"
            _write(content["files"], root)
            _write(content["beside"], beside)
            home = beside if content["beside"] else root / content["home"]
            try:
                opened = self.reopen(home / content["flow"], root, self.project, stood)
            except ProblemsError as error:
                raise PinError(_told(flow, version, error.problems[0].message)) from error
        return self._checked(opened, content["nodes"], flow, version, hash_)

    def _checked(self, opened: Opened, nodes: dict[str, int], flow: str, version: int, hash_: str) -> Program:
        plan = opened.checked.plan
        if plan is None:
            raise PinError(_told(flow, version, opened.checked.problems[0].message))
        today = nodes_of(plan)
        for name, major in nodes.items():
            if today.get(name, major) != major:
                raise PinError(_told(flow, version, f"it began with {name}@{major}, installed is @{today[name]}"))
        if plan.hash != hash_:
            raise PinError(_told(flow, version, "the nodes that are installed make another plan of its files"))
        return compile_plan(plan)


def _write(files: Mapping[str, Any], folder: Path) -> None:
    folder.mkdir()
    for name, kept in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_content(kept))


def _told(flow: str, version: int, why: str) -> str:
    return (
        f"the flow `{flow}` (version {version}) with which the run began cannot be made again: {why}. Install the "
        "nodes that it had, then `orderloom runs resume`, or cancel the run"
    )


def _kept(content: bytes) -> Any:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": b64encode(content).decode()}


def _content(kept: Any) -> bytes:
    return b64decode(kept["base64"]) if isinstance(kept, dict) else str(kept).encode()
