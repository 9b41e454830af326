"""`orderloom schema`: what it writes, where, and what it says of nodes that do not load."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orderloom.cli import invoke

KINDS = {"flow", "columns", "mapping", "table", "scenario", "connections", "project"}
OWN = '''
from orderloom import Outcome, Setting, node


class Wrapped(Outcome, name="wrapped"):
    """In paper."""


class Plain(Outcome, name="plain"):
    """As it is."""


@node("gift-wrap")
def gift_wrap(paper: Setting[str], order_id: str) -> Wrapped | Plain:
    """Wrap it."""
    return Wrapped()
'''


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a node of its own; the working directory."""
    (tmp_path / "orderloom.yaml").write_text("project: p\n")
    (tmp_path / "nodes" / "gift_wrap").mkdir(parents=True)
    (tmp_path / "nodes" / "gift_wrap" / "__init__.py").write_text(OWN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_kind_is_written_to_the_project_and_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["schema"]) == 0

    said = capsys.readouterr()
    assert {file.stem for file in (project / ".schemas").iterdir()} == KINDS
    assert set(said.out.splitlines()) == {f"wrote .schemas/{kind}.json" for kind in KINDS}
    assert said.err == ""


def test_the_projects_own_node_is_among_them(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["schema", "flow"]) == 0

    definitions = json.loads(capsys.readouterr().out)["definitions"]
    named = {branch.get("const"): branch["description"] for branch in definitions["use"]["anyOf"] if "const" in branch}
    assert named["gift-wrap"].startswith("Wrap it.\n\n`project/gift-wrap@1`")
    assert set(definitions["step.gift-wrap"]["properties"]["next"]["properties"]) == {"wrapped", "plain"}
    assert set(definitions["with.gift-wrap"]["properties"]) == {"paper", "order_id"}


def test_each_hint_is_there_for_both_sorts_of_editor(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    invoke(["schema", "flow"])

    definitions = json.loads(capsys.readouterr().out)["definitions"]
    for schema in (definitions["step"]["properties"]["retry"], definitions["with.validate"]["properties"]["order"]):
        assert schema["markdownDescription"] == schema["description"]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_is_a_schema_of_draft_07_that_needs_nothing_else(
    project: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    from jsonschema import Draft7Validator

    assert invoke(["schema", kind]) == 0

    text = capsys.readouterr().out
    schema = json.loads(text)
    Draft7Validator.check_schema(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    references = {part.split('"')[0] for part in text.split('"$ref": "')[1:]}
    assert references == {f"#/definitions/{name}" for name in schema.get("definitions", {})} & references


def test_a_folder_of_ones_own_needs_no_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert invoke(["schema", "-o", "deep/down"]) == 0
    assert invoke(["schema", "table", "-o", "one"]) == 0

    assert {file.stem for file in Path("deep/down").iterdir()} == KINDS
    assert [file.name for file in Path("one").iterdir()] == ["table.json"]


def test_without_a_project_and_a_folder_it_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert invoke(["schema"]) == 2

    assert "there is no project here: give a folder with -o DIR" in capsys.readouterr().err


def test_a_misspelt_kind_is_refused_with_the_nearest(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["schema", "tabel"]) == 2

    assert "there is no kind of file `tabel`; did you mean `table`?" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_a_matter_of_the_machine(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "file").write_text("")

    assert invoke(["schema", "-o", "file/below"]) == 4

    assert "error[F969]: file/below cannot be written" in capsys.readouterr().err


def test_a_node_that_does_not_load_is_told_and_the_others_are_there(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "nodes" / "half").mkdir()
    (project / "nodes" / "half" / "__init__.py").write_text("def half(:\n")

    assert invoke(["schema"]) == 1

    assert "error[N012]" in capsys.readouterr().err
    use = json.loads((project / ".schemas" / "flow.json").read_text())["definitions"]["use"]
    assert {"gift-wrap", "half"} <= {branch.get("const") for branch in use["anyOf"]}


def test_the_same_nodes_always_make_the_same_schemas(project: Path) -> None:
    invoke(["schema"])
    before = {file.name: file.read_bytes() for file in (project / ".schemas").iterdir()}

    invoke(["schema"])

    assert {file.name: file.read_bytes() for file in (project / ".schemas").iterdir()} == before
