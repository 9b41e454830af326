"""The work behind `orderloom schema`: which schemas, where they go, and what is printed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from orderloom.cli import render
from orderloom.editors import FOLDER, every_schema, schema_text, write_schemas
from orderloom.packs import catalogue
from orderloom.problems import Problem, ProblemsError, did_you_mean
from orderloom.project import Project, find_project
from orderloom.shapes import Schema


def tell_schemas(kind: str | None, folder: Path | None) -> int:
    """Print one schema, or write them all; gives the exit code. Raises `click.UsageError` for a kind there is not."""
    project = find_project()
    schemas, problems = project_schemas(project)
    if problems:
        render.show(problems)
    chosen = schemas if kind is None else {kind: _named(kind, schemas)}
    if kind is not None and folder is None:
        click.echo(schema_text(chosen[kind]), nl=False)
    elif not _written(_folder(project, folder), chosen):
        return 4
    return 1 if any(problem.severity == "error" for problem in problems) else 0


def write_for(folder: Path) -> None:
    """The schemas of a project that was just made. It is whole without them: what is in the way is told."""
    try:
        schemas, problems = project_schemas(find_project(folder))
        write_schemas(folder / FOLDER, schemas)
    except ProblemsError as error:
        problems = list(error.problems)
    if problems:
        render.show(problems)


def project_schemas(project: Project | None) -> tuple[Mapping[str, Schema], list[Problem]]:
    """Of the installed nodes and those of the project. Raises `ProblemsError` where one name stands in two places."""
    return every_schema(catalogue(project.nodes if project else None))


def _named(kind: str, schemas: Mapping[str, Schema]) -> Schema:
    if kind in schemas:
        return schemas[kind]
    near = did_you_mean(kind, schemas) or f"there are: {', '.join(schemas)}"
    raise click.UsageError(f"there is no kind of file `{kind}`; {near}")


def _folder(project: Project | None, folder: Path | None) -> Path:
    if folder is not None:
        return folder
    if project is None:
        raise click.UsageError("there is no project here: give a folder with -o DIR, or make one with `orderloom init`")
    return project.root / FOLDER


def _written(folder: Path, schemas: Mapping[str, Schema]) -> bool:
    try:
        files = write_schemas(folder, schemas)
    except ProblemsError as error:
        render.show(error.problems)
        return False
    here = Path.cwd()
    for file in files:
        click.echo(f"wrote {file.relative_to(here) if file.is_relative_to(here) else file}")
    return True
