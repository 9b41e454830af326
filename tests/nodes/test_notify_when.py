"""When and in which language somebody is written to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from orderloom import Later, Place, World
from orderloom.model import Address, Party
from orderloom.testing import MailKept
from orderloom.world import FixedClock
from orderloom_nodes.notify import Sent, notify
from orderloom_nodes.notify.quiet import Quiet, _quiet, may_write_at, zones_of
from orderloom_nodes.notify.templates import MessageTemplate
from tests.nodes.orders import good_order

NIGHT = _quiet("21:00-08:00")


def at(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=UTC)


def lives(country: str, region: str | None = None) -> Address:
    return Address(country_code=country, region_code=region)


@pytest.mark.parametrize(
    ("now", "where", "then"),
    [
        ("2026-03-02T12:00", lives("DE"), "2026-03-02T12:00"),
        ("2026-03-02T20:00", lives("DE"), "2026-03-03T07:00"),      # 21:00 there
        ("2026-03-02T19:59", lives("DE"), "2026-03-02T19:59"),
        ("2026-03-02T03:00", lives("US", "CA"), "2026-03-02T03:00"),  # 19:00 of the day before
        ("2026-03-02T05:00", lives("US", "CA"), "2026-03-02T16:00"),
        ("2026-03-28T22:00", lives("DE"), "2026-03-29T06:00"),      # that night an hour is left out
        ("2026-10-24T22:00", lives("DE"), "2026-10-25T07:00"),      # and here one comes twice
        ("2026-03-02T12:00", lives("US"), "2026-03-02T18:00"),      # anywhere: Hawaii too
        ("2026-03-02T22:00", None, "2026-03-03T08:00"),
    ],
)  # fmt: skip
def test_a_message_waits_for_the_morning_of_where_its_reader_lives(now: str, where: Address | None, then: str) -> None:
    assert may_write_at(at(now), NIGHT, where) == at(then)


def test_hours_of_the_day_may_be_quiet_too() -> None:
    assert may_write_at(at("2026-03-02T12:30"), _quiet("12:00-14:00"), None) == at("2026-03-02T14:00")


def test_whoever_lives_somewhere_is_always_written_to_within_a_day_and_never_at_night() -> None:
    for country in ("RU", "US", "BR", "AU", "KI", "GB", "JP", "IN", "CA", "FR"):
        for hour in range(0, 48, 5):
            now = at("2026-06-01T00:30") + timedelta(hours=hour)
            moment = may_write_at(now, NIGHT, lives(country))
            assert now <= moment <= now + timedelta(days=1, hours=12)
            assert not any(NIGHT.holds(moment, zone) for zone in zones_of(lives(country))), country


@pytest.mark.parametrize("odd", ["21:00", "9-5", "25:00-08:00", "08:00-08:00", ""])
def test_what_are_no_hours_is_refused(odd: str) -> None:
    with pytest.raises(ValueError, match="hours such as 21:00-08:00"):
        _quiet(odd)


def told(
    template: str, now: str = "2026-03-02T22:00", quiet: Quiet | None = None, **customer: Any
) -> tuple[Any, MailKept]:
    post = MailKept()
    person = Party(first_name="Ann", email="ann@example.test", **customer)
    found = notify(
        template=MessageTemplate.load_setting(template, Place("-"), [Path()]), to=person, quiet=quiet,
        data={"order": good_order(order_number="7")}, world=World(FixedClock(at(now)), {"mail": post}, key="k"),
    )  # fmt: skip
    return found, post


def test_at_night_nothing_is_sent_and_the_step_is_called_again_in_the_morning() -> None:
    waits, post = told("shipped", "2026-03-03T04:00", NIGHT)  # 23:00 in Louisville
    sent, later = told("shipped", "2026-03-03T13:00", NIGHT)

    assert waits == Later(at("2026-03-03T13:00"))
    assert isinstance(sent, Sent)
    assert (len(post.messages), len(later.messages)) == (0, 1)


@pytest.mark.parametrize(
    ("locale", "subject"),
    [
        ("de", "Ihre Bestellung 7 ist unterwegs"),
        ("de-AT", "Ihre Bestellung 7 ist unterwegs"),
        ("DE_ch", "Ihre Bestellung 7 ist unterwegs"),
        ("fr-CA", "Votre commande 7 est en route"),
        ("en-US", "Your order 7 is on its way"),
        ("tlh", "Your order 7 is on its way"),
        (None, "Your order 7 is on its way"),
    ],
)
def test_a_message_is_in_its_readers_language_where_there_is_one(locale: str | None, subject: str) -> None:
    _, post = told("shipped", locale=locale)

    [message] = post.messages.values()
    assert message["Subject"] == subject


def test_a_template_of_the_project_has_its_own_languages_and_not_ours(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "shipped.txt").write_text("Subject: Off it goes\n\nBye.\n")
    (tmp_path / "templates" / "shipped.pt-BR.txt").write_text("Subject: A caminho\n\nTchau.\n")

    own = MessageTemplate.load_setting("shipped", Place("-"), [tmp_path])

    assert [own.spoken_in(locale).render({}).subject for locale in ("pt-br", "pt", "de")] == [
        "A caminho", "Off it goes", "Off it goes",
    ]  # fmt: skip
    assert own.hash != MessageTemplate.load_setting("shipped", Place("-"), []).hash
