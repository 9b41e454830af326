"""A random number generator in, formulas out: every form and function of the language, and broken ones."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from orderloom.feel.functions.table import SIGNATURES, Formal

SCOPE: dict[str, Any] = {
    "order": {"lines": [{"sku": "a", "price": Decimal("1.5")}, {"sku": "b"}], "total": 3.25, "when": date(2026, 3, 2)},
    "x": 3,
    "y": [1, "a", None, timedelta(days=1)],
    "order weight": Decimal("2.50"),
    "at": datetime(2026, 3, 2, 10, tzinfo=UTC),
    "clock": time(10, 30),
    "item": {"item": 1},
}
NUMBERS = (
    "0", "1", "-1", "2", "3", "0.5", "-2.5", "1e34", "9999999999999999999999999999999999", "1e6144", "1e-6143", "x",
    "10 ** 30", "1/3", "order weight", "-0", "order.total",
)
TEXTS = (
    '""', '"a"', '"abc"', '"2026-03-02"', '"P1D"', '"\\u00e9\\U01F40E"', '"[a-z]+"', '"(a+)+"', '"a*a*a*"', '"i"',
    '"[1..3]"', '"$1"', '"1,000.5"', '"."', '"Europe/Paris"', '"12:00:00"', '"\\\\p{L}"', "order.lines[1].sku",
)
TIMES = (
    '@"2026-03-02"', '@"-999999999-01-01"', '@"999999999-12-31"', '@"10000-01-01"', "order.when",
    '@"12:00:00"', '@"12:00:00.123456789Z"', '@"23:59:59@Europe/Paris"', "clock",
    '@"2026-03-02T10:00:00"', '@"2026-03-29T02:30:00@Europe/Paris"', '@"9999-12-31T23:59:59.999999999+18:00"',
    '@"-0001-01-01T00:00:00@America/New_York"', "at", '@"PT1S"', '@"-P1DT2H3M4.5S"', '@"P999999999999D"',
    '@"PT0.000000001S"', '@"P1Y2M"', '@"-P999999999999Y"', "now()", "today()",
)
OTHERS = (
    "true", "false", "null", "[]", "[1, 2, 3]", '["a", null]', "[[1], [2, [3]]]", "{}", "{a: 1, b: {c: [1]}}", "y",
    "order.lines", "[1..3]", "(1..3)", "[3..1]", "(< 5)", "(!= 1)", '["a".."c"]', "[null..1]", "count", "item",
    "(function(a) a)", "(function(a, b) a < b)", "(function(a: number) a)", '[@"2026-03-02"..@"2026-03-05"]',
)
OPERATORS = ("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or")
TYPES = (
    "number", "string", "boolean", "Any", "Null", "date", "date and time", "days and time duration", "list<number>",
    "context<a: number>", "range<number>", "function<Any> -> Any", "function", "unheard", "list<list<date>>",
)
_OF_KIND = {"number": NUMBERS, "string": TEXTS, "list": OTHERS, "context": OTHERS, "function": OTHERS, "range": OTHERS}
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\w+|\*\*|\.\.|[<>!]=|\s+|.', re.DOTALL)
_GLUE = (*"()[]{},:.@\"?'\\", "..", "é", "in", "if", "for", "function")


class Writer:
    """Writes formulas that can be read, and by `broken` some that mostly cannot."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.forms = (
            self._operation, self._operation, self._call, self._call, self._call, self._list, self._filter, self._for,
            self._some, self._if, self._member, self._context, self._function, self._test, self._between, self._type,
            self._range, self._named_call, self._negated,
        )

    def formula(self, depth: int = 3) -> str:
        if depth <= 0 or self.random.random() < 0.15:
            return self.random.choice(self.random.choice((NUMBERS, TEXTS, TIMES, OTHERS)))
        return self.random.choice(self.forms)(depth - 1)

    def broken(self) -> str:
        """A formula with a few of its tokens dropped, doubled, swapped or replaced."""
        tokens = _TOKEN.findall(self.formula())
        for _ in range(self.random.randint(1, 2)):
            at, other = self.random.randrange(len(tokens)), self.random.randrange(len(tokens))
            change = self.random.randrange(5)
            if change == 0 and len(tokens) > 1:
                del tokens[at]
            elif change == 1:
                tokens.insert(at, tokens[other])
            elif change == 2:
                tokens[at], tokens[other] = tokens[other], tokens[at]
            elif change == 3:
                tokens[at] = self.random.choice(_GLUE + OPERATORS)
            else:
                tokens.insert(at, chr(self.random.choice((0, 9, 39, 96, 0xA0, 0x2028, 0xD800, 0x1F40E))))
        return "".join(tokens)

    def _operation(self, depth: int) -> str:
        return f"({self.formula(depth)} {self.random.choice(OPERATORS)} {self.formula(depth)})"

    def _negated(self, depth: int) -> str:
        return f"-({self.formula(depth)})"

    def _argument(self, formal: Formal, depth: int) -> str:
        """Mostly of a kind that the function takes."""
        kinds = sorted(formal.kinds)
        if (depth > 0 and self.random.random() < 0.4) or not kinds:
            return self.formula(depth)
        pool = _OF_KIND.get(self.random.choice(kinds), TIMES)
        return self.random.choice(pool if self.random.random() < 0.8 else OTHERS)

    def _call(self, depth: int) -> str:
        signature = self.random.choice(SIGNATURES[self.random.choice(tuple(SIGNATURES))])
        extra = self.random.choice((0, 0, 0, 0, 1, -1))
        count = max(0, min(len(signature.formals) + extra, 9))
        formals = [signature.formal(position) for position in range(count)] if signature.formals else []
        return f"{signature.name}({', '.join(self._argument(formal, depth) for formal in formals)})"

    def _named_call(self, depth: int) -> str:
        signature = self.random.choice(SIGNATURES[self.random.choice(tuple(SIGNATURES))])
        given = [f"{formal.name}: {self._argument(formal, depth)}" for formal in signature.formals]
        self.random.shuffle(given)
        return f"{signature.name}({', '.join(given[: self.random.choice((1, 2, 9))])})"

    def _list(self, depth: int) -> str:
        return f"[{', '.join(self.formula(depth) for _ in range(self.random.randint(0, 3)))}]"

    def _filter(self, depth: int) -> str:
        condition = self.random.choice(("item > 1", "sku = 1", "item", "1", "-1", "item.a = null", self.formula(depth)))
        return f"({self.formula(depth)})[{condition}]"

    def _for(self, depth: int) -> str:
        until = f"..({self.formula(depth)})" if self.random.random() < 0.3 else ""
        body = self.random.choice(("i", "[i, partial]", f"i = {self.formula(depth)}", self.formula(depth)))
        return f"for i in ({self.formula(depth)}){until}, j in [i, 2] return {body}"

    def _some(self, depth: int) -> str:
        return f"{self.random.choice(('some', 'every'))} i in {self.formula(depth)} satisfies i > {self.formula(depth)}"

    def _if(self, depth: int) -> str:
        return f"if {self.formula(depth)} then {self.formula(depth)} else {self.formula(depth)}"

    def _member(self, depth: int) -> str:
        names = ("a", "sku", "year", "second", "days", "time offset", "start", "end included", "timezone", "weekday")
        return f"({self.formula(depth)}).{self.random.choice(names)}"

    def _context(self, depth: int) -> str:
        return f'{{a: {self.formula(depth)}, "b c": a, d: [b c, {self.formula(depth)}]}}'

    def _function(self, depth: int) -> str:
        kind = f": {self.random.choice(TYPES)}" if self.random.random() < 0.3 else ""
        return f"(function(a{kind}, b) [a, {self.formula(depth)}])({self.formula(depth)}, {self.formula(depth)})"

    def _test(self, depth: int) -> str:
        tests = ("< ", "> ", "", "[1..", "not(null) or ")
        test = self.random.choice(tests)
        return f"({self.formula(depth)} in ({test}({self.formula(depth)}){']' if '..' in test else ''}, null))"

    def _between(self, depth: int) -> str:
        return f"({self.formula(depth)} between ({self.formula(depth)}) and ({self.formula(depth)}))"

    def _type(self, depth: int) -> str:
        return f"(({self.formula(depth)}) instance of {self.random.choice(TYPES)})"

    def _range(self, depth: int) -> str:
        opening, closing = self.random.choice("[(]"), self.random.choice("])[")
        return f"{opening}({self.formula(depth)})..({self.formula(depth)}){closing}"
