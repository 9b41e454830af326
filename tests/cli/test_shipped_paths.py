"""Each path that the table of expectations lists, walked by the shipped flows with their real nodes.

A case is an order (or a return) and a project that lead there by themselves; only people, events and what would
take days are answered.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from orderloom import Payload
from orderloom.cli import invoke
from orderloom.project import shipped
from orderloom_nodes.capture import capture

ARRIVED = "delivered=happened"
SILENT = "ask_customer=!timeout"
# what the flow does besides, since the table was written
SINCE = {
    "history:usual", "ask_customer:desk", "ask_customer!timeout", "tell_backorder", "put_away", "where:stuck",
    "where:on_its_way", "send/route:routed", "send/choose:chosen", "send/documents", "send",
}  # fmt: skip
Document = dict[str, Any]


def document(name: str) -> Document:
    found: Document = json.loads((shipped() / "samples" / f"{name}.json").read_text(encoding="utf-8"))
    return found.get("order", found) if name == "shopify-order" else found


@dataclass(frozen=True)
class Way:
    """What leads to a case. `prepare` changes the project, `change` the sample."""

    answers: tuple[str, ...] = ()
    change: Callable[[Document], object] = lambda _: None
    prepare: Callable[[Path], object] = lambda _: None
    sample: str = "shopify-order"
    code: int = 0


def stock(**on_hand: int) -> Callable[[Path], None]:
    """Only these articles are there, at one location each: `MUG_ENAMEL_GRN=5`."""

    def prepare(project: Path) -> None:
        places = ("newark", "reno", "newark")
        with (project / "stock" / "levels.csv").open("w", encoding="utf-8", newline="") as stream:
            rows = csv.writer(stream)
            rows.writerow(["location_id", "sku", "on_hand", "reserved", "safety_stock"])
            for place, (sku, units) in zip(places, on_hand.items(), strict=False):
                rows.writerow([place, sku.replace("_", "-"), units, 0, 0])

    return prepare


def declines(project: Path) -> None:
    file = project / "connections.yaml"
    text = file.read_text(encoding="utf-8")
    assert "payments: {type: test-gateway, folder: orders}" in text
    file.write_text(text.replace("folder: orders}  # the last", 'folder: orders, answers: {"1042": hard}}  # the last'))


def no_labels(project: Path) -> None:
    (project / "documents").write_text("a file stands where the folder would be made")
    flow = project / "flows" / "order-to-delivery.yaml"
    flow.write_text(flow.read_text(encoding="utf-8").replace("retry: 4x 2s..5m", "retry: 0x"), encoding="utf-8")


def without_postal_code(order: Document) -> None:
    for address in (order["shipping_address"], order["billing_address"]):
        address["zip"] = "9720"


def not_paid_yet(order: Document) -> None:
    order["financial_status"] = "pending"


def too_heavy(order: Document) -> None:
    order["line_items"][1]["grams"] = 900_000


def unpaid(order: Document) -> None:
    order["financial_status"] = "authorized"
    order["total_outstanding"] = order["total_price"]


def returned(**line: Any) -> Callable[[Document], None]:
    def change(request: Document) -> None:
        request["lines"][0] |= line

    return change


def another_article(project: Path) -> None:
    """The order in our own shape, which alone can say that an article may be sent instead."""
    stock(MUG_ENAMEL_RED=9, BLANKET_WOOL_GRY=9)(project)
    sample = (project / "sample.json").read_bytes()
    [captured] = capture(payload=Payload(sample, "sample.json"))
    order = captured.order.model_dump(mode="json", exclude_none=True)
    order["lines"][0]["substitution"] = {"allowed": True, "candidates": ["MUG-ENAMEL-RED"]}
    (project / "sample.json").write_text(json.dumps(order), encoding="utf-8")


def often_back(request: Document) -> None:
    returned(reason="unwanted")(request)
    request["history"]["returns_12m"] = 11


SHORT = stock(BLANKET_WOOL_GRY=9)
BACK = "inspected=" + json.dumps({"data": {"condition": "new", "lines": [{"sku": "MUG-ENAMEL-GRN", "quantity": 1}]}})
BLANKET_BACK = BACK.replace("MUG-ENAMEL-GRN", "BLANKET-WOOL-GRY")
PATCH = {"shipping_address.postal_code": "97204", "billing_address.postal_code": "97204"}
FIXED = "fix=" + json.dumps({"outcome": "edited", "patch": PATCH})
DAMAGED = "return-request-damaged"
WAYS = {
    "plain": Way((ARRIVED,)),
    "address corrected by the desk": Way((SILENT, FIXED, ARRIVED), without_postal_code),
    "nobody corrects it in time": Way((SILENT, "fix=!timeout"), without_postal_code),
    "review declined": Way(("approve=declined",), not_paid_yet),
    "payment fails for good": Way((), unpaid, declines),
    "substitute accepted": Way(("substitute=accepted", ARRIVED), prepare=another_article),
    "substitute declined, stock never comes": Way(("substitute=declined", "backorder=short"), unpaid, SHORT),
    "one of two shipments has no carrier": Way(
        ("no_carrier=done", ARRIVED), too_heavy, stock(MUG_ENAMEL_GRN=9, BLANKET_WOOL_GRY=9)
    ),
    "parcel overdue": Way(("delivered=!timeout", "overdue=claim")),
    "the label service is down for good": Way((), prepare=no_labels, code=1),
    "refund without return": Way(sample=DAMAGED),
    "accepted, inspected, restocked, refunded": Way((BACK,), returned(reason="unwanted"), sample=DAMAGED),
    "the desk is slow": Way(("desk=!timeout", "inspected=!timeout"), often_back, sample=DAMAGED),
    "exchanged": Way(
        (BLANKET_BACK,), returned(line_id="14801000000002", sku="BLANKET-WOOL-GRY", resolution="exchange"),
        sample=DAMAGED,
    ),
    "rejected": Way((), returned(reason="unwanted", final_sale=True), sample=DAMAGED),
    "unknown order": Way((), lambda request: request.update(order_id="shopify:main:1"), sample=DAMAGED),
    "refund refused": Way(("refund=refused", "by_hand=done"), sample=DAMAGED),
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert invoke(["init", "shop"]) == 0
    monkeypatch.chdir(tmp_path / "shop")
    return tmp_path / "shop"


def expected(shared: Path) -> dict[str, tuple[str, Document]]:
    flows = yaml.safe_load((shared / "flows" / "expected.yaml").read_text(encoding="utf-8"))
    return {case["case"]: (flow["flow"], case) for flow in flows for case in flow["cases"]}


def walked(project: Path, flow: str, way: Way, capsys: pytest.CaptureFixture[str]) -> tuple[int, Document]:
    sample = document(way.sample)
    way.change(sample)
    (project / "sample.json").write_text(json.dumps(sample), encoding="utf-8")
    way.prepare(project)
    given = [part for answer in way.answers for part in ("--answer", answer)]
    capsys.readouterr()
    code = invoke(["run", flow, "--input", "sample.json", *given, "--json"])
    [line] = capsys.readouterr().out.splitlines()
    report: Document = json.loads(line)
    return code, report


def test_every_case_has_a_way(shared: Path) -> None:
    assert set(WAYS) == set(expected(shared))


@pytest.mark.parametrize("name", WAYS)
def test_the_shipped_flow_walks_the_listed_path(
    project: Path, shared: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    flow, case = expected(shared)[name]

    code, report = walked(project, flow, WAYS[name], capsys)

    loose = set(case.get("unordered", ())) | SINCE
    assert [step for step in report["path"] if step not in loose] == [s for s in case["path"] if s not in loose]
    assert (report["status"], code) == (case["ends"], WAYS[name].code)
    assert report.get("undone", []) == case.get("undone", report.get("undone", []))
    assert report.get("parked", []) == case.get("parked", [])
