"""What stands on a parcel's label in, commands for a label printer out (ZPL II, 203 dots to the inch).

No text becomes a command: whatever is no plain letter or figure goes out as its bytes in hex (`^FH`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from orderloom.paper.label import LabelText
from orderloom.paper.words import BOLD, REGULAR, fit, readable

WIDTH, HEIGHT = 812, 1218
_DOTS_PER_PT = 203 / 72
_PLAIN = re.compile(r"[A-Za-z0-9 .,/-]")
_BARS = re.compile(r"[A-Za-z0-9-]{1,40}")


def label_zpl(text: LabelText) -> bytes:
    """The same as `label_pdf` draws."""
    room = WIDTH - 152 - (250 if text.qr else 0)
    parts = [
        "^XA^CI28", f"^PW{WIDTH}^LL{HEIGHT}^LH0,0",
        *_banner(0, 110, text.banner),
        *_address(126, "FROM", text.sender, 24, 23, WIDTH - 152),
        _rule(296),
        *_address(312, "TO", text.receiver, 44, 42, room),
        *_qr(text.qr),
        _rule(584),
        *_line(32, 596, text.service, 36, WIDTH - 64, BOLD),
        *_line(32, 644, text.reference, 24, WIDTH - 64),
        _rule(680),
        *_tracking(text.tracking_number),
        *_sscc(text.sscc),
        *_banner(HEIGHT - 64, 64, text.banner),
        "^XZ",
    ]  # fmt: skip
    return ("\n".join(part for part in parts if part) + "\n").encode("ascii")


def field(text: str) -> str:
    """The data of one field: `^FH^FD…^FS`."""
    said = "".join(char if _PLAIN.fullmatch(char) else _hex(char) for char in readable(text))
    return f"^FH^FD{said}^FS"


def marked(label: bytes, words: str) -> bytes:
    """A label of ours with words across its middle, for one that is printed again."""
    over = "\n".join(_stamp(words))
    head, end, rest = label.rpartition(b"^XZ")
    if not end:
        raise ValueError("these are no commands of a label: there is no ^XZ")
    return head + over.encode("ascii") + b"\n" + end + rest


def _hex(char: str) -> str:
    return "".join(f"_{byte:02X}" for byte in char.encode())


def _line(x: int, y: int, text: str, dots: int, width: int, font: str = REGULAR) -> Iterator[str]:
    """Font 0 is narrower than the one that it is measured by: it fits in any case."""
    size, [said, *_] = fit(text, width / _DOTS_PER_PT, dots / _DOTS_PER_PT, least=4.5, font=font)
    height = round(size * _DOTS_PER_PT)
    yield f"^FO{x},{y}^A0N,{height},{height}{field(said)}"


def _banner(y: int, height: int, text: str) -> Iterator[str]:
    yield f"^FO0,{y}^GB{WIDTH},{height},{height}^FS"
    yield _centred(y + height // 5, text, height * 0.6, "^FR")


def _centred(y: int, text: str, dots: float, reverse: str = "") -> str:
    size, [said, *_] = fit(text, (WIDTH - 32) / _DOTS_PER_PT, dots / _DOTS_PER_PT, least=4.5, font=BOLD)
    height = round(size * _DOTS_PER_PT)
    return f"^FO0,{y}{reverse}^A0N,{height},{height}^FB{WIDTH},1,0,C{field(said)}"


def _address(y: int, head: str, lines: Sequence[str], dots: int, step: int, room: int) -> Iterator[str]:
    yield from _line(32, y, head, 18, 80)
    most = 6
    if len(lines) > most:
        dots, step = dots * most // len(lines), step * most // len(lines)
    for number, line in enumerate(lines):
        yield from _line(120, y + step * number, line, dots, room, BOLD if number == 0 else REGULAR)


def _rule(y: int) -> str:
    return f"^FO0,{y}^GB{WIDTH},3,3^FS"


def _tracking(number: str) -> Iterator[str]:
    if _BARS.fullmatch(number):
        yield f"^FO60,696^BY3^BCN,96,N,N,N{field(number)}"
    yield _centred(800, number, 28)


def _sscc(sscc: str | None) -> Iterator[str]:
    """`>;` begins in subset C, `>8` is FNC1: together GS1-128."""
    if sscc is None or not (sscc.isascii() and sscc.isdigit()):
        return
    yield _rule(836)
    yield f"^FO94,852^BY4^BCN,252,N,N,N^FD>;>800{sscc}^FS"
    yield _centred(1112, f"(00) {sscc}", 32)


def _qr(value: str | None) -> Iterator[str]:
    """Model 2, error correction M, the reader tells what kind of characters they are (`MA,`)."""
    if value:
        yield f"^FO590,312^BQN,2,7{field(value).replace('^FD', '^FDMA,', 1)}"


def _stamp(words: str) -> Iterator[str]:
    yield f"^FO0,548^GB{WIDTH},60,60^FS"
    yield _centred(554, words, 50, "^FR")
