"""One document's reading in; what it gives, or the document kept with its problem where a bug of ours met it, out."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import PurePath
from typing import TypeVar

from orderloom import Place, Problem, Unreadable

T = TypeVar("T")


def guarded(read: Callable[[], T], place: Callable[[], Place], text: Callable[[], str]) -> T | Unreadable:
    """A document that breaks its reader is kept like any other that cannot be read: the rest of the file still comes.

    `place` and `text` are the document's own, asked for only then.
    """
    try:
        return read()
    except Exception as error:                      # whatever it is, it must cost no other document
        return Unreadable((_bug(error, place()),), text())


def _bug(error: Exception, place: Place) -> Problem:
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{PurePath(last.filename).name}:{last.lineno}"
    message = f"this is a bug of orderloom ({type(error).__name__} at {where}); the document was kept"
    return Problem("V099", message, place, "send us this line and, if you may, the document; then capture it again")
