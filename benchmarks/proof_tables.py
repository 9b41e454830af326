"""Random tables to prove: complete partitions, thin gaps planted in them, and rows that overlap under `first`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

TOP = 1_000_000
Box = list[tuple[int, int]]


def partition(rows: int, columns: int, random: Random) -> list[Box]:
    """A box of whole ends per row; together they fill the space, and no two overlap."""
    boxes: list[Box] = [[(0, TOP)] * columns]
    while len(boxes) < rows:
        at = random.randrange(len(boxes))
        box = boxes[at]
        axis = random.randrange(columns)
        low, high = box[axis]
        if high - low < 4:
            continue
        cut = random.randrange(low + 1, high)
        boxes[at] = [*box[:axis], (low, cut), *box[axis + 1 :]]
        boxes.append([*box[:axis], (cut, high), *box[axis + 1 :]])
    random.shuffle(boxes)
    return boxes


def cells(boxes: list[Box], thin_gaps: int, random: Random) -> Iterator[list[str]]:
    """The texts of the rows; in `thin_gaps` of them one inner end is left open on both sides: a gap of one point."""
    torn = set(random.sample(range(len(boxes)), min(thin_gaps, len(boxes))))
    for number, box in enumerate(boxes):
        tearable = [axis for axis, (low, _) in enumerate(box) if low > 0]
        axis = random.choice(tearable) if number in torn and tearable else None
        yield [_cell(low, high, torn=at == axis) for at, (low, high) in enumerate(box)]


def overlapping(rows: int, columns: int, random: Random) -> Iterator[list[str]]:
    """Rows that ask for some columns, and a last row that takes the rest."""
    for _ in range(rows - 1):
        yield [_some(random) for _ in range(columns)]
    yield ["-"] * columns


def grid(side: int, columns: int) -> Iterator[list[str]]:
    """Every combination of `side` pieces of each column."""
    ends = [TOP * at // side for at in range(side + 1)]
    for number in range(side**columns):
        yield [_cell(ends[at], ends[at + 1], torn=False) for at in _digits(number, side, columns)]


def write(folder: Path, name: str, hit: str, rows: Iterator[list[str]], columns: int) -> Path:
    """The table as a head and a CSV beside it."""
    inputs = "\n".join(f'  c{at}: {{type: number, range: "[0..{TOP}]"}}' for at in range(columns))
    head = f"table: {name}\nhit: {hit}\ninputs:\n{inputs}\noutputs:\n  fee: {{type: number}}\nrows: {name}.csv\n"
    lines = [f"id,{','.join(f'c{at}' for at in range(columns))},fee"]
    lines += [f"r{number},{','.join(row)},{number}" for number, row in enumerate(rows, 1)]
    (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    path = folder / f"{name}.table.yaml"
    path.write_text(head, encoding="utf-8")
    return path


def _cell(low: int, high: int, torn: bool) -> str:
    """`[low..high)`, the last piece up to the end of the range; torn where its own lower end is left out."""
    if low == 0 and high == TOP:
        return "-"
    closing = "]" if high == TOP else ")"
    return f"{'(' if torn else '['}{low}..{high}{closing}"


def _some(random: Random) -> str:
    if random.random() < 0.3:
        return "-"
    low = random.randrange(TOP)
    return f"[{low}..{min(TOP, low + random.randrange(TOP // 20, TOP // 2))}]"


def _digits(number: int, base: int, count: int) -> Iterator[int]:
    for _ in range(count):
        number, digit = divmod(number, base)
        yield digit
