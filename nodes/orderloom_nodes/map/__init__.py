"""Makes a document of another shape, field by field: for an ERP, a warehouse, a spreadsheet."""

from __future__ import annotations

from typing import Any

from orderloom import FieldMapping, NodeError, Outcome, node


class Mapped(Outcome, name="mapped"):
    """The record that the mapping makes."""

    value: Any


@node("map")
def map_fields(
    fields: Any = None, mapping: FieldMapping | None = None, documents: dict[str, Any] | None = None
) -> Mapped:
    """Map fields by formulas: those of `fields` in the flow itself, or those of a mapping file over `documents`.

    `with: {fields: {number: =order.order_number}}` needs no file. With `mapping: mappings/erp.map.yaml` the documents
    are handed over by the names under the file's `from`: `documents: {order: =capture.order}`.
    """
    if mapping is None:
        if fields is None:
            raise NodeError("invalid", "nothing says what to map: give `fields`, or `mapping` with `documents`")
        return Mapped(value=fields)
    given = documents or {}
    missing = [name for name in mapping.sources if given.get(name) is None]
    if missing:
        raise NodeError("invalid", f"mapping `{mapping.name}` reads `{missing[0]}`, and `documents` does not hold it")
    made = mapping.apply(given)
    return Mapped(value={**made, **fields} if isinstance(fields, dict) and isinstance(made, dict) else made)
