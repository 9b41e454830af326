"""Takes what a person said: a word, or an object with more; gives the outcome, or refuses in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orderloom import AnswerRefused, Derived, did_you_mean
from orderloom.model import EditRefusedError, patched, replaced
from orderloom_nodes.ask.identity import identity_changes
from orderloom_nodes.ask.kinds import answers_of, no_such

_KEYS = {
    "approve": ("outcome",),
    "edit": ("outcome", "document", "patch"),
    "choose": ("outcome", "word"),
    "task": ("outcome", "result"),
}
_SAID_BY = ("by", "note")


def answer(data: Any, *, kind: str, words: Sequence[str] | None = None, document: Any = None, **_shown: Any) -> Derived:
    """The outcome that an answer means.

    Taken are the plain word (`approved`), or an object: `outcome` (or `word`), `by` and `note`; with `document` or with
    `patch` (dotted path → new value) for an edit; with `result` for a task. Raises `AnswerRefused`.
    """
    said = _as_object(data, kind)
    _only_known(said, (*_KEYS[kind], *_SAID_BY))
    outcome = _outcome(said, kind, answers_of(kind, words))
    gives = _edit(said, outcome, document) if kind == "edit" else _plain(said, outcome, kind)
    return Derived(outcome, {**gives, "by": said.get("by"), "note": said.get("note")})


def _as_object(data: Any, kind: str) -> Mapping[str, Any]:
    if isinstance(data, str):
        return {"outcome": data.strip()}
    if data is None and kind == "task":
        return {}
    if isinstance(data, Mapping):
        return data
    raise AnswerRefused(["an answer is a word, or an object with `outcome`"])


def _only_known(said: Mapping[str, Any], known: Sequence[str]) -> None:
    strangers = [key for key in said if key not in known]
    hints = {key: did_you_mean(key, known) or f"it has {', '.join(known)}" for key in strangers}
    refused = [f"an answer to this question has no `{key}`: {hint}" for key, hint in hints.items()]
    refused += [f"`{key}` must be text" for key in _SAID_BY if not isinstance(said.get(key), str | None)]
    if refused:
        raise AnswerRefused(refused)


def _outcome(said: Mapping[str, Any], kind: str, known: Sequence[str]) -> str:
    word = said.get("outcome", said.get("word"))
    if "outcome" in said and "word" in said and said["outcome"] != said["word"]:
        raise AnswerRefused([f"the answer says both `{said['outcome']}` and `{said['word']}`: say one"])
    if word is None and (kind == "task" or "document" in said or "patch" in said):
        return known[0]
    if word is None:
        raise AnswerRefused([f"the answer has no `outcome`: say {', '.join(known[:-1])} or {known[-1]}"])
    if word not in known:
        raise AnswerRefused([no_such(str(word), known)])
    return str(word)


def _plain(said: Mapping[str, Any], outcome: str, kind: str) -> dict[str, Any]:
    if kind == "choose":
        return {"word": outcome}
    return {"result": said.get("result")} if kind == "task" else {}


def _edit(said: Mapping[str, Any], outcome: str, document: Any) -> dict[str, Any]:
    ways = [key for key in ("document", "patch") if key in said]
    if outcome == "discarded":
        if ways:
            raise AnswerRefused([f"a discarded document is not changed: leave `{ways[0]}` out, or say edited"])
        return {}
    if len(ways) != 1:
        raise AnswerRefused([
            "give either the whole `document` or a `patch`, not both" if ways else
            'an edited document needs the `document`, or a `patch` such as {"lines[0].sku": "NEW"}'
        ])
    change = patched if "patch" in said else replaced
    try:
        edited = change(document, said[ways[0]])
    except EditRefusedError as refusal:
        raise AnswerRefused(refusal.problems) from None
    refused = list(identity_changes(document, edited))
    if refused:
        raise AnswerRefused(refused)
    return {"document": edited}
