"""The connection `label-printer`: a label's file in, its commands at the printer out, over TCP as printers take them.

A printer that speaks so confirms nothing. What it was sent is noted before and after: a label that may lie there
already is marked DUPLICATE when it is sent again, so that nobody sticks one label on two parcels.
"""

from __future__ import annotations

import socket
from pathlib import Path
from typing import ClassVar

from orderloom.model import Label
from orderloom.paper.zpl import marked
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.protocols import PrintJob
from orderloom.world.shelf import Shelf

PORT = 9100  # of raw printing, on nearly every label printer
DUPLICATE = "DUPLICATE"
_MOST_BYTES = 2_000_000


class LabelPrinter:
    """One printer. Only files below `folder` are ever sent to it."""

    remote: ClassVar[bool] = True

    def __init__(self, shelf: Shelf, folder: Path, host: str, port: int = PORT, timeout_s: float = 10.0) -> None:
        self._shelf, self._folder, self._at, self._timeout_s = shelf, folder, (host, port), timeout_s

    def print(self, label: Label, key: str) -> PrintJob:
        """Send it once for this key. Raises `ConnectionFailedError` (unavailable) where the printer is not there."""
        known = self._shelf.get("print", key)
        if known == "printed":
            return PrintJob(duplicate=bool(self._shelf.get("print-duplicate", key)))
        name = label.label_id or label.tracking_number or label.path or ""
        duplicate = known == "sending" or self._shelf.get("printed-label", name) is not None
        content = self._content(label)
        content = marked(content, DUPLICATE) if duplicate else content
        self._send(content, key)
        with self._shelf.changing():
            self._shelf.put("print", key, "printed")
            self._shelf.put("print-duplicate", key, duplicate)
            self._shelf.put("printed-label", name, key)
        return PrintJob(duplicate=duplicate)

    def probe(self) -> str:
        """Whether it takes connections; nothing is printed."""
        self._connected().close()
        return f"the printer at {self._at[0]}:{self._at[1]} takes connections"

    def _send(self, content: bytes, key: str) -> None:
        with self._connected() as line:
            self._shelf.put("print", key, "sending")
            try:
                line.sendall(content)
                line.shutdown(socket.SHUT_WR)
            except OSError as error:
                message = f"the printer at {self._at[0]} broke off in the middle of a label"
                raise ConnectionFailedError("unavailable", message, in_doubt=True) from error

    def _connected(self) -> socket.socket:
        try:
            return socket.create_connection(self._at, timeout=self._timeout_s)
        except OSError as error:
            message = f"no printer answers at {self._at[0]}:{self._at[1]}: is it switched on, and in the network?"
            raise ConnectionFailedError("unavailable", message) from error

    def _content(self, label: Label) -> bytes:
        if label.format != "ZPL":
            message = f"a label printer takes ZPL, and this label is {label.format or 'of no known form'}"
            raise ConnectionFailedError("invalid", f"{message}: write `format: zpl` at the connection that makes it")
        file = Path(label.path or "")
        if not label.path or not file.resolve().is_relative_to(self._folder.resolve()):
            raise ConnectionFailedError("refused", f"the label lies outside of {self._folder}")
        try:
            with file.open("rb") as stream:
                return stream.read(_MOST_BYTES)
        except OSError as error:
            why = error.strerror or "the system refused"
            raise ConnectionFailedError("invalid", f"{file} cannot be read: {why}") from error
