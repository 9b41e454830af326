"""What each kind of question can be answered with, and what each answer gives; settings that contradict are refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from orderloom import Place, Problem, ProblemsError, did_you_mean

KIND_WORDS = {
    "approve": "Approve this?",
    "edit": "Correct this document, or discard it.",
    "choose": "Choose one of the answers.",
    "task": "Do this by hand, then say that it is done.",
}
ANSWERS = {"approve": ("approved", "declined"), "edit": ("edited", "discarded"), "task": ("done",)}

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_OPTIONAL_TEXT = {"type": ["string", "null"]}
_HERE = Place("-")      # the checker of flows puts the step's own place in


def answers_of(kind: str, words: Sequence[str] | None) -> tuple[str, ...]:
    """The outcomes a question of this kind can have, in declared order."""
    return tuple(words or ()) if kind == "choose" else ANSWERS[kind]


def outcomes(settings: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Outcome → JSON Schema of what it gives. Raises `ProblemsError` where the settings contradict each other."""
    kind, words = settings["kind"], settings.get("words")
    found = list(_contradictions(kind, words, settings))
    if found:
        raise ProblemsError(found)
    return {word: _schema(word, _gives(kind, word)) for word in answers_of(kind, words)}


def _gives(kind: str, word: str) -> dict[str, Any]:
    if kind == "choose":
        return {"word": {"const": word, "type": "string"}}
    if word == "edited":
        return {"document": {"x-same-as": "document"}}
    return {"result": {}} if kind == "task" else {}


def _schema(word: str, gives: Mapping[str, Any]) -> dict[str, Any]:
    fields = {"outcome": {"const": word, "type": "string"}, **gives, "by": _OPTIONAL_TEXT, "note": _OPTIONAL_TEXT}
    closed = {"required": list(fields), "additionalProperties": False}
    return {"type": "object", "title": word, "properties": fields, **closed}


def _contradictions(kind: str, words: Sequence[str] | None, settings: Mapping[str, Any]) -> Iterator[Problem]:
    if kind == "choose":
        yield from _bad_words(words)
    elif words is not None:
        yield Problem("N301", f"`words` belongs to a question of kind choose, and this one is of kind {kind}", _HERE,
                      f"remove `words` (a question of kind {kind} is answered with: {', '.join(ANSWERS[kind])})")
    if settings.get("accept") is not None and kind != "edit":
        yield Problem("N302", f"`accept` checks an edited document, and a question of kind {kind} has none", _HERE,
                      "remove `accept`, or make it `kind: edit` with a `document`")
    if kind == "edit" and "document" in settings and settings["document"] is None:
        yield Problem("N303", "a question of kind edit needs the `document` that is to be edited", _HERE,
                      "add it to `with:`, such as `document: =capture.order`")


def _bad_words(words: Sequence[str] | None) -> Iterator[Problem]:
    if not words:
        yield Problem("N304", "a question of kind choose needs the `words` to choose from", _HERE,
                      "list them, such as `words: [accept, reject]`")
    for index, word in enumerate(words or ()):
        if not _WORD.fullmatch(word):
            yield Problem("N305", f"`words` lists `{word}`, but an outcome is letters, digits and _", _HERE,
                          f"such as `{_as_word(word)}`" if _as_word(word) else None)
        if word in (words or ())[:index]:
            yield Problem("N306", f"`words` lists `{word}` twice", _HERE, "remove one of them")


def _as_word(word: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", word).strip("_").lstrip("0123456789_")


def no_such(word: str, known: Sequence[str]) -> str:
    """The sentence for an answer that is none of those asked for."""
    near = did_you_mean(word, known)
    return f"`{word}` is no answer to this question: it can be {_either(known)}" + (f"; {near}" if near else "")


def _either(known: Sequence[str]) -> str:
    return known[0] if len(known) == 1 else f"{', '.join(known[:-1])} or {known[-1]}"
