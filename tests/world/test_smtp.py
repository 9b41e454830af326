"""A real mail server on this machine, and what its answers mean to a flow."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from tests.world.test_mail import message

from orderloom.world.errors import ConnectionFailedError
from orderloom.world.mail import Smtp
from orderloom.world.secrets import Secret

OK = "250 OK"


class Desk:
    """Answers RCPT and DATA as told, and keeps what it took."""

    def __init__(self, rcpt: str = OK, data: str = OK) -> None:
        self.rcpt, self.data = rcpt, data
        self.taken: list[Envelope] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, options: Any) -> str:
        if self.rcpt == OK:
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        if self.data == OK:
            self.taken.append(envelope)
        return self.data


@contextmanager
def serving(desk: Desk, **options: Any) -> Iterator[Smtp]:
    controller = Controller(desk, hostname="127.0.0.1", port=0, **options)
    controller.port = _free_port()
    controller.start()
    try:
        yield Smtp("127.0.0.1", controller.port, "Shop <shop@example.com>", security="none", timeout_s=5)
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def failure(smtp: Smtp) -> ConnectionFailedError:
    with pytest.raises(ConnectionFailedError) as failed:
        smtp.send(message(), "k1")
    return failed.value


def test_a_message_is_handed_over_once_with_its_id_and_sender() -> None:
    desk = Desk()
    with serving(desk) as smtp:
        message_id = smtp.send(message(), "k1")

    (envelope,) = desk.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("shop@example.com", ["ann@example.test"])
    assert f"Message-ID: {message_id}".encode() in envelope.content


def test_two_attempts_bear_one_message_id_by_which_the_receiver_can_tell() -> None:
    desk = Desk()
    with serving(desk) as smtp:
        assert smtp.send(message(), "k1") == smtp.send(message(), "k1")


@pytest.mark.parametrize(
    ("reply", "error_class"),
    [
        ("451 4.3.0 try again later", "unavailable"),
        ("452 4.3.1 out of storage", "unavailable"),
        ("450 4.2.0 greylisted", "rate_limited"),
        ("451 4.7.1 too many messages", "rate_limited"),
        ("550 5.1.1 no such user", "refused"),
        ("554 5.7.1 spam", "refused"),
    ],
)
@pytest.mark.parametrize("stage", ["rcpt", "data"])
def test_a_reply_becomes_an_error_class(stage: str, reply: str, error_class: str) -> None:
    with serving(Desk(**{stage: reply})) as smtp:
        failed = failure(smtp)

    assert failed.error_class == error_class
    assert reply[:3] in failed.message
    assert reply[4:] in failed.message


def test_after_451_the_second_attempt_delivers_one_message() -> None:
    desk = Desk(data="451 4.3.0 try again later")
    with serving(desk) as smtp:
        assert failure(smtp).error_class == "unavailable"
        desk.data = OK
        smtp.send(message(), "k1")

    assert len(desk.taken) == 1


def test_nobody_at_the_port_is_unavailable() -> None:
    failed = failure(Smtp("127.0.0.1", _free_port(), "a@example.test", security="none", timeout_s=2))

    assert failed.error_class == "unavailable"
    assert "cannot be reached" in failed.message


def test_a_server_that_says_nothing_is_a_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        failed = failure(Smtp("127.0.0.1", silent.getsockname()[1], "a@example.test", security="none", timeout_s=0.3))

    assert failed.error_class == "timeout"


def test_what_is_no_mail_server_is_told_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as web:
        answering = threading.Thread(target=_answer_as_web, args=(web,))
        answering.start()
        failed = failure(Smtp("127.0.0.1", web.getsockname()[1], "a@example.test", security="none", timeout_s=2))
        answering.join()

    assert failed.error_class == "unavailable"
    assert "is not a mail server" in failed.message


def _answer_as_web(server: socket.socket) -> None:
    caller, _ = server.accept()
    with caller:
        caller.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def test_a_server_without_starttls_is_refused_before_the_password_leaves() -> None:
    with serving(Desk()) as open_server:
        failed = failure(
            Smtp("127.0.0.1", open_server.port, "a@example.test", user="shop", password=Secret("hunter22"))
        )

    assert failed.error_class == "refused"
    assert "hunter22" not in failed.message


def test_a_wrong_password_is_refused_and_hidden_even_when_the_server_repeats_it() -> None:
    def deny(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=False, handled=False, message=f"535 5.7.8 wrong: {data.password.decode()}")

    with serving(Desk(), authenticator=deny, auth_require_tls=False) as smtp:
        failed = failure(Smtp(smtp.host, smtp.port, smtp.sender, "none", "shop", Secret("hunter22"), 5))

    assert failed.error_class == "refused"
    assert "user and password" in failed.message
    assert "hunter22" not in failed.message
    assert "hunter22" not in repr(failed.__context__ and failed.message)


def test_a_good_password_signs_in() -> None:
    seen: list[bytes] = []

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        seen.append(data.password)
        return AuthResult(success=True)

    desk = Desk()
    with serving(desk, authenticator=check, auth_require_tls=False) as smtp:
        Smtp(smtp.host, smtp.port, smtp.sender, "none", "shop", Secret("hunter22"), 5).send(message(), "k1")

    assert (seen, len(desk.taken)) == ([b"hunter22"], 1)
