"""Finding nodes: the built-in pack by its entry point, a project's own by their folders, and what is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from orderloom.packs import UnknownNodeError, catalogue
from orderloom.problems import ProblemsError

NODE = '''
from orderloom import Outcome, node

class Done(Outcome, name="done"):
    """It is done."""

@node("{name}", version={version})
def it() -> Done:
    """Does it."""
    return Done()
'''


def project_node(nodes: Path, folder: str, name: str, version: int = 1) -> Path:
    (nodes / folder).mkdir(parents=True)
    (nodes / folder / "__init__.py").write_text(NODE.format(name=name, version=version))
    return nodes / folder


def test_the_core_pack_comes_by_its_entry_point() -> None:
    assert "validate" in catalogue().names()


def test_no_node_is_imported_before_it_is_asked_for(tmp_path: Path) -> None:
    project_node(tmp_path, "wrap_gift", "wrap-gift")
    before = set(sys.modules)

    names = catalogue(tmp_path).names()

    assert "wrap-gift" in names
    assert not [name for name in set(sys.modules) - before if name.startswith("_orderloom_project")]


def test_a_folder_of_the_project_is_a_node_and_nothing_is_put_on_the_path(tmp_path: Path) -> None:
    project_node(tmp_path, "wrap_gift", "wrap-gift")
    path = list(sys.path)

    found = catalogue(tmp_path).find("wrap-gift")

    assert (found.name, found.pack, found.summary) == ("wrap-gift", "project", "Does it.")
    assert sys.path == path


def test_a_node_is_found_by_pack_and_by_major_version(tmp_path: Path) -> None:
    project_node(tmp_path, "wrap_gift", "wrap-gift", version=2)
    nodes = catalogue(tmp_path)

    assert nodes.find("project/wrap-gift@2") is nodes.find("wrap-gift")
    with pytest.raises(UnknownNodeError) as refused:
        nodes.find("wrap-gift@1")
    assert refused.value.known == ("wrap-gift@2",)


def test_the_same_name_twice_is_refused_and_both_places_are_named(tmp_path: Path) -> None:
    folder = project_node(tmp_path, "validate", "validate")

    with pytest.raises(ProblemsError) as refused:
        catalogue(tmp_path)

    [problem] = refused.value.problems
    assert problem.code == "N011"
    assert str(folder) in str(problem.place)
    assert "orderloom_nodes.validate" in str(problem.help)


def test_a_folder_that_declares_no_node_of_its_name_is_refused(tmp_path: Path) -> None:
    project_node(tmp_path, "wrap_gift", "wrapgift")

    with pytest.raises(ProblemsError) as refused:
        catalogue(tmp_path).find("wrap-gift")

    assert refused.value.problems[0].code == "N010"


def test_a_module_that_breaks_is_a_finding_at_its_own_line(tmp_path: Path) -> None:
    folder = project_node(tmp_path, "wrap_gift", "wrap-gift")
    (folder / "__init__.py").write_text("import json\n\nimport orderlom\n")

    with pytest.raises(ProblemsError) as refused:
        catalogue(tmp_path).find("wrap-gift")

    [problem] = refused.value.problems
    assert (problem.code, problem.place.line) == ("N012", 3)


def test_a_module_that_is_no_python_is_a_finding_at_the_line_that_cannot_be_read(tmp_path: Path) -> None:
    folder = project_node(tmp_path, "wrap_gift", "wrap-gift")
    (folder / "__init__.py").write_text("import json\n\ndef it(:\n")

    with pytest.raises(ProblemsError) as refused:
        catalogue(tmp_path).find("wrap-gift")

    assert refused.value.problems[0].place.line == 3


# A pack that is installed

EXAMPLE = Path(__file__).parent.parent / "examples" / "gift-pack"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example pack as pip installs it, in a folder of its own."""
    target = tmp_path_factory.mktemp("site")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "--target", target, EXAMPLE], check=True, capture_output=True
    )
    return target


def with_pack(installed: Path, cwd: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def test_an_installed_pack_is_listed_called_and_tested(installed: Path, tmp_path: Path) -> None:
    order = {
        "order_id": "api:main:1", "notes": ["Happy birthday!"], "channel": {"type": "api"}, "currency": "USD",
        "ordered_at": "2026-03-01T10:00:00Z", "totals": {"grand_total": {"amount": "9.00", "currency": "USD"}},
        "payment": {"status": "paid"},
        "lines": [{"line_id": "1", "sku": "MUG", "quantity": 1, "unit_price": {"amount": "9.00", "currency": "USD"}}],
    }  # fmt: skip
    (tmp_path / "in.json").write_text(json.dumps({"order": order}))

    listed = with_pack(installed, tmp_path, "orderloom", "nodes", "list", "--json")
    called = with_pack(installed, tmp_path, "orderloom", "nodes", "call", "gifts/card-text", "--input", "in.json")
    tested = with_pack(installed, tmp_path, "orderloom", "nodes", "test", "card-text", "supplier-stock")

    packs = {node["name"]: node["pack"] for node in json.loads(listed.stdout)}
    assert (packs["card-text"], packs["supplier-stock"]) == ("gifts", "gifts")
    assert json.loads(called.stdout) == {"outcome": "written", "text": "Happy birthday!", "cut": False}
    assert "0 failed, 7 passed" in tested.stdout


def test_a_flow_uses_the_nodes_of_an_installed_pack(installed: Path, tmp_path: Path) -> None:
    assert with_pack(installed, tmp_path, "orderloom", "init", "shop").returncode == 0
    shop = tmp_path / "shop"
    (shop / "flows" / "cards.yaml").write_text(
        "flow: cards\nversion: 1\nsteps:\n  capture: {use: capture}\n"
        "  card:\n    use: gifts/card-text@1\n    with: {order: =capture.order}\n    next: {written: print, blank: ~}\n"
        "  print: {use: ask, with: {kind: task, desk: depot, question: 'Print {card.text}'}}\n"
    )

    checked = with_pack(installed, shop, "orderloom", "check", "cards")
    ran = with_pack(installed, shop, "orderloom", "run", "cards", "--input", "samples/shopify-order.json", "--json")

    assert checked.returncode == 0, checked.stderr
    assert json.loads(ran.stdout)["path"] == ["capture", "card:blank"]


def test_the_pack_passes_its_own_tests(installed: Path) -> None:
    ran = with_pack(installed, EXAMPLE, "pytest", "-q", "-p", "no:cacheprovider", "tests")

    assert "9 passed" in ran.stdout, ran.stdout
