"""Message templates: what they may say, where they are found, what is refused before a run."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orderloom.model import Address, Money
from orderloom.problems import Place, Problem, ProblemsError
from orderloom_nodes.notify.templates import MessageTemplate
from tests.nodes.orders import HOME
from tests.nodes.test_notify import template, written


def text(folder: Path, body: str, data: dict[str, Any]) -> str:
    return written(folder, f"Subject: s\n\n{body}").render(data).text


def refused(folder: Path, body: str, html: str | None = None) -> tuple[Problem, ...]:
    with pytest.raises(ProblemsError) as caught:
        written(folder, f"Subject: s\n\n{body}", html)
    return caught.value.problems


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{a.b}", "1"),
        ("{ a.b }", "1"),
        ("{{a.b}}", "{a.b}"),
        ("{#if a}yes{else}no{/if}", "yes"),
        ("{#if nothing}yes{else}no{/if}", "no"),
        ("{#if empty}yes{/if}", ""),
        ("{#if zero}yes{/if}", "yes"),
        ("{#each list}[{item}]{/each}", "[x][y]"),
        ("{#each list as one}{#each list as two}{one}{two} {/each}{/each}", "xx xy yx yy "),
        ("{#each records as r}{#if r.n}{r.n}{else}-{/if}{/each}", "1-"),
        ("{#each nothing}x{/each}", ""),
        ("{list}", "x, y"),
        ("{a}", ""),
    ],
)
def test_a_template_says(tmp_path: Path, body: str, said: str) -> None:
    data = {"a": {"b": 1}, "empty": [], "zero": 0, "list": ["x", "y"], "records": [{"n": "1"}, {"n": None}]}

    assert text(tmp_path, body, data) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Money.of("409.90", "USD"), "409.90 USD"),
        (Decimal("1.10"), "1.10"),
        (True, "yes"),
        (datetime(2026, 3, 2, 10, 5, tzinfo=UTC), "2026-03-02 10:05 UTC"),
        (date(2026, 3, 2), "2026-03-02"),
        (Address(**HOME), "Ann Lee, Chestnut Street 92, Louisville, KY 40202, US"),
        (None, ""),
    ],
)
def test_values_are_written_for_people(tmp_path: Path, value: Any, said: str) -> None:
    assert text(tmp_path, "{value}", {"value": value}) == said


@pytest.mark.parametrize(
    ("body", "code", "line", "column"),
    [
        ("one\ntwo {#if a}", "V152", 4, 5),
        ("{#each a}{/if}{/each}", "V153", 3, 10),
        ("{else}", "V153", 3, 1),
        ("{/each}", "V153", 3, 1),
        ("{#if a}{else}{else}{/if}", "V153", 3, 14),
        ("a { b", "V151", 3, 3),
        ("{#unless a}", "V151", 3, 1),
        ("{#each a.b() as c}{/each}", "V151", 3, 1),
    ],
)
def test_a_template_that_cannot_be_read_is_refused_with_its_place(
    tmp_path: Path, body: str, code: str, line: int, column: int
) -> None:
    found = refused(tmp_path, body)[0]

    assert (found.code, found.place.line, found.place.column) == (code, line, column)
    assert found.place.file.endswith("templates/own.txt")


def test_all_mistakes_of_both_files_are_told_at_once(tmp_path: Path) -> None:
    found = refused(tmp_path, "{1}\n{2}", "<p>{3}</p>")

    assert [(Path(one.place.file).name, one.place.line) for one in found] == [
        ("own.html", 1),
        ("own.txt", 3),
        ("own.txt", 4),
    ]


@pytest.mark.parametrize(
    "html",
    [
        "<script>var x = '{a}'</script>",
        "<style>p {{ color: {a} }}</style>",
        "<p class={a}>",
        "<p {a}>",
        "<{a}>",
        '<p onclick="f({a})">',
        '<p style="color: {a}">',
        "<!-- {a} -->",
        '<iframe srcdoc="{a}">',
        "<p title='x' {a}='y'>",
    ],
)
def test_a_value_must_not_stand_where_escaping_would_not_hold(tmp_path: Path, html: str) -> None:
    assert refused(tmp_path, "x", html)[0].code == "V156"


@pytest.mark.parametrize(
    "html",
    [
        "<p>{a}</p>",
        '<p title="{a}">{a}</p>',
        '<a href="https://example.com/{a}">x</a>',
        "<style>p {{ color: red }}</style>{a}",
        "<!-- x --><p>{a}</p>",
        "1 > 0 {a}",
        '<p title="a > b {a}">',
        "<script>x</script><p>{a}</p>",
    ],
)
def test_a_value_may_stand_between_tags_and_in_quoted_attributes(tmp_path: Path, html: str) -> None:
    assert "&lt;b&gt;" in (written(tmp_path, "Subject: s\n\nx", html).render({"a": "<b>"}).html or "")


def test_an_unknown_template_is_refused_with_a_suggestion_and_the_place_in_the_flow() -> None:
    with pytest.raises(ProblemsError) as caught:
        template("shiped")

    (found,) = caught.value.problems
    assert (found.code, found.message, found.place) == (
        "V155",
        "no message template is named `shiped`",
        Place("flow.yaml", 3, 5),
    )
    assert found.help == "did you mean `shipped`?"


@pytest.mark.parametrize("name", ["../secret", "a/b", "shipped.txt", "", "A" * 81, 7, None])
def test_a_template_is_a_name_and_no_path(name: Any) -> None:
    with pytest.raises(ProblemsError) as caught:
        template(name)

    assert caught.value.problems[0].code == "V155"


def test_the_projects_own_template_goes_before_the_shipped_one_with_both_its_files(tmp_path: Path) -> None:
    own = written(tmp_path, "Subject: Off it goes\n\nBye", name="shipped")

    assert (own.render({}).subject, own.render({}).html) == ("Off it goes", None)
    assert own.hash != template("shipped").hash


@pytest.mark.parametrize("content", ["Hello\n\nx", "", "Subject:\n\nx", "Subject:   \n\nx"])
def test_a_template_without_a_subject_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        written(tmp_path, content)

    assert caught.value.problems[0].code == "V154"


def test_a_template_that_is_not_utf_8_or_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    for content in (b"Subject: caf\xe9\n\nx", b"Subject: s\n\n" + b"x" * 200_001):
        (tmp_path / "templates/own.txt").write_bytes(content)
        with pytest.raises(ProblemsError):
            template("own", tmp_path)


def test_a_template_tells_what_it_reads(tmp_path: Path) -> None:
    own = written(
        tmp_path, "Subject: {order.order_number}\n\n{#each shipments as s}{s.value}{/each}", "<p>{to.email}</p>"
    )

    assert own.reads == (("order", "order_number"), ("shipments",), ("s", "value"), ("to", "email"))


def test_windows_line_ends_and_a_byte_order_mark_are_fine(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/own.txt").write_bytes(b"\xef\xbb\xbfSubject: Hi\r\n\r\nYou\r\n")

    rendered = MessageTemplate.load_setting("own", Place("f"), [tmp_path]).render({})

    assert (rendered.subject, rendered.text) == ("Hi", "You\n")
