"""A name in; the folder of a new node in the project out."""

from __future__ import annotations

from pathlib import Path

import click

from orderloom.cli.node_texts import CASES_TEXT, HTTP_CASES_TEXT, HTTP_TEXT, MODULE_TEXT, TEST_TEXT
from orderloom.declare import NODE_NAME
from orderloom.describe import description_text
from orderloom.packs import DESCRIPTION, Catalogue, catalogue
from orderloom.packs.examined import CASES
from orderloom.packs.homes import MODULE
from orderloom.problems import Place, refuse
from orderloom.project import MARKER, find_project


def make_node(name: str, nodes: Catalogue, by_http: bool) -> None:
    """Make and tell it. Raises `ProblemsError` (N506) where the name cannot be that of a new node."""
    project = find_project()
    if project is None:
        message = f"there is no project here: no {MARKER} in this folder or above"
        raise refuse("N506", message, Place("."), "orderloom init")
    folder = project.nodes / name.replace("-", "_")
    _refuse_name(name, nodes, folder)
    texts = _http_texts(name) if by_http else _python_texts(name)
    folder.mkdir(parents=True)
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8")
    if not by_http:
        made = catalogue(project.nodes).find(name)
        (folder / DESCRIPTION).write_text(description_text(made), encoding="utf-8")
    _tell(name, _shown(folder), sorted([*texts, DESCRIPTION] if not by_http else texts), by_http)


def _refuse_name(name: str, nodes: Catalogue, folder: Path) -> None:
    place, other = Place(str(folder)), "choose another name"
    if not NODE_NAME.fullmatch(name):
        near = "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split()).lstrip("0123456789-")
        mend = f"such as {near}" if NODE_NAME.fullmatch(near) else "small letters, digits and `-`, such as gift-wrap"
        raise refuse("N506", f"a node cannot be named `{name}`", place, mend)
    if name in nodes.names():
        where = next(source for key, source in nodes.sources.items() if key.partition("/")[2] == name)
        raise refuse("N506", f"there is a node named `{name}`: {where}", place, other)
    if folder.exists():
        raise refuse("N506", "the folder is there already, and nothing is overwritten", place, other)


def _python_texts(name: str) -> dict[str, str]:
    values = {"name": name, "function": name.replace("-", "_")}
    return {
        MODULE: MODULE_TEXT.substitute(values), CASES: CASES_TEXT,
        f"test_{values['function']}.py": TEST_TEXT.substitute(values),
    }  # fmt: skip


def _http_texts(name: str) -> dict[str, str]:
    test = f"test_{name.replace('-', '_')}.py"
    return {DESCRIPTION: HTTP_TEXT.substitute(name=name), CASES: HTTP_CASES_TEXT, test: TEST_TEXT.substitute(name=name)}


def _shown(folder: Path) -> Path:
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def _tell(name: str, folder: Path, files: list[str], by_http: bool) -> None:
    click.echo(f"made {folder}/: {', '.join(files)}")
    click.echo(f"next:  edit {folder / (DESCRIPTION if by_http else MODULE)}")
    click.echo(f"       orderloom nodes test {name}")
    if by_http:
        click.echo("       name the connection `supplier` in connections.yaml (docs/connections.md)")
    else:
        click.echo(f"       orderloom nodes describe {name} --write     (after each change of what it takes or gives)")
    click.echo(f"       in a flow: use: {name}")
