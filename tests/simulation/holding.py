"""What must hold of a world that has been played, whatever happened in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing

from orderloom.journal import Event, Journal, Run
from orderloom.journal.counting import counted
from orderloom.run.kept.records import RecordError
from orderloom.run.kept.replay import Replay, replay
from orderloom.run.kept.resting import path_of
from tests.simulation import flows
from tests.simulation.clerk import Past
from tests.simulation.forgotten import forgotten, histories
from tests.simulation.people import BY_HAND, key_of
from tests.simulation.traffic import runs_in
from tests.simulation.world import World

Call = tuple[str, int | None, bool]
_TOLD = {
    "erasures": " nothing of ", "erasures refused": "not erased: ", "stopped while letting go": " it is stopped: ",
    "disk ill": " the disk is ", "ended since it cannot write": " since it cannot write",
    "runs not gone on with": " cannot go on with ",
}  # fmt: skip
OWN = {"reserve-stock", "release-stock", "notify"}


def check(world: World) -> Counter[str]:
    """Complain of what does not hold; how much there was of everything."""
    counts: Counter[str] = Counter()
    with closing(Journal(world.place.file, world.place.clock, reading=True)) as journal:
        pasts = list(histories(world, journal))
        for why in [
            *_counts(world, journal), *_tasks(world, journal), *_unforeseen(world, pasts), *forgotten(world, journal)
        ]:  # fmt: skip
            world.place.complain(why)
        for past in pasts:
            counts += Counter({"runs": 1, "events": len(past.events), f"ended {past.run.status}": 1})
            counts += Counter(f"event {event.kind}" for event in past.events)
            for why in _run(world, past):
                world.place.complain(f"{past.run.flow} {past.run.key} ({past.run.status}): {why}")
        counts += Counter(f"payload {run.payload}" for run in journal.select_runs("1"))
        counts["payload gone"] = journal.one("SELECT count(*) FROM gone")[0]
    counts += Counter({"effects": sum(world.place.outside.landed.values()), "processes": world.begun})
    counts["deaths"] = sum(" dies, " in one for one in world.place.trace)
    for name, words in _TOLD.items():
        counts[name] = sum(words in one for one in world.place.trace)
    return counts


def _counts(world: World, journal: Journal) -> Iterator[str]:
    for flow, count in journal.read(counted).items():
        if not count.holds:
            yield f"orders of {flow} in are not what has become of them: {count}"
    for order in sorted(set(world.orders) - set(runs_in(journal, world.clerk))):
        yield f"{order} was accepted, and has no run"


def _tasks(world: World, journal: Journal) -> Iterator[str]:
    gone = journal.one("SELECT count(*) FROM gone")[0]
    for number, words in world.acted.items():
        if len(words) > 1:
            yield f"task {number} was dealt with by two people: {words}"
        if journal.taken(number) is None and not gone:
            yield f"task {number} was dealt with, and nobody has taken it"
    for one in journal.pending():
        yield f"run {one.run} has ended, and waits for {one.kind} {one.step}"


def _unforeseen(world: World, pasts: list[Past]) -> Iterator[str]:
    known = {key for past in pasts for key in _keys(past.run, past.events)}
    for what in world.place.outside.astray:
        yield f"{what} was done by another version of its node than its run began with"
    for key, what in world.place.outside.whats.items():
        if key not in known:
            yield f"{what} was done without an intent"


def _keys(run: Run, events: list[Event]) -> set[str]:
    """By which the outside knows the calls of a run."""
    places = {_place(one) for one in events if one.kind == "intent"}
    return {key_of(run.id, step, item, undo=undo) for step, item, undo in places}


def _run(world: World, past: Past) -> Iterator[str]:
    run, events = past.run, past.events
    if run.events != len(events):
        yield f"it has {len(events)} events, and {run.events} are counted"
    yield from _once(events)
    try:
        played = replay(flows.held_to(run.pin), events)
    except RecordError as error:
        yield f"it cannot be played back: {error}"
        return
    without_undo = any(event.kind == "cancelled" and json.loads(event.body).get("undone") is False for event in events)
    if not without_undo:
        yield from _as_played(past, played)
    yield from _effects(world, run, events)
    yield from _own(world, run, events, played, without_undo=without_undo)
    if not without_undo:
        yield from _taken_back(world, run, events)


def _as_played(past: Past, played: Replay) -> Iterator[str]:
    if played.interpreter.status != past.run.status:
        yield f"played back it is {played.interpreter.status}"
    if path_of(played.interpreter) != past.steps:
        yield f"played back it went {path_of(played.interpreter)!r}, and {past.steps!r} is told"
    if played.calls:
        yield f"calls came to nothing: {sorted(place[0] for place in played.calls)}"


def _once(events: list[Event]) -> Iterator[str]:
    """Each outcome is recorded once, each event from outside and each task has done one thing."""
    outcomes = Counter(_place(one) for one in events if one.kind in {"done", "given"})
    signals = Counter(body["signal"] for one in events if "signal" in (body := json.loads(one.body)))
    tasks = Counter(body["task"] for one in events if "task" in (body := json.loads(one.body)))
    for found in (outcomes, signals, tasks):
        for what, times in found.items():
            if times > 1:
                yield f"{what} is recorded {times} times"


def _place(event: Event) -> Call:
    return event.step, event.item, bool(json.loads(event.body).get("undo"))


def _effects(world: World, run: Run, events: list[Event]) -> Iterator[str]:
    """Each effect outside: none without an intent, all that are recorded, and oftener than once only where unknown."""
    outside = world.place.outside
    intents = Counter(_place(one) for one in events if one.kind == "intent")
    for place, times in intents.items():
        key = key_of(run.id, place[0], place[1], undo=place[2])
        landed = outside.landed[key]
        if _is_done(place, events) and not landed and _node(run, place) not in OWN:
            yield f"{place} is recorded as done, and nothing was done"
        if landed > 1 + _unknown(place, events):
            yield f"{place} was done {landed} times, of which {times} had an intent"
        if landed > 1 and _node(run, place) != "mark":
            yield f"{place} was done {landed} times"


def _is_done(place: Call, events: list[Event]) -> bool:
    return any(one.kind == "done" and _place(one) == place for one in events)


def _unknown(place: Call, events: list[Event]) -> int:
    """How often nobody could know whether it had been done: the answer was lost, or the process died."""
    here = [one for one in events if one.step == place[0] and _place(one) == place]
    lost = sum(bool(json.loads(one.body).get("in_doubt")) for one in here if one.kind == "failed")
    broken_off = sum(
        one.kind == "intent" and (number + 1 == len(here) or here[number + 1].kind == "intent")
        for number, one in enumerate(here)
    )
    return lost + broken_off


def _node(run: Run, place: Call) -> str:
    """The node of a step, by its whole name."""
    program, name = flows.held_to(run.pin), place[0]
    while "/" in name:
        first, _, name = name.partition("/")
        first = first.partition("[")[0]
        program = next(step.inner for step in program.steps if step.name == first and step.inner)
    step = next(step for step in program.steps if step.name == name)
    undo = step.undo if place[2] else None
    return undo.node.name if undo else step.node.name


def _own(world: World, run: Run, events: list[Event], played: Replay, *, without_undo: bool) -> Iterator[str]:
    """What is kept in files of our own is done exactly once."""
    made = world.place.stock._shelf.all("reservation").values()
    here = [one["reservation"] for one in made if one["reservation"]["order_id"] == run.key and run.flow == "ship"]
    held = any(one.step == "hold" and one.kind == "done" and '"reserved"' in one.body for one in events)
    if run.flow == "ship" and len(here) != held and not without_undo:
        yield f"it has {len(here)} reservations, and hold {'was' if held else 'was not'} done"
    should = "released" if "hold" in played.interpreter.undone else "open"
    if here and not without_undo and here[0]["status"] != should:
        yield f"its reservation is {here[0]['status']}, not {should}"
    told = [one for one in events if one.kind == "done" and _node(run, _place(one)) == "notify"]
    messages = world.clerk.messages.values() if run.flow == "ship" else ()
    mine = sum(f"To: {run.key}@" in text for text in messages)
    if mine < len(told) or mine > len({one.step for one in events if one.step in {"tell", "sorry"}}):
        yield f"{mine} messages lie in the outbox, and {len(told)} were sent"


def _taken_back(world: World, run: Run, events: list[Event]) -> Iterator[str]:
    """Of a run that was cancelled, what was done and can be undone is undone, once; of all others nothing is."""
    outside = world.place.outside
    backs = Counter(what for key in _keys(run, events) if "/back" in (what := outside.whats.get(key, "")))
    for what, times in backs.items():
        if times > 1 and BY_HAND not in what:
            yield f"{what} was taken back {times} times"
    came = {(step, item) for step, item, undo in map(_place, events) if undo}
    if run.status == "cancelled" and (missing := set(_undoable(run, events)) - came):
        yield f"{sorted(missing, key=str)} was not taken back"
    if run.status != "cancelled" and came:
        yield f"{sorted(came, key=str)} was taken back"


def _undoable(run: Run, events: list[Event]) -> Iterator[tuple[str, int | None]]:
    for one in events:
        step, item, undo = _place(one)
        if one.kind == "done" and not undo and _has_undo(run, step) and BY_HAND not in one.body:
            yield step, item


def _has_undo(run: Run, name: str) -> bool:
    return _node(run, (name, None, True)) in {"take-back", "release-stock"}
