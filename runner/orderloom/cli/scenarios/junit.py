"""Results in, JUnit XML out, as CI services read it: a suite a file, a test case a case."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import click

from orderloom.change.scenario.suite import CaseResult, FileResult
from orderloom.cli.scenarios.results import Results
from orderloom.cli.scenarios.telling import failure

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2: what a text may hold


def as_junit(results: Results) -> bytes:
    """The document; findings of a file are the error of a test case that bears its name."""
    whole = ET.Element("testsuites", name="orderloom", time=f"{results.seconds:.3f}")
    for file in results.files:
        whole.append(_suite(file))
    _count(whole, list(whole.iter("testcase")))
    ET.indent(whole)
    return bytes(ET.tostring(whole, encoding="utf-8", xml_declaration=True))


def _suite(file: FileResult) -> ET.Element:
    suite = ET.Element("testsuite", name=_text(str(file.file)))
    errors = [problem for problem in file.problems if problem.severity == "error"]
    if errors:
        case = ET.SubElement(suite, "testcase", classname=_text(file.flow), name=_text(str(file.file)), time="0")
        told = "\n".join(f"{one.place}: {one.message} [{one.code}]" for one in errors)
        ET.SubElement(case, "error", message=_text(errors[0].message), type=errors[0].code).text = _text(told)
    for result in file.cases:
        suite.append(_case(file, result))
    _count(suite, list(suite))
    suite.set("time", f"{sum(case.seconds for case in file.cases):.3f}")
    return suite


def _case(file: FileResult, result: CaseResult) -> ET.Element:
    case = ET.Element(
        "testcase", classname=_text(file.flow), name=_text(result.case.name), file=_text(result.case.place.file),
        line=str(result.case.place.line), time=f"{result.seconds:.3f}",
    )  # fmt: skip
    if not result.passed:
        first = result.misses[0]
        told = click.unstyle("\n".join(failure(file, result)))
        ET.SubElement(case, "failure", message=_text(first.message), type=first.what).text = _text(told)
    return case


def _count(element: ET.Element, cases: list[ET.Element]) -> None:
    element.set("tests", str(len(cases)))
    element.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    element.set("errors", str(sum(case.find("error") is not None for case in cases)))


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
