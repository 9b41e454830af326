"""A file in, a Document out: size before reading, the encoding, then the reader that its suffix names."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from orderloom.problems import Place, ProblemsError, refuse
from orderloom.source.absent import meant
from orderloom.source.document import Document
from orderloom.source.encoding import decode, too_large
from orderloom.source.strict_json import JSON_LIMIT_BYTES, parse_json
from orderloom.source.strict_yaml import YAML_LIMIT_BYTES, parse_yaml

_READERS = {
    ".yaml": (YAML_LIMIT_BYTES, parse_yaml),
    ".yml": (YAML_LIMIT_BYTES, parse_yaml),
    ".json": (JSON_LIMIT_BYTES, parse_json),
}

_SUPPOSED: ContextVar[Mapping[pathlib.Path, bytes]] = ContextVar("_SUPPOSED", default={})  # noqa: B039 (never changed)


_NOTED: ContextVar[dict[pathlib.Path, bytes] | None] = ContextVar("_NOTED", default=None)


@contextmanager
def noting() -> Iterator[Mapping[pathlib.Path, bytes]]:
    """What is read as long as it lasts, by resolved path: whoever opens something learns what it was made of."""
    noted: dict[pathlib.Path, bytes] = {}
    token = _NOTED.set(noted)
    try:
        yield noted
    finally:
        _NOTED.reset(token)


@contextmanager
def supposing(contents: Mapping[pathlib.Path, bytes]) -> Iterator[None]:
    """As long as it lasts, files (by their resolved paths) are read as if that stood in them; nothing is written."""
    token = _SUPPOSED.set(contents)
    try:
        yield
    finally:
        _SUPPOSED.reset(token)


def read_document(path: pathlib.Path) -> Document:
    """The document in a .yaml, .yml or .json file; problems name the file as the path is written."""
    file = str(path)
    if path.is_fifo():  # `<(…)` of a shell has no suffix: what it holds is seen when it is read
        text = decode(read_bytes(path, JSON_LIMIT_BYTES), file)
        return parse_json(text, file) if text.lstrip().startswith(("{", "[")) else parse_yaml(text, file)
    if path.suffix.lower() not in _READERS:
        message = f"`{path.name}` is not a .yaml, .yml or .json file"
        raise refuse("Y006", message, Place(file), "name the file by what it holds")
    limit, parse = _READERS[path.suffix.lower()]
    return parse(decode(read_bytes(path, limit), file), file)


def read_bytes(path: pathlib.Path, limit_bytes: int) -> bytes:
    """All bytes of a file that is not larger than the limit."""
    supposed = _SUPPOSED.get()
    if supposed and (content := supposed.get(path.resolve())) is not None:
        return content
    try:
        with path.open("rb") as stream:
            content = stream.read(limit_bytes + 1)
    except FileNotFoundError:
        raise refuse("Y001", "there is no such file", Place(str(path)), meant(path)) from None
    except (OSError, ValueError) as error:
        raise _unopened(path) from error
    if len(content) > limit_bytes:
        raise too_large(str(path), limit_bytes)
    if (noted := _NOTED.get()) is not None:
        noted[path.resolve()] = content
    return content


def _unopened(path: pathlib.Path) -> ProblemsError:
    why, mend = "the system does not let it be read", "check who may read it"
    if path.is_dir():
        why, mend = "it is a folder", "name one file in it"
    return refuse("Y001", f"the file cannot be opened: {why}", Place(str(path)), mend)
