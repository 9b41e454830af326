"""Calling the nodes of one run for any driver: the arguments, answers that stand in, what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from orderloom.declare import AnswerRefused, Derived, Later, NodeError, Outcome, Wait
from orderloom.packs import Catalogue
from orderloom.run.drivers.broken import broke, no_outcome
from orderloom.run.machine.answers import Answers, Result, failure_said, normalised, stand_in, take_answer
from orderloom.run.machine.doubt import interrupted, policy_of, weighed
from orderloom.run.machine.events import Call, Failure
from orderloom.world import CallLog, Clock, MissingConnectionError, World
from orderloom.world.errors import ConnectionFailedError, ConnectionUnusableError, HeldBackError
from orderloom.world.hiding import hide_secrets

Told = Result | Wait | Later


def idempotency_key(run: str, call: Call) -> str:
    """What the outside is told to know a call by; no attempt is in it (rule 29)."""
    parts = (run, call.name, "" if call.item is None else str(call.item), "undo" if call.undo else "")
    return sha256("\0".join(parts).encode()).hexdigest()[:32]


@dataclass
class Calling:
    """The calls of one run. `logs` holds what each left word of, in the order of the calls."""

    run_id: str
    catalogue: Catalogue
    connections: Mapping[str, object]
    clock: Clock
    answers: Answers
    dry_run: bool = False
    logs: list[tuple[Call, CallLog]] = field(default_factory=list)
    would: list[Call] = field(default_factory=list)  # what a dry run did not call
    refused: dict[tuple[str, int | None], tuple[str, ...]] = field(default_factory=dict)  # answers, and why

    def log(self, call: Call) -> CallLog:
        """A fresh log for the call."""
        log = CallLog()
        self.logs.append((call, log))
        return log

    def has_effect(self, call: Call) -> bool:
        """Whether the call reaches outside: its node has effects, and neither an answer nor a dry run stands in."""
        if call.node.effects == "none" or self.enters(call):
            return False
        return not self.dry_run and self.said(call) is None

    def enters(self, call: Call) -> bool:
        """Whether the call is that of a subflow, which runs as part of this run."""
        return call.program.inner is not None and not call.undo and self.said(call) is None

    def called(self, call: Call, log: CallLog) -> Told:
        """Make the call; whatever goes wrong is a failure of its class."""
        try:
            result = call.node.call(**self._arguments(call, log))
        except (NodeError, ConnectionFailedError) as error:
            return self._failure(call, error)
        except MissingConnectionError as error:
            return Failure("unavailable", str(error), call.item, environment=True)
        except (Exception, SystemExit) as error:
            return Failure("bug", hide_secrets(broke(call.node, error)), call.item)
        if isinstance(result, Wait):
            return self._waited(call, result)
        if isinstance(result, (Outcome, Derived)):
            return normalised(result)
        if isinstance(result, Later):
            return result
        return Failure("bug", no_outcome(call.node, result), call.item)

    def _failure(self, call: Call, error: NodeError | ConnectionFailedError) -> Failure:
        return Failure(
            error.error_class, hide_secrets(error.message), call.item, error.retry_after_s,
            environment=isinstance(error, ConnectionUnusableError),
            in_doubt=error.in_doubt and call.node.effects != "none",
            held_back=isinstance(error, HeldBackError),
        )  # fmt: skip

    def weighed(self, call: Call, failure: Failure) -> Failure:
        """What a failure of a call comes to, where it leaves open whether it took effect."""
        return weighed(call, failure, policy_of(call, self.connections))

    def interrupted(self, call: Call) -> Failure | None:
        """What a call comes to that had begun when its process ended; None where it is made again."""
        return interrupted(call, policy_of(call, self.connections))

    def answered(self, call: Call) -> Told | None:
        """What stands in for the call: an answer that was said beforehand, or that a dry run withholds it."""
        said = self.said(call)
        if isinstance(said, Failure):
            return said
        if said is None:
            return self._withheld(call) if self._is_withheld(call) else None
        if call.node.kind == "wait":
            return failure_said(said)  # else the node is called first, to know what it asks
        try:
            return failure_said(said) or stand_in(call, call.program.planned.outcomes, said)
        except AnswerRefused as refusal:
            return Failure("invalid", "; ".join(refusal.problems), call.item)

    def answer(self, call: Call, wait: Wait, said: Any) -> Result:
        """What the wait becomes by what was said. Raises `AnswerRefused`: it then goes on (rule 14)."""
        return failure_said(said) or take_answer(call, wait, said, self.catalogue)

    def said(self, call: Call) -> Any:
        """What was said for this call; a failure where a list of answers is not as long as the step's items."""
        if call.name not in self.answers.by_step:
            return None
        told, items = self.answers.listed(call), call.owner.items_of(call.program)
        if call.item is None or told is None or len(told) == items:
            return self.answers.to(call)
        message = f"the answers for `{call.name}` are {len(told)}, and it has {items} items: give one for each"
        return Failure("invalid", message, call.item)

    def _arguments(self, call: Call, log: CallLog) -> dict[str, Any]:
        arguments = dict(call.inputs)
        for parameter in call.node.parameters:
            if parameter.role == "world":
                key = idempotency_key(self.run_id, call)
                arguments[parameter.name] = World(
                    self.clock, self.connections, key, call.state, log, rehearsal=self.dry_run,
                    in_doubt=call.in_doubt and policy_of(call, self.connections) == "query",
                )  # fmt: skip
            elif parameter.role == "resource" and hasattr(arguments.get(parameter.name), "for_call"):
                arguments[parameter.name] = arguments[parameter.name].for_call(log, self.clock.now())
        return arguments

    def _is_withheld(self, call: Call) -> bool:
        return self.dry_run and call.node.effects != "none" and not call.node.rehearses

    def _withheld(self, call: Call) -> Told:
        self.would.append(call)
        step = call.program
        if step.result_is_read and not call.undo:
            mend = f"give its result with --answer {call.name}=FILE"
            return Wait("dry_run", {"would_call": call.node.name, "mend": mend})
        return (step.planned.outcomes[0] if step.planned.outcomes else "", {})

    def _waited(self, call: Call, wait: Wait) -> Told:
        said = self.answers.to(call)
        if said is None:
            return wait
        try:
            return take_answer(call, wait, said, self.catalogue)
        except AnswerRefused as refusal:
            self.refused[(call.name, call.item)] = refusal.problems
            return wait
