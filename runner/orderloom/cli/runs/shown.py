"""The work behind `orderloom runs show`: find the run, put its account together, tell it in the form that is wanted."""

from __future__ import annotations

import json
from dataclasses import replace

import click

from orderloom.cli.place import place_of
from orderloom.cli.runs.drawing import edges_of, graph_of
from orderloom.cli.runs.story import told
from orderloom.cli.runs.story_data import as_data
from orderloom.problems import COMMAND_LINE, did_you_mean, refuse
from orderloom.run.telling.account import Account, account_of


def show(name: str, *, step: str | None, full: bool, form: str, as_json: bool) -> None:
    """Print it. Raises `ProblemsError` where there is no such run, or it came to no such step."""
    with place_of(name) as (here, run):
        account = account_of(here.journal, here.pins, run, full=full)
    if step is not None:
        account = _only(account, step)
    if form != "text":
        click.echo(graph_of(account, form), nl=False)
    elif as_json:
        click.echo(json.dumps(as_data(account, edges_of(account)), ensure_ascii=False))
    else:
        for line in told(account):
            click.echo(line)


def _only(account: Account, step: str) -> Account:
    found = [one for one in account.steps if one.name == step]
    if not found:
        names = [one.name for one in account.steps]
        near = did_you_mean(step, names) or f"it came to: {', '.join(names)}"
        raise refuse("J003", f"the run did not come to a step `{step}`", COMMAND_LINE, near)
    return replace(account, steps=found)
