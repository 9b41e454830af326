"""Labels that are no postage: a shipment in, a label of four by six inches out that says so, with a tracking number.

For trying flows out and for tests. One key, one label, also after a crash; what was taken back stays so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import ClassVar, Literal

from orderloom.model import Address, Label, Shipment
from orderloom.paper import LabelText, check_digit, label_pdf, label_zpl, sscc_of
from orderloom.paper.gs1 import TRIAL_PREFIX
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.protocols import Documents, Reachable
from orderloom.world.shelf import Shelf

LabelFormat = Literal["pdf", "zpl"]


class TestLabels:
    """The connection `labels` without a carrier. Each parcel has an SSCC of the company's `gs1_prefix`."""

    __test__ = False  # not a class of tests, whatever pytest thinks of its name
    remote: ClassVar[bool] = False

    def __init__(
        self, shelf: Shelf, documents: Documents, form: LabelFormat = "pdf", gs1_prefix: str = TRIAL_PREFIX
    ) -> None:  # fmt: skip
        self._shelf, self._documents, self._form, self._prefix = shelf, documents, form, gs1_prefix

    def buy(self, shipment: Shipment, key: str) -> Label:
        """The label of this key, its picture written. One that was taken back is not given out again."""
        number = self._number(key)
        sscc = self._sscc(number)
        text = _text(shipment, number, sscc)
        picture = label_pdf(text) if self._form == "pdf" else label_zpl(text)
        path = self._documents.write(f"labels/{number}.{self._form}", picture)
        with self._shelf.changing():
            known = self._shelf.get("label", number)
            if known is not None:
                return Label.model_validate(known)
            made = Label(
                label_id=number,
                carrier_code=shipment.carrier.carrier_code if shipment.carrier else None,
                tracking_number=number,
                sscc=sscc,
                format="PDF" if self._form == "pdf" else "ZPL",
                sha256=sha256(picture).hexdigest(),
                path=path,
                cost=next((quote.amount for quote in shipment.rate_quotes if _is_chosen(shipment, quote)), None),
            )
            self._shelf.put("label", number, made.model_dump(mode="json", exclude_none=True))
        return made

    def _sscc(self, number: str) -> str:
        """The next serial of the prefix for a new label, the same for one that was begun already."""
        with self._shelf.changing():
            known = self._shelf.get("sscc", number)
            if known is not None:
                return str(known)
            serial = int(self._shelf.get("sscc-serial", self._prefix) or 0)
            try:
                made = sscc_of(self._prefix, serial)
            except ValueError as error:
                raise ConnectionFailedError("refused", f"no SSCC is left: {error}") from error
            self._shelf.put("sscc-serial", self._prefix, serial + 1)
            self._shelf.put("sscc", number, made)
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
    return f"TEST{digits}{check_digit(digits)}"


def _text(shipment: Shipment, number: str, sscc: str) -> LabelText:
    returned = shipment.direction == "return"
    return LabelText(
        banner=f"{'RETURN - ' if returned else ''}TEST - NOT POSTAGE",
        sender=tuple(_address(shipment.ship_from)),
        receiver=tuple(_address(shipment.ship_to)),
        service=_service(shipment),
        tracking_number=number,
        reference=f"{'Return' if returned else 'Shipment'} {shipment.shipment_id}",
        sscc=sscc,
        qr=number if returned else None,
    )


def _service(shipment: Shipment) -> str:
    carrier = shipment.carrier
    told = " ".join(part for part in (carrier.carrier_code, carrier.service_code) if part) if carrier else ""
    return told or "no carrier chosen"


def _address(address: Address | None) -> Iterator[str]:
    if address is None:
        yield "not known"
        return
    town = " ".join(part for part in (address.city, address.region_code, address.postal_code) if part)
    lines = (address.name, address.company, *address.address_lines, town, address.country_code)
    yield from (line for line in lines if line and line.strip())
