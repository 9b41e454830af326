"""What was named on the command line in; the scenario files that are meant out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from orderloom.change.scenario.coverage import Coverage
from orderloom.change.scenario.read import is_scenario
from orderloom.cli.checking.report import relative
from orderloom.problems import COMMAND_LINE, Place, ProblemsError, did_you_mean, refuse
from orderloom.project import find_project, shipped
from orderloom.source import read_document


def scenario_files(paths: Sequence[str]) -> list[Path]:
    """Each file once, in a steady order. Raises `ProblemsError` where a path is not there, or nothing is in it."""
    found = [file for path in paths for file in _named(path)] if paths else list(_inside(home()))
    files = list({file.resolve(): file for file in found}.values())
    if not files:
        where = ", ".join(paths) or str(home())
        raise refuse("W030", "there is no scenario", Place(where), "write one in `scenarios/`: see docs/scenarios.md")
    return files


def home() -> Path:
    """Where scenarios lie: those of the project, else the shipped ones."""
    project = find_project()
    return relative(project.scenarios, Path.cwd()) if project else shipped() / "scenarios"


def flows_without(coverage: Coverage) -> list[Path]:
    """The flows of the project that no case has run."""
    project = find_project()
    folder = project.flows if project else shipped()
    run = {cover.file.resolve() for cover in coverage.flows}
    files = [file for file in sorted(folder.glob("*.y*ml")) if file.resolve() not in run and _is_flow(file)]
    return [relative(file, Path.cwd()) for file in files]


def _named(name: str) -> Iterator[Path]:
    path = Path(name)
    if path.is_dir():
        yield from _inside(path)
    elif path.is_file():
        yield path
    else:
        yield from _of_flow(name)


def _of_flow(name: str) -> Iterator[Path]:
    tested: dict[str, list[Path]] = {}
    for file in _inside(home()):
        with suppress(ProblemsError):
            tested.setdefault(str(read_document(file).data.get("scenario")), []).append(file)
    if name not in tested:
        mend = did_you_mean(name, tested) or "name a file, a folder, or a flow that has scenarios"
        message = f"there is no file `{name}`, and no scenario of such a flow"
        raise refuse("W030", message, COMMAND_LINE, mend)
    yield from tested[name]


def _inside(folder: Path) -> Iterator[Path]:
    """The scenarios of a folder; what else lies there is passed over, what cannot be read is told."""
    for file in sorted([*folder.rglob("*.yaml"), *folder.rglob("*.yml")]):
        if any(part.startswith(".") for part in file.relative_to(folder).parts):
            continue
        try:
            data = read_document(file).data
        except ProblemsError:
            yield file
            continue
        if is_scenario(data):
            yield file


def _is_flow(file: Path) -> bool:
    with suppress(ProblemsError):
        data = read_document(file).data
        return isinstance(data, dict) and "flow" in data and "steps" in data
    return False
