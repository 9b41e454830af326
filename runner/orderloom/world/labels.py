"""Labels that are no postage: a shipment in, a picture of a label out that says so, with a tracking number.

For trying flows out and for tests. One key, one label, also after a crash; what was taken back stays so.
"""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from html import escape
from typing import ClassVar

from orderloom.model import Address, Label, Shipment
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.protocols import Documents, Reachable
from orderloom.world.shelf import Shelf

_WIDTH_MM, _HEIGHT_MM = 102, 152  # 4 x 6 inches, as label printers have them


class TestLabels:
    """The connection `labels` without a carrier."""

    __test__ = False  # not a class of tests, whatever pytest thinks of its name
    remote: ClassVar[bool] = False

    def __init__(self, shelf: Shelf, documents: Documents) -> None:
        self._shelf, self._documents = shelf, documents

    def buy(self, shipment: Shipment, key: str) -> Label:
        """The label of this key, its picture written. One that was taken back is not given out again."""
        number = self._number(key)
        picture = _picture(shipment, number).encode()
        path = self._documents.write(f"labels/{number}.svg", picture)
        with self._shelf.changing():
            known = self._shelf.get("label", number)
            if known is not None:
                return Label.model_validate(known)
            made = Label(
                label_id=number,
                carrier_code=shipment.carrier.carrier_code if shipment.carrier else None,
                tracking_number=number,
                sha256=sha256(picture).hexdigest(),
                path=path,
                cost=next((quote.amount for quote in shipment.rate_quotes if _is_chosen(shipment, quote)), None),
            )
            self._shelf.put("label", number, made.model_dump(mode="json", exclude_none=True))
        return made

    def find(self, key: str) -> Label | None:
        """What this key made and was not taken back."""
        known = self._shelf.get("label", self._number(key))
        return None if known is None else Label.model_validate(known)

    def _number(self, key: str) -> str:
        for again in range(1000):
            number = _tracking_number(key if not again else f"{key}/{again}")
            if "voided_at" not in (self._shelf.get("label", number) or {}):
                return number
        raise ConnectionFailedError("refused", "a thousand labels of this shipment were taken back: look why")

    def void(self, label_id: str, key: str) -> bool:  # noqa: ARG002 (the label itself tells a repeat)
        """Take it back; False where no such label was made."""
        with self._shelf.changing():
            known = self._shelf.get("label", label_id)
            if known is None:
                return False
            if "voided_at" not in known:
                now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
                self._shelf.put("label", label_id, {**known, "voided_at": now})
        return True

    def probe(self) -> str:
        """Whether labels can be made and kept."""
        self._shelf.probe()
        kept = self._documents.probe() if isinstance(self._documents, Reachable) else ""
        return f"makes labels that are no postage; {kept}".removesuffix("; ")


def _is_chosen(shipment: Shipment, quote: object) -> bool:
    carrier = shipment.carrier
    return carrier is not None and (carrier.carrier_code, carrier.service_code) == (
        getattr(quote, "carrier_code", None),
        getattr(quote, "service_code", None),
    )


def _tracking_number(key: str) -> str:
    """TEST and twelve digits made of the key; the last one is the check digit of GS1 (General Specifications 7.9)."""
    digits = f"{int(sha256(key.encode()).hexdigest(), 16) % 10**11:011d}"
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return f"TEST{digits}{-weighted % 10}"


def _picture(shipment: Shipment, number: str) -> str:
    rows = [
        *_address("FROM", shipment.ship_from),
        *_address("TO", shipment.ship_to),
        ("", ""),
        ("SERVICE", _service(shipment)),
        ("TRACKING", number),
        ("SHIPMENT", shipment.shipment_id),
    ]
    text = "\n".join(
        f'  <text x="6" y="{30 + 6 * row}" font-size="4">{escape(f"{head:<10}{said}"[:60])}</text>'
        for row, (head, said) in enumerate(rows)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH_MM}mm" height="{_HEIGHT_MM}mm" '
        f'viewBox="0 0 {_WIDTH_MM} {_HEIGHT_MM}" font-family="monospace" xml:space="preserve">\n'
        f'  <rect width="100%" height="100%" fill="white" stroke="black"/>\n'
        f'  <rect y="4" width="100%" height="16" fill="black"/>\n'
        f'  <text x="6" y="15" font-size="8" fill="white">TEST - NOT POSTAGE</text>\n{text}\n</svg>\n'
    )


def _service(shipment: Shipment) -> str:
    carrier = shipment.carrier
    return f"{carrier.carrier_code} {carrier.service_code}" if carrier else "none chosen"


def _address(head: str, address: Address | None) -> list[tuple[str, str]]:
    if address is None:
        return [(head, "not known")]
    town = " ".join(part for part in (address.city, address.region_code, address.postal_code) if part)
    lines = [address.name, address.company, *address.address_lines, town, address.country_code]
    told = [line for line in lines if line]
    return [(head if number == 0 else "", line) for number, line in enumerate(told)]
