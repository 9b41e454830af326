"""A flow that costs nothing but its engine: eight light steps, of which two reach outside and wait for 5 ms there.

`LightHand` calls its node functions one by one, as `durable_work.Hand` does those of the shipped flow: the peers of
`durable.py` run the same functions as their steps or activities.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from delivery import Shop
from orderloom import Outcome, World, node
from orderloom.flow.check import check_document
from orderloom.flow.open import Opened
from orderloom.model import Model
from orderloom.packs import Catalogue, catalogue
from orderloom.run.machine.program import compile_plan
from orderloom.source import parse_yaml
from orderloom.world import SystemClock

IO_S = 0.005
EFFECTS = frozenset({"hold", "label"})
STEPS = ("validate", "price", "screen", "hold", "route", "label", "tell")  # behind the trigger, which is the eighth
FLOW = """
flow: light
version: 1
key: =take.parcel.number
let: {parcel: =take.parcel}
steps:
  take: {use: light-take}
  validate: {use: light-validate, with: {parcel: =parcel}, next: {valid: price, invalid: refuse}}
  price: {use: light-price, with: {parcel: =parcel}}
  screen: {use: light-screen, with: {total: =price.total}, after: [price], next: {good: hold, suspicious: refuse}}
  hold: {use: light-hold, with: {parcel: =parcel}}
  route: {use: light-route, with: {parcel: =parcel, held: =hold.held}}
  label: {use: light-label, with: {parcel: =parcel, site: =route.site}}
  tell: {use: light-tell, with: {parcel: =parcel, label: =label.label}}
  refuse: {use: light-refuse, end: refused}
"""


class Parcel(Model):
    """What every step hands on."""

    number: str
    sku: str
    quantity: int
    price: Decimal
    city: str
    email: str


class Taken(Outcome, name="taken"):
    parcel: Parcel


class Valid(Outcome, name="valid"):
    parcel: Parcel


class Invalid(Outcome, name="invalid"):
    why: str


class Priced(Outcome, name="priced"):
    total: Decimal


class Good(Outcome, name="good"):
    pass


class Suspicious(Outcome, name="suspicious"):
    pass


class Held(Outcome, name="held"):
    held: str


class Routed(Outcome, name="routed"):
    site: str
    held: str


class Labelled(Outcome, name="labelled"):
    label: str


class Told(Outcome, name="told"):
    text: str


class Refused(Outcome, name="refused"):
    pass


class Outside:
    """What waits: 5 ms for every answer."""

    def answer(self, key: str) -> str:
        time.sleep(IO_S)
        return f"A-{key[:8]}"


@node("light-take", kind="trigger")
def take() -> Taken:
    """Begins a run."""
    raise AssertionError("what begins a run is given")


@node("light-validate")
def validate(parcel: Parcel) -> Valid | Invalid:
    """Is all there?"""
    return Valid(parcel=parcel) if parcel.quantity and "@" in parcel.email else Invalid(why="incomplete")


@node("light-price")
def price(parcel: Parcel) -> Priced:
    """What it comes to."""
    return Priced(total=parcel.price * parcel.quantity)


@node("light-screen")
def screen(total: Decimal) -> Good | Suspicious:
    """Is it dear?"""
    return Good() if total < 10_000 else Suspicious()


@node("light-hold", effects="keyed")
def hold(parcel: Parcel, world: World) -> Held:
    """Puts it by, outside."""
    return Held(held=f"{parcel.sku} {world.connection('outside', Outside).answer(world.key)}")


@node("light-route")
def route(parcel: Parcel, held: str) -> Routed:
    """From where it goes."""
    return Routed(site="east" if parcel.city < "M" else "west", held=held)


@node("light-label", effects="keyed")
def label(parcel: Parcel, site: str, world: World) -> Labelled:
    """Gets its label, outside."""
    return Labelled(label=f"{site} {parcel.city} {world.connection('outside', Outside).answer(world.key)}")


@node("light-tell")
def tell(parcel: Parcel, label: str) -> Told:
    """What the buyer is told."""
    return Told(text=f"{parcel.number} is on its way: {label}")


@node("light-refuse")
def refuse() -> Refused:
    """Not taken."""
    return Refused()


NODES = {f"light/{one.name}": one for one in (take, validate, price, screen, hold, route, label, tell, refuse)}


class LightHand:
    """The steps of an order, each a function of what came before."""

    effects, steps = EFFECTS, STEPS

    def __init__(self, root: Path) -> None:
        self.connections: Mapping[str, object] = {"outside": Outside()}
        self.shop = _shop(root)

    def captured(self, number: int) -> Taken:
        """Order `number`."""
        parcel = Parcel(
            number=f"n{number}", sku=f"sku-{number % 97}", quantity=1 + number % 4, price=Decimal(number % 90 + 1),
            city=("Austin", "Boston", "Newark", "Seattle")[number % 4], email=f"buyer.{number}@example.test",
        )  # fmt: skip
        return Taken(parcel=parcel)

    def key(self, captured: Taken) -> str:
        return captured.parcel.number

    def document(self, captured: Taken) -> Parcel:
        return captured.parcel

    def step(self, name: str, key: str, parcel: Parcel, gave: Mapping[str, Any]) -> Any:
        """Do one step of an order."""
        inputs: dict[str, Callable[[], dict[str, Any]]] = {
            "screen": lambda: {"total": gave["price"].total},
            "route": lambda: {"parcel": parcel, "held": gave["hold"].held},
            "label": lambda: {"parcel": parcel, "site": gave["route"].site},
            "tell": lambda: {"parcel": parcel, "label": gave["label"].label},
        }
        given: dict[str, Any] = inputs[name]() if name in inputs else {"parcel": parcel}
        if name in EFFECTS:
            given["world"] = World(SystemClock(), self.connections, key=f"{name} {key}")
        return NODES[f"light/light-{name}"].call(**given)


def _shop(root: Path) -> Shop:
    nodes = Catalogue({**dict.fromkeys(NODES, __name__), **catalogue().sources}, dict(NODES))
    file = root / "light.yaml"
    file.write_text(FLOW, encoding="utf-8")
    checked = check_document(parse_yaml(FLOW, str(file)), nodes, [root], ("outside",))
    assert checked.plan is not None, [problem.message for problem in checked.problems]
    return Shop(Opened(file, checked, nodes, None, {file.resolve(): FLOW.encode()}), compile_plan(checked.plan), {}, ())
