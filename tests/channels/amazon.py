"""One Amazon order in both shapes of the API, as plain data: what is changed in one can be changed in the other."""

from __future__ import annotations

from typing import Any


def usd(amount: str) -> dict[str, str]:
    return {"CurrencyCode": "USD", "Amount": amount}


def item_v0(**changes: Any) -> dict[str, Any]:
    return {
        "ASIN": "B00EXAMPLE",
        "OrderItemId": "501",
        "SellerSKU": "MUG-BLUE",
        "Title": "Mug, blue",
        "QuantityOrdered": 2,
        "QuantityShipped": 0,
        "ItemPrice": usd("40.00"),
        "ItemTax": usd("3.20"),
        "ShippingPrice": usd("5.00"),
        "ShippingTax": usd("0.40"),
        "PromotionDiscount": usd("4.00"),
        "PromotionIds": ["SPRING"],
        "TaxCollection": {"Model": "MarketplaceFacilitator", "ResponsibleParty": "Amazon Services, Inc."},
        "BuyerInfo": {"GiftMessageText": "For you!", "GiftWrapLevel": "Classic", "GiftWrapPrice": usd("2.00")},
        **changes,
    }


def order_v0(**changes: Any) -> dict[str, Any]:
    return {
        "AmazonOrderId": "111-1111111-1111111",
        "PurchaseDate": "2026-03-01T10:00:00Z",
        "LastUpdateDate": "2026-03-02T10:00:00Z",
        "OrderStatus": "Unshipped",
        "FulfillmentChannel": "MFN",
        "SalesChannel": "Amazon.com",
        "ShipServiceLevel": "STANDARD",
        "ShipmentServiceLevelCategory": "Standard",
        "OrderTotal": usd("46.60"),
        "PaymentMethod": "Other",
        "MarketplaceId": "ATVPDKIKX0DER",
        "EarliestShipDate": "2026-03-02T08:00:00Z",
        "LatestShipDate": "2026-03-03T07:59:59Z",
        "EarliestDeliveryDate": "2026-03-05T08:00:00Z",
        "LatestDeliveryDate": "2026-03-09T07:59:59Z",
        "IsPrime": True,
        "BuyerInfo": {"BuyerEmail": "x@marketplace.amazon.com", "BuyerName": "Ann Lee", "PurchaseOrderNumber": "PO-7"},
        "ShippingAddress": {
            "Name": "Ann Lee",
            "AddressLine1": "1 Main St",
            "City": "Portland",
            "StateOrRegion": "OR",
            "PostalCode": "97204",
            "CountryCode": "US",
            "Phone": "+1 503 555 0100",
            "AddressType": "Residential",
        },
        "OrderItems": [item_v0()],
        **changes,
    }


def dollars(amount: str) -> dict[str, str]:
    return {"amount": amount, "currencyCode": "USD"}


def part(kind: str, amount: str, **details: str) -> dict[str, Any]:
    told = [{"subtype": subtype, "value": dollars(value)} for subtype, value in details.items()]
    return {"type": kind, "subtotal": dollars(amount), **({"detailedBreakdowns": told} if told else {})}


def item_2026(**changes: Any) -> dict[str, Any]:
    return {
        "orderItemId": "501",
        "quantityOrdered": 2,
        "product": {"asin": "B00EXAMPLE", "title": "Mug, blue", "sellerSku": "MUG-BLUE"},
        "proceeds": {
            "proceedsTotal": dollars("46.60"),
            "breakdowns": [
                part("ITEM", "40.00"),
                part("SHIPPING", "5.00"),
                part("GIFT_WRAP", "2.00"),
                part("TAX", "3.60", ITEM="3.20", SHIPPING="0.40"),
                part("DISCOUNT", "4.00", ITEM="4.00"),
            ],
        },
        "promotion": {"breakdowns": [{"promotionId": "SPRING"}]},
        "fulfillment": {
            "quantityFulfilled": 0,
            "quantityUnfulfilled": 2,
            "packing": {"giftOption": {"giftMessage": "For you!", "giftWrapLevel": "Classic"}},
        },
        **changes,
    }


def order_2026(**changes: Any) -> dict[str, Any]:
    return {
        "orderId": "111-1111111-1111111",
        "createdTime": "2026-03-01T10:00:00Z",
        "lastUpdatedTime": "2026-03-02T10:00:00Z",
        "programs": ["PRIME"],
        "salesChannel": {
            "channelName": "AMAZON",
            "marketplaceId": "ATVPDKIKX0DER",
            "marketplaceName": "Amazon.com",
        },
        "buyer": {
            "buyerName": "Ann Lee",
            "buyerEmail": "x@marketplace.amazon.com",
            "buyerPurchaseOrderNumber": "PO-7",
        },
        "recipient": {
            "deliveryAddress": {
                "name": "Ann Lee",
                "addressLine1": "1 Main St",
                "city": "Portland",
                "stateOrRegion": "OR",
                "postalCode": "97204",
                "countryCode": "US",
                "phone": "+1 503 555 0100",
                "addressType": "RESIDENTIAL",
            }
        },
        "proceeds": {"grandTotal": dollars("46.60")},
        "fulfillment": {
            "fulfillmentStatus": "UNSHIPPED",
            "fulfilledBy": "MERCHANT",
            "fulfillmentServiceLevel": "STANDARD",
            "shipByWindow": {
                "earliestDateTime": "2026-03-02T08:00:00Z",
                "latestDateTime": "2026-03-03T07:59:59Z",
            },
            "deliverByWindow": {
                "earliestDateTime": "2026-03-05T08:00:00Z",
                "latestDateTime": "2026-03-09T07:59:59Z",
            },
        },
        "orderItems": [item_2026()],
        **changes,
    }


def purchase_order(**details: Any) -> dict[str, Any]:
    return {
        "purchaseOrderNumber": "2JK3S9VC",
        "purchaseOrderState": details.pop("state", "New"),
        "orderDetails": {
            "purchaseOrderDate": "2026-03-01T10:00:00Z",
            "purchaseOrderType": "RegularOrder",
            "paymentMethod": "Invoice",
            "buyingParty": {"partyId": "ABCD"},
            "shipToParty": {"partyId": "ABCD"},
            "shipWindow": "2026-03-05T08:00:00Z--2026-03-09T08:00:00Z",
            "items": [purchased()],
            **details,
        },
    }


def purchased(**changes: Any) -> dict[str, Any]:
    return {
        "itemSequenceNumber": "1",
        "amazonProductIdentifier": "B07DFVDRAB",
        "vendorProductIdentifier": "8806098286500",
        "orderedQuantity": {"amount": 3, "unitOfMeasure": "Eaches", "unitSize": 1},
        "netCost": dollars("12.50"),
        **changes,
    }
