"""The types of our columns and those of the standard, each in the other's words."""

from __future__ import annotations

from orderloom.dmn import model
from orderloom.dmn.namespaces import TYPE_WORDS

_TO_OURS = {"string": "text", "Any": "any"}
_TO_THEIRS = {"text": "string", "any": "Any", "duration": "days and time duration"}
_SAME = (
    "number", "boolean", "date", "time", "date and time", "days and time duration", "years and months duration", "list",
)  # fmt: skip
_DEEPEST = 32


def kind_word(definitions: model.Definitions, name: str | None) -> tuple[str, model.Text | None]:
    """Our word for a type, and the allowed values that it brings; `any` for whatever is no plain type."""
    items = {item.name: item for item in definitions.items}
    allowed: model.Text | None = None
    prefix = ""
    for _ in range(_DEEPEST):
        word = TYPE_WORDS.get(name or "Any", name or "Any")
        if word in _SAME or word in _TO_OURS:
            mine = _TO_OURS.get(word, word)
            return ("list" if prefix and mine == "any" else prefix + mine), allowed
        item = items.get(word)
        if item is None or item.components or item.function is not None or (item.collection and prefix):
            return "any", None
        allowed = allowed or item.allowed
        prefix = "list of " if item.collection else prefix
        name = item.type
    return "any", None


def type_name(word: str) -> str:
    """The standard's word for a type of ours; for lists that of the item definition that `items_for` gives."""
    if word.startswith("list of "):
        return f"list of {type_name(word.removeprefix('list of '))}"
    return _TO_THEIRS.get(word, word)


def items_for(words: set[str]) -> tuple[model.Item, ...]:
    """The item definitions that columns with lists need."""
    lists = sorted(word for word in words if word.startswith("list of "))
    return tuple(
        model.Item(type_name(word), type_name(word.removeprefix("list of ")), collection=True) for word in lists
    )
