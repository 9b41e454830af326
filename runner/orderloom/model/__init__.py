"""The canonical model: the documents that every node speaks, and nothing of any channel."""

from orderloom.model.address import Address, AddressValidation
from orderloom.model.base import Dimensions, ExternalRef, Measure, Model
from orderloom.model.line import (
    Attribute,
    Discount,
    DiscountType,
    Handling,
    Hazmat,
    Line,
    Period,
    Substitution,
    TaxLine,
)
from orderloom.model.money import MINOR_DIGITS, MixedCurrenciesError, Money, minor_unit
from orderloom.model.order import (
    CancelReason,
    Channel,
    Fee,
    FulfillmentStatus,
    Hold,
    Order,
    OrderType,
    Pickup,
    Promise,
    Raw,
    ReturnStatus,
    Risk,
    ShippingLine,
    ShippingPreferences,
    Totals,
    order_identity,
)
from orderloom.model.party import Party, TaxId
from orderloom.model.patching import EditRefusedError, misfits, patched, replaced
from orderloom.model.payment import (
    Card,
    Payment,
    PaymentStatus,
    PaymentTerms,
    PaymentTermsType,
    Transaction,
    TransactionKind,
    TransactionStatus,
)
from orderloom.model.record import OrderRecord, all_back, more_than_sold
from orderloom.model.returns import (
    Refund,
    RefundAllocation,
    Return,
    ReturnHistory,
    ReturnLine,
    ReturnPolicy,
)
from orderloom.model.shipment import (
    Carrier,
    Customs,
    Label,
    Package,
    RateQuote,
    Routing,
    Shipment,
    ShipmentLine,
    TrackingEvent,
)
from orderloom.model.stock import Location, Reservation, StockLevel, Take

__all__ = [
    "MINOR_DIGITS", "Address", "AddressValidation", "Attribute", "CancelReason", "Card", "Carrier", "Channel",
    "Customs", "Dimensions", "Discount", "DiscountType", "EditRefusedError", "ExternalRef", "Fee", "FulfillmentStatus",
    "Handling", "Hazmat", "Hold", "Label", "Line", "Location", "Measure", "MixedCurrenciesError", "Model", "Money",
    "Order", "OrderRecord", "OrderType", "Package", "Party", "Payment", "PaymentStatus", "PaymentTerms",
    "PaymentTermsType", "Period", "Pickup", "Promise", "RateQuote", "Raw", "Refund", "RefundAllocation", "Reservation",
    "Return", "ReturnHistory", "ReturnLine", "ReturnPolicy", "ReturnStatus", "Risk", "Routing", "Shipment",
    "ShipmentLine", "ShippingLine", "ShippingPreferences", "StockLevel", "Substitution", "Take", "TaxId", "TaxLine",
    "Totals", "TrackingEvent", "Transaction", "TransactionKind", "TransactionStatus", "all_back", "minor_unit",
    "misfits", "more_than_sold", "order_identity", "patched", "replaced",
]
