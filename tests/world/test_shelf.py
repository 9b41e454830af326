"""The shelf of the local connections: what stands there is there for good, whoever else uses the file."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.world.errors import ConnectionFailedError, ConnectionUnusableError
from orderloom.world.shelf import Shelf

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
KEYS = st.tuples(st.sampled_from(["order", "label"]), st.text(max_size=5))
CHANGES = st.lists(st.one_of(st.tuples(st.just("put"), KEYS, JSON), st.tuples(st.just("drop"), KEYS, st.none())))

COUNT = """
import sys
from pathlib import Path
from orderloom.world.shelf import Shelf
shelf = Shelf(Path(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    with shelf.changing():
        shelf.put("count", "all", (shelf.get("count", "all") or 0) + 1)
"""
PAIRS = """
import sys
from pathlib import Path
from orderloom.world.shelf import Shelf
shelf = Shelf(Path(sys.argv[1]))
for number in range(1_000_000):
    with shelf.changing():
        shelf.put("left", f"{number:07d}", number)
        shelf.put("right", f"{number:07d}", number)
    print(number, flush=True)
"""
HALF = """
import sys, time
from pathlib import Path
from orderloom.world.shelf import Shelf
shelf = Shelf(Path(sys.argv[1]))
shelf.put("thing", "before", 1)
with shelf.changing():
    shelf.put("thing", "half", 2)
    print("half", flush=True)
    time.sleep(600)
"""


def python(code: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL
    )


def killed(process: subprocess.Popen[str]) -> list[str]:
    """Ends the process without a chance to tidy up; gives the lines that it had said."""
    process.send_signal(signal.SIGKILL)
    said, _ = process.communicate(timeout=60)
    return said.splitlines()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "world.sqlite"


def test_looking_makes_no_file_and_putting_does(file: Path) -> None:
    with closing(Shelf(file)) as shelf:
        assert (shelf.get("order", "1"), shelf.all("order"), shelf.count(), shelf.version()) == (None, {}, 0, 0)
        assert not file.parent.exists()

        shelf.put("order", "1", {"total": "5.00"})

    assert file.is_file()


def test_what_was_put_is_there_after_it_was_opened_again(file: Path) -> None:
    with closing(Shelf(file)) as shelf:
        shelf.put("order", "1", {"name": "Ånn", "lines": [1, 2]})

    with closing(Shelf(file)) as shelf:
        assert shelf.get("order", "1") == {"name": "Ånn", "lines": [1, 2]}


def test_the_same_key_again_takes_the_place_of_the_first(file: Path) -> None:
    with closing(Shelf(file)) as shelf:
        shelf.put("order", "1", "first")
        shelf.put("order", "1", "second")
        shelf.put("label", "1", "another kind")

        assert (shelf.get("order", "1"), shelf.count("order"), shelf.count()) == ("second", 1, 2)


@settings(deadline=None)
@given(CHANGES)
def test_a_shelf_always_holds_what_a_dictionary_would(changes: list[tuple[str, tuple[str, str], Any]]) -> None:
    known: dict[tuple[str, str], Any] = {}
    with closing(Shelf()) as shelf:
        for verb, (kind, key), value in changes:
            if verb == "put":
                shelf.put(kind, key, value)
                known[kind, key] = value
            else:
                shelf.drop(kind, key)
                known.pop((kind, key), None)

        for kind in ("order", "label"):
            assert shelf.all(kind) == {key: value for (of, key), value in known.items() if of == kind}
        assert shelf.count() == len(known)


def test_a_change_that_fails_half_way_leaves_nothing(file: Path) -> None:
    with closing(Shelf(file)) as shelf:
        shelf.put("order", "1", "before")

        def fail_half_way() -> None:
            with shelf.changing():
                shelf.put("order", "1", "half")
                shelf.put("order", "2", "half")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail_half_way()

        assert shelf.all("order") == {"1": "before"}


def test_threads_change_it_one_after_another(file: Path) -> None:
    with closing(Shelf(file)) as shelf:

        def count() -> None:
            for _ in range(50):
                with shelf.changing():
                    shelf.put("count", "all", (shelf.get("count", "all") or 0) + 1)

        threads = [threading.Thread(target=count) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert shelf.get("count", "all") == 200


def test_processes_change_it_one_after_another(file: Path) -> None:
    counting = [python(COUNT, file, 100) for _ in range(3)]

    assert [process.wait(timeout=120) for process in counting] == [0, 0, 0]

    with closing(Shelf(file)) as shelf:
        assert shelf.get("count", "all") == 300
    for process in counting:
        process.communicate()


def test_all_who_open_a_new_file_at_the_same_moment_get_it(tmp_path: Path) -> None:
    failed: list[ConnectionFailedError] = []

    def use(file: Path, gate: threading.Barrier, number: int) -> None:
        with closing(Shelf(file)) as shelf:
            gate.wait()
            try:
                shelf.put("thing", str(number), number)
            except ConnectionFailedError as error:
                failed.append(error)

    for turn in range(20):
        file, gate = tmp_path / f"{turn}.sqlite", threading.Barrier(8)
        threads = [threading.Thread(target=use, args=(file, gate, number)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with closing(Shelf(file)) as shelf:
            assert (failed, shelf.count()) == ([], 8)


def test_what_a_killed_process_had_said_is_there_whole(file: Path) -> None:
    process = python(PAIRS, file)
    assert process.stdout is not None
    seen = [process.stdout.readline() for _ in range(40)]
    seen += killed(process)

    with closing(Shelf(file)) as shelf:
        left, right = shelf.all("left"), shelf.all("right")
        shelf.probe(every_page=True)

    said = {f"{int(line):07d}" for line in seen if line.strip()}
    assert said <= left.keys()
    assert left == right
    assert len(left) - len(said) <= 1  # one that was there and not yet said


def test_a_process_that_is_killed_within_a_change_leaves_nothing_of_it_and_no_lock(file: Path) -> None:
    process = python(HALF, file)
    assert process.stdout is not None
    assert process.stdout.readline() == "half\n"
    killed(process)

    with closing(Shelf(file)) as shelf:
        assert shelf.all("thing") == {"before": 1}
        with shelf.changing():
            shelf.put("thing", "behind", 3)
        assert shelf.all("thing") == {"before": 1, "behind": 3}


def test_somebody_elses_change_is_seen_at_once_and_changes_the_version(file: Path) -> None:
    with closing(Shelf(file)) as mine, closing(Shelf(file)) as theirs:
        mine.put("order", "1", "mine")
        before = mine.version()

        theirs.put("order", "1", "theirs")

        assert mine.get("order", "1") == "theirs"
        assert mine.version() != before


def test_a_file_that_is_no_shelf_is_a_matter_of_this_machine(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("this is a letter and no database at all, however long it is " * 20)

    with pytest.raises(ConnectionUnusableError, match=r"world\.sqlite cannot be opened"):
        Shelf(file).get("order", "1")


def test_a_folder_that_cannot_be_made_is_a_matter_of_this_machine(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")

    with pytest.raises(ConnectionUnusableError, match="cannot be opened"):
        Shelf(tmp_path / "state" / "world.sqlite").put("order", "1", 1)


def test_a_shelf_that_was_closed_opens_again_by_itself(file: Path) -> None:
    shelf = Shelf(file)
    shelf.put("order", "1", 1)
    shelf.close()

    with closing(shelf):
        assert shelf.get("order", "1") == 1


def test_what_is_no_json_is_not_put(file: Path) -> None:
    with closing(Shelf(file)) as shelf:
        with pytest.raises(TypeError):
            shelf.put("order", "1", {json})

        assert shelf.count() == 0


def test_a_statement_that_fails_is_told_as_a_failing_connection(file: Path) -> None:
    with closing(Shelf(file)) as shelf:
        shelf.put("order", "1", 1)
        with closing(sqlite3.connect(file)) as other:
            other.execute("DROP TABLE shelf")

        with pytest.raises(ConnectionFailedError) as failed:
            shelf.put("order", "2", 2)

        assert failed.value.error_class == "unavailable"


def test_a_change_within_a_change_is_part_of_it(file: Path) -> None:
    with closing(Shelf(file)) as shelf:
        def change() -> None:
            with shelf.changing():
                shelf.put("order", "1", 1)
                with shelf.changing():
                    shelf.put("order", "2", 2)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            change()
        assert shelf.count() == 0


def test_threads_that_change_at_the_same_time_share_their_commits_and_keep_their_own_failures(file: Path) -> None:
    with closing(Shelf(file)) as shelf:
        shelf.put("order", "0", 0)

        def change(number: int) -> bool:
            try:
                with shelf.changing():
                    total = shelf.get("sum", "all") or 0
                    shelf.put("sum", "all", total + 1)
                    shelf.put("order", str(number), number)
                    if number % 7 == 0:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                return False
            with closing(sqlite3.connect(file)) as other:  # what is told done is on the disk
                return bool(other.execute("SELECT 1 FROM shelf WHERE key = ?", (str(number),)).fetchone())

        with ThreadPoolExecutor(16) as pool:
            kept = list(pool.map(change, range(1, 211)))

        assert kept == [number % 7 != 0 for number in range(1, 211)]
        assert shelf.get("sum", "all") == sum(kept)
