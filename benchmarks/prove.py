"""How long the proof of a table takes as its rows grow: complete tables, thin gaps, overlaps, grids, first match.

python benchmarks/prove.py [--rows 100,1000,10000] [--columns 5] [--out FILE.json]
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import proof_tables
from orderloom.rules import DecisionTable, read_table
from orderloom.rules.prove import Proof, prove

BARS_S = {1_000: 1.0, 10_000: 15.0}
PLANTED = 10
Rows = Iterator[list[str]]


def complete(rows: int, columns: int, random: Random) -> tuple[str, Rows]:
    return "unique", proof_tables.cells(proof_tables.partition(rows, columns, random), 0, random)


def thin_gaps(rows: int, columns: int, random: Random) -> tuple[str, Rows]:
    return "unique", proof_tables.cells(proof_tables.partition(rows, columns, random), PLANTED, random)


def overlaps(rows: int, columns: int, random: Random) -> tuple[str, Rows]:
    """Some rows of a partition stand in it twice."""
    boxes = proof_tables.partition(rows - PLANTED, columns, random)
    return "unique", proof_tables.cells([*boxes, *random.sample(boxes, PLANTED)], 0, random)


def every_combination(rows: int, columns: int, _random: Random) -> tuple[str, Rows]:
    side = max(2, round(rows ** (1 / columns)))
    return "unique", proof_tables.grid(side, columns)


def first_match(rows: int, columns: int, random: Random) -> tuple[str, Rows]:
    """Wide rows over one another, and one that takes the rest: most rows never answer."""
    return "first", proof_tables.overlapping(rows, columns, random)


KINDS: dict[str, Callable[[int, int, Random], tuple[str, Rows]]] = {
    "complete": complete,
    f"{PLANTED} thin gaps": thin_gaps,
    f"{PLANTED} overlaps": overlaps,
    "every combination": every_combination,
    "first match": first_match,
}


def measure(folder: Path, kind: str, rows: int, columns: int) -> dict[str, Any]:
    """One table made, read and proven; seconds of CPU."""
    hit, texts = KINDS[kind](rows, columns, Random(rows))
    path = proof_tables.write(folder, "table", hit, texts, columns)
    start = time.process_time()
    table = read_table(path)
    read_s = time.process_time() - start
    gc.collect()  # of the tables before
    start = time.process_time()
    proof = prove(table)
    prove_s = time.process_time() - start
    _hold_to_it(kind, table, proof)
    found = Counter(one.kind for one in proof.findings) + Counter(proof.omitted)
    return {
        "kind": kind,
        "rows": len(table.rows),
        "columns": columns,
        "read_s": read_s,
        "prove_s": prove_s,
        "bar_s": BARS_S.get(rows),
        "complete": proof.complete,
        "found": dict(found),
    }


def _hold_to_it(kind: str, table: DecisionTable, proof: Proof) -> None:
    """A proof that misses what was planted would be quick for nothing."""
    found = Counter(one.kind for one in proof.findings)
    expected = {f"{PLANTED} thin gaps": ("gap", PLANTED), f"{PLANTED} overlaps": ("overlap", PLANTED)}
    word, number = expected.get(kind, ("gap", 0))
    assert found[word] == number, f"{kind}, {len(table.rows)} rows: {found}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", default="100,1000,10000")
    parser.add_argument("--columns", type=int, default=5)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    results = []
    print(f"{'table':18} {'rows':>7} {'read':>8} {'proof':>8} {'bar':>7}   found")
    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            for rows in map(int, given.rows.split(",")):
                one = measure(Path(folder), kind, rows, given.columns)
                results.append(one)
                bar = f"{one['bar_s']:g} s" if one["bar_s"] else ""
                told = ", ".join(f"{number:,} {word}" for word, number in one["found"].items()) or "nothing"
                print(
                    f"{kind:18} {one['rows']:7,} {one['read_s']:6.2f} s {one['prove_s']:6.2f} s {bar:>7}   {told}",
                    flush=True,
                )
    if given.out:
        about = {"machine": platform.processor() or platform.machine(), "python": platform.python_version()}
        given.out.write_text(json.dumps({**about, "results": results}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
