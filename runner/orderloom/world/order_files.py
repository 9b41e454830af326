"""A folder of JSON documents in, the orders that are known from before out; every finding has its file and place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from orderloom.model import Order, OrderRecord
from orderloom.problems import Problem, ProblemsError
from orderloom.source import Document, read_document


def read_order_files(folder: Path) -> list[OrderRecord]:
    """Every `*.json` of the folder: an order of ours, or `{order, shipments, refunds, returns}`; or a list of these.

    Raises `ProblemsError` with every finding.
    """
    found: list[OrderRecord] = []
    problems: list[Problem] = []
    for file in sorted(folder.glob("*.json")):
        try:
            found += _records(read_document(file), problems)
        except ProblemsError as error:
            problems += error.problems
    if problems:
        raise ProblemsError(problems)
    return found


def _records(document: Document, problems: list[Problem]) -> list[OrderRecord]:
    if isinstance(document.data, list):
        tried = [_record(one, (number,), document, problems) for number, one in enumerate(document.data)]
    else:
        tried = [_record(document.data, (), document, problems)]
    return [one for one in tried if one is not None]


def _record(
    data: Any, path: tuple[str | int, ...], document: Document, problems: list[Problem]
) -> OrderRecord | None:
    whole = isinstance(data, dict) and "order" in data
    try:
        return OrderRecord.model_validate(data) if whole else OrderRecord(order=Order.model_validate(data))
    except ValidationError as error:
        for one in error.errors(include_url=False)[:20]:
            place = document.place((*path, *one["loc"]))
            message = f"this is no order of ours: `{'.'.join(str(part) for part in one['loc']) or 'it'}` {_why(one)}"
            mend = "`orderloom capture FILE` turns a channel's order into one of ours"
            problems.append(Problem("C401", message, place, mend))
        return None


def _why(error: Any) -> str:
    kind = error["type"]
    if kind == "missing":
        return "is missing"
    return "is not known" if kind == "extra_forbidden" else "has a value that does not fit"
