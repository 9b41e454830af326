"""Every model, dumped and read again, is the same; whatever it holds."""

from __future__ import annotations

import types
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

import orderloom.model as models
from orderloom.model import MINOR_DIGITS, Location, Model

ALL = [
    found
    for name in models.__all__
    if isinstance(found := getattr(models, name), type) and issubclass(found, Model) and found is not Model
]
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    bool: st.booleans(),
    int: st.integers(0, 3),
    float: st.floats(-80, 80, allow_nan=False),
    Decimal: st.decimals(0, 1000, places=3),
    datetime: st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    date: st.dates(),
    Any: st.one_of(st.none(), st.booleans(), st.integers(-9, 9), TEXTS),
}
PATTERNS = {
    "timezone": st.sampled_from(["UTC", "Europe/Oslo", "America/New_York"]),
    "currency": st.sampled_from(sorted(MINOR_DIGITS)),
}
PATTERNS["presentment_currency"] = PATTERNS["currency"]


def values(annotation: Any, metadata: tuple[Any, ...] = ()) -> st.SearchStrategy[Any]:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return values(parts[0], (*metadata, *parts[1:]))
    if origin in (Union, types.UnionType):
        return st.one_of(*(values(part, metadata) for part in parts if part is not type(None)), st.none())
    if origin is Literal:
        return st.sampled_from(parts)
    if origin is tuple:
        return st.lists(values(parts[0]), min_size=bound(metadata, "min_length", 0), max_size=2).map(tuple)
    if origin is dict:
        return st.dictionaries(TEXTS, PLAIN[Any], max_size=2)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return documents(annotation)
    if annotation is str and (pattern := bound(metadata, "pattern", None)):
        return st.from_regex(pattern.replace("\\d", "[0-9]"), fullmatch=True).filter(
            lambda text: not text.endswith("\n")
        )
    if annotation is str:
        return st.text(
            st.characters(exclude_categories=("Cs",)), min_size=bound(metadata, "min_length", 0), max_size=12
        )
    if annotation is int:
        return st.integers(bound(metadata, "ge", 0), 9)
    return PLAIN[annotation]


def bound(metadata: tuple[Any, ...], name: str, default: Any) -> Any:
    flat = [inner for entry in metadata for inner in (entry, *getattr(entry, "metadata", ()))]
    return next((getattr(entry, name) for entry in flat if getattr(entry, name, None) is not None), default)


@st.composite
def documents(draw: st.DrawFn, model: type[BaseModel]) -> Any:
    fields = {}
    for name, field in model.model_fields.items():
        if field.is_required() or draw(st.booleans()):
            known = PATTERNS.get(name) if model is not Location or name == "timezone" else None
            fields[name] = draw(
                known
                if known is not None and field.annotation in (str, str | None)
                else values(field.annotation, tuple(field.metadata))
            )
    try:
        return model(**fields)
    except ValidationError:  # quantities that do not go together, two lines of one id
        assume(False)


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.__name__)
def test_a_document_dumped_and_read_again_is_always_the_same(model: type[Model]) -> None:
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(documents(model))
    def holds(document: Model) -> None:
        assert model.model_validate_json(document.model_dump_json(exclude_none=True)) == document
        assert model.model_validate(document.model_dump(mode="json")) == document

    holds()
