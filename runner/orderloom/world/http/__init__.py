"""HTTP to one service: its base address, credentials and limits in; requests to nowhere else out.

service.py      one request, and what can go wrong with it
target.py       the base address, and paths below it
addresses.py    a host's name to addresses that may be connected to
pinned.py       connections to just such an address, with a time limit for the whole answer
"""

from __future__ import annotations

from orderloom.world.http.service import HttpService
from orderloom.world.http.target import Base

__all__ = ["Base", "HttpService"]
