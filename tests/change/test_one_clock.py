"""A case has one clock, that of the scenario: it jumps to whatever comes next, and nothing sleeps."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.change.small import BARE, one, played, told

TICK = '''
    from orderloom import Later, Outcome, World, node
    from datetime import timedelta

    class Ticked(Outcome, name="ticked"):
        at: str

    @node("tick")
    def tick(world: World, seen: list[str | None] = [], later: int = 0) -> Ticked | Later:
        """Tell the time, once so many days have passed."""
        if later and world.state is None:
            return Later(world.now() + timedelta(days=later), {"again": True})
        return Ticked(at=world.now().isoformat())
'''
FLOW = """
    flow: small
    defaults: {timeout: 30s, retry: 4x 2s..5m}
    steps:
      capture: {use: capture}
      wait: {use: wait-for, with: {event: e, match: "1"}, after: [capture], timeout: 2d, on_error: {timeout: ~}}
      send: {use: notify, with: {template: shipped, to: =capture.order.customer, data: {}}}
      tick: {use: tick, with: {seen: ["=coalesce(wait.outcome)", "=coalesce(send.outcome)"]}}
"""
FILES = {"nodes/tick/__init__.py": TICK}


@pytest.fixture(autouse=True)
def _nobody_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    def sleep(_: float) -> None:
        raise AssertionError("something slept")

    monkeypatch.setattr(time, "sleep", sleep)


@pytest.mark.parametrize(
    ("wait", "send", "moment"),
    [
        ("happened", "sent", "2026-03-02T10:00:00+00:00"),
        ("{after: 1d, outcome: happened}", "sent", "2026-03-03T10:00:00+00:00"),
        ("raises timeout", "sent", "2026-03-04T10:00:00+00:00"),
        ("{after: 3d, outcome: happened}", "sent", "2026-03-04T10:00:00+00:00"),  # too late: the time limit was 2d
        ("happened", "{after: 20s, outcome: sent}", "2026-03-02T10:00:20+00:00"),
        ("happened", "{after: 5d, outcome: sent}", "2026-03-07T10:00:00+00:00"),
        ("happened", "[raises unavailable, sent]", "2026-03-02T10:00:02+00:00"),
        ("happened", "[raises unavailable, raises unavailable, sent]", "2026-03-02T10:00:06+00:00"),
        ("happened", "[raises timeout, sent]", "2026-03-02T10:00:32+00:00"),
        ("{after: 1d, outcome: happened}", "{after: 2d, outcome: sent}", "2026-03-04T10:00:00+00:00"),
    ],
)
def test_the_clock_jumps_over_waits_retries_and_time_limits(tmp_path: Path, wait: str, send: str, moment: str) -> None:
    world = f"world: {{wait: {wait}, send: {send}}}"

    result = one(
        tmp_path, f"- {{case: c, {world}, expect: {{outputs: {{tick.at: '{moment}'}}}}}}",
        flow=FLOW, world=BARE, files=FILES,
    )  # fmt: skip

    assert told(result) == []


def test_a_step_that_says_later_is_called_again_then(tmp_path: Path) -> None:
    flow = """
        flow: small
        steps:
          capture: {use: capture}
          slow: {use: tick, with: {seen: ["=capture.order.order_id"], later: 30}}
          quick: {use: tick, with: {seen: ["=capture.order.order_id"], later: 2}}
    """

    result = one(
        tmp_path,
        """
        - case: the quicker one comes first
          expect:
            path: [capture, quick, slow]
            outputs: {slow.at: '2026-04-01T10:00:00+00:00', quick.at: '2026-03-04T10:00:00+00:00'}
        """,
        flow=flow, world=BARE, files=FILES,
    )  # fmt: skip

    assert told(result) == []


def test_what_waits_when_the_run_ends_does_not_happen_any_more(tmp_path: Path) -> None:
    flow = """
        flow: small
        steps:
          capture: {use: capture}
          wait: {use: wait-for, with: {event: e, match: "1"}, after: [capture], timeout: 9d}
          ask:
            use: ask
            after: [capture]
            with: {kind: approve, desk: d, question: Now?}
            next: {approved: stop, declined: ~}
          stop: {use: tick, with: {seen: []}, end: stopped}
    """

    result = played(
        tmp_path,
        """
        - case: the end comes first
          world: {wait: {after: 2d, outcome: happened}, ask: {after: 1d, outcome: approved}}
          expect: {status: stopped, path: [capture, ask:approved, stop]}
        - case: the event comes first
          world: {wait: {after: 2h, outcome: happened}, ask: {after: 1d, outcome: approved}}
          expect: {status: stopped, path: [capture, wait, ask:approved, stop]}
        """,
        flow=flow, world=BARE, files=FILES,
    )  # fmt: skip

    assert [told(case) for case in result.cases] == [[], []]


def test_a_step_that_is_never_done_ends_the_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from orderloom.change.scenario import timeline

    monkeypatch.setattr(timeline, "MOST_CALLS", 50)
    never = TICK.replace("if later and world.state is None:", "if later:")
    flow = "flow: small\nsteps:\n  capture: {use: capture}\n  tick: {use: tick, with: {later: 1}, after: [capture]}\n"

    result = one(
        tmp_path, "- {case: c, expect: {status: completed}}", flow=flow, world=BARE,
        files={"nodes/tick/__init__.py": never},
    )  # fmt: skip

    assert told(result) == ["the run comes to no end: 50 calls were made"]
