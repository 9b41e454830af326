"""The questions to Shopify's GraphQL Admin API, as published for 2026-07 (read 2026-11-23).

Lists that have no pages are asked for with 250, which is the most that Shopify gives.
"""

from __future__ import annotations

SHOP_NAME = "query ShopName { shop { name } }"

FULFILMENTS = """
query Fulfilments($id: ID!) {
  order(id: $id) { id fulfillments(first: 250) { id status trackingInfo { number } } }
}
"""

FULFILLED_LINES = """
query FulfilledLines($id: ID!, $after: String) {
  fulfillment(id: $id) {
    id
    fulfillmentLineItems(first: 100, after: $after) {
      nodes { quantity lineItem { id } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""

FULFILMENT_ORDERS = """
query FulfilmentOrders($id: ID!, $after: String) {
  order(id: $id) {
    id
    fulfillmentOrders(first: 50, after: $after) {
      nodes { id status assignedLocation { location { id } } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""

OPEN_LINES = """
query OpenLines($id: ID!, $after: String) {
  fulfillmentOrder(id: $id) {
    id
    lineItems(first: 100, after: $after) {
      nodes { id remainingQuantity lineItem { id } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""

FULFIL = """
mutation Fulfil($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) {
    fulfillment { id }
    userErrors { field message }
  }
}
"""

CANCELLED = "query Cancelled($id: ID!) { order(id: $id) { id cancelledAt } }"

CANCEL = """
mutation Cancel(
  $orderId: ID!, $notifyCustomer: Boolean, $refundMethod: OrderCancelRefundMethodInput!, $restock: Boolean!,
  $reason: OrderCancelReason!, $staffNote: String
) {
  orderCancel(
    orderId: $orderId, notifyCustomer: $notifyCustomer, refundMethod: $refundMethod, restock: $restock,
    reason: $reason, staffNote: $staffNote
  ) {
    job { id done }
    orderCancelUserErrors { field message code }
  }
}
"""

JOB = "query CancelJob($id: ID!) { job(id: $id) { id done } }"

REFUNDS = """
query Refunds($id: ID!) {
  order(id: $id) {
    id
    presentmentCurrencyCode
    refunds(first: 250) { id note }
    transactions(first: 250) {
      id kind status gateway
      amountSet { presentmentMoney { amount currencyCode } }
      parentTransaction { id }
    }
  }
}
"""

REFUND = """
mutation Refund($input: RefundInput!, $key: String!) {
  refundCreate(input: $input) @idempotent(key: $key) {
    refund { id }
    userErrors { field message }
  }
}
"""

REFUNDED = """
query Refunded($id: ID!, $after: String) {
  refund(id: $id) {
    id
    transactions(first: 50, after: $after) {
      nodes { id kind status amountSet { presentmentMoney { amount currencyCode } } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
