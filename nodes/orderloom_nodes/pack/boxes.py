"""The boxes that there are: a file or a mapping in, checked, the smallest first out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from typing import Any, ClassVar

from orderloom import Document, Place, ProblemsError, file_meant, find_file, read_document, refuse
from orderloom.model import Dimensions
from orderloom_nodes.choose_carrier.reading import Path as Keys
from orderloom_nodes.choose_carrier.reading import Reader
from orderloom_nodes.pack.units import Size, volume

_BOX = ("inside", "outside", "unit", "max_kg", "empty_kg")
_UNITS = ("mm", "cm", "in")
_EXAMPLE = "for example: `S: {inside: [30, 20, 15], unit: cm, max_kg: 10}`"


@dataclass(frozen=True)
class Box:
    """`inside` in tenths of a millimetre; `room_mg`: what it may weigh less what it weighs empty."""

    code: str
    inside: Size
    outside: Dimensions
    room_mg: int
    empty_kg: Decimal


@dataclass(frozen=True)
class Boxes:
    """Every box, by volume and then by name."""

    boxes: tuple[Box, ...]
    setting_schema: ClassVar[dict[str, Any]] = {
        "title": "Boxes",
        "description": "a file of boxes, relative to the flow; or the boxes right here",
        "type": ["string", "object"],
    }

    @classmethod
    def load_setting(cls, value: Any, place: Place, folders: Sequence[Path]) -> Boxes:
        """The boxes that `boxes:` names. Raises `ProblemsError` with all findings."""
        if isinstance(value, Mapping):
            return cls.read(Document(place.file, "", dict(value), {}, {(): place}))
        if not isinstance(value, str) or not value.strip():
            raise refuse("C211", "`boxes` names a file of boxes", place, "for example: `boxes: boxes.yaml`")
        file = find_file(value, folders)
        if file is None:
            raise refuse("C211", f"there is no file `{value}`", place, file_meant(value, folders, ".yaml"))
        return cls.read(read_document(file))

    @classmethod
    def read(cls, document: Document) -> Boxes:
        """Raises `ProblemsError` with all findings."""
        reader = Reader(document)
        named = reader.mapping((), "a file of boxes")
        if not named and not reader.problems:
            reader.blame("C211", "there is no box", (), _EXAMPLE)
        found = [_box(reader, code) for code in named]
        if reader.problems:
            raise ProblemsError(reader.problems)
        return cls(tuple(sorted((box for box in found if box), key=lambda box: (volume(box.inside), box.code))))


def _box(reader: Reader, code: str) -> Box | None:
    before = len(reader.problems)
    path: Keys = (code,)
    reader.mapping(path, f"box `{code}`", _BOX, needed=("inside", "unit", "max_kg"))
    unit = reader.text((*path, "unit"))
    if unit and unit not in _UNITS:
        reader.blame("C206", f"`{unit}` is no unit of length", (*path, "unit"), "write mm, cm or in")
    inside = _sides(reader, (*path, "inside"))
    outside = _sides(reader, (*path, "outside")) or inside
    most = reader.number((*path, "max_kg"), above=0) or Decimal(0)
    empty = reader.number((*path, "empty_kg")) or Decimal(0)
    if most and empty >= most:
        reader.blame("C212", f"box `{code}` weighs {empty} kg and may weigh {most}", (*path, "empty_kg"), _ROOM)
    if len(reader.problems) > before or inside is None or outside is None:
        return None
    if any(inner > outer for inner, outer in zip(inside, outside, strict=True)):
        reader.blame("C212", f"box `{code}` is larger inside than outside", (*path, "outside"), "measure it again")
        return None
    return _made(code, inside, outside, unit, most, empty)


_ROOM = "`max_kg` is the weight of the full box, `empty_kg` that of the box alone"


def _made(
    code: str, inside: tuple[Decimal, ...], outside: tuple[Decimal, ...], unit: str, most: Decimal, empty: Decimal
) -> Box:  # fmt: skip
    inner = _dimensions(inside, unit)
    length, width, height = (int((side * 100).to_integral_value(ROUND_FLOOR)) for side in inner.cm)
    return Box(code, (length, width, height), _dimensions(outside, unit), int((most - empty) * 1_000_000), empty)


def _dimensions(sides: tuple[Decimal, ...], unit: str) -> Dimensions:
    return Dimensions.model_validate(dict(zip(("length", "width", "height"), sides, strict=True)) | {"unit": unit})


def _sides(reader: Reader, path: Keys) -> tuple[Decimal, ...] | None:
    told = reader.at(path)
    if told is None:
        return None
    if not isinstance(told, list) or len(told) != 3:
        reader.blame("C202", f"`{path[-1]}` is length, width and height", path, "for example: [30, 20, 15]")
        return None
    sides = [reader.number((*path, place), above=0) for place in range(3)]
    return tuple(side for side in sides if side is not None) if all(sides) else None
