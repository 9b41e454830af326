"""A shop in a folder, orders run in it by the shipped flow, and a count of all that was done outside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orderloom.cli import invoke
from orderloom.model import Address, Line, Measure, Order, Party
from orderloom.world.shelf import Shelf
from tests.nodes.orders import good_order, usd

NOTHING = {"mails": 0, "charges": 0, "labels": 0, "reservations": 0}


@dataclass(frozen=True)
class Told:
    """What a command printed: its exit code, the reports of the runs, and the words for people."""

    code: int
    reports: list[dict[str, Any]]
    words: str

    @property
    def report(self) -> dict[str, Any]:
        [report] = self.reports
        return report

    @property
    def path(self) -> list[str]:
        return list(self.report["path"])


@dataclass(frozen=True)
class Shop:
    """A project made by `orderloom init`, in the current folder."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def run(self, given: Order | bytes | Mapping[str, Any], *more: str, flow: str = "order-to-delivery") -> Told:
        """One document through a flow."""
        file = self.folder / "given.json"
        file.write_bytes(given if isinstance(given, bytes) else _written(given))
        return self.tell("run", flow, "--input", str(file), "--json", *more)

    def tell(self, *words: str) -> Told:
        """Any command; its lines of JSON are reports."""
        self.capsys.readouterr()
        code = invoke(list(words))
        said = self.capsys.readouterr()
        lines = [json.loads(line) for line in said.out.split("\n") if line.startswith("{")]
        return Told(code, lines, said.out + said.err)

    def done(self) -> dict[str, int]:
        """What was done outside: mails, charges, labels, and reservations of stock."""
        shelf = Shelf(self.folder / ".orderloom" / "world.sqlite")
        kinds = {"charges": "charge", "reservations": "reservation"}
        return {
            "mails": len(self.mails()),
            "labels": len(list(self.folder.glob("documents/labels/*"))),
            **{name: shelf.count(kind) if shelf.exists else 0 for name, kind in kinds.items()},
        }

    def mails(self) -> list[str]:
        return [file.read_text(encoding="utf-8") for file in sorted(self.folder.glob("outbox/*.eml"))]


def order(**changes: Any) -> Order:
    """Two mugs that are in stock, to a good address."""
    return good_order(
        **{"order_id": "api:main:1", "order_number": "1", "channel": {"type": "api"}, "lines": (line(),), **changes}
    )


def line(**changes: Any) -> Line:
    weight = Measure(value=Decimal(340), unit="g")
    mug = {
        "line_id": "1",
        "sku": "MUG-ENAMEL-GRN",
        "title": "Enamel mug",
        "quantity": 2,
        "unit_price": usd("12.50"),
        "weight": weight,
    }
    return Line(**{**mug, **changes})


def to(**changes: Any) -> Order:
    """An order to another address."""
    return order(shipping_address=Address(**{**order().shipping_address.model_dump(), **changes}))  # type: ignore[union-attr]


def by(**person: Any) -> Order:
    """An order of another customer."""
    return order(customer=Party(**person))


def _written(given: Order | Mapping[str, Any]) -> bytes:
    if isinstance(given, Order):
        return given.model_dump_json(exclude_none=True).encode()
    return json.dumps(given).encode()
