"""Lists that the shop owns: where nothing is sent to, whom nothing is sold to, and the articles there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom import Place, ProblemsError
from orderloom.model import Address, Order, Party
from orderloom_nodes.validate import Fixable, Valid, validate
from orderloom_nodes.validate.catalogue import Catalogue
from orderloom_nodes.validate.denied import DeniedList
from orderloom_nodes.validate.findings import FieldProblem
from tests.nodes.orders import HOME, good_order, mug

HERE = Place("flow.yaml", 7, 9)
ARTICLES = "sku,title\nMUG-BLUE,Blue mug\nMUG-GREEN,Green mug\nBLANKET,Blanket\nDUO,Left shoe\nDUO,Right shoe\n"
DENIED = (
    "kind,value,reason\ncountry,KP,embargo\nregion,UA-43,Crimea\npostal,UA 95,Crimea\n"
    "party,Żółć Trading FZE,customs list\n"
)


def denied(folder: Path, text: str = DENIED) -> DeniedList:
    (folder / "denied.csv").write_text(text, encoding="utf-8")
    return DeniedList.load_setting("denied.csv", HERE, [folder])


def catalogue(folder: Path, text: str = ARTICLES) -> Catalogue:
    (folder / "articles.csv").write_text(text, encoding="utf-8")
    return Catalogue.load_setting("articles.csv", HERE, [folder])


def held(order: Order, folder: Path) -> tuple[FieldProblem, ...]:
    found = validate(order, denied=denied(folder))
    return found.problems if isinstance(found, Fixable) else ()


def asked_for(folder: Path, **line: object) -> tuple[FieldProblem, ...]:
    found = validate(good_order(lines=(mug(**line),)), catalogue=catalogue(folder))
    return found.problems if isinstance(found, Fixable) else ()


@pytest.mark.parametrize(
    "place",
    [
        {"country_code": "KP", "region_code": None, "postal_code": None, "city": "Pyongyang"},
        {"country_code": "UA", "region_code": "43", "postal_code": "95000", "city": "Simferopol"},
        {"country_code": "UA", "region_code": "Crimea", "postal_code": "98600", "city": "Yalta"},
        {"country_code": "UA", "region_code": None, "postal_code": "95034", "city": "Simferopol"},
    ],
)
def test_a_denied_place_is_held_by_country_region_or_postal_code(place: dict[str, str], tmp_path: Path) -> None:
    found = held(good_order(shipping_address=Address(**{**HOME, **place})), tmp_path)

    assert "V135" in [one.code for one in found]


@pytest.mark.parametrize("name", ["Żółć Trading FZE", "ZOLC TRADING, FZE", "fze  zółć trading"])
def test_a_denied_party_is_held_however_its_name_is_written(name: str, tmp_path: Path) -> None:
    order = good_order(customer=Party(company=name, email="ann@example.test"))

    [found] = held(order, tmp_path)

    assert (found.code, found.path) == ("V136", "customer.company")
    assert "customs list" in found.message


def test_a_name_that_is_only_near_is_nobody_on_the_list(tmp_path: Path) -> None:
    order = good_order(customer=Party(company="Żółć Trading Ltd", email="ann@example.test"))

    assert held(order, tmp_path) == ()


def test_a_denied_place_is_not_confirmed_away(tmp_path: Path) -> None:
    place = {**HOME, "country_code": "KP", "region_code": None, "postal_code": None}

    found = held(good_order(shipping_address=Address(**place), tags=("confirmed:V135",)), tmp_path)

    assert [one.code for one in found] == ["V135"]


def test_every_odd_row_of_a_list_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ProblemsError) as refused:
        denied(tmp_path, "kind,value\ncountry,North Korea\ncontry,KP\nregion,Crimea\nparty,Acme\n")

    assert [(one.code, one.place.line) for one in refused.value.problems] == [("V162", 2), ("V162", 3), ("V162", 4)]
    assert "did you mean `country`?" in str(refused.value.problems[1].help)


def test_a_list_that_is_not_there_is_told_at_its_step(tmp_path: Path) -> None:
    (tmp_path / "denied.csv").write_text(DENIED)

    with pytest.raises(ProblemsError) as refused:
        DeniedList.load_setting("denyed.csv", HERE, [tmp_path])

    [problem] = refused.value.problems
    assert (problem.code, problem.place) == ("V161", HERE)
    assert "denied.csv" in str(problem.help)


@pytest.mark.parametrize(
    ("sku", "near"),
    [("mug blue", ["MUG-BLUE"]), ("MUG_BLUE", ["MUG-BLUE"]), ("MUG-BLEU", ["MUG-BLUE"]), ("BLANKT", ["BLANKET"])],
)
def test_an_unknown_article_is_held_with_those_that_may_be_meant(sku: str, near: list[str], tmp_path: Path) -> None:
    [found] = asked_for(tmp_path, sku=sku, title="")

    assert (found.code, found.path) == ("V124", "lines[0].sku")
    assert found.message == f"line 1: no article `{sku}` is sold"
    assert [one for one in near if f"`{one}`" in str(found.help)] == near


def test_an_article_is_never_guessed_however_near_it_is(tmp_path: Path) -> None:
    result = validate(good_order(lines=(mug(sku="mug-blue"),)), catalogue=catalogue(tmp_path))

    assert result.order.lines[0].sku == "mug-blue"  # type: ignore[union-attr]
    assert isinstance(result, Fixable)


def test_the_title_of_a_line_tells_which_article_may_be_meant(tmp_path: Path) -> None:
    [found] = asked_for(tmp_path, sku="4711", title="green  MUG")

    assert found.fix == "MUG-GREEN"


def test_two_articles_with_one_number_are_held_unless_the_title_tells_them_apart(tmp_path: Path) -> None:
    [found] = asked_for(tmp_path, sku="DUO", title="Shoe")

    assert found.code == "V128"
    assert "`Left shoe` and `Right shoe`" in found.message
    assert asked_for(tmp_path, sku="DUO", title="Left shoe") == ()


def test_a_known_article_passes(tmp_path: Path) -> None:
    assert isinstance(validate(good_order(lines=(mug(sku=" MUG-BLUE "),)), catalogue=catalogue(tmp_path)), Valid)
