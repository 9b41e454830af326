"""Models that somebody damaged raise nothing but declared errors, whatever is left of them."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from orderloom.dmn import Decision, KnowledgeModel, Model, Service, table_of, tables
from orderloom.dmn.linking import link_definitions
from orderloom.dmn.reading import read_text
from orderloom.problems import ProblemsError

MODELS = sorted((Path(__file__).parent / "models").glob("*.dmn"))
TAG = re.compile(r"<(\w+)[^<>]*>")
ATTRIBUTES = ["", "#", "tX", "number", "Any", "#_x", "list&lt;number&gt;", "COLLECT"]
FORMULAS = [
    "",
    "-",
    "null",
    "?",
    "[1..",
    "not(1)",
    '"a","b"',
    "1 instance of tX",
    "function(x) x",
    "{a:1}",
    "for i in 1",
]


def damaged(text: str, luck: random.Random) -> str:
    """One element taken out, doubled or renamed, or an attribute or a formula replaced."""
    tags = list(TAG.finditer(text))
    if not tags:
        return text
    found = luck.choice(tags)
    name = found[1]
    whole = re.compile(rf"<{name}\b[^<>]*/>|<{name}\b.*?</{name}>", re.DOTALL).search(text, found.start())
    attribute = re.compile(r'\w="([^"]*)"').search(text, found.start())
    formula = re.compile(r"<text>([^<]*)</text>").search(text, found.start())
    choice = luck.randrange(4)
    if choice == 0 and whole:
        return text[: whole.start()] + text[whole.end() :]
    if choice == 1 and whole:
        return text[: whole.end()] + whole[0] + text[whole.end() :]
    if choice == 2 and attribute:
        return text[: attribute.start(1)] + luck.choice(ATTRIBUTES) + text[attribute.end(1) :]
    if formula:
        return text[: formula.start(1)] + luck.choice(FORMULAS) + text[formula.end(1) :]
    return text


def asked_everything(text: str) -> None:
    definitions = read_text(text.encode(), "damaged.dmn")
    for name in tables(definitions):
        try:
            table_of(definitions, name)
        except ProblemsError:
            continue
    model = Model(link_definitions(definitions, str(MODELS[0])))
    model.check()
    for name in model.names(Decision):
        answer = model.decide(name, {})
        for table in answer.tables:
            table.as_json(why=True)
    for name in (*model.names(KnowledgeModel), *model.names(Service)):
        model.call(name, {})


@pytest.mark.parametrize("file", MODELS, ids=lambda file: file.stem)
def test_a_damaged_model_is_refused_or_answers(file: Path) -> None:
    luck, text = random.Random(file.stem), file.read_text(encoding="utf-8")
    for _ in range(40):
        broken = text
        for _ in range(luck.randint(1, 4)):
            broken = damaged(broken, luck)
        try:
            asked_everything(broken)
        except ProblemsError:
            continue
