"""Run folders of the DMN conformance kit:  python tests/tck/run.py FOLDER… [--csv RESULTS.csv]

Every folder below the given ones that holds test files is run. The last line says `N passed, N failed`; the exit code
is 1 where a case failed. With --csv the results are written in the form that the vendors hand in, and beside it a
.properties file that says whose they are.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from orderloom.dmn.evaluation import Answer, Model
from orderloom.dmn.model import Service
from orderloom.feel.comparing import equal
from orderloom.feel.values import is_number
from orderloom.problems import ProblemsError
from tests.tck.cases import Case, Expected, TestFile, test_files

TOLERANCE = 1e-8


@dataclass(frozen=True)
class Result:
    """One case: `message` is empty where it passed."""

    folder: str
    file: str
    case: str
    message: str

    @property
    def passed(self) -> bool:
        return not self.message


def run_folder(folder: Path) -> Iterator[Result]:
    """Every case of the test files right inside a folder."""
    for file in test_files(folder):
        yield from _run_file(named(folder), file)


def folders_below(paths: Sequence[Path]) -> list[Path]:
    """All folders at or below the paths that hold test files."""
    found = {file.parent for path in paths for file in path.rglob("*-test-*.xml")}
    return sorted(found, key=named)


def named(folder: Path) -> str:
    """`compliance-level-3/0001-filter`"""
    level = folder.resolve().parent.name
    return f"{level}/{folder.name}" if level.startswith("compliance-level") else folder.name


def _run_file(folder: str, file: TestFile) -> Iterator[Result]:
    try:
        model: Model | None = Model.load(file.model)
        refused = ""
    except ProblemsError as error:
        model, refused = None, f"the model is refused: {error}"
    except Exception as error:
        model, refused = None, f"the model cannot be read: {type(error).__name__}: {error}"
    for case in file.cases:
        message = refused if model is None else run_case(model, case)
        yield Result(folder, file.path.stem, case.id, message)


def run_case(model: Model, case: Case) -> str:
    """What is wrong with a case; empty where every result came out."""
    for expected in case.results:
        try:
            answer = _ask(model, case, expected)
        except ProblemsError as error:
            return f"{expected.name}: {error}"
        except Exception as error:  # a bug fails its case, and the others are run
            return f"{expected.name}: {type(error).__name__}: {error}"
        if not same(expected.value, answer.value):
            why = "; ".join(dict.fromkeys(problem.message for problem in answer.problems[:3]))
            return f"{expected.name}: expected {expected.value!r}, found {answer.value!r}{f' ({why})' if why else ''}"
    return ""


def _ask(model: Model, case: Case, expected: Expected) -> Answer:
    if expected.type == "decision":
        name: Any = (expected.namespace, expected.name) if expected.namespace else expected.name
        return model.decide(name, case.inputs)
    arguments = {key[1] if isinstance(key, tuple) else key: value for key, value in case.inputs.items()}
    invoked = case.invocable or expected.name
    answer = model.call(invoked, arguments)
    service = next((n for n in model.definitions.nodes if n.name == invoked and isinstance(n, Service)), None)
    if service is None or len(service.outputs) == 1 or invoked == expected.name:
        return answer
    outputs = answer.value if isinstance(answer.value, dict) else {}
    return Answer(expected.name, outputs.get(expected.name), answer.problems, answer.tables)


def same(expected: Any, found: Any) -> bool:
    """Equal as FEEL has it; numbers within the kit's tolerance."""
    if is_number(expected) and is_number(found):
        return bool(abs(expected - found) <= TOLERANCE * max(1, abs(float(expected))))
    if isinstance(expected, list) and isinstance(found, list | tuple):
        return len(expected) == len(found) and all(map(same, expected, found))
    if isinstance(expected, dict) and isinstance(found, dict):
        return expected.keys() == found.keys() and all(same(value, found[key]) for key, value in expected.items())
    return equal(expected, found) is True


def write_csv(results: Sequence[Result], path: Path) -> None:
    """The vendors' tck_results.csv: folder, test file, case, SUCCESS or ERROR, message; all in quotes."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for one in results:
            line = " ".join(one.message.split())
            writer.writerow([one.folder, one.file, one.case, "SUCCESS" if one.passed else "ERROR", line])
    told = metadata("orderloom")
    path.with_suffix(".properties").write_text(
        "vendor.name=orderloom\n"
        "product.name=orderloom\n"
        f"product.version={told['Version']}\n"
        f"product.comment={told['Summary']}\n"
        f"last.update={datetime.now(UTC).date()}\n",
        encoding="utf-8",
    )


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests/tck/run.py", description="Run folders of the DMN conformance kit.")
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--csv", type=Path, metavar="OUT", help="write the results in the vendors' form")
    parser.add_argument("--failures", action="store_true", help="say of every failed case why")
    asked = parser.parse_args(arguments)
    missing = [str(path) for path in asked.folders if not path.is_dir()]
    if missing:
        parser.error(f"there is no folder {', '.join(missing)}")
    found = folders_below(asked.folders)
    if not found:
        parser.error(f"no test files (*-test-*.xml) below {', '.join(map(str, asked.folders))}")
    results = _run_all(found, asked.failures)
    if asked.csv is not None:
        write_csv(results, asked.csv)
    counts = Counter(one.passed for one in results)
    print(f"{counts[True]} passed, {counts[False]} failed")
    return 1 if counts[False] else 0


def _run_all(folders: Sequence[Path], failures: bool) -> list[Result]:
    results: list[Result] = []
    width = max(len(named(folder)) for folder in folders)
    for folder in folders:
        started = time.perf_counter()
        these = list(run_folder(folder))
        results += these
        passed = sum(one.passed for one in these)
        took = f"{time.perf_counter() - started:6.2f} s"
        print(f"{named(folder):{width}}  {passed:5} passed  {len(these) - passed:5} failed  {took}", flush=True)
        if failures:
            for one in these:
                if not one.passed:
                    print(f"    {one.file} {one.case}: {one.message[:300]}")
    return results


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
