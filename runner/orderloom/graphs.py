"""Names, and which waits for which, in; an order, the circles, what stands above each out. The one with networkx."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import networkx as nx

Pair = tuple[str, str]  # the first is needed by the second


def in_order(names: Sequence[str], pairs: Iterable[Pair]) -> list[str]:
    """The names so that each stands behind all that it waits for, as near to the given order as can be.

    Raises `networkx.NetworkXUnfeasible` where there is a circle: ask `circles` first.
    """
    position = {name: number for number, name in enumerate(names)}
    return list(nx.lexicographical_topological_sort(_graph(names, pairs), key=position.__getitem__))


def circles(names: Sequence[str], pairs: Iterable[Pair]) -> list[tuple[Pair, ...]]:
    """One circle for each knot of names that wait for one another, from the first of them in the given order."""
    graph = _graph(names, pairs)
    position = {name: number for number, name in enumerate(names)}
    found = []
    for knot in nx.strongly_connected_components(graph):
        first = min(knot, key=position.__getitem__)
        inside = graph.subgraph(knot)
        if len(knot) > 1 or inside.has_edge(first, first):
            found.append(tuple(nx.find_cycle(inside, first)) if len(knot) > 1 else ((first, first),))
    return sorted(found, key=lambda circle: position[circle[0][0]])


def ancestors(names: Sequence[str], pairs: Iterable[Pair]) -> Mapping[str, frozenset[str]]:
    """For each name all that it waits for, near and far."""
    graph = _graph(names, pairs)
    found: dict[str, frozenset[str]] = {}
    for name in nx.topological_sort(graph):
        above = list(graph.predecessors(name))
        found[name] = frozenset(above).union(*(found[other] for other in above))
    return found


def _graph(names: Sequence[str], pairs: Iterable[Pair]) -> Any:
    graph: Any = nx.DiGraph()  # its published types are partial
    graph.add_nodes_from(names)
    graph.add_edges_from(pairs)
    return graph
