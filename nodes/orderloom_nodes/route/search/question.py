"""What a search is asked and what it answers, in whole numbers: it knows nothing of orders, money or time."""

from __future__ import annotations

from dataclasses import dataclass, field

Row = tuple[int, ...]
Take = tuple[int, int, int]  # leg, item, quantity


@dataclass(frozen=True)
class Question:
    """Legs are ways to send a shipment: a site with a service. Legs, sites and items count from 0.

    They stand in the order in which ties fall to them. Costs are whole numbers of any unit.
    """

    wanted: Row  # per item
    stock: tuple[Row, ...]  # per site and item
    fixed: Row  # per leg, paid once it is used
    unit: tuple[tuple[int | None, ...], ...]  # per leg and item; None: the leg cannot take it
    most: int | None = None  # shipments allowed
    site_of: Row = ()  # per leg; empty: each leg is a site of its own
    room: tuple[int | None, ...] = ()  # per site, how many units leave it at most; empty: no limit
    unsent: tuple[int | None, ...] = ()  # per item, what it costs to leave a unit for later; None: it must be sent

    @property
    def sites(self) -> Row:
        """The site of each leg."""
        return self.site_of or tuple(range(len(self.fixed)))


@dataclass(frozen=True)
class Answer:
    """`bound`: no plan costs less. `exact`: this one costs no more than any other. `left` is not sent, per item."""

    takes: tuple[Take, ...]
    cost: int
    bound: int
    exact: bool
    left: Row = ()
    method: str = field(default="search")

    @property
    def legs(self) -> Row:
        """The legs that carry something."""
        return tuple(sorted({leg for leg, _, _ in self.takes}))

    @property
    def gap(self) -> float:
        """How much cheaper, in parts of its cost, another plan could be at most."""
        return (self.cost - self.bound) / self.cost if self.cost else 0.0
