"""The schemas in the real yaml-language-server: what an editor underlines, offers and shows in a new project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from orderloom.cli import invoke
from tests.editors.speaking import NotThereError, Server, installed

REPOSITORY = Path(__file__).parent.parent.parent
FOLDER = REPOSITORY / ".cache" / "yaml-language-server"
FLOW_LINE = "# yaml-language-server: $schema=../.schemas/flow.json\n"
START = f"{FLOW_LINE}flow: a\nversion: 1\nkey: =capture.order.order_id\nsteps:\n  capture: {{use: capture}}\n"

pytestmark = pytest.mark.xdist_group("npm")  # one process installs it and talks to it


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project as `init` makes it."""
    folder = tmp_path_factory.mktemp("editors") / "shop"
    assert invoke(["init", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def server(shop: Path) -> Iterator[Server]:
    try:
        program = installed(FOLDER)
    except NotThereError as error:
        pytest.skip(str(error))
    with Server(program, shop) as speaking:
        yield speaking


def line_of(words: str, text: str) -> int:
    """The line, counted from 1, on which the words stand first."""
    return text[: text.index(words)].count("\n") + 1


def test_nothing_is_underlined_in_a_new_project(server: Server, shop: Path) -> None:
    files = sorted(file for file in shop.rglob("*.yaml") if file.read_text().startswith("# yaml-language-server:"))

    assert {file.parent.name for file in files} == {"flows", "rules", "scenarios", "shop"}
    found = {file.name: server.complaints(str(file.relative_to(shop)), file.read_text()) for file in files}
    assert {name: complaints for name, complaints in found.items() if complaints} == {}


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ("use: validate\n", "use: validat\n", 'Value must be "ask" | '),
        ("weights: hold", "weihgts: hold", "Property weihgts is not allowed."),
        ("rejected: cancel", "rejetced: cancel", "Property rejetced is not allowed."),
        ("kind: edit", "kind: edti", 'Value is not accepted. Valid values: "approve", "edit"'),
        ("timeout: 2d", "timeout: 2 days", "a whole number with its unit: 30s, 5m, 8h or 2d"),
        ("{order: =capture.order, weights", "{order: capture.order, weights", "begins with `=`"),
        ("undo: {use: refund,", "undo: {use: refnud,", 'Value must be "ask" | '),
    ],
    ids=["node", "setting", "outcome", "word", "duration", "sign", "undo"],
)
def test_a_mistake_is_underlined_on_its_line(server: Server, shop: Path, right: str, wrong: str, words: str) -> None:
    text = (shop / "flows" / "order-to-delivery.yaml").read_text()

    found = server.complaints("flows/mistaken.yaml", text.replace(right, wrong, 1))

    assert {line for line, _ in found} == {line_of(right, text)}
    assert words in found[0][1]


def test_a_misspelt_type_of_column_is_underlined(server: Server, shop: Path) -> None:
    text = (shop / "rules" / "carrier-choice.table.yaml").read_text()

    found = server.complaints("rules/mistaken.table.yaml", text.replace("type: number", "type: nummer", 1))

    assert [line for line, _ in found] == [line_of("type: number", text)]


def test_a_misspelt_type_of_connection_is_underlined(server: Server, shop: Path) -> None:
    text = (shop / "connections.yaml").read_text()

    found = server.complaints("connections.yaml", text.replace("type: stock-files", "type: stock-flies"))

    assert [line for line, _ in found] == [line_of("type: stock-files", text)]


def test_the_nodes_are_offered_behind_use(server: Server) -> None:
    from orderloom.packs import catalogue

    assert server.offers("flows/new.yaml", f"{START}  look:\n    use: |\n") == catalogue().names()


def test_the_settings_and_inputs_of_the_node_are_offered_under_with(server: Server) -> None:
    found = server.offers("flows/new.yaml", f"{START}  look:\n    use: validate\n    with:\n      |\n")

    assert {"order", "weights", "most_per_line"} <= set(found)


def test_the_words_of_a_setting_are_offered(server: Server) -> None:
    found = server.offers("flows/new.yaml", f"{START}  look:\n    use: validate\n    with:\n      weights: |\n")

    assert {"hold", "note"} <= set(found)


@pytest.mark.parametrize(
    ("step", "outcomes"),
    [
        ("use: validate\n    with: {order: =capture.order}", ["valid", "fixable", "rejected"]),
        ("use: core/validate@1\n    with: {order: =capture.order}", ["valid", "fixable", "rejected"]),
        ("use: ask\n    with: {kind: approve, desk: orders}", ["approved", "declined"]),
        ("use: ask\n    with: {kind: edit, desk: orders}", ["edited", "discarded"]),
        ("use: decision\n    with: {table: rules/fraud-screen.table.yaml, facts: {}}", []),
    ],
    ids=["by name", "by pack and version", "approve", "edit", "decision"],
)
def test_the_outcomes_of_the_node_are_offered_under_next(server: Server, step: str, outcomes: list[str]) -> None:
    assert server.offers("flows/new.yaml", f"{START}  look:\n    {step}\n    next:\n      |\n") == outcomes


def test_the_error_classes_of_the_node_are_offered_under_on_error(server: Server) -> None:
    step = "use: collect-payment\n    with: {order: =capture.order}\n    on_error:\n      |\n"

    assert {"timeout", "unavailable"} <= set(server.offers("flows/new.yaml", f"{START}  pay:\n    {step}"))


def test_over_the_name_of_a_node_stands_what_it_does(server: Server) -> None:
    from orderloom.packs import catalogue

    shown = server.hint("flows/new.yaml", f"{START}  look:\n    use: vali|date\n    with: {{order: =capture.order}}\n")

    assert shown.startswith(catalogue().find("validate").summary)
    assert catalogue().find("ask").summary not in shown


def test_over_an_outcome_stands_what_it_gives(server: Server) -> None:
    step = "use: validate\n    with: {order: =capture.order}\n    next: {vali|d: ~, fixable: ~, rejected: ~}\n"

    assert "gives `order`, `notes`" in server.hint("flows/new.yaml", f"{START}  look:\n    {step}")
