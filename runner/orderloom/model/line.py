"""A line of an order: the article, how many, its price, discounts and taxes, and what must be heeded in packing."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from orderloom.model.address import Country
from orderloom.model.base import (
    Count,
    Dimensions,
    ExternalRef,
    Id,
    Locating,
    Measure,
    Model,
    NotNegative,
    Quantity,
    Timestamp,
)
from orderloom.model.money import Money

DiscountType = Literal["fixed_amount", "percentage", "free_shipping", "buy_x_get_y", "manual"]


class TaxLine(Model):
    """One tax. `included`: the prices already hold it."""

    title: str | None = None
    rate: NotNegative | None = None
    amount: Money
    included: bool | None = None


class Discount(Model):
    """One discount; `amount` is positive and is what it takes off, `value` is what was promised (10 percent)."""

    code: str | None = None
    title: str | None = None
    type: DiscountType | None = None
    value: NotNegative | None = None
    amount: Money


class Hazmat(Model):
    """Dangerous goods, by the names of the UN model regulations."""

    un_number: Annotated[str, Field(pattern=r"^UN[0-9]{4}$")] | None = None
    hazard_class: str | None = None
    limited_quantity: bool = False
    lithium_battery: Literal["none", "contained", "packed_with", "standalone"] = "none"


class Handling(Model):
    """What must be heeded when this is packed and carried."""

    hazmat: Hazmat | None = None
    temperature: Literal["ambient", "chilled", "frozen"] = "ambient"
    fragile: bool = False
    oversize: bool = False
    age_restricted: bool = False
    ship_alone: bool = False
    upright: bool = Field(default=False, description="may be turned around, and never tipped over")
    hs_code: Annotated[str, Field(pattern=r"^\d{6,10}$")] | None = None
    origin_country: Country | None = None


class Substitution(Model):
    """Whether another article may be sent instead, and which."""

    allowed: bool = False
    candidates: tuple[str, ...] = ()


class Attribute(Model):
    """A word of the buyer's on a line: an engraving, a colour."""

    name: str
    value: Locating = None


class Period(Model):
    """From and until; either may be open."""

    earliest: Timestamp | None = None
    latest: Timestamp | None = None


class Line(Model):
    """An article and how many: `returned ≤ shipped ≤ quantity - cancelled` always.

    An empty `sku` is for `validate` to hold. `weight` and `dimensions` are of one unit; `line_total` is unit price by
    quantity less the line's discounts.
    """

    line_id: Id
    sku: Annotated[str, Field(max_length=255)] = ""
    gtin: Annotated[str, Field(pattern=r"^\d{8}(\d{4,6})?$")] | None = None
    title: str | None = None
    variant_title: str | None = None
    quantity: Quantity
    quantity_cancelled: Count = 0
    quantity_shipped: Count = 0
    quantity_returned: Count = 0
    unit_price: Money
    discounts: tuple[Discount, ...] = ()
    taxes: tuple[TaxLine, ...] = ()
    line_total: Money | None = None
    requires_shipping: bool = True
    taxable: bool = True
    gift_card: bool = False
    final_sale: bool = False
    weight: Measure | None = None
    dimensions: Dimensions | None = None
    handling: Handling | None = None
    bundle_id: str | None = None
    substitution: Substitution | None = None
    attributes: tuple[Attribute, ...] = ()
    requested_delivery: Period | None = None
    external_refs: tuple[ExternalRef, ...] = ()

    @property
    def quantity_open(self) -> int:
        """What is still to be shipped."""
        return self.quantity - self.quantity_cancelled - self.quantity_shipped

    @model_validator(mode="after")
    def _quantities_agree(self) -> Self:
        if self.quantity_shipped > self.quantity - self.quantity_cancelled:
            raise ValueError("more is shipped than was ordered and not cancelled")
        if self.quantity_returned > self.quantity_shipped:
            raise ValueError("more is returned than was shipped")
        return self
