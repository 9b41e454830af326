"""The work behind `orderloom stats`: the sum that must come out, a line a flow, rates, and the oldest wait."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import click

from orderloom.cli.place import place
from orderloom.cli.runs.words import span
from orderloom.journal import Journal
from orderloom.journal.counting import Count, Oldest, came_on, came_since, counted, oldest
from orderloom.journal.reading import kinds

DAYS = 7


@dataclass(frozen=True)
class Stats:
    """All that is counted. `days` are those with orders, of the last seven, in UTC."""

    now: datetime
    flows: Mapping[str, Count]
    last_hour: int
    days: Mapping[str, int]
    oldest: Oldest | None

    @property
    def total(self) -> Count:
        found = Count()
        for count in self.flows.values():
            found.add(count)
        return found


def stats(*, as_json: bool) -> int:
    """Print them; gives the exit code."""
    with place() as here:
        if here is None:
            click.echo(json.dumps({"in": 0, "flows": {}}) if as_json else "nothing has run here yet", err=not as_json)
            return 0
        found = read_stats(here.journal)
    if as_json:
        click.echo(json.dumps(_as_data(found), ensure_ascii=False))
    else:
        for line in _told(found):
            click.echo(line)
    return 0 if found.total.holds else 1


def read_stats(journal: Journal) -> Stats:
    now = journal.clock.now()
    hour, first = (now - timedelta(hours=1)).isoformat(), (now - timedelta(days=DAYS - 1)).isoformat()[:10]
    return Stats(
        now,
        journal.read(counted),
        journal.read(lambda db: came_since(db, hour, list(kinds(db)))),
        journal.read(lambda db: came_on(db, first)),
        journal.read(oldest),
    )


def _told(found: Stats) -> Iterator[str]:
    total = found.total
    open_ = f"waiting {total.waiting:,} + inbox {total.inbox:,} + in work {total.in_work:,}"
    parts = f"ended {total.ended.total():,} + {open_}"
    if total.holds:
        yield f"orders in {total.came:,} = {parts}"
    else:
        lost = f" + in nobody's hands {len(total.lost):,}" if total.lost else ""
        yield click.style(f"orders in {total.came:,} ≠ {parts}{lost}: `orderloom doctor` says more", fg="red")
    yield ""
    yield from _table(_rows(found.flows))
    yield ""
    week = sum(found.days.values())
    yield f"in the last hour {found.last_hour:,}, in {DAYS} days {week:,} ({week / DAYS:,.1f} a day)"
    if found.oldest:
        one, waited = found.oldest, (found.now - datetime.fromisoformat(found.oldest.since)).total_seconds()
        yield f"oldest wait: {span(waited)}, {one.step} ({one.desk or one.kind}) of {one.key}  {one.run}"
    if total.gone:
        yield f"the history of {total.gone:,} has been removed; they are counted as they ended"


def _rows(flows: Mapping[str, Count]) -> list[Sequence[str]]:
    ends = sorted({word for count in flows.values() for word in count.ended})
    head = ["FLOW", "IN", *(word.upper() for word in ends), "WAITING", "INBOX", "IN WORK"]
    return [head, *([name, *map(_number, _figures(count, ends))] for name, count in flows.items())]


def _figures(count: Count, ends: Sequence[str]) -> list[int]:
    return [count.came, *(count.ended[word] for word in ends), count.waiting, count.inbox, count.in_work]


def _number(value: int) -> str:
    return f"{value:,}" if value else "-"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        first, *others = (f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True))
        yield "  ".join([f"{first.strip():<{widths[0]}}", *others])


def _as_data(found: Stats) -> dict[str, Any]:
    waits = asdict(found.oldest) if found.oldest else None
    flows = {name: _counted(count) for name, count in found.flows.items()}
    rates = {"last_hour": found.last_hour, "days": dict(found.days)}
    return {**_counted(found.total), "holds": found.total.holds, "flows": flows, "rates": rates, "oldest": waits}


def _counted(count: Count) -> dict[str, Any]:
    told = {"in": count.came, "ended": dict(count.ended), "waiting": count.waiting, "inbox": count.inbox}
    more = {"lost": len(count.lost), "removed": count.gone}
    return {**told, "in_work": count.in_work, **{name: value for name, value in more.items() if value}}
