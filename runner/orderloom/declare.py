"""What a node author imports: one typed function in, a `Node` with its whole description out.

    DeclarationError(TypeError) a signature that does not say enough, with the mend; told as a finding at its line
    NodeError(Exception)        the call failed, with a class that flows can route on
    AnswerRefused(Exception)    what a person or an event said cannot be taken; the question stays open

The signature is the description. A parameter's role is read from its annotation:

    order: Order                        input: a formula or a literal in `with:`, checked against the schema
    desk: Setting[str]                  setting: a literal, known before anything runs
    question: Template                  text with holes, rendered before the call
    table: DecisionTable                resource: any class with `load_setting`, loaded once per plan
    world: World                        the outside, made by the runner; never stands in `with:`
    payload: Payload                    what came in; only the trigger has it
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Protocol, TypeVar, get_args, get_origin, runtime_checkable

from pydantic import BaseModel, ConfigDict, TypeAdapter

from orderloom.problems import Place, Problem, did_you_mean
from orderloom.shapes import OutcomeSchemas, Schema, input_schema
from orderloom.world import World

T = TypeVar("T")
Kind = Literal["trigger", "action", "decision", "wait"]
Effects = Literal["none", "keyed", "once"]
InDoubt = Literal["retry", "query", "ask", "fail"]
Role = Literal["input", "setting", "template", "resource", "world", "payload"]

_NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
NODE_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
ERROR_CLASSES = ("timeout", "rate_limited", "unavailable", "refused", "invalid", "empty")  # every node knows these
RETRYABLE = frozenset({"timeout", "rate_limited", "unavailable"})


class _Marker:
    role: Role

    def __init__(self, role: Role) -> None:
        self.role = role


Setting = Annotated[T, _Marker("setting")]
Template = Annotated[str, _Marker("template")]


class Outcome(BaseModel):
    """One way a node can end, with what it gives. `class Chosen(Outcome, name="chosen")`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    outcome: str = ""  # the word itself: every subclass makes it a literal
    outcome_name: ClassVar[str] = ""

    def __init_subclass__(cls, name: str | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        word = name or re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        cls.outcome_name = word
        cls.__annotations__ = {"outcome": Literal[word], **inspect.get_annotations(cls)}
        cls.outcome = word


@dataclass(frozen=True)
class Derived:
    """An outcome whose name and fields follow from the settings (a table's own column, a question's kind)."""

    outcome: str
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Later:
    """Not yet: call again at `at` with `state`; the run waits meanwhile."""

    at: datetime
    state: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Wait:
    """What a run waits for: a person's task at a desk, or an event matched by a value."""

    kind: Literal["person", "event", "time", "dry_run"]
    about: Mapping[str, Any]  # question, desk, document, problems, words, or event and match: shown as it is


@dataclass(frozen=True)
class Payload:
    """Raw bytes that reached a trigger, and what is known of where they came from."""

    data: bytes
    name: str = "-"  # a file name or a webhook path, for messages
    format: str | None = None  # as told by the caller; None: recognise it
    account: str | None = None
    line: int = 1  # where in the named file it begins: one order of many


@dataclass(frozen=True)
class Unreadable:
    """A document that the trigger could not read: kept with its problems, starts nothing."""

    problems: tuple[Problem, ...]
    document: str = ""  # the part of the payload it was, for the quarantine


@dataclass(frozen=True)
class Revising:
    """A document that only revises another one: it begins no run, and is kept until that one has come."""

    outcome: Outcome | Derived


@dataclass(frozen=True)
class PassedOver:
    """So many rows or documents that a rule leaves out: they start nothing and are counted by `reason`."""

    reason: str
    count: int = 1


class DeclarationError(TypeError):
    """A node is not declared so; `mend` says how it is."""

    def __init__(self, message: str, mend: str) -> None:
        self.message, self.mend = message, mend
        super().__init__(message)


class NodeError(Exception):
    """The call failed. `error_class` is one of `ERROR_CLASSES` or one that the node declares.

    `in_doubt`: what it asked for may have been done all the same.
    """

    def __init__(
        self, error_class: str, message: str, *, retry_after_s: float | None = None, in_doubt: bool = False
    ) -> None:
        self.error_class, self.message, self.retry_after_s = error_class, message, retry_after_s
        self.in_doubt = in_doubt
        super().__init__(f"{error_class}: {message}")


class AnswerRefused(Exception):  # noqa: N818 (it is an answer to a person, not a failure)
    """The answer cannot be taken; `problems` go back to who gave it."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


@runtime_checkable
class Resource(Protocol):
    """A setting that is loaded before the run: a rule table, a folder of rate cards.

    Where its files have a form of their own, `file_kind` (a word) and `file_schema()` (draft-07) tell editors of it.
    """

    @classmethod
    def load_setting(cls, value: Any, place: Place, folders: Sequence[Path]) -> Resource:
        """Make it from what stands in `with:` (a path relative to one of `folders`, or inline data).

        Raises `ProblemsError` with the place in the file that is at fault.
        """
        ...


@dataclass(frozen=True)
class Parameter:
    """One key of a step's `with:`, or what the runner itself supplies."""

    name: str
    role: Role
    annotation: Any
    required: bool
    default: Any = None

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """Checks and converts a value; instances of our models pass through as they are."""
        return TypeAdapter(self.annotation)

    @property
    def resource(self) -> type[Resource]:
        """The class that loads the setting; only where the role is `resource`."""
        found = next(part for part in get_args(self.annotation) or (self.annotation,) if hasattr(part, "load_setting"))
        return typing.cast("type[Resource]", found)

    @cached_property
    def schema(self) -> Schema:
        """JSON Schema 2020-12 of the value as it may stand in `with:`."""
        if self.role == "resource":
            declared = getattr(self.resource, "setting_schema", None)
            return dict(declared) if declared else {"type": ["string", "object"]}
        return input_schema(self.annotation)


DerivesOutcomes = Callable[[Mapping[str, Any]], Mapping[str, Schema]]


@dataclass(frozen=True)
class Node:
    """A node as the runner, the checker and the exporters see it."""

    name: str
    version: int
    kind: Kind
    effects: Effects
    in_doubt: InDoubt
    errors: tuple[str, ...]
    summary: str
    parameters: tuple[Parameter, ...]
    outcome_types: tuple[type[Outcome], ...]
    call: Callable[..., Any]
    answer: Callable[..., Any] | None = None  # kind wait: (data, **inputs) -> Outcome | Derived
    derive: DerivesOutcomes | None = None
    derived_from: str = ""  # in words, for the published description
    place: Place = field(default=Place("-"))
    pack: str = "core"
    rehearses: bool = False  # in a dry run it is called, with `world.rehearsal`, and changes nothing
    described: Mapping[str, Schema] | None = None  # its outcomes, where a description stands for a function's types

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The author's own function, unchanged."""
        return self.call(*args, **kwargs)

    def outcomes(self, settings: Mapping[str, Any]) -> Mapping[str, Schema]:
        """Outcome name → JSON Schema of what it gives, in declared order.

        `settings` holds loaded settings and resources. A field's schema `{"x-same-as": "document"}` has the
        type of the input of that name. May raise `KeyError` where a needed setting is missing.
        """
        if self.derive is not None:
            return self.derive(settings)
        return self._static_outcomes if self.described is None else self.described

    @cached_property
    def _static_outcomes(self) -> Mapping[str, Schema]:
        return OutcomeSchemas({kind.outcome_name: kind for kind in self.outcome_types})

    @property
    def published(self) -> tuple[Parameter, ...]:
        """The parameters that may stand in `with:`."""
        return tuple(p for p in self.parameters if p.role not in {"world", "payload"})

    def parameter(self, name: str) -> Parameter | None:
        return next((p for p in self.published if p.name == name), None)

    @property
    def folder(self) -> Path:
        """Where its declaration, its description and its cases lie."""
        return Path(self.place.file).parent

    @property
    def error_classes(self) -> tuple[str, ...]:
        return (*ERROR_CLASSES, *(e for e in self.errors if e not in ERROR_CLASSES))


def node(
    name: str,
    *,
    version: int = 1,
    kind: Kind = "action",
    effects: Effects = "none",
    in_doubt: InDoubt | None = None,
    errors: Sequence[str] = (),
    outcomes: DerivesOutcomes | None = None,
    derived_from: str = "",
    answer: Callable[..., Any] | None = None,
    rehearses: bool = False,
) -> Callable[[Callable[..., Any]], Node]:
    """Declare a node. Raises `DeclarationError` at import where the signature does not say enough."""

    _refuse_words(name, kind, effects, in_doubt)

    def declare(function: Callable[..., Any]) -> Node:
        _refuse_function(name, kind, function)
        hints = typing.get_type_hints(function, include_extras=True)
        return Node(
            name=name,
            version=version,
            kind=kind,
            effects=effects,
            in_doubt=in_doubt or ("ask" if effects == "once" else "retry"),
            errors=tuple(errors),
            summary=(inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " "),
            parameters=tuple(_parameters(function, hints)),
            outcome_types=() if outcomes else tuple(_outcome_types(name, hints.get("return"))),
            call=function,
            answer=answer,
            derive=outcomes,
            derived_from=derived_from,
            rehearses=rehearses,
            place=Place(inspect.getsourcefile(function) or "-", function.__code__.co_firstlineno, 1),
        )

    return declare


def _refuse_words(name: Any, kind: str, effects: str, in_doubt: str | None) -> None:
    if callable(name):
        raise DeclarationError("a node is declared with its name", f'@node("{name.__name__.replace("_", "-")}")')
    if not NODE_NAME.fullmatch(name):
        raise DeclarationError(f"`{name}` cannot be the name of a node", "small letters, digits and `-`: gift-wrap")
    said = {"kind": (kind, get_args(Kind)), "effects": (effects, get_args(Effects))}
    for what, (word, known) in {**said, "in_doubt": (in_doubt, (None, *get_args(InDoubt)))}.items():
        if word not in known:
            words = [one for one in known if one]
            mend = did_you_mean(str(word), words) or f'{what}="{words[0]}"'
            raise DeclarationError(f"node {name}: {what} `{word}` is none of {', '.join(words)}", mend)


def _refuse_function(name: str, kind: Kind, function: Any) -> None:
    """It is called by the names of its parameters, and gives its outcome at once; a trigger yields its documents."""
    if not inspect.isfunction(function):
        raise DeclarationError(f"node {name}: only a function can be declared a node", "put `@node(…)` above a `def`")
    if inspect.iscoroutinefunction(function) or (inspect.isgeneratorfunction(function) and kind != "trigger"):
        message = f"node {name}: the function gives no outcome when it is called"
        raise DeclarationError(message, "a plain `def` that ends with `return`")
    odd = [one for one in inspect.signature(function).parameters.values() if one.kind not in _NAMED]
    if odd:
        message = f"node {name}: `{odd[0]}` cannot be given by its name"
        raise DeclarationError(message, "let each parameter have a name and a type: `note: str`")


def _parameters(function: Callable[..., Any], hints: Mapping[str, Any]) -> list[Parameter]:
    found = []
    for name, parameter in inspect.signature(function).parameters.items():
        if name not in hints:
            message = f"node function {function.__qualname__}: parameter `{name}` needs a type"
            raise DeclarationError(message, f"such as `{name}: str`")
        required = parameter.default is inspect.Parameter.empty
        default = None if required else parameter.default
        found.append(Parameter(name, _role(hints[name]), hints[name], required, default))
    return found


def _role(annotation: Any) -> Role:
    if annotation is World:
        return "world"
    if annotation is Payload:
        return "payload"
    if get_origin(annotation) is Annotated:
        for marker in get_args(annotation)[1:]:
            if isinstance(marker, _Marker):
                return marker.role
    bare = [part for part in get_args(annotation) or (annotation,) if part is not type(None)]
    if len(bare) == 1 and isinstance(bare[0], type) and hasattr(bare[0], "load_setting"):
        return "resource"
    return "input"


def _outcome_types(name: str, returns: Any) -> list[type[Outcome]]:
    parts = get_args(returns) or (returns,)
    found = [part for part in _flattened(parts) if isinstance(part, type) and issubclass(part, Outcome)]
    if not found:
        message = f"node {name}: the function must return one or more Outcome classes"
        raise DeclarationError(message, "such as `-> Done`, with `class Done(Outcome)` above it")
    words = [kind.outcome_name for kind in found]
    twice = sorted({word for word in words if words.count(word) > 1})
    if twice:
        raise DeclarationError(f"node {name}: two outcomes are named `{twice[0]}`", "give one of them another `name=`")
    return found


def _flattened(parts: Sequence[Any]) -> list[Any]:
    return [leaf for part in parts for leaf in (_flattened(get_args(part)) if get_args(part) else [part])]
