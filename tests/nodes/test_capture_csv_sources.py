"""Rows by their column map: a map for each source, and files with too many bad rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orderloom.cli import invoke

MAP = """
columns: day
one_order: =row.Order
order: {ordered_at: "2026-03-02T10:00:00Z", currency: EUR}
line: {sku: =row.Article, quantity: =row.Pieces, unit_price: =row.Price}
"""
MARKET = """
columns: market
one_order: =row.Bestellung
numbers: {decimal: ","}
order: {ordered_at: "2026-03-02T10:00:00Z", currency: EUR}
line: {sku: =row.Artikel, quantity: =row.Menge, unit_price: =row.Preis}
"""
FLOW = """
flow: day
version: 1
key: =capture.order.order_id
steps:
  capture: {use: capture, with: {%s}}
  number: {use: map, with: {fields: {number: =capture.order.order_number}}}
"""
GOOD = "Order,Article,Pieces,Price\n1,MUG,2,1.50\n2,MUG,1,1.50\n3,CUP,1,2.00\n4,CUP,4,2.00\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder in ("flows", "mappings", "inbox"):
        (tmp_path / folder).mkdir()
    (tmp_path / "orderloom.yaml").write_text("project: day\n")
    (tmp_path / "mappings" / "day.columns.yaml").write_text(MAP)
    (tmp_path / "mappings" / "market.columns.yaml").write_text(MARKET)
    flow(tmp_path, "columns: mappings/day.columns.yaml")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def flow(project: Path, given: str) -> None:
    (project / "flows" / "day.yaml").write_text(FLOW % given)


def stopping(project: Path, share: str) -> None:
    (project / "mappings" / "day.columns.yaml").write_text(f"{MAP}stop_at: {share}\n")


def run(project: Path, text: str, capsys: pytest.CaptureFixture[str], name: str = "day.csv") -> list[str]:
    """The numbers of the orders that were run."""
    (project / "inbox" / name).write_text(text)
    capsys.readouterr()
    invoke(["run", "day", "--input", f"inbox/{name}", "--json"])
    return [json.loads(line)["key"].rpartition(":")[2] for line in capsys.readouterr().out.splitlines()]


def test_a_bad_row_keeps_back_its_own_order_alone(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(project, GOOD.replace("2,MUG,1", "2,MUG,one"), capsys) == ["1", "3", "4"]


def test_a_file_with_more_bad_rows_than_stop_at_starts_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stopping(project, "20%")
    (project / "inbox" / "day.csv").write_text(GOOD.replace("2,MUG,1", "2,MUG,one"))

    assert invoke(["run", "day", "--input", "inbox/day.csv"]) == 1

    said = capsys.readouterr()
    assert "error[V610]: 1 of 4 rows are bad, which is more than 20%: nothing of this file is taken" in said.err
    assert "inbox/day.csv:3:1" in said.err
    assert "1 orders" not in said.out
    assert "0 orders" not in said.out


@pytest.mark.parametrize(
    ("share", "ran"), [("24.99%", []), ("25%", ["1", "3", "4"]), ("0%", []), ("100%", ["1", "3", "4"])]
)
def test_a_share_that_is_just_reached_is_not_passed(
    project: Path, capsys: pytest.CaptureFixture[str], share: str, ran: list[str]
) -> None:
    stopping(project, share)

    assert run(project, GOOD.replace("2,MUG,1", "2,MUG,one"), capsys) == ran


def test_a_row_with_two_mistakes_is_one_bad_row(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stopping(project, "25%")

    assert run(project, GOOD.replace("2,MUG,1,1.50", "2,MUG,one,x"), capsys) == ["1", "3", "4"]


def test_a_shifted_column_spoils_no_order_where_stop_at_says_so(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stopping(project, "10%")

    assert run(project, "Order,Pieces,Article,Price\n1,MUG,2,1.50\n2,MUG,1,1.50\n3,7,1,2.00\n", capsys) == []


def test_a_file_that_breaks_off_is_refused_whole_where_stop_at_is_set(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torn = GOOD + '5,"CUP,1,2.00\n'

    before = run(project, torn, capsys)
    stopping(project, "50%")
    behind = run(project, torn, capsys)

    assert (before, behind) == (["1", "2", "3"], [])


def test_a_file_that_is_refused_whole_is_kept_whole(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stopping(project, "0%")
    text = GOOD.replace("2,MUG,1", "2,MUG,one")

    run(project, text, capsys)

    [kept] = (project / ".orderloom" / "quarantine").glob("*.json")
    assert json.loads(kept.read_text())["document"] == text


@pytest.mark.parametrize("share", ["20", "0.2", "120%", "-1%", "a lot", "[20%]"])
def test_a_share_is_written_in_per_cent(project: Path, capsys: pytest.CaptureFixture[str], share: str) -> None:
    stopping(project, share)

    assert invoke(["check"]) == 1

    said = capsys.readouterr().err
    assert "error[M003]: `stop_at` is a share of the file's rows, from 0% to 100%" in said
    assert "day.columns.yaml:6:10" in said


TWO = (
    "sources: [{files: inbox/day*.csv, format: csv, columns: mappings/day.columns.yaml}, "
    "{files: inbox/market*.csv, format: csv, columns: mappings/market.columns.yaml}]"
)
FROM_MARKET = "Bestellung;Artikel;Menge;Preis\n77;MUG;2;1,50\n"


def test_each_source_has_a_column_map_of_its_own(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flow(project, TWO)

    assert invoke(["check"]) == 0
    assert run(project, GOOD, capsys, "day-2.csv") == ["1", "2", "3", "4"]
    assert run(project, FROM_MARKET, capsys, "market-2.csv") == ["77"]


def test_a_file_from_elsewhere_is_known_by_its_name(
    project: Path, capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    flow(project, TWO)
    file = tmp_path_factory.mktemp("elsewhere") / "market-3.csv"
    file.write_text(FROM_MARKET)

    assert invoke(["run", "day", "--input", str(file)]) == 0


def test_the_only_column_map_of_all_sources_reads_any_file(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flow(project, "sources: [{files: inbox/m*.csv, columns: mappings/market.columns.yaml}, {webhook: /hooks/orders}]")

    assert run(project, FROM_MARKET, capsys, "other.csv") == ["77"]


def test_the_map_of_the_step_reads_what_no_source_has_a_map_for(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = "sources: [{files: inbox/market*.csv, columns: mappings/market.columns.yaml}]"
    flow(project, "columns: mappings/day.columns.yaml, " + one)

    assert run(project, GOOD, capsys, "other.csv") == ["1", "2", "3", "4"]
    assert run(project, FROM_MARKET, capsys, "market.csv") == ["77"]


def test_a_file_that_no_column_map_fits_is_refused_with_where_to_write_one(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flow(project, TWO)
    (project / "inbox" / "other.csv").write_text(GOOD)

    assert invoke(["run", "day", "--input", "inbox/other.csv"]) == 1

    said = capsys.readouterr().err
    assert "error[V600]: nothing says what the columns of this CSV are" in said
    assert "to its source, or to the step's `with:`" in said


def test_a_column_map_of_a_source_that_is_not_there_is_named_at_its_place(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flow(project, "sources: [{files: inbox/*.csv, columns: mappings/dya.columns.yaml}]")

    assert invoke(["check"]) == 1

    said = capsys.readouterr().err
    assert "flows/day.yaml:6:74" in said
    assert "`sources[0].columns` wants the path of a column map that is there" in said
    assert "did you mean `mappings/day.columns.yaml`?" in said


def test_a_mistake_in_the_column_map_of_a_source_is_told_at_its_own_place(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flow(project, TWO)
    (project / "mappings" / "market.columns.yaml").write_text(MARKET.replace("{sku:", "{titel: MUG, sku:"))

    assert invoke(["check"]) == 1

    said = capsys.readouterr().err
    assert "error[M003]: a line has no field `titel`" in said
    assert "market.columns.yaml:6:8" in said


def test_a_column_map_goes_with_csv_alone(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flow(project, "sources: [{files: in/*.json, format: shopify, columns: mappings/day.columns.yaml}]")

    assert invoke(["check"]) == 1

    assert "`columns` with the formats csv and xlsx only" in capsys.readouterr().err
