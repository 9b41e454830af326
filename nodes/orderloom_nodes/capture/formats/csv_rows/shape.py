"""A column map as it was read in, what is wrong with its shape out: keys, texts, and signs that go together."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom import Document, Problem, did_you_mean

KEYS = ("columns", "summary", "one_order", "rules", "separator", "encoding", "numbers", "dates", "order", "line",
         "stop_at", "sheet")
FORMULAS = {"one_order": "=row.InvoiceNo", "order": "{ordered_at: =row.Date}", "line": "{sku: =row.SKU}"}
PARTS = {"numbers": ("decimal", "thousands"), "dates": ("format", "zone")}
_TEXTS = ("separator", "encoding", "sheet")
LINE_NEEDED = ("sku", "quantity", "unit_price")


_EXAMPLE = "such as `one_order: =row.InvoiceNo` on its first line"


def misshapen(document: Document) -> Iterator[Problem]:
    """Every key that a column map has not, every one that it lacks, and values that cannot stand where they do."""
    data = document.data
    if not isinstance(data, dict):
        yield Problem("M003", "a column map is a file of keys: one_order, order, line", document.place(()), _EXAMPLE)
        return
    for key in data:
        if key not in KEYS:
            mend = did_you_mean(key, KEYS) or f"a column map has: {', '.join(KEYS)}"
            yield Problem("M003", f"a column map has no `{key}`", document.key_place((key,)), mend)
    for key, example in FORMULAS.items():
        if not isinstance(data.get(key), str if key == "one_order" else dict):
            yield Problem("M003", f"a column map needs `{key}`", document.place((key,)), f"such as `{key}: {example}`")
    line = data.get("line")
    for key in LINE_NEEDED:
        if isinstance(line, dict) and key not in line:
            yield Problem("M003", f"`line` needs `{key}`", document.key_place(("line",)), f"such as `{key}: =row.X`")
    yield from _ways_of_writing(document)


def _ways_of_writing(document: Document) -> Iterator[Problem]:
    """Whether what is said of numbers, dates and the file itself can be: known keys, texts, one sign where one goes."""
    for key, known in PARTS.items():
        said = document.data.get(key) or {}
        if not isinstance(said, dict):
            yield Problem("M003", f"`{key}` is a mapping", document.place((key,)), f"it has: {', '.join(known)}")
            continue
        for name, value in said.items():
            if name not in known:
                mend = did_you_mean(name, known) or f"it has: {', '.join(known)}"
                yield Problem("M003", f"`{key}` has no `{name}`", document.key_place((key, name)), mend)
            elif not isinstance(value, str):
                yield Problem("M003", f"`{name}` is a text", document.place((key, name)), "put it in quotes")
    for key in _TEXTS:
        if document.data.get(key) is not None and not isinstance(document.data[key], str):
            yield Problem("M003", f"`{key}` is a text", document.place((key,)), "put it in quotes")
    yield from _signs(document)


def _signs(document: Document) -> Iterator[Problem]:
    separator, numbers = document.data.get("separator"), document.data.get("numbers")
    if isinstance(separator, str) and len(separator) != 1:
        yield Problem("M003", "`separator` is one sign", document.place(("separator",)), 'such as ";" or "\\t"')
    encoding = document.data.get("encoding")
    if isinstance(encoding, str) and not _is_encoding(encoding):
        place = document.place(("encoding",))
        yield Problem("M003", f"no encoding is named `{encoding}`", place, "such as utf-8, cp1252 or utf-16")
    if not isinstance(numbers, dict):
        return
    decimal, thousands = numbers.get("decimal", "."), numbers.get("thousands", "")
    if isinstance(decimal, str) and len(decimal) != 1:
        yield Problem("M003", "`decimal` is one sign", document.place(("numbers", "decimal")), 'such as "." or ","')
    if decimal and decimal == thousands:
        message = f"`{decimal}` cannot stand before decimals and between thousands too"
        mend = 'such as {decimal: ",", thousands: "."}'
        yield Problem("M003", message, document.place(("numbers", "thousands")), mend)


def _is_encoding(name: str) -> bool:
    try:
        b"a".decode(name)
    except UnicodeError:
        return True  # there is one, and a single byte is too little for it
    except (LookupError, ValueError):
        return False
    return True
