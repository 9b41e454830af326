"""Connections that sign the links by which customers answer: `links`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orderloom.world.connection_types import TEXT, ConnectionType, Key, Unfit, reader, secret
from orderloom.world.links import Links
from orderloom.world.secrets import secret_from

_BASE = re.compile(r"https://[^\s/?#]+(?:/[^\s?#]*)?|http://(?:localhost|127\.0\.0\.1)(?::\d+)?(?:/[^\s?#]*)?")


@reader(**TEXT)
def _base(value: Any) -> str | Unfit:
    if isinstance(value, str) and _BASE.fullmatch(value):
        return value
    return Unfit("is the https address of the page that takes answers", "such as https://shop.example.com/answer")


def _open(values: Mapping[str, Any], base: Path) -> object:
    return Links(values["base"], secret_from(values["secret"], base))


TYPES = (
    ConnectionType(
        "links",
        {
            "base": Key(_base, "https://shop.example.com/answer", required=True),
            "secret": Key(secret, "{env: LINKS_SECRET}", required=True),
        },
        _open,
    ),
)
