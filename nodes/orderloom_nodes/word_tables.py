"""A rule table in whose `outcome` column only certain words may stand: found wrong before anything runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from orderloom import DecisionTable, Place, did_you_mean, refuse


class WordTable(DecisionTable):
    """A table that gives one row, with one of `words`. `subject` is what has one of them: `a return line`."""

    words: ClassVar[tuple[str, ...]]
    subject: ClassVar[str]
    one_each: ClassVar[str]  # the end of the sentence that refuses a table of several rows

    @classmethod
    def load_setting(cls, value: Any, place: Place, folders: Sequence[Path]) -> DecisionTable:
        table = DecisionTable.load_setting(value, place, folders)
        if not table.hit.single:
            raise refuse("N310", f"`table`: {table.name} gives several rows for {cls.one_each}",
                         place, "use `hit: first`, or another hit policy that gives one row")
        for word in table.outcome_words:
            if word not in cls.words:
                known = f"{cls.subject} can be {', '.join(cls.words)}"
                told = f"`table`: {table.name} has the outcome `{word}`, which {cls.subject} cannot have"
                raise refuse("N311", told, place, did_you_mean(word, cls.words) or known)
        return table
