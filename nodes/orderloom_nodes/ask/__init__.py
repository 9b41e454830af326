"""Puts a question to a person at a desk: the run waits, and the answer becomes the outcome."""

from __future__ import annotations

from typing import Any, Literal

from orderloom import Setting, Template, Wait, node
from orderloom_nodes.ask.answer import answer
from orderloom_nodes.ask.kinds import KIND_WORDS, outcomes


@node(
    "ask",
    kind="wait",
    outcomes=outcomes,
    derived_from=(
        "the kind of question: approve (approved, declined), edit (edited, discarded), choose (the listed words), "
        "task (done)"
    ),
    answer=answer,
)
def ask(
    kind: Setting[Literal["approve", "edit", "choose", "task"]],
    desk: Setting[str],
    question: Template = "",
    suggest: Template = "",
    because: Any = None,
    document: Any = None,
    problems: Any = None,
    words: Setting[list[str] | None] = None,
    accept: Setting[str | None] = None,
) -> Wait:
    """Ask a person: approve something, edit a document, choose a word, or do a task.

    `suggest` is what to do if nothing speaks against it, or where to look first; it is shown with `because` and
    `problems` beside the question, and answers nothing. With `accept: NODE` an edited document is asked for again
    until that node's first outcome comes out. An edit does not make it another document: its ids, its channel and the
    `line_id` of a line stay; lines may be added and removed.
    """
    shown = {
        "kind": kind,
        "desk": desk,
        "question": question or KIND_WORDS[kind],
        "suggest": suggest or None,
        "because": because,
        "document": document,
        "problems": problems,
        "words": words,
        "accept": accept,
    }
    return Wait("person", {name: value for name, value in shown.items() if value is not None})
