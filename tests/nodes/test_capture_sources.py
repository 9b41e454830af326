"""The setting `sources`: where documents come from, as it stands in a flow."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from orderloom import Outcome, Payload, Revising, Unreadable
from orderloom.project import shipped
from orderloom.source import read_document
from orderloom_nodes.capture import capture
from orderloom_nodes.capture.formats import FORMATS, FormatName
from orderloom_nodes.capture.sources import Source

ORDER = shipped() / "samples" / "shopify-order.json"


def accepted(entries: list[dict[str, Any]]) -> tuple[Source, ...]:
    parameter = capture.parameter("sources")
    assert parameter is not None
    found: tuple[Source, ...] = parameter.adapter.validate_python(entries)
    return found


def test_there_is_one_registry_of_formats() -> None:
    assert set(get_args(FormatName)) == set(FORMATS)


def test_webhooks_files_and_forms_are_sources() -> None:
    found = accepted(
        [
            {"webhook": "/hooks/shopify/orders-paid", "verify": "shopify", "format": "shopify", "account": "main"},
            {"files": "inbox/*.json"},
            {"form": "phone-order"},
        ]
    )

    assert [source.webhook or source.files or source.form for source in found] == [
        "/hooks/shopify/orders-paid",
        "inbox/*.json",
        "phone-order",
    ]


def test_the_sources_of_the_shared_flows_are_taken_where_their_format_is_known(shared: Path) -> None:
    for name in ("order-to-delivery", "returns"):
        entries = read_document(shared / "flows" / f"{name}.yaml").data["steps"]["capture"]["with"]["sources"]

        known = [entry for entry in entries if entry.get("format", "shopify") in FORMATS]
        assert len(accepted(known)) == len(known) > 0


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"files": "inbox/*.edi", "format": "x12-580"}, "'shopify'"),
        ({"webhook": "hooks/x"}, "a path that begins with `/`"),
        ({"files": "/etc/passwd"}, "a pattern inside the project"),
        ({"files": "../*.json"}, "a pattern inside the project"),
        ({}, "exactly one of `webhook`, `files` and `form`"),
        ({"webhook": "/x", "form": "y"}, "exactly one of `webhook`, `files` and `form`"),
        ({"form": "y", "verify": "shopify"}, "`verify` with a `webhook` only"),
        ({"webhook": "/x", "verify": "hope"}, "'shopify'"),
        ({"webhok": "/x"}, "webhok"),
    ],
)
def test_a_source_that_cannot_be_is_refused(entry: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        accepted([entry])

    assert said in str(refused.value)


@pytest.mark.parametrize("name", ["changes/order.json", "/srv/shop/changes/order.json", "/hooks/orders-updated"])
def test_what_comes_from_a_source_that_revises_is_marked(name: str) -> None:
    sources = accepted(
        [{"files": "changes/*.json", "revises": True}, {"webhook": "/hooks/orders-updated", "revises": True}]
    )
    [found] = capture.call(payload=Payload(ORDER.read_bytes(), name), sources=sources)

    assert isinstance(found, Revising)
    assert isinstance(found.outcome, Outcome)


def test_what_fits_another_source_first_is_an_order() -> None:
    sources = accepted([{"files": "inbox/*.json"}, {"files": "*.json", "revises": True}])
    [found] = capture.call(payload=Payload(ORDER.read_bytes(), "inbox/order.json"), sources=sources)

    assert not isinstance(found, Revising)


def test_what_cannot_be_read_is_unreadable_from_a_source_that_revises_too() -> None:
    sources = accepted([{"files": "changes/*.json", "revises": True}])
    [found] = capture.call(payload=Payload(b"{", "changes/order.json"), sources=sources)

    assert isinstance(found, Unreadable)
