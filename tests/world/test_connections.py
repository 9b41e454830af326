"""connections.yaml: read strictly, opened when first used, without secrets in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom.model import StockLevel
from orderloom.problems import Problem, ProblemsError
from orderloom.world import Mail, MissingConnectionError, Stock, SystemClock, World
from orderloom.world.connections import Connections, read_connections
from orderloom.world.errors import ConnectionFailedError, ConnectionUnusableError
from orderloom.world.guard import Breaker
from orderloom.world.http import HttpService
from orderloom.world.mail import Outbox, Smtp
from orderloom.world.secrets import Secret

SMTP = "type: smtp, host: smtp.example.com, from: Shop <shop@example.com>"


def read(folder: Path, text: str) -> Connections:
    (folder / "connections.yaml").write_text(text, encoding="utf-8")
    found = read_connections(folder / "connections.yaml", folder)
    assert isinstance(found, Connections)
    return found


def refused(folder: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(ProblemsError) as caught:
        read(folder, text)
    return caught.value.problems


def test_without_a_file_messages_go_to_an_outbox_in_the_project(tmp_path: Path) -> None:
    for path in (None, tmp_path / "connections.yaml"):
        assert read_connections(path, tmp_path) == {"mail": Outbox(tmp_path / "outbox")}


def test_folders_are_relative_to_the_project(tmp_path: Path) -> None:
    found = read(tmp_path, "mail: {type: outbox, folder: sent, from: Shop <shop@example.com>}")

    assert found["mail"] == Outbox(tmp_path / "sent", "Shop <shop@example.com>")


def test_an_smtp_connection_has_its_secret_from_the_environment_and_never_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_PASSWORD", "hunter22")

    smtp = read(tmp_path, f"mail: {{{SMTP}, user: shop, password: {{env: SMTP_PASSWORD}}}}")["mail"]

    assert isinstance(smtp, Smtp)
    assert (smtp.host, smtp.port, smtp.security) == ("smtp.example.com", 587, "starttls")
    assert isinstance(smtp.password, Secret)
    assert smtp.password.reveal() == "hunter22"
    assert "hunter22" not in repr(smtp)


def test_port_465_speaks_tls_from_the_first_byte(tmp_path: Path) -> None:
    smtp = read(tmp_path, f"mail: {{{SMTP}, port: 465}}")["mail"]

    assert isinstance(smtp, Smtp)
    assert smtp.security == "tls"


def test_nothing_is_opened_before_it_is_asked_for(tmp_path: Path) -> None:
    found = read(tmp_path, f"mail: {{{SMTP}, user: shop, password: {{env: NOT_SET_ANYWHERE}}}}\nbox: {{type: outbox}}")

    assert list(found) == ["mail", "box"]
    assert found["box"] is found["box"]


def test_a_secret_that_is_missing_is_told_with_its_name_and_place_when_it_is_needed(tmp_path: Path) -> None:
    found = read(tmp_path, f"\nmail: {{{SMTP}, user: shop, password: {{env: NOT_SET_ANYWHERE}}}}")

    with pytest.raises(ConnectionFailedError) as failed:
        found["mail"]

    assert failed.value.error_class == "refused"
    assert failed.value.message.endswith("cannot be opened: the environment variable `NOT_SET_ANYWHERE` is not set")
    assert "connections.yaml:2:1" in failed.value.message
    assert [(one.code, one.place.line) for one in found.check()] == [("C007", 2)]


def test_a_secret_may_lie_in_a_file_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("hunter22\n")

    smtp = read(tmp_path, f"mail: {{{SMTP}, user: shop, password: {{file: secret.txt}}}}")["mail"]

    assert isinstance(smtp, Smtp)
    assert smtp.password is not None
    assert smtp.password.reveal() == "hunter22"


def stock_files(folder: Path) -> None:
    (folder / "stock").mkdir()
    for name in ("locations.yaml", "levels.csv"):
        (folder / "stock" / name).write_text("")


def test_stock_files_are_a_connection_that_knows_stock(tmp_path: Path) -> None:
    found = read(tmp_path, "stock: {type: stock-files, folder: stock}")
    stock_files(tmp_path)

    stock = World(SystemClock(), found).connection("stock", Stock)  # type: ignore[type-abstract]
    assert isinstance(stock, Stock)
    assert not isinstance(stock, (Mail, StockLevel))


def test_a_connection_of_another_kind_is_not_there(tmp_path: Path) -> None:
    found = read(tmp_path, "mail: {type: stock-files}")
    stock_files(tmp_path)

    with pytest.raises(MissingConnectionError):
        World(SystemClock(), found).connection("mail", Mail)  # type: ignore[type-abstract]


def test_stock_files_that_are_not_there_are_a_connection_that_cannot_be_opened(tmp_path: Path) -> None:
    found = read(tmp_path, "mail: {type: outbox}\nstock: {type: stock-files, folder: stok}")
    stock_files(tmp_path)

    with pytest.raises(ConnectionUnusableError) as failed:
        found["stock"]

    assert "connections.yaml:2:1) cannot be opened: there is no file" in failed.value.message
    assert f"did you mean `{tmp_path / 'stock'}`?" in failed.value.message


@pytest.mark.parametrize(
    ("text", "code", "line", "message", "help_text"),
    [
        ("mail: outbox", "C001", 1, "connection `mail` needs a type", "{type: outbox}"),
        ("- mail", "C001", 1, "connections.yaml names each connection", "type: outbox"),
        ("mail: {folder: x}", "C002", 1, "connection `mail` needs a `type`", "outbox, smtp, stock-files"),
        ("mail:\n  type: outbx", "C002", 2, "no type of connection is named `outbx`", "did you mean `outbox`?"),
        ("mail: {type: [a]}", "C002", 1, "no type of connection is named", "outbox, smtp, stock-files"),
        (
            "mail:\n  type: outbox\n  foldr: x",
            "C003",
            3,
            "a connection of type `outbox` has no `foldr`",
            "did you mean `folder`?",
        ),
        ("mail: {type: smtp, from: a@example.com}", "C004", 1, "needs `host`", "host: smtp.example.com"),
        (f"mail: {{{SMTP}, port: smtp}}", "C005", 1, "`port` is a number from 1 to 65535", "587"),
        (f"mail: {{{SMTP}, port: 0}}", "C005", 1, "`port` is a number", "587"),
        (f"mail: {{{SMTP}, security: ssl}}", "C005", 1, "one of starttls, tls, none", "465"),
        (
            "mail: {type: smtp, host: 'smtp://x', from: a@example.com}",
            "C005",
            1,
            "the name of a server",
            "without `smtp://`",
        ),
        ("mail: {type: outbox, from: shop}", "C005", 1, "`from` is an e-mail address", "Shop <shop@example.com>"),
        (f"mail: {{{SMTP}, user: shop}}", "C006", 1, "only one of `user` and `password`", "both, or neither"),
        (
            f"mail: {{{SMTP}, user: shop, password: {{vault: x}}}}",
            "C005",
            1,
            "`password` is `{env: NAME}`",
            "one of the two",
        ),
        ("mail: {type: outbox, rate: 10 per second}", "C008", 1, "`rate` is so many calls in a second", "10/s"),
        ("mail: {type: outbox, rate: 0/s}", "C008", 1, "`rate` is so many calls", "600/m"),
        ("mail: {type: outbox, rate: 5}", "C008", 1, "`rate` is so many calls", "5000/h"),
        ("mail: {type: outbox, breaker: true}", "C009", 1, "after how many failures", "{after: 5, pause: 30s}"),
        ("mail: {type: outbox, breaker: {after: 5}}", "C009", 1, "after how many failures", "{after: 5, pause: 30s}"),
        ("mail:\n  type: outbox\n  breaker: {after: 0, pause: 30s}", "C009", 3, "from 1 to 1000", "{after: 5"),
        ("mail: {type: outbox, breaker: {after: 5, pause: 30}}", "C009", 1, "has in `pause` how long", "pause: 30s"),
        ("mail: {type: outbox, breaker: {after: 5, pause: 25h}}", "C009", 1, "at most a day", "pause: 30s"),
        ("mail: {type: outbox, in_doubt: repeat}", "C010", 1, "what is done about a call", "retry, query, ask, fail"),
        ("mail: {type: outbox, rates: 10/s}", "C003", 1, "has no `rates`", "did you mean `rate`?"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_mend(
    tmp_path: Path, text: str, code: str, line: int, message: str, help_text: str
) -> None:
    found = refused(tmp_path, text)[0]

    assert (found.code, found.place.line) == (code, line)
    assert message in found.message
    assert help_text in (found.help or "")


def test_every_type_of_connection_takes_a_rate_a_breaker_and_what_doubt_means(tmp_path: Path) -> None:
    text = f"mail: {{{SMTP}, rate: 100/m, breaker: {{after: 5, pause: 5m}}, in_doubt: fail}}\nbox: {{type: outbox}}"
    found = read(tmp_path, text)

    assert found.definitions["mail"].values["breaker"] == Breaker(5, 300.0)
    assert found.definitions["mail"].values["rate"].gap_s == 0.6
    assert (found.in_doubt_of("mail"), found.in_doubt_of("box"), found.in_doubt_of("no")) == ("fail", None, None)


def test_a_password_in_the_file_is_refused_and_not_repeated(tmp_path: Path) -> None:
    found = refused(tmp_path, f"mail:\n  {SMTP.replace(', ', chr(10) + '  ')}\n  user: shop\n  password: hunter22")

    assert [(one.code, one.place.line) for one in found] == [("S101", 6)]
    assert "hunter22" not in f"{found[0].message} {found[0].help}"
    assert "{env: NAME}" in (found[0].help or "")


def test_a_password_must_not_travel_unprotected_but_to_this_machine(tmp_path: Path) -> None:
    secret = "user: shop, password: {env: X}, security: none"

    assert [one.code for one in refused(tmp_path, f"mail: {{{SMTP}, {secret}}}")] == ["S102"]
    read(tmp_path, f"mail: {{type: smtp, host: 127.0.0.1, port: 2525, from: a@example.com, {secret}}}")


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = refused(tmp_path, "a: {type: outbx}\nb: {type: outbox, foldr: x}\nc: {type: smtp}\n")

    assert [(one.place.line, one.code) for one in found] == [(1, "C002"), (2, "C003"), (3, "C004"), (3, "C004")]


def test_yaml_that_is_not_plain_data_is_refused_by_the_one_loader(tmp_path: Path) -> None:
    assert refused(tmp_path, "mail: &a {type: outbox}\nbox: *a")[0].code.startswith("Y")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("erp: {type: http, base: erp.example.com}", "C301"),
        ("erp: {type: http, base: https://user:pass@erp.example.com}", "C301"),
        ("erp: {type: http, base: https://erp.example.com, headers: {Accept Language: en}}", "C302"),
        ("erp: {type: http, base: https://erp.example.com, headers: {Authorization: Bearer abc}}", "S101"),
        ("erp: {type: http, base: https://erp.example.com, auth: {token: {env: T}}}", "C303"),
        ("erp: {type: http, base: https://erp.example.com, auth: {basic: {user: shop}}}", "C303"),
        ("erp: {type: http, base: https://erp.example.com, auth: {bearer: abc}}", "S101"),
        ("erp: {type: http, base: http://erp.example.com, auth: {bearer: {env: T}}}", "S102"),
        ("erp: {type: http, base: https://erp.example.com, reply_limit_mb: 5000}", "C304"),
    ],
)
def test_a_service_that_would_be_unsafe_or_unclear_is_refused_with_its_place(
    tmp_path: Path, text: str, code: str
) -> None:
    [problem] = refused(tmp_path, text)

    assert (problem.code, problem.place.line) == (code, 1)


def test_a_service_signs_in_with_secrets_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERP_TOKEN", "tok-123456")
    base = "erp: {type: http, base: https://erp.example.com/v2, auth: "

    bearer = read(tmp_path, base + "{bearer: {env: ERP_TOKEN}}}")["erp"]
    basic = read(tmp_path, base + "{basic: {user: shop, password: {env: ERP_TOKEN}}}}")["erp"]
    header = read(tmp_path, base + "{header: {name: X-Api-Key, value: {env: ERP_TOKEN}}}}")["erp"]

    assert [
        {name: secret.reveal() for name, secret in found.secret_headers.items()}
        for found in (bearer, basic, header)
        if isinstance(found, HttpService)
    ] == [
        {"Authorization": "Bearer tok-123456"},
        {"Authorization": "Basic c2hvcDp0b2stMTIzNDU2"},
        {"X-Api-Key": "tok-123456"},
    ]
