"""`orderloom init`: every template passes the check, and what it says to type first does what it promises."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from orderloom.cli import invoke
from orderloom.cli.init import TEMPLATE_NAMES
from orderloom.cli.making import make
from orderloom.cli.templates import TEMPLATES
from orderloom.problems import ProblemsError

EVERY = pytest.mark.parametrize("template", TEMPLATE_NAMES)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, which is nobody's project."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commands_of(text: str) -> list[str]:
    """The commands that a text tells to type, without the remarks behind them."""
    typed = re.findall(r"^ {4,}((?:cd|orderloom) .*)$", text, re.MULTILINE)
    return [line.partition("  #")[0].strip() for line in typed]


def told_next(output: str) -> list[str]:
    return commands_of(output.replace("next:", "     "))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but the schemas, which are made from what is installed."""
    files = (file for file in folder.rglob("*") if file.is_file() and file.parent.name != ".schemas")
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def test_the_help_names_every_template() -> None:
    assert list(TEMPLATES) == list(TEMPLATE_NAMES)


@EVERY
def test_a_new_project_passes_the_check_without_a_warning(
    template: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(["init", "new", "--template", template]) == 0
    monkeypatch.chdir("new")
    capsys.readouterr()

    assert invoke(["check"]) == 0

    said = capsys.readouterr()
    assert said.err == ""
    assert all("  ok  " in line for line in said.out.splitlines())


@EVERY
def test_each_command_that_init_prints_succeeds_as_printed(
    template: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    invoke(["init", "a new shop", "--template", template])
    enter, *typed = told_next(capsys.readouterr().out)

    assert shlex.split(enter) == ["cd", "a new shop"]
    monkeypatch.chdir(shlex.split(enter)[1])
    assert len(typed) >= 2
    for line in typed:
        assert invoke(shlex.split(line)[1:]) == 0, f"{line}\n{capsys.readouterr()}"


@EVERY
def test_each_command_of_the_readme_of_a_new_project_succeeds(
    template: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    invoke(["init", "new", "--template", template])
    monkeypatch.chdir("new")

    typed = commands_of(Path("README.md").read_text(encoding="utf-8"))

    assert len(typed) >= 4
    for line in typed:
        assert invoke(shlex.split(line)[1:]) == 0, f"{line}\n{capsys.readouterr()}"


@EVERY
def test_every_file_and_folder_that_a_readme_names_is_there(template: str) -> None:
    invoke(["init", "new", "--template", template])

    table = re.findall(r"^\| `([^`]+)` \|", Path("new/README.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert len(table) >= 5
    assert [name for name in table if not Path("new", name).exists()] == []


@EVERY
def test_each_connection_that_is_shown_as_a_remark_can_be_taken_as_it_is(
    template: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    invoke(["init", "new", "--template", template])
    monkeypatch.chdir("new")
    shown = re.findall(r"^# (\w+: \{type: .*\})$", Path("connections.yaml").read_text(encoding="utf-8"), re.MULTILINE)

    assert shown
    for line in shown:
        Path("connections.yaml").write_text(f"{line}\n", encoding="utf-8")
        assert invoke(["check", "connections.yaml"]) == 0, f"{line}\n{capsys.readouterr().err}"


@EVERY
def test_what_was_made_is_counted(template: str, capsys: pytest.CaptureFixture[str]) -> None:
    invoke(["init", "new", "--template", template])

    first = capsys.readouterr().out.splitlines()[0]

    flows = len(list(Path("new/flows").iterdir()))
    assert first.startswith(f"created new/  {flows} flow{'s' if flows > 1 else ''} · ")
    assert first.endswith(f" · {len(contents(Path('new')))} files")


@EVERY
def test_editors_find_a_schema_for_every_yaml_file_that_is_ours(template: str) -> None:
    assert invoke(["init", "new", "--template", template]) == 0

    ours = [file for file in Path("new").rglob("*.yaml") if file.parent.name not in {"rates", "stock"}]
    for file in ours:
        first = file.read_text(encoding="utf-8").splitlines()[0]
        named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert named, file
        assert (file.parent / named[1]).is_file()
        assert (file.parent / named[1]).resolve().parent == Path("new/.schemas").resolve()
    assert len(ours) >= 3


def test_vs_code_is_told_which_schema_is_for_which_file() -> None:
    invoke(["init", "new", "--template", "empty"])

    told = json.loads(Path("new/.vscode/settings.json").read_text(encoding="utf-8"))["yaml.schemas"]

    assert set(told) == {f".schemas/{file.name}" for file in Path("new/.schemas").iterdir()}
    assert ".schemas/" in Path("new/.gitignore").read_text(encoding="utf-8").splitlines()


def test_a_node_that_does_not_load_is_told_and_the_project_is_made(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "nodes" / "half").mkdir(parents=True)
    (here / "nodes" / "half" / "__init__.py").write_text("def half(:\n")

    assert invoke(["init", "--template", "empty", "--merge"]) == 0

    said = capsys.readouterr()
    assert "error[N012]" in said.err
    assert "orderloom check" in said.out
    assert (here / ".schemas" / "flow.json").is_file()


def test_the_working_directory_needs_no_change_of_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["init", "--template", "empty"]) == 0

    assert told_next(capsys.readouterr().out)[0] == "orderloom check"
    assert Path("orderloom.yaml").is_file()


def test_hidden_files_are_in_nobodys_way(here: Path) -> None:
    (here / ".git").mkdir()

    assert invoke(["init", "--template", "empty"]) == 0


def test_a_folder_with_files_in_it_is_refused_and_they_are_named(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "notes.txt").write_text("mine")
    (here / "letters").mkdir()

    assert invoke(["init", "--template", "empty"]) == 2

    said = capsys.readouterr()
    assert "error[F967]: the folder is not empty: letters/, notes.txt" in said.err
    assert "--merge" in said.err
    assert sorted(path.name for path in here.iterdir()) == ["letters", "notes.txt"]


def test_a_second_project_in_the_same_folder_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    invoke(["init", "shop"])
    before = contents(Path("shop"))

    assert invoke(["init", "shop", "--template", "returns"]) == 2

    assert "there is a project already" in capsys.readouterr().err
    assert contents(Path("shop")) == before


def test_a_merge_adds_what_is_missing_and_changes_nothing_that_is_there(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "README.md").write_text("mine")
    invoke(["init", "--template", "empty", "--merge"])
    (here / "flows" / "first.yaml").unlink()
    capsys.readouterr()

    assert invoke(["init", "--template", "empty", "--merge"]) == 0

    said = capsys.readouterr()
    assert said.out.startswith("created ./  1 flow · 1 file\n")
    assert "README.md was there and stays as it is" in said.err
    assert (here / "README.md").read_text() == "mine"


def test_a_merge_gives_a_project_a_further_flow_that_runs(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    invoke(["init", "--template", "returns"])

    assert invoke(["init", "--template", "shop", "--merge"]) == 0

    capsys.readouterr()
    assert invoke(["check"]) == 0
    assert "order-to-delivery.yaml" in capsys.readouterr().out


def test_a_folder_that_cannot_be_made_is_a_matter_of_the_machine(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "file").write_text("")

    assert invoke(["init", "file/shop"]) == 4

    said = capsys.readouterr().err
    assert "error[F968]: file" in said
    assert "cannot be written" in said
    assert [path.name for path in here.iterdir()] == ["file"]


def test_nothing_is_left_behind_where_a_file_cannot_be_made(here: Path) -> None:
    files = dict(TEMPLATES["empty"].files())
    (here / "shop").mkdir()
    (here / "shop" / "samples").write_text("a file where a folder should be")

    with pytest.raises(ProblemsError) as refused:
        make(here / "shop", files, merge=True)

    assert [problem.code for problem in refused.value.problems] == ["F968"]
    assert [path.name for path in (here / "shop").iterdir()] == ["samples"]


def test_nothing_is_left_behind_of_a_folder_that_is_new(here: Path) -> None:
    files = {"flows/one.yaml": here / "one.yaml", "flows/two.yaml": here / "missing.yaml"}
    (here / "one.yaml").write_text("flow: one")

    with pytest.raises(ProblemsError):
        make(here / "deep" / "shop", files, merge=False)

    assert [path.name for path in here.iterdir()] == ["one.yaml"]


def test_the_marker_is_written_last() -> None:
    invoke(["init", "shop"])

    written = {Path("shop", name): Path("shop", name).stat().st_mtime_ns for name in contents(Path("shop"))}

    assert written[Path("shop/orderloom.yaml")] == max(written.values())
