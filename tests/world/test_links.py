"""Links by which customers answer: nobody else makes one, and none is good for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.problems import ProblemsError
from orderloom.world.connections import read_connections
from orderloom.world.errors import ConnectionFailedError
from orderloom.world.links import Links
from orderloom.world.secrets import Secret

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LINKS = Links("https://shop.example.com/answer/", Secret("a secret of some length"))
LINK = LINKS.link("address-confirmed", "shopify:main:1", NOON + timedelta(days=2))


def refusal(link: str, now: datetime = NOON, links: Links = LINKS) -> str:
    with pytest.raises(ConnectionFailedError) as refused:
        links.read(link, now)
    assert refused.value.error_class == "refused"
    return refused.value.message


@pytest.mark.parametrize("said", [LINK, LINK.rpartition("/")[2], f"{LINK}/"])
def test_a_link_says_what_it_is_about_as_a_whole_and_by_its_token(said: str) -> None:
    about = LINKS.read(said, NOON)

    assert (about.event, about.match, about.until) == ("address-confirmed", "shopify:main:1", NOON + timedelta(days=2))
    assert LINK.startswith("https://shop.example.com/answer/")


def test_a_link_is_good_until_its_moment_and_not_at_it() -> None:
    assert LINKS.read(LINK, NOON + timedelta(days=2, seconds=-1)).match == "shopify:main:1"
    assert "expired on 2026-03-04 at 12:00 UTC" in refusal(LINK, NOON + timedelta(days=2))


def test_a_link_of_another_secret_was_not_made_here() -> None:
    other = Links(LINKS.base, Secret("another secret of that length"))

    assert "was not made here" in refusal(LINK, links=other)


@given(st.integers(0, len(LINK) - 1), st.characters(min_codepoint=33, max_codepoint=126))
def test_no_letter_of_a_token_can_be_changed(at: int, letter: str) -> None:
    start = LINK.rindex("/") + 1
    place = start + at % (len(LINK) - start)
    changed = LINK[:place] + letter + LINK[place + 1 :]

    if letter == LINK[place]:
        return
    try:
        about = LINKS.read(changed, NOON)
    except ConnectionFailedError:
        return
    assert about == LINKS.read(LINK, NOON)  # the last letter of each part holds bits that mean nothing
    assert place in {LINK.rindex(".") - 1, len(LINK) - 1}


@pytest.mark.parametrize("odd", ["", ".", "a.b", "é.é", "....", "https://shop.example.com/answer/"])
def test_what_is_no_link_is_refused_in_a_sentence(odd: str) -> None:
    assert "link" in refusal(odd)


def test_a_short_secret_signs_nothing() -> None:
    with pytest.raises(ConnectionFailedError) as refused:
        Links(LINKS.base, Secret("short")).probe()

    assert "shorter than 16 letters" in refused.value.message


@pytest.mark.parametrize("base", ["http://shop.example.com/a", "shop.example.com", "https://shop.example.com/a?x=1"])
def test_links_lead_to_an_https_page(base: str, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(f"links: {{type: links, base: '{base}', secret: {{env: LINKS}}}}\n")

    with pytest.raises(ProblemsError, match="https address"):
        read_connections(tmp_path / "c.yaml", tmp_path)
