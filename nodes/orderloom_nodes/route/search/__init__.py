"""What is wanted, what lies where and what it costs in; the cheapest shipments out, with a proof or a bound."""

from __future__ import annotations

from orderloom_nodes.route.search.pricing import is_sound
from orderloom_nodes.route.search.question import Answer, Question
from orderloom_nodes.route.search.searching import Solver, cost_with, highs, proved, search

__all__ = ["Answer", "Question", "Solver", "cost_with", "highs", "is_sound", "proved", "search"]
