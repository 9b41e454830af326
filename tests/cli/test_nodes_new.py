"""`orderloom nodes new`, `test` and `describe`: what is made works as it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from orderloom.cli import invoke


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    assert invoke(["init", "mine", "--template", "empty"]) == 0
    monkeypatch.chdir(tmp_path / "mine")
    capsys.readouterr()
    return tmp_path / "mine"


@pytest.mark.parametrize("form", [[], ["--http"]], ids=["python", "http"])
def test_a_new_node_passes_the_check_its_cases_and_its_test(
    project: Path, form: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(["nodes", "new", "gift-note", *form]) == 0

    assert invoke(["check"]) == 0
    assert invoke(["nodes", "test"]) == 0
    assert "0 failed, 2 passed" in capsys.readouterr().out
    made = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "nodes"],
        capture_output=True, text=True, check=False, cwd=project,
    )  # fmt: skip
    assert "2 passed" in made.stdout


@pytest.mark.parametrize(
    ("name", "told", "mend"),
    [
        ("Gift Note", "a node cannot be named `Gift Note`", "such as gift-note"),
        ("3d-print", "a node cannot be named `3d-print`", "such as d-print"),
        ("!", "a node cannot be named `!`", "small letters, digits and `-`, such as gift-wrap"),
        ("validate", "there is a node named `validate`: orderloom_nodes.validate", "choose another name"),
        ("../gift", "a node cannot be named `../gift`", "such as gift"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_one_that_can(
    project: Path, name: str, told: str, mend: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(["nodes", "new", name]) == 1

    err = capsys.readouterr().err
    assert told in err
    assert mend in err
    assert not (project / "nodes").exists() or list((project / "nodes").iterdir()) == []


def test_nothing_is_written_over(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "nodes" / "gift_note").mkdir(parents=True)
    (project / "nodes" / "gift_note" / "notes.txt").write_text("mine")

    assert invoke(["nodes", "new", "gift-note"]) == 1

    assert "nothing is overwritten" in capsys.readouterr().err
    assert [file.name for file in (project / "nodes" / "gift_note").iterdir()] == ["notes.txt"]


def test_outside_of_a_project_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert invoke(["nodes", "new", "gift-note"]) == 1

    assert "there is no project here" in capsys.readouterr().err


def test_a_description_is_written_anew_when_the_declaration_has_changed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    invoke(["nodes", "new", "gift-note"])
    module = project / "nodes" / "gift_note" / "__init__.py"
    text = module.read_text().replace("tag: Setting", "mark: Setting").replace("tag not", "mark not")
    module.write_text(text.replace("{tag}", "{mark}"))
    assert _fresh("check", project).returncode == 1

    assert _fresh("nodes describe gift-note --write", project).returncode == 0

    assert _fresh("check", project).returncode == 0


def _fresh(command: str, project: Path) -> subprocess.CompletedProcess[str]:
    """In a process of its own: this one has the module as it was."""
    words = [sys.executable, "-m", "orderloom", *command.split()]
    return subprocess.run(words, capture_output=True, text=True, check=False, cwd=project)


def test_a_node_that_is_its_description_is_not_described_from_elsewhere(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    invoke(["nodes", "new", "gift-note", "--http"])

    assert invoke(["nodes", "describe", "gift-note", "--write"]) == 2
    assert "is its description" in capsys.readouterr().err
