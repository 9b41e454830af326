"""A formula that misses something in: what is missing, and which bracket is still open, as an error out."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.feel.errors import FeelSyntaxError
from orderloom.feel.scanner import Scanner, Token

_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_INSIDE = frozenset({",", *_BRACKETS.values()})     # what is asked for where a bracket is open
_IF = "it is written `if … then … else …`"
_FORMS = {
    "then": _IF,
    "else": _IF,
    "return": "it is written `for … in … return …`",
    "satisfies": "it is written `some … in … satisfies …`",
    "of": "it is written `… instance of …`",
    "and": "it is written `… between … and …`",
}


def missing(text: str, wanted: str, after: str, token: Token, *, search: bool) -> FeelSyntaxError:
    """The token stands where `wanted` is needed. With `search`, the text is searched for an open bracket."""
    opening = open_bracket(text, token.start) if search and wanted in _INSIDE else None
    if token.kind == "end" and opening:
        return _not_closed(opening)
    what = "the formula ends" if token.kind == "end" else f"`{token.text}` stands"
    help_ = _FORMS.get(wanted) or (_still_open(text, opening) if opening else None)
    message = f"{what} where `{wanted}` is needed to go on with {after}"
    return FeelSyntaxError("E010", message, token.start, token.end, help_)


def ended(text: str, wanted: str, end: Token, *, search: bool) -> FeelSyntaxError:
    """The formula is over where something is needed."""
    if not text.strip():
        return _ends("the formula is empty", end, "a formula is a value such as `order.total`")
    last = list(_tokens(text, end.start))[-1:] if search else []
    opening = open_bracket(text, end.start) if search else None
    if opening and last and (last[0] == opening or (last[0].kind != "op" and wanted.startswith("`"))):
        return _not_closed(opening)
    help_ = f"write what comes after `{last[0].text}`, or leave `{last[0].text}` away" if last else None
    return _ends(f"the formula ends where {wanted} is needed", end, help_)


def open_bracket(text: str, end: int) -> Token | None:
    """The innermost bracket that is open at `end`; the outward brackets of ranges close as well as they open."""
    found: list[Token] = []
    for token in _tokens(text, end):
        if token.kind == "op" and token.text in _BRACKETS:
            found.append(token)
        elif token.kind == "op" and token.text in _BRACKETS.values() and found:
            found.pop()
    return found[-1] if found else None


def _tokens(text: str, end: int) -> Iterator[Token]:
    """The tokens of a text as far as `end`; signs that only names have are passed over."""
    scanner = Scanner(text[:end])
    while scanner.position < end:
        try:
            token = scanner.next()
        except FeelSyntaxError:
            scanner.position += 1
            continue
        if token.kind != "end":
            yield token


def _ends(message: str, end: Token, help_: str | None) -> FeelSyntaxError:
    return FeelSyntaxError("E011", message, end.start, end.end, help_)


def _not_closed(opening: Token) -> FeelSyntaxError:
    closing = _BRACKETS[opening.text]
    message = f"the `{opening.text}` that opens here is not closed: the formula ends before its `{closing}`"
    return FeelSyntaxError("E010", message, opening.start, opening.end, f"add `{closing}`")


def _still_open(text: str, opening: Token) -> str:
    before = " ".join(text[: opening.start].split())
    where = f"behind `{before[-20:]}`" if before else "at the beginning"
    return f"the `{opening.text}` {where} is still open"
