"""Where nothing is sent to and whom nothing is sold to: a list that the shop owns, and what of an order stands in it.

    kind,value,reason
    country,KP,embargo
    region,UA-43,embargo
    postal,UA 95,embargo                    # what codes of that country begin with
    party,Acme Trading FZE,customs list 2026-11

Places are compared by their codes, names of people and firms without case, accents, punctuation and order of words.
A name that is only near is another name: nobody is held for being called almost like somebody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from orderloom import Place, Problem, ProblemsError, did_you_mean
from orderloom.model import Address, Order
from orderloom_nodes.validate.findings import Findings
from orderloom_nodes.validate.lists import Row, read_sheet
from orderloom_nodes.validate.texts import fold

_FORMS = {
    "country": (re.compile("[A-Z]{2}"), "two capitals of ISO 3166, such as KP"),
    "region": (re.compile("[A-Z]{2}-[A-Z0-9]{1,6}"), "a code of ISO 3166-2, such as UA-43"),
    "postal": (re.compile("[A-Z]{2} .+"), "a country and what its codes begin with, such as `UA 95`"),
    "party": (re.compile(r".*\w.*"), "a name"),
}
_WORD = re.compile(r"\w+")
# letters of which Unicode does not tell that they are a plain one with a stroke
_STRUCK = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)


@dataclass(frozen=True)
class DeniedList:
    """Kind → what is denied → why."""

    places: Mapping[str, Mapping[str, str]]
    parties: Mapping[str, str]
    hash: str = ""
    setting_schema: ClassVar[Mapping[str, Any]] = {
        "type": "string",
        "description": "the path of a CSV of denied places and parties",
    }

    @classmethod
    def load_setting(cls, value: Any, place: Place, folders: Sequence[Path]) -> DeniedList:
        """Raises `ProblemsError` with every row that cannot be understood."""
        sheet = read_sheet(value, "list of denied places and parties", ("kind", "value"), place, folders)
        problems = [found for row in sheet.rows if (found := _odd(row))]
        if problems:
            raise ProblemsError(problems)
        places: dict[str, dict[str, str]] = {kind: {} for kind in _FORMS}
        for row in sheet.rows:
            kind, said = row.values["kind"], row.values["value"]
            places[kind][same_name(said) if kind == "party" else said] = row.values.get("reason") or "denied"
        return cls(places, places.pop("party"), sheet.hash)

    def place(self, address: Address) -> tuple[str, str] | None:
        """What of the address is denied, and why."""
        country, region = address.country_code, address.region_code or ""
        found = [("country", country), ("region", region if "-" in region else f"{country}-{region}")]
        for kind, value in found:
            if value in self.places[kind]:
                return value, self.places[kind][value]
        code = f"{country} {address.postal_code or ''}"
        begins = next((begin for begin in self.places["postal"] if code.startswith(begin)), None)
        return (begins, self.places["postal"][begins]) if begins else None


def same_name(name: str) -> str:
    """A name for comparing: `LEE, Ann` and `Ann Lee` are one."""
    return " ".join(sorted(fold(word).translate(_STRUCK) for word in _WORD.findall(name)))


def check_denied(order: Order, denied: DeniedList, findings: Findings) -> None:
    """Hold an order that goes where nothing is sent to, or is bought by or for whom nothing is sold to.

    No tag confirms it away: who finds it wrong corrects the address or the list.
    """
    for path, address in (("shipping_address", order.shipping_address), ("billing_address", order.billing_address)):
        found = denied.place(address) if address else None
        if found:
            message = f"nothing is sent to {found[0]} ({found[1]})"
            findings.error("V135", f"{path}.country_code", message, "discard the order, or correct the address")
    for path, name in _names(order):
        why = denied.parties.get(same_name(name))
        if why:
            message = f"nothing is sold to `{name}` ({why})"
            findings.error("V136", path, message, "discard the order, or take a wrong entry off the list")


def _names(order: Order) -> Iterator[tuple[str, str]]:
    seen = set()
    for path, name in _all_names(order):
        if name and same_name(name) not in seen:
            seen.add(same_name(name))
            yield path, name


def _all_names(order: Order) -> Iterator[tuple[str, str | None]]:
    person = order.customer
    if person is not None:
        yield "customer.last_name", " ".join(part for part in (person.first_name, person.last_name) if part)
        yield "customer.company", person.company
    for path, address in (("shipping_address", order.shipping_address), ("billing_address", order.billing_address)):
        if address is not None:
            yield f"{path}.name", address.name
            yield f"{path}.company", address.company


def _odd(row: Row) -> Problem | None:
    kind, value = row.values["kind"], row.values.get("value", "")
    if kind not in _FORMS:
        mend = did_you_mean(kind, _FORMS) or f"there are: {', '.join(_FORMS)}"
        return Problem("V162", f"`{kind}` is no kind of what is denied", row.place, mend)
    form, example = _FORMS[kind]
    if form.fullmatch(value):
        return None
    return Problem("V162", f"`{value}` is no {kind}", row.place, f"write {example}")
