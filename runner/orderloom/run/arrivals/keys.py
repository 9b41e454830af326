"""The business key of a trigger's result (rule 27), and what tells that a document says something else."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from orderloom.feel import FeelError
from orderloom.problems import Place, refuse
from orderloom.run.kept.records import Recorder
from orderloom.run.machine.program import Evaluate, Program, Scope


def run_key(program: Program, trigger: Any) -> str:
    """The formula `key`, or the content where the flow has none. Raises `ProblemsError`."""
    if program.key is None:
        return content_digest(trigger)
    formula = program.plan.flow.key
    place = formula.place if formula else Place(program.plan.flow.name)
    try:
        key = _key(program, program.key, trigger)
    except FeelError as error:
        message = f"the flow's `key` met a limit: {error.message}"
        raise refuse("F903", message, place, "name a field that every order has") from None
    if not isinstance(key, str) or not key:
        raise refuse("F903", "the flow's `key` gave no text for this order", place, "name a field that every order has")
    return key


def run_id(flow: str, key: str) -> str:
    """The id of a run, which its flow and its business key give: the same order is the same run."""
    return f"r-{sha256(f'{flow}{chr(0)}{key}'.encode()).hexdigest()[:16]}"


def content_digest(trigger: Any) -> str:
    """Equal for documents that say the same, in whatever process."""
    return digest_of(Recorder().text(trigger))


def digest_of(recorded: str) -> str:
    """The digest of a document that has been recorded before anything else of its run."""
    return sha256(recorded.encode()).hexdigest()[:16]


def _key(program: Program, key: Evaluate, trigger: Any) -> Any:
    scope: Scope = {program.steps[0].name: trigger}
    for name in program.key_lets:
        scope[name] = program.lets[name](scope)
    return key(scope)
