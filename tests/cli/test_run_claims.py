"""`orderloom run --claim`: a folder that others drop files into; each file is taken once, whole, and put aside."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from orderloom.cli import invoke
from orderloom.run.arrivals import dropping
from orderloom.run.arrivals.dropping import Claimed, claim, left_behind, look

from .test_run_many import FLOW, order


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "orderloom.yaml").write_text("")
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "note.yaml").write_text(FLOW)
    (tmp_path / "inbox").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def dropped(project: Path, name: str, *numbers: int, old: bool = True) -> Path:
    file = project / "inbox" / name
    file.write_text("".join(json.dumps(order(number)) + "\n" for number in numbers))
    if old:
        os.utime(file, (1_700_000_000, 1_700_000_000))
    return file


def run(*more: str) -> int:
    return invoke(["run", "note", "--input", "inbox", "--claim", *more])


def sent(project: Path) -> int:
    return len(list((project / "outbox").glob("*.eml")))


def inside(project: Path, folder: str) -> list[str]:
    return sorted(file.name for file in (project / "inbox" / folder).iterdir())


def test_each_file_is_run_once_and_put_into_done(project: Path) -> None:
    dropped(project, "a.jsonl", 1, 2)
    dropped(project, "b.jsonl", 3)

    assert run() == 0

    assert inside(project, "done") == ["a.jsonl", "b.jsonl"]
    assert inside(project, "claimed") == []
    assert sent(project) == 3


def test_the_same_content_again_is_skipped_with_a_notice(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dropped(project, "monday.jsonl", 1, 2)
    assert run() == 0
    dropped(project, "monday again.jsonl", 1, 2)
    capsys.readouterr()

    assert run() == 0

    assert "monday again.jsonl: skipped, it says what monday.jsonl of " in capsys.readouterr().err
    assert inside(project, "done") == ["monday again.jsonl", "monday.jsonl"]
    assert sent(project) == 2


def test_a_name_that_comes_again_overwrites_nothing(project: Path) -> None:
    for number in (1, 2):
        dropped(project, "day.jsonl", number)
        assert run() == 0

    assert inside(project, "done") == ["day-2.jsonl", "day.jsonl"]
    assert sent(project) == 2


def test_a_file_that_cannot_be_read_goes_to_failed_with_the_reason_and_may_come_again(project: Path) -> None:
    file = dropped(project, "bad.jsonl", 1)
    file.write_text(file.read_text() + '{"id": 2, "cur\n')
    os.utime(file, (1_700_000_000, 1_700_000_000))

    assert run() == 1

    assert inside(project, "failed") == ["bad.jsonl", "bad.jsonl.why.txt"]
    assert "inbox/bad.jsonl:2" in (project / "inbox/failed/bad.jsonl.why.txt").read_text()
    assert sent(project) == 1
    dropped(project, "bad.jsonl", 1, 2)
    assert run() == 0
    assert sent(project) == 2


def test_a_file_that_is_still_written_waits(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = dropped(project, "slow.jsonl", 1, old=False)

    def writes_on(_: float) -> None:
        file.write_text(file.read_text() + json.dumps(order(2)) + "\n")

    seen = look(project / "inbox", 60, pause=writes_on)

    assert (seen.whole, seen.waiting) == ((), (file,))
    assert look(project / "inbox", 60, pause=lambda _: None).whole == (file,)


@pytest.mark.parametrize("name", ["a.jsonl.part", ".a.jsonl", "a.jsonl.tmp", "~$a.xlsx", "a.csv.filepart"])
def test_a_name_that_says_that_it_is_still_written_is_not_seen(project: Path, name: str) -> None:
    dropped(project, name, 1)

    assert look(project / "inbox", 1) == dropping.Seen((), ())


def test_a_marker_beside_it_says_that_a_file_is_whole(project: Path) -> None:
    file = dropped(project, "now.jsonl", 1, old=False)
    assert run("--marked") == 0
    assert sent(project) == 0
    file.with_name("now.jsonl.done").touch()

    assert run("--marked") == 0

    assert (inside(project, "done"), sent(project)) == (["now.jsonl"], 1)
    assert not (project / "inbox" / "now.jsonl.done").exists()


def test_an_empty_file_is_one_that_is_still_to_be_written(project: Path) -> None:
    file = dropped(project, "empty.jsonl")

    assert look(project / "inbox", 1).waiting == (file,)


def test_a_file_whose_process_died_is_gone_on_with_and_nothing_is_done_twice(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    half = dropped(project, "half.jsonl", 1)
    assert run() == 0  # what the process that died had come to
    half = dropped(project, "half.jsonl", 1, 2, 3)
    taken = claim(project / "inbox", half)
    assert taken is not None
    taken.handle.close()  # its end: the lock is let go, the file lies where it was claimed to

    assert run() == 0

    assert "half.jsonl: a process that has ended had begun it" in capsys.readouterr().err
    assert sent(project) == 3
    assert (inside(project, "claimed"), len(inside(project, "done"))) == ([], 2)


def test_a_file_is_not_taken_from_a_process_that_lives(project: Path) -> None:
    taken = claim(project / "inbox", dropped(project, "mine.jsonl", 1))

    assert taken is not None
    assert list(left_behind(project / "inbox")) == []
    taken.handle.close()
    [found] = left_behind(project / "inbox")
    found.handle.close()
    assert found.name == "mine.jsonl"


def at_once(work: Callable[[], None], times: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_many_that_want_a_file_one_has_it(project: Path) -> None:
    file = dropped(project, "wanted.jsonl", 1)
    had: list[Claimed] = []

    def take() -> None:
        found = claim(project / "inbox", file)
        if found is not None:
            had.append(found)

    at_once(take, 16)

    assert len(had) == 1
    had[0].handle.close()


@pytest.mark.parametrize(
    "more",
    [
        ["--watch"],
        ["--marked"],
        ["--claim", "--dry-run"],
        ["--claim", "--no-journal"],
        ["--claim", "--settle", "soon"],
    ],
)
def test_options_that_do_not_go_together_are_told(project: Path, more: list[str]) -> None:
    assert invoke(["run", "note", "--input", "inbox", *more]) == 2


def test_a_folder_that_is_not_there_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["run", "note", "--input", "inbux", "--claim"]) == 2
    assert "there is no folder `inbux`" in capsys.readouterr().err
