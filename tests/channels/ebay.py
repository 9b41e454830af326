"""An order of eBay's Fulfillment API as plain data. Made by us from the published names of its fields: no sample of
eBay's own may be given on freely."""

from __future__ import annotations

from typing import Any


def eur(value: str, **more: str) -> dict[str, str]:
    return {"value": value, "currency": "EUR", **more}


def line_item(**changes: Any) -> dict[str, Any]:
    return {
        "lineItemId": "10001",
        "legacyItemId": "110200300",
        "legacyVariationId": "400500",
        "variationAspects": [{"name": "Colour", "value": "Blue"}],
        "sku": "MUG-BLUE",
        "title": "Mug, blue",
        "lineItemCost": eur("30.00"),
        "quantity": 2,
        "soldFormat": "FIXED_PRICE",
        "listingMarketplaceId": "EBAY_DE",
        "lineItemFulfillmentStatus": "NOT_STARTED",
        "total": eur("34.00"),
        "deliveryCost": {"shippingCost": eur("5.00")},
        "appliedPromotions": [
            {"discountAmount": eur("1.00"), "promotionId": "P1", "description": "two for less"}
        ],
        "taxes": [],
        "lineItemFulfillmentInstructions": {
            "minEstimatedDeliveryDate": "2026-03-05T08:00:00.000Z",
            "maxEstimatedDeliveryDate": "2026-03-07T08:00:00.000Z",
            "shipByDate": "2026-03-04T22:59:59.000Z",
            "guaranteedDelivery": False,
        },
        **changes,
    }


def ship_to(**instruction: Any) -> dict[str, Any]:
    return {
        "fulfillmentInstructionsType": "SHIP_TO",
        "minEstimatedDeliveryDate": "2026-03-05T08:00:00.000Z",
        "maxEstimatedDeliveryDate": "2026-03-07T08:00:00.000Z",
        "ebaySupportedFulfillment": False,
        "shippingStep": {
            "shipTo": {
                "fullName": "Jo Stein",
                "contactAddress": {
                    "addressLine1": "Hauptstr. 1",
                    "addressLine2": "Hinterhaus",
                    "city": "Berlin",
                    "stateOrProvince": "BE",
                    "postalCode": "10115",
                    "countryCode": "DE",
                },
                "primaryPhone": {"phoneNumber": "+49 30 123456"},
                "email": "jo@example.test",
            },
            "shippingCarrierCode": "DHL",
            "shippingServiceCode": "DE_DHLPaket",
        },
        **instruction,
    }


def order_ebay(**changes: Any) -> dict[str, Any]:
    return {
        "orderId": "03-12345-67890",
        "legacyOrderId": "110200300-2700",
        "creationDate": "2026-03-01T10:00:00.000Z",
        "lastModifiedDate": "2026-03-02T10:00:00.000Z",
        "orderFulfillmentStatus": "NOT_STARTED",
        "orderPaymentStatus": "PAID",
        "sellerId": "loom_shop",
        "buyer": {"username": "jostein"},
        "buyerCheckoutNotes": "please ring",
        "pricingSummary": {
            "priceSubtotal": eur("30.00"),
            "priceDiscount": eur("-1.00"),
            "deliveryCost": eur("5.00"),
            "total": eur("34.00"),
        },
        "cancelStatus": {"cancelState": "NONE_REQUESTED", "cancelRequests": []},
        "paymentSummary": {
            "totalDueSeller": eur("31.00"),
            "refunds": [],
            "payments": [
                {
                    "paymentMethod": "EBAY",
                    "paymentReferenceId": "pay-1",
                    "paymentDate": "2026-03-01T10:01:00.000Z",
                    "amount": eur("34.00"),
                    "paymentStatus": "PAID",
                }
            ],
        },
        "fulfillmentStartInstructions": [ship_to()],
        "lineItems": [line_item()],
        "salesRecordReference": "152",
        "totalMarketplaceFee": eur("3.00"),
        **changes,
    }
