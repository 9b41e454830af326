"""What to do with a call that had begun when the process died, and of which nobody knows whether it took effect."""

from __future__ import annotations

from orderloom.run.events import Call, Failure

IN_DOUBT = "in_doubt"  # the class of the failure; flows cannot route it, a person decides


def in_doubt(call: Call) -> Failure | None:
    """The failure that the call comes to, or None where it is to be made again, with the key that it had.

    `retry` and `query` make it again: who is called knows the key, or is asked for it first by the node. `ask` leaves
    it to a person, `fail` is an error of class `unavailable` that the flow may route.
    """
    policy = call.node.in_doubt
    if policy in {"retry", "query"}:
        return None
    message = (
        f"`{call.node.name}` had begun when the process ended, and nobody knows whether it took effect: "
        "look there first, then have it done again, or give its result"
    )
    return Failure(IN_DOUBT if policy == "ask" else "unavailable", message, call.item)
