"""Orders that come again, earlier or later than they should, and changed: one order is one run (rules 27 and 28)."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_run_many import RUN, order, reports, started

FLOW = """
flow: note
version: 1
key: =capture.order.order_id
steps:
  capture: {use: capture, with: {sources: [{files: inbox/*.json}, {files: changes/*.json, revises: true}]}}
  tell: {use: notify, with: {template: shipped, to: =capture.order.customer, data: {order: =capture.order}}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "orderloom.yaml").write_text("")
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "note.yaml").write_text(FLOW)
    return tmp_path


def written(project: Path, name: str, minute: int, **more: Any) -> str:
    """The same order, as it was changed at that minute."""
    file = project / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({**order(1), "updated_at": f"2026-03-02T10:{minute:02}:00Z", **more}))
    return name


def ran(project: Path, source: str) -> tuple[list[dict[str, Any]], str]:
    done = subprocess.run(
        [*RUN, "note", "--input", source, "--json"],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return reports(done.stdout), done.stderr


def messages(project: Path) -> int:
    return len(list((project / "outbox").iterdir())) if (project / "outbox").is_dir() else 0


def runs(project: Path) -> int:
    with sqlite3.connect(project / ".orderloom" / "journal.db") as db:
        return int(db.execute("SELECT count(*) FROM run").fetchone()[0])


def test_a_thousand_repeats_make_one_order(project: Path) -> None:
    (project / "orders.jsonl").write_text(f"{json.dumps(order(1))}\n" * 1000)

    told, said = ran(project, "orders.jsonl")

    assert len(told) == 1000
    assert sum("repeated" not in one for one in told) == 1
    assert (runs(project), messages(project)) == (1, 1)
    assert "999 met again and run once" in said


def test_a_thousand_repeats_in_several_processes_at_once_make_one_order(project: Path) -> None:
    (project / "orders.jsonl").write_text(f"{json.dumps(order(1))}\n" * 250)
    command = [*RUN, "note", "--input", "orders.jsonl", "--json"]

    at_once = [started(command, project) for _ in range(4)]
    told = [report for one in at_once for report in reports(one.communicate(timeout=240)[0])]

    assert len(told) == 1000
    assert sum("repeated" not in one for one in told) == 1
    assert len({one["run"] for one in told}) == 1
    assert (runs(project), messages(project)) == (1, 1)


def test_a_later_revision_is_told_with_its_task_and_runs_nothing(project: Path) -> None:
    ran(project, written(project, "inbox/1.json", 0))
    [told], said = ran(project, written(project, "inbox/2.json", 5, email="ben@example.test"))

    assert told["repeated"] is True
    assert told["revised"]["state"] == "told"
    assert f"task {told['revised']['task']} of the inbox shows the difference" in said
    assert messages(project) == 1


def test_an_older_revision_is_told_and_ignored(project: Path) -> None:
    ran(project, written(project, "inbox/1.json", 5))
    [told], said = ran(project, written(project, "inbox/2.json", 0, email="ben@example.test"))

    assert told["revised"]["state"] == "stale"
    assert "is older than" in said
    assert "ignored" in said


def test_a_change_before_its_order_is_kept_and_told_when_the_order_comes(project: Path) -> None:
    told, said = ran(project, written(project, "changes/1.json", 5, cancelled_at="2026-03-02T10:05:00Z"))

    assert told == []
    assert "kept until it does" in said
    assert messages(project) == 0

    ran(project, written(project, "inbox/1.json", 0))
    with sqlite3.connect(project / ".orderloom" / "journal.db") as db:
        [(body,)] = db.execute("SELECT body FROM pending WHERE kind = 'changed'").fetchall()
    assert {"path": "cancelled_at", "was": None, "now": "2026-03-02T10:05:00Z"} in json.loads(body)["difference"]


def test_a_cancelled_order_that_comes_before_itself_is_not_run_twice(project: Path) -> None:
    """Without a source of changes the first document is the order: a whole one, and the latest."""
    ran(project, written(project, "inbox/2.json", 5, cancelled_at="2026-03-02T10:05:00Z"))
    [told], _ = ran(project, written(project, "inbox/1.json", 0))

    assert told["revised"]["state"] == "stale"
    assert runs(project) == 1


def test_a_dry_run_passes_changes_over(project: Path) -> None:
    name = written(project, "changes/1.json", 5)
    done = subprocess.run(
        [*RUN, "note", "--input", name, "--dry-run"],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert "changes of earlier orders: without the journal there are none" in done.stdout
    assert not (project / ".orderloom").exists()


def shown_flow(name: str) -> str:
    """The flow of that name, as the documentation shows it."""
    page = (Path(__file__).parents[2] / "docs" / "flows.md").read_text(encoding="utf-8")
    [text] = [part.partition("```")[0] for part in page.split("```yaml\n") if part.startswith(f"flow: {name}\n")]
    return text


def test_a_cancellation_takes_back_what_was_done_in_a_flow_that_waits_for_it(project: Path) -> None:
    (project / "flows" / "note.yaml").write_text(
        shown_flow("ship-unless-cancelled").replace("ship-unless-cancelled", "note")
    )
    first = subprocess.run(
        [*RUN, "note", "--input", written(project, "inbox/1.json", 0), "--json"],
        cwd=project, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    [told] = reports(first.stdout)
    assert (told["status"], [wait["step"] for wait in told["waiting"]]) == ("waiting", ["changed", "pack"])

    [told], said = ran(project, written(project, "changes/1.json", 5, cancelled_at="2026-03-02T10:05:00Z"))

    assert told["status"] == "cancelled"
    assert told["undone"] == ["pay"]
    assert "its run has it as document.changed" in said


NIGHTLY = """
columns: nightly
summary: What the shop exports at night, a row for each line.
one_order: =row.Id
dates: {zone: UTC}
order:
  order_id: ="shopify:main:" + row.Id
  order_number: =row.Name
  channel: {type: shopify, account_id: main}
  ordered_at: =row.Created
  currency: EUR
line: {sku: =row.Sku, quantity: =row.Quantity, unit_price: =row.Price}
"""


def test_the_same_order_by_webhook_and_by_the_nightly_export_is_sent_once(project: Path) -> None:
    (project / "mappings").mkdir()
    (project / "mappings" / "nightly.columns.yaml").write_text(NIGHTLY)
    source = "{files: nightly/*.csv, columns: mappings/nightly.columns.yaml}"
    (project / "flows" / "note.yaml").write_text(
        FLOW.replace("{files: inbox/*.json}", f"{{files: inbox/*.json}}, {source}")
    )
    ran(project, written(project, "inbox/1.json", 0))
    (project / "nightly").mkdir()
    (project / "nightly" / "march.csv").write_text(
        "Id,Name,Created,Sku,Quantity,Price\n5000000001,1,2026-03-02T10:00:00,A,1,10.00\n"
    )
    [told], said = ran(project, "nightly/march.csv")

    assert (told["repeated"], told["revised"]["state"]) == (True, "stale")
    assert "ignored" in said
    assert (runs(project), messages(project)) == (1, 1)
