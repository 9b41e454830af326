"""A file of past orders in, what a table is asked about each out: facts by column, documents, orders of any shop."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from orderloom.declare import Node, Payload, Unreadable
from orderloom.model.written import read_figures
from orderloom.packs import catalogue
from orderloom.problems import ProblemsError
from orderloom.rules import DecisionTable
from orderloom.rules.prove import Past
from orderloom.rules.prove.orders import facts_of
from orderloom.run.arrivals.intake import LINE_FORMATS, payloads
from orderloom.source import parse_json
from orderloom.source.encoding import decode, decode_exported
from orderloom.source.separators import NAMED, separator_of

_NAMES = ("order_number", "order_id", "return_id", "id", "name")
_SHEETS = {".csv", ".tsv"}


@dataclass
class PastOrders:
    """The orders of a file, and how many of its records are none."""

    orders: list[Past] = field(default_factory=list)
    unread: int = 0


def read_past(file: str, table: DecisionTable, today: date) -> PastOrders:
    """JSON lines, JSON or CSV: facts by column, the documents that the columns read, canonical orders, or what the
    capture node reads. Raises `ProblemsError` where the file cannot be read."""
    reader = _Reader(table, today)
    for payload in payloads(file):
        reader.read(payload)
    return reader.past


class _Reader:
    def __init__(self, table: DecisionTable, today: date) -> None:
        self.past = PastOrders()
        self._table, self._today = table, today
        self._columns = {column.name for column in table.inputs}
        self._flags = {column.name for column in table.inputs if column.kind.name == "boolean"}
        self._roots = {read.path[0] for column in table.inputs for read in column.formula.reads}
        self._capture: Node | None = None

    def read(self, payload: Payload) -> None:
        """What holds facts is taken as it is; all else, and what the columns cannot read, as the payload of a shop."""
        direct = self._direct(payload)
        if direct and any(facts_of(self._table, past) is not None for past in direct):
            self.past.orders += direct
            return
        captured, unread = self._captured(payload)
        self.past.orders += captured or direct
        self.past.unread += unread if captured or not direct else 0

    def _direct(self, payload: Payload) -> list[Past]:
        """The records of the payload; none where one of them holds no facts."""
        found = []
        for number, record in enumerate(self._records(payload), 1):
            documents = self._documents(record)
            if documents is None:
                return []
            place = f"line {payload.line}" if Path(payload.name).suffix in LINE_FORMATS else f"record {number}"
            columns = {} if self._is_order(record) else _only(record, self._columns)
            found.append(Past(_name_of(record) or place, documents, columns, self._today))
        return found

    def _records(self, payload: Payload) -> Sequence[Any]:
        if Path(payload.name).suffix.lower() in _SHEETS:
            return list(_sheet_records(payload, self._flags))
        try:
            data = parse_json(decode(payload.data, payload.name), payload.name).data
        except ProblemsError:
            return [None]  # no JSON: an EDI message, XML, …
        return data if isinstance(data, list) else [data]

    def _documents(self, record: Any) -> Mapping[str, Any] | None:
        """What the columns read; None where the record is something that has to be captured first."""
        if not isinstance(record, Mapping):
            return None
        if self._is_order(record):
            return {"order": read_figures(dict(record))}
        known = record.keys() & (self._columns | self._roots)
        return read_figures(dict(record)) if known else None

    def _is_order(self, record: Mapping[str, Any]) -> bool:
        """Whether it is a canonical order, for columns that read one."""
        return {"order_id", "lines"} <= record.keys() and "order" in self._roots

    def _captured(self, payload: Payload) -> tuple[list[Past], int]:
        """The orders that the capture node finds, and how many it could not read."""
        self._capture = self._capture or catalogue().find("capture")
        found = list(self._capture.call(payload=payload, document="order", account="main"))
        orders = [one.order for one in found if not isinstance(one, Unreadable)]
        pasts = [Past(one.order_number or one.order_id, {"order": one}, {}, self._today) for one in orders]
        return pasts, len(found) - len(orders)


def _sheet_records(payload: Payload, flags: set[str]) -> Iterator[dict[str, Any]]:
    """The rows of a CSV by the names in its header; an empty cell says nothing."""
    text, _ = decode_exported(payload.data, payload.name)
    named = NAMED.match(text)
    rows = io.StringIO(text[named.end() :] if named else text, newline="")
    for row in csv.DictReader(rows, delimiter=named[1] if named else separator_of(text)):
        there = {name: value.strip() for name, value in row.items() if isinstance(value, str) and value.strip()}
        yield {name: _flag(value) if name in flags else value for name, value in there.items()}


def _flag(text: str) -> Any:
    return {"true": True, "false": False}.get(text.casefold(), text)


def _only(record: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name in names}


def _name_of(record: Mapping[str, Any]) -> str | None:
    """What a person knows the order by."""
    return next((str(record[name]) for name in _NAMES if isinstance(record.get(name), str | int)), None)
