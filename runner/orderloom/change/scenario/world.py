"""A closed world: what a case says that the outside answers, call by call, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orderloom.change.scenario.check_world import outcome_of
from orderloom.change.scenario.fields import fields_of
from orderloom.change.scenario.model import Answer, Case, Gives, Said, Series
from orderloom.change.scenario.scope import GIVEN, as_data, evaluated, scope_of
from orderloom.change.scenario.targets import UNDO, Target, Targets, names_of, unnumbered
from orderloom.feel import FeelError
from orderloom.problems import Place
from orderloom.run.machine.events import Call, Failure


@dataclass(frozen=True)
class Stop:
    """Why a case could not be played to its end. `place` is that of the answer that is at fault, if one is.

    `unanswered` is the name under which an answer is missing.
    """

    message: str
    help: str | None = None
    place: Place | None = None
    unanswered: str | None = None


class StopError(Exception):
    """The case cannot go on."""

    def __init__(
        self,
        message: str,
        help: str | None = None,  # noqa: A002 (the word users see)
        place: Place | None = None,
        unanswered: str | None = None,
    ) -> None:
        self.stop = Stop(message, help, place, unanswered)
        super().__init__(message)


@dataclass
class ClosedWorld:
    """The answers of one case; how many each call has had is kept."""

    case: Case
    targets: Targets
    _had: dict[tuple[str, int | None, bool], int] = field(default_factory=dict)

    def series(self, call: Call) -> Series | None:
        """What answers this call, if anything does. Raises `StopError` where the items are answered in part."""
        answer = next((self.case.world[name] for name in names_of(call, self.targets) if name in self.case.world), None)
        if answer is None:
            return None
        if not answer.each:
            return answer.series[0]
        return self._of_item(call, answer)

    def _of_item(self, call: Call, answer: Answer) -> Series | None:
        items, told = call.owner.items_of(call.program), len(answer.series)
        if call.item is None or items != told:
            message = f"`{label(call)}` has {items} items, and `each` answers {told}"
            raise StopError(message, "give one answer an item", answer.place)
        return answer.series[call.item]

    def left(self, call: Call, series: Series) -> bool:
        """Whether the series has a further answer for this call."""
        return not series.by_attempt or self._had.get(_who(call), 0) < len(series.said)

    def next(self, call: Call, series: Series) -> Said:
        """The next answer. Raises `StopError` where all have been given."""
        number = self._had.get(_who(call), 0)
        self._had[_who(call)] = number + 1
        if not series.by_attempt:
            return series.said[0]
        if number < len(series.said):
            return series.said[number]
        told = f"`{label(call)}` is called for the {_ordinal(number + 1)} time; {len(series.said)} calls are answered"
        raise StopError(told, "a list answers one attempt after the other, a single answer all of them", series.place)

    def result(self, call: Call, said: Gives) -> tuple[str, Any]:
        """The outcome and the record that stand for the call's. Raises `StopError` where a formula gives what does not
        fit."""
        target = self._target(call)
        outcome, value = str(outcome_of(said, target.outcomes)), self.said(call, said)
        given = {name: one for name, one in value.items() if name != "outcome"} if isinstance(value, Mapping) else {}
        try:
            return outcome, fields_of(target.node, outcome, target.schemas).result(outcome, given)
        except ValueError as error:
            raise StopError(f"the answer of `{label(call)}` does not fit: {error}", None, said.place) from None

    def said(self, call: Call, said: Gives) -> Any:
        """What the answer says now that its formulas can be read: of a question, as a person would give it."""
        try:
            value = evaluated(said.value, scope_of(call.owner, **{GIVEN: dict(call.inputs)}))
        except FeelError as error:
            raise StopError(f"a formula of the answer meets a limit: {error.message}", None, said.place) from None
        return as_data(value) if call.node.answer is not None else value

    def _target(self, call: Call) -> Target:
        found = self.targets.undos if call.undo else self.targets.steps
        return found[unnumbered(call.name)]


def not_listed(call: Call) -> StopError:
    """The call would reach outside, and the case does not say what comes back."""
    node, step = call.node, label(call)
    what = f"the undo of `{call.name}` uses" if call.undo else f"`{call.name}` uses"
    outcomes = call.program.undo.outcomes if call.undo and call.program.undo else call.program.planned.outcomes
    word = outcomes[0] if outcomes else "…"
    mend = f"say in `world:` what it answers: `{step}: {word}`" + (f" ({', '.join(outcomes)})" if outcomes[1:] else "")
    told = f"{what} `{node.name}`, which has effects, and the case does not say what it answers"
    return StopError(told, mend, unanswered=step)


def asks_outside(call: Call, failure: Failure) -> StopError:
    """A node without effects asked a connection, of which a closed world has none."""
    mend = f"say in `world:` what `{label(call)}` answers"
    told = failure.message.partition(";")[0]
    told = f"`{call.name}` asks the outside, and the case does not say what it answers ({told})"
    return StopError(told, mend, unanswered=label(call))


def label(call: Call) -> str:
    """The name under which an answer stands."""
    return f"{UNDO}{call.name}" if call.undo else call.name


def _who(call: Call) -> tuple[str, int | None, bool]:
    return call.name, call.item, call.undo


def _ordinal(number: int) -> str:
    ends = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if 10 < number % 100 < 14 else ends.get(number % 10, 'th')}"
