"""Random complete tables and distinct orders, the same for every engine, from a seed."""

from __future__ import annotations

import heapq
import random
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from orderloom.problems import Place
from orderloom.rules import DecisionTable

COUNTRIES = (
    "US",
    "CA",
    "MX",
    "GB",
    "DE",
    "FR",
    "IT",
    "ES",
    "NL",
    "BE",
    "AT",
    "CH",
    "SE",
    "NO",
    "DK",
    "FI",
    "PL",
    "JP",
    "AU",
    "BR",
)
TIERS = ("bronze", "silver", "gold", "platinum")
OUTCOMES = ("standard", "express", "freight", "by_hand")
LIMITS = {"total": Decimal(10_000), "weight": Decimal(100), "volume": Decimal(100)}
STEP = Decimal("0.01")
Side = tuple[Any, ...]  # of a box: the words that may be, or from where to where, and where the column ends
Box = tuple[Side, ...]
Interval = tuple[Decimal | None, Decimal | None]  # above the first, up to and with the second
Cell = Interval | tuple[str, ...] | bool | None


@dataclass(frozen=True)
class Rule:
    """One row: a cell for each column, None for anything."""

    id: str
    cells: tuple[Cell, ...]
    outcome: str
    fee: Decimal
    why: str


@dataclass(frozen=True)
class Kind:
    """The columns of a table: (name, type, range)."""

    name: str
    columns: tuple[tuple[str, str, str | None], ...]


MIXED = Kind(
    "mixed",
    (
        ("total", "number", "[0..10000]"),
        ("country", "text", None),
        ("weight", "number", "[0..100]"),
        ("gift", "boolean", None),
        ("tier", "text", None),
    ),
)
RANGES = Kind(
    "ranges only",
    (("total", "number", "[0..10000]"), ("weight", "number", "[0..100]"), ("volume", "number", "[0..100]")),
)


def rules(kind: Kind, count: int, seed: int) -> list[Rule]:
    """`count` rows that leave nothing out and do not overlap, in any order: all facts, cut into boxes."""
    chance = random.Random(seed)
    everything = tuple(_whole(name) for name, _, _ in kind.columns)
    boxes = [(-1.0, 0, everything)]
    while len(boxes) < count:
        size, _, box = heapq.heappop(boxes)
        for part, cells in _halves(chance, box):
            heapq.heappush(boxes, (size * part, chance.getrandbits(60), cells))
    chance.shuffle(boxes)
    asked = [tuple(map(_cell, box, everything)) for _, _, box in boxes]
    return [Rule(f"r{n}", row_cells, *_answer(chance, n)) for n, row_cells in enumerate(asked, 1)]


def orders(kind: Kind, count: int, seed: int) -> list[dict[str, Any]]:
    """Facts by column: half of the amounts are whole numbers, half decimals."""
    chance = random.Random(seed)
    return [{name: _fact(chance, name) for name, _, _ in kind.columns} for _ in range(count)]


def head(kind: Kind, source: Any) -> dict[str, Any]:
    """The table's head in our form; `source` is what stands under `rows:`."""
    inputs: dict[str, Any] = {
        name: {"type": type_} | ({"range": range_} if range_ else {}) for name, type_, range_ in kind.columns
    }
    if "country" in inputs:
        inputs["country"]["values"], inputs["tier"]["values"] = list(COUNTRIES), list(TIERS)
    outputs = {
        "outcome": {"type": "text", "values": list(OUTCOMES)},
        "fee": {"type": "number"},
        "why": {"type": "text"},
    }
    return {"table": "random", "hit": "first", "inputs": inputs, "outputs": outputs, "rows": source}


def row(kind: Kind, rule: Rule) -> dict[str, str]:
    """A row with its cells as text."""
    cells = {column[0]: spelt(cell) for column, cell in zip(kind.columns, rule.cells, strict=True)}
    return {"id": rule.id, **cells, "outcome": rule.outcome, "fee": str(rule.fee), "why": rule.why}


def table(kind: Kind, given: list[Rule]) -> DecisionTable:
    return DecisionTable.load_setting(head(kind, [row(kind, rule) for rule in given]), Place("random"), [Path()])


def spelt(cell: Cell) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell[0], str):
        return ", ".join(map(str, cell))
    low, high = cell
    return f"> {low}" if high is None else f"<= {high}" if low is None else f"({low}..{high}]"


def _whole(name: str) -> Side:
    words = {"gift": (True, False), "country": COUNTRIES, "tier": TIERS}
    return words.get(name) or (Decimal(0), LIMITS[name], LIMITS[name])


def _halves(chance: random.Random, box: Box) -> list[tuple[float, Box]]:
    """Two boxes that make up this one, each with its share; cut at random along a random side."""
    at = chance.choice([n for n, side in enumerate(box) if _can_be_cut(side)])
    side = box[at]
    if isinstance(side[0], Decimal):
        low, high, limit = side
        share = Decimal(chance.randrange(300, 700)) / 1000
        middle = (low + (high - low) * share).quantize(STEP)
        halves = [(float(share), (low, middle, limit)), (1 - float(share), (middle, high, limit))]
    else:
        words = chance.sample(side, len(side))
        middle = chance.randrange(1, len(words))
        parts = sorted(words[:middle]), sorted(words[middle:])
        halves = [(len(part) / len(words), tuple(part)) for part in parts]
    return [(share, (*box[:at], half, *box[at + 1 :])) for share, half in halves]


def _can_be_cut(side: Side) -> bool:
    return side[1] - side[0] > 20 * STEP if isinstance(side[0], Decimal) else len(side) > 1


def _cell(side: Side, whole: Side) -> Cell:
    if len(side) == len(whole) and set(side) == set(whole):
        return None
    if isinstance(side[0], Decimal):
        low, high, limit = side
        return low or None, high if high < limit else None
    return side[0] if isinstance(side[0], bool) else side


def _answer(chance: random.Random, n: int) -> tuple[str, Decimal, str]:
    return chance.choice(OUTCOMES), Decimal(chance.randrange(5000)).scaleb(-2), f"rule {n}"


def _fact(chance: random.Random, name: str) -> Any:
    if name == "gift":
        return chance.random() < 0.5
    if name in {"country", "tier"}:
        return chance.choice(COUNTRIES if name == "country" else TIERS)
    exact = Decimal(chance.randrange(int(LIMITS[name] / STEP))) * STEP
    return int(exact) if chance.random() < 0.5 else exact
