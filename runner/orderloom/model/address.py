"""Addresses by libaddressinput's names, as received or as corrected.

What is missing or odd is for `validate` to find: an address without a street or with an unknown country is still
kept, so that its order waits for a person instead of being lost.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from orderloom.model.base import ERASED, PII, Locating, Model, Personal

AddressKind = Literal["residential", "business", "po_box", "military", "locker", "pickup_point", "unknown"]
ValidationStatus = Literal["not_checked", "valid", "corrected", "ambiguous", "invalid"]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2")]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class AddressValidation(Model):
    """What an address check found."""

    status: ValidationStatus = "not_checked"
    method: str | None = None
    candidates: tuple[dict[str, Any], ...] = ()
    messages: tuple[str, ...] = ()


class Address(Model):
    """Where something goes. `phone` and `email` are as received until `validate` puts them in form."""

    name: Personal = None
    company: Locating = None
    address_lines: Annotated[tuple[str, ...], Field(max_length=5, json_schema_extra=PII)] = ()
    dependent_locality: Locating = None
    city: Locating = None
    region_code: str | None = Field(default=None, description="ISO 3166-2 without the country")
    region_name: Locating = None
    postal_code: str | None = Field(
        default=None, description="text: leading zeros are kept", json_schema_extra=ERASED
    )
    sorting_code: Locating = None
    country_code: str = Field(default="", pattern=r"^([A-Z]{2})?$", description="ISO 3166-1 alpha-2; empty: not known")
    phone: Personal = None
    email: Personal = None
    kind: AddressKind | None = None
    latitude: Annotated[Latitude | None, Field(json_schema_extra=PII)] = None
    longitude: Annotated[Longitude | None, Field(json_schema_extra=PII)] = None
    validation: AddressValidation | None = Field(default=None, json_schema_extra=ERASED)
    original: dict[str, Any] | None = Field(default=None, description="as received", json_schema_extra=PII)
