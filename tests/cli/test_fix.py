"""`orderloom check --fix`: what is mended, what is left alone, and how files are written."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import orderloom_flows
from orderloom.cli.check import command
from orderloom.problems import key_slip, slip
from orderloom.project import shipped

SHIPPED = sorted(file for file in shipped().glob("*.yaml") if "\nsteps:" in file.read_text(encoding="utf-8"))
FEW = 40
EXAMPLES = int(os.environ.get("ORDERLOOM_EXAMPLES", FEW))
TABLE = (
    "table: level\nhit: first\ninputs:\n  total: {is: total, type: number}\n"
    "outputs:\n  outcome: {type: text, values: [high, low]}\nrows:\n"
    "  - {id: r1, total: '> 5', outcome: high}\n  - {id: r2, outcome: low}\n"
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for folder in ("flows", "rules"):
        (tmp_path / folder).mkdir()
    (tmp_path / "orderloom.yaml").touch()
    return tmp_path


def flow(project: Path, steps: str) -> Path:
    file = project / "flows" / "f.yaml"
    file.write_text(f"flow: f\nsteps:\n  capture: {{use: capture}}\n{steps}", encoding="utf-8")
    return file


def fix(*arguments: str) -> Result:
    return CliRunner().invoke(command, ["--fix", *arguments])


def test_each_mend_is_told_with_its_place_and_what_is_left_follows(project: Path) -> None:
    step = "  check:\n    use: validat\n    with: {order: =capture.order}\n    next: {valid: ~, odd: ~}\n"
    file = flow(project, step)

    told = fix()

    assert told.exit_code == 1
    assert told.stdout == "mended  flows/f.yaml:5:10  N001: `validat` is now `validate`\n"
    assert "use: validate\n" in file.read_text(encoding="utf-8")
    assert "error[G002]: `check` has no outcome `odd`" in told.stderr
    assert "N001" not in told.stderr


def test_comments_line_ends_mark_and_permissions_stay(project: Path) -> None:
    text = "\ufeff# größer\r\nflow: f # a\r\nsteps:\r\n  capture:   {use: 'captur'} # b\r\n  \r\n# end"
    file = project / "flows" / "f.yaml"
    file.write_bytes(text.encode())
    file.chmod(0o640)

    assert fix().exit_code == 0
    assert file.read_bytes() == text.replace("captur'", "capture'").encode()
    assert file.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in file.parent.iterdir()] == ["f.yaml"]


def test_several_slips_on_one_line_are_mended_in_one_go(project: Path) -> None:
    steps = "  a: {use: validat, wiht: {ordr: =capture.oder}, next: {valdi: ~, fixabel: ~, rejected: ~}}\n"
    file = flow(project, steps)

    assert fix().exit_code == 0
    line = "  a: {use: validate, with: {order: =capture.order}, next: {valid: ~, fixable: ~, rejected: ~}}\n"
    assert file.read_text(encoding="utf-8").endswith(line)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("{use: capture, timeout: 5m, retry: 1x}", None),
        ("{use: ask, max_parallel: '3', for_each: =[1, 2]}", '{use: ask, max_parallel: 3, for_each: "=[1, 2]"}'),
        ("{use: capture, when: =if(true, true)}", None),
    ],
)
def test_numbers_in_quotes_lose_them(project: Path, wrong: str, right: str | None) -> None:
    file = flow(project, f"  more: {wrong}\n")
    before = file.read_text(encoding="utf-8")

    fix()

    assert file.read_text(encoding="utf-8") == (before.replace(wrong, right) if right else before)


def test_a_formula_that_its_comma_ends_gets_quotes(project: Path) -> None:
    formula = "=coalesce(capture.order, null)"
    file = flow(project, f"  a: {{use: validate, with: {{order: {formula}}}, next: {{ok: ~, invalid: ~}}}}\n")

    told = fix("--format", "json")

    assert '{order: "=coalesce(capture.order, null)"}' in file.read_text(encoding="utf-8")
    assert "Y030" in told.stderr
    assert "Y030" not in {problem["code"] for problem in json.loads(told.stdout)["problems"]}


def test_a_table_and_the_connections_are_mended_too(project: Path) -> None:
    table, connections = project / "rules" / "level.table.yaml", project / "connections.yaml"
    table.write_text(TABLE.replace("hit: first", "hit: frist").replace("rows:", "rowws:"), encoding="utf-8")
    connections.write_text("mail: {type: outbx}\n", encoding="utf-8")

    told = fix()

    assert told.exit_code == 0, told.stderr
    assert table.read_text(encoding="utf-8") == TABLE
    assert connections.read_text(encoding="utf-8") == "mail: {type: outbox}\n"


def test_an_edit_that_would_bring_another_mistake_is_not_written_and_that_is_said(project: Path) -> None:
    file = flow(
        project,
        "  first: {use: ask, with: {question: a, because: =capture}, next: {approved: second, rejected: ~}}\n"
        "  second: {use: ask, with: {question: b, because: =first}, next: {approved: frst, rejected: ~}}\n",
    )
    before = file.read_bytes()

    told = fix()

    assert file.read_bytes() == before
    assert re.search(r"not mended  flows/f.yaml:5:\d+  R002: it would bring G00\d", told.stderr), told.stderr
    assert "error[R002]: no step is named `frst`" in told.stderr


def test_of_two_ends_of_a_name_neither_is_certain(project: Path) -> None:
    """Nothing else reads `chcek`: the slip may as well be where the step is named."""
    steps = "  chcek: {use: validate, with: {order: =capture.order}, next: {valid: ~, invalid: ~}}\n"
    file = flow(project, steps + "  then: {use: map, with: {fields: {a: =check}}, after: check}\n")
    before = file.read_bytes()

    fix()

    assert file.read_bytes() == before


def test_an_outcome_that_the_flow_names_itself_is_not_certain(project: Path) -> None:
    asked = "{kind: choose, desk: returns, question: q, because: [], words: [accpt, reject]}"
    file = flow(project, f"  a: {{use: ask, with: {asked}, next: {{accept: ~, reject: ~}}}}\n")
    before = file.read_bytes()

    assert "G002" in fix().stderr
    assert file.read_bytes() == before


def test_data_stays_alone_on_standard_output(project: Path) -> None:
    flow(project, "").write_text("flow: f\nsteps: {capture: {use: captur}}\n", encoding="utf-8")

    told = fix("--format", "json")

    assert json.loads(told.stdout) == {"problems": []}
    assert told.stderr == "mended  flows/f.yaml:2:24  N001: `captur` is now `capture`\n"


def test_a_file_that_is_not_utf_8_is_left_alone(project: Path) -> None:
    table = TABLE[: TABLE.index("rows:")] + "rows: level.csv\n"
    (project / "rules" / "level.table.yaml").write_text(table, encoding="utf-8")
    rows = project / "rules" / "level.csv"
    rows.write_text("id,total,outcome\nr1,> floorr(2),high\n", encoding="utf-16")
    before = rows.read_bytes()

    told = fix()

    assert "R104" in told.stderr
    assert "the file is not UTF-8" in told.stderr
    assert rows.read_bytes() == before


def test_what_belongs_to_an_installation_is_never_touched(tmp_path: Path) -> None:
    installed = tmp_path / "lib" / "orderloom_flows"
    shutil.copytree(Path(orderloom_flows.__file__).parent, installed)
    file = installed / "returns.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("use: capture", "use: captur", 1), encoding="utf-8")
    before = file.read_bytes()

    told = subprocess.run(
        [sys.executable, "-m", "orderloom", "check", "--fix"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "lib")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 1, told.stderr
    assert file.read_bytes() == before
    assert "part of an installation" in told.stderr


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("captur", ["capture", "refund"], "capture"),
        ("cpature", ["capture"], "capture"),
        ("cappture", ["capture"], "capture"),
        ("capturr", ["capture"], "capture"),
        ("for-each", ["for_each"], "for_each"),
        ("Capture", ["capture"], "capture"),
        ("unpaid", ["paid"], None),
        ("disapproved", ["approved"], None),
        ("oks", ["ok"], None),
        ("retrn", ["return", "returns"], None),
        ("order_ids", ["order_id", "order_ids2"], None),
    ],
)
def test_only_one_slip_from_the_one_word_alike_is_certain(word: str, known: list[str], meant: str | None) -> None:
    assert slip(word, known) == meant


@pytest.mark.parametrize(
    ("word", "known", "needed", "meant"),
    [
        ("kye", ["flow", "key", "let"], None, "key"),
        ("KEY", ["key"], None, "key"),
        ("eky", ["key"], None, "key"),
        ("keys", ["key"], None, None),
        ("set", ["let", "key"], None, None),
        ("yek", ["key"], None, None),
        ("us", ["use", "let"], "use", "use"),
        ("uses", ["use"], "use", "use"),
        ("id", ["use"], "use", None),
        ("setps", ["steps", "flow"], None, "steps"),
    ],
)
def test_a_short_key_is_certain_by_its_letters_or_where_it_is_the_one_that_lacks(
    word: str, known: list[str], needed: str | None, meant: str | None
) -> None:
    assert key_slip(word, known, needed) == meant


def test_a_slip_in_a_short_key_is_mended(project: Path) -> None:
    file = flow(project, "  ask: {ues: ask, with: {kind: task, desk: d, question: q}, after: [capture]}\n")
    file.write_text(f"kye: =capture.order.order_id\n{file.read_text()}")

    told = fix()

    assert told.exit_code == 0, told.output
    assert file.read_text().startswith("key: =")
    assert "ask: {use: ask," in file.read_text()


def slips(word: str, at: int, letter: str) -> list[str]:
    at = at % len(word)
    swapped = word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
    return [word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :], swapped]


@settings(
    max_examples=EXAMPLES,
    derandomize=EXAMPLES == FEW,  # a sample in CI; ORDERLOOM_EXAMPLES=2000 searches on
    deadline=None,
    phases=[Phase.generate],  # a flow that fails needs no shrinking
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_a_slip_in_a_shipped_flow_is_mended_to_the_original_or_left_alone(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    original = data.draw(st.sampled_from(SHIPPED)).read_text(encoding="utf-8")
    words = list(re.finditer(r"[A-Za-z_-]{3,}", original))
    word = data.draw(st.sampled_from(words))
    letter = data.draw(st.sampled_from("aeinrst"))
    slipped = slips(word[0], data.draw(st.integers(0, 30)), letter)[data.draw(st.integers(0, 3))]
    wrong = original[: word.start()] + slipped + original[word.end() :]
    project = tmp_path_factory.mktemp("project")
    shutil.copytree(shipped(), project, dirs_exist_ok=True)
    (project / "orderloom.yaml").touch()
    file = project / "f.yaml"
    file.write_text(wrong, encoding="utf-8")

    told = fix(str(file))

    assert file.read_text(encoding="utf-8") in (original, wrong), told.stdout
