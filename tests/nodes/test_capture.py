"""`capture`: which documents a payload holds, what they are, and what is said of those that cannot be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from orderloom.declare import Unreadable
from orderloom.model import Money
from orderloom.problems import Place
from orderloom_nodes.capture import capture
from orderloom_nodes.capture.formats import FORMATS
from orderloom_nodes.capture.formats.edi import EDI
from orderloom_nodes.capture.guard import guarded

from .capturing import captured, codes, item, order, problems, shopify

SAMPLES = Path(__file__).parents[2] / "flows" / "orderloom_flows" / "samples"


def bare(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    "payload",
    [
        {"order": shopify()},
        {"orders": [shopify()]},
        [shopify()],
        [{"order": shopify()}],
        {"orders": [{"order": shopify()}]},
        json.dumps(shopify(), indent=4).encode(),
        b"\xef\xbb\xbf" + bare(shopify()),
        b"\n\n" + bare(shopify()) + b"\n",
    ],
    ids=[
        "wrapped",
        "list",
        "array",
        "wrapped in array",
        "wrapped in list",
        "indented",
        "byte order mark",
        "blank lines",
    ],
)
def test_an_order_is_the_same_however_it_is_wrapped(payload: Any) -> None:
    assert order(payload) == order(shopify())


def test_json_lines_are_read_line_by_line() -> None:
    payload = b"\n".join(bare(shopify(id=number)) for number in (1, 2, 3)) + b"\n"

    assert [found.order.order_id for found in captured(payload)] == [
        "shopify:main:1",
        "shopify:main:2",
        "shopify:main:3",
    ]


def test_one_document_that_cannot_be_read_spoils_no_other() -> None:
    payload = {"orders": [shopify(id=1), shopify(id=2, currency="BTC"), 7, shopify(id=4)]}

    found = captured(payload)

    assert [isinstance(one, Unreadable) for one in found] == [False, True, True, False]
    assert [problem.code for problem in found[1].problems] == ["V015"]
    assert [problem.code for problem in found[2].problems] == ["V011"]
    assert json.loads(found[1].document)["id"] == 2


def test_a_broken_line_among_json_lines_is_told_with_its_line() -> None:
    payload = bare(shopify(id=1)) + b'\n{"id": 2, "cur\n' + bare(shopify(id=3))

    found = captured(payload)

    assert [isinstance(one, Unreadable) for one in found] == [False, True, False]
    assert found[1].problems[0].place.line == 2
    assert found[1].document == '{"id": 2, "cur'


def test_a_problem_in_a_later_line_has_the_line_of_the_file() -> None:
    payload = bare(shopify(id=1)) + b"\n" + bare(shopify(id=2, total_price="NaN"))

    assert captured(payload)[1].problems[0].place.line == 2


def test_all_problems_of_a_document_come_at_once_with_path_line_and_column() -> None:
    text = json.dumps(
        {
            "order": shopify(
                total_price="1,044.95", financial_status="payed", line_items=[item(quantity=0), item(id=12, price=None)]
            )
        },
        indent=1,
    )

    found = problems(text.encode())

    assert {(problem.code, problem.message) for problem in found} == {
        ("V022", "`order.financial_status` is `payed`, which is no financial status of Shopify"),
        ("V012", "`order.total_price` is `1,044.95`: that is no amount"),
        ("V018", "`order.line_items[0].quantity` is 0: a line has from 1 to 1,000,000 units"),
        ("V010", "`order.line_items[1].price` is missing"),
    }
    lines = text.splitlines()
    total = next(problem for problem in found if problem.code == "V012")
    assert lines[total.place.line - 1][total.place.column - 1 :].startswith('"1,044.95"')
    assert next(problem for problem in found if problem.code == "V022").help == "did you mean `paid`?"


def test_a_misspelt_field_is_named_beside_the_missing_one() -> None:
    document = shopify()
    document["line_itmes"] = document.pop("line_items")

    found = problems(document, format="shopify")

    assert [(problem.code, problem.help) for problem in found] == [("V010", "did you mean `line_itmes`?")]


@pytest.mark.parametrize(
    "text",
    [b'{"id": 1, "id": 2}', b'{"total_price": NaN}', b'{"total_price": 1e999}', b"{", b"", b"[1,", b"\xff\xfe\x00"],
)
def test_what_is_no_sound_json_is_unreadable_and_kept_as_it_came(text: bytes) -> None:
    found = captured(text)

    assert [type(one) for one in found] == [Unreadable]
    assert all(problem.code.startswith("Y") for problem in found[0].problems)
    assert found[0].document == text.decode("utf-8", errors="replace")


@pytest.mark.parametrize(
    ("payload", "what"),
    [
        ({"refund": {"id": 1, "refund_line_items": []}}, "a Shopify refund"),
        ({"id": 1, "order_id": 2, "refund_line_items": []}, "a Shopify refund"),
        ({"id": 5, "order_id": 2, "tracking_company": None, "line_items": [item()]}, "a Shopify fulfilment"),
        ({"customer": {"id": 1}}, "a Shopify customer"),
        ({"products": []}, "a Shopify product"),
        ({"checkout": {}}, "a Shopify checkout"),
        ({"id": 1, "admin_graphql_api_id": "gid://shopify/Customer/1", "email": "a@b.example"}, "a Shopify customer"),
        ({"id": 1, "admin_graphql_api_id": "gid://shopify/Return/1", "order": {"id": 2}}, "a Shopify return"),
        ({"order_edit": {"id": 1, "order_id": 2}}, "a Shopify order edit"),
        (
            {"id": 1, "name": "Shop", "domain": "x.example", "myshopify_domain": "x"},
            "a Shopify shop, as app/uninstalled and shop/update send it",
        ),
        ({"id": 820982911946154508}, "a Shopify notice that something was deleted"),
    ],
)
def test_another_shopify_document_is_called_by_its_name(payload: Any, what: str) -> None:
    found = problems(payload)

    assert [(problem.code, problem.message) for problem in found] == [
        ("V003", f"this is {what}, and an order is wanted here")
    ]
    assert found[0].help == "send the order itself: subscribe to the orders/… webhooks"


def test_a_return_where_an_order_is_wanted_is_called_what_it_is() -> None:
    [found] = problems({"return_id": "R-1", "order_id": "shopify:main:1", "lines": [{"line_id": "1"}]})

    assert found.message == "this is a return request of ours, and an order is wanted here"


@pytest.mark.parametrize(
    ("payload", "what"),
    [
        (b'{"data": {"order": {"id": "gid://shopify/Order/1"}}}', "an answer of a GraphQL API"),
        (b"\x89PNG\r\n\x1a\n\x00\xff", "a PNG picture"),
        (b"\xff\xd8\xff\xe0\x00", "a JPEG picture"),
        (b"PK\x03\x04\xff\x00", "a zip archive or a spreadsheet"),
    ],
)
def test_a_format_that_is_not_known_is_called_by_its_name(payload: bytes, what: str) -> None:
    found = problems(payload)

    assert [(problem.code, problem.message) for problem in found] == [
        ("V001", f"this is {what}, a format that is not known here")
    ]
    assert found[0].help == f"known formats are {', '.join([*FORMATS, *EDI[:3], 'ubl'])}"


@pytest.mark.parametrize("payload", [{}, {"hello": "world"}, 5, "text", None, True])
def test_what_is_nothing_known_is_said_to_be_so(payload: Any) -> None:
    assert codes(payload)[0] in {"V001", "V011"}


@pytest.mark.parametrize("payload", [[], {"orders": []}])
def test_an_empty_list_is_told(payload: Any) -> None:
    assert codes(payload) == ["V004"]


def test_a_format_is_the_callers_to_choose_and_a_wrong_name_is_mended() -> None:
    assert order(shopify(), format="shopify").channel.type == "shopify"

    wrong = problems(shopify(), format="shopfy")
    assert [(problem.code, problem.help) for problem in wrong] == [("V002", "did you mean `shopify`?")]
    assert codes(shopify(), format="return") == ["V002"]


def test_the_account_is_the_payloads_or_else_the_settings() -> None:
    assert order(shopify()).order_id == "shopify:main:450789469"
    assert order(shopify(), own_account="eu").order_id == "shopify:eu:450789469"
    assert order(shopify(), own_account="eu", account="us").order_id == "shopify:us:450789469"


def test_a_return_is_captured_with_the_order_it_carries() -> None:
    for file in ("return-request-damaged.json", "return-request-late.json"):
        (found,) = captured((SAMPLES / file).read_bytes(), document="return")

        assert found.request.order_id == found.request.order.order_id
        assert found.request.delivered_at < found.request.requested_at


def test_the_outcome_gives_an_order_or_with_the_setting_a_request() -> None:
    assert "order" in capture.outcomes({})["captured"]["properties"]
    assert "request" in capture.outcomes({"document": "return"})["captured"]["properties"]


def test_an_order_of_ours_is_read_as_it_was_written() -> None:
    written = order(shopify()).model_dump_json(exclude_none=True).encode()

    for name in (None, "canonical", "order"):
        assert order(written, format=name) == order(shopify())


@pytest.mark.parametrize(
    ("change", "code", "said", "help_"),
    [
        ({"curency": "USD"}, "V030", "`curency` is no field of ours", "did you mean `currency`?"),
        ({"order_type": "sail"}, "V022", "`order_type` is `sail`, which is none of its words", "did you mean `sale`?"),
        ({"revision": "seven"}, "V011", "`revision` should be a whole number, not `seven`", "write a whole number"),
        (
            {"currency": None},
            "V033",
            "`currency`: `None` is no currency of ISO 4217",
            "write three capitals, such as USD",
        ),
        ({"lines": []}, "V021", "`lines` is empty", "at least 1"),
        ({"tags": "a"}, "V011", "`tags` should be a list, not `a`", "write a list"),
        (
            {"totals": {"grand_total": {"amount": 5.5, "currency": "USD"}}},
            "V033",
            "`totals.grand_total.amount`: a float is never exact",
            'write the number as text, such as "19.99"',
        ),
        (
            {"ordered_at": "2026-03-02"},
            "V033",
            "`ordered_at`: `2026-03-02` is no moment",
            "write it as 2026-01-31T14:00:00Z, with an offset",
        ),
    ],
)
def test_what_does_not_fit_our_own_model_is_said_in_our_own_words(
    change: dict[str, Any], code: str, said: str, help_: str | None
) -> None:
    document = json.loads(order(shopify()).model_dump_json(exclude_none=True)) | change

    found = problems(document)

    assert [(problem.code, problem.message) for problem in found] == [(code, said)]
    assert found[0].help == help_


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"quantity": 0}, "V021", "`lines[0].quantity` is below 1"),
        ({"reason": "dislike"}, "V022", "`lines[0].reason` is `dislike`, which is none of its words"),
        ({"foo": 1}, "V030", "`lines[0].foo` is no field of ours"),
    ],
)
def test_a_list_whose_only_entry_is_wrong_is_not_called_empty_besides(
    change: dict[str, Any], code: str, said: str
) -> None:
    document = json.loads((SAMPLES / "return-request-late.json").read_text(encoding="utf-8"))
    document["lines"] = [document["lines"][0] | change]

    found = problems(document, document="return")

    assert [(problem.code, problem.message) for problem in found] == [(code, said)]


def test_a_bug_of_ours_costs_one_document_and_is_told_as_a_bug() -> None:
    def read() -> None:
        raise TypeError("unhashable type: 'list'")

    found = guarded(read, lambda: Place("orders.jsonl", 7, 1), lambda: '{"id": 1}')

    assert isinstance(found, Unreadable)
    assert found.document == '{"id": 1}'
    (told,) = found.problems
    assert (told.code, told.place.line) == ("V099", 7)
    assert told.message.startswith("this is a bug of orderloom (TypeError at test_capture.py:")
    assert "unhashable" not in told.message


def test_a_missing_field_of_ours_is_named_with_what_may_have_been_meant() -> None:
    document = json.loads(order(shopify()).model_dump_json(exclude_none=True))
    document["orderd_at"] = document.pop("ordered_at")

    found = problems(document)

    assert {(problem.code, problem.message, problem.help) for problem in found} == {
        ("V010", "`ordered_at` is missing", "did you mean `orderd_at`?"),
        ("V030", "`orderd_at` is no field of ours", "did you mean `ordered_at`?"),
    }


@pytest.mark.parametrize("file", sorted(path.name for path in SAMPLES.glob("shopify-*")))
def test_every_sample_order_is_captured_and_its_totals_add_up(file: str) -> None:
    for found in captured((SAMPLES / file).read_bytes()):
        totals = found.order.totals
        nothing = Money.zero(found.order.currency)
        tax = nothing if found.order.taxes_included else totals.tax
        shipping = totals.shipping or nothing

        assert totals.subtotal - totals.discount + shipping + tax == totals.grand_total
