"""Where documents come from, as it stands in a flow: one entry a source. What serves them is the runner's."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from .formats import FormatName

# a flow may name what its sources will bring; what serves sources reads these as they come
Announced = Literal[
    "amazon", "ebay", "csv", "xlsx", "ubl-order", "x12-850", "edifact-orders", "tradacoms-orders"
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


class Source(BaseModel):
    """One of: a webhook, a folder's files, a form. `format` is recognised where it is not given."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    webhook: Annotated[str, AfterValidator(_webhook)] | None = None
    files: Annotated[str, AfterValidator(_files)] | None = None
    form: Annotated[str, Field(min_length=1)] | None = None
    verify: Verifier | None = None
    format: FormatName | Announced | None = None
    account: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")] | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(way is not None for way in (self.webhook, self.files, self.form)) != 1:
            raise ValueError("exactly one of `webhook`, `files` and `form`")
        if self.verify is not None and self.webhook is None:
            raise ValueError("`verify` with a `webhook` only: files and forms carry no signature")
        return self
