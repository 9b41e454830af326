"""Findings about how steps end: outcomes, error classes, retries and ends, against the node (rules 12, 14 to 16)."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.flow.bind import Bound
from orderloom.flow.check.certain import respelt_word
from orderloom.flow.check.subject import Subject
from orderloom.flow.model import Step
from orderloom.packs import Catalogue, UnknownNodeError
from orderloom.problems import Problem, ProblemsError, did_you_mean, respelt, slip


def outcomes_in_next(subject: Subject) -> Iterator[Problem]:
    """G001 and G002: `next` names each outcome of the node and no other."""
    for step in subject.flow.steps.values():
        outcomes = subject.bound[step.name].outcomes
        if outcomes is None:
            continue
        known = list(outcomes)
        unknown = [word for word in step.next if word not in known]
        missing = [word for word in known if word not in step.next] if len(known) > 1 and not step.end else []
        for word in unknown:
            mend = did_you_mean(word, missing) or did_you_mean(word, known)
            near = mend.split("`")[1] if mend else (missing[0] if len(missing) == len(unknown) == 1 else None)
            missing = [other for other in missing if other != near]
            place = subject.key_place("steps", step.name, "next", word)
            yield Problem(
                "G002",
                f"`{step.name}` has no outcome `{word}`",
                place,
                mend or f"it can be: {', '.join(known)}",
                fix=respelt_word(subject, place, word, slip(word, [one for one in known if one not in step.next])),
            )
        if missing:
            yield _unnamed(subject, step, missing, known)


def _unnamed(subject: Subject, step: Step, missing: list[str], known: list[str]) -> Problem:
    words = " and ".join(f"`{word}`" for word in missing)
    if not step.next:
        place = subject.key_place("steps", step.name)
        return Problem(
            "G001",
            f"`{step.name}` has several outcomes and no `next`",
            place,
            f"say where each leads: {', '.join(known)} (`~` for nowhere)",
        )
    return Problem(
        "G001",
        f"`next` has no path for {words}",
        subject.key_place("steps", step.name, "next"),
        f"`{step.name}` can be: {', '.join(known)} (`~` leads nowhere)",
    )


def routes_beside_end(subject: Subject) -> Iterator[Problem]:
    """G003: the run has ended when the step is done, so no outcome leads on."""
    for step, key, word, target, path in subject.routes():
        if key == "next" and step.end:
            yield Problem(
                "G003",
                f"`{word}` cannot lead to `{target}`: the run ends as `{step.end}` when `{step.name}` is done",
                subject.place(*path),
                "take out the route, or the `end`",
            )


def error_classes(subject: Subject) -> Iterator[Problem]:
    """G009: `on_error` names classes that the node can fail with."""
    for step in subject.flow.steps.values():
        node = subject.bound[step.name].node
        if node is None:
            continue
        known = [*node.error_classes]
        for word in step.on_error:
            if word not in known:
                mend = did_you_mean(word, known) or f"its classes are: {', '.join(known)}"
                place = subject.key_place("steps", step.name, "on_error", word)
                if word in (subject.bound[step.name].outcomes or ()):
                    mend = f"`{word}` is an outcome: it belongs under `next`"
                fix = respelt(place, word, [one for one in known if one not in step.on_error])
                yield Problem("G009", f"node `{node.name}` has no error class `{word}`", place, mend, fix=fix)


def retries(subject: Subject) -> Iterator[Problem]:
    """S002: an effect that may happen only once is not repeated (rule 16)."""
    for step in subject.flow.steps.values():
        node = subject.bound[step.name].node
        if node is None or step.retry is None or not step.retry.times:
            continue
        place = subject.key_place("steps", step.name, "retry")
        if node.effects == "once":
            yield Problem(
                "S002",
                f"`{step.name}` may not be repeated: the effects of node `{node.name}` have no key to dedupe by",
                place,
                "take out `retry`: what fails goes to the inbox, where a person decides",
            )
        elif node.kind in {"wait", "trigger"}:
            yield Problem(
                "S003",
                f"`retry` has no meaning here: `{node.name}` is a {node.kind}",
                place,
                "take it out; the end of the time is routed by `on_error: {timeout: …}`"
                if node.kind == "wait"
                else "take it out",
            )


def time_limits(subject: Subject) -> Iterator[Problem]:
    """S009 (warning): a wait without a time never ends by its time; defaults do not apply to it (rule 18)."""
    for step in subject.flow.steps.values():
        node = subject.bound[step.name].node
        if node is not None and node.kind == "wait" and "timeout" in step.on_error and step.timeout is None:
            place = subject.key_place("steps", step.name, "on_error", "timeout")
            message = f"`{step.name}` waits without a time limit, so this route is never taken"
            yield Problem("S009", message, place, "add `timeout:`, such as `timeout: 2d`", "warning")


def accepted_by(subject: Subject, catalogue: Catalogue) -> Iterator[Problem]:
    """N006: what accepts an edited document has no effects and one required input (rule 14)."""
    for name, bound in subject.bound.items():
        if (
            bound.node is None
            or bound.node.name != "ask"
            or not isinstance(accept := bound.settings.get("accept"), str)
        ):
            continue
        place = subject.place("steps", name, "with", "accept")
        try:
            node = catalogue.find(accept)
        except UnknownNodeError as error:
            mend, fix = did_you_mean(accept, error.known), respelt(place, accept, error.known)
            yield Problem("N001", f"no node is named `{accept}`", place, mend, fix=fix)
            continue
        except ProblemsError as error:
            yield from error.problems
            continue
        needed = [parameter.name for parameter in node.published if parameter.required]
        if node.effects != "none" or len(needed) != 1 or node.kind in {"trigger", "wait"}:
            why = (
                f"it has effects ({node.effects})"
                if node.effects != "none"
                else f"it needs {', '.join(needed) or 'nothing'}"
            )
            yield Problem(
                "N006",
                f"node `{accept}` cannot accept a document: {why}",
                place,
                "name a node without effects that needs the document and nothing else, such as `validate`",
            )


def has_sources(bound: Bound) -> bool:
    """Whether a trigger listens to anything."""
    return bool(bound.settings.get("sources") or bound.inputs.get("sources"))
