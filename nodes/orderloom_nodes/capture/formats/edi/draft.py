"""An order as it is gathered from a message's segments; the canonical Order, or findings, out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from pydantic import ValidationError

from orderloom.model import MINOR_DIGITS, Order, minor_unit, order_identity

from ....edi.envelope import Fault
from ....edi.segments import Segment
from .told import Told, moment

_FINEST = Decimal("0.000001")
CANCELS, CHANGES = "cancellation", "change"


@dataclass
class Draft:
    """What the segments said so far. `account` is the partner, where the source names none."""

    told: Told
    account: str
    number: str = ""
    currency: str = ""
    otherwise: str = "USD"  # the currency where the message names none
    purpose: str = "original"  # original, change, replacement, cancellation, confirmation, duplicate …
    ordered_at: datetime | None = None
    sequence: int = 0  # of the change, where the partner counts them
    order: dict[str, Any] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)
    refs: list[dict[str, str]] = field(default_factory=list)
    parties: list[dict[str, Any]] = field(default_factory=list)
    discounts: list[dict[str, Any]] = field(default_factory=list)
    fees: list[dict[str, Any]] = field(default_factory=list)
    shipping: list[dict[str, Any]] = field(default_factory=list)
    taxes: list[dict[str, Any]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    promise: dict[str, Any] = field(default_factory=dict)
    total: Decimal | None = None
    said: dict[str, Any] = field(default_factory=dict)  # for metadata
    kept: list[str] = field(default_factory=list)  # segments of the header that have no place above
    kept_of_lines: dict[str, list[str]] = field(default_factory=dict)

    def money(self, amount: Decimal) -> dict[str, str]:
        """In the order's currency: a sum that its digits hold exactly has just those."""
        currency = self.currency or self.otherwise
        if currency in MINOR_DIGITS:
            whole = amount.quantize(minor_unit(currency), ROUND_HALF_EVEN)
            amount = whole if whole == amount else amount.quantize(_FINEST, ROUND_HALF_EVEN).normalize()
        return {"amount": f"{amount:f}", "currency": currency}

    def keep(self, segment: Segment, line: Mapping[str, Any] | None = None) -> None:
        """What has no place in an order is kept as it stands."""
        if line is None:
            self.kept.append(segment.raw)
        else:
            self.kept_of_lines.setdefault(line["line_id"], []).append(segment.raw)

    def refer(self, kind: str, value: str, refs: list[dict[str, str]] | None = None) -> None:
        """A reference of the partner's."""
        entry = {"system": "edi", "type": kind, "value": value}
        into = self.refs if refs is None else refs
        if value and entry not in into:
            into.append(entry)

    @property
    def revises(self) -> bool:
        """Whether it only changes an order that came before."""
        return self.purpose in {CANCELS, CHANGES, "replacement"}

    def finish(self) -> Order | None:
        """The order, or None after findings."""
        self._line_ids_differ()
        if not self.lines and self.revises:
            self._stand_in()
        if not self.lines and not self.told.faults:
            self.told.absent("LIN", "the order has no lines", "an order has at least one line")
        if self.told.faults or self.ordered_at is None:
            return None
        return self._validated(self._whole())

    def _whole(self) -> dict[str, Any]:
        known = {
            "order_id": order_identity("edi", self.account, self.number)[:128],
            "order_number": self.number,
            "purchase_order_number": self.number,
            "revision": self._revision(),
            "channel": {"type": "edi", "account_id": self.account},
            "ordered_at": self.ordered_at,
            "currency": self.currency or self.otherwise,
            "external_refs": self.refs,
            "lines": [self._line(line) for line in self.lines],
            "discounts": self._priced(self.discounts),
            "fees": self._priced(self.fees),
            "shipping_lines": self._priced(self.shipping, "price"),
            "taxes": self._priced(self.taxes),
            "totals": self._totals(),
            "payment": {"status": "unpaid"},
            "notes": self.texts,
            "tags": ["test"] if self.told.whole.test else [],
            "metadata": {"edi": self._metadata()},
        }
        if self.promise:
            known["promise"] = self.promise
        if self.purpose == CANCELS:
            known |= {"cancelled_at": self._sent_at() or self.ordered_at, "cancel_reason": "customer"}
        return {**known, **self.order}

    def _line(self, line: Mapping[str, Any]) -> dict[str, Any]:
        price = self.money(line.get("unit_price") or Decimal(0))
        made = {**line, "unit_price": price}
        for name in ("discounts", "taxes"):
            made[name] = self._priced(line.get(name, ()))
        return made

    def _priced(self, entries: Any, name: str = "amount") -> list[dict[str, Any]]:
        return [{**entry, name: self.money(entry[name])} for entry in entries]

    def _totals(self) -> dict[str, Any]:
        lines = [line for line in self.lines if line["line_id"] != "*"]
        goods = sum((line["quantity"] * (line.get("unit_price") or 0) for line in lines), Decimal(0))
        off = sum((one["amount"] for one in self.discounts), Decimal(0))
        off += sum((one["amount"] for line in lines for one in line.get("discounts", ())), Decimal(0))
        fees = sum((one["amount"] for one in self.fees), Decimal(0))
        carriage = sum((one["price"] for one in self.shipping), Decimal(0))
        tax = sum((one["amount"] for one in self.taxes), Decimal(0))
        tax += sum((one["amount"] for line in lines for one in line.get("taxes", ())), Decimal(0))
        whole = goods - off + fees + carriage + tax
        told = {"discount": off, "fees": fees, "shipping": carriage, "tax": tax}
        sums = {name: self._sum(amount) for name, amount in told.items() if amount}
        total = whole if self.total is None else self.total
        return {"subtotal": self._sum(goods), **sums, "grand_total": self._sum(max(total, Decimal(0)))}

    def _sum(self, amount: Decimal) -> dict[str, str]:
        currency = self.currency or self.otherwise
        return (
            self.money(amount.quantize(minor_unit(currency), ROUND_HALF_EVEN))
            if currency in MINOR_DIGITS
            else {
                "amount": str(amount),
                "currency": currency,
            }
        )

    def _revision(self) -> int:
        """0 for the order itself; of a change when it was sent, so that the later is the higher."""
        sent = self._sent_at()
        if not self.revises:
            return 0
        return (int(sent.timestamp()) if sent else 0) + self.sequence

    def _sent_at(self) -> datetime | None:
        group, whole = self.told.group.header, self.told.whole
        tries = [(whole.date, whole.time)]
        if group is not None and whole.syntax == "x12":
            tries.insert(0, (group.get(4), group.get(5)))
        for date, time in tries:
            try:
                return moment(date, time if len(time) in (4, 6, 8) else "")
            except ValueError:
                continue
        return None

    def _metadata(self) -> dict[str, Any]:
        found = {
            **self.told.header(),
            "purpose": self.purpose,
            **self.said,
            "parties": self.parties,
            "segments": self.kept,
            "line_segments": self.kept_of_lines,
            "notes": [*self.told.whole.stretch.notes, *self.told.notes],
        }
        return {name: value for name, value in found.items() if value not in ("", [], {}, None)}

    def _line_ids_differ(self) -> None:
        met: set[str] = set()
        for number, line in enumerate(self.lines, 1):
            wanted = line.get("line_id") or str(number)
            if wanted in met:
                self.told.notes.append(f"two lines are numbered {wanted}: the later is {wanted}-{number}")
                wanted = f"{wanted}-{number}"
            if line.get("line_id") in self.kept_of_lines and wanted != line["line_id"]:
                self.kept_of_lines[wanted] = self.kept_of_lines[line["line_id"]]
            line["line_id"] = wanted
            met.add(wanted)

    def _stand_in(self) -> None:
        gone = int(self.purpose == CANCELS)
        title = "the whole order" if gone else "what stands in the header"
        self.lines.append({"line_id": "*", "title": title, "quantity": 1, "quantity_cancelled": gone})

    def _validated(self, data: dict[str, Any]) -> Order | None:
        try:
            return Order.model_validate(data)
        except ValidationError as error:
            first = self.told.message.segments[0]
            for one in error.errors(include_url=False)[:10]:
                path = ".".join(str(part) for part in one["loc"]) or "the order"
                given = one["input"] if isinstance(one["input"], (str, int, Decimal)) else "what was sent"
                said = f"`{path}` cannot be `{str(given)[:40]}`"
                self.told.faults.append(Fault("V710", "message", "5", said, first, mend="correct the message"))
            return None
