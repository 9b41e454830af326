"""What a run is held to: its flow's plan, kept with every file that it was made of, and made again from them.

A run stays on the flow and the tables with which it began (rule 31), whatever becomes of the files meanwhile. Nodes
are code and cannot be kept: a run whose nodes have another major version by now is not gone on with.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from orderloom.flow.open import Opened, open_kept
from orderloom.flow.plan import Plan
from orderloom.journal import Journal, Pin
from orderloom.problems import ProblemsError
from orderloom.project import Project
from orderloom.run.program import Program, compile_plan


class PinError(Exception):
    """What a run is held to cannot be made again; the message says why and what to do."""


def pin_of(opened: Opened, plan: Plan) -> Pin:
    """The plan with what it was made of. Files that came with an installed package stay where they are."""
    root = (opened.project.root if opened.project else opened.file.parent).resolve()
    files = {
        str(path.relative_to(root)): _kept(content)
        for path, content in opened.files.items()
        if path.is_relative_to(root)
    }
    content = {
        "flow": str(opened.file.resolve().relative_to(root)),
        "root": str(root),
        "files": files,
        "nodes": nodes_of(plan),
    }
    return Pin(plan.hash, plan.flow.name, plan.flow.version, content)


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
    """The programs of a journal's runs, by the hash of their plan; each is made once."""

    journal: Journal
    project: Project | None
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
        with TemporaryDirectory(prefix="orderloom-") as folder:
            root = Path(folder).resolve()
            for name, kept in content["files"].items():
                file = root / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(_content(kept))
            at = root / content["flow"]
            try:
                opened = open_kept(at, root, self.project, Path(content["root"]) / content["flow"])
            except ProblemsError as error:
                raise PinError(_told(flow, version, error.problems[0].message)) from error
        return self._checked(opened, content["nodes"], flow, version)

    def _checked(self, opened: Opened, nodes: dict[str, int], flow: str, version: int) -> Program:
        plan = opened.checked.plan
        if plan is None:
            raise PinError(_told(flow, version, opened.checked.problems[0].message))
        today = nodes_of(plan)
        for name, major in nodes.items():
            if today.get(name, major) != major:
                raise PinError(_told(flow, version, f"it began with {name}@{major}, installed is @{today[name]}"))
        return compile_plan(plan)


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
