"""Models beside this file, one for each family of elements, with what they answer: a new case is a new line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orderloom.dmn import Answer, KnowledgeModel, Model, Service, read_file, write
from orderloom.dmn.facts import fact_out
from orderloom.dmn.reading import read_text
from orderloom.source import read_document

MODELS = Path(__file__).parent / "models"


def cases() -> list[Any]:
    found = []
    for file in sorted(MODELS.glob("*.cases.yaml")):
        model = file.with_name(file.name.replace(".cases.yaml", ".dmn"))
        for number, case in enumerate(read_document(file).data, 1):
            found.append(pytest.param(model, case, id=f"{model.stem}-{number}-{case['ask']}"))
    return found


def ask(model: Model, name: str, given: dict[str, Any]) -> Answer:
    called = name in (*model.names(Service), *model.names(KnowledgeModel))
    return model.call(name, given) if called else model.decide(name, model.facts(given))


@pytest.mark.parametrize(("file", "case"), cases())
def test_a_model_answers_as_its_cases_say(file: Path, case: dict[str, Any]) -> None:
    answer = ask(Model.load(file), case["ask"], case.get("given", {}))

    expected = fact_out(case["value"])
    assert fact_out(answer.value) == expected
    codes = {problem.code for problem in answer.problems}
    assert "told" not in case or case["told"] in codes
    if expected is not None and "told" not in case:
        assert not codes


@pytest.mark.parametrize("file", sorted(MODELS.rglob("*.dmn")), ids=lambda file: file.stem)
def test_a_model_is_written_as_it_was_read(file: Path) -> None:
    read = read_file(file)

    assert read_text(write(read).encode(), "again.dmn") == read
