"""What people, events or the outside are said to answer, for waits and in place of a node's call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from orderloom.declare import AnswerRefused, Derived, Node, Outcome, Wait
from orderloom.packs import Catalogue
from orderloom.run.machine.events import Call, Failure
from orderloom.run.machine.values import has_field

Result = tuple[str, Any] | Failure


@dataclass(frozen=True)
class Answers:
    """By step name. A list answers the items of a for_each one by one; of another step, its attempts."""

    by_step: Mapping[str, Any] = field(default_factory=dict)

    def listed(self, call: Call) -> Sequence[Any] | None:
        """The list that was said for this step; None where one answer stands for all of it."""
        said = self.by_step.get(call.name)
        return said if isinstance(said, list) and not call.undo else None

    def to(self, call: Call) -> Any:
        """What was said for this call, or None."""
        said = self.by_step.get(call.name)
        if not isinstance(said, list) or call.undo:
            return None if call.undo else said
        number = call.item if call.item is not None else call.attempt - 1
        return said[number] if number < len(said) else None


def failure_said(said: Any) -> Failure | None:
    """`!timeout`, `raises timeout` or `{"error": "timeout"}`: the call is said to fail."""
    if isinstance(said, Mapping) and isinstance(said.get("error"), str):
        return Failure(said["error"], str(said.get("message", "as answered")))
    if isinstance(said, str) and said.startswith(("!", "raises ")):
        return Failure(said.removeprefix("!").removeprefix("raises ").strip(), "as answered")
    return None


def stand_in(call: Call, outcomes: Sequence[str], said: Any) -> Result:
    """The result of a call that is answered instead of made. Raises `AnswerRefused` where it is none."""
    record = {"outcome": said} if isinstance(said, str) else said
    if not isinstance(record, Mapping):
        raise AnswerRefused(
            [f"the answer for `{call.name}` must be an outcome or an object, not {type(said).__name__}"]
        )
    outcome = record.get("outcome", outcomes[0] if len(outcomes) == 1 else None)
    if outcome not in outcomes:
        raise AnswerRefused([f"`{call.name}` knows the outcomes {', '.join(outcomes)}, not `{outcome}`"])
    record = {**record, "outcome": outcome}
    return str(outcome), _as_outcome(call.node, str(outcome), record)


def _as_outcome(node: Node, outcome: str, record: Mapping[str, Any]) -> Any:
    """The record as the node's own type where it fits; a partial one stays plain data."""
    for kind in node.outcome_types:
        if kind.outcome_name == outcome:
            try:
                return kind.model_validate(record)
            except ValueError:
                return record
    return record


def take_answer(call: Call, wait: Wait, said: Any, catalogue: Catalogue) -> Result:
    """What a wait becomes by an answer. Raises `AnswerRefused`; the wait then goes on (rule 14)."""
    if call.node.answer is None:
        raise AnswerRefused([f"`{call.name}` takes no answer"])
    taken = call.node.answer(said, **call.inputs)
    accept = wait.about.get("accept")
    if accept and has_field(_fields(taken), "document"):
        node = catalogue.find(str(accept))
        _demand_first_outcome(node, _as_the_flow_uses_it(node, call), _fields(taken)["document"])
    return normalised(taken)


def _fields(taken: Any) -> Mapping[str, Any]:
    return taken.fields if isinstance(taken, Derived) else {}


def _as_the_flow_uses_it(node: Node, call: Call) -> Mapping[str, Any]:
    """What the flow's own step gives the node besides: an edited document is held by the rules that held the first."""
    return next((step.given.fixed for step in call.owner.program.steps if step.node.name == node.name), {})


def _demand_first_outcome(node: Node, given: Mapping[str, Any], document: Any) -> None:
    wanted = next(parameter for parameter in node.published if parameter.required)
    result = node.call(**{**given, wanted.name: wanted.adapter.validate_python(document)})
    outcome, record = normalised(result)
    if outcome == node.outcome_types[0].outcome_name:
        return
    problems = getattr(record, "problems", ()) or [f"`{node.name}` says {outcome}"]
    raise AnswerRefused([_sentence(problem) for problem in problems])


def _sentence(problem: Any) -> str:
    path, message = getattr(problem, "path", ""), getattr(problem, "message", str(problem))
    return f"{path}: {message}" if path else str(message)


def normalised(result: Outcome | Derived) -> tuple[str, Any]:
    """Outcome word and record of what a node's function returned."""
    if isinstance(result, Derived):
        return result.outcome, {"outcome": result.outcome, **result.fields}
    return result.outcome_name, result
