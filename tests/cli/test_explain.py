"""`orderloom explain`, and that every code that is used is explained."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from orderloom.cli.explain import command
from orderloom.codes import codes

REPOSITORY = Path(__file__).parent.parent.parent
CODE_IN_SOURCE = re.compile(r"[\"']([YFNTREGSDCVMXWJ]\d{3})[\"']")

def explain(*arguments: str) -> tuple[int, str]:
    told = CliRunner().invoke(command, list(arguments))
    return told.exit_code, told.output


def test_a_code_is_explained_with_a_before_and_an_after() -> None:
    exit_code, output = explain("Y024")

    assert exit_code == 0
    assert output.startswith("Y024: a key is given twice\n")
    assert "\nbefore\n    next: {pass: pay}\n    next: {pass: ship}\n" in output
    assert output.endswith("\nafter\n    next: {pass: ship}\n")


@pytest.mark.parametrize("written", ["y024", "[Y024]"])
def test_a_code_may_be_written_as_it_was_seen(written: str) -> None:
    assert explain(written) == explain("Y024")


def test_without_a_code_all_are_listed() -> None:
    exit_code, output = explain()

    assert exit_code == 0
    assert [line[:4] for line in output.splitlines()] == list(codes())


def test_an_unknown_code_is_wrong_usage_with_a_suggestion() -> None:
    exit_code, output = explain("Y0244")

    assert exit_code == click.UsageError.exit_code == 2
    assert re.search(r"there is no code `Y0244`; did you mean `Y0\d4`\?", output)


def test_every_code_has_a_title_a_reason_and_an_example() -> None:
    for name, meaning in codes().items():
        assert re.fullmatch(r"[YFNTREGSDCVMXWJ]\d{3}", name)
        assert all((meaning.title, meaning.why, meaning.before, meaning.after)), name
        assert meaning.before != meaning.after, name
        assert len(meaning.title) <= 90, name
        assert meaning.title[-1] not in ".!", name
        assert meaning.why.endswith("."), name


def test_every_code_that_is_used_is_explained() -> None:
    missing = {code: places for code, places in codes_in_source().items() if code not in codes()}

    assert not missing


def test_every_code_that_is_explained_is_used() -> None:
    assert not set(codes()) - set(codes_in_source())


def codes_in_source() -> dict[str, list[str]]:
    """Each code that stands in quotes in the sources, with the files that use it."""
    used: dict[str, list[str]] = {}
    for folder in ("runner", "nodes"):
        for file in sorted((REPOSITORY / folder).rglob("*.py")):
            for code in CODE_IN_SOURCE.findall(file.read_text(encoding="utf-8")):
                used.setdefault(code, []).append(str(file.relative_to(REPOSITORY)))
    return used
