"""Results in words: a line a file, each case that failed with what differs, and the branches that nobody took."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest

import click

from orderloom.change.scenario.coverage import FlowCoverage
from orderloom.change.scenario.judge import Miss
from orderloom.change.scenario.suite import CaseResult, FileResult
from orderloom.cli.render import visible
from orderloom.cli.scenarios.results import Results
from orderloom.problems import Place
from orderloom.widths import columns_of

BEFORE, AFTER = 6, 12  # entries that are shown around the first difference of two lists
NOTHING = "–"


def tell_file(result: FileResult, width: int) -> None:
    """Print the line of one file: a dot for a case that passed, an F for one that failed."""
    if any(problem.severity == "error" for problem in result.problems):
        click.echo(f"{result.file!s:<{width}}  {click.style('refused', fg='red')}")
        return
    dot, failed = click.style(".", fg="green"), click.style("F", fg="red")
    marks = "".join(dot if case.passed else failed for case in result.cases)
    left_out = f"  ({result.left_out} left out)" if result.left_out else ""
    click.echo(f"{result.file!s:<{width}}  {marks}{left_out}")


def tell(results: Results) -> None:
    """Print what failed, the branches, and a line that sums up."""
    for file in results.files:
        for case in file.cases:
            if not case.passed:
                click.echo("\n" + "\n".join(failure(file, case)))
    click.echo()
    for cover in results.coverage:
        click.echo("\n".join(_branches(cover, selected=results.selected)))
    for untested in results.untested:
        click.echo(f"{untested}: no case runs it")
    for line in results.below:
        click.secho(f"below {results.least:g} %: {line}", fg="red")
    click.secho(_sum(results), fg="red" if results.failed else "green", bold=True)


def failure(file: FileResult, case: CaseResult) -> Iterator[str]:
    """A case that failed, with each expectation that did not come true."""
    name = visible(f"{file.flow}: {case.case.name}")
    yield f"{click.style('FAIL', fg='red', bold=True)}  {click.style(name, bold=True)}   {_at(case.case.place)}"
    for miss in case.misses:
        yield from (f"  {line}" for line in _miss(miss))


def _miss(miss: Miss) -> Iterator[str]:
    yield f"{visible(miss.message)}   {click.style(_at(miss.place), dim=True)}"
    if miss.first is not None:
        yield from (f"  {line}" for line in side_by_side(miss.expected, miss.actual, miss.first))
    elif miss.what == "world" and miss.actual:
        yield f"  the path so far: {visible(', '.join(miss.actual))}"
    yield from (f"  because {visible(line)}" for line in miss.because)
    if miss.help:
        yield f"  help: {visible(miss.help)}"


def side_by_side(expected: Sequence[str], actual: Sequence[str], first: int) -> Iterator[str]:
    """Two lists in columns, the first difference marked; of long ones what stands around it."""
    rows = [(visible(left), visible(right)) for left, right in zip_longest(expected, actual, fillvalue="")]
    start, end = max(first - BEFORE, 0), first + AFTER
    width = max(len("expected"), *(columns_of(left or NOTHING) for left, _ in rows[start:end]))
    yield f"  {'expected':<{width}}   actual"
    if start:
        yield f"  … {start} the same"
    for number, (left, right) in enumerate(rows[start:end], start):
        left, right = left or NOTHING, right or NOTHING  # noqa: PLW2901 (an end is made visible)
        line = f"{left}{' ' * (width - columns_of(left))}   {right}"
        yield click.style(f"> {line}   <- the first difference", fg="red") if number == first else f"  {line}"
    if end < len(rows):
        yield f"  … {len(rows) - end} more"


def _branches(cover: FlowCoverage, *, selected: bool) -> Iterator[str]:
    taken, number = len(cover.taken), len(cover.branches)
    yield f"{cover.flow}: {taken} of {number} branches taken" + (", by the selected cases" if selected else "")
    if cover.missing and not selected:
        wide = max(shutil.get_terminal_size().columns - 2, 40)
        text = "not taken: " + ", ".join(map(str, cover.missing))
        yield from textwrap.wrap(text, wide, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


def _sum(results: Results) -> str:
    errors = sum(problem.severity == "error" for problem in results.problems)
    parts = [f"{results.broken} failed"] if results.broken else []
    parts += [f"{errors} error{'' if errors == 1 else 's'} in scenarios"] if errors else []
    return f"{', '.join([*parts, f'{results.passed} passed'])} in {results.seconds:.1f} s"


def _at(place: Place) -> str:
    return f"{place.file}:{place.line}" if place.line else place.file
