"""README and the pages of docs/ are true: their commands run, their flows and tables pass the check.

In a ```console block `$ orderloom …` is run in a fresh project; `# exit N` behind it names an exit code other than 0,
and each line shown below it must come out (`…` stands for anything). A ```yaml block that begins with `flow:`, `table:`
or `scenario:` must pass `orderloom check`. A ```yaml, ```json or ```python block that begins with `# file: NAME` is
written there first, and so is an ```xml block that begins with `<!-- file: NAME -->`.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

import orderloom
from orderloom.cli import invoke
from orderloom.world.types import CONNECTION_TYPES

REPOSITORY = Path(__file__).parent.parent
PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> list[tuple[str, str]]:
    return BLOCK.findall(page.read_text(encoding="utf-8"))


def commands(text: str) -> Iterator[tuple[list[str], int, list[str]]]:
    """Arguments, exit code and shown lines of each command of a console block."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, *shown = part.splitlines()
        command, _, code = command.partition("# exit ")
        yield shlex.split(command), int(code or 0), [line.strip() for line in shown if line.strip()]


def matches(shown: str, output: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in re.split("…", shown))
    return any(re.search(pattern, " ".join(line.split())) for line in output.splitlines())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_shows_happens(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    invoke(["init", "shop"])
    monkeypatch.chdir(tmp_path / "shop")
    capsys.readouterr()
    for kind, text in blocks(page):
        if kind in {"json", "python", "xml"}:
            _written(text, tmp_path / "shop")
        elif kind == "yaml":
            told = _checked(text, tmp_path / "shop")
            assert told == 0, f"{text}\n{capsys.readouterr().err}"
        elif kind == "console":
            for words, code, shown in commands(text):
                if words[0] != "orderloom":
                    continue
                assert invoke(words[1:]) == code, f"{words}\n{capsys.readouterr()}"
                output = "\n".join(capsys.readouterr())
                assert [line for line in shown if not matches(" ".join(line.split()), output)] == [], output


def _written(text: str, project: Path) -> re.Match[str] | None:
    named = re.match(r"(?:#|<!--) file: (\S+)(?: -->)?\n", text)
    if named:
        file = project / named[1]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.removeprefix(named[0]), encoding="utf-8")
    return named


def _checked(text: str, project: Path) -> int:
    named = _written(text, project)
    if not re.match(r"(# file: \S+\n)?(flow|table|scenario):", text):
        return 0
    file = (
        project / named[1]
        if named
        else project / ("flows/page.yaml" if text.startswith("flow:") else "rules/page.table.yaml")
    )
    file.write_text(text, encoding="utf-8")
    return invoke(["check", str(file)])


def test_the_readme_leads_to_every_page_and_every_example() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    wanted = [f"docs/{page.name}" for page in PAGES[1:]]
    wanted += [f"examples/{file.parent.name}/README.md" for file in (REPOSITORY / "examples").glob("*/README.md")]

    assert [target for target in wanted if f"]({target})" not in readme] == []


def test_every_link_of_a_page_leads_somewhere() -> None:
    links = [
        (page.name, target)
        for page in PAGES
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert links == []


def test_every_command_is_explained_on_the_page_of_commands() -> None:
    from orderloom.cli import COMMANDS

    page = (REPOSITORY / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"orderloom {name}" not in page] == []


def test_every_node_is_explained_on_the_page_of_nodes() -> None:
    from orderloom.packs import catalogue

    page = (REPOSITORY / "docs" / "nodes.md").read_text(encoding="utf-8")
    assert [name for name in catalogue().names() if f"`{name}`" not in page] == []


def test_every_type_of_connection_and_each_of_its_keys_stands_in_the_page() -> None:
    page = (REPOSITORY / "docs" / "connections.md").read_text(encoding="utf-8")
    rows = {row.split("`")[1]: row for row in page.splitlines() if row.startswith("| `")}

    assert {
        name: missing
        for name, kind in CONNECTION_TYPES.items()
        if (missing := [key for key in kind.keys if f"`{key}`" not in rows.get(name, "")])
    } == {}


def test_every_name_that_is_promised_to_authors_stands_in_the_chapter() -> None:
    page = (REPOSITORY / "docs" / "writing-nodes.md").read_text(encoding="utf-8")

    assert [name for name in orderloom.__all__ if f"`{name}`" not in page] == []
