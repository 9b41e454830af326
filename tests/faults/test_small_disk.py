"""A disk that is full, or read-only, and a limit to what a file may grow to: told as that, and nothing is lost."""

from __future__ import annotations

import json
import os
import resource
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from orderloom.source.writing import replace_file
from tests.faults import stories
from tests.faults.disk import tell, told

JOURNAL = "journal.db cannot be written: the disk is full: make room, then give the same command again"
ORDERLOOM = [sys.executable, "-m", "orderloom"]


def repeated(lines: str) -> list[bool]:
    return [json.loads(line).get("repeated", False) for line in lines.splitlines()]


@pytest.mark.may_skip
def test_where_the_disk_is_full_the_command_says_so_and_goes_on_once_there_is_room(tmp_path: Path) -> None:
    came = told("journal_on_a_full_disk", tmp_path / "disk")

    assert (came["full"]["code"], came["full"]["err"].count("\n")) == (4, 1)
    assert JOURNAL in came["full"]["err"]
    assert len(came["told"]) < stories.ORDERS, "the disk was never full"
    assert came["looked"]["code"] == 0
    assert came["again"]["code"] == 0
    assert set(came["told"]) <= set(came["repeated"])
    assert len(came["all"]) == came["messages"] == stories.ORDERS
    assert came["stats"]["out"].startswith(f"orders in {stories.ORDERS} = ended {stories.ORDERS} + waiting 0")


@pytest.mark.may_skip
def test_a_message_that_finds_no_room_fails_as_that_and_is_written_once_when_it_is_retried(tmp_path: Path) -> None:
    came = told("outbox_on_a_full_disk", tmp_path / "disk")

    assert came["full"]["code"] == 1
    assert "unavailable" in came["full"]["out"]
    assert "No space left on device" in came["full"]["out"]
    assert came["half"] == []
    assert (came["again"]["code"], came["messages"]) == (0, 1)


@pytest.mark.may_skip
def test_a_shelf_on_a_full_disk_keeps_what_it_had_taken_and_takes_more_once_there_is_room(tmp_path: Path) -> None:
    came = told("shelf_on_a_full_disk", tmp_path / "disk")

    assert "world.sqlite cannot be used: database or disk is full" in came["why"]
    assert came["put"] > 0
    assert (came["kept"], came["then"]) == (came["put"], came["put"] + 1)


@pytest.mark.may_skip
def test_a_project_that_may_not_be_written_says_who_may_mend_that_and_loses_nothing(tmp_path: Path) -> None:
    came = told("project_that_may_not_be_written", tmp_path / "disk")

    assert came["fresh"]["code"] == 4
    assert "journal.db cannot be opened: it may not be written: give this user the right to" in came["fresh"]["err"]
    for refused in came["refused"]:
        assert (refused["code"], refused["out"]) == (4, "")
        assert "see that it is a file, and that this user may write to it and to its folder" in refused["err"]
    assert repeated(came["first"]["out"]) == [False, False]
    assert repeated(came["again"]["out"]) == [True, True]


@pytest.mark.may_skip
def test_a_journal_on_a_disk_for_reading_only_is_looked_into_whether_or_not_its_process_was_killed(
    tmp_path: Path,
) -> None:
    came = told("journal_on_a_disk_for_reading_only", tmp_path / "disk")

    assert all(came["left"])  # the process that was killed had put nothing into the file itself
    for looked in (came["killed"], came["at rest"]):
        assert [one["code"] for one in looked] == [0] * 3, looked
        assert looked[0]["out"].count('"run":') == 2
        assert "orders in 2 = ended 2" in looked[2]["out"]
    [cut_off] = came["cut off"]
    assert cut_off["code"] == 4
    assert "its folder may not be written, and journal.db-wal beside it holds what came last" in cut_off["err"]


def test_a_limit_to_the_size_of_files_ends_the_command_and_the_same_one_goes_on_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    stories.project(tmp_path / "shop", 8)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (250_000, 250_000))

    ended = subprocess.run(
        [*ORDERLOOM, *stories.RUN], capture_output=True, text=True, preexec_fn=limit, check=False, timeout=120
    )

    assert (ended.returncode, ended.stderr.count("\n")) == (4, 1)
    assert "journal.db cannot be written: the disk " in ended.stderr
    assert "then give the same command again" in ended.stderr
    again = tell(*stories.RUN, "--json")
    assert (again["code"], len(stories.keys(again["out"], status="completed"))) == (0, 8)
    assert len(list(Path("outbox").glob("*.eml"))) == 8


def test_where_nobody_can_be_told_since_the_disk_is_full_the_run_stands_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    stories.project(tmp_path / "shop", 1)

    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [*ORDERLOOM, *stories.RUN, "--json"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )

    assert ended.returncode == 4
    assert ended.stderr == (
        "error: what this command says cannot be written: the disk is full: make room, then give the same command "
        "again (No space left on device)\n"
    )
    assert repeated(tell(*stories.RUN, "--json")["out"]) == [True]


def test_a_pipe_or_a_device_that_is_named_as_a_file_stays_one(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reading = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reading.start()

    replace_file(pipe, b"results")

    reading.join()
    assert read == [b"results"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
