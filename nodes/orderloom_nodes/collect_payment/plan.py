"""What follows a declined charge: another try at a time, a new card, the buyer's bank, or nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Annotated, Any, Literal, cast
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

from orderloom import DecisionTable, NodeError
from orderloom.model import Order, Transaction
from orderloom_nodes.collect_payment.pay_days import days_of, next_pay_day
from orderloom_nodes.word_tables import WordTable

MOST_TRIES = 15  # in 30 days: the card networks' rule for one charge (docs.stripe.com, Smart Retries, 2026-11)
CAP_DAYS = timedelta(days=30)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
Ask = Literal["new_card", "authenticate"]


def _times(value: object) -> tuple[timedelta, ...]:
    if not isinstance(value, (list, tuple)) or len(value) >= MOST_TRIES:
        raise ValueError(f"a list of at most {MOST_TRIES - 1} times, such as [4h, 1d, 3d]")
    return tuple(_time(one) for one in value)


def _time(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(r"(\d{1,4})([mhd])", str(value))
    if not found:
        raise ValueError("times such as 30m, 4h or 1d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


RetryPlan = Annotated[tuple[timedelta, ...], BeforeValidator(_times, json_schema_input_type=list[str])]


class RetryTable(WordTable):
    """A rule table that says what follows a decline; anything but its four words is refused when it is loaded."""

    words = ("retry", "new_card", "authenticate", "give_up")
    subject = "a declined charge"
    one_each = "a decline, and one thing can follow"


@dataclass(frozen=True)
class Next:
    """`at` is when to try again; else `ask` says what the buyer has to do, and `why` why no try follows."""

    at: datetime | None = None
    ask: Ask | None = None
    why: str = ""


@dataclass(frozen=True)
class Plan:
    """The times that a setting lists, or a table that is asked about every decline."""

    times: tuple[timedelta, ...] = ()
    table: DecisionTable | None = None

    def after(self, order: Order, tried: Sequence[Transaction], now: datetime) -> Next:
        """What follows the last of `tried`. A hard decline is never tried again, whatever a table says."""
        last = tried[-1]
        found = self._of_table(order, tried, now) if self.table else self._of_times(tried, now)
        if found.at is None:
            return found if found.ask else Next(ask=asked_of(last), why=found.why)
        if last.decline_type != "soft":
            return Next(ask=asked_of(last))
        return _capped(found, tried, now)

    def _of_times(self, tried: Sequence[Transaction], now: datetime) -> Next:
        if tried[-1].decline_type != "soft" or len(tried) > len(self.times):
            return Next()
        return Next(now + self.times[len(tried) - 1])

    def _of_table(self, order: Order, tried: Sequence[Transaction], now: datetime) -> Next:
        assert self.table is not None
        decision = self.table.at(now).decide(_facts(order, tried, now))
        told, row = decision.fields, ", ".join(decision.rows)
        if decision.outcome in {"new_card", "authenticate"}:
            return Next(ask=cast("Ask", decision.outcome))
        if decision.outcome != "retry":
            return Next(why=str(told.get("reasons") or ""))
        try:
            at = now + _time(told.get("after") or "1d")
            days = days_of(str(told["pay_days"])) if told.get("pay_days") else ()
        except ValueError as error:
            raise NodeError("invalid", f"row {row} of table {self.table.name}: {error}") from None
        return Next(next_pay_day(at, days, _zone(order)) if days else at)


def _capped(found: Next, tried: Sequence[Transaction], now: datetime) -> Next:
    first = _when(tried[0], now)
    assert found.at is not None
    if len(tried) >= MOST_TRIES:
        return Next(why=f"{len(tried)} tries are made: card networks allow {MOST_TRIES} in {CAP_DAYS.days} days")
    if found.at - first > CAP_DAYS:
        return Next(why=f"the next try would come later than {CAP_DAYS.days} days after the first")
    return found


def _facts(order: Order, tried: Sequence[Transaction], now: datetime) -> Mapping[str, Any]:
    last = tried[-1]
    return {
        "order": order,
        "decline": {"code": last.decline_code or "", "type": last.decline_type or "hard"},
        "attempt": Decimal(len(tried)),
        "days since first": Decimal((now - _when(tried[0], now)).days),
    }


def _when(moved: Transaction, now: datetime) -> datetime:
    return min(moved.occurred_at or now, now)


def asked_of(moved: Transaction) -> Ask | None:
    """What the buyer can do about a decline, as the gateway classes it."""
    asks: Mapping[str, Ask] = {"hard": "new_card", "authentication_required": "authenticate"}
    return asks.get(moved.decline_type or "")


def _zone(order: Order) -> tzinfo:
    name = order.promise.timezone if order.promise else None
    try:
        return ZoneInfo(name) if name else UTC
    except (KeyError, OSError, ValueError):  # KeyError: there is no such zone
        return UTC
