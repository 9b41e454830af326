"""Tables of every sort as plain data, for hypothesis: what a `.table.yaml` may say, with texts that forms trip over."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from orderloom.problems import Place
from orderloom.rules.load import Parts, parts_of
from orderloom.source import Document

# Not among them: control characters, which YAML alone can hold, and lone surrogates, which no file can.
SIGNS = st.characters(exclude_categories=("Cs", "Cc", "Cn")) | st.sampled_from("\t\n\r\x85")
WORDS = r"""
=1+1 -5 +2 @x ' '= ''- null - true 5 1.50 02134 NO US, " "" ; , | \| || \ ` `a` *a* a*b*c _x_
<br> <b> &amp; &lt; ~~x~~ [a](b) # a:b : _x000D_ _x0041_ “US” ＝1 日本 🎁 a,b a;b sep=; {a} [a] ? % --- ``` é
"""
AWKWARD = [*WORDS.split(), "\u2028", "\ufeff", "\u00a0x", "\u200b"]
TEXT = (
    st.text(SIGNS, max_size=12)
    | st.sampled_from(AWKWARD)
    | st.lists(st.sampled_from(AWKWARD), max_size=3).map(" ".join)
)
NAME = st.sampled_from(
    ["total", "ship to", "größe", "a|b", "x-1", "日本", "+1", "@home", "=x", "'q'", "a.b", "_u_", "*", "a  b"]
)
WORD = TEXT.filter(lambda text: text.strip() == text and text not in {"", "-", "null"} and text[0] not in '="')
NUMBER = st.integers(-(10**16), 10**16) | st.decimals(-(10**6), 10**6, places=2, allow_nan=False)
DATE = st.dates().map(str)
TIME = st.sampled_from(["14:00:00", "09:30:15", "23:59:59Z"])
MOMENT = st.sampled_from(["2026-03-02T10:00:00Z", "2026-03-02T10:00:00", "0999-01-01T00:00:00+02:00"])
DAYS = st.sampled_from(["P3D", "PT36H", "-P1DT2H"])
MONTHS = st.sampled_from(["P1Y6M", "P18M", "-P2Y"])

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXT,
    "number": NUMBER,
    "boolean": st.booleans(),
    "date": DATE,
    "time": TIME,
    "date and time": MOMENT,
    "days and time duration": DAYS,
    "years and months duration": MONTHS,
}


def bare(kind: str) -> st.SearchStrategy[str]:
    """A value of that type as it stands in a text."""
    return st.booleans().map(lambda one: str(one).lower()) if kind == "boolean" else VALUES[kind].map(str)


QUOTED = TEXT.map(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"')


def conditions(kind: str) -> st.SearchStrategy[Any]:
    """Cells of an input that can be read."""
    if kind == "any":
        return st.sampled_from([5, True, '"US"', "> 5", 'list contains(?, "a|b")', [1, 2], "null"])
    if kind == "list of text":
        return st.sampled_from([["a", "b"], 'list contains(?, "a")', "null", ["=x", "a, b"]])
    nothing = st.sampled_from([None, "", "-", "null"])
    if kind == "text":
        return nothing | QUOTED | st.tuples(QUOTED, QUOTED).map(", ".join) | QUOTED.map(lambda one: f"not({one})")
    if kind == "boolean":
        return nothing | st.booleans() | st.sampled_from(["true", "false", "TRUE"])
    one = bare(kind)
    tests = (
        one | one.map(lambda text: f"<= {text}") | one.map(lambda text: f"> {text}") | one.map(lambda x: f"[{x}..{x}]")
    )
    return nothing | tests | (NUMBER if kind == "number" else st.nothing())


def answers(kind: str) -> st.SearchStrategy[Any]:
    """Cells of an output."""
    if kind == "any":
        value = TEXT | NUMBER | st.booleans() | st.lists(NUMBER | TEXT, max_size=3)
        return value.filter(_is_no_formula) | st.dictionaries(NAME, NUMBER | TEXT, max_size=2)
    if kind == "list":
        return st.lists(NUMBER | TEXT | st.booleans(), max_size=3)
    if kind == "list of text":
        return st.lists(TEXT, max_size=3)
    if kind == "list of number":
        return st.lists(NUMBER, max_size=3)
    return st.none() | VALUES[kind].filter(_is_no_formula) | st.just('=if 1 = 1 then null else "|"')


def _is_no_formula(value: Any) -> bool:
    return not (isinstance(value, str) and value.strip().startswith("="))


@st.composite
def specs(draw: st.DrawFn, kind: str, output: bool) -> dict[str, Any]:
    spec: dict[str, Any] = {"type": kind}
    if draw(st.booleans()):
        spec["about"] = draw(TEXT)
    if draw(st.booleans()):
        spec["unit"] = draw(st.sampled_from(["kg", "USD", "°C", "5"]))
    if not output:
        spec |= draw(st.sampled_from([{}, {"is": "order.total"}, {"is": 'if a = "x|y" then 1 else 2'}]))
        if kind == "text" and draw(st.booleans()):
            spec["cells"] = "feel"
        if kind == "number" and draw(st.booleans()):
            spec["range"] = "[-100000000000000000..100000000000000000]"
    elif draw(st.booleans()):
        spec["default"] = draw(VALUES[kind]) if kind in VALUES else None
    return spec


def _on_missing(inputs: dict[str, str]) -> st.SearchStrategy[dict[str, Any]]:
    values = st.fixed_dictionaries({}, optional={name: VALUES[kind] for name, kind in inputs.items() if kind in VALUES})
    said = st.sampled_from(["error", "no_match"]) | values.filter(bool)
    return st.fixed_dictionaries({}, optional={"on_missing": said})


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Any]:
    """A whole table; some of its cells may be refused when it is read."""
    names = draw(st.lists(NAME, min_size=2, max_size=6, unique=True))
    split = draw(st.integers(1, len(names) - 1))
    of_input = st.sampled_from([*VALUES, "any", "list of text"])
    of_output = st.sampled_from([*VALUES, "any", "list", "list of text", "list of number"])
    inputs = {name: draw(of_input) for name in names[:split]}
    outputs = {name: draw(of_output) for name in names[split:]}
    row = st.fixed_dictionaries(
        {},
        optional={
            **{name: conditions(kind) for name, kind in inputs.items()},
            **{name: answers(kind) for name, kind in outputs.items()},
            "note": TEXT,
            "valid_from": st.dates().map(str),
        },
    )
    rows = draw(st.lists(row, max_size=4))
    ids = draw(st.none() | st.lists(WORD | st.integers(0, 99), min_size=len(rows), max_size=len(rows), unique_by=str))
    for one, identity in zip(rows, ids or (), strict=False):
        one["id"] = identity
    given_ = st.fixed_dictionaries({}, optional={name: VALUES.get(kind, TEXT) for name, kind in inputs.items()})
    then = st.fixed_dictionaries({}, optional={name: VALUES.get(kind, st.none()) for name, kind in outputs.items()})
    case = st.fixed_dictionaries({"given": given_, "then": then}, optional={"case": WORD, "now": st.just("2026-03-02")})
    errors = st.fixed_dictionaries({"given": given_, "error": st.just("no_match")})
    return {
        "table": draw(WORD),
        "hit": draw(st.sampled_from(["first", "any", "collect", "rule order"])),
        **draw(st.sampled_from([{}, {"summary": draw(TEXT)}])),
        **draw(_on_missing(inputs)),
        "inputs": {name: draw(specs(kind, output=False)) for name, kind in inputs.items()},
        "outputs": {name: draw(specs(kind, output=True)) for name, kind in outputs.items()},
        "rows": rows,
        **draw(st.sampled_from([{}, {"cases": draw(st.lists(case | errors, min_size=1, max_size=3))}])),
    }


def as_read(data: dict[str, Any], file: str = "made.table.yaml") -> Parts:
    """The table that a file of that name would give. Raises `ProblemsError`."""
    return parts_of(Document(file, "", data, {}, {(): Place(file)}), file.removesuffix(".table.yaml"))
