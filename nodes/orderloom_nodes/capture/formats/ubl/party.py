"""UBL's parties and addresses in, Party and Address out."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.model import Address, ExternalRef, Party, TaxId

from ...reading import Reading
from ..places import country, region
from .parts import first, many, text

# where the number of a house stands before its street
_NUMBER_FIRST = {"AU", "CA", "FR", "GB", "IE", "IN", "LU", "NZ", "SG", "US", "ZA"}


def buyer_id(read: Reading) -> str | None:
    """What tells buyers apart: where they are reached, else their first number, else their name."""
    party = first(read, "BuyerCustomerParty", "Party")
    customer = first(read, "BuyerCustomerParty")
    return (
        text(party, "EndpointID")
        or text(party, "PartyIdentification", "ID")
        or text(customer, "SupplierAssignedAccountID")
        or text(party, "PartyName", "Name")
        or text(party, "PartyLegalEntity", "RegistrationName")
    )


def read_buyer(read: Reading) -> Party | None:
    """Who orders."""
    customer, party = first(read, "BuyerCustomerParty"), first(read, "BuyerCustomerParty", "Party")
    if customer is None:
        return None
    contact = first(party, "Contact") or first(customer, "BuyerContact") or first(customer, "DeliveryContact")
    person = first(party, "Person")
    given, family = text(person, "FirstName"), text(person, "FamilyName") or text(contact, "Name")
    return Party(
        customer_id=text(customer, "SupplierAssignedAccountID") or buyer_id(read),
        first_name=given,
        last_name=family,
        company=party_name(party),
        email=text(contact, "ElectronicMail"),
        phone=text(contact, "Telephone"),
        tax_ids=tuple(_tax_ids(party)),
        external_refs=tuple(_identities(party)),
    )


def party_name(party: Reading | None) -> str | None:
    """The name that it goes by, else the one that it is registered under."""
    return (
        text(party, "PartyName", "Name")
        or text(party, "PartyLegalEntity", "RegistrationName")
        or text(party, "PartyTaxScheme", "RegistrationName")
    )


def _tax_ids(party: Reading | None) -> Iterator[TaxId]:
    for one in many(party, "PartyTaxScheme"):
        if number := text(one, "CompanyID"):
            yield TaxId(scheme=text(one, "TaxScheme", "ID"), value=number)


def _identities(party: Reading | None) -> Iterator[ExternalRef]:
    if party is None:
        return
    if endpoint := text(party, "EndpointID"):
        yield ExternalRef(system="ubl", type=str(party.data.get("EndpointID@schemeID") or "endpoint"), value=endpoint)
    for one in many(party, "PartyIdentification"):
        if number := text(one, "ID"):
            yield ExternalRef(system="ubl", type=str(one.data.get("ID@schemeID") or "party"), value=number)


def read_destination(read: Reading) -> Address | None:
    """Where it goes: the delivery's address, in UBL 2.0 straight, later within its location; else the buyer's own."""
    delivery = first(read, "Delivery")
    where = first(delivery, "DeliveryAddress") or first(delivery, "DeliveryLocation", "Address")
    receiver = first(delivery, "DeliveryParty")
    where = where or first(receiver, "PostalAddress")
    party = first(read, "BuyerCustomerParty", "Party")
    contact = first(receiver, "Contact") or first(read, "BuyerCustomerParty", "DeliveryContact")
    company = text(delivery, "DeliveryLocation", "Name") or party_name(receiver) or party_name(party)
    return read_address(where or first(party, "PostalAddress"), company, contact)


def read_payer(read: Reading) -> Address | None:
    """Where the bill goes: the accounting customer's address, else the buyer's."""
    payer = first(read, "AccountingCustomerParty", "Party") or first(read, "BuyerCustomerParty", "Party")
    return read_address(first(payer, "PostalAddress"), party_name(payer), first(payer, "Contact"))


def read_address(found: Reading | None, company: str | None, contact: Reading | None) -> Address | None:
    """An address with as much as is told; None where nothing is."""
    if found is None:
        return None
    code = country(text(found, "Country", "IdentificationCode") or text(found, "Country", "Name"))
    region_code, region_name = region(text(found, "CountrySubentityCode") or text(found, "CountrySubentity"), code)
    return Address(
        name=text(contact, "Name"),
        company=company,
        address_lines=tuple(_lines(found, code))[:5],
        dependent_locality=text(found, "CitySubdivisionName"),
        city=text(found, "CityName"),
        region_code=region_code,
        region_name=region_name,
        postal_code=text(found, "PostalZone"),
        country_code=code,
        phone=text(contact, "Telephone"),
        email=text(contact, "ElectronicMail"),
    )


def _lines(found: Reading, code: str) -> Iterator[str]:
    street, number = text(found, "StreetName"), text(found, "BuildingNumber")
    parts = (number, street) if code in _NUMBER_FIRST else (street, number)
    yield from filter(None, (" ".join(part for part in parts if part),))
    for name in ("AdditionalStreetName", "BuildingName", "Floor", "Room", "Department"):
        yield from filter(None, (text(found, name),))
    if box := text(found, "Postbox"):
        yield f"PO Box {box}"
    for one in many(found, "AddressLine"):
        yield from filter(None, (text(one, "Line"),))
