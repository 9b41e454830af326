"""One step of a flow file in; the `Step` out. Findings go to the reader."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from orderloom.flow.formulas import is_formula
from orderloom.flow.model import Step, Undo
from orderloom.flow.shape import describe
from orderloom.flow.words import Words
from orderloom.source import Path

STEP_KEYS = (
    "use",
    "with",
    "when",
    "for_each",
    "max_parallel",
    "next",
    "after",
    "on_error",
    "retry",
    "timeout",
    "undo",
    "end",
)
UNDO_KEYS = ("use", "with")
USE = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9_-]*/)?[A-Za-z0-9][A-Za-z0-9_-]*(?:@[0-9]{1,4})?")
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
STATUSES = frozenset({"running", "waiting", "exception"})  # what a run is called while it lasts (rule 26)


def read_step(words: Words, name: str) -> Step | None:
    """The step of that name, as far as it can be read."""
    path: Path = ("steps", name)
    given = _keys_of(words, path, name)
    if given is None:
        return None

    def at(key: str) -> Path | None:
        return (*path, key) if key in given else None

    use = _use(words, at("use"))
    step = Step(
        name=name,
        use=use or "",
        place=words.document.key_place(path),
        given=_given(words, at("with")),
        when=words.formula(here, "`when`") if (here := at("when")) else None,
        for_each=words.formula(here, "`for_each`") if (here := at("for_each")) else None,
        max_parallel=words.whole_number(here, "`max_parallel`", 1, 1000) if (here := at("max_parallel")) else None,
        next=_routes(words, at("next"), "next", "outcome"),
        after=_after(words, at("after")),
        on_error=_routes(words, at("on_error"), "on_error", "error class"),
        retry=words.retry(here, "`retry`") if (here := at("retry")) else None,
        timeout=words.duration(here, "`timeout`") if (here := at("timeout")) else None,
        undo=_undo(words, at("undo")),
        end=_end(words, at("end")),
    )
    if step.max_parallel and "for_each" not in given:
        words.report(
            "F018",
            "`max_parallel` has no effect without `for_each`",
            words.document.key_place((*path, "max_parallel")),
            "take it out, or say which list the step goes through",
        )
    return step


def _keys_of(words: Words, path: Path, name: str) -> Mapping[str, Any] | None:
    """What stands in the step; None where it is none, such as a key that slipped out of the step above."""
    slipped = "indent it by two more: it belongs to the step above"
    mend = slipped if name in STEP_KEYS else f"a step names its node: `{name}: {{use: notify}}`"
    given = words.mapping(path, f"step `{name}`", mend)
    if given is None:
        return None
    if name in STEP_KEYS and "use" not in given:
        message = f"`{name}` stands where the name of a step is wanted"
        words.report("F020", message, words.document.key_place(path), slipped)
        return None
    words.keys(path, STEP_KEYS, ("use",), f"step `{name}`")
    return given


def _use(words: Words, path: Path | None) -> str | None:
    found = words.text(path, "`use`") if path else None
    if path and found is not None and not USE.fullmatch(found):
        words.report(
            "F005",
            f"`{found}` cannot be the name of a node",
            words.document.place(path),
            "write its name, `pack/name` or `name@1`",
        )
        return None
    return found


def _given(words: Words, path: Path | None) -> Mapping[str, Any]:
    if path is None or words.at(path) is None:
        return {}
    found = words.mapping(path, "`with`", "each input under its name: `with: {order: =capture.order}`")
    return {} if found is None else {key: _value(words, (*path, key)) for key in found}


def _value(words: Words, path: Path) -> Any:
    """Plain data in which each text that begins with `=` is a formula; one that cannot be read is left out as null."""
    found = words.at(path)
    if isinstance(found, str):
        return words.parsed(path, found) if is_formula(found) else found
    if isinstance(found, Mapping):
        return {key: _value(words, (*path, key)) for key in found}
    if isinstance(found, (list, tuple)):
        return [_value(words, (*path, number)) for number in range(len(found))]
    return found


def _routes(words: Words, path: Path | None, key: str, what: str) -> Mapping[str, str | None]:
    if path is None:
        return {}
    found = words.at(path)
    if not isinstance(found, Mapping):
        words.report(
            "F013",
            f"`{key}` must say for each {what} where it leads, but is {describe(found)}",
            words.document.place(path),
            _routes_help(found, key),
        )
        return {}
    return {word: _target(words, (*path, word), what) for word in found}


def _routes_help(found: Any, key: str) -> str:
    target = found[0] if isinstance(found, (list, tuple)) and found else found
    target = target if isinstance(target, str) and WORD.fullmatch(target) else "ship"
    return (
        f"name the outcome: `next: {{done: {target}}}`"
        if key == "next"
        else f"name the class: `on_error: {{timeout: {target}}}`"
    )


def _target(words: Words, path: Path, what: str) -> str | None:
    found = words.at(path)
    if found is None or (isinstance(found, str) and not is_formula(found)):
        return found
    mend = "the name of a step, or `~` for nowhere"
    if isinstance(found, (list, tuple)):
        mend = "name one step here; the others can name this one in their `after:`, or read its result"
    words.report(
        "F013", f"{what} `{path[-1]}` must lead to one step, but is {describe(found)}", words.document.place(path), mend
    )
    return None


def _after(words: Words, path: Path | None) -> tuple[str, ...]:
    if path is None:
        return ()
    found = words.at(path)
    names = list(found) if isinstance(found, (list, tuple)) else [found]
    if all(isinstance(name, str) and not is_formula(name) for name in names):
        return tuple(dict.fromkeys(names))
    words.report(
        "F004",
        f"`after` must be the names of steps, but is {describe(found)}",
        words.document.place(path),
        "for example: `after: [pay, route]`",
    )
    return ()


def _undo(words: Words, path: Path | None) -> Undo | None:
    if path is None:
        return None
    if (
        words.mapping(path, "`undo`", "a node and what it is given: `{use: refund, with: {payment: =result.payment}}`")
        is None
    ):
        return None
    words.keys(path, UNDO_KEYS, ("use",), "`undo`")
    use = _use(words, (*path, "use")) if words.has((*path, "use")) else None
    given = _given(words, (*path, "with") if words.has((*path, "with")) else None)
    return Undo(use or "", given, words.document.place(path))


def _end(words: Words, path: Path | None) -> str | None:
    mend = "a word, such as `end: cancelled`; without the key the run goes on behind this step"
    found = words.text(path, "`end`", mend) if path else None
    if path is None or found is None:
        return None
    if not WORD.fullmatch(found) or found in STATUSES:
        why = "a run is called so while it lasts" if found in STATUSES else "one word: letters, digits, `-` and `_`"
        words.report(
            "F019",
            f"a run cannot end as `{found}`: {why}",
            words.document.place(path),
            "for example: `end: cancelled`, which also runs the undos",
        )
        return None
    return found
