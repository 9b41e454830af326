"""How an order is to be routed, and what there is to send it from in; a plan and its bound out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from orderloom.model import Order
from orderloom_nodes.route.costs import ESTIMATE, MICRO, Costs
from orderloom_nodes.route.plan import Strategy, question
from orderloom_nodes.route.search import Answer, Question, highs, proved
from orderloom_nodes.route.sites import Item, Site

Keeping = Literal["price", "must"]


@dataclass(frozen=True)
class Policy:
    """What is minded first, what things cost, and how firm the promised date is."""

    strategy: Strategy = "cheapest"
    costs: Costs = ESTIMATE
    promise: Keeping = "price"
    max_stock_age_h: int | None = None


class Found(NamedTuple):
    """A plan, the question it answers, the same question in money, and a bound in millionths of the currency."""

    answer: Answer
    asked: Question
    priced: Question
    cost: int
    bound: int

    @property
    def gap(self) -> Decimal:
        """How much cheaper, in parts of its cost, any other plan could be at most."""
        return (Decimal(self.cost - self.bound) / max(1, self.cost)).quantize(Decimal("0.0001"))


def found_by(policy: Policy, order: Order, sites: tuple[Site, ...], items: tuple[Item, ...]) -> Found | None:
    """The plan by the policy's strategy; None where not everything that must be sent can be."""
    for most in most_shipments(policy, order):
        asked = question(sites, items, policy.costs, policy.strategy, most)
        answer = proved(asked, highs() if policy.strategy == "exact" else None)
        if answer is not None:
            return _priced(policy, sites, items, asked, answer)
    return None


def most_shipments(policy: Policy, order: Order) -> tuple[int | None, ...]:
    """How many shipments there may be, tried in turn; None: any number."""
    if order.shipping_preferences is not None and not order.shipping_preferences.allow_split:
        return (1,)
    return (1, None) if _worth(order) < policy.costs.split_from else (None,)


def _worth(order: Order) -> Decimal:
    return sum((line.unit_price.amount * line.quantity_open for line in order.lines), Decimal(0))


def _priced(policy: Policy, sites: tuple[Site, ...], items: tuple[Item, ...], asked: Question, answer: Answer) -> Found:
    if policy.strategy in {"cheapest", "exact"}:
        priced, bound = asked, answer.bound
    else:
        priced = question(sites, items, policy.costs, most=asked.most)
        cheapest = proved(priced, None)
        bound = cheapest.bound if cheapest else 0
    # each shipment pays for the split in the question: the first of a plan does not
    split = int(policy.costs.split * MICRO) if answer.legs else 0
    cost = cost_in_money(priced, answer)
    return Found(answer, asked, priced, cost - split, min(cost, bound) - split)


def cost_in_money(priced: Question, answer: Answer) -> int:
    """What the plan costs in millionths of the currency, whatever the search minded."""
    units = sum((priced.unit[leg][item] or 0) * n for leg, item, n in answer.takes)
    later = sum((priced.unsent[item] or 0) * n for item, n in enumerate(answer.left) if n)
    return units + later + sum(priced.fixed[leg] for leg in answer.legs)
