"""`orderloom completion`: driven through the shells themselves, with the script that it prints."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# Puts the words into a shell's own variables, calls the function that the script registered, prints what it found.
BASH = """
source <(orderloom completion bash)
compopt() {{ echo "<$2>"; }}
COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); COMPREPLY=()
_orderloom_completion orderloom
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
ZSH = """
autoload -Uz compinit; compinit -u -D
source <(orderloom completion zsh)
compadd() {{ while [[ $1 != -a ]]; do shift; done; print -l -- ${{(P)2}} }}
_describe() {{ print -l -- ${{(P)3}} }}
_path_files() {{ print "<files>" }}
words=({words}); CURRENT=${{#words}}
_orderloom_completion
"""
FISH = 'orderloom completion fish | source; complete --do-complete "{line}"'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """With one flow, one table, one node."""
    for name, text in {
        "orderloom.yaml": "",
        "flows/my-flow.yaml": "flow: my-flow\nsteps:\n  capture: {use: capture}\n  look:\n    use: ask\n"
        "    next: {approved: ~, rejected: ~}\n",
        "flows/notes.yaml": "a: 1\n",
        "rules/my-table.table.yaml": "",
        "nodes/my_node/__init__.py": "raise RuntimeError('completing must not import nodes')\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def shell(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"needs {name}: apt-get install {name}")
    return found


def ran(project: Path, program: str, script: str) -> list[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    told = subprocess.run(
        [shell(program), "-c", script],
        cwd=project,
        env={**os.environ, "PATH": path, "HOME": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stderr == ""
    return [line for line in told.stdout.splitlines() if line]


def bash(project: Path, *words: str) -> list[str]:
    return ran(project, "bash", BASH.format(words=" ".join(f"'{word}'" for word in ("orderloom", *words))))


def test_commands_and_options_are_completed(project: Path) -> None:
    assert bash(project, "exp") == ["explain", "export"]
    assert bash(project, "check", "--f") == ["--fix", "--format"]
    assert bash(project, "check", "--format", "s") == ["sarif"]


def test_flows_are_those_of_the_project_and_shipped_ones_and_files(project: Path) -> None:
    assert bash(project, "run", "") == [
        "<default>", "my-flow", "automate-return-request-evaluation", "optimize-carrier-selection-and-routing",
        "order-to-delivery", "payment-recovery", "returns", "send-order",
    ]
    assert bash(project, "graph", "my") == ["<default>", "my-flow"]
    assert bash(project, "export", "n8n", "ret") == ["<default>", "returns"]


def test_tables_nodes_and_codes_are_completed(project: Path) -> None:
    assert bash(project, "rules", "show", "my") == ["<default>", "my-table"]
    assert bash(project, "nodes", "show", "my") == ["my-node"]
    assert bash(project, "nodes", "show", "choose") == ["choose-carrier"]
    assert bash(project, "export", "n8n", "--node", "capt") == ["capture", "capture-payment"]
    assert "N001" in bash(project, "explain", "n00")


def test_answers_are_the_steps_with_the_outcomes_that_are_routed(project: Path) -> None:
    asked = ["run", "my-flow", "--answer"]

    assert bash(project, *asked, "lo") == ["look=approved", "look=rejected"]
    assert bash(project, *asked, "cap") == ["<nospace>", "capture="]


def test_bash_takes_the_sign_for_the_end_of_a_word(project: Path) -> None:
    asked = ["run", "my-flow", "--answer", "look"]

    assert bash(project, *asked, "=") == ["<default>", "approved", "rejected"]
    assert bash(project, *asked, "=", "app") == ["<default>", "approved"]
    assert bash(project, "check", "--format", "=", "s") == ["sarif"]


def test_an_unknown_command_is_completed_to_nothing(project: Path) -> None:
    assert bash(project, "nonsense", "x") == []


def test_outside_of_a_project_and_in_a_broken_flow_there_is_still_an_answer(project: Path) -> None:
    (project / "flows" / "my-flow.yaml").write_text("steps: [\n", encoding="utf-8")

    assert bash(project, "run", "my-flow", "--answer", "l") == []


def test_zsh_completes_the_same(project: Path) -> None:
    def zsh(*words: str) -> list[str]:
        return ran(project, "zsh", ZSH.format(words=" ".join(f"'{word}'" for word in ("orderloom", *words))))

    assert [line.partition(":")[0] for line in zsh("exp")] == ["explain", "export"]
    assert zsh("graph", "my") == ["<files>", "my-flow"]
    assert zsh("run", "my-flow", "--answer", "look=a") == ["<files>", "look=approved"]


def test_fish_completes_the_same(project: Path) -> None:
    def fish(line: str) -> list[str]:
        return [one.partition("\t")[0] for one in ran(project, "fish", FISH.format(line=f"orderloom {line}"))]

    assert fish("exp") == ["explain", "export"]
    assert "my-flow" in fish("graph my")
    assert fish("nodes show choose") == ["choose-carrier"]


@pytest.mark.parametrize("line", ["run ", "nodes show ", "explain N", "run my-flow --answer ", "rules show "])
def test_completing_loads_nothing_slow(project: Path, line: str) -> None:
    code = (
        "import json, sys\nfrom orderloom.cli import main\ntry:\n    main()\nexcept SystemExit: pass\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    count = len(line.split()) + 1
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=project,
        env={**os.environ, "_ORDERLOOM_COMPLETE": "bash_complete", "COMP_WORDS": f"orderloom {line}",
             "COMP_CWORD": str(count - (not line.endswith(" ")))},
        capture_output=True,
        text=True,
        check=True,
    )  # fmt: skip

    loaded = set(json.loads(told.stdout.splitlines()[-1]))
    assert len(told.stdout.splitlines()) > 1
    assert not loaded & {"pydantic", "networkx", "jsonschema", "rich", "holidays", "phonenumbers"}
