"""A folder of rate cards, or one file, in; the services they sell, with zones, prices and surcharges, out.

A card is read strictly: each finding has its line, and all findings of all cards come at once.

    carrier: ups                            # the code that tables and labels know
    name: UPS
    about: Sample figures.                  # for people
    currency: USD
    services:
      ground:
        name: Ground
        from: [US]                          # countries it collects in
        pickup_days: [mon, tue, wed, thu, fri]
        delivery_days: [mon, tue, wed, thu, fri]
        max_weight_kg: 68
        max_length_cm: 270                  # the longest side
        divisor: 5000                       # cm³ to the kilogram; without it only the scales count
        hazmat: false
        zones:                              # the first that fits is taken
          near: {to: [US], up_to_km: 240, transit_days: 1}
          islands: {to: [US], postal: ["967", "968"], transit_days: 5}
          home: {to: [US], transit_days: 4}
        brackets:                           # the first that is heavy enough; a zone without a price is not served there
          - {up_to_kg: 1, near: 8.10, home: 10.40}
        surcharges:
          fuel_percent: 12.5                # of the price of the bracket
          residential: 4.10                 # each of these is a sum
          hazmat: 30
          remote: {amount: 5, postal: {US: ["995", "996"]}}
          oversize: {amount: 20, over_cm: 120}
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

from orderloom import Document, Place, Problem, ProblemsError, did_you_mean, read_document, refuse
from orderloom_nodes.choose_carrier.card import read_card
from orderloom_nodes.choose_carrier.exchange import Exchange, is_exchange, read_exchange
from orderloom_nodes.choose_carrier.service import Service


@dataclass(frozen=True)
class RateCards:
    """Every service of every card, by carrier and service."""

    services: tuple[Service, ...]
    hash: str
    exchange: Exchange | None = None
    setting_schema: ClassVar[dict[str, Any]] = {
        "title": "Rate cards",
        "description": "a folder of rate cards or one file, relative to the flow; or one card right here",
        "type": ["string", "object"],
    }

    @classmethod
    def load_setting(cls, value: Any, place: Place, folders: Sequence[Path]) -> RateCards:
        """The cards that `rates:` names. Raises `ProblemsError` with all findings."""
        if isinstance(value, Mapping):
            inline = Document(place.file, "", dict(value), {}, {(): place})
            return cls.read([inline])
        if not isinstance(value, str) or not value.strip():
            raise refuse(
                "C201", "`rates` names a folder of rate cards or one file", place, "for example: `rates: rates/`"
            )
        return cls.read([read_document(file) for file in _files(value, place, folders)])

    @classmethod
    def read(cls, documents: Sequence[Document]) -> RateCards:
        """Raises `ProblemsError` with the findings of all documents."""
        found: dict[tuple[str, str], Service] = {}
        problems: list[Problem] = []
        exchange = _exchange(documents, problems)
        for document in documents:
            if is_exchange(document):
                continue
            try:
                services = read_card(document)
            except ProblemsError as error:
                problems += error.problems
                continue
            problems += [_twice(document, service) for service in services if _key(service) in found]
            problems += _foreign(document, services, found, exchange)
            found.update((_key(service), service) for service in services)
        if problems:
            raise ProblemsError(problems)
        return cls(tuple(found[key] for key in sorted(found)), _hash(documents), exchange)

    def currency(self, otherwise: str) -> str:
        """In which quotes are compared."""
        if self.exchange is not None:
            return self.exchange.currency
        return self.services[0].currency if self.services else otherwise


def _exchange(documents: Sequence[Document], problems: list[Problem]) -> Exchange | None:
    tables = [document for document in documents if is_exchange(document)]
    problems += [
        Problem("C208", f"{tables[0].file} gives exchange rates too", document.key_place(("rates",)), "keep one")
        for document in tables[1:]
    ]
    try:
        return read_exchange(tables[0]) if tables else None
    except ProblemsError as error:
        problems += error.problems
        return None


def _key(service: Service) -> tuple[str, str]:
    return service.carrier_code, service.service_code


def _twice(document: Document, service: Service) -> Problem:
    message = f"another card sells `{service.service_code}` of `{service.carrier_code}` too"
    return Problem("C208", message, document.key_place(("services", service.service_code)), "remove one of the two")


def _foreign(
    document: Document, services: list[Service], earlier: Mapping[tuple[str, str], Service], exchange: Exchange | None
) -> list[Problem]:  # fmt: skip
    """Prices in two currencies cannot be compared without a rate."""
    if exchange is not None and services:
        known = services[0].currency in {exchange.currency, *exchange.rates}
        message = f"this card is in {services[0].currency}, and no rate to {exchange.currency} is given"
        place = document.place(("currency",))
        return [] if known else [Problem("C209", message, place, f"give one: `rates: {{{services[0].currency}: ...}}`")]
    first = next(iter(earlier.values()), None)
    if first is None or not services or services[0].currency == first.currency:
        return []
    message = f"this card is in {services[0].currency} and that of `{first.carrier_code}` in {first.currency}"
    mend = "give rates in exchange.yaml beside them, `{currency: USD, rates: {EUR: 1.08}}`, or one currency to all"
    return [Problem("C209", message, document.place(("currency",)), mend)]


def _hash(documents: Sequence[Document]) -> str:
    told = json.dumps([document.data for document in documents], default=str, sort_keys=True)
    return sha256(told.encode()).hexdigest()


def _files(name: str, place: Place, folders: Sequence[Path]) -> list[Path]:
    found = next((path for folder in folders if (path := _inside(folder, name))), None)
    if found is None:
        looked = ", ".join(str(folder) for folder in folders) or "nowhere"
        near = did_you_mean(name, [one.name for folder in folders if folder.is_dir() for one in folder.iterdir()])
        raise refuse("C201", f"there is no folder or file `{name}`", place, near or f"looked in: {looked}")
    files = [found] if found.is_file() else sorted(path for path in found.iterdir() if path.suffix in {".yaml", ".yml"})
    if not files:
        raise refuse("C201", f"the folder `{name}` holds no rate card", place, "a rate card is a .yaml file")
    return files


def _inside(folder: Path, name: str) -> Path | None:
    """The file or folder, if it does not lead out of `folder`."""
    candidate = folder / name
    try:
        there = candidate.exists() and candidate.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError):
        return None
    return candidate if there else None
