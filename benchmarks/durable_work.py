"""The work that durable engines are compared by: the shipped flow's node functions, two of them with 5 ms of I/O.

`Hand` calls them one by one as a program would, each result under the step's name; what reaches outside is named in
`EFFECTS`. The peers of `durable.py` run the same functions as their steps or activities.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from delivery import Shop, open_shop
from orderloom.world import SystemClock, World
from orders import payload

IO_S = 0.005
SLOW = {"labels": ("buy",), "stock": ("reserve",)}  # connection → calls that wait for the outside
EFFECTS = frozenset({"pay", "route", "documents", "tell_shipped", "tell_delivered"})
STEPS = ("validate", "screen", "pay", "route", "choose", "documents", "tell_shipped", "tell_delivered")


class Hand:
    """The steps of an order, each a function of what came before. `gave` maps a step to its result."""

    effects, steps = EFFECTS, STEPS

    def __init__(self, root: Path) -> None:
        self.shop: Shop = open_shop(root)
        self.connections = slow(self.shop.connections)
        self._steps = {step.name: step for step in self.shop.program.steps}

    def captured(self, number: int) -> Any:
        """Order `number` from the body of its webhook."""
        return self.shop.captured(payload(number, self.shop.skus))

    def key(self, captured: Any) -> str:
        key: str = captured.order.order_id
        return key

    def document(self, captured: Any) -> Any:
        """What the steps are given of it."""
        return captured.order

    def step(self, name: str, key: str, order: Any, gave: Mapping[str, Any]) -> Any:
        """Do one step of an order."""
        return getattr(self, f"_{name}")(key, order, gave)

    def _call(self, name: str, key: str, **inputs: Any) -> Any:
        node, fixed = self._steps[name].node, self._steps[name].given.fixed
        world = World(SystemClock(), self.connections, key=f"{name} {key}")
        needs = {p.name: world for p in node.parameters if p.role == "world"}
        return node.call(**{**fixed, **inputs, **needs})

    def _validate(self, key: str, order: Any, _gave: Any) -> Any:
        return self._call("validate", key, order=order).order

    def _screen(self, key: str, _order: Any, gave: Any) -> Any:
        return self._call("screen", key, facts={"order": gave["validate"]}).outcome

    def _pay(self, key: str, _order: Any, gave: Any) -> Any:
        return self._call("pay", key, order=gave["validate"])

    def _route(self, key: str, _order: Any, gave: Any) -> Any:
        return list(self._call("route", key, order=gave["validate"]).shipments)

    def _choose(self, key: str, _order: Any, gave: Any) -> Any:
        order, parcels = gave["validate"], enumerate(gave["route"])
        return [self._call("choose", f"{key} {n}", shipment=one, order=order).shipment for n, one in parcels]

    def _documents(self, key: str, _order: Any, gave: Any) -> Any:
        order, parcels = gave["validate"], enumerate(gave["choose"])
        return [self._call("documents", f"{key} {n}", shipment=one, order=order).shipment for n, one in parcels]

    def _tell_shipped(self, key: str, _order: Any, gave: Any) -> Any:
        order = gave["validate"]
        return self._call("tell_shipped", key, to=order.customer, data={"order": order, "shipments": gave["documents"]})

    def _tell_delivered(self, key: str, _order: Any, gave: Any) -> Any:
        order, parcels = gave["validate"], [{"data": None} for _ in gave["documents"]]
        return self._call("tell_delivered", key, to=order.customer, data={"order": order, "parcels": parcels})


def slow(connections: Mapping[str, object]) -> dict[str, object]:
    """The connections, with those of `SLOW` taking their time."""
    return {name: _slow(connections[name], SLOW.get(name, ())) for name in connections}


def _slow(real: object, calls: tuple[str, ...]) -> object:
    if not calls:
        return real
    members = {name: _handed_on(real, name, waits=name in calls) for name in dir(real) if not name.startswith("_")}
    return type(type(real).__name__, (), members)()


def _handed_on(real: object, name: str, *, waits: bool) -> Any:
    found = getattr(real, name)
    if not callable(found):
        return found

    def call(_self: object, *args: Any, **kwargs: Any) -> Any:
        if waits:
            time.sleep(IO_S)
        return found(*args, **kwargs)

    return call


def by_hand(hand: Any, number: int, do: Callable[[str, str, Any, dict[str, Any]], Any] | None = None) -> None:
    """One order, step by step, with nothing kept."""
    captured = hand.captured(number)
    key, document = hand.key(captured), hand.document(captured)
    gave: dict[str, Any] = {}
    for name in hand.steps:
        gave[name] = (do or hand.step)(name, key, document, gave)
