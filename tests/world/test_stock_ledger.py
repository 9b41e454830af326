"""Promised, used and restocked units: never more than there are, whoever else is at it, whatever dies meanwhile."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from orderloom.model import StockLevel, Take
from orderloom.world.shelf import Shelf
from orderloom.world.stock import StockFiles
from orderloom.world.stock_ledger import SINGLE_MOVES, StockLedger

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LOCATIONS = "locations:\n  - location_id: reno\n    address: {city: Reno, country_code: US}\n"


def stock(folder: Path, on_hand: int, as_of: str = "") -> StockFiles:
    folder.mkdir(exist_ok=True)
    (folder / "locations.yaml").write_text(LOCATIONS, encoding="utf-8")
    (folder / "levels.csv").write_text(f"location_id,sku,on_hand,as_of\nreno,MUG,{on_hand},{as_of}\n", encoding="utf-8")
    return StockFiles(folder, Shelf(folder / "world.sqlite"))


def mugs(quantity: int) -> list[Take]:
    return [Take(location_id="reno", sku="MUG", quantity=quantity)]


def there(files: StockFiles) -> tuple[int, int]:
    """On hand, and available."""
    [level] = files.levels(["MUG"])
    return level.on_hand, level.available


def again(folder: Path) -> StockFiles:
    """The same files as another process would open them."""
    return StockFiles(folder, Shelf(folder / "world.sqlite"))


# One after the other


def test_what_is_promised_is_offered_to_nobody_else(tmp_path: Path) -> None:
    files = stock(tmp_path, 5)

    assert files.reserve("o1", mugs(3), "k1", NOON) is not None
    assert files.reserve("o2", mugs(3), "k2", NOON) is None
    assert there(files) == (5, 2)


def test_a_reservation_is_all_or_nothing(tmp_path: Path) -> None:
    files = stock(tmp_path, 5)

    assert files.reserve("o1", [*mugs(2), Take(location_id="reno", sku="CUP", quantity=1)], "k1", NOON) is None
    assert there(files) == (5, 5)


def test_two_lines_of_one_article_are_promised_together(tmp_path: Path) -> None:
    assert stock(tmp_path, 5).reserve("o1", [*mugs(3), *mugs(3)], "k1", NOON) is None


def test_the_same_call_again_promises_nothing_more_and_gives_the_same(tmp_path: Path) -> None:
    first = stock(tmp_path, 5).reserve("o1", mugs(3), "k1", NOON)

    assert again(tmp_path).reserve("o1", mugs(3), "k1", NOON + HOUR) == first
    assert there(again(tmp_path)) == (5, 2)


def test_what_is_given_up_is_there_again_once(tmp_path: Path) -> None:
    files = stock(tmp_path, 5)
    held = files.reserve("o1", mugs(3), "k1", NOON)
    assert held is not None

    assert [files.release(held.reservation_id, key, NOON) for key in ("r1", "r1", "r2")] == [True, False, False]
    assert there(files) == (5, 5)


def test_a_call_that_is_made_again_after_its_units_were_given_up_promises_them_anew(tmp_path: Path) -> None:
    files = stock(tmp_path, 5)
    held = files.reserve("o1", mugs(3), "k1", NOON)
    assert held is not None
    files.release(held.reservation_id, "r1", NOON)

    anew = files.reserve("o1", mugs(3), "k1", NOON)

    assert anew is not None
    assert anew.status == "open"
    assert there(files) == (5, 2)


def test_what_is_sent_leaves_the_shelf_and_the_promise_once(tmp_path: Path) -> None:
    files = stock(tmp_path, 5)
    held = files.reserve("o1", mugs(3), "k1", NOON)
    assert held is not None

    for _ in range(2):
        files.use(held.reservation_id, mugs(3), "u1", NOON)

    assert there(files) == (2, 2)
    assert files.reservation("k1") == held.model_copy(update={"status": "used"})


def test_two_parcels_use_up_one_promise_piece_by_piece(tmp_path: Path) -> None:
    files = stock(tmp_path, 5)
    held = files.reserve("o1", mugs(3), "k1", NOON)
    assert held is not None

    files.use(held.reservation_id, mugs(1), "u1", NOON)
    assert there(files) == (4, 2)
    files.use(held.reservation_id, mugs(2), "u2", NOON)
    assert there(files) == (2, 2)


def test_of_a_promise_that_is_half_used_only_the_rest_is_given_up(tmp_path: Path) -> None:
    files = stock(tmp_path, 5)
    held = files.reserve("o1", mugs(3), "k1", NOON)
    assert held is not None
    files.use(held.reservation_id, mugs(1), "u1", NOON)

    files.release(held.reservation_id, "r1", NOON)

    assert there(files) == (4, 4)


def test_a_promise_ends_with_its_time_when_somebody_else_wants_the_units(tmp_path: Path) -> None:
    files = stock(tmp_path, 5)
    held = files.reserve("o1", mugs(5), "k1", NOON, NOON + HOUR)
    assert held is not None

    assert files.reserve("o2", mugs(1), "k2", NOON + HOUR - timedelta(seconds=1)) is None
    assert files.reserve("o2", mugs(1), "k2", NOON + HOUR) is not None
    assert files.reservation("k1") == held.model_copy(update={"status": "expired"})
    assert there(files) == (5, 4)


def test_a_promise_whose_time_is_over_is_given_up_when_stock_is_looked_at(tmp_path: Path) -> None:
    files = stock(tmp_path, 5)
    files.reserve("o1", mugs(4), "k1", NOON, NOON + HOUR)

    files.expire(NOON + HOUR - timedelta(seconds=1))
    before = there(files)
    files.expire(NOON + HOUR)

    assert (before, there(files)) == ((5, 1), (5, 5))


def test_what_comes_back_is_on_the_shelf_once(tmp_path: Path) -> None:
    files = stock(tmp_path, 5)

    for _ in range(2):
        files.restock(mugs(2), "b1", NOON)

    assert there(files) == (7, 7)


def test_what_comes_back_to_where_none_was_counted_can_be_sent(tmp_path: Path) -> None:
    files = stock(tmp_path, 5)

    files.restock([Take(location_id="reno", sku="CUP", quantity=2)], "b1", NOON)

    [level] = files.levels(["CUP"])
    assert (level.location_id, level.on_hand, level.available) == ("reno", 2, 2)
    assert files.reserve("o1", [Take(location_id="reno", sku="CUP", quantity=2)], "k1", NOON) is not None


def test_a_new_count_has_seen_what_moved_before_it_and_not_what_moved_after(tmp_path: Path) -> None:
    files = stock(tmp_path, 10)
    files.use("-", mugs(2), "u1", NOON - HOUR)
    files.use("-", mugs(3), "u2", NOON + HOUR)

    counted = stock(tmp_path, 8, NOON.isoformat())

    assert there(counted) == (5, 5)


def test_what_is_still_promised_stays_so_after_a_new_count(tmp_path: Path) -> None:
    stock(tmp_path, 10).reserve("o1", mugs(4), "k1", NOON - HOUR)

    assert there(stock(tmp_path, 10, NOON.isoformat())) == (10, 6)


def test_many_movements_are_kept_as_a_few_and_add_up() -> None:
    shelf = Shelf()
    ledger = StockLedger(shelf)

    for number in range(1500):
        ledger.use("-", mugs(1), f"u{number}", NOON + timedelta(seconds=number))

    level = ledger.applied(StockLevel(location_id="reno", sku="MUG", on_hand=2000))
    assert level.on_hand == 500
    [kept] = shelf.between("stock-moved", "", "~").values()
    assert len(kept) <= 2 * SINGLE_MOVES + 1


def test_a_count_among_the_latest_movements_is_exact_however_many_there_were() -> None:
    ledger = StockLedger(Shelf())
    for number in range(1000):
        ledger.use("-", mugs(1), f"u{number}", NOON + timedelta(seconds=number))

    counted = StockLevel(location_id="reno", sku="MUG", on_hand=70, as_of=NOON + timedelta(seconds=899))

    assert ledger.applied(counted).on_hand == 70 - 100


# Always


class Warehouse(RuleBasedStateMachine):
    """Any order of calls, each key used again and again: a plain sum says what must be there."""

    @initialize(on_hand=st.integers(0, 12))
    def begin(self, on_hand: int) -> None:
        self.ledger = StockLedger(Shelf())
        self.counted = StockLevel(location_id="reno", sku="MUG", on_hand=on_hand)
        self.moved: dict[str, int] = {}
        self.open: Counter[str] = Counter()

    def levels(self, _: set[str]) -> dict[tuple[str, str], StockLevel]:
        return {("reno", "MUG"): self.ledger.applied(self.counted)}

    def on_hand(self) -> int:
        return self.counted.on_hand + sum(self.moved.values())

    @rule(key=st.sampled_from("abcd"), quantity=st.integers(1, 6))
    def reserve(self, key: str, quantity: int) -> None:
        free = self.on_hand() - sum(self.open.values())
        known = self.ledger.reservation(key)
        made = self.ledger.reserve("o", mugs(quantity), key, NOON, None, self.levels)

        if known is not None and known.status in {"open", "used"}:
            assert made == known
        elif quantity <= free:
            assert made is not None
            self.open[key] = quantity
        else:
            assert made is None

    @rule(key=st.sampled_from("abcd"))
    def release(self, key: str) -> None:
        known = self.ledger.reservation(key)
        given_up = self.ledger.release(f"rsv-{key}")

        assert given_up == (known is not None and known.status == "open")
        del self.open[key]

    @rule(key=st.sampled_from("abcd"), quantity=st.integers(1, 3), call=st.sampled_from("uvw"))
    def use(self, key: str, quantity: int, call: str) -> None:
        if f"use {call}" not in self.moved and self.on_hand() >= quantity:
            self.open[key] -= min(quantity, self.open[key])
            self.moved[f"use {call}"] = -quantity
            self.ledger.use(f"rsv-{key}", mugs(quantity), call, NOON)
        elif f"use {call}" in self.moved:
            self.ledger.use(f"rsv-{key}", mugs(quantity), call, NOON)

    @rule(quantity=st.integers(1, 5), call=st.sampled_from("xyz"))
    def restock(self, quantity: int, call: str) -> None:
        self.moved.setdefault(f"restock {call}", quantity)
        self.ledger.restock(mugs(quantity), call, NOON)

    @invariant()
    def every_unit_is_accounted_for(self) -> None:
        level = self.ledger.applied(self.counted)
        assert (level.on_hand, level.reserved) == (self.on_hand(), sum(self.open.values()))


TestWarehouse = Warehouse.TestCase
TestWarehouse.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


# Several processes

WORKER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from orderloom.model import Take
from orderloom.world.shelf import Shelf
from orderloom.world.stock import StockFiles

folder, name, orders = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
files = StockFiles(folder, Shelf(folder / "world.sqlite"))
print("ready", flush=True)
sys.stdin.readline()
for number in range(orders):
    take = [Take(location_id="reno", sku="MUG", quantity=1)]
    key = f"{name}-{number}"
    held = files.reserve(key, take, key, datetime.now(UTC))
    if held is not None:
        print(held.reservation_id, flush=True)
        if number % 2:
            files.use(held.reservation_id, take, f"{key}-use", datetime.now(UTC))
"""


def worker(folder: Path, name: str, orders: int) -> subprocess.Popen[str]:
    made = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(folder), name, str(orders)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert made.stdout is not None
    assert made.stdout.readline() == "ready\n"
    return made


def go(workers: list[subprocess.Popen[str]]) -> None:
    for made in workers:
        assert made.stdin is not None
        made.stdin.write("\n")
        made.stdin.flush()


def test_processes_that_want_the_last_units_promise_just_those(tmp_path: Path) -> None:
    """Two orders for the last unit, at once: the failure that oversells every flash sale."""
    stock(tmp_path, 25)
    workers = [worker(tmp_path, name, 15) for name in "abc"]

    go(workers)
    promised = [line for made in workers for line in made.communicate(timeout=60)[0].split()]

    assert len(promised) == len(set(promised)) == 25
    assert there(again(tmp_path))[1] == 0




@pytest.mark.parametrize("after", [1, 7, 20])
def test_a_process_that_is_killed_leaves_whole_promises_and_no_lock(tmp_path: Path, after: int) -> None:
    files = stock(tmp_path, 1000)
    made = worker(tmp_path, "a", 900)
    go([made])
    assert made.stdout is not None
    for _ in range(after):
        made.stdout.readline()

    os.kill(made.pid, signal.SIGKILL)
    made.communicate()

    on_hand, available = there(again(tmp_path))
    held = Shelf(tmp_path / "world.sqlite").between("reservation", "", "~").values()
    open_ = [one for one in held if one["reservation"]["status"] == "open"]
    used = [one for one in held if one["reservation"]["status"] == "used"]
    assert len(held) >= after
    assert (on_hand, available) == (1000 - len(used), 1000 - len(used) - len(open_))
    assert files.reserve("o", mugs(1), "another", NOON) is not None


def test_what_was_promised_is_seen_by_a_process_that_had_read_before(tmp_path: Path) -> None:
    mine = stock(tmp_path, 5)
    assert there(mine) == (5, 5)
    other = again(tmp_path)
    other.reserve("o1", mugs(2), "k1", NOON)

    assert there(mine) == (5, 3)


def test_the_file_holds_plain_json_that_other_tools_can_read(tmp_path: Path) -> None:
    files = stock(tmp_path, 5)
    files.reserve("o1", mugs(2), "k1", NOON)

    [kept] = Shelf(tmp_path / "world.sqlite").between("reservation", "", "~").values()

    assert json.loads(json.dumps(kept)) == kept
    assert kept["reservation"]["takes"] == [{"location_id": "reno", "sku": "MUG", "quantity": 2}]
