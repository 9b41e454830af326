"""Parquet files in, chunks of columns out, and decided orders back, with pyarrow (`pip install 'orderloom[files]'`)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Context, Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from orderloom.problems import COMMAND_LINE, Place, refuse
from orderloom.rules.batch.facts import Coded, Column, Scaled
from orderloom.rules.batch.files import Chunk
from orderloom.rules.decision import json_output

WIDTH = 38  # digits of a decimal of 128 bits
PLACES = 12  # of the numbers that are written; 26 digits are left before the point
WORD_DIGITS = 18  # decimals with more do not fit into 64 bits
_EXACT = Context(prec=2 * WIDTH)
_LEAST = Decimal(1).scaleb(-PLACES)


def record_chunks(path: Path, size: int) -> Iterator[Chunk]:
    """A row group is read at a time, so that memory stays flat."""
    try:
        file = pq.ParquetFile(path)
    except (OSError, pa.ArrowInvalid) as error:
        message = f"this is no Parquet file that can be read: {str(error).splitlines()[0]}"
        help_ = "write it again, or give the orders as .csv or .jsonl"
        raise refuse("D035", message, Place(str(path)), help_) from None
    line = 1
    for batch in file.iter_batches(batch_size=size):
        columns = {name: column_of(batch.column(at)) for at, name in enumerate(batch.schema.names)}
        yield Chunk(columns, range(line, line + batch.num_rows), source=batch)
        line += batch.num_rows


def column_of(array: Any) -> Column:
    """The facts in the form that is decided quickest."""
    kind = array.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind):
        coded = array if pa.types.is_dictionary(kind) else array.dictionary_encode()
        return Coded(coded.indices.fill_null(-1).to_numpy(zero_copy_only=False), coded.dictionary.to_pylist())
    if pa.types.is_decimal128(kind) and kind.precision <= WORD_DIGITS and kind.scale >= 0:
        return _scaled(array)
    if array.null_count == 0 and (pa.types.is_signed_integer(kind) or pa.types.is_float64(kind)):
        numbers: Column = array.to_numpy(zero_copy_only=False)
        return numbers
    listed: Column = array.to_pylist()
    return listed


def _scaled(array: Any) -> Scaled:
    """A decimal of 128 bits is two words, the lower first; up to 18 digits the lower says all."""
    words = np.frombuffer(array.buffers()[1], dtype="<i8")
    whole = words[2 * array.offset : 2 * (array.offset + len(array)) : 2]
    missing = array.is_null().to_numpy(zero_copy_only=False) if array.null_count else None
    return Scaled(np.where(missing, 0, whole) if missing is not None else whole, array.type.scale, missing)


class ParquetWriter:
    """Writes the orders that were decided as they came, with the columns that were decided beside them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: Any = None

    def write(self, source: Any, decided: Mapping[str, Sequence[Any]], kinds: Mapping[str, str]) -> None:
        """`kinds` are the kinds of the decided columns by name."""
        arrays = [_array(name, values, kinds[name]) for name, values in decided.items()]
        fields = [pa.field(name, array.type) for name, array in zip(decided, arrays, strict=True)]
        schema = pa.schema([*source.schema, *fields])
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, schema)
        self._writer.write_batch(pa.RecordBatch.from_arrays([*source.columns, *arrays], schema=schema))

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def _array(name: str, values: Sequence[Any], kind: str) -> Any:
    if kind == "boolean":
        return pa.array(values, type=pa.bool_())
    if kind == "number":  # as text first, which keeps every digit
        return pa.array([_figure(name, value) for value in values], type=pa.string()).cast(pa.decimal128(WIDTH, PLACES))
    return pa.array([_text(value) for value in values], type=pa.string())


def _figure(name: str, value: int | Decimal | None) -> str | None:
    """Rounded half-even where there are more places than a column has. Raises `ProblemsError` where it is too large."""
    if value is None:
        return None
    if Decimal(value).adjusted() >= WIDTH - PLACES:
        message = f"output `{name}`: {value} has more than {WIDTH - PLACES} digits, and a Parquet file holds no more"
        raise refuse("D035", message, COMMAND_LINE, "write .csv or .jsonl")
    return format(_EXACT.quantize(Decimal(value), _LEAST), "f")


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=json_output)
