"""Item definitions in, types as they are declared out."""

from __future__ import annotations

from orderloom.dmn.model import Item, Variable
from orderloom.dmn.reading_parts import named, notes_of, read_text, read_variable, type_of
from orderloom.source.xml import Element

_USED = ("typeRef", "allowedValues", "typeConstraint", "itemComponent", "functionItem")


def read_item(element: Element) -> Item:
    function = element.child("functionItem")
    return Item(
        name=named(element),
        type=type_of(element),
        collection=element.get("isCollection") in {"true", "1"},
        allowed=read_text(element.child("allowedValues")),
        constraint=read_text(element.child("typeConstraint")),
        components=tuple(read_item(one) for one in element.all("itemComponent")),
        function=_parameters(function) if function is not None else None,
        result=type_of(function, "outputTypeRef") if function is not None else None,
        notes=notes_of(element, _USED),
        place=element.place,
    )


def _parameters(element: Element) -> tuple[Variable, ...]:
    found = (read_variable(one) for one in element.all("parameters"))
    return tuple(one for one in found if one is not None)
