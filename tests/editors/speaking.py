"""The real yaml-language-server as an editor runs it: a text in; its complaints, offers and hints out."""

from __future__ import annotations

import fcntl
import json
import os
import queue
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
WITHIN_S = 60
MARK = "|"  # where the cursor stands in a text


class NotThereError(Exception):
    """The server cannot be had on this machine; the message says why and what would mend it."""


def installed(folder: Path) -> Path:
    """The server's program, put into the folder by npm when it is not there yet. Raises `NotThereError`."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise NotThereError("needs Node.js with npm: apt-get install nodejs npm")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two runs of npm in one folder tear down what the other unpacks
        return _installed(folder)


def _installed(folder: Path) -> Path:
    program = folder / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    wanted = (HERE / "package-lock.json").read_bytes()
    there = folder / "package-lock.json"
    if program.is_file() and there.is_file() and there.read_bytes() == wanted:
        return program
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(HERE / name, folder / name)
    command = ["npm", "ci", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund"]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, stdin=subprocess.DEVNULL)
    if told.returncode or not program.is_file():
        there.unlink(missing_ok=True)  # half of it is no installation
        raise NotThereError(f"needs yaml-language-server: {' '.join(command)}\n{told.stderr[-500:]}")
    return program


@dataclass
class Server:
    """A conversation over standard input and output, as the Language Server Protocol 3.17 has it."""

    program: Path
    root: Path
    _process: subprocess.Popen[bytes] = field(init=False)
    _inbox: queue.Queue[dict[str, Any]] = field(default_factory=queue.Queue)
    _number: int = 0
    _address: str = ""  # of the file that was opened last

    def __enter__(self) -> Server:
        self._process = subprocess.Popen(
            ["node", str(self.program), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        threading.Thread(target=self._listen, daemon=True).start()
        able = {
            "workspace": {"configuration": True},
            "textDocument": {"hover": {"contentFormat": ["markdown"]}, "publishDiagnostics": {}},
        }
        self._ask("initialize", {"processId": os.getpid(), "rootUri": self.root.as_uri(), "capabilities": able})
        self._send({"method": "initialized", "params": {}})
        return self

    def __exit__(self, *_: object) -> None:
        self._ask("shutdown", None)
        self._send({"method": "exit"})
        self._process.wait(timeout=WITHIN_S)
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    def complaints(self, name: str, text: str) -> list[tuple[int, str]]:
        """Line, counted from 1, and sentence of everything that would be underlined in a file of that name."""
        return [(one["range"]["start"]["line"] + 1, one["message"]) for one in self._opened(name, text)]

    def offers(self, name: str, text: str) -> list[str]:
        """What is offered where the mark stands in the text."""
        found = self._at_mark("textDocument/completion", name, text)
        return [item["label"] for item in (found["items"] if isinstance(found, Mapping) else found)]

    def hint(self, name: str, text: str) -> str:
        """What is shown over the word where the mark stands."""
        found = self._at_mark("textDocument/hover", name, text)
        return str(found["contents"]["value"]) if found else ""

    def _at_mark(self, method: str, name: str, text: str) -> Any:
        before, _, after = text.partition(MARK)
        self._opened(name, before + after)
        position = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        return self._ask(method, {"textDocument": {"uri": self._address}, "position": position})

    def _opened(self, name: str, text: str) -> list[dict[str, Any]]:
        """Open a file that was never open before, and wait for what the server has to say of it."""
        self._number += 1
        file = self.root / name
        self._address = file.with_name(f"{self._number}-{file.name}").as_uri()
        document = {"uri": self._address, "languageId": "yaml", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        told = (one["params"] for one in self._messages() if one.get("method") == "textDocument/publishDiagnostics")
        return next(list(one["diagnostics"]) for one in told if one["uri"] == self._address)

    def _ask(self, method: str, params: Any) -> Any:
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        return next(one.get("result") for one in self._messages() if one.get("id") == self._number)

    def _messages(self) -> Iterator[dict[str, Any]]:
        while True:
            yield self._inbox.get(timeout=WITHIN_S)

    def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _listen(self) -> None:
        """Messages go to the inbox; what the server asks of its editor is answered here."""
        stream = self._process.stdout
        assert stream is not None
        while head := stream.readline():
            length = int(head.split(b":")[1])
            while stream.readline().strip():
                pass
            message = json.loads(stream.read(length))
            if "id" in message and "method" in message:
                self._send({"id": message["id"], "result": _answer(message)})
            else:
                self._inbox.put(message)


def _answer(asked: Mapping[str, Any]) -> Any:
    """The editor's settings: schemas come from the files and the folder alone, never from the network."""
    if asked["method"] != "workspace/configuration":
        return None
    ours = {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}
    return [ours if item.get("section") == "yaml" else {} for item in asked["params"]["items"]]
