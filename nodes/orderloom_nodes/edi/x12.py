"""X12's envelope: ISA, GS, ST in; groups and transaction sets out, each with what is wrong with it.

Note codes are those of TA1 (element I18), group codes 716 and set codes 718 of X12.5 and X12.6.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .envelope import Fault, Group, Interchange, Level, Message
from .segments import Segment, tokenize
from .separators import Separators, of_isa
from .texts import Stretch

_VERSION = re.compile(r"00[2-9]\d\d")
_GROUP_VERSION = re.compile(r"00[2-9]\d{3}\w*")
_ODD = {"element": "026", "component": "027", "segment": "004"}


def read(stretch: Stretch) -> Interchange:
    """The interchange at the beginning of a stretch."""
    separators = of_isa(stretch.text)
    if separators is None:
        header = Segment(stretch.text[:106], 0, 1, Separators("~", stretch.text[3:4] or "*", ">"))
        whole = Interchange("x12", header.separators, stretch, header, control=header.get(13))
        whole.faults.append(Fault("V702", "interchange", "023", "the file ends within ISA", header, mend=_AGAIN))
        return whole
    segments = tokenize(stretch.text, separators)
    header = next(segments, None) or Segment("ISA", 0, 1, separators)
    whole = _header(stretch, separators, header)
    _Walk(whole).go(segments)
    return whole


_AGAIN = "let the partner send the whole interchange again"


def _header(stretch: Stretch, separators: Separators, isa: Segment) -> Interchange:
    whole = Interchange(
        "x12",
        separators,
        stretch,
        isa,
        control=isa.get(13),
        version=isa.get(12),
        sender=isa.get(6),
        sender_qualifier=isa.get(5),
        receiver=isa.get(8),
        receiver_qualifier=isa.get(7),
        date=isa.get(9),
        time=isa.get(10),
        test=isa.get(15) == "T",
        wants_answer=isa.get(14) == "1",
    )
    whole.faults += _odd_header(whole, isa)
    return whole


def _odd_header(whole: Interchange, isa: Segment) -> Iterator[Fault]:
    odd = whole.separators.odd
    if odd:
        shown = f"the {odd} separator cannot be `{getattr(whole.separators, odd)}`".replace("\n", "⏎")
        yield Fault("V701", "interchange", _ODD[odd], shown, isa, mend="ISA's 16 elements have fixed widths")
    if not _VERSION.fullmatch(whole.version):
        said = f"ISA12 says version `{whole.version}`, which is none of X12's"
        yield Fault("V705", "interchange", "017", said, isa, 12, mend="00200 to 00801 are read")
    if not whole.control:
        yield Fault("V701", "interchange", "018", "ISA13 holds no control number", isa, 13)
    if not whole.sender:
        yield Fault("V701", "interchange", "006", "ISA06 names no sender", isa, 6)


class _Walk:
    """The segments of one interchange, sorted into groups and sets."""

    def __init__(self, whole: Interchange) -> None:
        self.whole = whole
        self.group: Group | None = None
        self.set: Message | None = None
        self.sets = 0

    def go(self, segments: Iterator[Segment]) -> None:
        service = {"GS": self._gs, "ST": self._st, "SE": self._se, "GE": self._ge}
        for segment in segments:
            if segment.tag == "IEA":
                self._iea(segment)
                rest = next(segments, None)
                self.whole.after = self.whole.stretch.text[rest.offset :] if rest else ""
                return
            service.get(segment.tag, self._other)(segment)
        self._close_group()
        said = f"the interchange ends without its trailer IEA*…*{self.whole.control}"
        self.whole.faults.append(Fault("V702", "interchange", "023", said, self.whole.header, tag="IEA", mend=_AGAIN))

    def _gs(self, gs: Segment) -> None:
        self._close_group()
        self.group = Group(gs.get(1), gs.get(6), gs.get(8), gs.get(2), gs.get(3), gs)
        self.whole.groups.append(self.group)
        if not _GROUP_VERSION.fullmatch(self.group.version):
            said = f"GS08 says version `{self.group.version}`, which is none of X12's"
            self.group.faults.append(Fault("V705", "group", "2", said, gs, 8, mend="002000 to 008060 are read"))

    def _st(self, st: Segment) -> None:
        self._close_set()
        if self.group is None:
            self._lost(st)
            return
        self.sets += 1
        self.set = Message(st.get(1), st.get(2), st.get(3) or self.group.version, [st], place=self.sets)
        self.group.messages.append(self.set)
        if not self.set.control:
            self.set.faults.append(Fault("V703", "message", "7", "ST02 holds no control number", st, 2))

    def _se(self, se: Segment) -> None:
        if self.set is None:
            self._lost(se)
            return
        self.set.segments.append(se)
        self.set.faults += _compared("SE", se, len(self.set.segments), self.set.control, "message", ("4", "3"))
        self.set = None

    def _ge(self, ge: Segment) -> None:
        self._close_set()
        if self.group is None:
            self._lost(ge)
            return
        self.group.told = int(ge.get(1)) if ge.get(1).isdecimal() else None
        self.group.faults += _compared("GE", ge, len(self.group.messages), self.group.control, "group", ("5", "4"))
        self.group = None

    def _iea(self, iea: Segment) -> None:
        self._close_group()
        count, control = len(self.whole.groups), self.whole.control
        self.whole.faults += _compared("IEA", iea, count, control, "interchange", ("021", "001"))

    def _other(self, segment: Segment) -> None:
        if self.set is not None:
            self.set.segments.append(segment)
        elif self.group is None and segment.tag in {"TA1", "TA3", "ISB", "ISE"}:
            self.whole.others.append(segment.tag)
        else:
            self._lost(segment)

    def _lost(self, segment: Segment) -> None:
        place = "a transaction set" if self.group is not None else "a functional group"
        said = f"`{segment.tag[:12]}` stands outside of {place}"
        mend = "GS opens a group and ST a set: one of them is missing or misspelt"
        self.whole.faults.append(Fault("V706", "interchange", "024", said, segment, mend=mend))

    def _close_set(self) -> None:
        if self.set is not None:
            said = f"set {self.set.control} ends without its trailer SE"
            self.set.faults.append(Fault("V702", "message", "2", said, self.set.segments[0], tag="SE", mend=_AGAIN))
            self.set = None

    def _close_group(self) -> None:
        self._close_set()
        if self.group is not None:
            said = f"group {self.group.control} ends without its trailer GE"
            self.group.faults.append(Fault("V702", "group", "3", said, self.group.header, tag="GE", mend=_AGAIN))
            self.group = None


def _compared(
    tag: str, trailer: Segment, count: int, control: str, level: Level, codes: tuple[str, str]
) -> Iterator[Fault]:
    what = {"SE": "segments", "GE": "sets", "IEA": "groups"}[tag]
    told = trailer.get(1)
    if not told.isdecimal() or int(told) != count:
        said = f"{tag}01 counts `{told}` {what}, and there are {count}"
        yield Fault("V704", level, codes[0], said, trailer, 1, mend=_AGAIN)
    if not _same(trailer.get(2), control):
        said = f"{tag}02 is `{trailer.get(2)}`, and the header's control number is `{control}`"
        yield Fault("V703", level, codes[1], said, trailer, 2, mend=_AGAIN)


def _same(one: str, other: str) -> bool:
    """The same number, whatever noughts stand before it: partners pad differently."""
    if one.isdecimal() and other.isdecimal():
        return int(one) == int(other)
    return one == other
