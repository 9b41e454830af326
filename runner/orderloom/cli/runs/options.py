"""What several commands of `orderloom runs` take, read from the command line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import click

_WANTED = "a day (2026-11-23), a moment (2026-11-23T10:00), or how long ago (90m, 8h, 7d)"


class Moment(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.3 on
    """ISO 8601 in UTC out, as the journal writes it; without an offset it is by the clock of this machine."""

    name = "WHEN"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not isinstance(value, str):
            return str(value)
        try:
            return _ago(value) or datetime.fromisoformat(value).astimezone(UTC).isoformat()
        except ValueError:
            self.fail(f"`{value}` is no time: give {_WANTED}", param, ctx)


def _ago(text: str) -> str | None:
    from orderloom.flow.durations import parse_duration  # noqa: PLC0415 (so that --help stays quick)

    try:
        span: timedelta = parse_duration(text)
    except ValueError:
        return None
    return (datetime.now(UTC) - span).isoformat()


MOMENT = Moment()
AS_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON.")
YES = click.option("--yes", is_flag=True, help="Do not ask; needed where nobody can be asked.")


def confirmed(question: str, yes: bool) -> None:
    """Go on where somebody says yes. Where nobody can be asked, that must have been said on the command line."""
    import sys  # noqa: PLC0415

    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError(f"{question} Nobody can be asked here: say --yes")
    if not click.confirm(question, err=True):
        raise click.Abort
