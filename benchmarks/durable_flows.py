"""The flows that durable engines are compared by, each with a hand that does its steps one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from delivery import set_up
from durable_light import LightHand
from durable_work import Hand

FLOWS = ("shipped", "light")


def hand_of(flow: str, root: Path) -> Any:
    """The steps of that flow, in a folder that `make_project` has prepared."""
    return LightHand(root) if flow == "light" else Hand(root)


def make_project(flow: str, root: Path) -> None:
    """What the flow needs, written into an empty folder."""
    if flow == "shipped":
        set_up(root)
