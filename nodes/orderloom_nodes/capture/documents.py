"""A payload's bytes in, its documents one by one out: one object, a wrapped one, a list, an array, JSON lines, YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from orderloom import Document, Place, Problem, ProblemsError, decode_exported, parse_json, parse_yaml

from .problems import Path

_NO_JSON = {"Y040", "Y044"}             # more text after the document, or the text is no JSON at all


@dataclass(frozen=True)
class Found:
    """One document of a payload: its data and where it stands; `problems` where its text is not JSON."""

    data: Any
    source: Document | None = None
    path: Path = ()
    lines_before: int = 0
    text: str = ""
    problems: tuple[Problem, ...] = ()


def documents(payload: bytes, name: str, wrappers: Sequence[str]) -> Iterator[Found]:
    """Every document; the wrappers are the members that may hold one or a list of them."""
    try:
        source = _read(payload, name)
    except ProblemsError as error:
        if _is_yaml(name) or not _is_lines(payload, name):
            yield Found(None, text=payload.decode("utf-8", errors="replace"), problems=error.problems)
            return
        yield from _each_line(payload, name, wrappers)
        return
    yield from _inside(source.data, source, (), 0, wrappers)


def _read(payload: bytes, name: str) -> Document:
    if _is_yaml(name):
        return parse_yaml(decode_exported(payload, name)[0], name)
    return parse_json(payload, name)


def _is_yaml(name: str) -> bool:
    return name.lower().endswith((".yaml", ".yml"))


def _is_lines(payload: bytes, name: str) -> bool:
    lines = [line for line in payload.splitlines() if line.strip()]
    if len(lines) < 2:
        return False
    whole = 0
    for line in lines[:20]:             # one bad line in front does not make it something else
        try:
            whole += isinstance(parse_json(line, name).data, dict)
        except ProblemsError:
            continue
    return whole > 0


def _each_line(payload: bytes, name: str, wrappers: Sequence[str]) -> Iterator[Found]:
    for number, line in enumerate(payload.split(b"\n")):
        if not line.strip():
            continue
        try:
            source = parse_json(line, name)
        except ProblemsError as error:
            problems = tuple(replace(problem, place=moved(problem.place, number)) for problem in error.problems)
            yield Found(None, text=line.decode("utf-8", errors="replace"), problems=problems)
            continue
        yield from _inside(source.data, source, (), number, wrappers)


def moved(place: Place, lines: int) -> Place:
    """The same place, so many lines further down."""
    return replace(place, line=place.line + lines) if place.line else place


def _inside(data: Any, source: Document, path: Path, lines_before: int, wrappers: Sequence[str]) -> Iterator[Found]:
    if isinstance(data, list):
        for number, item in enumerate(data):
            yield from _inside(item, source, (*path, number), lines_before, wrappers) if len(path) < 8 else ()
        return
    wrapper = _wrapper(data, wrappers) if isinstance(data, dict) else None
    if wrapper:
        yield from _inside(data[wrapper], source, (*path, wrapper), lines_before, wrappers)
    else:
        yield Found(data, source, path, lines_before)


def _wrapper(data: Mapping[str, Any], wrappers: Sequence[str]) -> str | None:
    # a document of its own may have a member of that name too (a return holds its order), but then it has an id
    if data.keys() & {"id", "order_id", "return_id", "line_items", "lines", "OrderItems", "orderItems"}:
        return None
    return next((name for name in wrappers if isinstance(data.get(name), dict | list)), None)
