"""connections.yaml in, named connections out, each opened when it is first used.

mail: {type: smtp, host: smtp.example.com, user: shop, password: {env: SMTP_PASSWORD}, from: Shop <shop@example.com>}
stock: {type: stock-files, folder: stock}
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orderloom.problems import Place, Problem, ProblemsError, did_you_mean, respelt
from orderloom.source import Document, read_document
from orderloom.world.common_keys import COMMON_KEYS, guard_of
from orderloom.world.connection_types import ConnectionType, Unfit
from orderloom.world.errors import ConnectionFailedError, ConnectionUnusableError
from orderloom.world.guard import guarded
from orderloom.world.mail import Outbox
from orderloom.world.secrets import SecretMissingError
from orderloom.world.types import CONNECTION_TYPES

CONNECTIONS_LIMIT = 200


@dataclass(frozen=True)
class Definition:
    """What connections.yaml says of one connection, checked."""

    kind: ConnectionType
    values: Mapping[str, Any]
    place: Place = field(default=Place("connections.yaml"))


@dataclass
class Connections(Mapping[str, object]):
    """Names and opened connections; nothing is opened, and no secret read, before it is asked for."""

    definitions: Mapping[str, Definition]
    base: Path
    _opened: dict[str, object] = field(default_factory=dict, repr=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def __getitem__(self, name: str) -> object:
        """The opened connection. Raises `KeyError`, and `ConnectionFailedError` where it cannot be opened."""
        definition = self.definitions[name]
        with self._lock:
            if name not in self._opened:
                self._opened[name] = self._open(name, definition)
            return self._opened[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.definitions)

    def __len__(self) -> int:
        return len(self.definitions)

    def in_doubt_of(self, name: str) -> str | None:
        """What is done about a call of which nobody knows whether it took effect, where the connection says so."""
        definition = self.definitions.get(name)
        return definition.values.get("in_doubt") if definition else None

    def check(self, names: Iterable[str] | None = None) -> list[Problem]:
        """Open these (or all) now; says which of them this machine cannot open, without touching the network."""
        found = []
        for name in self.definitions if names is None else names:
            try:
                self.get(name)
            except ConnectionFailedError as error:
                at, mend = self.definitions[name].place, "set what is missing where this runs"
                found.append(Problem("C007", error.message, at, mend))
        return found

    def problems(self, name: str) -> Sequence[Problem]:
        """What is wrong with the files of a connection. A secret that is elsewhere is no mistake of theirs."""
        try:
            opened = self[name]
        except ConnectionFailedError as error:
            found = error.__cause__.problems if isinstance(error.__cause__, ProblemsError) else ()
            at, message = self.definitions[name].place, f"connection `{name}` cannot be opened"
            return [Problem("C007", f"{message}: {one.message}", at, one.help) for one in found]
        told: Sequence[Problem] = getattr(opened, "problems", tuple)()
        return told

    def _open(self, name: str, definition: Definition) -> object:
        message = f"connection `{name}` ({definition.place}) cannot be opened"
        guard = guard_of(name, definition.values)
        try:
            opened = definition.kind.open(definition.values, self.base)
            return guarded(opened, guard) if guard else opened
        except SecretMissingError as error:
            raise ConnectionUnusableError(f"{message}: {error}") from error
        except ProblemsError as error:
            why = "; ".join("; ".join(filter(None, (one.message, one.help))) for one in error.problems)
            raise ConnectionUnusableError(f"{message}: {why}") from error


def read_connections(path: Path | None, base: Path) -> Mapping[str, object]:
    """The connections of a project; its folders are relative to `base`. Without the file: `mail` is an outbox there.

    Raises `ProblemsError` with every finding of the file.
    """
    if path is None or not path.is_file():
        return {"mail": Outbox(base / "outbox")}
    document = read_document(path)
    problems = list(_shape_problems(document))
    definitions = {} if problems else {name: _definition(name, document, problems) for name in document.data}
    if problems:
        raise ProblemsError(problems)
    return Connections({name: found for name, found in definitions.items() if found}, base)


def _shape_problems(document: Document) -> Iterator[Problem]:
    if not isinstance(document.data, dict):
        yield Problem(
            "C001", "connections.yaml names each connection", document.place(()), "for example: `mail: {type: outbox}`"
        )
        return
    if len(document.data) > CONNECTIONS_LIMIT:
        message = f"more than {CONNECTIONS_LIMIT} connections"
        yield Problem("C001", message, document.place(()), "take out those that no flow names")
    for name, said in document.data.items():
        if not isinstance(said, dict):
            yield Problem(
                "C001",
                f"connection `{name}` needs a type",
                document.place((name,)),
                f"for example: `{name}: {{type: outbox}}`",
            )


def _definition(name: str, document: Document, problems: list[Problem]) -> Definition | None:
    said: dict[str, Any] = document.data[name]
    if "type" not in said:
        problems.append(Problem("C002", f"connection `{name}` needs a `type`", document.key_place((name,)), _types()))
        return None
    kind = CONNECTION_TYPES.get(said["type"]) if isinstance(said["type"], str) else None
    if kind is None:
        near = did_you_mean(said["type"], CONNECTION_TYPES) if isinstance(said["type"], str) else None
        place = document.place((name, "type"))
        message = f"no type of connection is named `{said['type']}`"
        fix = respelt(place, str(said["type"]), CONNECTION_TYPES)
        problems.append(Problem("C002", message, place, near or _types(), fix=fix))
        return None
    values, found = _values(name, kind, document)
    if not found:
        place = document.key_place((name,))
        found = [Problem(odd.code, f"connection `{name}` {odd.message}", place, odd.help) for odd in kind.odd(values)]
    problems.extend(found)
    return Definition(kind, values, document.key_place((name,)))


def _values(name: str, kind: ConnectionType, document: Document) -> tuple[dict[str, Any], list[Problem]]:
    said = {key: value for key, value in document.data[name].items() if key != "type"}
    values: dict[str, Any] = {}
    known = {**kind.keys, **COMMON_KEYS}
    problems = [_missing(name, key, kind, document) for key in kind.keys if kind.keys[key].required and key not in said]
    for key, value in said.items():
        if key not in known:
            message = f"a connection of type `{kind.name}` has no `{key}`"
            near = did_you_mean(key, known) or f"it has: {', '.join(known)}"
            place = document.key_place((name, key))
            fix = respelt(place, key, [one for one in known if one not in said])
            problems.append(Problem("C003", message, place, near, fix=fix))
            continue
        values[key] = read = known[key].read(value)
        if isinstance(read, Unfit):
            problems.append(Problem(read.code, f"`{key}` {read.message}", document.place((name, key)), read.help))
    return values, problems


def _missing(name: str, key: str, kind: ConnectionType, document: Document) -> Problem:
    message = f"connection `{name}` of type `{kind.name}` needs `{key}`"
    return Problem("C004", message, document.key_place((name,)), f"for example: `{key}: {kind.keys[key].example}`")


def _types() -> str:
    return f"the types are: {', '.join(CONNECTION_TYPES)}"
