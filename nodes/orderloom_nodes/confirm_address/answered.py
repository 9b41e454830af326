"""What a customer said about their address in, the order with the address that is meant out.

AddressRefusedError(Exception)      what was said is no answer, or still no address; in sentences
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from orderloom import did_you_mean
from orderloom.model import Address, Order
from orderloom_nodes.validate.addresses import check_address
from orderloom_nodes.validate.findings import CONFIRMABLE, CONFIRMED, FieldProblem, Findings

_FIELDS = (
    "name", "company", "address_lines", "dependent_locality", "city", "region_code", "region_name", "postal_code",
    "sorting_code", "country_code", "phone",
)  # fmt: skip
_KEYS = ("outcome", "candidate", "address")


class AddressRefusedError(Exception):
    """It cannot be taken; `sentences` say why."""

    def __init__(self, *sentences: str) -> None:
        self.sentences = sentences
        super().__init__("; ".join(sentences))


def corrected(order: Order, problems: Sequence[FieldProblem], said: Any) -> Order:
    """The order with its address as the customer says. Raises `AddressRefusedError` where that is still none."""
    if not isinstance(said, Mapping) or said.get("outcome", "confirmed") != "confirmed":
        raise AddressRefusedError("say `confirmed` or `desk`, or give a `candidate` or the `address`")
    unknown = next((key for key in said if key not in _KEYS), None)
    if unknown is not None:
        raise AddressRefusedError(f"an answer has no `{unknown}`: {did_you_mean(unknown, _KEYS) or ', '.join(_KEYS)}")
    place = order.shipping_address or Address()
    changes = dict(_changes(place, said))
    tags = () if changes else tuple(f"{CONFIRMED}{one.code}" for one in problems if one.code in CONFIRMABLE)
    told = _with(place, changes)
    answered = order.model_copy(update={"shipping_address": told, "tags": tuple(dict.fromkeys((*order.tags, *tags)))})
    _refuse_what_is_still_wrong(answered, told)
    return answered


def _changes(place: Address, said: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if said.get("candidate") is not None:
        candidates = place.validation.candidates if place.validation else ()
        number = said["candidate"]
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= len(candidates):
            raise AddressRefusedError(f"there is no candidate `{number}`: they are numbered 1 to {len(candidates)}")
        yield from ((name, value) for name, value in candidates[number - 1].items() if name in _FIELDS)
    given = said.get("address")
    if given is None:
        return
    if not isinstance(given, Mapping):
        raise AddressRefusedError('`address` is an object such as {"postal_code": "40202"}')
    for name, value in given.items():
        if name not in _FIELDS:
            raise AddressRefusedError(
                f"an address has no `{name}`: {did_you_mean(name, _FIELDS) or ', '.join(_FIELDS)}"
            )
        yield name, value


def _with(place: Address, changes: Mapping[str, Any]) -> Address:
    bare = place.model_dump(exclude={"validation", "kind", "latitude", "longitude"} if changes else {"validation"})
    if "region_code" in changes and "region_name" not in changes:
        bare["region_name"] = None
    try:
        return Address.model_validate({**bare, **changes})
    except ValidationError as error:
        raise AddressRefusedError(*(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())) from None


def _refuse_what_is_still_wrong(order: Order, place: Address) -> None:
    findings = Findings(order.tags)
    check_address(place, "shipping_address", findings, {}, holds=True)
    if findings.errors:
        raise AddressRefusedError(*(f"{one.path}: {one.message}" for one in findings.errors))
