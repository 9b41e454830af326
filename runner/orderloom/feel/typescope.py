"""What inference stands on: types of names at one place of a formula, and the findings gathered on the way."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orderloom.feel.functions.table import FUNCTION_NAMES
from orderloom.feel.tree import Node
from orderloom.feel.types import ANY, BOOLEAN, NULL, OneOf, Record, Type, describe, text_of, union
from orderloom.problems import did_you_mean


@dataclass(frozen=True)
class Finding:
    """What a formula gets wrong: a stable code, one sentence, offsets into the formula, at most one help.

    R110 carries in `data` what decides whether it matters: `name` (the step, where it is read by its name),
    `field`, and the outcomes `having` and `lacking` it.
    """

    code: str
    message: str
    start: int
    end: int
    help: str | None = None
    meant: str | None = None  # what the word there was for certain to be
    data: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class TypeEnv:
    """Names bound at one place, innermost first; a filter binds an item whose members are names."""

    names: Mapping[str, Type]
    item: Type | None = None
    outer: TypeEnv | None = None

    def levels(self) -> Iterator[TypeEnv]:
        env: TypeEnv | None = self
        while env is not None:
            yield env
            env = env.outer

    def names_here(self) -> list[str]:
        """Every name that stands for a value here, the nearest first."""
        found: dict[str, None] = {}
        for env in self.levels():
            found.update(dict.fromkeys(name for name in env.names if not name.startswith("\0")))
            found.update(dict.fromkeys(field_names(env.item) if env.item else ()))
        return list(found)

    def known(self) -> list[str]:
        """Every name that would be understood here: those of values, then the functions."""
        return [*self.names_here(), *FUNCTION_NAMES]


class Inference:
    """The inference of one formula."""

    def __init__(
        self, text: str, infer_node: Callable[[Inference, Node, TypeEnv], Type], types: Collection[str] = ()
    ) -> None:
        self.text = text
        self.types = types          # names of types that the language does not have itself
        self.findings: list[Finding] = []
        self.soft = 0               # inside how many coalesce(…) and has(…)
        self._infer = infer_node

    def type_of(self, node: Node, env: TypeEnv) -> Type:
        return self._infer(self, node, env)

    def find(
        self, code: str, message: str, node: Node, help_: str | None = None, meant: str | None = None, **data: Any
    ) -> None:
        finding = Finding(code, message, node.start, node.end, help_, meant, data)
        if finding not in self.findings:
            self.findings.append(finding)

    def says(self, node: Node) -> str:
        """The text of a node for a message, shortened."""
        text = " ".join(self.text[node.start : node.end].split())
        return f"`{text}`" if len(text) <= 40 else f"`{text[:37]}…`"

    def wants_condition(self, node: Node, kind: Type, where: str) -> None:
        if kind not in (ANY, BOOLEAN, NULL):
            self.find("E104", f"{where} needs something true or false, {self.says(node)} is {a(kind)}", node)


def field_names(kind: Type) -> list[str]:
    """The members that a value of the type may have."""
    if isinstance(kind, Record):
        return list(kind.fields)
    if isinstance(kind, OneOf):
        return list(dict.fromkeys(["outcome", *(name for r in kind.variants.values() for name in r.fields)]))
    return []


def variant_field(kind: OneOf, name: str) -> tuple[Type, tuple[str, ...], tuple[str, ...]]:
    """The type of a field of a result, the outcomes that have it, and those that lack it."""
    if name == "outcome":
        return text_of(kind.variants), tuple(kind.variants), ()
    having = {word: record.fields[name] for word, record in kind.variants.items() if name in record.fields}
    unsure = {word for word, record in kind.variants.items() if record.open and word not in having}
    lacking = tuple(word for word in kind.variants if word not in having and word not in unsure)
    return union([*having.values(), *(ANY for _ in unsure)]), (*having, *unsure), lacking


def a(kind: Type) -> str:
    """A type with its article."""
    word = describe(kind)
    return word if word in {"text", "null", "anything"} else f"a {word}"


def nearest(word: str, known: list[str]) -> str | None:
    return did_you_mean(word, known)


def listing(words: Mapping[str, Any] | tuple[str, ...] | list[str]) -> str:
    """`a`, `b` and `c`, for messages."""
    shown = [f"`{word}`" for word in words]
    if len(shown) > 8:
        shown = [*shown[:7], f"{len(shown) - 7} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else "none"
