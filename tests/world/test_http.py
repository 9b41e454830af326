"""The connection that speaks HTTP: where it goes, what it refuses, and what it says when there is no answer."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.world.serving import Answer, Asked, said, serving

from orderloom.world.errors import ConnectionFailedError
from orderloom.world.http import Base, HttpService
from orderloom.world.http.addresses import allowed, refusal
from orderloom.world.http.target import filled
from orderloom.world.secrets import Secret


def ok(_: Asked) -> Answer:
    return said({"ok": True})


def service(base: str, **limits: Any) -> HttpService:
    return HttpService(Base.parse(base), private=True, **limits)


def failure(asked: HttpService, *request: Any, **more: Any) -> ConnectionFailedError:
    with pytest.raises(ConnectionFailedError) as caught:
        asked.send(*(request or ("GET", "orders")), **more)
    return caught.value


# What is sent


def test_a_request_goes_below_the_base_with_its_query_body_and_key() -> None:
    with serving(ok) as served:
        service(f"{served.base}/v1/").send(
            "POST", "/orders/{id}", parts={"id": "a/b"}, query={"tag": ["x", "y z"], "page": 2, "no": None},
            json={"total": Decimal("89.50")}, key="k1",
        )

    [asked] = served.asked
    assert (asked.method, asked.target) == ("POST", "/v1/orders/a%2Fb?tag=x&tag=y+z&page=2")
    assert asked.json() == {"total": 89.5}
    assert asked.headers["idempotency-key"] == "k1"
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["host"] == f"127.0.0.1:{served.port}"


def test_credentials_go_out_and_are_never_shown() -> None:
    asked = service("http://127.0.0.1:1/x", secret_headers={"Authorization": Secret("Bearer abcdef123456")})

    told = failure(asked)

    assert "abcdef123456" not in f"{told} {asked!r}"


def test_what_a_reply_says_comes_back_with_any_status() -> None:
    with serving(lambda _: said({"why": "gone"}, 410, Retry_After="7")) as served:
        reply = service(served.base).send("GET", "x")

    assert (reply.status, reply.body, reply.headers["retry-after"]) == (410, b'{"why": "gone"}', "7")


def test_a_cookie_is_neither_kept_nor_passed_on() -> None:
    with serving(lambda _: said({}, Set_Cookie="session=1")) as served:
        asked = service(served.base)
        reply = asked.send("GET", "x")
        asked.send("GET", "x")

    assert "set-cookie" not in reply.headers
    assert "cookie" not in served.asked[1].headers


def test_connections_are_used_again_and_several_threads_may_ask() -> None:
    with serving(ok) as served:
        asked = service(served.base)
        threads = [threading.Thread(target=asked.send, args=("GET", f"x/{number}")) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(one.target for one in served.asked) == [f"/x/{number}" for number in range(8)]


def test_a_redirect_is_a_reply_and_is_not_followed() -> None:
    with serving(ok) as inside, serving(lambda _: Answer(302, headers={"Location": f"{inside.base}/secret"})) as served:
        reply = service(served.base).send("GET", "x")

    assert reply.status == 302
    assert inside.asked == []


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with serving(ok) as served:
        assert service(served.base).send("GET", "x").status == 200


# Where it may go

REFUSED = [
    "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0",
    "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "2002:a00:1::",
    "64:ff9b::7f00:1", "::7f00:1", "2001:db8::1", "not an address",
]  # fmt: skip
NEVER = ["169.254.169.254", "fe80::1", "fd00:ec2::254", "224.0.0.1", "0.0.0.0", "::", "::ffff:169.254.169.254"]


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_is_not_public_is_refused_from_the_start(address: str) -> None:
    assert refusal(address, private=False)


@pytest.mark.parametrize("address", NEVER)
def test_some_addresses_are_refused_even_where_private_ones_are_wanted(address: str) -> None:
    assert refusal(address, private=True)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "192.168.1.1", "fc00::1", "::1"])
def test_ones_own_networks_are_reached_where_the_connection_says_so(address: str) -> None:
    assert refusal(address, private=True) is None


@given(st.ip_addresses())
def test_an_address_that_python_does_not_call_global_is_always_refused(address: Any) -> None:
    if not address.is_global or address.is_multicast:
        assert refusal(str(address), private=False)


@given(st.ip_addresses(v=4, network="10.0.0.0/8"))
def test_an_ipv4_address_is_refused_in_every_ipv6_dress(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    dresses = [
        ipaddress.IPv6Address((0xFFFF << 32) | number),
        ipaddress.IPv6Address((0x2002 << 112) | (number << 80)),
        ipaddress.IPv6Address((0x64FF9B << 96) | number),
    ]
    assert all(refusal(str(dress), private=False) for dress in dresses)


def test_one_private_address_among_public_ones_refuses_the_host() -> None:
    with pytest.raises(ConnectionFailedError, match=r"`shop\.example` is 10\.0\.0\.1, an address of a"):
        allowed("shop.example", 443, False, lambda _host, _port: ["93.184.215.14", "10.0.0.1"])


def test_the_address_that_was_checked_is_the_one_connected_to() -> None:
    """DNS rebinding: the second answer would be another machine, and is never asked for."""
    answers = [["127.0.0.1"], ["127.0.0.2"]]
    with serving(ok) as served:
        asked = HttpService(
            Base.parse(f"http://shop.example:{served.port}"), private=True, resolver=lambda _host, _port: answers.pop(0)
        )
        asked.send("GET", "x")

    assert served.asked[0].headers["host"] == f"shop.example:{served.port}"
    assert len(answers) == 1


def test_a_numeric_host_that_only_the_system_understands_is_judged_by_what_it_resolves_to() -> None:
    told = failure(HttpService(Base.parse("http://2130706433/")))

    assert told.error_class in {"refused", "unavailable"}


@pytest.mark.parametrize(
    "path",
    ["../admin", "a/../../b", "%2e%2e/admin", "a/%252e%252e/b", "http://evil.example/", "//evil.example/x", "a\\..\\b",
     "a b", "a\r\nHost: evil", "a?b=1", "a#b", "a/./b", "\x00"],
)  # fmt: skip
def test_a_path_that_leads_elsewhere_is_refused(path: str) -> None:
    assert failure(service("http://127.0.0.1:1/v1"), "GET", path).error_class == "invalid"


@given(st.text(min_size=1))
def test_a_value_put_into_a_path_always_stays_one_part_of_it(value: str) -> None:
    base = Base.parse("https://api.example.com/v1")
    try:
        target = base.target(filled("orders/{id}/lines", {"id": value}))
    except (ValueError, UnicodeEncodeError):
        return
    assert target.startswith("/v1/orders/")
    assert target.endswith("/lines")
    assert target.count("/") == 4
    assert "?" not in target


@pytest.mark.parametrize(
    ("name", "value"),
    [("X-A", "a\r\nX-B: b"), ("X A", "a"), ("Host", "evil"), ("Content-Length", "0"), ("Authorization", "Basic x"),
     ("X-A", "œ€")],
)  # fmt: skip
def test_a_header_that_would_be_two_or_is_ours_is_refused(name: str, value: str) -> None:
    assert failure(service("http://127.0.0.1:1"), "GET", "x", headers={name: value}).error_class == "invalid"


@pytest.mark.parametrize(
    "text",
    ["", "ftp://a.example", "a.example", "https://", "https://u:p@a.example", "https://a.example/x?y=1",
     "https://a.example/../x", "https://a.example:99999", "https://a example", "file:///etc/passwd"],
)  # fmt: skip
def test_a_text_that_is_no_base_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"address|climbs"):
        Base.parse(text)


# When there is no answer


@contextmanager
def raw(reply: bytes, pause_s: float = 0.0) -> Iterator[int]:
    """A server that says these bytes one by one, whatever it is asked."""
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve() -> None:
        while not done.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    connection.recv(65536)
                    for number in range(len(reply)):
                        connection.sendall(reply[number : number + 1])
                        if pause_s and done.wait(pause_s):
                            return
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        done.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def test_nobody_there_is_unavailable_and_was_not_asked() -> None:
    told = failure(service("http://127.0.0.1:1"))

    assert (told.error_class, told.in_doubt) == ("unavailable", False)


def test_a_name_that_nobody_knows_is_unavailable() -> None:
    assert failure(service("https://nowhere.invalid")).message == "no address is known for `nowhere.invalid`"


def test_a_connection_that_is_cut_off_leaves_it_in_doubt() -> None:
    with serving(lambda _: Answer(lost=True)) as served:
        told = failure(service(served.base), "POST", "orders", json={})

    assert (told.error_class, told.in_doubt) == ("unavailable", True)
    assert len(served.asked) == 1


def test_a_server_that_says_nothing_is_a_timeout_in_doubt() -> None:
    release = threading.Event()

    def slow(_: Asked) -> Answer:
        release.wait(5)
        return Answer()

    with serving(slow) as served:
        told = failure(service(served.base, timeout_s=0.2))
        release.set()

    assert (told.error_class, told.in_doubt) == ("timeout", True)


@pytest.mark.parametrize(
    "reply",
    [b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 500, b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + b"a" * 500],
    ids=["headers", "body"],
)
def test_an_answer_that_drips_ends_with_the_time_limit(reply: bytes) -> None:
    with raw(reply, pause_s=0.05) as port:
        began = time.monotonic()
        told = failure(service(f"http://127.0.0.1:{port}", timeout_s=0.4))

    assert told.error_class in {"timeout", "unavailable"}
    assert told.in_doubt
    assert time.monotonic() - began < 15  # all of it would take 25 s and more


def test_an_answer_beyond_the_limit_is_not_taken() -> None:
    with serving(lambda _: Answer(body=b"x" * 2000)) as served:
        told = failure(service(served.base, reply_limit_bytes=1000))

    assert (told.error_class, told.in_doubt) == ("invalid", True)
    assert "1,000 bytes" in told.message


def test_a_compressed_answer_is_not_unpacked() -> None:
    with serving(lambda _: Answer(body=b"\x1f\x8b", headers={"Content-Encoding": "gzip"})) as served:
        assert failure(service(served.base)).error_class == "invalid"


@pytest.mark.parametrize(
    "reply", [b"", b"hello", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"]
)
def test_what_is_no_http_is_a_failure_in_words(reply: bytes) -> None:
    with raw(reply) as port:
        told = failure(service(f"http://127.0.0.1:{port}", timeout_s=2.0))

    assert told.error_class == "unavailable"
    assert "Error" not in told.message


# Trust


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for shop.example that nobody has signed, with its key in the same file."""
    folder = tmp_path_factory.mktemp("tls")
    key, made = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=shop.example",
         "-addext", "subjectAltName=DNS:shop.example", "-keyout", key, "-out", made],
        check=True, capture_output=True,
    )  # fmt: skip
    (folder / "both.pem").write_bytes(key.read_bytes() + made.read_bytes())
    return made


def over_tls(certificate: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate.parent / "both.pem")
    return made


def secure(port: int, host: str, ca: Path | None) -> HttpService:
    base = Base.parse(f"https://{host}:{port}")
    return HttpService(base, private=True, ca=str(ca) if ca else None, resolver=lambda *_: ["127.0.0.1"])


def test_a_certificate_is_checked_for_the_name_that_was_asked_for(certificate: Path) -> None:
    with serving(ok, over_tls(certificate)) as served:
        assert secure(served.port, "shop.example", certificate).send("GET", "x").status == 200
        told = failure(secure(served.port, "other.example", certificate))

    assert told.error_class == "unavailable"
    assert "its certificate is for another name" in told.message


def test_a_certificate_that_nobody_known_has_signed_is_not_trusted(certificate: Path) -> None:
    with serving(ok, over_tls(certificate)) as served:
        told = failure(secure(served.port, "shop.example", None))

    assert "its certificate is signed by nobody known here" in told.message
    assert served.asked == []
