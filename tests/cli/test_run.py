"""`orderloom run`, as an integrator meets it: exit codes first, then what is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from orderloom.cli import invoke
from orderloom.project import shipped

SAMPLE = str(shipped() / "samples" / "shopify-order.json")
ARRIVED = ("--answer", "delivered=happened")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    assert invoke(["init", "shop"]) == 0
    monkeypatch.chdir(tmp_path / "shop")
    capsys.readouterr()
    return tmp_path / "shop"


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_shopify_order_becomes_a_routed_carried_notified_shipment(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(["run", "order-to-delivery", "--input", SAMPLE, *ARRIVED, "--json"]) == 0

    [report] = told(capsys)
    decided = ["capture", "validate:valid", "history:usual", "screen:pass", "pay:paid", "route:routed", "choose:chosen"]
    assert report["path"] == [*decided, "documents", "tell_shipped", "delivered", "tell_delivered"]
    assert report["status"] == "completed"
    assert report["outputs"]["choose"][0]["outcome"] == "chosen"
    assert [sent["template"] for sent in report["sent"]] == ["shipped", "delivered"]
    assert {"step", "table", "rows", "facts", "why"} <= report["decisions"][0].keys()


def test_an_order_waits_for_its_parcel_to_arrive_and_for_nothing_else(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(["run", "order-to-delivery", "--input", SAMPLE, "--json"]) == 3

    [report] = told(capsys)
    [waiting] = report["waiting"]
    assert (waiting["step"], waiting["event"]) == ("delivered", "parcel.delivered")
    assert waiting["match"] == report["outputs"]["documents"][0]["tracking_number"]


def test_a_slip_and_a_label_are_made_once_however_often_the_order_comes(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    invoke(["run", "order-to-delivery", "--input", SAMPLE])
    assert "had come before" not in capsys.readouterr().err
    invoke(["run", "order-to-delivery", "--input", SAMPLE])

    assert [len(list((shop / "documents" / kind).iterdir())) for kind in ("slips", "labels")] == [1, 1]
    assert "shopify:main:5870012345001 had come before: this is its first run" in capsys.readouterr().err


def test_a_table_decides_on_the_written_order_as_the_flow_does(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    invoke(["run", "order-to-delivery", "--input", SAMPLE, "--json"])
    [report] = told(capsys)
    (shop / "facts.json").write_text(json.dumps({"order": report["outputs"]["validate"]["order"]}))

    assert invoke(["rules", "eval", "fraud-screen", "--facts", "facts.json", "--json"]) == 0

    [decision] = told(capsys)
    assert {name: decision[name] for name in ("rows", "facts", "why")} == {
        name: report["decisions"][0][name] for name in ("rows", "facts", "why")
    }


def test_the_report_has_the_keys_that_are_promised_in_their_order(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    invoke(["run", "order-to-delivery", "--input", SAMPLE, "--json"])

    keys = ["run", "flow", "version", "key", "status", "path", "outputs", "decisions", "sent", "waiting", "problems"]
    assert list(told(capsys)[0]) == keys


def test_the_message_lies_in_the_outbox_once_however_often_the_order_comes(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    invoke(["run", "order-to-delivery", "--input", SAMPLE])
    invoke(["run", "order-to-delivery", "--input", SAMPLE])

    assert len(list((shop / "outbox").glob("*.eml"))) == 1


def test_the_same_order_gives_the_same_report(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    invoke(["run", "order-to-delivery", "--input", SAMPLE, "--json"])
    first = told(capsys)
    invoke(["run", "order-to-delivery", "--input", SAMPLE, "--json"])

    assert [report["path"] for report in told(capsys)] == [report["path"] for report in first]


def test_an_order_met_twice_in_one_command_is_run_once(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    order = json.dumps(json.loads(Path(SAMPLE).read_text()))
    (shop / "twice.jsonl").write_text(f"{order}\n{order}\n")

    assert invoke(["run", "order-to-delivery", "--input", "twice.jsonl", *ARRIVED, "--json"]) == 0
    first, second = told(capsys)
    assert second == first | {"repeated": True}
    assert len(list((shop / "outbox").iterdir())) == 2  # shipped and delivered, once each


def test_a_dry_run_changes_nothing_and_says_what_it_would_call(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["run", "order-to-delivery", "--input", SAMPLE, "--dry-run", "--json"]) == 3

    [report] = told(capsys)
    assert report["path"][-2:] == ["route:routed", "choose:chosen"]
    assert report["outputs"]["route"]["reservation"] == ""
    assert [would["node"] for would in report["would"]] == ["ship-documents"]
    assert [name for name in ("outbox", "documents", ".orderloom") if (shop / name).exists()] == []


def test_an_order_whose_totals_do_not_add_up_waits_with_the_sum_and_the_difference(
    shop: Path, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = str(shared / "data" / "shopify" / "order.json")
    assert invoke(["run", "order-to-delivery", "--input", order, "--json"]) == 3

    [report] = told(capsys)
    assert report["status"] == "waiting"
    messages = " ".join(problem["message"] for problem in report["waiting"][0]["problems"])
    assert "598.94" in messages
    assert "409.94" in messages
    assert "189.00" in messages


def test_the_waiting_order_completes_with_what_the_person_answers(
    shop: Path, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = str(shared / "data" / "shopify" / "order.json")
    patch = {"totals.grand_total.amount": "598.94", "totals.subtotal.amount": "597.00"}
    (shop / "fix.json").write_text(json.dumps({"outcome": "edited", "patch": patch}))

    answers = ["--answer", "fix=fix.json", "--answer", "approve=approved", *ARRIVED]
    code = invoke(["run", "order-to-delivery", "--input", order, *answers, "--json"])

    [report] = told(capsys)
    assert (code, report["status"]) == (0, "completed")
    assert "fix:edited" in report["path"]


def test_an_answer_that_is_refused_leaves_the_run_waiting_with_the_reasons(
    shop: Path, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = str(shared / "data" / "shopify" / "order.json")
    (shop / "fix.json").write_text(json.dumps({"outcome": "edited", "patch": {"totals.grand_total.amount": "1.00"}}))

    assert invoke(["run", "order-to-delivery", "--input", order, "--answer", "fix=fix.json", "--json"]) == 3
    assert told(capsys)[0]["waiting"][0]["refused"]


def corrected(**lines: Any) -> str:
    """An answer that gives the lines of WooCommerce's own example order what they lack."""
    patch = {f"lines[{key[1]}].{key[3:]}": value for key, value in lines.items()}
    return "fix=" + json.dumps({"outcome": "edited", "patch": patch})


LIGHT = {"value": "250", "unit": "g"}


def real_woocommerce(shop: Path, shared: Path, answer: str | None) -> list[str]:
    """The command for it, in a shop that has its article."""
    with (shop / "stock" / "levels.csv").open("a", encoding="utf-8") as levels:
        levels.write("reno,Bar3,5,0,0,2026-03-02T06:00:00Z\n")
    file = str(shared / "data" / "woocommerce" / "order_727_processing.json")
    return ["run", "order-to-delivery", "--input", file, "--json", *ARRIVED, *(["--answer", answer] if answer else [])]


def test_the_real_woocommerce_order_is_held_with_its_reasons(
    shop: Path, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(real_woocommerce(shop, shared, None)) == 3

    [waiting] = told(capsys)[0]["waiting"]
    assert [(problem["code"], problem["path"]) for problem in waiting["problems"]] == [
        ("V122", "lines[0].sku"), ("V127", "lines[0].weight"), ("V127", "lines[1].weight"),
    ]  # fmt: skip


def test_it_runs_once_its_lines_have_what_they_lacked(
    shop: Path, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = corrected(l0_sku="MUG-ENAMEL-GRN", l0_weight=LIGHT, l1_weight=LIGHT)

    assert invoke(real_woocommerce(shop, shared, answer)) == 0

    [report] = told(capsys)
    assert report["status"] == "completed"
    assert report["path"][1:4] == ["validate:fixable", "ask_customer:desk", "fix:edited"]
    assert [line["sku"] for line in report["outputs"]["route"]["shipments"][0]["lines"]] == ["MUG-ENAMEL-GRN", "Bar3"]


def test_an_answer_that_leaves_a_weight_out_is_held_as_the_flow_holds_it(
    shop: Path, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`accept: validate` judges with the settings of the flow's own `validate`, which holds lines without a weight."""
    answer = corrected(l0_sku="MUG-ENAMEL-GRN", l0_weight=LIGHT)

    assert invoke(real_woocommerce(shop, shared, answer)) == 3

    [waiting] = told(capsys)[0]["waiting"]
    assert ["lines[1].weight" in refusal for refusal in waiting["refused"]] == [True]


def test_time_running_out_is_an_answer_too(shop: Path, shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    order = str(shared / "data" / "shopify" / "order.json")

    assert invoke(["run", "order-to-delivery", "--input", order, "--answer", "fix=!timeout", "--json"]) == 0

    [report] = told(capsys)
    assert report["path"] == ["capture", "validate:fixable", "ask_customer:desk", "fix!timeout", "cancel"]
    assert report["status"] == "cancelled"


def test_any_step_can_be_answered_in_place_of_its_call(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    short = '{"outcome": "short", "missing": [], "reasons": [], "why": "nothing is there"}'
    answers = ["--answer", f"route={short}", "--answer", "substitute=!timeout", "--answer", f"backorder={short}"]

    invoke(["run", "order-to-delivery", "--input", SAMPLE, *answers, "--json"])

    [report] = told(capsys)
    assert report["path"][-5:] == [
        "route:short", "substitute!timeout", "tell_backorder", "backorder:short", "cancel",
    ]  # fmt: skip


def test_money_that_only_the_shop_can_give_back_is_told_when_an_order_is_cancelled(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    short = '{"outcome": "short", "missing": [], "reasons": [], "why": "nothing is there"}'
    answers = ["--answer", f"route={short}", "--answer", "substitute=declined", "--answer", f"backorder={short}"]

    assert invoke(["run", "order-to-delivery", "--input", SAMPLE, *answers, "--json"]) == 1

    [report] = told(capsys)
    assert report["status"] == "exception"
    assert "names no shop `shopify`" in report["problems"][0]["message"]


def test_an_answer_that_lacks_what_its_outcome_gives_is_taken_and_told(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = 'route={"outcome": "short", "missing": 5}'

    invoke(["run", "order-to-delivery", "--input", SAMPLE, "--answer", answer, "--json"])

    assert "`route`: `short` gives" in capsys.readouterr().err


def test_a_misspelt_flow_is_answered_with_the_name_that_was_meant(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(["run", "order-to-delivry", "--input", SAMPLE]) == 2
    assert "did you mean `order-to-delivery`" in capsys.readouterr().err


def test_a_step_that_is_not_there_cannot_be_answered(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["run", "order-to-delivery", "--input", SAMPLE, "--answer", "aprove=approved"]) == 2
    assert "did you mean `approve`" in capsys.readouterr().err


@pytest.mark.parametrize("said", ["!unavaliable", "a.json"])
def test_a_misspelt_answer_is_wrong_usage_wherever_it_stands(
    shop: Path, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "a.json").write_text('{"outcome": "shrt"}')

    assert invoke(["run", "order-to-delivery", "--input", SAMPLE, "--answer", f"route={said}"]) == 2
    assert "did you mean" in capsys.readouterr().err


def test_a_folder_gives_its_orders_and_says_what_it_passed_over(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "inbox").mkdir()
    (shop / "inbox" / "a.json").write_text(Path(SAMPLE).read_text())
    (shop / "inbox" / "notes.txt").write_text("call Ann")

    assert invoke(["run", "order-to-delivery", "--input", "inbox", *ARRIVED, "--json"]) == 0

    output = capsys.readouterr()
    assert len(output.out.splitlines()) == 1
    assert "passed over notes.txt" in output.err


def test_an_order_that_comes_again_with_other_content_is_told(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    order = json.loads(Path(SAMPLE).read_text())
    changed = {"order": {**order["order"], "note": "leave it at the door"}}
    (shop / "two.jsonl").write_text(f"{json.dumps(order)}\n{json.dumps(changed)}\n")

    invoke(["run", "order-to-delivery", "--input", "two.jsonl", "--json"])

    assert "came again with other content" in capsys.readouterr().err


def test_a_dry_run_names_what_was_loaded_and_does_not_print_it(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "flows" / "tell.yaml").write_text(
        "flow: tell\nversion: 1\nkey: =capture.order.order_id\nsteps:\n  capture: {use: capture}\n"
        "  tell: {use: notify, with: {template: shipped, to: =capture.order.customer, data: {}}}\n"
    )

    invoke(["run", "tell", "--input", SAMPLE, "--dry-run", "--json"])

    assert told(capsys)[0]["would"][0]["with"]["template"] == "shipped"


def test_a_missing_input_file_is_wrong_usage(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["run", "order-to-delivery", "--input", "gone.json"]) == 2
    assert "there is no file `gone.json`" in capsys.readouterr().err


def test_what_cannot_be_read_is_kept_with_its_problems_and_starts_nothing(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "broken.json").write_text('{"order": {"id": 1, "id": 2}}')

    assert invoke(["run", "order-to-delivery", "--input", "broken.json", "--json"]) == 1

    output = capsys.readouterr()
    assert output.out == ""
    [kept] = (shop / ".orderloom" / "quarantine").iterdir()
    assert json.loads(kept.read_text())["problems"]


def test_a_missing_connection_is_a_matter_of_the_environment(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "connections.yaml").write_text("stock: {type: stock-files, folder: stock}\n")

    assert invoke(["run", "order-to-delivery", "--input", SAMPLE, "--json"]) == 4
    assert "documents" in told(capsys)[0]["problems"][0]["message"]


def test_many_orders_are_summed_up(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    invoke(["run", "order-to-delivery", "--input", "samples/shopify-orders.jsonl"])
    assert " orders: " in capsys.readouterr().out


def test_a_flow_with_a_mistake_is_refused_before_anything_runs(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flow = shop / "flows" / "order-to-delivery.yaml"
    flow.write_text(flow.read_text().replace("use: validate", "use: validat"))

    assert invoke(["run", "order-to-delivery", "--input", SAMPLE]) == 1
    assert "did you mean `validate`" in capsys.readouterr().err


def test_a_list_of_answers_is_as_long_as_the_step_has_items(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A list that is too short would let the rest be called for real, one that is too long is a mistake as well."""
    two = 'documents=["!empty", "!empty"]'

    assert invoke(["run", "order-to-delivery", "--input", SAMPLE, "--answer", two, "--json"]) == 1

    [report] = told(capsys)
    [problem] = report["problems"]
    assert (problem["step"], problem["error"]) == ("documents", "invalid")
    assert problem["message"] == "the answers for `documents` are 2, and it has 1 items: give one for each"
    assert not (shop / "documents").exists()


def test_a_stock_folder_that_is_not_there_is_a_matter_of_the_environment(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "stock").rename(shop / "away")

    assert invoke(["run", "order-to-delivery", "--input", SAMPLE]) == 4

    out = capsys.readouterr().out
    assert "connection `stock` (" in out
    assert "connections.yaml:" in out
    assert "stock/locations.yaml`" in out


def test_the_summary_of_many_orders_stands_aside_where_the_output_is_for_machines(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    invoke(["run", "order-to-delivery", "--input", "samples/shopify-orders.jsonl", *ARRIVED, "--json"])

    captured = capsys.readouterr()
    assert "5 orders: 5 completed" in captured.err
    assert len([json.loads(line) for line in captured.out.splitlines()]) == 5


def test_the_reasons_of_several_items_are_told_one_by_one(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    order = json.loads(Path(SAMPLE).read_text())
    order = order.get("order", order)
    order["line_items"][1]["grams"] = 900_000
    (shop / "heavy.json").write_text(json.dumps(order))

    assert invoke(["run", "order-to-delivery", "--input", "heavy.json"]) == 3

    because = [line.strip() for line in capsys.readouterr().out.splitlines() if "because: " in line]
    assert because
    assert not [line for line in because if "{" in line or "[" in line]


def test_a_payment_that_does_not_come_says_why(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    order = json.loads(Path(SAMPLE).read_text())
    order = order.get("order", order) | {"financial_status": "authorized"}
    (shop / "order.json").write_text(json.dumps(order | {"total_outstanding": order["total_price"]}))
    connections = (shop / "connections.yaml").read_text()
    (shop / "connections.yaml").write_text(
        connections.replace("folder: orders}  # the last", 'folder: orders, answers: {"1042": lost_card}}  # the last')
    )

    invoke(["run", "order-to-delivery", "--input", "order.json"])

    assert "the charge of 133.95 USD failed: lost card" in capsys.readouterr().out
