"""The node `receive-edi`: EDI files in, what to answer to each interchange, or each shipping advice in them, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal

from orderloom import Outcome, PassedOver, Payload, Setting, Unreadable, node
from orderloom_nodes.capture.formats.edi import Envelope
from orderloom_nodes.capture.sources import Source
from orderloom_nodes.edi.answers import Acknowledgement, Advice
from orderloom_nodes.receive_edi.acknowledging import acknowledgements
from orderloom_nodes.receive_edi.advices import advices

Kind = Literal["acknowledgement", "shipping-advice"]


class Received(Outcome, name="received"):
    """An interchange came in: what it was, and what of it is taken."""

    acknowledgement: Acknowledgement


class Advised(Outcome, name="received"):
    """A warehouse says what it sent."""

    advice: Advice


def _outcomes(settings: Mapping[str, Any]) -> Mapping[str, dict[str, Any]]:
    return _schema_of(settings.get("document", "acknowledgement"))


@cache
def _schema_of(document: str) -> Mapping[str, dict[str, Any]]:
    schema = (Advised if document == "shipping-advice" else Received).model_json_schema(mode="serialization")
    return {"received": {**schema, "required": sorted({"outcome", *schema.get("required", ())})}}


@node(
    "receive-edi",
    kind="trigger",
    outcomes=_outcomes,
    derived_from="`document`: received gives `acknowledgement`, or with `document: shipping-advice` gives `advice`",
)
def receive_edi(
    payload: Payload,
    sources: Setting[tuple[Source, ...]] = (),  # noqa: ARG001 (what serves folders reads them)
    document: Setting[Kind] = "acknowledgement",
    envelope: Setting[Envelope] = "strict",
) -> Iterator[Received | Advised | PassedOver | Unreadable]:
    """Read what a partner sent as EDI: every interchange for its acknowledgement, or every 945 of a warehouse.

    The acknowledgement says what `capture` takes of the same file and what it refuses, with the standard's codes; the
    step `write-edi` writes it. Acknowledgements of others are passed over: nobody answers an answer. With
    `envelope: lenient` wrong counts and control numbers are taken, as at `capture`.
    """
    if document == "shipping-advice":
        for advice in advices(payload.data, payload.name, envelope):
            yield Advised(outcome="received", advice=advice) if isinstance(advice, Advice) else advice
        return
    for found in acknowledgements(payload.data, payload.name, envelope):
        if isinstance(found, Acknowledgement):
            yield Received(outcome="received", acknowledgement=found)
        else:
            yield found
