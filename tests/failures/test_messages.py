"""Failures 57 and 58: mail servers that fail in each way they can, and templates that are attacked."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from orderloom.world.errors import ConnectionFailedError
from orderloom.world.mail import Smtp
from tests.failures.shop import Shop, Told, by, order
from tests.world.test_mail import message
from tests.world.test_smtp import OK, Desk, serving

FLOW = """
flow: tell
version: 1
key: =capture.order.order_id
steps:
  capture: {use: capture}
  tell: {use: notify, with: {template: shipped, to: =capture.order.customer, data: {order: =capture.order}}}
"""


def telling(shop: Shop, smtp: Smtp) -> None:
    """A shop whose mail goes to that server."""
    (shop.folder / "flows" / "tell.yaml").write_text(FLOW)
    file = shop.folder / "connections.yaml"
    rest = [row for row in file.read_text().splitlines() if not row.startswith("mail:")]
    mail = (
        f"mail: {{type: smtp, host: 127.0.0.1, port: {smtp.port}, security: none, from: a@example.com, timeout_s: 5}}"
    )
    file.write_text("\n".join([*rest, mail, ""]))


def told(shop: Shop, *more: str) -> Told:
    return shop.run(order(), *more, flow="tell")


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        ({"data": "451 4.3.0 try again later"}, "unavailable"),
        ({"rcpt": "550 5.1.1 no such user"}, "refused"),
        ({"data": "554 5.7.1 spam"}, "refused"),
    ],
)
def test_a_mail_that_cannot_be_handed_over_lies_in_the_inbox_and_is_sent_once_when_it_can(
    broken: dict[str, str], error: str, shop: Shop
) -> None:
    """Failure 57."""
    desk = Desk(**broken)
    with serving(desk) as smtp:
        telling(shop, smtp)
        failed = told(shop)
        again = told(shop)  # a restart asks nothing new of the server
        listed = shop.tell("inbox", "list", "--kind", "parked", "--json").words
        desk.rcpt = desk.data = OK
        mended = shop.tell("inbox", "retry", "1")
        told(shop)

    assert (failed.report["status"], again.report["status"]) == ("exception", "exception")
    assert failed.report["parked"] == [f"tell!{error}"]
    assert mended.code == 0
    assert len(desk.taken) == 1
    assert next(iter(broken.values()))[4:] in listed


class Half(Desk):
    """Takes one of two recipients."""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("bob"):
            return "550 5.1.1 no such user"
        return await super().handle_RCPT(server, session, envelope, address, options)


def test_where_half_of_the_recipients_are_refused_the_others_have_it_and_it_is_not_tried_again_as_a_whole() -> None:
    """Failure 57."""
    both = message()
    del both["To"]
    both["To"] = "ann@example.test, bob@example.test"
    desk = Half()

    with serving(desk) as smtp, pytest.raises(ConnectionFailedError) as failed:
        smtp.send(both, "k1")

    assert [envelope.rcpt_tos for envelope in desk.taken] == [["ann@example.test"]]
    assert (failed.value.error_class, failed.value.in_doubt) == ("refused", False)
    assert "refuses to write to bob@example.test" in failed.value.message


def test_a_line_that_drops_in_the_middle_of_a_message_leaves_it_in_doubt(shop: Shop) -> None:
    """Failure 57."""
    with dropping() as port:
        telling(shop, Smtp("127.0.0.1", port, "a@example.com", security="none"))
        failed = told(shop)

    assert failed.report["status"] == "exception"
    assert shop.done()["mails"] == 0
    assert "in_doubt" in failed.words
    assert "hung up" in failed.words


@contextmanager
def dropping() -> Iterator[int]:
    """A server that hangs up once the message has begun to come."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        taking = threading.Thread(target=_take_and_drop, args=(server,))
        taking.start()
        yield int(server.getsockname()[1])
        taking.join()


def _take_and_drop(server: socket.socket) -> None:
    client, _ = server.accept()
    with client, client.makefile("rb") as lines:
        client.sendall(b"220 here\r\n")
        for line in lines:
            word = line[:4].upper()
            if word == b"DATA":
                client.sendall(b"354 go on\r\n")
                lines.readline()
                return
            client.sendall(b"250 fine\r\n")


ATTACKS = [
    "{{ ''.__class__.__mro__ }}", "{order.totals}", "${7*7}", "{% import os %}", "{#each lines}x{/each}",
    "<script>alert(1)</script>", "{to.__class__}", "{0.__init__.__globals__}", "%(order)s",
]  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_what_a_customer_types_is_text_in_a_mail_and_never_a_template_or_markup(name: str, shop: Shop) -> None:
    """Failure 58."""
    (shop.folder / "flows" / "tell.yaml").write_text(FLOW)

    sent = shop.run(by(first_name=name, email="ann@example.test"), flow="tell")

    [mail] = shop.mails()
    assert sent.report["status"] == "completed"
    assert "49" not in mail.split("Dear")[1][:40]
    assert "<script>" not in mail.partition("text/html")[2]


@pytest.mark.parametrize("name", ["Ann\r\nBcc: eve@example.test", "Ann\nSubject: no", "Ann\u2028Bcc: eve@example.test"])
def test_a_name_that_would_be_a_header_of_its_own_is_refused_and_nothing_leaves(name: str, shop: Shop) -> None:
    """Failure 58."""
    (shop.folder / "flows" / "tell.yaml").write_text(FLOW)

    refused = shop.run(by(first_name=name, email="ann@example.test"), flow="tell")

    assert refused.report["parked"] == ["tell!invalid"]
    assert shop.done()["mails"] == 0
    assert "could forge a header; remove it" in refused.words
