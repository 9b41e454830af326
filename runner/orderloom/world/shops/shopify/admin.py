"""One question to the GraphQL Admin API in; its data, or a failure in words, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from orderloom.world.errors import ConnectionFailedError
from orderloom.world.protocols import Http, Reply
from orderloom.world.shops.answers import LONGEST_WAIT_S, data_of, failure, odd, quoted

MOST_PAGES = 200  # of a list with pages: far beyond what an order of Shopify may hold
_OUT_OF_ORDER = {"INTERNAL_SERVER_ERROR", "TIMEOUT", "SERVICE_UNAVAILABLE"}
_AT_WORK = {"IDEMPOTENCY_CONCURRENT_REQUEST"}  # the same change is being made just now


class RefusedError(Exception):
    """Shopify understood a change and does not make it: its userErrors, in its words."""


class Admin:
    """The API of one shop and one version."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def ask(self, query: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """The `data` of the answer. Raises `ConnectionFailedError`."""
        reply = self._http.send("POST", "graphql.json", json={"query": query, "variables": dict(variables)})
        if not 200 <= reply.status < 300:
            raise failure(reply, _said(reply))
        answer = data_of(reply)
        if not isinstance(answer, dict):
            raise odd("is no object")
        if answer.get("errors"):
            raise _failed(answer)
        if not isinstance(answer.get("data"), dict):
            raise odd("has no data")
        return dict(answer["data"])

    def one(self, query: str, name: str, gid: str, **more: Any) -> Mapping[str, Any]:
        """What is known under this id. Raises `ConnectionFailedError` (invalid) where nothing is."""
        found = self.ask(query, {"id": gid, **more})[name]
        if found is None:
            raise ConnectionFailedError("invalid", f"the shop knows no {name} `{gid.rpartition('/')[2]}`")
        return dict(found)

    def every(self, query: str, name: str, gid: str, list_: str) -> Iterator[Mapping[str, Any]]:
        """The members of a list with pages. Raises `ConnectionFailedError`."""
        after: str | None = None
        for _ in range(MOST_PAGES):
            page = self.one(query, name, gid, after=after)[list_]
            yield from page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]
        raise odd(f"has more than {MOST_PAGES} pages of {list_}")

    def change(self, mutation: str, name: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """Raises `RefusedError` with the shop's userErrors, and `ConnectionFailedError`."""
        made = self.ask(mutation, variables)[name]
        if made is None:
            raise odd(f"leaves out what became of {name}")
        errors = [error for list_, found in made.items() if list_.endswith("serErrors") for error in found]
        words = [quoted(error["message"]) for error in errors]
        if words:
            raise RefusedError("; ".join(words))
        return dict(made)


def gid(kind: str, number: int) -> str:
    """`gid://shopify/Order/450789469`."""
    return f"gid://shopify/{kind}/{number}"


def _said(reply: Reply) -> str:
    """`{"errors": "Not Found"}` is what comes with a status; anything else is not worth repeating."""
    try:
        answer = data_of(reply)
    except ConnectionFailedError:
        return ""
    errors = answer.get("errors") if isinstance(answer, dict) else None
    return errors if isinstance(errors, str) else ""


def _failed(answer: Mapping[str, Any]) -> ConnectionFailedError:
    """What top-level `errors` mean: nothing of the question was done, unless the server broke in the middle."""
    errors = answer["errors"] if isinstance(answer["errors"], list) else [{"message": answer["errors"]}]
    codes = {str((error.get("extensions") or {}).get("code", "")) for error in errors}
    words = "; ".join(quoted(error.get("message", "")) for error in errors)
    if "THROTTLED" in codes:
        return ConnectionFailedError("rate_limited", "the shop asks to slow down (THROTTLED)", _wait(answer))
    if "ACCESS_DENIED" in codes:
        return ConnectionFailedError("refused", f"the token may not do that: {words}; look at the app's scopes")
    if codes & _AT_WORK:
        return ConnectionFailedError("unavailable", f"the shop is at it already: {words}", in_doubt=True)
    if codes & _OUT_OF_ORDER:
        return ConnectionFailedError("unavailable", f"the shop could not answer: {words}", in_doubt=True)
    return ConnectionFailedError("invalid", f"the shop does not take the question: {words}")


def _wait(answer: Mapping[str, Any]) -> float:
    """Seconds until what was asked for can be paid out of the bucket (Shopify, GraphQL Admin API rate limits)."""
    cost = (answer.get("extensions") or {}).get("cost") or {}
    status = cost.get("throttleStatus") or {}
    short = Decimal(cost.get("requestedQueryCost") or 0) - Decimal(status.get("currentlyAvailable") or 0)
    rate = Decimal(status.get("restoreRate") or 0)
    return min(max(1.0, float(short / rate)), LONGEST_WAIT_S) if rate > 0 else 1.0
