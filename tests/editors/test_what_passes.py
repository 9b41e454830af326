"""Whatever passes the check passes the schemas: every file that we ship or accept, and values at random."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from pydantic import BaseModel, Field, ValidationError

from orderloom.declare import Node, Outcome, Setting, node
from orderloom.editors.definitions import Pool
from orderloom.editors.steps import with_of
from orderloom.model import Money, Party
from orderloom.packs import catalogue
from orderloom.problems import Place, ProblemsError
from orderloom.rules.load import load_table
from orderloom.source import read_document
from orderloom.world.connection_types import Unfit
from orderloom.world.types import CONNECTION_TYPES
from tests.editors.validating import REPOSITORY, faults, faults_in, faults_of, installed, kind_of, plain, validators
from tests.flow.stubs import whole_catalogue
from tests.searching import search

SHIPPED = (
    "flows/orderloom_flows/*.yaml", "flows/orderloom_flows/rules/*.yaml", "flows/orderloom_flows/project/*/*.yaml",
    "flows/orderloom_flows/project/*/flows/*.yaml", "examples/*/flows/*.yaml", "examples/*/rules/*.yaml",
    "examples/*/mappings/*.yaml", "nodes/orderloom_nodes/*/*.table.yaml", "nodes/orderloom_nodes/*/*.map.yaml",
    "tests/**/*.table.yaml", "flows/orderloom_flows/scenarios/*.yaml",
    "flows/orderloom_flows/project/*/scenarios/*.yaml",
)  # fmt: skip
READABLE = [file for pattern in SHIPPED for file in sorted(REPOSITORY.glob(pattern)) if file.stat().st_size]


def named(file: Path) -> str:
    return str(file.relative_to(REPOSITORY))


@pytest.mark.parametrize("file", READABLE, ids=named)
def test_every_file_that_we_ship_passes_the_schema_of_its_kind(file: Path) -> None:
    assert faults_of(file) == []


def test_every_kind_of_file_is_among_them() -> None:
    assert {kind_of(file) for file in READABLE} == set(installed())


def test_the_two_whole_flows_and_their_tables_pass(shared: Path) -> None:
    files = [shared / "flows" / "order-to-delivery.yaml", shared / "flows" / "returns.yaml"]
    files += sorted((shared / "flows" / "rules").glob("*.table.yaml"))

    assert [(file.name, fault) for file in files for fault in faults_of(file)] == []


@cache
def stubbed() -> Draft7Validator:
    return validators(whole_catalogue())["flow"]


@pytest.mark.parametrize(
    "file",
    [file for part in ("accepted", "warned") for file in sorted((REPOSITORY / "tests/flow" / part).glob("*.yaml"))],
    ids=lambda file: file.stem,
)
def test_every_flow_that_the_check_lets_run_passes(file: Path) -> None:
    assert faults(stubbed(), read_document(file).data) == []


SCENARIO = """
scenario: order-to-delivery
clock: 2026-03-02T10:00:00Z
input: {file: samples/shopify-order.json, format: shopify}
world:
  pay: {outcome: paid, payment: {id: p1}}
  documents: [raises unavailable, raises unavailable, {label: l1, tracking_number: PN1}]
  notify: {message_id: m1}
  cancel-order: {}
cases:
  - case: plain order ships
    expect: {status: completed, path_ends: [documents, tell_shipped], sent: [shipped, delivered]}
  - case: a first order by a new customer is reviewed and declined
    input: {patch: {customer.orders_count: 0}}
    world: {approve: declined}
    expect: {status: cancelled, path: [capture, validate:valid, screen:review, approve:declined, cancel], sent: []}
"""


def test_a_scenario_in_the_form_of_the_language_passes() -> None:
    assert faults_in("scenario", SCENARIO) == []


def test_a_table_may_stand_in_the_flow_itself() -> None:
    table = "{inputs: {n: {type: number}}, outputs: {outcome: {type: text}}, rows: [{n: '> 1', outcome: big}]}"
    text = f"flow: f\nsteps:\n  on: {{use: decision, with: {{table: {table}, facts: {{n: 2}}}}, next: {{big: ~}}}}\n"

    assert faults_in("flow", text) == []
    assert faults_in("flow", text.replace("type: number", "type: nummer")) != []


class Box(BaseModel):
    """What a node of somebody's takes."""

    colour: Literal["red", "blue"]
    weight_kg: Decimal = Decimal(1)
    layers: int = Field(default=2, ge=1)
    fragile: bool = False
    tags: list[str] = []
    inner: Box | None = None


class Done(Outcome, name="done"):
    pass


@node("pack-it")
def pack_it(
    box: Setting[Box],
    count: Setting[Annotated[int, Field(gt=0)]] = 1,
    share: Setting[Decimal | None] = None,
    heavy: Setting[bool] = False,
    hold: Setting[timedelta] = timedelta(days=1),
    words: Setting[list[str] | None] = None,
    either: Setting[int | list[int] | Literal["all"]] = "all",
    prices: Setting[dict[str, Decimal]] = {},  # noqa: B006 (never changed)
    party: Party | None = None,
    price: Money | None = None,
    number: int = 0,
    speed: Literal["fast", "slow"] = "fast",
    anything: Any = None,
) -> Done:
    """Take settings and inputs of every sort."""
    raise AssertionError


LEAVES = (
    st.none() | st.booleans() | st.integers(-3, 9) | st.decimals(-3, 9, places=1)
    | st.sampled_from(["red", "blue", "all", "fast", "5", "5.0", " 7 ", "1_000", "1e2", "inf", "NaN", "yes", "Off", "t",
                       "P1D", "12:30", "30", "2026-03-02", "text", "", "US"])
)  # fmt: skip
BOXES = st.fixed_dictionaries(
    {"colour": st.sampled_from(["red", "blue"])},
    optional={"weight_kg": LEAVES, "layers": LEAVES, "fragile": LEAVES, "tags": st.lists(LEAVES, max_size=2),
              "inner": st.none() | st.fixed_dictionaries({"colour": LEAVES})},
)  # fmt: skip
VALUES = LEAVES | st.lists(LEAVES, max_size=3) | st.dictionaries(st.sampled_from("ab"), LEAVES, max_size=2) | BOXES
MONEY = st.fixed_dictionaries({"amount": LEAVES, "currency": st.sampled_from(["USD", "usd", 5])})


def taken(takes: Draft7Validator, name: str, value: Any) -> bool:
    """Whether the schema lets a step give that value; the other parameters are left out."""
    here = [error for error in takes.iter_errors({name: plain(value)}) if error.validator != "required" or error.path]
    return not here


MADE: dict[str, Draft7Validator] = {}


def with_schema(of: Node) -> Draft7Validator:
    if of.name not in MADE:
        pool = Pool()
        MADE[of.name] = Draft7Validator({**with_of(of, {}, pool), "definitions": pool.definitions})
    return MADE[of.name]


@pytest.mark.parametrize("parameter", pack_it.published, ids=lambda parameter: parameter.name)
@settings(max_examples=40, deadline=None)
@given(value=VALUES | MONEY)
@example(value={"colour": "red", "layers": "3", "fragile": "no", "inner": {"colour": "blue", "weight_kg": 2}})
def test_whatever_the_check_takes_for_a_parameter_its_schema_always_takes(parameter: Any, value: Any) -> None:
    try:
        parameter.adapter.validate_python(value)
    except ValidationError:
        return
    assert taken(with_schema(pack_it), parameter.name, value)


def core_parameters() -> Iterator[Any]:
    nodes = catalogue()
    for name in nodes.names():
        for parameter in nodes.find(name).published:
            if parameter.role in {"input", "setting"}:
                yield pytest.param(nodes.find(name), parameter, id=f"{name}.{parameter.name}")


@pytest.mark.parametrize(("of", "parameter"), list(core_parameters()))
@settings(max_examples=10, deadline=None)
@given(value=VALUES | MONEY)
@example(value={"email": "a@example.com"})
@example(value=[{"webhook": "/hooks", "verify": "shopify", "columns": None}])
@example(value=["30d", "2h"])
def test_whatever_the_check_takes_for_a_parameter_of_the_pack_its_schema_always_takes(
    of: Node, parameter: Any, value: Any
) -> None:
    try:
        parameter.adapter.validate_python(value, context={"folders": []})
    except (ValidationError, ProblemsError):
        return
    assert taken(with_schema(of), parameter.name, value)


@pytest.mark.parametrize("parameter", pack_it.published, ids=lambda parameter: parameter.name)
def test_an_input_may_always_be_a_formula_and_a_setting_never(parameter: Any) -> None:
    found = taken(with_schema(pack_it), parameter.name, "=capture.order")

    assert found is (parameter.role == "input")


@pytest.mark.parametrize(
    "value", [{"name": "=a.b", "company": 5}, {"address": {"line1": "=a", "country_code": "Norway"}}, {}]
)
def test_formulas_and_plain_values_may_mix_inside_an_input(value: Any) -> None:
    assert taken(with_schema(pack_it), "party", value)


HITS = st.sampled_from(["first", "FIRST", "U", "collect [sum]", "Collect (count)", "C+", "rule  order", "priority", 5])
COLUMNS = st.fixed_dictionaries(
    {"type": st.sampled_from(["number", "text", "boolean", "date", "list of text", "any", "duration", "string"])},
    optional={
        "is": st.sampled_from(["order.total", "=order.total", 5]), "unit": LEAVES, "about": LEAVES,
        "range": st.sampled_from(["[0..5]", "> 3", 5, None]), "values": st.lists(LEAVES, max_size=2) | st.none(),
        "cells": st.sampled_from(["feel", None, "text"]),
    },
)  # fmt: skip
ANSWERS = st.fixed_dictionaries(
    {"type": st.sampled_from(["number", "text", "boolean"])},
    optional={"values": st.lists(LEAVES, max_size=2) | st.none(), "default": LEAVES, "unit": LEAVES, "about": LEAVES},
)
ROWS = st.lists(
    st.dictionaries(st.sampled_from(["a", "b", "outcome", "id", "note", "valid_from"]), LEAVES, max_size=3), max_size=2
)
TABLES = st.fixed_dictionaries(
    {"inputs": st.fixed_dictionaries({"a": COLUMNS}, optional={"b": COLUMNS}),
     "outputs": st.fixed_dictionaries({"outcome": ANSWERS}), "rows": ROWS},
    optional={
        "table": st.sampled_from(["name", None, 5]), "summary": LEAVES, "hit": HITS,
        "on_missing": st.sampled_from(["error", "no_match", "default", "none"]) | st.dictionaries(st.just("a"), LEAVES),
        "cases": st.lists(st.fixed_dictionaries(
            {"given": st.dictionaries(st.just("a"), LEAVES)},
            optional={"case": LEAVES, "then": st.dictionaries(st.just("outcome"), LEAVES) | st.none(), "row": LEAVES,
                      "error": st.sampled_from([None, "no_match", "what"]),
                      "now": st.sampled_from([None, "2026-03-02"])},
        ), max_size=1),
    },
)  # fmt: skip


@search(200)
@given(table=TABLES)
def test_whatever_can_be_read_as_a_table_always_passes(table: dict[str, Any]) -> None:
    try:
        load_table(table, Place("flow.yaml"), [])
    except ProblemsError:
        return
    assert faults(installed()["table"], table) == []


SECRETS = [{"env": "TOKEN"}, {"file": "token.txt"}, {"env": ""}, "token", {}]
CONNECTION_VALUES = [
    *SECRETS, "text", "", "a b", 0, 1, 20, 587, 465, 601, Decimal("0.5"), True, False, None, [], ["en"], "none", "tls",
    "starttls", "shop@example.com", "Shop <shop@example.com>", "https://api.example.com/v1", "http://localhost:8000",
    "my-shop.myshopify.com", "2026-07", ".orderloom/world.sqlite", {"Accept-Language": "en"}, {"0002": "hard"},
    {"0002": ["success", "hard"]}, {"0002": "perhaps"}, {"bearer": {"env": "T"}}, {"bearer": "T"},
    {"basic": {"user": "shop", "password": {"env": "P"}}}, {"header": {"name": "X-Key", "value": {"file": "k"}}},
    {"header": {"name": "X-Key"}}, "pdf", "4012345",
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind in CONNECTION_TYPES.values() for name in kind.keys],
    ids=lambda part: part if isinstance(part, str) else part.name,
)  # fmt: skip
def test_whatever_a_key_of_a_connection_takes_passes_and_some_of_the_rest_is_refused(kind: Any, name: str) -> None:
    key = kind.keys[name]
    fits = Draft7Validator(dict(key.schema))

    taken_, refused = [], []
    for value in CONNECTION_VALUES:
        (refused if isinstance(key.read(value), Unfit) else taken_).append(value)
    assert taken_
    assert [value for value in taken_ if not fits.is_valid(plain(value))] == []
    assert [value for value in refused if not fits.is_valid(plain(value))] != []
