"""The connection `easypost`: live prices of many carriers, labels bought, found again and given back.

A label is bought on a shipment that bears a reference made of the call's key, and EasyPost finds shipments by it:
whatever was asked before, the same key buys once. One that was bought for another service than is wanted now is given
back first.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, ClassVar

from orderloom.model import Label, Money, RateQuote, Shipment
from orderloom.world.carriers.easypost_shapes import (
    REFUNDED,
    is_bought,
    label_of,
    messages,
    quotes,
    service_of,
    shipment_body,
)
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.http.statuses import status_failure
from orderloom.world.protocols import Documents, Http, Reachable, Reply

Fetch = Callable[[str], bytes]
_MOST_TRIES = 20
_BOUGHT = "SHIPMENT.POSTAGE.EXISTS"
_PASSING = {"RATE_LIMITED", "INTERNAL_SERVER_ERROR", "SERVICE_UNAVAILABLE", "TIMEOUT", "GATEWAY_TIMEOUT"}


class EasyPost:
    """`Rates` and `Labels`. `fetch` gets the file of a label, which lies at another host."""

    remote: ClassVar[bool] = True

    def __init__(self, http: Http, fetch: Fetch, documents: Documents, form: str = "pdf") -> None:
        self.http, self._fetch, self._documents, self._form = http, fetch, documents, form

    def rates(self, shipment: Shipment) -> tuple[RateQuote, ...]:
        """What each service asks for all parcels together; one that does not take all of them is left out."""
        parcels = shipment.packages or (None,)
        asked = [self._ask("POST", "shipments", shipment_body(shipment, one, None, self._form)) for one in parcels]
        found = [quotes(answer) for answer in asked]
        if not any(found) and any(messages(asked[0])):
            raise ConnectionFailedError("unavailable", f"no carrier gives a price: {'; '.join(messages(asked[0]))}")
        return _together(found)

    def buy(self, shipment: Shipment, key: str) -> Label:
        """The label of this key; bought where no earlier call did it."""
        for number in range(_MOST_TRIES):
            reference = _reference(key, number)
            known = self._known(reference)
            if known is not None and is_bought(known):
                if known.get("refund_status") in REFUNDED:
                    continue
                if _is_wanted(known, shipment):
                    return self._kept(known)
                self.void(str(known["id"]), key)  # an orphan: bought before another service was chosen
                continue
            return self._kept(self._bought(known or self._made(shipment, reference), shipment))
        raise ConnectionFailedError("refused", f"{_MOST_TRIES} labels of this shipment were given back: look why")

    def find(self, key: str) -> Label | None:
        """The label that this key bought and that was not given back."""
        for number in range(_MOST_TRIES):
            known = self._known(_reference(key, number))
            if known is None or not is_bought(known):
                return None
            if known.get("refund_status") not in REFUNDED:
                return self._kept(known)
        return None

    def void(self, label_id: str, key: str) -> bool:  # noqa: ARG002 (a refund that was asked for is not asked for again)
        """Ask for the money back; False where EasyPost refuses it."""
        known = self._ask("GET", "shipments/{id}", parts={"id": label_id}, absent=True)
        if known is None:
            return False
        if known.get("refund_status") in REFUNDED:
            return True
        try:
            answer = self._ask("POST", "shipments/{id}/refund", parts={"id": label_id})
        except ConnectionFailedError as failure:
            if failure.error_class not in {"invalid", "refused"}:
                raise
            return False
        return answer is not None and answer.get("refund_status") in REFUNDED

    def probe(self) -> str:
        """Whether the key is accepted."""
        self._ask("GET", "shipments", query={"page_size": 1})
        kept = self._documents.probe() if isinstance(self._documents, Reachable) else ""
        return f"EasyPost accepts the key; {kept}".removesuffix("; ")

    def _known(self, reference: str) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self._ask("GET", "shipments/{id}", parts={"id": reference}, absent=True)
        return found

    def _made(self, shipment: Shipment, reference: str) -> Mapping[str, Any]:
        package = shipment.packages[0] if shipment.packages else None
        body = shipment_body(shipment, package, reference, self._form)
        made: Mapping[str, Any] = self._ask("POST", "shipments", body)
        return made

    def _bought(self, made: Mapping[str, Any], shipment: Shipment) -> Mapping[str, Any]:
        rate = _rate(made, shipment)
        at, body = {"id": made["id"]}, {"rate": {"id": rate["id"]}}
        bought: Mapping[str, Any] | None = self._ask("POST", "shipments/{id}/buy", body, parts=at, taken=_BOUGHT)
        if bought is None:  # an earlier call was still at it
            bought = self._ask("GET", "shipments/{id}", parts=at)
        if bought is None or not is_bought(bought):
            message = "EasyPost answers a purchase without a label: look at the shipment there"
            raise ConnectionFailedError("unavailable", f"{message} ({made['id']})", in_doubt=True)
        return bought

    def _kept(self, bought: Mapping[str, Any]) -> Label:
        url = bought["postage_label"].get(f"label_{self._form}_url") or bought["postage_label"].get("label_url")
        picture = self._fetch(str(url))
        path = self._documents.write(f"labels/{bought['tracking_code']}.{self._form}", picture)
        return label_of(bought, self._form, path, sha256(picture).hexdigest())

    def _ask(
        self, method: str, path: str, body: Any = None, *, parts: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None, absent: bool = False, taken: str = "",
    ) -> Any:  # fmt: skip
        """The answer. None: there is no such thing (`absent`), or the error has the code `taken`."""
        reply = self.http.send(method, path, parts=parts, query=query, json=body)
        if absent and reply.status == 404:
            return None
        answer = _json(reply)
        error = answer.get("error") if isinstance(answer, dict) else None
        if error and taken and _code(error) == taken:
            return None
        if not 200 <= reply.status < 300:
            raise status_failure(f"EasyPost{_said(error)}", reply, datetime.now(UTC))
        if error:  # it happens with 200
            code = _code(error)
            known = "rate_limited" if code == "RATE_LIMITED" else "unavailable" if code in _PASSING else "refused"
            raise ConnectionFailedError(known, f"EasyPost answers with an error{_said(error)}")
        if not isinstance(answer, dict):
            message = "EasyPost answers no JSON: its page may be a notice"
            raise ConnectionFailedError("unavailable", message, in_doubt=True)
        return answer


def _reference(key: str, number: int) -> str:
    made = f"ol-{sha256(key.encode()).hexdigest()[:32]}"
    return f"{made}-{number}" if number else made


def _is_wanted(bought: Mapping[str, Any], shipment: Shipment) -> bool:
    carrier = shipment.carrier
    if carrier is None:
        return True
    return service_of(bought.get("selected_rate") or {}) == (carrier.carrier_code, carrier.service_code)


def _rate(made: Mapping[str, Any], shipment: Shipment) -> Mapping[str, Any]:
    """The rate of the service that was chosen; the cheapest where none was. Raises `ConnectionFailedError`."""
    wanted = shipment.carrier
    rates = [
        rate
        for rate in made.get("rates") or ()
        if wanted is None or service_of(rate) == (wanted.carrier_code, wanted.service_code)
    ]
    if rates:
        return dict(min(rates, key=lambda rate: (Decimal(str(rate["rate"])), str(rate["id"]))))
    what = f"{wanted.carrier_code} {wanted.service_code}" if wanted else "any service"
    sold = sorted({" ".join(service_of(rate)) for rate in made.get("rates") or ()})
    why = "; ".join(messages(made)) or f"it sells: {', '.join(sold) or 'nothing for this parcel'}"
    raise ConnectionFailedError("refused", f"EasyPost does not sell {what} for this parcel ({why})")


def _together(found: list[tuple[RateQuote, ...]]) -> tuple[RateQuote, ...]:
    first, *rest = ({(one.carrier_code, one.service_code): one for one in quoted} for quoted in found)
    told = []
    for key, quote in first.items():
        others = [quoted[key] for quoted in rest if key in quoted]
        if len(others) < len(rest) or any(one.amount.currency != quote.amount.currency for one in others):
            continue
        total = sum((one.amount.amount for one in others), quote.amount.amount)
        told.append(quote.model_copy(update={"amount": Money(amount=total, currency=quote.amount.currency)}))
    return tuple(told)


def _json(reply: Reply) -> Any:
    try:
        return json.loads(reply.body, parse_float=Decimal)
    except ValueError:
        return None


def _code(error: Any) -> str:
    return str(error.get("code", "")) if isinstance(error, Mapping) else ""


def _said(error: Any) -> str:
    if isinstance(error, Mapping):
        told = " ".join(str(error[name])[:200] for name in ("code", "message") if error.get(name))
        return f" ({told})" if told else ""
    return f" ({str(error)[:200]})" if error else ""
