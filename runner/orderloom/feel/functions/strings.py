"""String functions (DMN 1.5, 10.3.4.3). Lengths and positions count characters, not bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from orderloom.feel.errors import MAX_LIST, MAX_TEXT, too_long_a_list, too_long_a_text
from orderloom.feel.functions.patterns import compiled, replacement_parts
from orderloom.feel.values import items, kind


def _substring(text: str, start: Any, length: Any = None) -> str | None:
    position, count = int(start), None if length is None else int(length)
    if position == 0 or abs(position) > len(text) or (count is not None and count < 1):
        return None
    first = position - 1 if position > 0 else len(text) + position
    return text[first:] if count is None else text[first : first + count]


def _before(text: str, match: str) -> str:
    head, found, _ = text.partition(match) if match else ("", "", "")
    return head if found else ""


def _after(text: str, match: str) -> str:
    if not match:
        return text
    _, found, tail = text.partition(match)
    return tail if found else ""


def _limited(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise too_long_a_text()
    return text


def _matches(text: str, pattern: str, flags: str | None = None) -> bool | None:
    regex = compiled(pattern, flags or "", len(text))
    return None if regex is None else regex.search(text) is not None


def _replace(text: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    regex = compiled(pattern, flags or "", len(text))
    if regex is None:
        return None
    parts = replacement_parts(replacement, regex.groups, literal="q" in (flags or ""))
    if parts is None or regex.search("") is not None:      # XPath refuses a pattern that matches nothing at all
        return None
    size = 0

    def replaced(match: Any) -> str:
        nonlocal size
        made = "".join(part if isinstance(part, str) else match.group(part) or "" for part in parts)
        size += len(made)
        if size > MAX_TEXT:
            raise too_long_a_text()
        return made

    return _limited(regex.sub(replaced, text))


def _split(text: str, delimiter: str) -> list[str] | None:
    regex = compiled(delimiter, "", len(text))
    if regex is None or regex.search("") is not None:
        return None
    found, last = [], 0
    for match in regex.finditer(text):
        found.append(text[last : match.start()])
        last = match.end()
        if len(found) >= MAX_LIST:
            raise too_long_a_list()
    return [*found, text[last:]]


def _join(parts: Any, delimiter: str | None = None) -> str | None:
    texts = [part for part in items(parts) if part is not None]
    if any(kind(part) != "string" for part in texts):
        return None
    size = sum(map(len, texts)) + len(delimiter or "") * len(texts)
    if size > MAX_TEXT:
        raise too_long_a_text()
    return (delimiter or "").join(texts)


BODIES: dict[str, Callable[..., Any]] = {
    "substring": _substring,
    "string length": len,
    "upper case": lambda text: _limited(text.upper()),
    "lower case": lambda text: _limited(text.lower()),
    "substring before": _before,
    "substring after": _after,
    "contains": lambda text, match: match in text,
    "starts with": lambda text, match: text.startswith(match),
    "ends with": lambda text, match: text.endswith(match),
    "matches": _matches,
    "replace": _replace,
    "split": _split,
    "string join": _join,
}
