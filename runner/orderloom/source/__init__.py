"""Text in, plain data out, with the place of every key and value: strict YAML and strict JSON.

What is not plain data (anchors, tags, second documents, duplicate keys, NaN …) is refused with a place and a mend.
Numbers are `int` or `Decimal`, never float.
"""

from __future__ import annotations

from orderloom.source.absent import file_meant
from orderloom.source.document import Document, Path, find_file, spell
from orderloom.source.files import noting, read_bytes, read_document
from orderloom.source.strict_json import parse_json
from orderloom.source.strict_yaml import parse_yaml

__all__ = [
    "Document", "Path", "file_meant", "find_file", "noting", "parse_json", "parse_yaml", "read_bytes", "read_document",
    "spell",
]  # fmt: skip
