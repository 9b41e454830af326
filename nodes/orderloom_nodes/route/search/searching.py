"""A question in, an answer out: a quick plan, a bound, what is left to look at between them, and a proof.

No step depends on the clock: the same question always has the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from orderloom_nodes.route.search.bounding import Bound, Node, first_prices, raised
from orderloom_nodes.route.search.branching import Branching
from orderloom_nodes.route.search.filling import Filled, fill
from orderloom_nodes.route.search.improving import covered, improved
from orderloom_nodes.route.search.options import Option, Problem, problem_of
from orderloom_nodes.route.search.pricing import cost_of
from orderloom_nodes.route.search.question import Answer, Question
from orderloom_nodes.route.search.solver import has_solver, solve

Solver = Callable[[Question], Answer | None]

NODES = 600  # parts of the search looked at before it settles for what it has; some tenths of a second at most
STEPS = 60  # of the prices, before anything is left out


def search(question: Question, nodes: int = NODES) -> Answer | None:
    """The cheapest way to send everything that must be sent, or None where none was found within `nodes`.

    Where nothing limits the shipments or what may leave a site, none is found only if there is none.
    """
    problem = problem_of(question)
    best, value = solved(problem, nodes)
    return None if best is None else answer_of(question, problem, best, value)


def proved(question: Question, solver: Solver | None, nodes: int = NODES) -> Answer | None:
    """As `search`; where that leaves a gap the solver is asked too, and the better plan and bound are taken.

    None is no solver: the search's own answer stands, with its gap.
    """
    own = search(question, nodes)
    other = None if solver is None or (own is not None and own.exact) else solver(question)
    if own is None or other is None:
        return own or other
    best = own if own.cost <= other.cost else other
    bound = min(best.cost, max(own.bound, other.bound))
    return replace(best, bound=bound, exact=bound == best.cost)


def highs() -> Solver | None:
    """HiGHS, where scipy is installed (extra `solver`)."""
    return solve if has_solver() else None


def solved(problem: Problem, nodes: int = NODES) -> tuple[Filled | None, int]:
    """The best plan and the bound, in scaled costs."""
    best = covered(problem, problem.options)
    node = Node((), _by_site(problem.options))
    branching = Branching(problem, best, nodes)
    root = raised(problem, node, first_prices(problem, problem.options), branching.goal(node), STEPS)
    branching.best = best = _better(problem, best, root)
    free = branching.kept(node, root) if best is not None else node.free
    if best is not None and root.value < best.cost:
        branching.best = improved(problem, best, [option for options in free for option in options])
        free = branching.kept(Node((), node.free), root)
    branching.run(Node((), free), root.prices)
    best = branching.best
    value = branching.open_bound
    if best is None:
        return None, root.value
    return best, best.cost if value is None else min(best.cost, max(value, root.value))


def _better(problem: Problem, best: Filled | None, root: Bound) -> Filled | None:
    found = covered(problem, problem.options, root.picked)
    plans = [plan for plan in (best, found) if plan is not None]
    return min(plans, key=lambda plan: plan.cost, default=None)


def _by_site(options: Sequence[Option]) -> tuple[tuple[Option, ...], ...]:
    sites: dict[int, list[Option]] = {}
    for option in options:
        sites.setdefault(option.site, []).append(option)
    return tuple(tuple(found) for found in sites.values())


def answer_of(question: Question, problem: Problem, best: Filled, value: int) -> Answer:
    """The plan by its legs, in the question's own costs."""
    takes = []
    for option in best.options:
        for (item, _, _), leg in zip(option.offers, option.legs_of, strict=True):
            if units := best.flow.get((option.index, item), 0):
                takes.append((leg, item, units))
    takes.sort()
    cost = cost_of(question, takes, best.left)
    bound = min(cost, value // problem.scale)
    return Answer(tuple(takes), cost, bound, bound == cost, best.left)


def cost_with(question: Question, base: Sequence[int], site: int) -> int | None:
    """What using `site` would cost: alone, beside the legs of `base` or instead of one; None: it adds nothing."""
    problem = problem_of(question)
    own = [option for option in problem.options if option.site == site]
    used = [
        option for option in problem.options if len(option.legs) == 1 and option.legs[0] in base and option.site != site
    ]
    picks = [[], used, *([other for other in used if other is not gone] for gone in used)]
    costs = []
    for option in own:
        for pick in picks:
            filled = fill(problem, [*pick, option])
            if filled is not None and any(found.site == site for found in filled.options):
                costs.append(filled.cost // problem.scale)
    return min(costs, default=None)
