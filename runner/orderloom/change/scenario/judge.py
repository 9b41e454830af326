"""What became of a case in; where it is not as it was expected, out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from orderloom.change.scenario.because import why_so, why_there
from orderloom.change.scenario.check_expect import QUARANTINED
from orderloom.change.scenario.model import Case, Wanted
from orderloom.change.scenario.paths import read_path, split_name, value_at
from orderloom.change.scenario.play import Played
from orderloom.change.scenario.scope import evaluated, scope_of
from orderloom.change.scenario.targets import unnumbered
from orderloom.feel import FeelError
from orderloom.flow.model import Formula
from orderloom.model.plain import plain
from orderloom.problems import Place
from orderloom.run.telling.report import RunReport


@dataclass(frozen=True)
class Miss:
    """One expectation that did not come true, at its place in the file.

    Of lists, `first` is the place of the first difference in `expected` and in `actual`.
    """

    what: str  # the key of `expect`, or `world` where the case could not be played
    message: str
    place: Place
    help: str | None = None
    expected: Any = None
    actual: Any = None
    first: int | None = None
    because: tuple[str, ...] = ()
    unanswered: str | None = None  # the name under which an answer is missing


def judge(played: Played) -> list[Miss]:
    """Every expectation that did not come true; none where the case has passed."""
    if played.stop is not None:
        return [_stopped(played)]
    return list(_misses(played))


def status_of(played: Played) -> str:
    """How the run is called in the end."""
    return played.report.status if played.report else QUARANTINED


def _stopped(played: Played) -> Miss:
    assert played.stop is not None
    case, report = played.case, played.report
    path = list(report.path) if report else []
    return Miss("world", played.stop.message, played.stop.place or case.place, played.stop.help, actual=path,
                unanswered=played.stop.unanswered)  # fmt: skip


def _misses(played: Played) -> Iterator[Miss]:
    expect, report = played.case.expect, played.report
    if report is None and (expect.values or expect.rows or expect.holds):
        yield Miss("status", "the input could not be read, so no step gives anything", expect.place, None,
                   None, QUARANTINED, None, tuple(why_so(played)))  # fmt: skip
    if (wanted := expect.words.get("status")) and wanted.value != (found := status_of(played)):
        message = f"the run is {_called(found)}, expected {_called(str(wanted.value))}"
        yield Miss("status", message, wanted.place, None, wanted.value, found, None, tuple(why_so(played)))
    for key, wanted in expect.lists.items():
        for miss in _list_misses(key, wanted, _LISTS[key](report) if report else ()):
            yield replace(miss, because=tuple(why_there(played, miss.actual, miss.first))) if "path" in key else miss
    if report is not None:
        yield from _value_misses(played, report)
        yield from _row_misses(played.case, report)
        yield from _holding(played.case, report)


def _called(status: str) -> str:
    return f"in {status}" if status == "exception" else status


# Lists: paths, messages, what is parked, open or taken back

_LISTS: Mapping[str, Callable[[RunReport], Sequence[str]]] = {
    "path": lambda report: report.path,
    "path_ends": lambda report: report.path,
    "sent": lambda report: [sent["template"] for sent in report.sent],
    "undone": lambda report: report.undone,
    "parked": lambda report: report.parked,
    "waiting": lambda report: list(dict.fromkeys(wait["step"] for wait in report.waiting)),
}


def _list_misses(key: str, wanted: Wanted, found: Sequence[str]) -> Iterator[Miss]:
    expected, actual = list(wanted.value), list(found)
    if key == "path_ends":
        actual = actual[-len(expected) :] if expected else []
    if expected == actual:
        return
    first = next((at for at, pair in enumerate(zip(expected, actual, strict=False)) if pair[0] != pair[1]), None)
    first = min(len(expected), len(actual)) if first is None else first
    yield Miss(key, _NAMES[key], wanted.place, None, expected, actual, first)


_NAMES = {
    "path": "the path differs",
    "path_ends": "the path ends otherwise",
    "sent": "other messages were sent",
    "undone": "other steps were taken back",
    "parked": "other steps are parked",
    "waiting": "other steps wait",
}


# Values: what steps were given, and what they gave


def _value_misses(played: Played, report: RunReport) -> Iterator[Miss]:
    for key, values in played.case.expect.values.items():
        for path, wanted in values.items():
            name, rest = split_name(path)
            found, there = _found(key, name, played, report)
            if there:
                value = value_at(plain(found), read_path(rest) or ())
                yield from _differences(key, path, wanted, value, report)
            else:
                what = "was not called" if key == "given" else "is not done, so it gives nothing"
                yield Miss(key, f"`{name}` {what}", wanted.place)


def _found(key: str, name: str, played: Played, report: RunReport) -> tuple[Any, bool]:
    if key == "given":
        found = played.given.get(name)
        if isinstance(found, dict) and all(isinstance(number, int) for number in found) and found:
            found = [found[number] for number in sorted(found)]
        return found, name in played.given
    found = report.output(name)
    return found, found is not None


def _differences(key: str, path: str, wanted: Wanted, value: Any, report: RunReport) -> Iterator[Miss]:
    try:
        expected = plain(evaluated(wanted.value, scope_of(report.state)))
    except FeelError as error:
        yield Miss(key, f"the formula of `{path}` meets a limit: {error.message}", wanted.place)
        return
    for where, want, got in differences(expected, value, path):
        what = f"`{where}` is given as" if key == "given" else f"`{where}` is"
        yield Miss(key, f"{what} {_said(got)}, expected {_said(want)}", wanted.place, None, want, got)


def differences(expected: Any, got: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """Where a value lacks what is expected: records may hold more, lists may not."""
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        for name, value in expected.items():
            yield from differences(value, got.get(name), f"{path}.{name}")
    elif isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        for number, value in enumerate(expected):
            yield from differences(value, got[number], f"{path}[{number}]")
    elif not _same(expected, got):
        yield path, expected, got


def _same(expected: Any, got: Any) -> bool:
    """Amounts are texts in JSON, so that a number stands for a text of the same value; true is no 1."""
    if isinstance(expected, bool) or isinstance(got, bool):
        return expected is got
    if isinstance(expected, (int, float)) and isinstance(got, (int, float, str)):
        try:
            return Decimal(str(expected)) == Decimal(str(got))
        except InvalidOperation:
            return False
    return bool(expected == got)


def _said(value: Any) -> str:
    if value is None:
        return "missing"
    text = str(value) if not isinstance(value, str) else f"`{value}`"
    return text if len(text) <= 80 else f"{text[:77]}…"


# Rows of tables, and formulas that hold


def _row_misses(case: Case, report: RunReport) -> Iterator[Miss]:
    for name, wanted in case.expect.rows.items():
        asked = [one for one in report.decisions if unnumbered(one["step"]) == unnumbered(name)]
        rows = [row for one in asked for row in one["rows"]]
        if rows != list(wanted.value):
            said = f"decided by {', '.join(rows)}" if rows else "not decided"
            message = f"`{name}` was {said}, expected {', '.join(wanted.value)}"
            why = "; ".join(dict.fromkeys(str(one["why"]) for one in asked))
            yield Miss("rows", message, wanted.place, why or None, list(wanted.value), rows)


def _holding(case: Case, report: RunReport) -> Iterator[Miss]:
    scope = scope_of(report.state)
    for wanted in case.expect.holds:
        formula = wanted.value
        assert isinstance(formula, Formula)
        try:
            found = formula.expression.evaluate(scope)
        except FeelError as error:
            yield Miss("holds", f"`{formula.expression.text}` meets a limit: {error.message}", wanted.place)
            continue
        if found is not True:
            read = ", ".join(_read(formula, scope))
            message = f"`{formula.expression.text}` is {_said(plain(found)).replace('missing', 'null')}"
            yield Miss("holds", message, wanted.place, read or None, True, plain(found))


def _read(formula: Formula, scope: Mapping[str, Any]) -> Iterator[str]:
    """What the formula has read, so that nobody needs to run it again to see why."""
    for read in formula.expression.reads:
        name = ".".join(read.path)
        value = value_at(scope.get(read.path[0]), tuple(read.path[1:]))
        yield f"{name} is {_said(plain(value))}"
