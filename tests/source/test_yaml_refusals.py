"""What strict YAML refuses, with the place and the mend."""

from __future__ import annotations

import pytest

from orderloom.problems import Problem, ProblemsError
from orderloom.source import parse_yaml


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(ProblemsError) as refused:
        parse_yaml(text, "f.yaml")
    return refused.value.problems


def problem_of(text: str) -> Problem:
    found = problems_of(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        pytest.param("", "Y005", 1, 1, id="empty"),
        pytest.param("# only this\n", "Y005", 1, 1, id="only a comment"),
        pytest.param("---\n", "Y005", 1, 1, id="only a document marker"),
        pytest.param("a: x\x00y", "Y004", 1, 5, id="NUL"),
        pytest.param("a: b\nc: \x1b[31m", "Y004", 2, 4, id="escape character"),
        pytest.param("a: 1\nuse capture\n", "Y010", 2, 1, id="no colon on the last line"),
        pytest.param("use capture\nb: 1\n", "Y010", 1, 1, id="no colon on a line above"),
        pytest.param("a: |x\n  b", "Y010", 1, 5, id="text beside a block sign"),
        pytest.param("a:\n\tb: 2", "Y011", 2, 1, id="tab"),
        pytest.param("a:\n  b: 1\n  \tc: 2", "Y011", 3, 3, id="tab after spaces"),
        pytest.param("a:\n  b: 1\n c: 2\n", "Y012", 3, 2, id="indented between"),
        pytest.param("a: 1\n  b: 2\n", "Y012", 2, 4, id="key below a value"),
        pytest.param("a: - b", "Y012", 1, 4, id="list on the line of its key"),
        pytest.param("- a\nb: 1", "Y012", 2, 1, id="key after a list"),
        pytest.param("a: 'x\nb: 2\n", "Y013", 1, 4, id="quote open"),
        pytest.param("a: [1, 2", "Y013", 1, 4, id="bracket open"),
        pytest.param("a: {b: 1\nc: 2\n", "Y013", 1, 4, id="brace open"),
        pytest.param("a: b: c", "Y014", 1, 4, id="colon in a text"),
        pytest.param("a: b: c}", "Y014", 1, 4, id="brace that is not opened"),
        pytest.param("a: ={x: 1}", "Y014", 1, 4, id="colon in a formula"),
        pytest.param("a: @x", "Y015", 1, 4, id="reserved character"),
        pytest.param("a: `x`", "Y015", 1, 4, id="backtick"),
        pytest.param('a: "\\q"', "Y016", 1, 5, id="unknown escape"),
        pytest.param('a: "x" y', "Y017", 1, 8, id="text after the quotes"),
        pytest.param("a: {x} y", "Y017", 1, 8, id="text after the braces"),
        pytest.param("x: {a: 1,, b: 2}", "Y018", 1, 10, id="two commas"),
        pytest.param("a: *.csv", "Y020", 1, 5, id="a star that is no alias"),
        pytest.param("a: !!python/object:os.system 1", "Y021", 1, 4, id="tag"),
        pytest.param("a: ! x", "Y021", 1, 4, id="bare tag"),
        pytest.param("%TAG ! x\n---\na: 1", "Y021", 1, 1, id="tag directive"),
        pytest.param("%YAML 1.3\n---\na: 1", "Y021", 1, 1, id="version directive"),
        pytest.param("%FOO\na: 1", "Y021", 1, 1, id="unknown directive"),
        pytest.param("<<: {a: 1}", "Y022", 1, 1, id="merge key"),
        pytest.param("a: 1\n---\nb: 2", "Y023", 2, 1, id="second document"),
        pytest.param("a: 1\n...\nb: 2", "Y023", 3, 1, id="text after the end"),
        pytest.param("[" * 5000, "Y025", 1, 31, id="five thousand brackets"),
        pytest.param("- " * 40 + "x", "Y025", 1, 61, id="forty lists"),
        pytest.param("? [a]\n: 1", "Y026", 1, 3, id="a list as key"),
        pytest.param(": x", "Y026", 1, 1, id="no key"),
        pytest.param("{: x}", "Y026", 1, 2, id="no key in braces"),
    ],
)
def test_a_mistake_is_told_at_its_place(text: str, code: str, line: int, column: int) -> None:
    problem = problem_of(text)

    assert (problem.code, problem.place.line, problem.place.column) == (code, line, column)


def test_a_key_given_twice_is_told_with_both_lines() -> None:
    problem = problem_of("a: 1\nb: 2\na: {c: 3}\n")

    assert problem.code == "Y024"
    assert problem.message == "`a` is given twice, first on line 1"
    assert (problem.place.line, problem.place.column, problem.place.end_column) == (3, 1, 2)


def test_all_findings_are_told_at_once() -> None:
    found = problems_of("a: &x 1\nb: *x\nc: !t 2\na: 3\n<<: 4\ne: f: g\n")

    assert [(problem.code, problem.place.line) for problem in found] == [
        ("Y020", 1),
        ("Y020", 2),
        ("Y021", 3),
        ("Y024", 4),
        ("Y022", 5),
        ("Y014", 6),
    ]


def test_a_line_that_is_out_of_line_is_told_with_both_columns() -> None:
    problem = problem_of("steps:\n   a: {use: capture}\n\n   # a note\n   c:\n     x: 1\n  b: {use: notify}\n")

    assert (problem.code, problem.place.line) == ("Y012", 7)
    assert problem.help == "the block from line 2 on stands in column 4, this in column 3"


def test_an_alias_bomb_is_refused_without_growing() -> None:
    rows = [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10)]

    found = problems_of("\n".join(["a0: &a0 x", *rows]))

    assert {problem.code for problem in found} == {"Y020"}


def test_a_file_over_one_megabyte_is_refused() -> None:
    problem = problem_of("a: " + "x" * 1_000_000)

    assert problem.code == "Y002"
    assert problem.place.line == 0


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("with: {x: =coalesce(a, b), y: 1}", 'put it in quotes: "=coalesce(a, b)"'),
        ("with: [=sum(a, b), 3]", 'put it in quotes: "=sum(a, b)"'),
        ('with: {when: =a = "x, y"}', "put it in quotes: '=a = \"x, y\"'"),
        ("with: {a: =f(a, [b, c]), d: 1}", 'put it in quotes: "=f(a, [b, c])"'),
        ("with: {a: =f(a, b, b, b)}", 'put it in quotes: "=f(a, b, b, b)"'),
        ("with: {a: =f(a, b}", "put the formula in quotes, or on a line of its own"),
    ],
)
def test_a_comma_that_cuts_a_formula_is_told_with_the_whole_formula(text: str, mend: str) -> None:
    problem = problem_of(text)

    assert (problem.code, problem.help) == ("Y030", mend)


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ('with: {a: =choose[o = "c"].d, b: 1}', "put it in quotes: '=choose[o = \"c\"].d'"),
        ("with: {a: ={b: 1}}", 'put it in quotes: "={b: 1}"'),
        ("with: {t: Order {order.number} ships}", 'put it in quotes: "Order {order.number} ships"'),
        ('with: {a: =if a then "b: c" else d}', "put it in quotes: '=if a then \"b: c\" else d'"),
        ("with: {a: 1 b: 2}", "put a `,` between two entries, or put the text in quotes"),
    ],
)
def test_a_bracket_inside_braces_is_told_with_the_text_in_quotes(text: str, mend: str) -> None:
    problem = problem_of(text)

    assert (problem.code, problem.help) == ("Y031", mend)


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("subject: Order #{order.number}", 'put it in quotes: "Order #{order.number}"'),
        ("note: see #12 there", 'put it in quotes: "see #12 there"'),
        ('when: =sku = "a # b"', "put it in quotes: '=sku = \"a # b\"'"),
    ],
)
def test_a_comment_that_cuts_a_text_is_told(text: str, mend: str) -> None:
    problem = problem_of(text)

    assert (problem.code, problem.help) == ("Y032", mend)


@pytest.mark.parametrize(
    "text",
    [
        "a: =b # why",
        "a: =f(x) #why",
        "a: text # {not a hole}",
        "a: 5 #1",
        "a: b#{c}",
        'a: "b #{c}"',
        "with: {x: '=f(a, b)'}",
    ],
)
def test_comments_and_quoted_texts_are_left_alone(text: str) -> None:
    assert parse_yaml(text, "f.yaml").data


def test_a_very_long_line_does_not_make_a_very_long_sentence() -> None:
    found = problems_of(f"a: {'b' * 5000} c: d\nx: {{y: =f({'a' * 5000}, b)}}")

    assert all(len(problem.message) < 200 and len(problem.help or "") < 200 for problem in found)
