"""A mail server that is tried: over a protected line, with its certificate checked, and without a message."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from tests.world.test_smtp import Desk, serving

from orderloom.world.errors import ConnectionFailedError
from orderloom.world.mail import Smtp
from orderloom.world.secrets import Secret


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody else has signed, with its key in the same file."""
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(file), "-out", str(file.with_name("cert.pem"))],
        check=True, capture_output=True,
    )  # fmt: skip
    file.write_bytes(file.read_bytes() + file.with_name("cert.pem").read_bytes())
    return file


def offered(certificate: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate)
    return made


def admit(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=data.password == b"hunter22")


@contextmanager
def protected(desk: Desk, certificate: Path, *, trusted: bool = True) -> Iterator[Smtp]:
    """A server that takes a sign-in after STARTTLS alone."""
    trust = ssl.create_default_context(cafile=str(certificate.with_name("cert.pem")) if trusted else None)
    with serving(desk, tls_context=offered(certificate), authenticator=admit, require_starttls=True) as server:
        yield Smtp(server.host, server.port, server.sender, "starttls", "shop", Secret("hunter22"), 10, trust)


def test_the_line_is_protected_before_the_sign_in_and_no_message_is_sent(certificate: Path) -> None:
    desk = Desk()

    with protected(desk, certificate) as server:
        said = server.probe()

    assert said in {
        f"127.0.0.1:{server.port} answers, {version}, signed in as shop" for version in ("TLSv1.2", "TLSv1.3")
    }
    assert desk.taken == []


def test_a_certificate_that_nobody_known_has_signed_fails_the_trial(certificate: Path) -> None:
    with (
        protected(Desk(), certificate, trusted=False) as server,
        pytest.raises(ConnectionFailedError, match="its certificate or TLS does not fit") as failed,
    ):
        server.probe()

    assert failed.value.error_class == "refused"


def test_a_server_without_a_sign_in_is_greeted(certificate: Path) -> None:
    with serving(Desk()) as server:
        assert server.probe() == f"127.0.0.1:{server.port} answers, unprotected"


def test_a_server_that_refuses_every_command_fails_the_trial() -> None:
    class Closed(Desk):
        async def handle_NOOP(self, server: Any, session: Any, envelope: Any, arg: str) -> str:
            return "421 4.3.2 closing down"

    with serving(Closed()) as server, pytest.raises(ConnectionFailedError, match="cannot do it now"):
        server.probe()
