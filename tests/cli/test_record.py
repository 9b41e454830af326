"""`orderloom test --record RUN`: a run of the journal becomes a scenario in which it goes again as it went."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.test_shipped_paths import WAYS, Way, document

from orderloom.cli import invoke

PERSONAL = (
    "Ann", "Larkin", "ann@example.test", "1120 SW 5th Avenue", "503-555-0142", "+15035550142", "203.0.113", "97204",
    "6504301002001",
)  # fmt: skip
# what a person did besides, or what the closed world cannot know, is answered as it was
WALKED = [
    "plain", "address corrected by the desk", "nobody corrects it in time", "review declined", "payment fails for good",
    "substitute accepted", "substitute declined, stock never comes", "one of two shipments has no carrier",
    "the label service is down for good", "refund without return", "accepted, inspected, restocked, refunded",
    "exchanged", "unknown order",
]  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert invoke(["init", "shop"]) == 0
    monkeypatch.chdir(tmp_path / "shop")
    return tmp_path / "shop"


def run(project: Path, name: str, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    """The report of a run that goes that way, with the journal."""
    way: Way = WAYS[name]
    sample = document(way.sample)
    way.change(sample)
    (project / "sample.json").write_text(json.dumps(sample), encoding="utf-8")
    way.prepare(project)
    given = [part for answer in way.answers for part in ("--answer", answer)]
    capsys.readouterr()
    flow = "returns" if way.sample.startswith("return") else "order-to-delivery"
    assert invoke(["run", flow, "--input", "sample.json", *given, "--json"]) == way.code
    report: dict[str, object] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return report


@pytest.mark.parametrize("name", WALKED)
def test_a_run_goes_again_as_it_went_and_nothing_tells_of_a_person(
    shop: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    report = run(shop, name, capsys)

    code = invoke(["test", "--record", str(report["run"]), "-o", "scenarios/again.yaml"])

    assert code == 0, capsys.readouterr()
    written = (shop / "scenarios" / "again.yaml").read_text(encoding="utf-8")
    sample = (shop / "samples" / "again.json").read_text(encoding="utf-8")
    assert [text for text in PERSONAL if text in written + sample] == []
    capsys.readouterr()
    assert invoke(["test", "scenarios/again.yaml", "--json"]) == 0
    [file] = json.loads(capsys.readouterr().out)["scenarios"]
    assert (file["cases"][0]["path"], file["cases"][0]["status"]) == (report["path"], report["status"])


def test_a_run_is_named_by_the_key_of_its_order_too(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = run(shop, "refund without return", capsys)

    assert invoke(["test", "--record", str(report["key"])]) == 0

    assert (
        f"wrote scenarios/returns-{report['run']}.yaml and samples/returns-{report['run']}.json"
        in capsys.readouterr().out
    )


def test_a_file_that_is_there_is_not_written_over(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = run(shop, "refund without return", capsys)
    before = (shop / "scenarios" / "returns.yaml").read_bytes()

    assert invoke(["test", "--record", str(report["run"]), "-o", "scenarios/returns.yaml"]) == 2

    assert "error[W042]" in capsys.readouterr().err
    assert (shop / "scenarios" / "returns.yaml").read_bytes() == before


def test_a_run_that_is_not_there_is_told(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["test", "--record", "r-1"]) == 2
    assert "error[W040]: nothing has run here with the journal" in capsys.readouterr().err

    run(shop, "refund without return", capsys)
    assert invoke(["test", "--record", "r-1"]) == 2
    assert "error[W040]: there is no run `r-1`" in capsys.readouterr().err


def test_a_recording_goes_nowhere_without_a_run() -> None:
    assert invoke(["test", "-o", "scenarios/again.yaml"]) == 2
