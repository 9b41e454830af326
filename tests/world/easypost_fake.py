"""EasyPost as this repository uses it, on loopback: shipments, rates, purchases, refunds. In the shapes of its API v2.

The shapes were read in recorded answers of its test mode (MIT, EasyPost/easypost-python); the amounts are our own.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.world.serving import Answer, Asked, Served, said, serving

from orderloom.world.connections import Connections, Definition
from orderloom.world.types import CONNECTION_TYPES

RATES = (("USPS", "GroundAdvantage", "6.07", 3), ("USPS", "Priority", "7.42", 2), ("USPS", "Express", "34.15", 1))


@dataclass
class FakeEasyPost:
    """`before` may answer a request in its place, `after` what has been done already."""

    rates: tuple[tuple[str, str, str, int | None], ...] = RATES
    currency: str = "USD"
    messages: tuple[dict[str, str], ...] = ()
    shipments: dict[str, dict[str, Any]] = field(default_factory=dict)
    before: Callable[[Asked], Answer | None] = lambda _: None
    after: Callable[[Asked], Answer | None] = lambda _: None
    base: str = ""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def answer(self, asked: Asked) -> Answer:
        odd = self.before(asked)
        if odd is not None:
            return odd
        told = self._done(asked)
        return self.after(asked) or told

    @property
    def bought(self) -> list[dict[str, Any]]:
        return [one for one in self.shipments.values() if one["tracking_code"]]

    @property
    def charged(self) -> int:
        """Labels that have to be paid."""
        return sum(one["refund_status"] is None for one in self.bought)

    def _done(self, asked: Asked) -> Answer:
        _, _, *path = asked.path.split("/")
        if asked.path.startswith("/files/"):
            return Answer(200, b"%PDF the label", {"Content-Type": "application/pdf"})
        if path == ["shipments"]:
            return self._made(asked) if asked.method == "POST" else said({"shipments": []})
        found = self._found(path[1])
        if found is None:
            return said({"error": {"code": "NOT_FOUND", "message": "The requested resource could not be found."}}, 404)
        act = {"buy": self._buy, "refund": self._refund}.get(path[2] if len(path) > 2 else "")
        return act(found, asked) if act else said(found)

    def _found(self, name: str) -> dict[str, Any] | None:
        return self.shipments.get(name) or next((s for s in self.shipments.values() if s["reference"] == name), None)

    def _made(self, asked: Asked) -> Answer:
        body = asked.json()["shipment"]
        identity = f"shp_{next(self._numbers):04d}"
        made = {
            "id": identity, "object": "Shipment", "reference": body.get("reference"), "tracking_code": None,
            "postage_label": None, "selected_rate": None, "refund_status": None, "messages": list(self.messages),
            "rates": [self._rate(identity, *rate) for rate in self.rates], "body": body,
        }  # fmt: skip
        self.shipments[identity] = made
        return said(made, 201)

    def _rate(self, shipment: str, carrier: str, service: str, amount: str, days: int | None) -> dict[str, Any]:
        return {
            "id": f"rate_{shipment}_{service}", "object": "Rate", "carrier": carrier, "service": service,
            "rate": amount, "currency": self.currency, "delivery_days": days, "est_delivery_days": days,
            "delivery_date": None, "delivery_date_guaranteed": False, "shipment_id": shipment,
        }  # fmt: skip

    def _buy(self, found: dict[str, Any], asked: Asked) -> Answer:
        if found["tracking_code"]:
            return said({"error": {"code": "SHIPMENT.POSTAGE.EXISTS", "message": "Postage already exists."}}, 422)
        rate = asked.json()["rate"]["id"]
        found["selected_rate"] = next(one for one in found["rates"] if one["id"] == rate)
        found["tracking_code"] = f"94001000{next(self._numbers):06d}"
        found["postage_label"] = {"label_url": f"{self.base}/files/{found['id']}.pdf?v=1", "label_pdf_url": None}
        return said(found)

    def _refund(self, found: dict[str, Any], asked: Asked) -> Answer:
        found["refund_status"] = "submitted"
        return said(found)


@contextmanager
def easypost(folder: Path, **settings: Any) -> Iterator[tuple[FakeEasyPost, Any, Served]]:
    """The fake, the connection to it as a project opens it, and what was asked."""
    fake = FakeEasyPost()
    with serving(fake.answer) as served:
        fake.base = served.base
        (folder / "key").write_text("EZTK-secret", encoding="utf-8")
        values = {
            "key": {"file": "key"}, "base": f"{served.base}/v2", "private": True, "timeout_s": 5, **settings,
        }  # fmt: skip
        yield fake, opened(folder, values), served


def opened(folder: Path, values: Mapping[str, Any]) -> Any:
    kind = CONNECTION_TYPES["easypost"]
    return Connections({"easypost": Definition(kind, values)}, folder)["easypost"]
