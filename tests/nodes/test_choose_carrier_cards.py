"""Rate cards are read strictly: each mistake is named with its place, and all of them at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orderloom.problems import Place, Problem, ProblemsError
from orderloom_nodes.choose_carrier.rates import RateCards
from tests.nodes.making import FLOWS

STEP = Place("flow.yaml", 7, 12)
CARD = """\
carrier: acme
currency: USD
services:
  ground:
    from: [US]
    zones:
      near: {to: [US], up_to_km: 100, transit_days: 1}
      home: {to: [US], transit_days: 3}
    brackets:
      - {up_to_kg: 1, near: 5, home: 6.50}
      - {up_to_kg: 5, near: 8, home: 9.90}
    surcharges:
      fuel_percent: 10
      remote: {amount: 5, postal: {US: ["995"]}}
"""


def load(value: Any, folder: Path) -> RateCards:
    return RateCards.load_setting(value, STEP, [folder])


def findings(value: Any, folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(ProblemsError) as refused:
        load(value, folder)
    return refused.value.problems


def written(folder: Path, old: str = "", new: str = "", name: str = "acme.yaml") -> Path:
    assert old in CARD
    (folder / "rates").mkdir(exist_ok=True)
    (folder / "rates" / name).write_text(CARD.replace(old, new, 1), encoding="utf-8")
    return folder


def test_a_folder_of_cards_gives_every_service_by_carrier_and_name(tmp_path: Path) -> None:
    written(tmp_path, "carrier: acme", "carrier: zeta", "a.yaml")
    written(tmp_path)

    assert [service.carrier_code for service in load("rates/", tmp_path).services] == ["acme", "zeta"]


def test_one_file_is_a_set_of_cards_too(tmp_path: Path) -> None:
    (service,) = load("rates/acme.yaml", written(tmp_path)).services

    assert (service.service_code, service.currency, sorted(service.delivery_days)) == ("ground", "USD", [0, 1, 2, 3, 4])


def test_the_hash_changes_with_a_price_and_not_with_a_comment(tmp_path: Path) -> None:
    first = load("rates/", written(tmp_path)).hash
    second = load("rates/", written(tmp_path, "currency: USD", "currency: USD   # ours")).hash
    third = load("rates/", written(tmp_path, "9.90", "9.91")).hash

    assert first == second != third


def test_the_shipped_cards_are_in_order() -> None:
    services = load("rates/", FLOWS).services

    assert {service.carrier_code for service in services} == {"usps", "ups", "fedex", "dhl"}
    assert len(services) == 10


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "message", "mend"),
    [
        ("currency: USD", "curency: USD", "C203", 2, "`curency` is no key of a rate card", "did you mean `currency`?"),
        ("currency: USD\n", "", "C204", 1, "a rate card has no `currency`", None),
        ("USD", "DOLLARS", "C206", 2, "`DOLLARS` is no currency", "three capitals of ISO 4217, such as USD"),
        ("from: [US]", "form: [US]", "C203", 5, "`form` is no key of service `ground`", "did you mean `from`?"),
        ("from: [US]", "from: [USA]", "C206", 5, "`USA` is no country code", "two capitals of ISO 3166-1, such as US"),
        ("from: [US]", "from: US", "C202", 5, "`from` is a list of texts", None),
        ("transit_days: 1", "transit_days: soon", "C205", 7, "`transit_days` is a number, and not below 0", None),
        ("transit_days: 1", "transit_days: 1.5", "C205", 7, "`transit_days` is a whole number", None),
        (
            "near: 8",
            "near: -8",
            "C205",
            11,
            "`near` is a number, and not below 0",
            "write it without a unit and without quotes",
        ),
        (
            "near: 8",
            'near: "8"',
            "C205",
            11,
            "`near` is a number, and not below 0",
            "write it without a unit and without quotes",
        ),
        ("near: 8", "nera: 8", "C203", 11, "`nera` is no key of a bracket", "did you mean `near`?"),
        (
            "up_to_kg: 5",
            "up_to_kg: 0.5",
            "C207",
            11,
            "0.5 kg is not above 1 kg before it",
            "put the brackets in order of weight",
        ),
        (
            ", up_to_km: 100",
            "",
            "C207",
            8,
            "zone `home` is never reached: `near` before it takes the same countries",
            "put the narrower zone first",
        ),
        (
            '["995"]',
            "[995]",
            "C202",
            14,
            "`US` is a list of texts",
            'for example: ["995", "996"]; figures stand in quotes',
        ),
        (
            "    brackets:",
            "    pickup_days: [monday]\n    brackets:",
            "C206",
            9,
            "`monday` is no day",
            "did you mean `mon`?",
        ),
    ],
)
def test_a_mistake_in_a_card_is_named_with_its_line_and_a_mend(
    tmp_path: Path, old: str, new: str, code: str, line: int, message: str, mend: str | None
) -> None:
    found = findings("rates/", written(tmp_path, old, new))

    (problem,) = [found for found in found if found.message == message]
    assert (problem.code, problem.place.line) == (code, line)
    assert mend is None or problem.help == mend


def test_a_zone_without_any_price_is_found(tmp_path: Path) -> None:
    written(tmp_path)
    file = tmp_path / "rates" / "acme.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace(", home: 6.50", "").replace(", home: 9.90", ""), encoding="utf-8"
    )

    assert [problem.message for problem in findings("rates/", tmp_path)] == ["zone `home` has no price in any bracket"]


def test_the_findings_of_all_cards_come_at_once(tmp_path: Path) -> None:
    written(tmp_path, "USD", "XXX", "a.yaml")
    written(tmp_path, "from: [US]", "from: [USA]", "b.yaml")

    assert [Path(problem.place.file).name for problem in findings("rates/", tmp_path)] == ["a.yaml", "b.yaml"]


def test_two_cards_that_sell_the_same_service_are_refused(tmp_path: Path) -> None:
    written(tmp_path, name="a.yaml")
    written(tmp_path, name="b.yaml")

    (problem,) = findings("rates/", tmp_path)

    assert (problem.code, problem.place.line) == ("C208", 4)
    assert problem.message == "another card sells `ground` of `acme` too"


def test_cards_in_two_currencies_are_refused(tmp_path: Path) -> None:
    written(tmp_path, name="a.yaml")
    (tmp_path / "rates" / "b.yaml").write_text(CARD.replace("acme", "zeta").replace("USD", "EUR"), encoding="utf-8")

    (problem,) = findings("rates/", tmp_path)

    assert (problem.code, problem.message) == ("C209", "this card is in EUR and that of `acme` in USD")


@pytest.mark.parametrize("value", ["nowhere/", "../rates", "/etc", "", 7])
def test_what_names_no_cards_is_refused_at_its_place_in_the_flow(tmp_path: Path, value: Any) -> None:
    (problem,) = findings(value, tmp_path)

    assert (problem.code, problem.place) == ("C201", STEP)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rates").mkdir()

    assert [problem.message for problem in findings("rates/", tmp_path)] == ["the folder `rates/` holds no rate card"]
