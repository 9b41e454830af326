"""Where documents come from, as it stands in a flow: one entry a source. What serves them is the runner's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath, PurePosixPath
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from orderloom import file_meant, find_file

from .formats import FormatName
from .formats.csv_rows import ColumnMap

# a flow may name what its sources will bring; what serves sources reads these as they come
Announced = Literal[
    "csv", "xlsx", "ubl", "ubl-order", "x12", "edifact", "tradacoms", "edi", "x12-850", "edifact-orders",
    "tradacoms-orders",
]
Verifier = Literal["shopify", "woocommerce", "stripe", "standard-webhooks", "github", "easypost", "hmac", "token"]


def _webhook(path: str) -> str:
    if not path.startswith("/") or "?" in path or " " in path:
        raise ValueError("a path that begins with `/`, such as /hooks/shopify/orders-paid")
    return path


def _files(pattern: str) -> str:
    if not pattern or pattern.startswith(("/", "~")) or ".." in PurePosixPath(pattern).parts or "\\" in pattern:
        raise ValueError("a pattern inside the project, such as inbox/*.json")
    return pattern


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a time zone of IANA, such as Europe/London") from None
    return name


Zone = Annotated[str, AfterValidator(_zone)]


def _column_map(value: Any, info: ValidationInfo) -> ColumnMap | None:
    """The map at that path in one of the folders that the flow may read. Raises `ProblemsError` for a wrong one."""
    if value is None or isinstance(value, ColumnMap):
        return value
    folders = (info.context or {}).get("folders", ())
    file = find_file(value, folders) if isinstance(value, str) else None
    if file is None:
        raise ValueError(f"the path of a column map that is there; {file_meant(str(value), folders, '.columns.yaml')}")
    return ColumnMap.load(file, folders)


class Source(BaseModel):
    """One of: a webhook, a folder's files, a form. `format` is recognised where it is not given.

    `columns` is the column map of what comes from here as CSV or XLSX, `zone` that of days and times without one (UBL).
    `revises` says that what comes from here changes orders (or returns) that came before, and begins none: one that
    comes too early is kept until what it revises is there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
    webhook: Annotated[str, AfterValidator(_webhook)] | None = None
    files: Annotated[str, AfterValidator(_files)] | None = None
    form: Annotated[str, Field(min_length=1)] | None = None
    verify: Verifier | None = None
    format: FormatName | Announced | None = None
    account: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")] | None = None
    columns: Annotated[
        ColumnMap | None,
        PlainValidator(_column_map),
        WithJsonSchema({"type": "string", "description": "the path of a column map"}),
    ] = None

    revises: bool = False
    zone: Zone | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(way is not None for way in (self.webhook, self.files, self.form)) != 1:
            raise ValueError("exactly one of `webhook`, `files` and `form`")
        if self.verify is not None and self.webhook is None:
            raise ValueError("`verify` with a `webhook` only: files and forms carry no signature")
        if self.columns is not None and self.format not in (None, "csv", "xlsx"):
            raise ValueError(f"`columns` with the formats csv and xlsx only, and this is {self.format}")
        return self


def revises(name: str, sources: Sequence[Source]) -> bool:
    """Whether what bears such a name comes from a source of changes: the first that it fits decides."""
    if not any(one.revises for one in sources):
        return False
    fitting = (one for one in sources if name == one.webhook or (one.files and PurePath(name).match(one.files)))
    return next((one.revises for one in fitting), False)


def zone_for(name: str, sources: Sequence[Source], otherwise: str | None) -> str | None:
    """The zone of the first source that bears such a name, else `otherwise`."""
    fitting = (one.zone for one in sources if one.zone and (name == one.webhook or _bears(name, one.files)))
    return next(fitting, otherwise)


def _bears(name: str, pattern: str | None) -> bool:
    return pattern is not None and PurePath(name).match(pattern)


def columns_for(name: str, sources: Sequence[Source], otherwise: ColumnMap | None) -> ColumnMap | None:
    """The column map of the first source whose files bear such a name, else `otherwise`, else the only one there is.

    A file that is given by hand may lie in another folder: then its own name decides.
    """
    mapped = [(source, source.columns) for source in sources if source.columns is not None]
    for whole in (True, False):
        for source, columns in mapped:
            pattern = source.files or ""
            if pattern and PurePath(name).match(pattern if whole else PurePosixPath(pattern).name):
                return columns
    return otherwise or (mapped[0][1] if len(mapped) == 1 else None)
