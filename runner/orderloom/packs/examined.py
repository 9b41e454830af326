"""A project's own nodes in; every finding about their folders out: declaration, published description, cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

from pydantic import ValidationError

from orderloom.declare import ERROR_CLASSES, Node
from orderloom.describe import description_text
from orderloom.packs import DESCRIPTION, Catalogue
from orderloom.packs.described import DescribedParameter
from orderloom.packs.homes import MODULE, not_found
from orderloom.problems import Place, Problem, ProblemsError, did_you_mean
from orderloom.shapes import Schema
from orderloom.source import Document, read_document
from orderloom.source import Path as Keys

CASES = "cases.yaml"
CASE_KEYS = ("case", "with", "world", "then")
_PLAIN = "a model (orderloom.model.Model), a list or dict of them, or a plain type"


def examine(nodes: Catalogue, name: str, folder: Path) -> list[Problem]:
    """Everything wrong with one folder; what cannot be loaded is told, and the rest as far as it goes."""
    try:
        node = nodes.find(name)
    except ProblemsError as error:
        return [*error.problems, *not_found(nodes.home(name), error.problems)]
    found = list(_types(node))
    if not found:
        found += _description(node, folder)
    return [*not_found(nodes.home(name)), *found, *case_problems(node, folder)]


def _types(node: Node) -> Iterator[Problem]:
    """N505: every type of the declaration can be told to others as JSON Schema."""
    for parameter in node.published:
        try:
            _ = parameter.schema
        except Exception:  # whatever pydantic cannot make of it
            message = f"the type of `{parameter.name}` cannot be described: {_told(parameter.annotation)}"
            yield Problem("N505", message, node.place, _PLAIN)
    try:
        _ = {} if node.derive is not None else dict(node.outcomes({}))
    except Exception:  # the same
        message = f"an outcome of `{node.name}` has a field whose type cannot be described"
        yield Problem("N505", message, node.place, _PLAIN)
    yield from _defaults(node)
    if not node.summary.endswith("."):
        mend = 'a docstring of one sentence: """Wrap the orders that ask for it."""'
        yield Problem("N508", f"node `{node.name}` does not say what it does", node.place, mend, "warning")


def _defaults(node: Node) -> Iterator[Problem]:
    """N509: a default is given to the node as it stands there, and must be of its own type."""
    for parameter in node.published:
        left_out = isinstance(parameter, DescribedParameter) and "default" not in parameter.described
        if parameter.required or parameter.role == "resource" or left_out:
            continue
        try:
            parameter.adapter.validate_python(parameter.default)
        except ValidationError:
            told = _told(parameter.annotation)
            mend = f"write `{told} | None`" if parameter.default is None else "give one that is, or leave it away"
            yield Problem("N509", f"the default of `{parameter.name}` is no `{told}`", node.place, mend)
        except Exception:  # its type cannot be described: told as N505
            return


def _told(annotation: Any) -> str:
    bare = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    return getattr(bare, "__name__", None) or str(bare)


def _description(node: Node, folder: Path) -> Iterator[Problem]:
    """N500: the description that is published is that of the declaration; N507: just one of the two is the node."""
    file = folder / DESCRIPTION
    if not (folder / MODULE).is_file() or not file.is_file():
        return
    try:
        data = read_document(file).data
    except ProblemsError as error:
        yield from error.problems
        return
    if isinstance(data, Mapping) and "http" in data:
        mend = f"keep one of them: {MODULE}, or `http` in {DESCRIPTION}"
        yield Problem("N507", f"`{node.name}` is declared in Python and described by `http`", Place(str(file)), mend)
    elif file.read_text(encoding="utf-8") != description_text(node):
        message = f"the description of `{node.name}` is not that of its declaration"
        yield Problem("N500", message, Place(str(file)), f"orderloom nodes describe {node.name} --write")


def case_problems(node: Node, folder: Path) -> Iterator[Problem]:
    """N501: each case has what a case has, and speaks of inputs and outcomes that there are."""
    file = folder / CASES
    if not file.is_file():
        return
    try:
        document = read_document(file)
    except ProblemsError as error:
        yield from error.problems
        return
    if document.data is None or document.data == []:
        return
    if not isinstance(document.data, list):
        mend = "- case: a sentence that is true\n  with: {…}\n  then: {outcome: …}"
        yield Problem("N501", "the cases of a node are a list", document.place(()), mend)
        return
    for number, case in enumerate(document.data):
        yield from _case(node, document, number, case)


def _case(node: Node, document: Document, number: int, case: Any) -> Iterator[Problem]:
    path: Keys = (number,)
    if not isinstance(case, Mapping):
        yield Problem("N501", "a case is a mapping", document.place(path), "{case: …, with: {…}, then: {outcome: …}}")
        return
    for key in case:
        if key not in CASE_KEYS:
            mend = did_you_mean(key, CASE_KEYS) or f"it has: {', '.join(CASE_KEYS)}"
            yield Problem("N501", f"a case has no `{key}`", document.key_place((*path, key)), mend)
    for key, example in {"case": "case: a sentence that is true", "then": "then: {outcome: …}"}.items():
        if key not in case:
            yield Problem("N501", f"a case needs `{key}`", document.place(path), f"add `{example}`")
    thens = list(_thens(node, path, case))
    parts = [((*path, key), case[key]) for key in ("with", "world") if case.get(key) is not None]
    for where, part in [*parts, *thens]:
        if not isinstance(part, Mapping):
            example = "then: {outcome: …}" if where[1] == "then" else f"{where[1]}: {{…: …}}"
            yield Problem("N501", f"`{where[1]}` is a mapping", document.place(where), example)
            return
    yield from _names(node, document, path, case)
    for where, then in thens:
        yield from _then(node, document, where, then)


def _thens(node: Node, path: Keys, case: Mapping[str, Any]) -> Iterator[tuple[Keys, Any]]:
    """What must come out; of a trigger several documents may, and a list says what becomes of each."""
    then = case.get("then")
    if isinstance(then, list) and node.kind == "trigger":
        yield from (((*path, "then", number), one) for number, one in enumerate(then))
    elif then is not None:
        yield (*path, "then"), then


def _names(node: Node, document: Document, path: Keys, case: Mapping[str, Any]) -> Iterator[Problem]:
    given = case.get("with") or {}
    known = [parameter.name for parameter in node.parameters if parameter.role != "world"]
    for name in given:
        if name not in known:
            mend = did_you_mean(name, known) or f"it takes: {', '.join(known) or 'nothing'}"
            place = document.key_place((*path, "with", name))
            yield Problem("N501", f"node `{node.name}` takes no `{name}`", place, mend)


def _then(node: Node, document: Document, path: Keys, then: Mapping[str, Any]) -> Iterator[Problem]:
    word, words = then.get("outcome"), list(_outcomes(node))
    if words and word is not None and word not in words:
        mend = did_you_mean(str(word), words) or f"it can be: {', '.join(words)}"
        place = document.place((*path, "outcome"))
        yield Problem("N501", f"`{node.name}` has no outcome `{word}`", place, mend)
    error = then.get("error")
    if error is not None and error not in (*ERROR_CLASSES, *node.errors):
        mend = did_you_mean(str(error), node.error_classes) or f"it can be: {', '.join(node.error_classes)}"
        place = document.place((*path, "error"))
        yield Problem("N501", f"`{node.name}` has no error class `{error}`", place, mend)


def _outcomes(node: Node) -> Mapping[str, Schema]:
    try:
        return {} if node.derive is not None else dict(node.outcomes({}))
    except Exception:  # told as N505
        return {}
