"""eBay's buyer and where the parcels go in: customer, address and pickup out."""

from __future__ import annotations

from typing import Any

from orderloom.model import Address, ExternalRef, Party, Pickup, TaxId

from ...reading import Reading
from ..places import country, region


def read_buyer(read: Reading) -> Party | None:
    """Who bought: the user name is all that eBay always tells."""
    buyer = read.part("buyer")
    if buyer is None:
        return None
    own_id, registered = buyer.text("username"), buyer.part("buyerRegistrationAddress")
    taxed = buyer.part("taxIdentifier")
    number = taxed.text("taxpayerId") if taxed else None
    return Party(
        customer_id=own_id,
        last_name=registered.text("fullName") if registered else None,
        company=registered.text("companyName") if registered else None,
        email=registered.text("email") if registered else None,
        phone=_phone(registered),
        tax_ids=(TaxId(scheme=taxed.text("taxIdentifierType"), value=number),) if taxed and number else (),
        external_refs=(ExternalRef(system="ebay", type="user", value=own_id),) if own_id else (),
    )


def read_destination(read: Reading) -> dict[str, Any]:
    """Where it goes. With global shipping that is eBay's hub, and the buyer's own address stays as where it ends."""
    instructions = list(read.parts("fulfillmentStartInstructions"))
    buyer = read.part("buyer")
    found: dict[str, Any] = {
        "billing_address": read_address(buyer.part("buyerRegistrationAddress")) if buyer else None
    }
    for one in instructions:
        step, pickup = one.part("shippingStep"), one.part("pickupStep")
        if pickup is not None or one.told("fulfillmentInstructionsType") in ("pickup", "prepare_for_pickup"):
            found["pickup"] = Pickup(location_id=pickup.text("merchantLocationKey") if pickup else None)
        if step is not None and "shipping_address" not in found:
            found["shipping_address"] = _with_end(read_address(step.part("shipTo")), step, one)
    return found


def _with_end(address: Address | None, step: Reading, instruction: Reading) -> Address | None:
    """eBay's hub knows a parcel by `shipToReferenceId`: it belongs on the label, as a line of the address."""
    if address is None:
        return None
    reference, final = step.text("shipToReferenceId"), instruction.part("finalDestinationAddress")
    changes: dict[str, Any] = {}
    if reference and len(address.address_lines) < 5:
        changes["address_lines"] = (*address.address_lines, f"Reference {reference}")
    if final is not None:
        changes["original"] = {"final_destination": {name: str(value) for name, value in final.data.items() if value}}
    return address.model_copy(update=changes) if changes else address


def read_address(found: Reading | None) -> Address | None:
    """An address with as much as is told; None where nothing is."""
    where = found.part("contactAddress") if found else None
    if found is None or where is None:
        return None
    code = country(where.text("countryCode"))
    region_code, region_name = region(where.text("stateOrProvince"), code)
    return Address(
        name=found.text("fullName"),
        company=found.text("companyName"),
        address_lines=tuple(line for number in "12" if (line := where.text(f"addressLine{number}"))),
        city=where.text("city"),
        region_code=region_code,
        region_name=region_name or (where.text("county") if region_code is None else None),
        postal_code=where.text("postalCode"),
        country_code=code,
        phone=_phone(found),
        email=found.text("email"),
    )


def _phone(found: Reading | None) -> str | None:
    phone = found.part("primaryPhone") if found else None
    return phone.text("phoneNumber") if phone else None
