"""Template text in, a tree of its parts out. Logic-less: names, `if` and `each`; no expressions and no calls.

    {order.order_number}                    a value; what is not there is empty
    {#if order.promise}…{else}…{/if}        there and not empty
    {#each shipments as parcel}…{/each}     for every item of a list; without `as` it is called `item`
    {{ and }}                               braces
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from orderloom import Place, Problem, ProblemsError
from orderloom_nodes.notify.html_positions import Position, position_of

DEEPEST = 8
_TAG = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|\{")
_PATH = r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*"
_HOLE = re.compile(rf"\s*({_PATH})\s*")
_IF = re.compile(rf"#if\s+({_PATH})\s*")
_EACH = re.compile(rf"#each\s+({_PATH})(?:\s+as\s+([A-Za-z][A-Za-z0-9_]*))?\s*")
_MEND = "write {name.path}, {#if name}, {#each names}, or {{ for a brace"

Path = tuple[str, ...]


@dataclass(frozen=True)
class Literal:
    """Text that stands as it is."""

    text: str


@dataclass(frozen=True)
class Hole:
    """A value; `link` where an address to follow stands in HTML."""

    path: Path
    link: bool = False


@dataclass(frozen=True)
class If:
    """One of two bodies."""

    path: Path
    body: tuple[Part, ...]
    otherwise: tuple[Part, ...]


@dataclass(frozen=True)
class Each:
    """A body for every item, which is called `name` in it."""

    path: Path
    name: str
    body: tuple[Part, ...]


Part = Literal | Hole | If | Each


def parse(text: str, file: str, *, html: bool = False, first_line: int = 1) -> tuple[Part, ...]:
    """The parts. Raises `ProblemsError` with everything that is wrong in the text."""
    reader = _Reader(text, file, html, first_line)
    parts = reader.body(None)
    if reader.problems:
        raise ProblemsError(reader.problems)
    return parts


@dataclass(frozen=True)
class _Token:
    kind: str                               # text, hole, if, each, else, /if, /each, odd, end
    start: int
    end: int
    text: str = ""
    path: Path = ()


class _Reader:
    def __init__(self, text: str, file: str, html: bool, first_line: int) -> None:
        self.text, self.file, self.html, self.first_line = text, file, html, first_line
        self.problems: list[Problem] = []
        self.tokens = _tokens(text)
        self.seen: list[str] = []           # the literal text so far: it tells where in HTML a hole stands
        self.depth = 0
        self.stopped_at = _Token("end", len(text), len(text))

    def body(self, opener: _Token | None) -> tuple[Part, ...]:
        """The parts up to the token that ends this body, which is left in `stopped_at`."""
        parts: list[Part] = []
        for token in self.tokens:
            if token.kind in {"else", "/if", "/each"} and self._ends(opener, token):
                self.stopped_at = token
                return tuple(parts)
            part = self._part(token)
            if part is not None:
                parts.append(part)
        if opener is not None:
            mend = f"write `{{/{opener.kind}}}` where it ends"
            self._find("V152", f"this is never closed with `{{/{opener.kind}}}`", opener, mend)
        self.stopped_at = _Token("end", len(self.text), len(self.text))
        return tuple(parts)

    def _part(self, token: _Token) -> Part | None:
        if token.kind == "text":
            self.seen.append(token.text)
            return Literal(token.text)
        if token.kind == "hole":
            return self._hole(token)
        if token.kind in {"if", "each"}:
            return self._block(token)
        if token.kind == "odd":
            self._find("V151", f"`{self.text[token.start:token.end]}` means nothing in a template", token, _MEND)
        return None

    def _hole(self, token: _Token) -> Hole:
        position = position_of("".join(self.seen)) if self.html else Position("text")
        if position.unsafe:
            self._find(
                "V156",
                f"a value must not stand {position.unsafe}",
                token,
                "let it stand between tags, or in a quoted attribute",
            )
        self.seen.append("x")
        return Hole(token.path, position.link)

    def _block(self, token: _Token) -> Part | None:
        self.depth += 1
        if self.depth > DEEPEST:
            self._find("V152", f"more than {DEEPEST} blocks inside each other", token, "take the inner ones out")
        body = self.body(token)
        otherwise: tuple[Part, ...] = ()
        if token.kind == "if" and self.stopped_at.kind == "else":
            otherwise = self.body(_Token("if", token.start, token.end, "else"))
        self.depth -= 1
        return If(token.path, body, otherwise) if token.kind == "if" else Each(token.path, token.text or "item", body)

    def _ends(self, opener: _Token | None, token: _Token) -> bool:
        fitting = {"/if", "else"} if opener and opener.kind == "if" else {"/each"}
        if opener and opener.text == "else":
            fitting = {"/if"}
        if opener is not None and token.kind in fitting:
            return True
        message = f"`{self.text[token.start:token.end]}` closes nothing here"
        self._find("V153", message, token, "take it out, or open its block before it")
        return False

    def _find(self, code: str, message: str, token: _Token, mend: str | None = None) -> None:
        before = self.text[: token.start]
        line = before.count("\n")
        column = token.start - (before.rfind("\n") + 1) + 1
        place = Place(self.file, self.first_line + line, column, column + max(token.end - token.start, 1))
        self.problems.append(Problem(code, message, place, mend))


def _tokens(text: str) -> Iterator[_Token]:
    end = 0
    for found in _TAG.finditer(text):
        if found.start() > end:
            yield _Token("text", end, found.start(), text[end : found.start()])
        end = found.end()
        yield _token(found)
    if end < len(text):
        yield _Token("text", end, len(text), text[end:])


def _token(found: re.Match[str]) -> _Token:
    start, end, said = found.start(), found.end(), found[1]
    if found[0] in {"{{", "}}"}:
        return _Token("text", start, end, found[0][0])
    if said is None:
        return _Token("odd", start, end)
    if hole := _HOLE.fullmatch(said):
        return _Token("else", start, end) if hole[1] == "else" else _Token("hole", start, end, path=_path(hole[1]))
    if condition := _IF.fullmatch(said):
        return _Token("if", start, end, path=_path(condition[1]))
    if each := _EACH.fullmatch(said):
        return _Token("each", start, end, each[2] or "", _path(each[1]))
    return _Token(said, start, end) if said in {"/if", "/each"} else _Token("odd", start, end)


def _path(text: str) -> Path:
    return tuple(text.split("."))
