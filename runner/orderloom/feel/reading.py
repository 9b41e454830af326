"""What the parser stands on: tokens, names that are known at a place, and the guard against deep nesting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from orderloom.feel.errors import MAX_DEPTH, MAX_FORMULA, FeelSyntaxError
from orderloom.feel.functions.table import FUNCTION_NAMES
from orderloom.feel.literals import text_value
from orderloom.feel.scanner import LOOSE_NAME, NameBook, Scanner, Token, name_book, plain_name
from orderloom.feel.slips import ended, missing
from orderloom.feel.tree import TypeName
from orderloom.feel.values import MISSING
from orderloom.problems import did_you_mean

KEYWORDS = frozenset(
    {
        "and", "or", "in", "between", "instance", "if", "then", "else", "for", "return", "some", "every", "satisfies",
        "function", "true", "false", "null", "external",
    }
)
COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_MEMBERS = NameBook(["start included", "end included", "time offset"])
_TYPES = NameBook(["date and time", "days and time duration", "years and months duration", "day time duration"])
_BACKTRACKS = 200
_SEARCHES = 20      # backtracks after which messages do without a search through the text
_FUNCTIONS = NameBook(FUNCTION_NAMES)


class Reader:
    """Tokens of one formula; `fail` is the only way out."""

    def __init__(self, text: str, names: Iterable[str] = (), types: Iterable[str] = ()) -> None:
        if len(text) > MAX_FORMULA:
            message = f"a formula has at most {MAX_FORMULA:,} characters, this one has {len(text):,}"
            raise FeelSyntaxError("E006", message, MAX_FORMULA, len(text))
        self.text = text
        self.scanner = Scanner(text)
        self.peek, self.next = self.scanner.peek, self.scanner.next
        self._names = tuple(names)
        self._known = name_book(self._names)
        self._types = name_book(tuple(types))
        self._bound: list[str] = []
        self._bound_book: NameBook | None = None
        self._keys = NameBook(())           # keys of contexts in this very text
        self.depth = 0
        self._backtracks = 0

    # Tokens

    def at(self, *texts: str) -> bool:
        token = self.peek()
        return token.text in texts and token.kind in {"op", "word"}

    def take(self, text: str) -> Token | None:
        return self.next() if self.at(text) else None

    def expect(self, text: str, after: str) -> Token:
        if not self.at(text):
            raise missing(self.text, text, after, self.peek(), search=self._backtracks < _SEARCHES)
        return self.next()

    def unexpected(self, token: Token, wanted: str) -> NoReturn:
        """A token that fits nowhere, with the slip that mostly leads to it."""
        if token.kind == "end":
            raise ended(self.text, wanted, token, search=self._backtracks < _SEARCHES)
        before = self.text[: token.start].rstrip()
        if token.text == "=" and before.endswith("="):
            self.fail("E012", "`==` is no operator here", token, "write a single `=`")
        self.fail("E012", f"`{token.text}` does not fit here; {wanted} is needed", token)

    def trailing(self, token: Token) -> NoReturn:
        """Something is left after a whole formula."""
        if token.text == "=" and self.text[: token.start].rstrip().endswith("="):
            self.unexpected(token, "a value")
        help_ = self._near_name(token)
        # `order wieght` may be a name cut in two; `> 3O` is none
        behind_a_word = re.search(r"[^\W\d]\w*\s*$", self.text[: token.start]) is not None
        if help_ is None and token.kind in {"word", "number"} and behind_a_word:
            help_ = "a name of several words must be one that is known here; a text stands in double quotes"
        elif token.text == "..":
            help_ = "a range stands in brackets: `[1..10]`"
        elif token.text in {")", "]", "}"}:
            help_ = f"there is one `{token.text}` too many"
        self.fail("E013", f"the formula is complete before `{token.text}`", token, help_)

    def _near_name(self, token: Token) -> str | None:
        """`string lenght(` is near to a function, `order wieght` to a name of this scope."""
        if token.kind != "word":
            return None
        words = [*self.text[: token.start].split()[-3:], token.text]
        for first in range(len(words) - 1):
            near = did_you_mean(" ".join(words[first:]), [*self._names, *FUNCTION_NAMES])
            if near:
                return near
        return None

    def fail(self, code: str, message: str, token: Token, help_: str | None = None) -> NoReturn:
        raise FeelSyntaxError(code, message, token.start, token.end, help_)

    def descend(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail("E007", f"the formula is nested more than {MAX_DEPTH} deep", self.peek())

    def ascend(self) -> None:
        self.depth -= 1

    def count_backtrack(self) -> None:
        """Reading twice must not become reading 2ⁿ times."""
        self._backtracks += 1
        if self._backtracks > _BACKTRACKS:
            self.fail("E007", "the brackets of this formula can be read in too many ways", self.peek())

    # Names

    @contextmanager
    def bound(self, names: Iterable[str] = ()) -> Iterator[None]:
        """Names that hold inside, where more may be bound by `bind`."""
        kept, book = len(self._bound), self._bound_book
        for name in names:
            self.bind(name)
        try:
            yield
        finally:
            del self._bound[kept:]
            self._bound_book = book

    def bind(self, name: str) -> None:
        self._bound.append(name)
        if not name.isidentifier():
            self._bound_book = NameBook(bound for bound in self._bound if not bound.isidentifier())

    def known_name(self, token: Token) -> tuple[str, int] | None:
        """The longest known name of several pieces that begins here, and where it ends."""
        found = self._longest(token, self._known, _FUNCTIONS, self._keys, self._bound_book)
        return found if found and self._may_be_name(found, token) else None

    def _longest(self, token: Token, *books: NameBook | None) -> tuple[str, int] | None:
        best: tuple[str, int] | None = None
        for book in books:
            if book is not None and token.text in book.first_words:
                found = book.match(self.text, token)
                if found and (best is None or found[1] > best[1]):
                    best = found
        return best

    def _may_be_name(self, match: tuple[str, int], token: Token) -> bool:
        """`date and time` is the function only before `(`; elsewhere it may be two facts."""
        name, end = match
        if name != "date and time" or self._known.match(self.text, token):
            return True
        return self.text[end:].lstrip().startswith("(")

    def member_name(self) -> Token:
        token = self.peek()
        if token.kind != "word":
            self.unexpected(token, "the name of a member after `.`")
        match = self._longest(token, _MEMBERS, self._known, self._keys, self._bound_book)
        if match is None:
            return self.next()
        self.scanner.position = match[1]
        return Token("word", match[0], token.start, match[1])

    def name_before_colon(self) -> str | None:
        """`start position` of `start position: 1`; nothing is read where no colon follows."""
        start = self.peek().start
        found = LOOSE_NAME.match(self.text, start)
        if not found:
            return None
        kept, self.scanner.position = self.scanner.position, found.end()
        if not self.take(":"):
            self.scanner.position = kept
            return None
        return plain_name(found.group())

    def key(self) -> str:
        """The key of an entry of a context, with its colon."""
        token = self.peek()
        if token.kind == "text":
            self.next()
            self.expect(":", "the entry")
            return text_value(token)
        name = self.name_before_colon()
        if name is None:
            self.unexpected(token, "an entry like `name: value`")
        return name

    def remember_key(self, name: str) -> None:
        """A key with spaces is known behind a dot and in filters from here on."""
        if not name.isidentifier():
            self._keys.add(name)

    def name_before(self, word: str, wanted: str) -> str:
        """A name that is being introduced, up to a keyword: `order line` of `order line in order.lines`."""
        first = self.peek()
        if first.kind != "word" or first.text == word:
            self.unexpected(first, wanted)
        last = self.next()
        while not self.at(word, ",", ")", ":"):
            if self.peek().kind == "end":
                self.unexpected(self.peek(), f"`{word}`")
            last = self.next()
        return plain_name(self.text[first.start : last.end])

    # Types

    def type_name(self) -> TypeName:
        self.descend()
        token = self.peek()
        if token.kind != "word":
            self.unexpected(token, "the name of a type")
        match = self._longest(token, _TYPES, self._types, self._known)
        name, self.scanner.position = match or (token.text, token.end)
        while self.take("."):
            name = f"{name}.{self.member_name().text}"
        parameters, result = self._type_parameters(name), None
        if name == "function" and self.take("->"):
            result = self.type_name()
        self.ascend()
        return TypeName(token.start, self.scanner.position, name, parameters, result)

    def _type_parameters(self, name: str) -> tuple[tuple[str, TypeName], ...]:
        found: list[tuple[str, TypeName]] = []
        if name not in {"list", "range", "context", "function"} or not self.take("<"):
            return ()
        while not self.take(">"):
            if found:
                self.expect(",", "the type")
            key = self.key() if name == "context" else ""
            found.append((key, self.type_name()))
        return tuple(found)


def constant(word: str) -> object:
    """The value of `true`, `false` or `null`."""
    return {"true": True, "false": False, "null": None}.get(word, MISSING)
