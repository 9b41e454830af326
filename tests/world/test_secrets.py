"""Secrets: found where they are said to be, shown nowhere."""

from __future__ import annotations

import base64
import copy
import json
import pickle
from pathlib import Path

import pytest

from orderloom.world.secrets import HIDDEN, Secret, SecretMissingError, secret_from

CANARY = "c4n4ry/pass word+"


def test_a_secret_never_shows_itself() -> None:
    secret = Secret(CANARY)

    for shown in (repr(secret), str(secret), f"{secret}", f"{secret:>20}", repr([secret]), "%s" % secret):  # noqa: UP031
        assert CANARY not in shown
        assert HIDDEN in shown


@pytest.mark.parametrize("write", [pickle.dumps, json.dumps, copy.deepcopy])
def test_a_secret_is_written_nowhere(write: object) -> None:
    with pytest.raises(TypeError):
        write(Secret(CANARY))  # type: ignore[operator]


def test_a_secret_is_blanked_out_of_a_text_in_every_form_it_travels_in() -> None:
    encoded = base64.b64encode(CANARY.encode()).decode()
    text = f"{CANARY} {encoded} c4n4ry%2Fpass%20word%2B c4n4ry%2Fpass+word%2B"

    assert Secret(CANARY).hide_in(text) == " ".join([HIDDEN] * 4)


def test_a_short_secret_does_not_blank_out_ordinary_words() -> None:
    assert Secret("a").hide_in("a cat") == "a cat"


def test_a_secret_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{CANARY}\n")

    assert secret_from({"env": "KEY"}, tmp_path, {"KEY": CANARY}).reveal() == CANARY
    assert secret_from({"file": "key"}, tmp_path).reveal() == CANARY


def test_a_missing_or_empty_secret_names_where_it_should_be(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")

    for source, told in (({"env": "KEY"}, "`KEY`"), ({"file": "none"}, "none"), ({"file": "empty"}, "empty")):
        with pytest.raises(SecretMissingError, match=told):
            secret_from(source, tmp_path, {"KEY": ""})
