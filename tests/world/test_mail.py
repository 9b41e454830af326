"""The outbox: messages as files, whole or not at all, one for each key."""

from __future__ import annotations

import email
import threading
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from orderloom.world import Mail
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.mail import Outbox, Smtp, stamp


def message(text: str = "Hello ü") -> EmailMessage:
    made = EmailMessage()
    made["Subject"] = "Hello"
    made["To"] = "ann@example.test"
    made.set_content(text)
    return made


def test_a_message_becomes_one_file_that_any_mail_program_reads(tmp_path: Path) -> None:
    message_id = Outbox(tmp_path / "out", "Shop <shop@example.com>").send(message(), "k1")

    (file,) = (tmp_path / "out").iterdir()
    read = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert file.suffix == ".eml"
    assert (read["From"], read["Message-ID"]) == ("Shop <shop@example.com>", message_id)
    assert read.get_content().strip() == "Hello ü"


def test_the_same_key_twice_is_one_file_and_one_message_id(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)

    first = outbox.send(message("first"), "k1")
    again = outbox.send(message("second"), "k1")

    (file,) = tmp_path.iterdir()
    assert first == again
    assert b"first" in file.read_bytes()


def test_two_keys_are_two_files(tmp_path: Path) -> None:
    assert Outbox(tmp_path).send(message(), "k1") != Outbox(tmp_path).send(message(), "k2")
    assert len(list(tmp_path.iterdir())) == 2


def test_many_threads_with_one_key_leave_one_whole_file(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    threads = [threading.Thread(target=outbox.send, args=(message("x" * 100_000), "k1")) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (file,) = tmp_path.iterdir()
    assert len(file.read_bytes()) > 100_000


def test_what_a_crash_left_half_written_is_no_message(tmp_path: Path) -> None:
    (tmp_path / ".writing-abc").write_bytes(b"Subject: ha")

    Outbox(tmp_path).send(message(), "k1")

    assert len(list(tmp_path.glob("*.eml"))) == 1


def test_an_outbox_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file is in the way")

    with pytest.raises(ConnectionFailedError) as failed:
        Outbox(tmp_path / "out").send(message(), "k1")

    assert failed.value.error_class == "unavailable"
    assert str(tmp_path / "out") in failed.value.message


def test_a_message_of_an_unknown_sender_gets_the_connections_own_domain() -> None:
    made = message()
    made["Message-ID"] = "<abc@orderloom.invalid>"

    assert stamp(made, "k1", "Shop <shop@example.com>") == "<abc@example.com>"


def test_a_sender_that_the_message_names_is_kept() -> None:
    made = message()
    made["From"] = "desk@other.example"

    stamp(made, "k1", "Shop <shop@example.com>")

    assert made["From"] == "desk@other.example"
    assert str(made["Message-ID"]).endswith("@other.example>")


def test_both_are_connections_that_send_mail(tmp_path: Path) -> None:
    assert isinstance(Outbox(tmp_path), Mail)
    assert isinstance(Smtp("localhost", 25, "a@example.test"), Mail)
