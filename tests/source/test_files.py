"""Files: found inside their folders only, and read by what their name ends in."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom.problems import ProblemsError
from orderloom.source import find_file, read_document


def test_a_file_is_read_by_the_end_of_its_name(tmp_path: Path) -> None:
    for name, text in {"a.yaml": "x: 1", "b.YML": "x: 1", "c.json": '{"x": 1}'}.items():
        (tmp_path / name).write_text(text)

        document = read_document(tmp_path / name)

        assert document.data == {"x": 1}
        assert document.file == str(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("missing.yaml", None, "Y001"),
        ("folder.yaml", "a folder", "Y001"),
        ("large.yaml", b"a: " + b"x" * 1_000_000, "Y002"),
        ("latin.yaml", "name: Jos\u00e9".encode("latin-1"), "Y003"),
        ("wide.yaml", "name: Ann".encode("utf-16"), "Y003"),
        ("rules.txt", b"a: 1", "Y006"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str, content: bytes | str | None, code: str) -> None:
    file = tmp_path / name
    if isinstance(content, bytes):
        file.write_bytes(content)
    elif content:
        file.mkdir()

    with pytest.raises(ProblemsError) as refused:
        read_document(file)

    assert [problem.code for problem in refused.value.problems] == [code]
    assert refused.value.problems[0].place.file == str(file)


def test_a_byte_that_is_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_bytes("a: ø\nname: ".encode() + b"Jos\xe9")

    with pytest.raises(ProblemsError) as refused:
        read_document(tmp_path / "f.yaml")

    place = refused.value.problems[0].place
    assert (place.line, place.column) == (2, 10)


def test_the_first_folder_that_has_the_file_gives_it(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder / "rules").mkdir(parents=True)
    (tmp_path / "b" / "rules" / "x.yaml").write_text("")

    assert find_file("rules/x.yaml", [tmp_path / "a", tmp_path / "b"]) == tmp_path / "b" / "rules" / "x.yaml"


@pytest.mark.parametrize(
    "name", ["../secret.yaml", "rules/../../secret.yaml", "", "\0", "x" * 5000, "inside", "link.yaml", "C:\\x"]
)
def test_a_name_that_leads_out_finds_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.yaml").write_text("")
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "inside").mkdir()
    (tmp_path / "inside" / "link.yaml").symlink_to(tmp_path / "secret.yaml")

    assert find_file(name, [tmp_path / "inside"]) is None


def test_an_absolute_name_finds_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("")

    assert find_file(str(tmp_path / "x.yaml"), [tmp_path]) is None


def test_a_name_may_go_up_and_stay_inside(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "x.yaml").write_text("")

    assert find_file("rules/../x.yaml", [tmp_path]) == tmp_path / "rules" / ".." / "x.yaml"
