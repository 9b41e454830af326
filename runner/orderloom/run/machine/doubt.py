"""What to do with a call of which nobody knows whether it took effect: its process died, or its answer was lost.

Its node says so, or the connection that it goes through (`in_doubt` in connections.yaml). `retry` and `query` make it
again with the key that it had: who is called knows the key, or is asked for it first by the node. `ask` leaves it to a
person, `fail` takes it as not done, which the flow may route. However often a call is made again: as long as nobody
knows, it has not failed, and no route is taken for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from orderloom.declare import RETRYABLE, InDoubt
from orderloom.run.machine.events import Call, Failure
from orderloom.run.machine.retrying import is_tried_again
from orderloom.world.connections import Connections

BUG = "bug"  # the node broke, whatever it had done
IN_DOUBT = "in_doubt"  # the class of the failure; only flows whose node declares it can route it, else a person decides
MEND = "nobody knows whether it took effect: look there first, then have it done again, or give its result"
_CONNECTION = "connection"  # the setting in which a node takes the name of the one that its effect goes through


def policy_of(call: Call, connections: Mapping[str, object]) -> InDoubt:
    """What the connection of the call says, else its node."""
    name = call.inputs.get(_CONNECTION)
    said = connections.in_doubt_of(name) if isinstance(connections, Connections) and isinstance(name, str) else None
    return cast("InDoubt", said) if said else call.node.in_doubt


def interrupted(call: Call, policy: InDoubt) -> Failure | None:
    """What a call comes to that had begun when its process ended; None where it is made again."""
    begun = f"`{call.node.name}` had begun when the process ended"
    if policy in {"retry", "query"}:
        return None
    if policy == "fail":
        told = f"{begun}, and is taken as not done (`in_doubt: fail`)"
        return Failure("unavailable", told, call.item, final=True)
    return _open(call, begun)


def withdrawn(call: Call) -> Failure:
    """What a call comes to that was to be made again when the run ended."""
    return _open(call, f"`{call.node.name}` had been tried when the run ended")


def weighed(call: Call, failure: Failure, policy: InDoubt) -> Failure:
    """What a failure of a call comes to. An attempt that left it open does so until somebody answers to the key."""
    if not (failure.in_doubt or (call.in_doubt and not _is_an_answer(failure))):
        return failure
    if policy == "fail":
        return replace(failure, in_doubt=False, final=True)
    if policy != "ask" and is_tried_again(call, failure, call.owner.end):
        return failure
    return replace(_open(call, failure.message), environment=failure.environment)


def _is_an_answer(failure: Failure) -> bool:
    """Whether who was called has said no: had it done it before, it would have said so, since it knows the key."""
    return failure.error_class not in RETRYABLE | {BUG} and not failure.environment


def _open(call: Call, what: str) -> Failure:
    return Failure(IN_DOUBT, f"{what}; {MEND}", call.item, in_doubt=True, final=True)
