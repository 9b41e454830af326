"""Ending a long command cleanly: what is in flight goes on to its rest, nothing new begins."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress

import click


def on_interrupt(*, quietly: bool = False) -> asyncio.Event:
    """Set by Ctrl-C; a second Ctrl-C ends the command as it stands. Where it is meant to, `quietly` says nothing."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        stopping.set()
        if not quietly:
            click.echo("finishing what is in flight; Ctrl-C again ends at once", err=True)
        loop.remove_signal_handler(signal.SIGINT)

    with suppress(NotImplementedError, RuntimeError, ValueError):  # no signals here: Windows, or not the main thread
        loop.add_signal_handler(signal.SIGINT, stop)
    return stopping


def on_terminate(stopping: asyncio.Event) -> asyncio.Event:
    """Set by SIGTERM, with which a service manager ends a command, along with `stopping`."""
    told, loop = asyncio.Event(), asyncio.get_running_loop()

    def stop() -> None:
        told.set()
        stopping.set()

    with suppress(NotImplementedError, RuntimeError, ValueError):
        loop.add_signal_handler(signal.SIGTERM, stop)
    return told
