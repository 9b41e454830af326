"""The published JSON Schemas: they are what the models say, and they refuse what the models refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from orderloom.model import Order, Return
from orderloom.model.schemas import published

SCHEMAS = Path(__file__).parents[2] / "schemas" / "orderloom_schemas"
SAMPLES = Path(__file__).parents[2] / "flows" / "orderloom_flows" / "samples"


def validator(name: str) -> Draft202012Validator:
    schema = json.loads(published()[f"{name}.schema.json"])
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("name", sorted(published()))
def test_the_schema_file_is_what_the_models_say(name: str, request: pytest.FixtureRequest) -> None:
    file = SCHEMAS / name
    if request.config.getoption("--update-golden"):
        file.write_text(published()[name], encoding="utf-8")

    assert file.read_text(encoding="utf-8") == published()[name], "run pytest --update-golden and review the change"


def minimal() -> dict[str, Any]:
    return {
        "order_id": "api:main:1",
        "channel": {"type": "api"},
        "ordered_at": "2026-03-02T10:00:00Z",
        "currency": "USD",
        "lines": [{"line_id": "1", "quantity": 1, "unit_price": {"amount": "5.00", "currency": "USD"}}],
        "totals": {"grand_total": {"amount": "5.00", "currency": "USD"}},
        "payment": {"status": "paid"},
    }


def test_a_dumped_order_validates_with_and_without_its_empty_fields() -> None:
    order = Order.model_validate(minimal())

    for dump in (order.model_dump(mode="json"), order.model_dump(mode="json", exclude_none=True), minimal()):
        validator("order").validate(dump)


def test_a_dumped_return_of_the_samples_validates() -> None:
    for file in sorted(SAMPLES.glob("return-*.json")):
        request = Return.model_validate_json(file.read_bytes())

        validator("return").validate(request.model_dump(mode="json", exclude_none=True))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("lines", 0, "unit_price", "amount"), 5.0),
        (("lines", 0, "unit_price", "amount"), "5,00"),
        (("lines", 0, "quantity"), 0),
        (("currency",), "usd"),
        (("payment", "status"), "payed"),
        (("colour",), "green"),
        (("lines",), []),
    ],
)
def test_what_the_model_refuses_the_schema_refuses(path: tuple[str | int, ...], value: object) -> None:
    document: Any = minimal()
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value

    assert not validator("order").is_valid(document)


def test_every_schema_is_closed_named_and_of_the_dialect() -> None:
    for name, text in published().items():
        schema = json.loads(text)

        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["$id"] == f"https://orderloom.dev/schemas/{name}"
        objects = [schema, *schema.get("$defs", {}).values()]
        assert all(found["additionalProperties"] is False for found in objects if found.get("type") == "object")


def test_decimal_text_is_marked_as_a_number_for_formulas() -> None:
    definitions = json.loads(published()["order.schema.json"])["$defs"]

    assert definitions["Money"]["properties"]["amount"]["x-feel"] == "number"
    assert definitions["Measure"]["properties"]["value"]["x-feel"] == "number"


def test_personal_fields_are_marked() -> None:
    definitions = json.loads(published()["order.schema.json"])["$defs"]

    marked = {
        f"{name}.{field}"
        for name in ("Address", "Party")
        for field, schema in definitions[name]["properties"].items()
        if schema.get("x-pii")
    }

    assert marked >= {
        "Address.name",
        "Address.address_lines",
        "Address.phone",
        "Address.email",
        "Party.first_name",
        "Party.last_name",
        "Party.email",
        "Party.phone",
    }
    assert "Address.country_code" not in marked


def test_what_tells_who_it_is_is_marked_for_erasing_and_what_is_counted_is_not() -> None:
    definitions = json.loads(published()["order.schema.json"])["$defs"]

    def left(name: str) -> set[str]:
        properties = definitions[name]["properties"].items()
        return {field for field, schema in properties if not (schema.get("x-pii") or schema.get("x-erase"))}

    assert left("Address") == {"region_code", "country_code", "kind"}
    assert left("Party") == {"locale", "accepts_marketing", "tags", "orders_count"}
    assert "amount" in left("Money")
