"""Connections that make labels and keep papers: `test-labels` and `folder`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from orderloom.paper.gs1 import TRIAL_PREFIX
from orderloom.world.connection_types import (
    ConnectionType,
    Key,
    Unfit,
    folder,
    host,
    is_loopback,
    reader,
    seconds,
    secret,
    shelf_file,
)
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.labels import TestLabels
from orderloom.world.papers import Folder
from orderloom.world.printers import PORT, LabelPrinter
from orderloom.world.secrets import Secret, secret_from
from orderloom.world.shelf import shelf_at
from orderloom.world.types.http import LIMITS, address, basic, service, with_ca

EASYPOST = "https://api.easypost.com/v2"


@reader(enum=["pdf", "zpl"])
def _form(value: Any) -> str | Unfit:
    if isinstance(value, str) and value in {"pdf", "zpl"}:
        return value
    return Unfit("is pdf or zpl", "zpl is for label printers")


@reader(type="string", pattern="^[0-9]{4,12}$")
def _prefix(value: Any) -> str | Unfit:
    if isinstance(value, str) and value.isascii() and value.isdigit() and 4 <= len(value) <= 12:
        return value
    return Unfit("is the company prefix that GS1 gave you: 4 to 12 digits", 'in quotes, such as "4012345"')


def _open_labels(values: Mapping[str, Any], base: Path) -> object:
    papers = Folder(base / values.get("folder", "documents"))
    form, prefix = values.get("format", "pdf"), values.get("gs1_prefix", TRIAL_PREFIX)
    return TestLabels(shelf_at(base, values), papers, form, prefix)


@reader(enum=["pdf", "png", "zpl"])
def _easypost_form(value: Any) -> str | Unfit:
    return value if isinstance(value, str) and value in {"pdf", "png", "zpl"} else Unfit("is pdf, png or zpl")


def _open_easypost(values: Mapping[str, Any], folder: Path) -> object:
    from orderloom.world.carriers.easypost import EasyPost  # noqa: PLC0415 (only projects that name it pay for it)
    from orderloom.world.http import Base  # noqa: PLC0415

    limits = with_ca(values, folder)
    signed = basic(secret_from(values["key"], folder).reveal(), Secret(""))
    http = service(Base.parse(values.get("base", EASYPOST)), limits, {"Authorization": signed})
    papers = Folder(folder / values.get("folder", "documents"))
    return EasyPost(http, partial(_fetched, limits), papers, values.get("format", "pdf"))


def _fetched(limits: Mapping[str, Any], url: str) -> bytes:
    """The file of a label: at whatever host it lies, asked without our credentials."""
    from orderloom.world.http import Base  # noqa: PLC0415
    from orderloom.world.http.statuses import status_failure  # noqa: PLC0415

    try:
        parts = urlsplit(url)
        base = Base.parse(f"{parts.scheme}://{parts.netloc}{parts.path}")
    except ValueError as error:
        raise ConnectionFailedError("unavailable", f"EasyPost gives no address of the label: {error}") from None
    asked = {name: value for name, value in limits.items() if name in LIMITS}
    reply = service(base, asked, {}).send("GET", "", query=dict(parse_qsl(parts.query)) or None)
    if reply.status != 200:
        raise status_failure("the label's file", reply, datetime.now(UTC))
    return reply.body


def _odd_easypost(values: Mapping[str, Any]) -> Iterator[Unfit]:
    from orderloom.world.http import Base  # noqa: PLC0415

    base = Base.parse(values["base"]) if "base" in values else None
    if base is not None and base.scheme == "http" and not is_loopback(base.host):
        yield Unfit("would send its key unprotected", "write https:// in `base`", "S102")


@reader(type="integer", minimum=1, maximum=65535)
def _port(value: Any) -> int | Unfit:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 65_536:
        return value
    return Unfit("is a port, 1 to 65535", f"label printers listen at {PORT}")


def _open_printer(values: Mapping[str, Any], base: Path) -> object:
    papers = base / values.get("folder", "documents")
    limits = values.get("port", PORT), values.get("timeout_s", 10.0)
    return LabelPrinter(shelf_at(base, values), papers, values["host"], *limits)


def _open_folder(values: Mapping[str, Any], base: Path) -> object:
    return Folder(base / values.get("folder", "documents"))


TYPES = (
    ConnectionType(
        "test-labels",
        {"folder": Key(folder, "documents"), "file": Key(shelf_file, ".orderloom/world.sqlite"),
         "format": Key(_form, "zpl"), "gs1_prefix": Key(_prefix, '"4012345"')},
        _open_labels,
    ),
    ConnectionType(
        "easypost",
        {
            "key": Key(secret, "{env: EASYPOST_KEY}", required=True),
            "base": Key(address, EASYPOST),
            "folder": Key(folder, "documents"),
            "format": Key(_easypost_form, "zpl"),
            **LIMITS,
        },
        _open_easypost,
        _odd_easypost,
    ),
    ConnectionType(
        "label-printer",
        {
            "host": Key(host, "192.168.1.40", required=True),
            "port": Key(_port, str(PORT)),
            "timeout_s": Key(seconds, "10"),
            "folder": Key(folder, "documents"),
            "file": Key(shelf_file, ".orderloom/world.sqlite"),
        },
        _open_printer,
    ),
    ConnectionType("folder", {"folder": Key(folder, "documents")}, _open_folder),
)
