"""What a mail server or the way to it answered, as an error class and a sentence (RFC 5321, 4.2; RFC 3463)."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Mapping
from typing import Any

from orderloom.world.errors import ConnectionFailedError
from orderloom.world.secrets import Secret

RATE_LIMITED = frozenset({421, 450})  # "try again later" of servers that slow down or greylist a sender
_TOO_MANY = re.compile(r"\b4\.7\.\d+\b|too many|rate limit", re.IGNORECASE)
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_LONGEST_QUOTE = 160


def failure_of(
    error: Exception, server: str, password: Secret | None = None, *, in_doubt: bool = False
) -> ConnectionFailedError:
    """The failure that flows see. The server's own words are quoted, without the password should it echo that.

    `in_doubt`: it had the message in its hands, so that no answer leaves open whether it has taken it.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _recipients(error.recipients, server, password)
    if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= 500:
        message = f"the mail server {server} does not accept the user and password of this connection"
        return ConnectionFailedError("refused", f"{message}{_quoted(error.smtp_error, password)}")
    if isinstance(error, smtplib.SMTPResponseException):
        return _reply(error.smtp_code, error.smtp_error, server, password)
    return _no_reply(error, server, in_doubt)


def _recipients(
    recipients: Mapping[str, tuple[int, Any]], server: str, password: Secret | None
) -> ConnectionFailedError:
    code, words = max(recipients.values(), key=lambda reply: reply[0])  # a lasting refusal outweighs a passing one
    return _reply(code, words, server, password, f" to write to {', '.join(sorted(recipients))}")


def _reply(code: int, words: Any, server: str, password: Secret | None, what: str = "") -> ConnectionFailedError:
    quoted = _quoted(words, password)
    if 400 <= code < 500:
        limited = code in RATE_LIMITED or bool(_TOO_MANY.search(quoted))
        return ConnectionFailedError(
            "rate_limited" if limited else "unavailable",
            f"the mail server {server} cannot do it now ({code}{what}){quoted}",
        )
    if code < 0:
        return ConnectionFailedError("unavailable", f"what answers at {server} is not a mail server")
    return ConnectionFailedError("refused", f"the mail server {server} refuses{what} ({code}){quoted}")


def _no_reply(error: Exception, server: str, in_doubt: bool) -> ConnectionFailedError:
    if isinstance(error, smtplib.SMTPNotSupportedError):
        what = "sign-in, STARTTLS or letters outside ASCII in an address"
        return ConnectionFailedError(
            "refused", f"the mail server {server} does not offer what this connection asks for ({what})"
        )
    if isinstance(error, ssl.SSLError):
        return ConnectionFailedError(
            "refused", f"no safe connection to the mail server {server}: its certificate or TLS does not fit"
        )
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return ConnectionFailedError("timeout", f"the mail server {server} did not answer in time", in_doubt=in_doubt)
    if isinstance(error, UnicodeError):
        return ConnectionFailedError("invalid", f"the mail server {server} cannot be given these letters")
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return ConnectionFailedError("unavailable", f"the mail server {server} hung up", in_doubt=in_doubt)
    return ConnectionFailedError("unavailable", f"the mail server {server} cannot be reached", in_doubt=in_doubt)


def _quoted(words: Any, password: Secret | None) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words or "")
    text = _UNSHOWN.sub(" ", password.hide_in(text) if password else text).strip()
    if not text:
        return ""
    return f': "{text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"}"'
