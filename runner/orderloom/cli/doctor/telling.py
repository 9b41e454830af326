"""Findings in, a table or JSON on standard output out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby

import click

from orderloom.cli.doctor.finding import Finding, Verdict
from orderloom.cli.render import visible

_COLOURS: dict[Verdict, str] = {"ok": "green", "skipped": "cyan", "warning": "yellow", "fault": "red"}
_WORDS: dict[Verdict, str] = {"ok": "ok", "skipped": "-", "warning": "warning", "fault": "fault"}
WORST_FIRST: tuple[Verdict, ...] = ("fault", "warning", "ok")


def tell(findings: Sequence[Finding]) -> None:
    """A line each, and below it how to mend what is not as it should be."""
    width = max(len(finding.name) for finding in findings)
    for section, held in groupby(findings, key=lambda finding: finding.section):
        click.secho(section, bold=True)
        for finding in held:
            word = click.style(f"{_WORDS[finding.verdict]:<7}", fg=_COLOURS[finding.verdict])
            click.echo(f"  {word}  {finding.name:<{width}}  {visible(finding.says)}")
            if finding.mend and finding.verdict != "ok":
                code = f"  [{finding.code}]" if finding.code else ""
                click.echo(f"  {'':<7}  {'':<{width}}  = help: {visible(finding.mend)}{code}")
    click.echo(f"\n{_summary(findings)}")


def tell_as_json(findings: Sequence[Finding]) -> None:
    """`{"verdict": …, "findings": [{section, name, verdict, says, mend, code}]}` on one line."""
    verdicts = {finding.verdict for finding in findings}
    worst = next(verdict for verdict in WORST_FIRST if verdict in verdicts | {"ok"})
    told = {"verdict": worst, "findings": [asdict(finding) for finding in findings]}
    click.echo(json.dumps(told, ensure_ascii=False))


def _summary(findings: Sequence[Finding]) -> str:
    counts = Counter(finding.verdict for finding in findings)
    if not counts["fault"] and not counts["warning"]:
        return "everything is in order"
    told = [(counts["fault"], "fault"), (counts["warning"], "warning")]
    return ", ".join(f"{number} {word}{'' if number == 1 else 's'}" for number, word in told if number)
