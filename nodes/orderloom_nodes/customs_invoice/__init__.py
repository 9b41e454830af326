"""The node `customs-invoice`: a shipment that crosses a border in, its commercial invoice out."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal, NamedTuple

from orderloom import Documents, Outcome, Setting, World, node
from orderloom.model import Customs, Handling, Line, Money, Order, Shipment, minor_unit
from orderloom.paper import Column, Pages, pages
from orderloom_nodes.ship_documents.slip import address_lines, file_name

_COLUMNS = (
    Column("Units", 7, "right"), Column("What", 35), Column("HS code", 13), Column("Origin", 8),
    Column("Weight kg", 11, "right"), Column("Each", 12, "right"), Column("Value", 14, "right", bold=True),
)  # fmt: skip


class Item(NamedTuple):
    """What customs asks of a line. `value` is of all its units in this shipment."""

    line: Line
    quantity: int
    value: Money
    weight_g: Decimal

    @property
    def handling(self) -> Handling:
        return self.line.handling or Handling()


class Invoiced(Outcome, name="invoiced"):
    """`shipment.customs` holds what the invoice says, for the carrier."""

    path: str
    shipment: Shipment
    total: Money


class Incomplete(Outcome, name="incomplete"):
    """Customs would turn it back: what is missing, by line."""

    shipment: Shipment
    reasons: tuple[str, ...]


@node("customs-invoice", effects="keyed")
def customs_invoice(
    shipment: Shipment,
    order: Order,
    world: World,
    reason: Setting[Literal["merchandise", "gift", "sample", "return"]] = "merchandise",
    incoterm: Setting[Literal["DAP", "DDP", "EXW", "FCA"]] = "DAP",
    exporter_id: Setting[str] = "",
    documents: Setting[str] = "documents",
) -> Invoiced | Incomplete:
    """Write the commercial invoice: what it is, its tariff code, where it was made, what it weighs and was paid for it.

    Values are what the buyer pays for the goods, after discounts; a line that is sent in parts is shared out by units.
    Nothing is made up: a line without tariff code, origin, weight or value makes it `incomplete`.
    """
    reasons = tuple(_reasons(shipment, order))
    if reasons:
        return Incomplete(shipment=shipment, reasons=reasons)
    items = [_item(line, quantity) for line, quantity in _lines(shipment, order)]
    total = Money(amount=sum((one.value.amount for one in items), Decimal(0)), currency=order.currency)
    customs = _customs(items, total, reason, incoterm, exporter_id)
    title = f"Commercial invoice {order.order_number or order.order_id}"
    content = pages(title, lambda page: _draw(page, title, shipment, order, items, customs))
    path = world.connection(documents, Documents).write(f"invoices/{file_name(shipment.shipment_id)}.pdf", content)
    return Invoiced(path=path, shipment=shipment.model_copy(update={"customs": customs}), total=total)


def _lines(shipment: Shipment, order: Order) -> Iterator[tuple[Line, int]]:
    for share in shipment.lines:
        line = order.line(share.line_id)
        if line is not None:
            yield line, share.quantity


def _reasons(shipment: Shipment, order: Order) -> Iterator[str]:
    for end, address in (("ship_from", shipment.ship_from), ("ship_to", shipment.ship_to)):
        if address is None or not address.country_code:
            yield f"the shipment has no `{end}` with a country"
    for share in shipment.lines:
        line = order.line(share.line_id)
        if line is None:
            yield f"line {share.line_id} is not in the order"
            continue
        handling = line.handling or Handling()
        missing = {
            "a description (title)": line.title, "a tariff code (handling.hs_code)": handling.hs_code,
            "a country of origin (handling.origin_country)": handling.origin_country,
            "a weight": line.weight and line.weight.value, "a value": _paid(line),
        }  # fmt: skip
        lacking = [what for what, there in missing.items() if not there]
        if lacking:
            yield f"line {line.line_id} lacks {', '.join(lacking)}: enter it"


def _paid(line: Line) -> Decimal:
    """What the buyer pays for all of the line, after its discounts."""
    if line.line_total is not None:
        return line.line_total.amount
    return line.unit_price.amount * line.quantity - sum((one.amount.amount for one in line.discounts), Decimal(0))


def _item(line: Line, quantity: int) -> Item:
    currency = line.unit_price.currency
    share = (_paid(line) * quantity / line.quantity).quantize(minor_unit(currency), ROUND_HALF_EVEN)
    weight_g = line.weight.grams * quantity if line.weight else Decimal(0)
    return Item(line, quantity, Money(amount=share, currency=currency), weight_g)


def _customs(
    items: list[Item], total: Money, reason: Literal["merchandise", "gift", "sample", "return"],
    incoterm: Literal["DAP", "DDP", "EXW", "FCA"], exporter_id: str,
) -> Customs:  # fmt: skip
    return Customs(
        incoterm=incoterm, contents_type=reason, declared_value=total, eori=exporter_id or None,
        items=tuple(
            {
                "description": one.line.title, "quantity": one.quantity, "hs_code": one.handling.hs_code,
                "origin_country": one.handling.origin_country, "weight_g": f"{one.weight_g.normalize():f}",
                "value": {"amount": f"{one.value.amount:f}", "currency": one.value.currency},
            }
            for one in items
        ),
    )  # fmt: skip


def _draw(
    page: Pages, title: str, shipment: Shipment, order: Order, items: list[Item], customs: Customs
) -> None:  # fmt: skip
    page.heading(title)
    page.line(f"Shipment {shipment.shipment_id}, ordered on {order.ordered_at:%Y-%m-%d}")
    exporter = tuple(address_lines(shipment.ship_from)) + ((f"EORI/tax id {customs.eori}",) if customs.eori else ())
    page.beside(("Exporter", exporter), ("Receiver", tuple(address_lines(shipment.ship_to))))
    page.line(f"Reason for export: {customs.contents_type}. Incoterm: {customs.incoterm}. Currency: {order.currency}.")
    page.table(_COLUMNS, (_row(one) for one in items))
    units, kilograms = sum(one.quantity for one in items), sum((one.weight_g for one in items), Decimal(0)) / 1000
    total = customs.declared_value
    told = f"Total: {units} units, {_figure(kilograms)} kg net, {total.amount if total else 0} {order.currency}"
    page.line(told, bold=True, size=12)
    page.line("These commodities are as described and the values are true. Signature and date:")
    page.framed(" ")


def _row(one: Item) -> tuple[str, ...]:
    each = one.value.amount / one.quantity
    exact = each.quantize(minor_unit(one.value.currency))
    price = f"{exact}" if exact * one.quantity == one.value.amount else f"{each:.4f}"
    return (
        str(one.quantity), one.line.title or "", one.handling.hs_code or "", one.handling.origin_country or "",
        _figure(one.weight_g / 1000), price, str(one.value.amount),
    )  # fmt: skip


def _figure(number: Decimal) -> str:
    return f"{number.quantize(Decimal('0.001')):f}"
