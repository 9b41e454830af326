"""What the YAML library cannot read, told in our own words with the place of the mistake and a mend."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

from orderloom.problems import Fix, Problem
from orderloom.source.document import Lines, brief
from orderloom.source.yaml_traps import in_quotes, meant, put_in_quotes, span

DIRECTIVE = "a line that begins with `%` is a directive, which has no meaning here"
_KEY_AND_VALUE = re.compile(r"\s*(?:- +)*(?:[^\s\"'\[{#][^:]*|\"[^\"]*\"): +(\S.*)")
_KEY_WITHOUT_COLON = re.compile(r"(?:- +)*([A-Za-z_][\w-]*) +(\S.*)")


@dataclass(frozen=True)
class _Mistake:
    """Where reading stopped, where the thing being read began, and what was read last."""

    at: int
    began: int | None
    last: Any  # the event
    lines: Lines

    @property
    def text(self) -> str:
        return self.lines.text

    @property
    def last_style(self) -> str | None:
        """The quotes of the scalar that was read last, "" for none; None where something else was read."""
        return self.last.style or "" if isinstance(self.last, yaml.ScalarEvent) else None

    @property
    def line(self) -> str:
        """The line on which reading stopped."""
        return self.lines.line_text(self.lines.place(self.at).line)


_Told = tuple[str, str, int, int, str | None]  # code, sentence, start, end, help
_QUOTED = {"Y014", "Y031"}  # what these point at is one text for certain, where the help writes it out in quotes


def tell(error: yaml.MarkedYAMLError, last: Any, lines: Lines) -> tuple[Problem, int]:
    """The problem, and the offset at which it stands."""
    at = _offset(error.problem_mark or error.context_mark, lines)
    mistake = _Mistake(at, _offset(error.context_mark, lines) if error.context_mark else None, last, lines)
    words = f"{error.context or ''} | {error.problem or ''}"
    told = next(found for known, say in _SAID if re.search(known, words) and (found := say(mistake)))
    code, message, start, end, mend = told
    place, quoted = lines.place(start, end), in_quotes(lines.text[start:end])
    fix = Fix(place, quoted) if quoted and code in _QUOTED and mend and quoted in mend else None
    return Problem(code, message, place, mend, fix=fix), start


def _offset(mark: Any, lines: Lines) -> int:
    return min(mark.index, len(lines.text)) if mark is not None else 0


def _cut_in_flow(mistake: _Mistake) -> _Told | None:
    """`{with: =a[b = 1].c}`: a bracket, a brace or `: ` ended an unquoted text inside { } or [ ]."""
    last = mistake.last
    if mistake.last_style != "" or not last.value:
        return None
    start, end = span(last)
    ended_by = mistake.text[mistake.at : mistake.at + 1]
    if mistake.text[end : mistake.at].strip(" ") or ended_by not in tuple("[]{}:") or "\n" in mistake.text[start:end]:
        return None
    kind = "formula" if last.value.startswith("=") else "text"
    message = f"inside {{ }} or [ ] an unquoted {kind} ends at `{ended_by}`"
    whole = meant(mistake.text, start)
    if kind == "text" and ended_by == ":":
        return ("Y031", message, start, end, "put a `,` between two entries, or put the text in quotes")
    mend = put_in_quotes(whole, f"put the {kind} in quotes, or on a line of its own")
    return ("Y031", message, start, start + len(whole) if whole else end, mend)


def _colon_in_text(mistake: _Mistake) -> _Told | None:
    """`x: ={a: 1}` and `note: see: below`."""
    found = _KEY_AND_VALUE.match(mistake.line.rstrip())
    place = mistake.lines.place(mistake.at)
    if found is None or place.column <= found.start(1):
        return None
    start = mistake.at - (place.column - 1) + found.start(1)
    if found[1].count("}") > found[1].count("{"):
        return ("Y014", "here a `}` has no `{`", start, start + len(found[1]), "write `{` before the first key")
    return ("Y014", "an unquoted text cannot hold `: `", start, start + len(found[1]), put_in_quotes(found[1]))


def _colon_forgotten_above(mistake: _Mistake) -> _Told | None:
    """`use capture`, and on the next line another key."""
    number = mistake.lines.place(mistake.at).line - 1
    above = mistake.lines.line_text(number) if number else ""
    text = above.strip()
    if not text or ": " in text or text.endswith(":") or text.startswith("#"):
        return None
    start = mistake.lines.start_of(number) + len(above) - len(above.lstrip())
    return _colon_missing(text, start)


def _text_after_value(mistake: _Mistake) -> _Told | None:
    """`subject: "a" and b`, `subject: {order.number} ships`."""
    if mistake.last is None:
        return None
    _, ended = span(mistake.last)
    if mistake.text[ended : mistake.at].strip(" \t"):
        return None
    message = "there is more text after the value ended"
    if mistake.last_style in ("'", '"'):
        mend = 'put the whole text in quotes, and write a quote inside as \\"'
        return ("Y017", message, mistake.at, mistake.at + 1, mend)
    if mistake.text[ended - 1 : ended] in ("}", "]"):
        mend = "a text that begins with { or [ needs quotes around all of it"
        return ("Y017", message, mistake.at, mistake.at + 1, mend)
    return None


def _no_colon(mistake: _Mistake) -> _Told:
    start = mistake.began if mistake.began is not None else mistake.at
    place = mistake.lines.place(start)
    return _colon_missing(mistake.lines.line_text(place.line)[place.column - 1 :].rstrip(), start)


def _colon_missing(line: str, start: int) -> _Told:
    found = _KEY_WITHOUT_COLON.fullmatch(line)
    mend = f"did you mean `{found[1]}: {brief(found[2])}`?" if found else "write `key: value`"
    return ("Y010", f"`{brief(line)}` has no `: ` after the key", start, start + len(line), mend)


def _no_key(mistake: _Mistake) -> _Told | None:
    before = mistake.line[: mistake.lines.place(mistake.at).column - 1].rstrip()
    if mistake.text[mistake.at : mistake.at + 1] != ":" or before[-1:] not in ("", "{", "[", ",", "-"):
        return None
    return ("Y026", "a key is missing before the `:`", mistake.at, mistake.at + 1, None)


def _directive(mistake: _Mistake) -> _Told | None:
    if not mistake.line.startswith("%"):
        return None
    start = mistake.lines.start_of(mistake.lines.place(mistake.at).line)
    return ("Y021", DIRECTIVE, start, start + len(mistake.line), "leave it out")


def _tab(mistake: _Mistake) -> _Told | None:
    line = mistake.lines.place(mistake.at).line
    for number in (line, line - 1):
        text = mistake.lines.line_text(number) if number else ""
        indent = text[: len(text) - len(text.lstrip())]
        if "\t" in indent:
            start = mistake.lines.start_of(number) + indent.index("\t")
            return ("Y011", "a tab cannot indent", start, start + 1, "use spaces")
    return None


def _wrong_start(mistake: _Mistake) -> _Told:
    letter = mistake.text[mistake.at : mistake.at + 1]
    shown = "a backtick" if letter == "`" else f"`{letter}`"
    return ("Y015", f"an unquoted text cannot begin with {shown}", mistake.at, mistake.at + 1, "put the text in quotes")


def _quote_open(mistake: _Mistake) -> _Told:
    start = mistake.began if mistake.began is not None else mistake.at
    return ("Y013", "the quoted text is not closed", start, start + 1, "write the closing quote")


def _bracket(mistake: _Mistake) -> _Told:
    start = mistake.began if mistake.began is not None else mistake.at
    opened = mistake.text[start : start + 1]
    closing = "]" if opened == "[" else "}"
    if (
        mistake.at >= len(mistake.text.rstrip())
        or mistake.lines.place(mistake.at).line != mistake.lines.place(start).line
    ):
        what = f"`{opened}`" if opened in ("[", "{") else "a bracket"
        return ("Y013", f"{what} is not closed", start, start + 1, f"write `{closing}` where it ends")
    if opened not in ("[", "{"):
        return ("Y018", "a value is missing before this", mistake.at, mistake.at + 1, "leave out one comma")
    message = f"a `,` or `{closing}` is missing before this"
    return ("Y018", message, mistake.at, mistake.at + 1, "put a text that holds brackets in quotes")


def _misaligned(mistake: _Mistake) -> _Told:
    here = mistake.lines.place(mistake.at)
    mend = "keys of a mapping begin in one column, so do the `-` of a list"
    nearest: tuple[int, int] | None = None  # the column and line of the block just inside which this was written
    for number in range(here.line - 1, 0, -1):
        text = mistake.lines.line_text(number)
        column = len(text) - len(text.lstrip()) + 1
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        if column < here.column:
            break
        if column > here.column and (nearest is None or column <= nearest[0]):
            nearest = (column, number)
    if nearest:
        mend = f"the block from line {nearest[1]} on stands in column {nearest[0]}, this in column {here.column}"
    return ("Y012", "this line does not fit the lines above", mistake.at, mistake.at + 1, mend)


def _plain(code: str, message: str, mend: str | None) -> Callable[[_Mistake], _Told]:
    return lambda mistake: (code, message, mistake.at, mistake.at + 1, mend)


_QUOTES = "put the text in quotes"
_MARKER = _plain("Y020", "`*` and `&` stand for a value written elsewhere", _QUOTES)
_TAG = _plain("Y021", "`!` begins a tag, which has no meaning here", _QUOTES)
_ENDED = _plain(
    "Y023", "the document ended above; this does not belong to it", "check the indentation here and on the line above"
)
_ESCAPE = _plain(
    "Y016", "this backslash means nothing in double quotes", "write \\\\ for a backslash, or use single quotes"
)
_BLOCK_TEXT = _plain("Y010", "after `|` or `>` the text begins on the next line", "indent it by spaces")
_STRAY_KEY = _plain("Y012", "this key does not fit here", "line it up with the keys around it")
_STRAY_LIST = _plain("Y012", "a list cannot begin here", "put each `- ` on a line of its own, below its key")
_UNREADABLE = _plain(
    "Y010",
    "this is not YAML that orderloom reads",
    "look for a missing `:`, quote or bracket here or above",
)

# What the two scanners of PyYAML (libyaml's and its own) say, from the special to the general.
# The first row whose words fit and whose function has an answer tells the mistake.
_SAID: tuple[tuple[str, Callable[[_Mistake], _Told | None]], ...] = (
    (r"", _directive),
    (r"tab character", _plain("Y011", "a tab cannot indent", "use spaces")),
    (r"cannot start any token|end of stream|did not find expected|mapping values|could not find", _tab),
    (r"scanning an? (anchor|alias)", _MARKER),
    (r"(scanning|parsing) a.* (tag|directive)|tag handle|tag URI|tag '!'", _TAG),
    (r"directive|YAML document|document start", _ENDED),
    (r"quoted scalar.*(end of stream|document (indicator|separator))", _quote_open),
    (r"unknown escape|hexdecimal|hexadecimal|escape character|escape sequence", _ESCAPE),
    (r"cannot start any token", _wrong_start),
    (r"block scalar", _BLOCK_TEXT),
    (r"flow (mapping|sequence|node)", _cut_in_flow),
    (r"flow (mapping|sequence|node)", _no_key),
    (r"flow (mapping|sequence|node)", _bracket),
    (r"", _text_after_value),
    (r"mapping values are not allowed", _colon_in_text),
    (r"mapping values are not allowed", _colon_forgotten_above),
    (r"(mapping values|mapping keys) are not allowed", _STRAY_KEY),
    (r"expected ':'", _no_colon),
    (r"sequence entries are not allowed", _STRAY_LIST),
    (r"block (mapping|collection|sequence|end)", _no_key),
    (r"block (mapping|collection|sequence|end)|'-' indicator", _misaligned),
    (r"", _UNREADABLE),
)
