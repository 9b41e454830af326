"""Every mistake that a newcomer makes in a node's folder is a finding with a place and a mend, never a traceback."""

from __future__ import annotations

import json
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from orderloom.cli import invoke
from orderloom.packs import catalogue
from orderloom.packs.examined import examine
from orderloom.problems import Problem, ProblemsError

GOOD = '''\
from orderloom import Outcome, node


class Done(Outcome, name="done"):
    """It is done."""

    note: str = ""


@node("wrap")
def wrap(note: str = "") -> Done:
    """Wrap it."""
    return Done(note=note)
'''


def findings(tmp_path: Path, text: str, **files: str) -> list[Problem]:
    """What is wrong with the node `wrap` of this text, and of these files beside it."""
    folder = tmp_path / "nodes" / "wrap"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(text, encoding="utf-8")
    named = {"cases": "cases.yaml", "description": "node.schema.json"}
    for name, content in files.items():
        (folder / named.get(name, f"{name}.py")).write_text(content)
    return examine(catalogue(tmp_path / "nodes"), "wrap", folder)


def told(problems: list[Problem]) -> list[tuple[str, str, int]]:
    return [(problem.code, Path(problem.place.file).name, problem.place.line) for problem in problems]


def test_a_good_node_has_no_finding(tmp_path: Path) -> None:
    assert findings(tmp_path, GOOD, cases='- {case: it is wrapped, with: {note: "a"}, then: {outcome: done}}') == []


@pytest.mark.parametrize(
    ("change", "line", "message", "mend"),
    [
        (("def wrap(", "def wrap("[:-1]), 11, "this is no Python", None),
        (("from orderloom", "from orderlom"), 1, "No module named 'orderlom'", "did you mean `orderloom`?"),
        (("import Outcome, node", "import Outcome, nod"), 1, "`orderloom` promises no `nod`", "did you mean `node`?"),
        (("import Outcome, node", "import node"), 4, "name 'Outcome' is not defined", "from orderloom import Outcome"),
        (("note: str = \"\") ->", "note) ->"), 10, "parameter `note` needs a type", None),
        ((" -> Done:", ":"), 10, "must return one or more Outcome classes", None),
        ((" -> Done:", " -> str:"), 10, "must return one or more Outcome classes", None),
        (('@node("wrap")', '@node("wrap", kind="acton")'), 10, "kind `acton` is none of", None),
        (('@node("wrap")', '@node("wrap", effects="twice")'), 10, "effects `twice` is none of", None),
        (('@node("wrap")', '@node("wrap", in_doubt="maybe")'), 10, "in_doubt `maybe` is none of", None),
        (('@node("wrap")', '@node("Wrap It")'), 10, "cannot be the name of a node", None),
        (('@node("wrap")', '@node("wrap", tries=3)'), 10, "unexpected keyword argument 'tries'", None),
        (('@node("wrap")', "@node"), 10, 'a node is declared with its name', '@node("wrap")'),
        (("class Done", "import sys\nsys.exit(3)\nclass Done"), 5, "it ends the program", None),
        (("class Done", "def again():\n    again()\nagain()\nclass Done"), 5, "it calls itself without end", None),
        (("class Done", "raise ValueError('no')\nclass Done"), 4, "no", None),
        (("note: str", "note: Text"), 7, "name 'Text' is not defined", None),
        (("note: str = \"\") ->", "*note: str) ->"), 10, "`*note: str` cannot be given by its name", None),
        (("note: str = \"\") ->", "note: str, /) ->"), 10, "`note: str` cannot be given by its name", None),
        (("def wrap", "async def wrap"), 10, "gives no outcome when it is called", None),
        (("return Done", "yield Done"), 10, "gives no outcome when it is called", None),
        (("def wrap(", "class Wrap(Done):\n    ...\ndef wrap("), 10, "only a function can be declared", None),
    ],
)  # fmt: skip
def test_what_keeps_a_node_from_loading_is_told_at_its_line(
    tmp_path: Path, change: tuple[str, str], line: int, message: str, mend: str | None
) -> None:
    assert change[0] in GOOD

    [problem] = findings(tmp_path, GOOD.replace(*change))

    assert problem.code in {"N012", "N010"}
    assert problem.help, "a finding says how it is mended"
    assert message in problem.message
    assert (Path(problem.place.file).name, problem.place.line) == ("__init__.py", line)
    assert mend is None or problem.help == mend


def test_a_module_that_is_not_utf_8_is_told_so(tmp_path: Path) -> None:
    folder = tmp_path / "nodes" / "wrap"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_bytes(GOOD.replace("It is done", "Caf\xe9").encode("latin-1"))

    [problem] = examine(catalogue(tmp_path / "nodes"), "wrap", folder)

    assert (problem.code, problem.help) == ("N012", "save the file as UTF-8")


@pytest.mark.parametrize(
    ("default", "mend"),
    [("3", "give one that is, or leave it away"), ("None", "write `str | None`")],
)
def test_a_default_that_is_not_of_its_type_is_told(tmp_path: Path, default: str, mend: str) -> None:
    [problem] = findings(tmp_path, GOOD.replace('note: str = "")', f"note: str = {default})"))

    assert (problem.code, problem.message, problem.help) == ("N509", "the default of `note` is no `str`", mend)


def test_a_mistake_in_another_file_of_the_folder_is_told_there(tmp_path: Path) -> None:
    [problem] = findings(tmp_path, "from .paper import PAPER\n" + GOOD, paper="PAPER = {\n")

    assert (problem.code, Path(problem.place.file).name) == ("N012", "paper.py")


def test_two_modules_that_need_each_other_are_told(tmp_path: Path) -> None:
    [problem] = findings(tmp_path, "from .paper import PAPER\n" + GOOD, paper="from . import wrap\nPAPER = 1\n")

    assert problem.code == "N012"
    assert Path(problem.place.file).name == "paper.py"


def test_a_node_of_another_name_is_told_with_the_one_that_is_there(tmp_path: Path) -> None:
    [problem] = findings(tmp_path, GOOD.replace('@node("wrap")', '@node("wrapp")'))

    assert (problem.code, problem.help) == ("N010", "did you mean `wrapp`?")


def test_a_folder_without_any_node_is_told_what_is_missing(tmp_path: Path) -> None:
    [problem] = findings(tmp_path, "VALUE = 1\n")

    assert (problem.code, problem.help) == ("N010", 'put @node("wrap") above its function')


def test_two_nodes_of_one_name_are_told_with_both_lines(tmp_path: Path) -> None:
    twice = GOOD + '\n\n@node("wrap")\ndef again() -> Done:\n    """Wrap it again."""\n    return Done()\n'

    [problem] = findings(tmp_path, twice)

    assert problem.code == "N013"
    assert "lines 10 and 16" in problem.message


# Beside the node that is meant

SECOND = '\n\n@node("fold")\ndef fold() -> Done:\n    """Fold it."""\n    return Done()\n'


def test_a_second_node_in_a_folder_is_told_with_the_folder_it_needs(tmp_path: Path) -> None:
    [problem] = findings(tmp_path, GOOD + SECOND)

    assert told([problem]) == [("N014", "__init__.py", 16)]
    assert problem.help == "move it to a folder of its own: nodes/fold/__init__.py"


def test_a_flow_cannot_use_a_folder_with_a_second_node(tmp_path: Path) -> None:
    findings(tmp_path, GOOD + SECOND)

    with pytest.raises(ProblemsError) as refused:
        catalogue(tmp_path / "nodes").find("wrap")

    assert told(list(refused.value.problems)) == [("N014", "__init__.py", 16)]


def test_a_second_node_that_is_imported_from_a_file_of_the_folder_is_told_there(tmp_path: Path) -> None:
    problems = findings(tmp_path, "from .paper import fold, wrap\n", paper=GOOD + SECOND)

    assert told(problems) == [("N014", "paper.py", 16)]


def test_a_second_node_in_a_file_that_is_not_imported_is_told(tmp_path: Path) -> None:
    paper = GOOD.replace('"wrap"', '"fold"')

    assert told(findings(tmp_path, GOOD, paper=paper)) == [("N014", "paper.py", 10)]


def test_a_second_node_that_has_a_folder_as_well_is_told_where_the_other_is(tmp_path: Path) -> None:
    (tmp_path / "nodes" / "fold").mkdir(parents=True)
    (tmp_path / "nodes" / "fold" / "__init__.py").write_text(GOOD.replace('"wrap"', '"fold"'))

    [problem] = findings(tmp_path, GOOD + SECOND)

    assert problem.code == "N014"
    assert str(problem.help).endswith(f"`fold` is in {tmp_path / 'nodes' / 'fold'}")


def test_each_of_several_nodes_too_many_is_told(tmp_path: Path) -> None:
    third = SECOND.replace("fold", "crease")

    assert [problem.code for problem in findings(tmp_path, GOOD + SECOND + third)] == ["N014", "N014"]


def test_two_nodes_of_one_name_and_one_function_are_told(tmp_path: Path) -> None:
    again = SECOND.replace("fold", "wrap")

    [problem] = findings(tmp_path, GOOD + again)

    assert (problem.code, problem.place.line) == ("N013", 16)
    assert "lines 10 and 16" in problem.message


def test_two_nodes_of_one_name_in_two_files_are_told_with_both_files(tmp_path: Path) -> None:
    [problem] = findings(tmp_path, GOOD, paper=GOOD)

    assert problem.code == "N013"
    assert "__init__.py:10 and paper.py:10" in problem.message


def test_a_node_whose_function_is_put_aside_by_another_is_told_at_its_line(tmp_path: Path) -> None:
    [problem] = findings(tmp_path, GOOD + "\n\ndef wrap() -> None:\n    ...\n")

    assert told([problem]) == [("N010", "__init__.py", 10)]
    assert "further down `wrap` is something else" in problem.message


@pytest.mark.parametrize("mark", ["import orderloom\n", "import orderloom as o\n", "from orderloom import node as n\n"])
def test_a_node_in_a_file_that_is_not_imported_is_told_with_the_line_that_imports_it(tmp_path: Path, mark: str) -> None:
    called = {"import orderloom\n": "orderloom.node", "import orderloom as o\n": "o.node"}.get(mark, "n")

    [problem] = findings(tmp_path, "", paper=mark + GOOD.replace("@node(", f"@{called}("))

    assert told([problem]) == [("N010", "paper.py", 11)]
    assert problem.help == "add to __init__.py: from .paper import wrap"


def test_a_node_that_comes_from_elsewhere_is_not_taken_for_one_of_the_folder(tmp_path: Path) -> None:
    assert findings(tmp_path, "from orderloom_nodes.validate import validate\n" + GOOD) == []


def test_a_node_of_the_same_name_that_comes_from_elsewhere_is_not_taken_for_the_own_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere_wrap.py").write_text(GOOD)
    monkeypatch.syspath_prepend(tmp_path)

    assert findings(tmp_path, "from elsewhere_wrap import wrap as theirs\n" + GOOD) == []


def test_a_node_that_a_test_declares_is_none_of_the_folder(tmp_path: Path) -> None:
    assert findings(tmp_path, GOOD, test_wrap=GOOD + SECOND) == []


def test_two_outcomes_of_one_name_are_refused(tmp_path: Path) -> None:
    also = 'class Also(Outcome, name="done"):\n    """Too."""\n\n\n@node'
    text = GOOD.replace("@node", also).replace("-> Done:", "-> Done | Also:")

    [problem] = findings(tmp_path, text)

    assert "two outcomes are named `done`" in problem.message


def test_a_type_that_cannot_be_described_is_told(tmp_path: Path) -> None:
    text = "import threading\n\n" + GOOD.replace('note: str = "") ->', 'lock: "threading.Lock") ->')

    problems = findings(tmp_path, text.replace("note=note", ""))

    assert [(problem.code, problem.severity) for problem in problems] == [("N505", "error")]
    assert "`lock`" in problems[0].message


def test_a_type_of_an_outcome_that_cannot_be_described_is_told(tmp_path: Path) -> None:
    fields = '    own: Odd = None\n    model_config = {"arbitrary_types_allowed": True}\n'
    text = GOOD.replace('    note: str = ""\n', f'    note: str = ""\n{fields}')
    text = text.replace("class Done", "class Odd:\n    pass\n\n\nclass Done")

    [problem] = findings(tmp_path, text)

    assert (problem.code, problem.place.line) == ("N505", 16)


def test_a_node_that_does_not_say_what_it_does_is_warned_of(tmp_path: Path) -> None:
    [problem] = findings(tmp_path, GOOD.replace('    """Wrap it."""\n', ""))

    assert (problem.code, problem.severity) == ("N508", "warning")


@pytest.mark.parametrize(
    ("case", "message", "mend"),
    [
        ("{cse: a, then: {}}", "a case has no `cse`", "did you mean `case`?"),
        ("{case: a}", "a case needs `then`", "add `then: {outcome: …}`"),
        ("{case: a, with: {nte: x}, then: {outcome: done}}", "node `wrap` takes no `nte`", "did you mean `note`?"),
        ("{case: a, then: {outcome: don}}", "`wrap` has no outcome `don`", "did you mean `done`?"),
        ("{case: a, then: {error: timout}}", "`wrap` has no error class `timout`", "did you mean `timeout`?"),
        ("{case: a, with: [], then: {outcome: done}}", "`with` is a mapping", "with: {…: …}"),
        ("just words", "a case is a mapping", "{case: …, with: {…}, then: {outcome: …}}"),
    ],
)
def test_a_case_that_says_nothing_true_is_told(tmp_path: Path, case: str, message: str, mend: str | None) -> None:
    problems = findings(tmp_path, GOOD, cases=f"- {case}")

    assert ("N501", message, mend) in [(problem.code, problem.message, problem.help) for problem in problems]
    assert {(Path(problem.place.file).name, problem.place.line) for problem in problems} == {("cases.yaml", 1)}


def test_cases_that_are_no_yaml_are_told_with_the_line(tmp_path: Path) -> None:
    assert told(findings(tmp_path, GOOD, cases="- case: a\n  then: {outcome: done\n"))[0][1] == "cases.yaml"


def test_a_published_description_that_is_behind_is_told_with_the_command_that_mends_it(tmp_path: Path) -> None:
    [problem] = findings(tmp_path, GOOD, description="{}")

    assert (problem.code, problem.help) == ("N500", "orderloom nodes describe wrap --write")


def test_a_published_description_that_is_no_json_is_told(tmp_path: Path) -> None:
    [problem] = findings(tmp_path, GOOD, description='{"name": }')

    assert (Path(problem.place.file).name, problem.place.line) == ("node.schema.json", 1)


def test_a_node_in_python_and_by_http_in_one_folder_is_refused(tmp_path: Path) -> None:
    [problem] = findings(tmp_path, GOOD, description='{"name": "wrap", "http": {}}')

    assert problem.code == "N507"


# A description alone

DESCRIPTION: dict[str, Any] = {
    "name": "stock", "title": "Ask the supplier.", "version": 1,
    "http": {"connection": "supplier", "path": "stock/{sku}", "statuses": {"404": "unknown"}},
    "inputs": {"type": "object", "properties": {"sku": {"type": "string"}}, "required": ["sku"]},
    "outcomes": {"oneOf": [
        {"type": "object", "properties": {"outcome": {"const": "found"}, "units": {"type": "integer"}}},
        {"type": "object", "properties": {"outcome": {"const": "unknown"}}},
    ]},
}  # fmt: skip


def described(tmp_path: Path, **changes: Any) -> list[Problem]:
    folder = tmp_path / "nodes" / "stock"
    folder.mkdir(parents=True)
    (folder / "node.schema.json").write_text(json.dumps({**DESCRIPTION, **changes}, indent=1))
    return examine(catalogue(tmp_path / "nodes"), "stock", folder)


def test_a_good_description_has_no_finding(tmp_path: Path) -> None:
    assert described(tmp_path) == []


OUTCOME = {"type": "object", "properties": {"outcome": {"const": "found"}}}


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"name": "stok"}, "N503", "the folder is that of `stock`, and the description that of `stok`"),
        ({"titel": "x"}, "N503", "a description has no `titel`"),
        ({"title": ""}, "N503", "`title` is one sentence"),
        ({"version": "1"}, "N503", "`version` is a whole number"),
        ({"kind": "acton"}, "N503", "`kind` cannot be `acton`"),
        ({"effects": "maybe"}, "N503", "`effects` cannot be `maybe`"),
        ({"inputs": {"sku": "text"}}, "N503", "`inputs` is a JSON Schema of an object"),
        ({"inputs": {"properties": {"sku": {"type": "txt"}}}}, "N503", "this is no JSON Schema"),
        ({"inputs": {"properties": {"sku": {}}, "required": ["skuu"]}}, "N503", "`skuu` is needed and not described"),
        ({"inputs": {"properties": {"sku": {"$ref": "#/$defs/Sku"}}}}, "N503", "nothing is described as"),
        ({"outcomes": {}}, "N503", "`outcomes` lists what the node can end with"),
        ({"outcomes": {"oneOf": [{"type": "object"}]}}, "N503", "an outcome has its word"),
        ({"outcomes": {"oneOf": [OUTCOME, OUTCOME]}}, "N503", "two outcomes are named `found`"),
        ({"errors": "none"}, "N503", "`errors` is a list of words"),
        ({"http": "GET"}, "N504", "`http` says how the service is asked"),
        ({"http": {"path": "x"}}, "N504", "`http` needs a `connection`"),
        ({"http": {"connection": "s", "methd": "GET"}}, "N504", "`http` has no `methd`"),
        ({"http": {"connection": "s", "method": "FETCH"}}, "N504", "`FETCH` is no method"),
        ({"http": {"connection": "s", "path": "stock/{sk}"}}, "N504", "`sk` is neither an input nor a setting"),
        ({"http": {"connection": "s", "query": ["skuu"]}}, "N504", "`skuu` is neither an input nor a setting"),
        ({"http": {"connection": "s", "query": "sku"}}, "N504", "`query` is a list of names"),
        ({"http": {"connection": "s", "body": "order"}}, "N504", "`order` is neither an input nor a setting"),
        ({"http": {"connection": "s", "statuses": {"404": "unknwn"}}}, "N504", "there is no outcome `unknwn`"),
    ],
)
def test_a_description_that_is_wrong_is_told_with_its_place(
    tmp_path: Path, changes: dict[str, Any], code: str, message: str
) -> None:
    problems = described(tmp_path, **changes)

    assert [(problem.code, problem.place.line > 0) for problem in problems] == [(code, True)]
    assert message in problems[0].message


def test_what_a_description_lacks_is_told_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "nodes" / "stock"
    folder.mkdir(parents=True)
    (folder / "node.schema.json").write_text("{}")

    problems = examine(catalogue(tmp_path / "nodes"), "stock", folder)

    lacking = {problem.message.split("`")[1] for problem in problems}
    assert lacking == {"name", "title", "version", "outcomes", "http"}


# Packs


def entries(monkeypatch: pytest.MonkeyPatch, *more: EntryPoint) -> None:
    from importlib import metadata

    from orderloom import packs

    known = [*metadata.entry_points(group=packs.GROUP), *more]
    monkeypatch.setattr(packs, "entry_points", lambda group: known)


def test_a_pack_that_cannot_be_imported_hides_no_other_node(monkeypatch: pytest.MonkeyPatch) -> None:
    entries(monkeypatch, EntryPoint("gifts", "no_such_pack", "orderloom.packs"))

    nodes = catalogue()

    assert "validate" in nodes.names()
    [problem] = nodes.problems
    assert (problem.code, problem.place.file) == ("N012", "orderloom.packs: gifts = no_such_pack")


@pytest.mark.parametrize(
    ("text", "code"),
    [("NODE = {}", "N502"), ("NODES = ['wrap']", "N502"), ("NODES = {'wrap': 3}", "N502"), ("NODES = {", "N012")],
)
def test_a_pack_that_names_no_nodes_is_told_in_its_own_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, code: str
) -> None:
    name = f"pack_{code.lower()}_{abs(hash(text))}"
    (tmp_path / f"{name}.py").write_text(f"{text}\n")
    monkeypatch.syspath_prepend(tmp_path)
    entries(monkeypatch, EntryPoint("gifts", name, "orderloom.packs"))

    [problem] = catalogue().problems

    assert (problem.code, Path(problem.place.file).name) == (code, f"{name}.py")


def gift_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **nodes: str) -> None:
    """A pack with one module, in which `wrap` and `fold` are declared."""
    name = f"gift_pack_{'_'.join(nodes)}"
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text(f"NODES = {({node: f'{name}.{at}' for node, at in nodes.items()})}\n")
    (tmp_path / name / "paper.py").write_text(GOOD + SECOND)
    monkeypatch.syspath_prepend(tmp_path)
    entries(monkeypatch, EntryPoint("gifts", name, "orderloom.packs"))


def test_a_node_that_a_pack_does_not_name_is_told_with_the_line_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gift_pack(tmp_path, monkeypatch, wrap="paper")

    with pytest.raises(ProblemsError) as refused:
        catalogue().find("wrap")

    [problem] = refused.value.problems
    assert told([problem]) == [("N014", "paper.py", 16)]
    assert problem.help == 'name it in the `NODES` of the pack: "fold": "gift_pack_wrap.paper"'


def test_two_nodes_of_a_pack_may_share_a_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gift_pack(tmp_path, monkeypatch, wrap="paper", fold="paper")

    assert [catalogue().find(name).name for name in ("wrap", "fold")] == ["wrap", "fold"]


def test_a_node_of_two_packs_is_refused_and_both_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other_pack.py").write_text('NODES = {"validate": "other_pack.validate"}\n')
    monkeypatch.syspath_prepend(tmp_path)
    entries(monkeypatch, EntryPoint("other", "other_pack", "orderloom.packs"))

    with pytest.raises(ProblemsError) as refused:
        catalogue()

    [problem] = refused.value.problems
    assert (problem.code, problem.place.file) == ("N011", "other_pack.validate")
    assert "orderloom_nodes.validate" in str(problem.help)


# As a newcomer meets it


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    assert invoke(["init", "mine", "--template", "empty"]) == 0
    monkeypatch.chdir(tmp_path / "mine")
    capsys.readouterr()
    return tmp_path / "mine"


def write(project: Path, name: str, text: str) -> None:
    (project / "nodes" / name).mkdir(parents=True, exist_ok=True)
    (project / "nodes" / name / "__init__.py").write_text(text)


def test_check_tells_the_mistakes_of_every_node(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, "wrap", GOOD.replace("-> Done:", ":"))
    write(project, "fold", "def fold(:\n")
    write(project, "good", GOOD.replace('"wrap"', '"good"'))

    assert invoke(["check"]) == 1

    out, err = capsys.readouterr()
    assert "nodes/wrap/__init__.py:10" in err
    assert "nodes/fold/__init__.py:1" in err
    assert "nodes/good/__init__.py  ok  a node" in out
    assert "Traceback" not in err


def test_a_broken_node_does_not_hide_the_others(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, "wrap", "def wrap(:\n")

    assert invoke(["nodes", "list"]) == 0

    out, err = capsys.readouterr()
    assert "validate" in out
    assert "N012" in err


def test_a_node_that_breaks_when_it_is_called_is_told_with_its_line(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, "wrap", GOOD.replace("return Done(note=note)", "return 1 / 0"))
    (project / "flows" / "wraps.yaml").write_text(
        "flow: wraps\nversion: 1\nsteps:\n  capture: {use: capture}\n"
        "  wrap: {use: wrap, with: {note: =capture.order.order_id}}\n"
    )
    sample = next((project / "samples").iterdir())

    assert invoke(["run", "wraps", "--input", str(sample), "--json"]) == 1

    [report] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    [problem] = report["problems"]
    assert problem["message"].startswith("`wrap` broke at ")
    assert "__init__.py:13" in problem["message"]
    assert "ZeroDivisionError: division by zero" in problem["message"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("note=note", "nte=note"), "`Done` has no field `nte` (did you mean `note`?)"),
        (("note=note", "note=[]"), "`note` of `Done` wants a text, but is a list"),
        (('note: str = ""\n\n', "note: str\n\n", "note=note", ""), "`Done` needs `note`"),
    ],
)
def test_an_outcome_that_is_made_wrong_is_told_in_our_own_words(
    project: Path, change: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = GOOD
    for old, new in zip(change[::2], change[1::2], strict=True):
        assert old in text
        text = text.replace(old, new)
    write(project, "wrap", text)
    (project / "flows" / "wraps.yaml").write_text(
        "flow: wraps\nversion: 1\nsteps:\n  capture: {use: capture}\n  wrap: {use: wrap, after: [capture]}\n"
    )
    sample = next((project / "samples").iterdir())

    assert invoke(["run", "wraps", "--input", str(sample), "--json"]) == 1

    [report] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert message in report["problems"][0]["message"]
    assert "pydantic" not in report["problems"][0]["message"]


def test_what_a_module_prints_is_no_data_of_the_command(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, "wrap", f'print("hello")\n{GOOD}')

    assert invoke(["nodes", "list", "--json"]) == 0

    out, err = capsys.readouterr()
    assert "wrap" in {one["name"] for one in json.loads(out)}
    assert "hello" in err


def test_a_node_that_gives_no_outcome_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, "wrap", GOOD.replace("return Done(note=note)", "return None"))
    (project / "flows" / "wraps.yaml").write_text(
        "flow: wraps\nversion: 1\nsteps:\n  capture: {use: capture}\n  wrap: {use: wrap, after: [capture]}\n"
    )
    sample = next((project / "samples").iterdir())

    assert invoke(["run", "wraps", "--input", str(sample), "--json"]) == 1

    assert "`wrap` returned no outcome but nothing: let it return Done(…)" in capsys.readouterr().out
