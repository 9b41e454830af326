"""Findings about what a case expects: words that the flow can never say, so that the case could never pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from orderloom.change.scenario.model import Expect, Wanted
from orderloom.change.scenario.paths import split_name
from orderloom.change.scenario.targets import UNDO, Target, Targets
from orderloom.feel import infer
from orderloom.feel.types import ANY
from orderloom.flow.formulas import formulas_in, narrow
from orderloom.flow.model import Formula
from orderloom.problems import Problem, did_you_mean
from orderloom.rules import DecisionTable
from orderloom.source import Document

QUARANTINED = "quarantined"  # the trigger could not read what came in: nothing was started
LASTING = ("completed", "waiting", "exception", QUARANTINED)
_ENTRY = re.compile(r"([^:!]+)(?::(.+)|!(.+))?")


def expect_findings(expect: Expect, targets: Targets, document: Document) -> Iterator[Problem]:
    """All that cannot be as it is expected."""
    yield from _status(expect, targets)
    for key, check in _LISTS.items():
        if key in expect.lists:
            yield from _listed(expect.lists[key], check, targets, document)
    for key, values in expect.values.items():
        yield from _values(key, values, targets, document)
    yield from _rows(expect.rows, targets, document)
    for wanted in expect.holds:
        yield from _formulas(wanted.value, targets, document)


def statuses(targets: Targets) -> list[str]:
    """How a run of the flow can be called in the end."""
    ends = [step.end for step in targets.program.steps if step.end]
    return list(dict.fromkeys([*LASTING[:1], *ends, *LASTING[1:]]))


def _status(expect: Expect, targets: Targets) -> Iterator[Problem]:
    wanted, known = expect.words.get("status"), statuses(targets)
    if wanted and wanted.value not in known:
        mend = did_you_mean(wanted.value, known) or f"it ends as {', '.join(known)}"
        flow = targets.program.plan.flow.name
        yield Problem("W022", f"no run of {flow} ends as `{wanted.value}`", wanted.place, mend)


Check = Callable[[str, Targets], tuple[str, str, str | None] | None]  # code, message, help


def _listed(wanted: Wanted, check: Check, targets: Targets, document: Document) -> Iterator[Problem]:
    for number, text in enumerate(wanted.value):
        found = check(text, targets)
        if found:
            code, message, mend = found
            yield Problem(code, message, document.place((*wanted.path, number)), mend)


def _entry(text: str, targets: Targets) -> tuple[str, str, str | None] | None:
    """`screen:review`, `choose:chosen,none_fits`, `fix!timeout`, `capture`."""
    match = _ENTRY.fullmatch(text)
    name, words, failed = match.groups() if match else (text, None, None)
    target = targets.step(name)
    if target is None:
        return _no_step(name, targets)
    if failed is not None:
        return _known(name, "class of errors", [failed], target.node.error_classes)
    if words is None:
        return _needs_word(name, target)
    if len(target.outcomes) < 2:
        return "W021", f"`{name}` has one outcome, which a path does not name", f"write `{name}`"
    return _known(name, "outcome", words.split(","), target.outcomes) or _in_order(name, words, target)


def _in_order(name: str, words: str, target: Target) -> tuple[str, str, str | None] | None:
    """Mixed outcomes of a for_each are named in the node's declared order (rule 34)."""
    right = ",".join(word for word in target.outcomes if word in words.split(","))
    if words == right:
        return None
    return "W021", f"a path names the outcomes of `{name}` once each, in their own order", f"write `{name}:{right}`"


def _needs_word(name: str, target: Target) -> tuple[str, str, str | None] | None:
    if len(target.outcomes) < 2:
        return None
    return "W021", f"a path names the outcome of `{name}`", f"write `{name}:{target.outcomes[0]}`, or what is expected"


def _known(name: str, what: str, words: list[str], known: tuple[str, ...]) -> tuple[str, str, str | None] | None:
    odd = next((word for word in words if word not in known), None)
    if odd is None:
        return None
    return "W021", f"`{name}` has no {what} `{odd}`", did_you_mean(odd, known) or f"it has: {', '.join(known)}"


def _no_step(name: str, targets: Targets) -> tuple[str, str, str | None]:
    known = list(targets.steps)
    mend = did_you_mean(name, known) or f"its steps are: {', '.join(known)}"
    return "W021", f"{targets.program.plan.flow.name} has no step `{name}`", mend


def _step(text: str, targets: Targets) -> tuple[str, str, str | None] | None:
    return None if targets.step(text) else _no_step(text, targets)


def _parked(text: str, targets: Targets) -> tuple[str, str, str | None] | None:
    if "!" not in text and targets.step(text):
        return "W021", f"a parked step is named with its class of errors: `{text}`", f"write `{text}!unavailable`"
    return _entry(text, targets)


def _undone(text: str, targets: Targets) -> tuple[str, str, str | None] | None:
    if text in targets.undos:
        return None
    if targets.step(text):
        return "W021", f"`{text}` has no undo", f"these have one: {', '.join(targets.undos) or 'none'}"
    return _no_step(text, targets)


def _sent(text: str, targets: Targets) -> tuple[str, str, str | None] | None:
    known = templates(targets)
    if text in known or not known:
        return None
    mend = did_you_mean(text, known) or f"it sends: {', '.join(known)}"
    return "W023", f"no step of {targets.program.plan.flow.name} sends `{text}`", mend


def templates(targets: Targets) -> list[str]:
    """The messages that steps of the flow send, by their templates."""
    found = [one.step.planned.settings.get("template") for one in targets.steps.values()]
    return list(dict.fromkeys(name for one in found if isinstance(name := getattr(one, "name", None), str)))


_LISTS: Mapping[str, Check] = {
    "path": _entry, "path_ends": _entry, "parked": _parked, "waiting": _step, "undone": _undone, "sent": _sent,
}  # fmt: skip


def _values(key: str, values: Mapping[str, Wanted], targets: Targets, document: Document) -> Iterator[Problem]:
    for path, wanted in values.items():
        name, _ = split_name(path)
        known = targets.step(name) or (key == "given" and targets.undos.get(name.removeprefix(UNDO)))
        if not known:
            code, message, mend = _no_step(name, targets)
            yield Problem(code, message, wanted.place, mend)
        yield from _formulas(wanted.value, targets, document)


def _formulas(value: object, targets: Targets, document: Document) -> Iterator[Problem]:
    flow = targets.program.plan.flow
    scope = dict.fromkeys((*flow.steps, *flow.let), ANY)
    for formula in formulas_in(value):
        yield from _of_formula(formula, scope, document)


def _of_formula(formula: Formula, scope: Mapping[str, object], document: Document) -> Iterator[Problem]:
    for found in infer(formula.expression, scope).findings:  # type: ignore[arg-type]
        yield Problem(found.code, found.message, narrow(document, formula, found.start, found.end), found.help)


def _rows(rows: Mapping[str, Wanted], targets: Targets, document: Document) -> Iterator[Problem]:
    for name, wanted in rows.items():
        target, place = targets.step(name), document.key_place(wanted.path)
        if target is None:
            code, message, mend = _no_step(name, targets)
            yield Problem(code, message, place, mend)
        else:
            yield from _rows_of(target, wanted, document)


def _rows_of(target: Target, wanted: Wanted, document: Document) -> Iterator[Problem]:
    tables = [one for one in target.step.planned.settings.values() if isinstance(one, DecisionTable)]
    known = [row.id for table in tables for row in table.rows]
    if not tables:
        yield Problem("W024", f"`{target.name}` asks no table", document.key_place(wanted.path))
    for number, row in enumerate(wanted.value):
        if tables and row not in known:
            place = document.place((*wanted.path, number))
            mend = did_you_mean(row, known) or f"it has: {', '.join(known)}"
            yield Problem("W024", f"the table of `{target.name}` has no row `{row}`", place, mend)
