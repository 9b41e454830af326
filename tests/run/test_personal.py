"""What is personal in a document is told by the marks of its model, at any depth and in any shape."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from orderloom import Outcome
from orderloom.model import Card, Model, OrderRecord, Party
from orderloom.model.people import people_in
from orderloom.run.telling.personal import ERASED, HIDDEN, changed, marked, texts
from orderloom.run.telling.plainly import Document
from orderloom.run.telling.veil import Veil
from tests.nodes.orders import good_order


class Guest(Model):
    nick: Annotated[str, Field(json_schema_extra={"x-pii": True})]
    table: int


class Seated(Outcome, name="seated"):
    guests: dict[str, Guest]
    either: Guest | Party | None = None
    token: Annotated[str, Field(json_schema_extra={"x-secret": True})] | None = None


def gone(value: Any) -> Any:
    return changed(value, ERASED, lambda _: None)


def test_what_is_marked_is_left_out_and_the_document_is_still_one() -> None:
    order = good_order()

    left = gone(order)

    assert "email" not in left["customer"]
    assert left["shipping_address"] == {"country_code": "US", "region_code": "KY"}
    assert left["lines"][0]["sku"] == "MUG"
    assert type(order).model_validate(left).totals == order.totals


def test_documents_are_looked_through_in_lists_tables_and_unions() -> None:
    seated = Seated(guests={"a": Guest(nick="Bo", table=1)}, either=Party(first_name="Ann"), token="t")

    told = changed(seated, HIDDEN, lambda _: "*")

    assert told == {
        "outcome": "seated",
        "guests": {"a": {"nick": "*", "table": 1}},
        "either": {"first_name": "*", "tags": [], "external_refs": []},
        "token": "*",
    }


def test_a_mark_within_a_union_counts() -> None:
    assert marked(Card(brand="visa", last4="4242"), HIDDEN) == ["4242"]


def test_a_document_of_a_class_that_nobody_has_is_personal_as_a_whole() -> None:
    unknown = Document("gone.pack:Thing", {"who": "Ann"})

    assert changed({"x": unknown}, HIDDEN, lambda _: "*") == {"x": "*"}


def test_texts_are_all_texts_however_deep() -> None:
    assert list(texts({"a": ["x", {"b": "y", "c": 3}], "d": None})) == ["x", "y"]


def test_the_people_of_an_order_are_known_by_their_addresses_and_ids() -> None:
    order = good_order(customer=Party(customer_id="c1", email="Ann@example.test", external_refs=[
        {"system": "shopify", "value": "650"},
    ]))  # fmt: skip

    assert people_in(OrderRecord(order=order)) == {"c1", "Ann@example.test", "650"}
    assert people_in({"order": order}) == set()  # what began a run is a document


def test_a_veil_hides_in_free_text_what_stands_in_marked_fields_and_shows_it_where_all_is_wanted() -> None:
    order = good_order()
    said = {"question": "Ship to Ann, ann@example.test?", "order": order}

    assert Veil([said]).over(said)["question"] == "Ship to •••, •••?"
    assert Veil([said], full=True).over(said)["question"] == said["question"]
