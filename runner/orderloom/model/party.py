"""A person or firm that buys, sends back or asks."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from orderloom.model.base import ERASED, PII, Count, ExternalRef, Id, Locating, Model, Personal


class TaxId(Model):
    """A tax number and whose it is: `eu_vat`, `us_ein` …"""

    scheme: str | None = None
    value: str


class Party(Model):
    """Who it is. `orders_count` is None where the channel does not say, 0 for a first order."""

    customer_id: Annotated[Id | None, Field(json_schema_extra=ERASED)] = None
    first_name: Personal = None
    last_name: Personal = None
    company: Locating = None
    email: Personal = None
    phone: Personal = None
    locale: str | None = Field(default=None, description="BCP 47")
    accepts_marketing: bool | None = None
    tax_ids: Annotated[tuple[TaxId, ...], Field(json_schema_extra=PII)] = ()
    tags: tuple[str, ...] = ()
    orders_count: Count | None = None
    external_refs: Annotated[tuple[ExternalRef, ...], Field(json_schema_extra=ERASED)] = ()
