"""Phone numbers to E.164 with the order's country, e-mail addresses to normal form, and whether one of them works."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from orderloom.model import Address, Party
from orderloom_nodes.validate.findings import Findings
from orderloom_nodes.validate.texts import clean

LONGEST_PLAIN = 200                         # well under RFC 5321's 254, also when a domain grows by its encoding
_PLAIN_LOCAL = re.compile(r"(?=.{1,64}$)[A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*")


@dataclass(frozen=True)
class Phone:
    """A number as it was read. `in_use`: the numbering plan of its country has it."""

    number: str
    extension: str
    in_use: bool


class Contacts:
    """Reads every way to reach the buyer, each text once, and settles at the end whether one is enough."""

    def __init__(self, findings: Findings, country: str | None) -> None:
        self.extensions: dict[str, str] = {}            # path → extension, which E.164 has no room for
        self._findings = findings
        self._country = country
        self._phones: dict[tuple[str, str | None], Phone | None] = {}
        self._emails: dict[str, str | None] = {}
        self._odd_phones: dict[str, str] = {}           # path → what is odd
        self._reachable = False
        self._held = False

    def of_party(self, party: Party, path: str) -> Party:
        """The party with both in normal form."""
        changes = self._changes(party, path, self._country)
        return party.model_copy(update=changes) if changes else party

    def of_address(self, address: Address, path: str) -> dict[str, str]:
        """What of both an address has to change; its number is read in its own country."""
        return self._changes(address, path, address.country_code or self._country)

    def settle(self, needed: bool) -> None:
        """Say what is odd about numbers: a note where the buyer can be reached, else a hold."""
        nobody = needed and not self._reachable
        for path, message in self._odd_phones.items():
            tell = self._findings.error if nobody else self._findings.note
            tell("V109", path, message, "write it with its country, such as +1 502 587 1234")
        if nobody and not self._odd_phones and not self._held:
            self._findings.error(
                "V108", "customer.email", "neither an e-mail address nor a phone number is known", "ask for one of them"
            )

    def _changes(self, whose: Party | Address, path: str, country: str | None) -> dict[str, str]:
        changes = {}
        if whose.email and (said := clean(whose.email)):
            email = self._email(said, f"{path}.email", holds=isinstance(whose, Party))
            if email != whose.email:
                changes["email"] = email
        if whose.phone and (said := clean(whose.phone)):
            number = self._phone(said, f"{path}.phone", country)
            if number != whose.phone:
                changes["phone"] = number
        return changes

    def _email(self, said: str, path: str, *, holds: bool) -> str:
        if said not in self._emails:
            self._emails[said] = normal_email(said)
            if self._emails[said] is None:
                self._held |= holds
                tell = self._findings.error if holds else self._findings.note
                mended = normal_email(said.replace(" ", "").replace(",", "."))
                tell("V114", path, f"`{said}` is not an e-mail address", "ask for it, or remove it", mended)
        normal = self._emails[said]
        self._reachable |= normal is not None
        return normal or said

    def _phone(self, said: str, path: str, country: str | None) -> str:
        key = (said, country)
        if key not in self._phones:
            self._phones[key] = read_phone(said, country)
            self._odd(path, said, self._phones[key], country)
        phone = self._phones[key]
        if phone is None or not phone.in_use:
            return said                     # perhaps it is another country's: a guess would spoil it
        self._reachable = True
        if phone.extension:
            self.extensions[path] = phone.extension
        return phone.number

    def _odd(self, path: str, said: str, phone: Phone | None, country: str | None) -> None:
        if phone is None:
            self._odd_phones[path] = f"`{said}` cannot be read as a phone number{f' of {country}' if country else ''}"
        elif not phone.in_use:
            self._odd_phones[path] = (
                f"`{said}` is no number in use{f' in {country}' if country else ''}; it is kept as it is"
            )


def normal_email(said: str) -> str | None:
    """The address as it is compared and sent to, or None. Nobody is asked whether it exists."""
    local, _, domain = said.rpartition("@")
    if len(said) <= LONGEST_PLAIN and _PLAIN_LOCAL.fullmatch(local):
        # nothing in such a local part needs a second look; domains come again and again
        normal = _normal_domain(domain)
        return f"{local}@{normal}" if normal else None
    return _validated(said)


@lru_cache(maxsize=4096)
def _normal_domain(domain: str) -> str | None:
    normal = _validated(f"a@{domain}")
    return normal.rpartition("@")[2] if normal else None


def _validated(said: str) -> str | None:
    try:
        # test_environment: `@example.test` is how shops and their tests write to nobody
        return validate_email(said, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        return None


def read_phone(said: str, country: str | None) -> Phone | None:
    """The number, with the country's prefix where it has none of its own; None where it is no number."""
    try:
        read = phonenumbers.parse(said, country or None)
    except phonenumbers.NumberParseException:
        return None
    # its own country first: asked for "any", the library tries all that share the prefix
    at_home = country is not None and phonenumbers.is_valid_number_for_region(read, country)
    in_use = at_home or phonenumbers.is_valid_number(read)
    if not in_use and not phonenumbers.is_possible_number(read):
        return None
    number = phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)
    return Phone(number, read.extension or "", in_use)
