"""What the warehouse says about goods that came back, matched with the lines that were to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ConfigDict, Field

from orderloom.model import Model, Return, ReturnLine


class Found(Model):
    """One article that was in the parcel. More may stand there and is not read."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    line_id: str | None = None
    sku: str = ""
    quantity: int = Field(default=1, ge=0)
    condition: str | None = None
    disposition: str | None = None
    location_id: str | None = None


class Inspection(Model):
    """`lines` is what was there; without any, all that was announced. `condition` is that of lines that state none."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    condition: str | None = None
    lines: tuple[Found, ...] = ()


@dataclass(frozen=True)
class Arrived:
    """What came of an announced line: no more units than were announced, for more is told in `Matched.odd`."""

    line: ReturnLine
    found: Found

    @property
    def received(self) -> int:
        return min(self.found.quantity, self.line.quantity)


@dataclass(frozen=True)
class Matched:
    """`odd` says what nobody announced: another article, or more units."""

    arrived: tuple[Arrived, ...]
    odd: tuple[str, ...]


def matched(request: Return, inspection: Inspection) -> Matched:
    """Every announced line with what came of it, by its id or its article."""
    if not inspection.lines:
        whole = [Found(line_id=line.line_id, sku=line.sku, quantity=line.quantity) for line in request.lines]
        return matched(request, inspection.model_copy(update={"lines": tuple(whole)}))
    left = list(inspection.lines)
    arrived, odd = [], []
    for line in request.lines:
        mine = [one for one in left if _is_of(one, line)]
        left = [one for one in left if one not in mine]
        units = sum(one.quantity for one in mine)
        if units > line.quantity:
            odd.append(f"{units} of {line.sku or line.line_id} came back, and {line.quantity} were announced")
        arrived += _lots(line, mine, inspection)
    strange = (one for one in left if one.quantity)
    odd += [f"{one.quantity} of {one.sku or one.line_id} came back, which nobody announced" for one in strange]
    return Matched(tuple(arrived), tuple(odd))


def _lots(line: ReturnLine, mine: Sequence[Found], inspection: Inspection) -> list[Arrived]:
    """A line whose units came back in several conditions is several."""
    if not mine:
        return [Arrived(line, Found(line_id=line.line_id, sku=line.sku, quantity=0, condition="missing"))]
    lots, left = [], line.quantity
    for one in mine:
        told: dict[str, Any] = {"quantity": min(one.quantity, left), "condition": one.condition or inspection.condition}
        left -= told["quantity"]
        lots.append(Arrived(line, one.model_copy(update={"sku": one.sku or line.sku, **told})))
    return lots


def _is_of(one: Found, line: ReturnLine) -> bool:
    if one.line_id is not None:
        return one.line_id == line.line_id and one.sku in ("", line.sku or one.sku)
    return one.sku == line.sku or not line.sku
