"""Every code that a formula can be refused with is explained."""

from __future__ import annotations

import re
from importlib.resources import files

from orderloom.codes import codes
from orderloom.source import parse_yaml


def test_the_codes_of_formulas_are_those_that_are_explained() -> None:
    feel = files("orderloom.feel")
    folders = (feel, feel / "functions")
    sources = [entry for folder in folders for entry in folder.iterdir() if entry.name.endswith(".py")]
    used = {code for entry in sources for code in re.findall(r'"([ER]\d{3})"', entry.read_text(encoding="utf-8"))}
    ours = parse_yaml((files("orderloom.codes") / "feel.yaml").read_text(encoding="utf-8"), "feel.yaml").data

    assert used == set(ours)
    assert used <= set(codes())
