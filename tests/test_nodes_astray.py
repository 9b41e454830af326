"""What `check` says of nodes beside their folders, of packs, and of folders in which nothing is found."""

from __future__ import annotations

import json
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from orderloom.cli import invoke
from tests.test_node_mistakes import GOOD, SECOND

PACK = 'NODES = {"wrap": f"{__name__}.wrap"}\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of nothing but its marker."""
    (tmp_path / "orderloom.yaml").write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(here: Path, **files: str) -> None:
    """`nodes__wrap__init` is nodes/wrap/__init__.py."""
    for name, text in files.items():
        *folders, last = name.split("__")
        file = here.joinpath(*folders, "__init__.py" if last == "init" else f"{last}.py")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def found(capsys: pytest.CaptureFixture[str], *paths: str) -> list[tuple[str, str, int, str]]:
    invoke(["check", *paths, "--format", "json"])
    [document] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [(one["code"], one["file"], one["line"], one["help"]) for one in document["problems"]]


# In nodes/, and yet no node


def test_a_node_in_a_file_beside_the_folders_is_told_with_the_folder_it_needs(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, nodes__wrap=GOOD)

    assert found(capsys) == [("N014", "nodes/wrap.py", 10, "move it to a folder of its own: nodes/wrap/__init__.py")]


def test_a_node_in_a_folder_without_a_module_is_told_with_the_name_the_file_needs(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, nodes__wrap__paper=GOOD)

    [(code, file, line, mend)] = found(capsys)

    assert (code, file, line) == ("N014", "nodes/wrap/paper.py", 10)
    assert mend == "name the file __init__.py, or add a __init__.py with: from .paper import wrap"


def test_a_file_beside_the_folders_that_is_no_python_and_speaks_of_a_node_is_told(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, nodes__wrap=GOOD.replace("def wrap(", "def wrap"))

    assert [one[:3] for one in found(capsys)] == [("N012", "nodes/wrap.py", 11)]


@pytest.mark.parametrize(
    ("name", "mend"),
    [
        ("cases.yaml", "it needs __init__.py or node.schema.json"),
        ("node.schem.json", "rename it: node.schema.json"),
        ("init.py", "rename it: __init__.py"),
    ],
)
def test_a_folder_that_is_nearly_a_nodes_is_told(
    here: Path, name: str, mend: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "nodes" / "wrap").mkdir(parents=True)
    (here / "nodes" / "wrap" / name).write_text("")

    assert found(capsys) == [("N010", f"nodes/wrap/{name}", 0, mend)]


def test_helpers_and_data_beside_the_nodes_are_left_alone(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, nodes__wrap__init=GOOD, nodes__paper="SIZE = 3\n", nodes__helpers__sizes="SIZE = 4\n")
    (here / "nodes" / "data").mkdir()
    (here / "nodes" / "data" / "sizes.json").write_text("{}")

    assert found(capsys) == []


@pytest.mark.parametrize("path", [".", "nodes", "nodes/wrap", "nodes/wrap/__init__.py", "nodes/wrap/paper.py"])
def test_a_node_is_checked_by_its_file_its_folder_or_a_folder_around_it(
    here: Path, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, nodes__wrap__init=f"from .paper import PAPER\n{GOOD}{SECOND}", nodes__wrap__paper="PAPER = 1\n")

    assert [one[:3] for one in found(capsys, path)] == [("N014", "nodes/wrap/__init__.py", 17)]


def test_a_node_outside_of_any_project_is_checked_for_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, wrap__init=GOOD + SECOND)

    assert [one[:3] for one in found(capsys, "wrap")] == [("N014", "wrap/__init__.py", 16)]


def test_what_keeps_a_node_outside_of_any_project_from_loading_is_told_at_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, wrap__init=GOOD.replace("import Outcome, node", "import node"))

    assert found(capsys, "wrap") == [("N012", "wrap/__init__.py", 4, "from orderloom import Outcome")]


# A pack


def test_a_pack_is_checked_before_it_is_installed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, src__gifts__init=PACK, src__gifts__wrap__init=GOOD.replace(" -> Done:", ":"))

    assert [one[:3] for one in found(capsys, "src")] == [("N012", "src/gifts/wrap/__init__.py", 10)]


def test_a_node_that_a_pack_leaves_out_is_told_with_the_line_it_needs(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, gifts__init=PACK, gifts__wrap__init=GOOD, gifts__fold__init=GOOD.replace('"wrap"', '"fold"'))

    [(code, file, line, mend)] = found(capsys, "gifts")

    assert (code, file, line) == ("N014", "gifts/fold/__init__.py", 10)
    assert mend == 'add to `NODES`: "fold": f"{__name__}.fold"'


def test_a_module_that_a_pack_names_and_has_not_is_told_in_the_pack_with_the_nearest(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, gifts__init=PACK.replace(".wrap", ".wrp"), gifts__wrap__init=GOOD)

    assert ("N012", "gifts/__init__.py", 0, "did you mean `wrap`?") in found(capsys, "gifts")


def test_a_node_of_a_pack_sees_what_lies_beside_it_in_the_pack(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, gifts__init=PACK, gifts__paper="PAPER = 1\n")
    write(here, gifts__wrap__init="from ..paper import PAPER\n" + GOOD)

    assert found(capsys, "gifts/wrap") == []
    assert found(capsys, "gifts") == []


def test_two_nodes_in_one_file_of_a_pack_are_not_told_where_both_are_named(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, gifts__init='NODES = {name: f"{__name__}.paper" for name in ("wrap", "fold")}\n')
    write(here, gifts__paper=GOOD + SECOND)

    assert found(capsys, "gifts") == []


def test_a_pack_that_is_installed_is_checked_as_flows_use_it(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from importlib import metadata

    from orderloom.packs import pack

    write(here, gifts_here__init=PACK, gifts_here__wrap__init="import gifts_here\n" + GOOD)
    monkeypatch.syspath_prepend(here)
    entries = [*metadata.entry_points(group="orderloom.packs"), EntryPoint("gifts", "gifts_here", "orderloom.packs")]
    monkeypatch.setattr(pack, "entry_points", lambda group: entries)

    assert found(capsys, "gifts_here") == []


@pytest.mark.parametrize("folder", ["nodes/orderloom_nodes", "examples/gift-pack"])
def test_the_packs_that_come_with_orderloom_have_no_finding(
    folder: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(Path(__file__).parents[1])

    assert found(capsys, folder) == []


# Nothing


@pytest.mark.parametrize("text", ["", "VALUE = 1\n"])
def test_a_folder_without_anything_to_check_is_warned_of(
    here: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, tests__init=text)

    assert invoke(["check", "tests"]) == 0
    assert "warning[F904]: there is nothing to check here\n --> tests" in capsys.readouterr().err
