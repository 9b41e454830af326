"""The pieces an n8n workflow is made of: requests, switches, texts that n8n must not evaluate. Facts: n8n 2.41.1."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

_NAMESPACE = UUID("6d0f6a52-6c1c-5a59-9a8f-0d2f4f0f7c11")     # any constant does: ids must only stay the same

# n8n clamps to these by itself, silently
MOST_TRIES, LONGEST_WAIT_MS = 5, 5000
DEFAULT_TIMEOUT_MS = 30_000

Json = dict[str, Any]


def same_id(*names: str) -> str:
    """The same names give the same UUID, so that an export compares with the one before."""
    return str(uuid5(_NAMESPACE, "/".join(names)))


def literal(text: str) -> str:
    """The text as n8n must take it, never as an expression: a leading `=` would make it one."""
    if not text.startswith("="):
        return text
    return "={{ " + in_expression(text) + " }}"


def in_expression(text: str) -> str:
    """The text as a JavaScript string; braces are spelt by number, since `}}` would end the expression."""
    return json.dumps(text).replace("{", "\\u007b").replace("}", "\\u007d")


def request(
    name: str, node_id: str, url: str, body: str, *, key: str, notes: str = "", timeout_ms: int = DEFAULT_TIMEOUT_MS
) -> Json:
    """An HTTP Request node that posts `body` (an expression). The key to the API is a credential, by name."""
    return {
        "id": node_id,
        "name": name,
        "type": "n8n-nodes-base.httpRequest",
        "typeVersion": 4.2,
        "position": [0, 0],
        "parameters": {
            "method": "POST",
            "url": literal(url),
            "authentication": "genericCredentialType",
            "genericAuthType": "httpHeaderAuth",
            "sendHeaders": True,
            "specifyHeaders": "keypair",
            "headerParameters": {"parameters": [{"name": "Idempotency-Key", "value": key}]},
            "sendBody": True,
            "contentType": "json",
            "specifyBody": "json",
            "jsonBody": body,
            "options": {"timeout": timeout_ms},
        },
        "credentials": {"httpHeaderAuth": {"id": "orderloomApiKey", "name": "orderloom API key"}},
        **({"notes": notes} if notes else {}),
    }


def call_key(*names: str) -> str:
    """The idempotency key as an expression: the same for every try of one call, another for each item and execution."""
    spelt = ", ".join([*(in_expression(name) for name in names), "$itemIndex"])
    return "={{ [$execution.id, " + spelt + '].join(":") }}'


def switch(name: str, node_id: str, value: str, words: Sequence[str]) -> Json:
    """A Switch whose outputs are the words in order, and one more for whatever is none of them."""
    return {
        "id": node_id,
        "name": name,
        "type": "n8n-nodes-base.switch",
        "typeVersion": 3.2,
        "position": [0, 0],
        "parameters": {
            "mode": "rules",
            "rules": {"values": [_rule(node_id, value, word) for word in words]},
            "options": {"fallbackOutput": "extra", "renameFallbackOutput": "anything else"},
        },
    }


def _rule(node_id: str, value: str, word: str) -> Json:
    condition = {
        "id": same_id(node_id, word),
        "leftValue": value,
        "rightValue": literal(word),
        "operator": {"type": "string", "operation": "equals"},
    }
    return {
        "conditions": {
            "options": {"caseSensitive": True, "leftValue": "", "typeValidation": "strict", "version": 2},
            "conditions": [condition],
            "combinator": "and",
        },
        "renameOutput": True,
        "outputKey": literal(word),
    }


def stop(name: str, node_id: str, message: str) -> Json:
    """A node that ends the execution with an error: an unknown outcome must not vanish."""
    return {
        "id": node_id,
        "name": name,
        "type": "n8n-nodes-base.stopAndError",
        "typeVersion": 1,
        "position": [0, 0],
        "parameters": {"errorMessage": literal(message)},
    }


def manual_trigger(name: str, node_id: str) -> Json:
    return {
        "id": node_id,
        "name": name,
        "type": "n8n-nodes-base.manualTrigger",
        "typeVersion": 1,
        "position": [0, 0],
        "parameters": {},
    }


def targets(names: Sequence[str]) -> list[Json]:
    """One output's connections."""
    return [{"node": name, "type": "main", "index": 0} for name in names]
