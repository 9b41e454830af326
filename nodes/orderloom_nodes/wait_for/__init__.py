"""Waits until something happens outside: a parcel is delivered, a return inspected, a payment confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from orderloom import AnswerRefused, NodeError, Outcome, Setting, Wait, did_you_mean, node
from orderloom.model import Model

Event = Annotated[str, Field(min_length=1)]
_KEYS = ("outcome", "data", "at")


class _Moment(Model):
    at: datetime


class Happened(Outcome, name="happened"):
    """The event came. `data` is what it brought, `at` when it happened if it says so."""

    event: str
    match: str
    data: Any = None
    at: datetime | None = None


def _answer(said: Any, *, event: str, match: Any, **_: Any) -> Happened:
    """The event as it came: the word `happened`, or an object with `data` and `at`, or the data itself."""
    if said is None or said == "happened":
        return Happened(event=event, match=_text(match))
    if isinstance(said, str):
        near = did_you_mean(said, ("happened",)) or "say `happened`, or give its data"
        raise AnswerRefused([f"`{said}` is no answer to an event: {near}"])
    if not isinstance(said, Mapping):
        return Happened(event=event, match=_text(match), data=said)
    if said.get("outcome", "happened") != "happened":
        raise AnswerRefused([f"an event has only the outcome `happened`, not `{said['outcome']}`"])
    if "outcome" not in said and not said.keys() <= set(_KEYS):
        return Happened(event=event, match=_text(match), data=said)
    return Happened(event=event, match=_text(match), data=said.get("data"), at=_moment(said.get("at")))


def _moment(said: Any) -> datetime | None:
    if said is None:
        return None
    try:
        found = _Moment.model_validate({"at": said}).at
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise AnswerRefused([f"`at` is `{said}`: write a moment such as 2026-03-02T10:00:00Z"])
    return found


def _text(match: Any) -> str:
    return str(match)


@node("wait-for", kind="wait", answer=_answer)
def wait_for(event: Setting[Event], match: str | int | Decimal) -> Happened | Wait:
    """Wait until the event comes whose own value is `match`: the parcel of this tracking number, this return.

    The step's `timeout` says how long; its `on_error: {timeout: …}` what then, and `refused` what where somebody tells
    that it will not come.
    """
    if _text(match).strip() == "":
        raise NodeError("invalid", f"`match` is empty: nothing could ever be told to be this `{event}`")
    return Wait("event", {"event": event, "match": _text(match)})
