"""Messages out: into a folder of .eml files, which is the default, or to an SMTP server.

Both stamp a message with From and with a Message-ID made of the call's key, so a second attempt bears the same id.
"""

from __future__ import annotations

import contextlib
import email
import os
import smtplib
import socket
import ssl
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import ClassVar

from orderloom.world.errors import ConnectionFailedError
from orderloom.world.folders import must_be_writable
from orderloom.world.forgetting import Person
from orderloom.world.secrets import Secret
from orderloom.world.smtp_replies import failure_of

DEFAULT_SENDER = "orders@example.test"
SMTP_OK = 250                               # RFC 5321, 4.2.2
NO_DOMAIN = "orderloom.invalid"             # in the Message-ID of who does not know the sender


@dataclass(frozen=True)
class Outbox:
    """A folder of messages to look at, or for another program to deliver. One key, one file."""

    folder: Path
    sender: str = DEFAULT_SENDER
    remote: ClassVar[bool] = False

    def send(self, message: EmailMessage, key: str) -> str:
        """Write the message; the same key again leaves the first file as it is. Raises `ConnectionFailedError`."""
        message_id = stamp(message, key, self.sender)
        file = self.folder / f"{key_hash(key)}.eml"
        try:
            if not file.exists():
                self.folder.mkdir(parents=True, exist_ok=True)
                _write_whole(file, message.as_bytes(policy=SMTP))
        except OSError as error:
            why = error.strerror or "the system refused"
            raise ConnectionFailedError("unavailable", f"the outbox {self.folder} cannot be written: {why}") from error
        return message_id

    def forget(self, person: Person, *, doing: bool) -> Mapping[str, int]:
        """Messages to them, and those that name them, are removed: nobody is to send them any more."""
        theirs = [file for file in sorted(self.folder.glob("*.eml")) if _is_theirs(file, person)]
        for file in theirs if doing else ():
            file.unlink(missing_ok=True)
        return {f"messages in {self.folder.name}/": len(theirs)}

    def scrub(self) -> bool:
        return True

    def probe(self) -> str:
        """Whether messages can be written."""
        must_be_writable(self.folder)
        return f"messages become files in {self.folder}"


@dataclass(frozen=True)
class Smtp:
    """A mail server. `security` is `tls` (from the first byte), `starttls`, or `none`."""

    host: str
    port: int
    sender: str
    security: str = "starttls"
    user: str = ""
    password: Secret | None = None
    timeout_s: float = 20.0
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False, compare=False)
    remote: ClassVar[bool] = True

    def send(self, message: EmailMessage, key: str) -> str:
        """Hand the message to the server. Raises `ConnectionFailedError`."""
        message_id = stamp(message, key, self.sender)
        handing_over = False
        try:
            with self._signed_in() as server:
                handing_over = True
                refused = server.send_message(message)
                handing_over = False
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise failure_of(error, f"{self.host}:{self.port}", self.password, in_doubt=handing_over) from None
        if refused:                         # the others have it: never to be tried again as a whole
            raise ConnectionFailedError("refused", f"the mail server refuses to write to {', '.join(sorted(refused))}")
        return message_id

    def probe(self) -> str:
        """Connects, protects the line and signs in as for a message, and sends none. Raises `ConnectionFailedError`."""
        try:
            with self._signed_in() as server:
                server.ehlo_or_helo_if_needed()
                code, words = server.noop()
                if code != SMTP_OK:
                    raise smtplib.SMTPResponseException(code, words)
                protected = server.sock.version() if isinstance(server.sock, ssl.SSLSocket) else None
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise failure_of(error, f"{self.host}:{self.port}", self.password) from None
        signed_in = f", signed in as {self.user}" if self.user else ""
        return f"{self.host}:{self.port} answers, {protected or 'unprotected'}{signed_in}"

    @contextlib.contextmanager
    def _signed_in(self) -> Iterator[smtplib.SMTP]:
        server = self._connected()
        try:
            if self.security == "starttls":
                server.starttls(context=self.tls)
            if self.user:
                server.login(self.user, self.password.reveal() if self.password else "")
            yield server
            # the server has taken the message: a farewell that fails must not send it again
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        name = _own_name()
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, name, timeout=self.timeout_s, context=self.tls)
        return smtplib.SMTP(self.host, self.port, name, timeout=self.timeout_s)


def stamp(message: EmailMessage, key: str, sender: str) -> str:
    """Give the message From where it has none, and a Message-ID of the sender's domain (RFC 5322, 3.6.4)."""
    if "From" not in message:
        name, address = parseaddr(sender)
        message["From"] = Address(display_name=name, addr_spec=address)
    said = str(message["Message-ID"] or f"<{key_hash(key)}@{NO_DOMAIN}>")
    domain = parseaddr(str(message["From"]))[1].rpartition("@")[2] or NO_DOMAIN
    del message["Message-ID"]
    message["Message-ID"] = said.replace(f"@{NO_DOMAIN}>", f"@{domain}>")
    return str(message["Message-ID"])


def key_hash(key: str) -> str:
    """The name of a call in file names and message ids: 128 bits of its key's SHA-256."""
    return sha256(key.encode()).hexdigest()[:32]


def _is_theirs(file: Path, person: Person) -> bool:
    message = email.message_from_bytes(file.read_bytes(), policy=SMTP)
    if str(message["Message-ID"]) in person.messages:
        return True
    headers = (str(value) for value in message.values())
    bodies = (part.get_content() for part in message.walk() if part.get_content_maintype() == "text")
    return any(person.is_named_in(text) for text in chain(headers, bodies))


def _own_name() -> str:
    # smtplib asks the resolver for a full name, which takes seconds on a machine without one
    return socket.gethostname().encode("ascii", "ignore").decode() or "localhost"


def _write_whole(file: Path, content: bytes) -> None:
    """A reader sees the whole file or none, also after a power cut."""
    handle, name = tempfile.mkstemp(prefix=".writing-", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(file.parent)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":                  # elsewhere a folder cannot be opened, and a rename is durable by itself
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
