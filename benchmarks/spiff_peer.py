"""The peer of `flow.py`: the same node functions as tasks of a SpiffWorkflow specification."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.specs.Simple import Simple
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

from orderloom.declare import Payload
from orderloom.run.machine.program import StepProgram


class Call(Simple):
    """A task that calls a function with the task's data and keeps what it gives."""

    def __init__(self, spec: WorkflowSpec, name: str, function: Any) -> None:
        super().__init__(spec, name)
        self.function = function

    def _run_hook(self, my_task: Any) -> bool:
        my_task.data[self.name] = self.function(my_task.data)
        return True


def specification(steps: Mapping[str, StepProgram], world: Any) -> WorkflowSpec:
    """validate → route → choose, reading each other's results from the task's data."""
    spec = WorkflowSpec("peer", addstart=True)
    fixed = steps["choose"].given.fixed
    choose_world = {p.name: world for p in steps["choose"].node.parameters if p.role == "world"}

    def choose(data: dict[str, Any]) -> list[Any]:
        call, order = steps["choose"].node.call, data["validate"].order
        return [call(shipment=s, order=order, **fixed, **choose_world) for s in data["route"].shipments]

    validate = Call(spec, "validate", lambda data: steps["validate"].node.call(order=data["captured"].order))
    route = Call(
        spec,
        "route",
        lambda data: steps["route"].node.call(order=data["validate"].order, world=world, **steps["route"].given.fixed),
    )
    chosen = Call(spec, "choose", choose)
    spec.start.connect(validate)
    validate.connect(route)
    route.connect(chosen)
    return spec


def run_one(spec: WorkflowSpec, trigger: StepProgram, body: bytes) -> None:
    """One order through a new workflow."""
    captured = next(trigger.node.call(payload=Payload(body, "hook", "shopify"), **trigger.given.fixed))
    workflow = Workflow(spec)
    workflow.task_tree.data["captured"] = captured
    workflow.run_all()
    assert not workflow.get_tasks(state=TaskState.READY)
