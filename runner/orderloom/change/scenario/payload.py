"""`input:` of a case in; the bytes that reach the trigger, as if they came from outside, out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any

from orderloom.change.scenario.model import Input, Patch
from orderloom.change.scenario.paths import read_path
from orderloom.declare import Payload
from orderloom.problems import Problem, ProblemsError, did_you_mean, refuse
from orderloom.source import Path, find_file, parse_json, spell
from orderloom.source.encoding import decode
from orderloom.source.files import read_bytes

MOST_BYTES = 16 * 1024 * 1024


def read_payload(given: Input, folders: Sequence[FilePath]) -> Payload:
    """The payload of a case with its patches. Raises `ProblemsError` with every finding about them."""
    file = find_file(given.file, folders)
    if file is None:
        raise refuse("W005", f"there is no file `{given.file}`", given.place, _near(given.file, folders))
    data = read_bytes(file, MOST_BYTES)
    return Payload(_patched(data, given, file) if given.patch else data, str(file), given.format, given.account)


def _near(name: str, folders: Sequence[FilePath]) -> str:
    beside = [folder / name for folder in folders]
    known = {
        entry.name for path in beside if path.parent.is_dir() for entry in path.parent.iterdir() if entry.is_file()
    }
    near = did_you_mean(FilePath(name).name, sorted(known))
    return near or f"it is looked for in {' and '.join(dict.fromkeys(str(folder) for folder in folders))}"


def _patched(data: bytes, given: Input, file: FilePath) -> bytes:
    if file.suffix.lower() != ".json":
        place = next(iter(given.patch.values())).place
        raise refuse("W006", f"`{file.name}` is no JSON, so it has no fields to patch", place, "give a file of its own")
    document = parse_json(decode(data, str(file)), str(file)).data
    problems = [problem for path, patch in given.patch.items() for problem in _apply(document, path, patch)]
    if problems:
        raise ProblemsError(problems)
    return "".join(_written(document)).encode()


def _apply(document: Any, text: str, patch: Patch) -> Iterator[Problem]:
    """Set one field. What leads to it must be there: a slip in it would change nothing in silence."""
    *before, last = read_path(text) or ("",)
    around = document
    for depth, part in enumerate((*before, last)):
        told = _misses(around, part, tuple(before[:depth]), last=depth == len(before))
        if told is not None:
            yield Problem("W006", told[0], patch.place, told[1])
            return
        around = around[part] if depth < len(before) else around
    target: Any = around
    if isinstance(around, list) and last == len(around):
        around.append(patch.value)
    else:
        target[last] = patch.value


def _misses(around: Any, part: str | int, before: Path, *, last: bool) -> tuple[str, str | None] | None:
    where = f"`{spell(before)}` of the input" if before else "the input"
    if isinstance(part, int):
        if not isinstance(around, list):
            return f"{where} is no list", None
        if part > len(around) - (0 if last else 1):
            return f"{where} has {len(around)} item{'' if len(around) == 1 else 's'}, the first one being 0", None
    elif not isinstance(around, Mapping):
        return f"{where} has no fields", None
    elif part not in around and not last:
        return f"{where} has no `{part}`", did_you_mean(part, around) or f"it has: {', '.join(list(around)[:12])}"
    return None


def _written(value: Any) -> Iterator[str]:
    """JSON with every digit of its numbers, which the writer of the library would round."""
    if isinstance(value, Mapping):
        yield "{"
        for number, (key, member) in enumerate(value.items()):
            yield f"{', ' if number else ''}{json.dumps(key)}: "
            yield from _written(member)
        yield "}"
    elif isinstance(value, list):
        yield "["
        for number, member in enumerate(value):
            yield ", " if number else ""
            yield from _written(member)
        yield "]"
    else:
        yield str(value) if isinstance(value, Decimal) else json.dumps(value)
