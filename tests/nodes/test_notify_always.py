"""What holds of every message, whatever the data."""

from __future__ import annotations

import email
from email import policy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.declare import NodeError
from orderloom.model import Party
from orderloom.problems import Problem, ProblemsError
from orderloom.testing import MailKept
from orderloom.world import FixedClock, World
from orderloom_nodes.notify import notify
from orderloom_nodes.notify.template import parse
from orderloom_nodes.notify.templates import MessageTemplate
from tests.nodes.making import MONDAY

TEXT = st.text(alphabet=st.characters(), max_size=60) | st.sampled_from(
    ["\r\nBcc: x@example.test", "<script>", "{a}", "=?utf-8?q?x?="]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | TEXT
    | st.datetimes()
    | st.dates()
    | st.timedeltas(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "name"]) | TEXT, inner, max_size=3)
    ),
    max_leaves=8,
)
OWN = MessageTemplate(
    "own",
    parse("About {a}{#if b} and {b.name}{/if}", "own.txt"),
    parse("{#each a as x}{x.name} {x} {#each x.b}{item}{/each}{/each}{b}{to.email}{data}", "own.txt"),
    parse('<p title="{a}">{#each b}<a href="{item.name}">{item}</a>{/each}</p>', "own.html", html=True),
)


@given(VALUES, TEXT, TEXT)
@settings(max_examples=300, deadline=None)
def test_no_data_makes_a_header_or_raises_anything_but_a_refusal(data: Any, first: str, last: str) -> None:
    mail = MailKept()
    try:
        notify(
            OWN,
            Party(first_name=first, last_name=last, email="a@example.test"),
            data,
            World(FixedClock(MONDAY), {"mail": mail}),
        )
    except NodeError:
        return

    (message,) = mail.messages.values()
    read = email.message_from_bytes(message.as_bytes(policy=policy.SMTP), policy=policy.default)
    assert sorted(read.keys()) == sorted(message.keys())
    assert [one.addr_spec for one in read["To"].addresses] == ["a@example.test"]
    assert "\n" not in str(read["Subject"])


@given(VALUES)
@settings(max_examples=200, deadline=None)
def test_what_stands_in_html_is_escaped(value: Any) -> None:
    html = OWN.render({"a": value, "b": [value]}).html or ""

    assert html.count("<") == 2 + 2 * html.count("<a ")
    assert html.count('"') == 2 + 2 * html.count("<a ")


@given(st.text(alphabet=st.sampled_from("{}#/abcei .sf\n<>\"'=x"), max_size=60), st.booleans())
def test_any_text_is_a_template_or_is_refused_with_places(text: str, html: bool) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        parse(text, "own.txt", html=html)
    except ProblemsError as refused:
        problems = refused.problems

    assert all(found.place.line >= 1 and found.place.column >= 1 for found in problems)
