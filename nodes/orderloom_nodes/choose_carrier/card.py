"""One rate card in, its services out."""

from __future__ import annotations

from decimal import Decimal

from orderloom import Document, ProblemsError, did_you_mean
from orderloom.model import MINOR_DIGITS
from orderloom_nodes.choose_carrier.price_table import read_prices
from orderloom_nodes.choose_carrier.reading import Path, Reader
from orderloom_nodes.choose_carrier.service import Bracket, Service, Surcharges, Zone

_CARD = ("carrier", "name", "about", "currency", "services")
_SERVICE = (
    "name",
    "from",
    "zones",
    "brackets",
    "surcharges",
    "pickup_days",
    "delivery_days",
    "max_weight_kg",
    "max_length_cm",
    "divisor",
    "round_up_kg",
    "round_up_cm",
    "hazmat",
    "not_to",
)
_KINDS = ("po_box", "military", "locker", "pickup_point", "residential", "business")
_ZONE = ("to", "postal", "up_to_km", "transit_days")
_SURCHARGES = ("fuel_percent", "residential", "hazmat", "remote", "oversize")


def read_card(document: Document) -> list[Service]:
    """Raises `ProblemsError` with all findings of the card."""
    reader = Reader(document)
    reader.mapping((), "a rate card", _CARD, needed=("carrier", "currency", "services"))
    carrier, currency = reader.text(("carrier",)), reader.text(("currency",))
    if currency and currency not in MINOR_DIGITS:
        reader.blame("C206", f"`{currency}` is no currency", ("currency",), "three capitals of ISO 4217, such as USD")
    codes = reader.mapping(("services",), "`services`") if reader.at(("services",)) is not None else {}
    services = [_service(reader, carrier, currency, code) for code in codes]
    if reader.problems:
        raise ProblemsError(reader.problems)
    return services


def _service(reader: Reader, carrier: str, currency: str, code: str) -> Service:
    path: Path = ("services", code)
    reader.mapping(path, f"service `{code}`", _SERVICE, needed=("from", "zones", "brackets"))
    zones = _zones(reader, (*path, "zones"))
    return Service(
        carrier_code=carrier,
        service_code=code,
        name=reader.text((*path, "name")) or code,
        currency=currency,
        origins=reader.countries((*path, "from")),
        zones=zones,
        brackets=_brackets(reader, (*path, "brackets"), [zone.name for zone in zones]),
        surcharges=_surcharges(reader, (*path, "surcharges")),
        max_weight_kg=reader.number((*path, "max_weight_kg"), above=0),
        max_length_cm=reader.number((*path, "max_length_cm"), above=0),
        divisor=reader.number((*path, "divisor"), above=0),
        round_up_kg=reader.number((*path, "round_up_kg"), above=0),
        round_up_cm=reader.number((*path, "round_up_cm"), above=0),
        hazmat=reader.flag((*path, "hazmat")),
        not_to=_kinds(reader, (*path, "not_to")),
        pickup_days=reader.days((*path, "pickup_days")),
        delivery_days=reader.days((*path, "delivery_days")),
    )


def _kinds(reader: Reader, path: Path) -> frozenset[str]:
    """Kinds of address that it does not deliver to."""
    found = reader.texts(path)
    for kind in found:
        if kind not in _KINDS:
            near = did_you_mean(kind, _KINDS) or f"write {', '.join(_KINDS)}"
            reader.blame("C206", f"`{kind}` is no kind of address", path, near)
    return frozenset(found)


def _zones(reader: Reader, path: Path) -> tuple[Zone, ...]:
    if reader.at(path) is None:
        return ()
    found: list[Zone] = []
    for name in reader.mapping(path, "`zones`"):
        reader.mapping((*path, name), f"zone `{name}`", _ZONE, needed=("to", "transit_days"))
        if name == "up_to_kg":
            reader.blame(
                "C207", "`up_to_kg` cannot be the name of a zone", (*path, name), "brackets use that word", key=True
            )
        zone = Zone(
            name=name,
            to=reader.countries((*path, name, "to")),
            postal=reader.texts((*path, name, "postal")),
            up_to_km=reader.whole((*path, name, "up_to_km"), above=0),
            transit_days=reader.whole((*path, name, "transit_days")) or 0,
        )
        _blame_hidden(reader, (*path, name), zone, found)
        found.append(zone)
    return tuple(found)


def _blame_hidden(reader: Reader, path: Path, zone: Zone, earlier: list[Zone]) -> None:
    """A zone behind one that takes all of the same countries would never be asked."""
    for other in earlier:
        if zone.to and zone.to <= other.to and not other.postal and other.up_to_km is None:
            message = f"zone `{zone.name}` is never reached: `{other.name}` before it takes the same countries"
            reader.blame("C207", message, path, "put the narrower zone first", key=True)
            return


def _brackets(reader: Reader, path: Path, zones: list[str]) -> tuple[Bracket, ...]:
    rows = reader.at(path)
    if rows is None:
        return ()
    if isinstance(rows, str):
        return _from_table(reader, path, rows, zones)
    if not isinstance(rows, list) or not rows:
        reader.blame("C202", "`brackets` is a list", path, "for example: `- {up_to_kg: 1, near: 8.10}`")
        return ()
    found: list[Bracket] = []
    for index in range(len(rows)):
        row = reader.mapping((*path, index), "a bracket", ("up_to_kg", *zones), needed=("up_to_kg",))
        up_to = reader.number((*path, index, "up_to_kg"), above=0) or Decimal(0)
        if found and up_to <= found[-1].up_to_kg:
            message = f"{up_to} kg is not above {found[-1].up_to_kg} kg before it"
            reader.blame("C207", message, (*path, index, "up_to_kg"), "put the brackets in order of weight")
        prices = {
            zone: price for zone in zones if zone in row and (price := reader.number((*path, index, zone))) is not None
        }
        found.append(Bracket(up_to, prices))
    for zone in zones:
        if not any(zone in bracket.prices for bracket in found):
            reader.blame(
                "C207",
                f"zone `{zone}` has no price in any bracket",
                path,
                did_you_mean(zone, reader.at((*path, 0)) or ()),
            )
    return tuple(found)


def _from_table(reader: Reader, path: Path, name: str, zones: list[str]) -> tuple[Bracket, ...]:
    """Prices that stand in a .csv file beside the card."""
    try:
        table = Reader(read_prices(name, reader.document.place(path)))
    except ProblemsError as error:
        reader.problems += error.problems
        return ()
    found = _brackets(table, (), zones)
    reader.problems += table.problems
    return found


def _surcharges(reader: Reader, path: Path) -> Surcharges:
    if reader.at(path) is None:
        return Surcharges()
    given = reader.mapping(path, "`surcharges`", _SURCHARGES)
    remote, oversize = (*path, "remote"), (*path, "oversize")
    countries: tuple[str, ...] = ()
    if "remote" in given:
        reader.mapping(remote, "`remote`", ("amount", "postal"), needed=("amount", "postal"))
        countries = (
            tuple(reader.mapping((*remote, "postal"), "`postal`")) if reader.at((*remote, "postal")) is not None else ()
        )
    if "oversize" in given:
        reader.mapping(oversize, "`oversize`", ("amount", "over_cm"), needed=("amount", "over_cm"))
    return Surcharges(
        fuel_percent=reader.number((*path, "fuel_percent")) or Decimal(0),
        residential=reader.number((*path, "residential")) or Decimal(0),
        hazmat=reader.number((*path, "hazmat")) or Decimal(0),
        remote=reader.number((*remote, "amount")) or Decimal(0),
        remote_postal={country: reader.texts((*remote, "postal", country)) for country in countries},
        oversize=reader.number((*oversize, "amount")) or Decimal(0),
        oversize_over_cm=reader.number((*oversize, "over_cm"), above=0),
    )
