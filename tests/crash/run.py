"""Kill the runner again and again, and count what was done.

    python -m tests.crash.run [--orders 2000] [--kills 20] [--seed 1] [--whole 400]

`--whole` is how many of the orders are run without kills too, to be compared. Prints what happened and what each
receiver counted; ends with 1 where a promise does not hold.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash import counting
from tests.crash.killing import Killed, run_with_kills, runner, tail
from tests.crash.receivers import Receivers, receiving
from tests.crash.shop import make_shop, ways

SAMPLE = 200  # orders of which the whole report is compared; of all others how they ended, and by which steps


@dataclass
class Told:
    """What came of it: figures to print, and the promises that did not hold."""

    figures: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def hold(self, true: bool, otherwise: str) -> None:
        if not true:
            self.wrong.append(otherwise)

    def __str__(self) -> str:
        width = max(map(len, self.figures))
        lines = [f"{name:<{width}}  {figure}" for name, figure in self.figures.items()]
        return "\n".join(lines + [f"WRONG: {one}" for one in self.wrong])


def crash(orders: int, kills: int, seed: int, whole_orders: int) -> Told:
    """Orders with kills, and (some of) the same orders without; both on this machine at once."""
    told, expected = Told(), ways(orders)
    with tempfile.TemporaryDirectory() as name, receiving() as receivers, receiving() as whole:
        killed_at, whole_at = Path(name) / "killed", Path(name) / "whole"
        make_shop(killed_at, receivers.port, orders)
        make_shop(whole_at, whole.port, min(orders, whole_orders))
        uninterrupted = runner(whole_at)
        began = time.monotonic()
        try:
            killed = run_with_kills(killed_at, receivers, _requests(expected), kills, seed)
        finally:
            code = uninterrupted.wait()
        told.hold(code == 0, f"the uninterrupted run ended with {code}: {tail(whole_at)}")
        told.hold(killed.code in {0, 1}, f"the last runner ended with {killed.code}: {tail(killed_at)}")
        found = counting.see_to_doubts(killed_at, receivers)
        told.figures |= _figures(orders, killed, found, time.monotonic() - began, receivers)
        _check_ends(told, killed_at, whole_at, expected, seed)
        _check_effects(told, killed_at, receivers, killed, expected)
    return told


def _requests(expected: dict[str, str]) -> int:
    """How many requests the orders take, where none is repeated."""
    each = Counter(expected.values())
    return 3 * each["completed"] + 4 * each["cancelled"]


def _figures(
    orders: int, killed: Killed, found: tuple[int, int], seconds: float, receivers: Receivers
) -> dict[str, str]:
    in_flight, in_doubt = ([getattr(one, name) for one in killed.kills] for name in ("in_flight", "in_doubt"))
    doubles = sum(times - 1 for times in receivers.times("forgets").values())
    return {
        "orders": f"{orders:,}",
        "kills": f"{len(killed.kills)}, each with {min(in_flight)} to {max(in_flight)} orders in flight",
        "effects in doubt": f"{sum(in_doubt):,} in all, {max(in_doubt)} at most at one kill",
        "seconds": f"{seconds:.0f}",
        "doubles": f"{doubles} at the receiver that knows no keys, 0 everywhere else",
        "by a person": f"{found[0] + found[1]} effects that are not to be repeated: {found[0]} had been done",
    }


def _check_ends(told: Told, folder: Path, whole: Path, expected: dict[str, str], seed: int) -> None:
    ends, without = counting.outcomes(folder), counting.outcomes(whole)
    told.hold({key: status for key, (status, _) in ends.items()} == expected, "orders did not end as they should")
    told.hold({key: ends[key] for key in without} == without, "orders ended otherwise than without kills")
    told.hold(counting.holds(folder), "orders in are not what ended, waits and is in work")
    keys = random.Random(seed).sample(sorted(without), min(SAMPLE, len(without)))
    told.hold(counting.reports(folder, keys) == counting.reports(whole, keys), "reports are not as without kills")


def _check_effects(told: Told, folder: Path, receivers: Receivers, killed: Killed, expected: dict[str, str]) -> None:
    held = {key for key, way in expected.items() if way != "refused"}
    undone = {key for key, way in expected.items() if way == "cancelled"}
    once = {f"/knows/charges/{key}": 1 for key in held} | {f"/knows/refunds/{key}": 1 for key in undone}
    told.hold(receivers.times("knows") == once, "what is deduped by its key was not done exactly once")
    told.hold(receivers.times("once") == {f"/once/stamps/{key}": 1 for key in held}, "stamps were not made once")
    told.hold(set(receivers.times("forgets")) == {f"/forgets/marks/{key}" for key in held}, "marks are missing")
    told.wrong += counting.unexplained(folder, receivers, killed.kills)
    told.hold(counting.messages(folder) == dict.fromkeys(expected, 1), "messages do not lie there once each")
    stock = counting.stock(folder)
    told.hold(stock.reservations == dict.fromkeys(held, 1), "orders have not one reservation each")
    told.hold(
        stock.open_units == stock.held_units == len(held - undone), "units held are not those of open reservations"
    )
    told.hold(all(kill.in_flight for kill in killed.kills), "a kill hit nothing")
    told.hold(any(kill.in_doubt for kill in killed.kills), "no kill left anything in doubt: that proves nothing")


def main() -> int:
    parser = argparse.ArgumentParser(description="Kill the runner again and again, and count what was done.")
    parser.add_argument("--orders", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--whole", type=int, default=400)
    wanted = parser.parse_args()
    told = crash(wanted.orders, wanted.kills, wanted.seed, wanted.whole)
    print(told)
    return 1 if told.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
