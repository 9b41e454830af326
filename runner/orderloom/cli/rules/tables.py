"""The name that a person gives of a rule table in, its file or the table itself out; findings end the command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from orderloom.cli import completing

if TYPE_CHECKING:
    from orderloom.rules import DecisionTable

table_argument = click.argument("table", metavar="TABLE", shell_complete=completing.tables)


def read(name: str) -> DecisionTable:
    """The table; one that cannot be read is told, and ends the command. `x.dmn#Route` names a decision."""
    from orderloom.cli.failure import DECISIONS, refused  # noqa: PLC0415
    from orderloom.problems import ProblemsError  # noqa: PLC0415
    from orderloom.rules.load import read_parts  # noqa: PLC0415
    from orderloom.rules.needs import with_decision  # noqa: PLC0415

    file, decision = with_decision(name)
    try:
        return read_parts(find(file), decision).table
    except ProblemsError as error:
        refused(error.problems, DECISIONS if file.lower().endswith(".dmn") else ())


def find(name: str) -> Path:
    """The file of that name, or the table of that name in the project, or a shipped one."""
    from orderloom.project import find_project, shipped  # noqa: PLC0415

    if Path(name).is_file():
        return Path(name)
    project = find_project()
    folders = [folder for folder in (project.rules if project else None, Path("rules"), shipped() / "rules") if folder]
    wanted = name.removesuffix(".table.yaml") + ".table.yaml"
    found = next((folder / wanted for folder in folders if (folder / wanted).is_file()), None)
    if found is None:
        _not_found(name, folders)
    return found


def _not_found(name: str, folders: list[Path]) -> NoReturn:
    from orderloom.problems import did_you_mean  # noqa: PLC0415

    known = sorted(
        {file.name.removesuffix(".table.yaml") for folder in folders for file in folder.glob("*.table.yaml")}
    )
    hint = did_you_mean(name, known) or (f"there are: {', '.join(known)}" if known else "give the path of its file")
    raise click.UsageError(f"there is no table `{name}`; {hint}")
