"""Documents of UBL as text, in parts that a test can change."""

from __future__ import annotations

from typing import Any

from orderloom.declare import Payload
from orderloom_nodes.capture import capture

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
BUYER = """<cac:BuyerCustomerParty><cac:Party>
  <cbc:EndpointID schemeID="0088">7300010000001</cbc:EndpointID>
  <cac:PartyName><cbc:Name>Byggvaror AB</cbc:Name></cac:PartyName>
  <cac:PostalAddress><cbc:StreetName>Storgatan</cbc:StreetName><cbc:BuildingNumber>5</cbc:BuildingNumber>
    <cbc:CityName>Lund</cbc:CityName><cbc:PostalZone>22100</cbc:PostalZone>
    <cac:Country><cbc:IdentificationCode>SE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
  <cac:PartyTaxScheme><cbc:CompanyID>SE123456780101</cbc:CompanyID>
    <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
  <cac:Contact><cbc:Name>Pelle</cbc:Name><cbc:ElectronicMail>pelle@example.test</cbc:ElectronicMail></cac:Contact>
</cac:Party></cac:BuyerCustomerParty>"""
DELIVERY = """<cac:Delivery><cac:DeliveryLocation><cac:Address>
  <cbc:StreetName>Hamngatan</cbc:StreetName><cbc:BuildingNumber>7</cbc:BuildingNumber>
  <cbc:CityName>Malmö</cbc:CityName><cbc:PostalZone>21120</cbc:PostalZone>
  <cac:Country><cbc:IdentificationCode>SE</cbc:IdentificationCode></cac:Country></cac:Address></cac:DeliveryLocation>
  <cac:RequestedDeliveryPeriod><cbc:StartDate>2026-03-10</cbc:StartDate><cbc:EndDate>2026-03-12</cbc:EndDate>
  </cac:RequestedDeliveryPeriod></cac:Delivery>"""
TOTAL = """<cac:AnticipatedMonetaryTotal><cbc:LineExtensionAmount currencyID="SEK">200.00</cbc:LineExtensionAmount>
  <cbc:PayableAmount currencyID="SEK">200.00</cbc:PayableAmount></cac:AnticipatedMonetaryTotal>"""
ITEM = """<cac:Item><cbc:Description>Red paint</cbc:Description><cbc:Name>Falu</cbc:Name>
  <cac:BuyersItemIdentification><cbc:ID>B-1</cbc:ID></cac:BuyersItemIdentification>
  <cac:SellersItemIdentification><cbc:ID>PAINT-1</cbc:ID></cac:SellersItemIdentification>
  <cac:StandardItemIdentification><cbc:ID schemeID="0160">07300010000018</cbc:ID></cac:StandardItemIdentification>
  </cac:Item>"""
PRICE = '<cac:Price><cbc:PriceAmount currencyID="SEK">50.00</cbc:PriceAmount></cac:Price>'


def line(number: str = "1", quantity: str = "4", unit: str = "EA", item: str = ITEM, price: str = PRICE,
         amount: str = "200.00", more: str = "") -> str:  # fmt: skip
    total = f'<cbc:LineExtensionAmount currencyID="SEK">{amount}</cbc:LineExtensionAmount>' if amount else ""
    return (
        f'<cac:OrderLine><cac:LineItem><cbc:ID>{number}</cbc:ID><cbc:Quantity unitCode="{unit}">{quantity}'
        f"</cbc:Quantity>{total}{more}{price}{item}</cac:LineItem></cac:OrderLine>"
    )


def ubl(kind: str = "Order", **parts: Any) -> str:
    """The document. `head` stands before the parties, `rest` before the lines; each part can be left out by ""."""
    said = {
        "number": "<cbc:ID>34</cbc:ID>",
        "issued": "<cbc:IssueDate>2026-03-01</cbc:IssueDate><cbc:IssueTime>12:30:00</cbc:IssueTime>",
        "head": "",
        "currency": "<cbc:DocumentCurrencyCode>SEK</cbc:DocumentCurrencyCode>",
        "buyer": BUYER,
        "delivery": DELIVERY,
        "rest": "",
        "total": TOTAL,
        "lines": line(),
        **parts,
    }
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} xmlns="{UBL}{kind}-2" '
        f'xmlns:cac="{UBL}CommonAggregateComponents-2" xmlns:cbc="{UBL}CommonBasicComponents-2">\n'
        + "\n".join(said.values())
        + f"\n</{kind}>"
    )


def read(text: str | bytes, **settings: Any) -> list[Any]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(capture(Payload(data, "order.xml"), **settings))
