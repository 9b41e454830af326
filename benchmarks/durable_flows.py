"""The flows that durable engines are compared by, each with a hand that does its steps one by one."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

from delivery import set_up
from durable_light import LightHand
from durable_work import Hand

FLOWS = ("shipped", "light")


def hand_of(flow: str, root: Path) -> Any:
    """The steps of that flow, in a folder that `make_project` has prepared."""
    gc.set_threshold(50_000, 20, 20)  # as the command line does, here for the peers too
    hand = LightHand(root) if flow == "light" else Hand(root)
    gc.freeze()
    return hand


def make_project(flow: str, root: Path) -> None:
    """What the flow needs, written into an empty folder."""
    if flow == "shipped":
        set_up(root)
