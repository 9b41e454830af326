"""The bytes of an .xlsx file in, an open workbook out, once it is sure that opening it harms nobody.

openpyxl comes with the extra `files`.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from typing import TYPE_CHECKING

from orderloom.problems import Place, refuse

if TYPE_CHECKING:
    from openpyxl import Workbook

LIMIT_BYTES = 50_000_000
UNPACKED_LIMIT_BYTES = 500_000_000
_DOCTYPE = re.compile(rb"<\x00?!\x00?D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E")
_SAVE = "save it again as .xlsx (Excel workbook)"


def load_workbook(content: bytes, file: str, *, rows_only: bool = False) -> Workbook:
    """The workbook; with `rows_only` its sheets are read row by row, and formulas are what they last came to.

    Raises `ProblemsError`: D060 for what is no workbook, D072 where openpyxl is not installed.
    """
    try:
        import openpyxl  # noqa: PLC0415 (an extra)
    except ImportError:
        help_ = "install it: pip install 'orderloom[files]'; or save the sheet as CSV"
        raise refuse("D072", "reading .xlsx needs openpyxl, which is not installed", Place(file), help_) from None
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        message = "this is protected by a password, or in the format of Excel 97"
        raise refuse("D060", message, Place(file), "save it as .xlsx without a password")
    _refuse_bombs(content, file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about parts that openpyxl would lose in writing, which is not done
            return openpyxl.load_workbook(io.BytesIO(content), read_only=rows_only, data_only=rows_only)
    except Exception as error:  # openpyxl raises what it happens to trip over
        raise refuse("D060", "this is no workbook that can be read", Place(file), _SAVE) from error


def _refuse_bombs(content: bytes, file: str) -> None:
    """Archives that unpack to more than they may, and XML with entities, are not looked into."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > UNPACKED_LIMIT_BYTES:
                raise refuse("D060", "unpacked, this is larger than 500 MB", Place(file), "split it into several files")
            for part in archive.infolist():
                with archive.open(part) as stream:
                    if _DOCTYPE.search(stream.read(4096)):
                        message = f"`{part.filename}` in it declares XML entities, which no spreadsheet program does"
                        raise refuse("D060", message, Place(file), _SAVE)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError):
        raise refuse("D060", "this is no workbook that can be read", Place(file), _SAVE) from None
