"""Connections that speak HTTP: `http` is one service, at one base address, with its credentials and limits."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orderloom.world.connection_types import (
    SECRET,
    TEXT,
    ConnectionType,
    Key,
    Unfit,
    is_loopback,
    reader,
    seconds,
    secret,
    text,
    yes_or_no,
)
from orderloom.world.secrets import Secret, secret_from

if TYPE_CHECKING:
    from orderloom.world.http import Base, HttpService

_AUTH = (
    "one of: {bearer: {env: TOKEN}}, {basic: {user: shop, password: {env: PASSWORD}}}, "
    "{header: {name: X-Api-Key, value: {env: KEY}}}"
)
_AUTH_SCHEMA = {
    "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": False,
    "properties": {
        "bearer": SECRET,
        "basic": {
            "type": "object", "properties": {"user": TEXT, "password": SECRET}, "required": ["user", "password"],
            "additionalProperties": False,
        },
        "header": {
            "type": "object", "properties": {"name": TEXT, "value": SECRET}, "required": ["name", "value"],
            "additionalProperties": False,
        },
    },
}  # fmt: skip
_PARTS = {"bearer": (), "basic": ("user", "password"), "header": ("name", "value")}


@reader(**TEXT)
def address(value: Any) -> str | Unfit:
    """An http or https address with a path at most."""
    from orderloom.world.http.target import Base  # noqa: PLC0415 (only projects that name one pay for it)

    try:
        Base.parse(value if isinstance(value, str) else "")
    except ValueError as error:
        return Unfit(f"is {error}", code="C301")
    return str(value)


@reader(type="object", additionalProperties={"type": "string"})
def headers(value: Any) -> Mapping[str, str] | Unfit:
    """Fixed headers, which hold no secret."""
    from orderloom.world.http.service import check_header  # noqa: PLC0415

    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        return Unfit("is the value of each header by its name", "for example: `headers: {Accept-Language: en}`", "C302")
    for name, one in value.items():
        if name.lower() in {"authorization", "cookie", "proxy-authorization"}:
            return Unfit(f"holds `{name}`, which stands here for all to read", "give it under `auth`", "S101")
        try:
            check_header(name, one)
        except ValueError as error:
            return Unfit(f"is wrong: {error}", code="C302")
    return value


@reader(**_AUTH_SCHEMA)
def _auth(value: Any) -> Mapping[str, Any] | Unfit:
    if not isinstance(value, dict) or len(value) != 1 or next(iter(value)) not in _PARTS:
        return Unfit("says how to sign in", _AUTH, "C303")
    kind, said = next(iter(value.items()))
    if kind == "bearer":
        found = secret(said)
        return found if isinstance(found, Unfit) else value
    names = _PARTS[kind]
    if not isinstance(said, dict) or set(said) != set(names):
        return Unfit(f"needs {' and '.join(names)} under `{kind}`", _AUTH, "C303")
    wrong = [found for found in (text(said[names[0]]), secret(said[names[1]])) if isinstance(found, Unfit)]
    return wrong[0] if wrong else value


@reader(type="number", exclusiveMinimum=0, maximum=100)
def _limit(value: Any) -> int | Unfit:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and 0 < value <= 100:
        return int(value * 1_000_000)
    return Unfit("is a number of megabytes, at most 100", code="C304")


def odd_service(values: Mapping[str, Any]) -> Iterator[Unfit]:
    """What is wrong with an address and credentials together."""
    from orderloom.world.http.target import Base  # noqa: PLC0415

    if "base" not in values or "auth" not in values:
        return
    base = Base.parse(values["base"])
    if base.scheme == "http" and not is_loopback(base.host):
        yield Unfit("would send its credentials unprotected", "write https:// in `base`", "S102")


def service(base: Base, values: Mapping[str, Any], secrets: Mapping[str, Secret]) -> HttpService:
    """The service that a connection describes; `secrets` are headers. Shops are built on it too."""
    from orderloom.world.http import HttpService  # noqa: PLC0415

    named = {"timeout_s": "timeout_s", "private": "private", "ca": "ca", "headers": "headers"}
    given = {name: values[key] for key, name in {**named, "key_header": "key_header"}.items() if key in values}
    given |= {"reply_limit_bytes": values["reply_limit_mb"]} if "reply_limit_mb" in values else {}
    return HttpService(base, secret_headers=secrets, **given)


def basic(user: str, password: Secret) -> Secret:
    """The value of an Authorization header (RFC 7617)."""
    return Secret("Basic " + base64.b64encode(f"{user}:{password.reveal()}".encode()).decode())


def _open(values: Mapping[str, Any], folder: Path) -> object:
    from orderloom.world.http.target import Base  # noqa: PLC0415

    return service(Base.parse(values["base"]), with_ca(values, folder), _credentials(values.get("auth") or {}, folder))


def with_ca(values: Mapping[str, Any], folder: Path) -> Mapping[str, Any]:
    return {**values, "ca": str(folder / values["ca"])} if "ca" in values else values


def _credentials(auth: Mapping[str, Any], folder: Path) -> dict[str, Secret]:
    read = partial(secret_from, base=folder)
    if "bearer" in auth:
        return {"Authorization": Secret(f"Bearer {read(auth['bearer']).reveal()}")}
    if "basic" in auth:
        return {"Authorization": basic(auth["basic"]["user"], read(auth["basic"]["password"]))}
    return {auth["header"]["name"]: read(auth["header"]["value"])} if auth else {}


LIMITS = {
    "timeout_s": Key(seconds, "20"),
    "reply_limit_mb": Key(_limit, "5"),
    "private": Key(yes_or_no, "false"),
    "ca": Key(text, "certificates/our-own.pem"),
}
TYPES = (
    ConnectionType(
        "http",
        {
            "base": Key(address, "https://api.example.com/v1", required=True),
            "auth": Key(_auth, "{bearer: {env: API_TOKEN}}"),
            "headers": Key(headers, "{Accept-Language: en}"),
            "key_header": Key(text, "Idempotency-Key"),
            **LIMITS,
        },
        _open,
        odd_service,
    ),
)
