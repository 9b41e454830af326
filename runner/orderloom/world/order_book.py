"""The book of orders on this machine: what the runs noted, and orders known from before out of a folder of files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import cached_property
from pathlib import Path
from typing import ClassVar, TypeVar

from orderloom.model import Model, Order, OrderRecord, Refund, Return, Shipment
from orderloom.model.marks import ERASED, without
from orderloom.problems import Problem, ProblemsError
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.forgetting import Person, blanked
from orderloom.world.order_files import read_order_files
from orderloom.world.order_merge import merged, with_parcels
from orderloom.world.shelf import Shelf

M = TypeVar("M", bound=Model)


class OrderBook:
    """The connection `orders`. What is noted is merged: nothing that was noted before is lost."""

    remote: ClassVar[bool] = False

    def __init__(self, shelf: Shelf, folder: Path | None = None) -> None:
        self._shelf, self._folder = shelf, folder

    def find(self, reference: str) -> OrderRecord | None:
        """The order that bears this id or number. Two orders with the same number: neither, none is guessed."""
        ids = self._ids(f"ref {reference}")
        return self._record(ids[0]) if len(ids) == 1 else self._record(reference)

    def of_transaction(self, transaction_id: str) -> OrderRecord | None:
        ids = self._ids(f"transaction {transaction_id}")
        return self._record(ids[0]) if len(ids) == 1 else None

    def of_parcel(self, tracking_number: str) -> OrderRecord | None:
        """The order whose parcel bears this number. Two parcels with one number: neither, none is guessed."""
        ids = self._ids(f"parcel {_one_form(tracking_number)}")
        return self._record(ids[0]) if len(ids) == 1 else None

    def of_customer(self, email: str) -> tuple[OrderRecord, ...]:
        found = (self._record(order_id) for order_id in self._ids(f"email {email.strip().casefold()}"))
        return tuple(record for record in found if record is not None)

    def note(
        self,
        order: Order,
        key: str,
        *,
        shipments: Sequence[Shipment] = (),
        refunds: Sequence[Refund] = (),
        returns: Sequence[Return] = (),
    ) -> None:
        """Keep the order as it is now with what has happened; the same key again changes nothing.

        What units the new `shipments` hold counts as shipped: the order need not say so. Those of one that is noted
        as cancelled later do so no more.
        """
        with self._shelf.changing():
            if self._shelf.get("order-note", key) is not None:
                return
            known = self._record(order.order_id)
            now = merged(known.order, order) if known else order
            record = OrderRecord(
                order=with_parcels(now, shipments, known.shipments if known else ()),
                shipments=_joined(known.shipments if known else (), shipments, "shipment_id"),
                refunds=_joined(known.refunds if known else (), refunds, "refund_id"),
                returns=_joined(known.returns if known else (), returns, "return_id"),
            )
            self._shelf.put("order", order.order_id, record.model_dump(mode="json", exclude_none=True))
            for name in _names(record):
                known_ids = self._shelf.get("order-name", name) or ()
                if order.order_id not in known_ids:
                    self._shelf.put("order-name", name, sorted({*known_ids, order.order_id}))
            self._shelf.put("order-note", key, order.order_id)

    def forget(self, person: Person, *, doing: bool) -> Mapping[str, int]:
        """Orders stay, with their lines and sums, and without whose they were. Files of earlier orders are not ours."""
        with self._shelf.changing() if doing and self._shelf.exists else nullcontext():
            orders = self._orders_of(person)
            for record in orders if doing else ():
                self._forget(record, person)
            others = [one for one in self._shelf.mentioning(person.addresses) if one[0] not in {"order", "order-name"}]
            for kind, key, value in others if doing else ():
                self._shelf.put(kind, key, blanked(value, person))
        return {"orders in the order book": len(orders), "notes on the shelf": len(others)}

    def _orders_of(self, person: Person) -> list[OrderRecord]:
        """The noted orders that are theirs, or in which they stand."""
        told = {key for kind, key, _ in self._shelf.mentioning(person.names) if kind == "order"}
        noted = (self._shelf.get("order", order_id) for order_id in sorted(told | person.orders))
        records = [OrderRecord.model_validate(one) for one in noted if one is not None]
        return [record for record in records if self._forgotten(record, person) != record]

    def _forgotten(self, record: OrderRecord, person: Person) -> OrderRecord:
        customer = record.order.customer
        theirs = record.order.order_id in person.orders or (customer is not None and person.is_about(customer))
        return without(record, ERASED) if theirs else without(record, ERASED, person.is_about)

    def _forget(self, record: OrderRecord, person: Person) -> None:
        left = self._forgotten(record, person)
        for name in {*_names(record)} - {*_names(left)}:
            known = self._shelf.get("order-name", name) or ()
            others = [order_id for order_id in known if order_id != record.order.order_id]
            if others:
                self._shelf.put("order-name", name, others)
            else:
                self._shelf.drop("order-name", name)
        self._shelf.put("order", record.order.order_id, left.model_dump(mode="json", exclude_none=True))

    def scrub(self) -> bool:
        """Leave nothing of it in the file; False where somebody else is reading that."""
        return self._shelf.scrub()

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the files, for `check`."""
        try:
            self._read()
        except ProblemsError as error:
            return error.problems
        return ()

    def probe(self) -> str:
        """How many orders it knows. Raises `ConnectionFailedError`."""
        self._shelf.probe()
        return f"orders noted: {self._shelf.count('order')}, from files: {len(self._files[0])}"

    def _record(self, order_id: str) -> OrderRecord | None:
        noted = self._shelf.get("order", order_id)
        return OrderRecord.model_validate(noted) if noted is not None else self._files[0].get(order_id)

    def _ids(self, name: str) -> list[str]:
        return sorted({*(self._shelf.get("order-name", name) or ()), *self._files[1].get(name, ())})

    @cached_property
    def _files(self) -> tuple[dict[str, OrderRecord], dict[str, list[str]]]:
        try:
            records = {record.order.order_id: record for record in self._read()}
        except ProblemsError as error:
            first = error.problems[0]
            raise ConnectionFailedError(
                "invalid", f"the files of earlier orders cannot be used: {first.place}: {first.message}"
            ) from error
        names: dict[str, list[str]] = {}
        for order_id, record in records.items():
            for name in _names(record):
                names.setdefault(name, []).append(order_id)
        return records, names

    def _read(self) -> list[OrderRecord]:
        return read_order_files(self._folder) if self._folder is not None and self._folder.is_dir() else []


def _joined(known: Sequence[M], new: Iterable[M], identity: str) -> tuple[M, ...]:
    return tuple({getattr(one, identity): one for one in (*known, *new)}.values())


def _names(record: OrderRecord) -> Iterator[str]:
    """What the order can be looked up by."""
    order = record.order
    references = [order.order_id, order.order_number, order.purchase_order_number]
    references += [ref.value for ref in order.external_refs]
    yield from sorted({f"ref {reference}" for reference in references if reference})
    yield from (f"transaction {moved.transaction_id}" for moved in order.payment.transactions)
    packages = (package for shipment in record.shipments for package in shipment.packages)
    yield from sorted({f"parcel {_one_form(one.tracking_number)}" for one in packages if one.tracking_number})
    if order.customer and order.customer.email:
        yield f"email {order.customer.email.strip().casefold()}"


def _one_form(tracking_number: str) -> str:
    return "".join(tracking_number.split()).upper()
