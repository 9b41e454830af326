"""`orderloom runs show`: how a run went, step by step, and nothing of a person that was not asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.past import ANN, CARD, SECRET, Shop, out_of_order, with_three_runs
from tests.world.serving import Answer


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with with_three_runs(tmp_path_factory.mktemp("show")) as shop:
        yield shop


@pytest.fixture
def shop(three: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.chdir(three.folder)
    return three


def squeezed(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_the_way_of_a_run_is_drawn_with_what_led_to_what(shop: Shop) -> None:
    lines = shop.tell("runs", "show", "api:main:1").splitlines()

    drawn = [line[:3].rstrip() for line in lines[4:] if line[:3].strip(" │")]
    assert drawn == ["●", "●", "●", "├─╮", "● │", "  ●"]
    steps = [line.split() for line in lines if "●" in line]
    assert [next(word for word in words if word not in "●│") for words in steps] == [
        "capture", "weigh", "tell", "thank", "file",
    ]  # fmt: skip


def test_a_step_tells_its_outcome_how_long_it_took_what_went_in_and_came_out_and_why(shop: Shop) -> None:
    lines = squeezed(shop.tell("runs", "show", "api:main:1"))

    assert any(line.startswith("● weigh small") for line in lines)
    assert "│ in table=size, facts={order: Order api:main:1}" in lines
    assert "│ size: usual: no other row applied" in lines
    assert any(line.startswith("● tell") and line.endswith("ms") for line in lines)
    assert any("sent thanks to •••" in line for line in lines)


def test_a_wait_tells_whom_it_is_for_and_since_when(shop: Shop) -> None:
    lines = squeezed(shop.tell("runs", "show", "api:main:2"))

    assert any(line.startswith("○ approve waits") for line in lines)
    assert any(line.startswith("waits for a person at the desk `sales` since") for line in lines)


def test_a_failed_step_tells_what_the_other_side_said(shop: Shop) -> None:
    lines = squeezed(shop.tell("runs", "show", "api:main:3"))

    assert any(line.startswith("✗ tell invalid (parked)") for line in lines)
    assert any("invalid: PUT orders/{id}: 400 Bad Request" in line for line in lines)


def test_one_step_is_shown_alone_and_another_is_not_guessed(shop: Shop) -> None:
    told = shop.tell("runs", "show", "api:main:1", "--step", "weigh")
    assert "weigh" in told
    assert "thank" not in told

    _, error = shop.both("runs", "show", "api:main:1", "--step", "wiegh", code=2)
    assert "error[J003]: the run did not come to a step `wiegh`" in error
    assert "did you mean `weigh`?" in error


def test_json_has_the_steps_the_edges_that_were_taken_and_every_attempt(shop: Shop) -> None:
    told = shop.json("runs", "show", "api:main:1")

    assert [(step["step"], step["state"], step["words"]) for step in told["steps"]] == [
        ("capture", "done", []), ("weigh", "done", ["small"]), ("tell", "done", []), ("thank", "done", []),
        ("file", "done", ["valid"]),
    ]  # fmt: skip
    assert [(edge["from"], edge["to"], edge.get("words")) for edge in told["edges"]] == [
        ("capture", "weigh", None), ("weigh", "tell", ["small"]), ("tell", "thank", None), ("tell", "file", None),
    ]  # fmt: skip
    [call] = told["steps"][2]["calls"]
    assert call["in"]["parts"] == {"id": "1"}
    assert call["out"]["status"] == 200
    [attempt] = call["attempts"]
    assert attempt["number"] == 1
    assert attempt["began"] <= attempt["ended"]
    assert told["steps"][1]["calls"][0]["decisions"][0]["rows"] == ["usual"]


def test_the_same_way_comes_as_a_chart_of_what_was_taken_alone(shop: Shop) -> None:
    chart = shop.tell("runs", "show", "api:main:1", "--format", "mermaid")
    graph = shop.tell("runs", "show", "api:main:1", "--format", "dot")

    assert 's1 -->|"small"| s3' in chart
    assert "approve" not in chart
    assert graph.startswith("digraph")
    assert "approve" not in graph


def test_personal_data_is_hidden_by_its_mark_and_wherever_else_its_words_stand(shop: Shop) -> None:
    for words in (["api:main:1"], ["api:main:2"], ["api:main:2", "--json"], ["api:main:1", "--json"]):
        told = shop.tell("runs", "show", *words)
        assert [word for word in (ANN, "Lindqvist", "Chestnut", "555 0142", "rings twice", CARD) if word in told] == []

    question = shop.json("runs", "show", "api:main:2")["steps"][-1]["calls"][0]["in"]["question"]
    assert question == "Ship 2 to •••?"


def test_full_shows_people_and_never_secrets_or_card_numbers(shop: Shop) -> None:
    told = shop.tell("runs", "show", "api:main:2", "--full")
    told += shop.tell("runs", "show", "api:main:3", "--full", "--json")

    assert ANN in told
    assert "Chestnut Street 92" in told
    assert "my card is •••" in told
    assert CARD not in told
    assert SECRET not in told


def test_a_secret_of_a_connection_is_in_no_file_of_the_project_and_in_nothing_that_is_said(shop: Shop) -> None:
    assert shop.asked[-1].headers["authorization"] == f"Bearer {SECRET}"
    assert shop.files_with(SECRET) == []


def test_a_run_may_be_named_by_the_beginning_of_its_id_and_not_where_several_begin_so(shop: Shop) -> None:
    name = shop.json("runs", "list", "--key", "api:main:1")["runs"][0]["run"]

    assert shop.json("runs", "show", name[:8])["key"] == "api:main:1"
    assert "error[J001]: there is no run `api:main:9` here" in shop.both("runs", "show", "api:main:9", code=2)[1]


def test_a_run_whose_node_is_gone_is_told_from_its_events_without_what_went_in(tmp_path: Path) -> None:
    """The flow was pinned, and its node is the project's own: once that is removed, nothing can be played back."""
    wrapped = (
        "from orderloom import Outcome, node\n\n\nclass Wrapped(Outcome, name='wrapped'):\n    paper: str\n\n\n"
        "@node('gift-wrap')\ndef gift_wrap(paper: str) -> Wrapped:\n    \"\"\"Wrap it.\"\"\"\n"
        "    return Wrapped(paper=paper)\n"
    )
    flow = (
        "flow: wrap\nkey: =capture.order.order_id\nsteps:\n  capture: {use: capture}\n"
        "  wrap: {use: gift-wrap, with: {paper: =capture.order.order_number}}\n"
    )
    with with_three_runs(tmp_path) as shop:
        node = shop.folder / "nodes" / "gift_wrap" / "__init__.py"
        node.parent.mkdir(parents=True)
        node.write_text(wrapped)
        (shop.folder / "flows" / "wrap.yaml").write_text(flow)
        shop.run(7, flow="wrap")
        node.unlink()

        told = shop.json("runs", "show", "api:main:7")

    assert "cannot be made again" in told["unplayed"]
    assert [(step["step"], step["state"]) for step in told["steps"]] == [("capture", "done"), ("wrap", "done")]
    [call] = told["steps"][1]["calls"]
    assert "in" not in call


def test_each_attempt_of_a_step_is_told_with_why_it_failed(tmp_path: Path) -> None:
    with with_three_runs(tmp_path) as shop:
        flow = shop.folder / "flows" / "small.yaml"
        flow.write_text(flow.read_text().replace("steps:", "defaults: {retry: 2x 1s..1s}\nsteps:"))
        busy = [503, 429]
        shop.answers = lambda asked: Answer(busy.pop(0)) if busy else out_of_order(asked)
        shop.run(4, code=1)

        lines = squeezed(shop.tell("runs", "show", "api:main:4", "--step", "tell"))

    assert any(line.startswith("✗ tell invalid (parked)") and line.endswith("3 attempts") for line in lines)
    attempts = [line for line in lines if line.startswith("attempt")]
    assert [line.split(":")[1].strip() for line in attempts] == ["unavailable", "rate_limited", "invalid"]
    assert "; again at" in attempts[0]
