"""TRADACOMS' envelope: STX, MHD, MTR, END in; messages out, in one group, each with what is wrong with it.

The standard has no acknowledgement and no codes for faults: they are told in words alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from .envelope import Fault, Group, Interchange, Message
from .segments import Segment, tokenize
from .separators import TRADACOMS
from .texts import Stretch

_AGAIN = "let the partner send the whole transmission again"


def read(stretch: Stretch) -> Interchange:
    """The transmission at the beginning of a stretch."""
    segments = tokenize(stretch.text, TRADACOMS)
    header = next(segments, None) or Segment("STX=", 0, 1, TRADACOMS)
    whole = Interchange(
        "tradacoms",
        TRADACOMS,
        stretch,
        header,
        control=header.get(5),
        version=header.get(1),
        sender=header.get(2, 1) or header.get(2, 2),
        receiver=header.get(3, 1) or header.get(3, 2),
        date=header.get(4, 1),
        time=header.get(4, 2),
    )
    if not whole.sender:
        whole.faults.append(Fault("V701", "interchange", "", "STX names no sender", header, 2))
    group = Group("", whole.control)
    whole.groups.append(group)
    _walk(whole, group, segments)
    return whole


def _walk(whole: Interchange, group: Group, segments: Iterator[Segment]) -> None:
    message: Message | None = None
    for segment in segments:
        if segment.tag == "END":
            _close(message)
            whole.faults += _counted("END", segment, len(group.messages), "interchange")
            rest = next(segments, None)
            whole.after = whole.stretch.text[rest.offset :] if rest else ""
            return
        if segment.tag == "MHD":
            _close(message)
            message = Message(segment.get(2, 1), segment.get(1), segment.get(2, 2), [segment])
            message.place = len(group.messages) + 1
            group.messages.append(message)
        elif message is not None:
            message.segments.append(segment)
            if segment.tag == "MTR":
                message.faults += _counted("MTR", segment, len(message.segments), "message")
                message = None
        elif segment.tag not in {"BAT", "EOB"}:
            said = f"`{segment.tag[:12]}` stands outside of a message"
            whole.faults.append(Fault("V706", "interchange", "", said, segment, mend="MHD= opens a message"))
    _close(message)
    said = "the transmission ends without its trailer END="
    whole.faults.append(Fault("V702", "interchange", "", said, whole.header, tag="END", mend=_AGAIN))


def _close(message: Message | None) -> None:
    if message is not None:
        said = f"message {message.control} ends without its trailer MTR="
        message.faults.append(Fault("V702", "message", "", said, message.segments[0], tag="MTR", mend=_AGAIN))


def _counted(tag: str, trailer: Segment, count: int, level: str) -> Iterator[Fault]:
    told = trailer.get(1)
    if not told.isdecimal() or int(told) != count:
        what = "segments" if tag == "MTR" else "messages"
        said = f"{tag}= counts `{told}` {what}, and there are {count}"
        yield Fault("V704", "message" if level == "message" else "interchange", "", said, trailer, 1, mend=_AGAIN)
