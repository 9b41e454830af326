"""A shipment in, its packing slip out: one HTML page that prints on A4, the same bytes for the same shipment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from html import escape

from orderloom.model import Address, Order, Shipment

_STYLE = """
  @page { size: A4; margin: 18mm }
  body { font: 11pt/1.4 sans-serif; color: #111 }
  h1 { font-size: 18pt; margin: 0 0 4mm }
  table { width: 100%; border-collapse: collapse; margin: 8mm 0 }
  th, td { text-align: left; padding: 2mm; border-bottom: 0.3mm solid #999 }
  td.count, th.count { text-align: right; width: 20mm }
  .two { display: flex; gap: 20mm }
  .gift { border: 0.3mm solid #999; padding: 4mm; white-space: pre-wrap }
"""


def packing_slip(shipment: Shipment, order: Order | None) -> str:
    """Never with prices: the parcel may be a gift."""
    number = (order.order_number if order else None) or shipment.order_id
    title = f"Packing slip {number}"
    return "\n".join(
        (
            '<!doctype html>\n<html lang="en">',
            f'<head><meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body>',
            f"<h1>{escape(title)}</h1>",
            f"<p>Shipment {escape(shipment.shipment_id)}{_carrier(shipment)}</p>",
            f'<div class="two">{_address("From", shipment.ship_from)}{_address("To", shipment.ship_to)}</div>',
            '<table><tr><th class="count">Units</th><th>Article</th><th>What</th></tr>',
            *_rows(shipment, order),
            "</table>",
            *_greeting(order),
            "</body></html>\n",
        )
    )


def file_name(identity: str) -> str:
    """A name that a file may bear, made of an id; two ids never make the same, also where case is not told apart."""
    plain = re.sub(r"[^A-Za-z0-9.+-]+", "_", identity).strip("._")[:80] or "shipment"
    return f"{plain}-{sha256(identity.encode()).hexdigest()[:8]}"


def _rows(shipment: Shipment, order: Order | None) -> Iterator[str]:
    for line in shipment.lines:
        sold = order.line(line.line_id) if order else None
        what = " ".join(part for part in ((sold.title, sold.variant_title) if sold else ()) if part)
        yield f'<tr><td class="count">{line.quantity}</td><td>{escape(line.sku)}</td><td>{escape(what)}</td></tr>'


def _carrier(shipment: Shipment) -> str:
    carrier = shipment.carrier
    told = " ".join(part for part in (carrier.carrier_code, carrier.service_code) if part) if carrier else ""
    return escape(f", by {told}") if told else ""


def _address(head: str, address: Address | None) -> str:
    if address is None:
        return ""
    town = " ".join(part for part in (address.city, address.region_code, address.postal_code) if part)
    told = [address.name, address.company, *address.address_lines, town, address.country_code]
    return f"<p><b>{head}</b><br>{'<br>'.join(escape(line) for line in told if line)}</p>"


def _greeting(order: Order | None) -> Iterator[str]:
    wishes = order.shipping_preferences if order else None
    if wishes and wishes.gift_message:
        yield f'<p class="gift">{escape(wishes.gift_message)}</p>'
