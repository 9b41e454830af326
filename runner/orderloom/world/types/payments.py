"""Connections that move money: `test-gateway` behaves like a payment provider and moves none."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from orderloom.model import OrderRecord
from orderloom.world.connection_types import ConnectionType, Key, Unfit, folder, reader, shelf_file
from orderloom.world.gateway import ANSWERS, TestGateway
from orderloom.world.shelf import shelf_at

_ANSWERS = {"anyOf": [{"enum": list(ANSWERS)}, {"type": "array", "minItems": 1, "items": {"enum": list(ANSWERS)}}]}


@reader(type="object", additionalProperties=_ANSWERS)
def _answers(value: Any) -> Mapping[str, Any] | Unfit:
    if not isinstance(value, dict):
        return Unfit("says what the gateway answers, by card or order number", 'for example: `{"0002": hard}`')
    for name, told in value.items():
        for word in told if isinstance(told, list) and told else [told]:
            if word not in ANSWERS:
                return Unfit(f"has no answer `{word}` (at {name})", f"answers are: {', '.join(ANSWERS)}")
    return value


def _open(values: Mapping[str, Any], base: Path) -> object:
    return TestGateway(shelf_at(base, values), values.get("answers"), partial(_earlier, values, base))


def _earlier(values: Mapping[str, Any], base: Path) -> list[OrderRecord]:
    from orderloom.world.order_files import read_order_files  # noqa: PLC0415 (only a refund of an earlier order reads it)

    return read_order_files(base / values["folder"]) if "folder" in values else []


TYPES = (
    ConnectionType(
        "test-gateway",
        {
            "answers": Key(_answers, '{"0002": hard}'),
            "folder": Key(folder, "orders"),
            "file": Key(shelf_file, ".orderloom/world.sqlite"),
        },
        _open,
    ),
)
