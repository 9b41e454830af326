"""Findings about connections: each that a step names, or that its node needs, is one that there is."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from orderloom.flow.check.subject import Subject
from orderloom.problems import Problem, did_you_mean

CONNECTION = "connection"  # the setting in which a node takes the name of one


def connections(subject: Subject, known: Collection[str]) -> Iterator[Problem]:
    """N008: an error for a name that was written; a warning, once for each node, for the name a node has of itself.

    The connections belong to the machine: a flow whose nodes find none of their own is right, and fails when it is run.
    """
    told: set[tuple[str, str]] = set()
    for bound in (*subject.bound.values(), *subject.undos.values()):
        name = bound.settings.get(CONNECTION)
        if bound.node is None or not isinstance(name, str) or name in known:
            continue
        written = (*bound.path, "with", CONNECTION)
        if written in subject.flow.source.values:
            place = subject.place(*written)
            mend = did_you_mean(name, known) or f"there are: {', '.join(known) or 'none'}"
            yield Problem("N008", f"no connection is named `{name}`", place, mend)
        elif (bound.node.name, name) not in told:
            told.add((bound.node.name, name))
            yield Problem(
                "N008",
                f"node `{bound.node.name}` needs the connection `{name}`, which connections.yaml does not name",
                subject.place(*bound.path, "use"),
                f"add `{name}:` to connections.yaml, or name another: `with: {{{CONNECTION}: …}}`",
                "warning",
            )
