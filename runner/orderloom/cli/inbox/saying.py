"""What stands on the command line in; answers, and ways to read what is to be set, out."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from orderloom.problems import ProblemsError
from orderloom.source import parse_yaml, read_document

_LOOKS_LIKE_A_FILE = (".json", ".yaml", ".yml")


def said(text: str) -> Any:
    """A word, or what a file or a text of JSON holds. Raises `ProblemsError`; a missing file is wrong usage."""
    if Path(text).is_file():
        return read_document(Path(text)).data
    if text.startswith(("{", "[")):
        return parse_yaml(text, "the answer").data
    if text.endswith(_LOOKS_LIKE_A_FILE):
        raise click.UsageError(f"there is no file `{text}`")
    return text


def read(file: str) -> Any:
    """What a file holds. Raises `ProblemsError`; a missing one is wrong usage."""
    if not Path(file).is_file():
        raise click.UsageError(f"there is no file `{file}`")
    return read_document(Path(file)).data


def readings(sets: Sequence[str]) -> list[dict[str, Any]]:
    """PATH=VALUE by path: first with values as YAML reads them, then with numbers as text (an article `123`)."""
    texts = dict(_pair(one) for one in sets)
    typed = {path: _typed(value) for path, value in texts.items()}
    plain = {path: texts[path] if isinstance(value, int | Decimal) else value for path, value in typed.items()}
    return [typed] if typed == plain else [typed, plain]


def person(by: str | None) -> str:
    """Who it is, by the login name where they do not say. Where there is none, that is wrong usage."""
    try:
        return by or getpass.getuser()
    except (KeyError, OSError, ImportError):
        raise click.UsageError("nobody is logged in here: say who you are with --by NAME") from None


def _pair(text: str) -> tuple[str, str]:
    path, sign, value = text.partition("=")
    if not sign or not path:
        raise click.UsageError(f"--set takes PATH=VALUE, such as lines[0].sku=MUG-2, not `{text}`")
    return path, value


def _typed(text: str) -> Any:
    if not text.strip():
        return text
    try:
        return parse_yaml(text, "--set").data
    except ProblemsError:
        return text  # `@home`, `: x`: no YAML, and a text all the same
