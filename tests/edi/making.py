"""Interchanges for tests: segments in, an envelope around them out, counted and numbered right unless told else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from orderloom import Payload
from orderloom.model import Order
from orderloom_nodes.capture import capture

HEAD = ("BEG*00*SA*4711**20260302",)
LINE = ("PO1*1*5*EA*9.95**VN*MUG",)
ISA = (
    "ISA*00*          *00*          *ZZ*{sender:<15}*ZZ*{receiver:<15}*260302*0930"
    "*{repeat}*{version}*{control:0>9}*0*{test}*>"
)


def x12(*sets: Sequence[str], kind: str = "850", group: str = "PO", control: str = "55", **told: Any) -> str:
    """One interchange with one group; a set is its segments between ST and SE."""
    said = {"sender": "BUYER", "receiver": "SELLER", "version": "00401", "repeat": "U", "test": "P", **told}
    inner = []
    for number, segments in enumerate(sets, 1):
        count = said.get("se_count", len(segments) + 2)
        inner += [f"ST*{kind}*{number:04}", *segments, f"SE*{count}*{said.get('se_control', f'{number:04}')}"]
    isa = ISA.format(
        control=control, **{name: said[name] for name in ("sender", "receiver", "version", "repeat", "test")}
    )
    gs = f"GS*{group}*{said['sender']}*{said['receiver']}*20260302*0930*7*X*{said.get('gs_version', '004010')}"
    tail = [
        f"GE*{said.get('ge_count', len(sets))}*{said.get('ge_control', '7')}",
        f"IEA*{said.get('iea_count', 1)}*{said.get('iea_control', f'{control:0>9}')}",
    ]
    return "".join(f"{segment}~\n" for segment in (isa, gs, *inner, *tail))


def edifact(*messages: Sequence[str], kind: str = "ORDERS:D:96A:UN", level: str = "UNOC:3", **told: Any) -> str:
    """One interchange without groups; a message is its segments between UNH and UNT."""
    inner = []
    for number, segments in enumerate(messages, 1):
        inner += [f"UNH+{number}+{kind}", *segments, f"UNT+{told.get('unt_count', len(segments) + 2)}+{number}"]
    head = f"UNB+{level}+5400110000009:14+5013546107732:14+260302:0930+77"
    tail = f"UNZ+{told.get('unz_count', len(messages))}+{told.get('unz_control', '77')}"
    return "".join(f"{segment}'" for segment in (head, *inner, tail))


def captured(text: str | bytes, name: str = "orders.edi", **settings: Any) -> list[Any]:
    data = text.encode() if isinstance(text, str) else text
    return list(capture(Payload(data, name, None, settings.pop("payload_account", None)), **settings))


def order(text: str | bytes, **settings: Any) -> Order:
    """The only order of a file."""
    [found] = captured(text, **settings)
    assert hasattr(found, "order") or hasattr(found, "outcome"), found
    read = getattr(found, "order", None) or found.outcome.order
    assert isinstance(read, Order)
    return read


def told(text: str | bytes, **settings: Any) -> list[tuple[str, str]]:
    """Code and sentence of each finding of a file."""
    return [(p.code, p.message) for found in captured(text, **settings) for p in getattr(found, "problems", ())]
