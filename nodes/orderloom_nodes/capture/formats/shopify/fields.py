"""The fields of Shopify's Order resource: which are mapped, which are never kept, and all that are known."""

from __future__ import annotations

# mapped to a field of the canonical order, or told by one that is: not repeated in the metadata
MAPPED = frozenset((
    "id", "admin_graphql_api_id", "name", "order_number", "number", "created_at", "processed_at", "updated_at",
    "cancelled_at", "cancel_reason", "currency", "presentment_currency", "taxes_included", "customer",
    "customer_locale", "email", "contact_email", "phone", "buyer_accepts_marketing", "billing_address",
    "shipping_address", "line_items", "shipping_lines", "shipping_line", "tax_lines", "discount_applications",
    "discount_codes", "applied_discount", "financial_status", "fulfillment_status", "transactions", "payment_terms",
    "note", "tags", "test", "source_name", "source", "po_number", "source_identifier", "subtotal_price",
    "subtotal_price_set", "total_line_items_price", "total_line_items_price_set", "total_discounts",
    "total_discounts_set", "total_shipping_price_set", "total_tax", "total_tax_set", "total_price",
    "total_outstanding", "total_tip_received", "original_total_duties_set", "original_total_additional_fees_set",
))

# keys to the buyer's own order page and checkout, and what a card was
NEVER_KEPT = frozenset(("token", "cart_token", "checkout_token", "order_status_url", "payment_details", "invoice_url"))

KNOWN = MAPPED | NEVER_KEPT | frozenset((
    "app_id", "browser_ip", "checkout_id", "client_details", "closed_at", "company", "completed_at",
    "confirmation_number", "confirmed", "current_shipping_price_set", "current_subtotal_price",
    "current_subtotal_price_set", "current_total_additional_fees_set", "current_total_discounts",
    "current_total_discounts_set", "current_total_duties_set", "current_total_price", "current_total_price_set",
    "current_total_tax", "current_total_tax_set", "device_id", "duties_included", "estimated_taxes", "fulfillments",
    "gateway", "invoice_sent_at", "landing_site", "landing_site_ref", "location_id", "merchant_business_entity_id",
    "merchant_of_record_app_id", "note_attributes", "order_id", "payment_gateway_names", "processing_method",
    "reference", "referring_site", "refunds", "returns", "source_url", "status", "tax_exempt",
    "total_cash_rounding_payment_adjustment_set", "total_cash_rounding_refund_adjustment_set", "total_price_set",
    "total_price_usd", "total_weight", "user_id",
))
