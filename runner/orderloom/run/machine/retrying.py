"""Which failures of a call are tried again, and how long after (rule 16)."""

from __future__ import annotations

from dataclasses import replace

from orderloom.declare import RETRYABLE
from orderloom.run.machine.events import Call, Failure, Retry


def is_tried_again(call: Call, failure: Failure, end: str | None) -> bool:
    """Whether the step says so; `end` is that of the run, after which only undos are tried again."""
    retry = call.retry
    return bool(
        retry
        and not failure.final
        and end in (None, "cancelled" if call.undo else None)
        and failure.error_class in RETRYABLE
        and not failure.environment  # what this machine lacks it will lack again
        and (call.attempt <= retry.times or failure.held_back)
        and call.node.kind != "wait"
        and call.node.effects != "once"
    )


def retry_of(call: Call, failure: Failure) -> Retry:
    """The next attempt; each comes twice as late as the one before, and never before the other side wants it."""
    retry, not_before_s = call.retry, failure.retry_after_s or 0.0
    assert retry is not None
    again = replace(call, in_doubt=call.in_doubt or failure.in_doubt)
    if failure.held_back:
        return Retry(again, 0.0, not_before_s, failure)
    doublings = min(call.attempt - 1, 64)  # beyond that every wait is the longest
    delay_s = min(retry.first.total_seconds() * 2**doublings, retry.most.total_seconds())
    return Retry(replace(again, attempt=call.attempt + 1), delay_s, not_before_s, failure)
