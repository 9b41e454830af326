"""The models' JSON Schemas (2020-12), as published: file name to schema."""

from __future__ import annotations

import json
from typing import Any

from orderloom.model.base import Model
from orderloom.model.order import Order
from orderloom.model.returns import Return
from orderloom.model.shipment import Shipment
from orderloom.model.stock import Location, StockLevel

DIALECT = "https://json-schema.org/draft/2020-12/schema"
HOME = "https://orderloom.dev/schemas/"
_PUBLISHED: dict[str, type[Model]] = {
    "order": Order, "shipment": Shipment, "return": Return, "stock_level": StockLevel, "location": Location,
}


def published() -> dict[str, str]:
    """File name → text, each schema complete in itself."""
    return {
        f"{word}.schema.json": json.dumps(_schema(word, model), indent=1, ensure_ascii=False) + "\n"
        for word, model in _PUBLISHED.items()
    }


def _schema(word: str, model: type[Model]) -> dict[str, Any]:
    schema = _without_titles(model.model_json_schema())
    return {"$schema": DIALECT, "$id": f"{HOME}{word}.schema.json", "title": model.__name__, **schema}


def _without_titles(schema: Any) -> Any:
    # pydantic writes a title that repeats the name; a property that is itself named `title` holds a mapping
    if isinstance(schema, dict):
        return {k: _without_titles(v) for k, v in schema.items() if not (k == "title" and isinstance(v, str))}
    return [_without_titles(item) for item in schema] if isinstance(schema, list) else schema
