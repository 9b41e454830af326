"""What the formula language refuses: a text that cannot be read, and an evaluation that would grow without bound.

    FeelSyntaxError(Exception)    the text is no FEEL; offsets into it, one sentence, at most one help
    FeelError(Exception)          a limit was reached while evaluating; everything else that goes wrong is null
"""

from __future__ import annotations

MAX_FORMULA = 20_000        # characters of one formula
MAX_DEPTH = 64              # brackets and keywords inside one another
MAX_TREE_DEPTH = 160        # levels of the tree, long chains of operators included
MAX_TEXT = 1_000_000        # characters of one text made while evaluating
MAX_LIST = 100_000          # items of one list made while evaluating
MAX_STEPS = 1_000_000       # rounds of loops, filters and function bodies in one evaluation
MAX_CALLS = 100             # functions of a formula calling one another
MAX_NESTING = 200           # lists and contexts inside one another, in a value that a formula makes
MAX_PATTERN = 1_000         # characters of a regular expression


class FeelSyntaxError(Exception):
    """The text cannot be read; `start` and `end` are offsets into it."""

    def __init__(self, code: str, message: str, start: int, end: int, help: str | None = None) -> None:  # noqa: A002
        self.code, self.message, self.start, self.end, self.help = code, message, start, max(end, start), help
        super().__init__(message)


class FeelError(Exception):
    """A limit was reached: `E202` list, `E203` text, `E204` steps, `E205` calls, `E206` and `E207` patterns, `E208`
    nesting."""

    def __init__(self, code: str, message: str) -> None:
        self.code, self.message = code, message
        super().__init__(message)


def too_long_a_list() -> FeelError:
    return FeelError("E202", f"the formula makes a list of more than {MAX_LIST:,} items")


def too_long_a_text() -> FeelError:
    return FeelError("E203", f"the formula makes a text of more than {MAX_TEXT:,} characters")


def too_many_steps() -> FeelError:
    return FeelError("E204", f"the formula takes more than {MAX_STEPS:,} steps")


def too_many_calls() -> FeelError:
    return FeelError("E205", "the functions of the formula call one another too deeply")


def too_deep_a_value() -> FeelError:
    return FeelError("E208", f"the formula makes a value that is nested more than {MAX_NESTING} deep")
