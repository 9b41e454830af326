"""The name of a message template in, its subject, text and HTML out: from the project's `templates/` or our own.

    templates/shipped.txt       first line `Subject: …`, then the text
    templates/shipped.html      the same as HTML; may be left out
    templates/shipped.de.txt    the same in German, for whoever's `locale` is de, de-AT, de-CH …
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

from orderloom import Place, ProblemsError, did_you_mean, find_file, read_bytes, refuse
from orderloom_nodes.notify.render import Pen, holes, render
from orderloom_nodes.notify.template import Part, parse

SHIPPED = Path(__file__).parent
FOLDER = "templates"
LARGEST_BYTES = 200_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
_SUBJECT = "Subject:"
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[A-Za-z0-9]{2,8})*")   # BCP 47, without its rarer parts


@dataclass(frozen=True)
class Written:
    """A message as rendered. `missing` are the names that were not there, in the order of the template."""

    subject: str
    text: str
    html: str | None
    missing: tuple[str, ...]
    too_long: bool


@dataclass(frozen=True)
class MessageTemplate:
    """A template that was found and understood."""

    name: str
    subject: tuple[Part, ...]
    text: tuple[Part, ...]
    html: tuple[Part, ...] | None
    hash: str = field(default="", compare=False)
    languages: Mapping[str, MessageTemplate] = field(default_factory=dict)
    setting_schema: ClassVar[Mapping[str, Any]] = {"type": "string", "description": "the name of a message template"}

    @classmethod
    def load_setting(cls, value: Any, place: Place, folders: Sequence[Path]) -> MessageTemplate:
        """By name. Raises `ProblemsError` at `place` where there is none, in the template's file where it is wrong."""
        if not isinstance(value, str) or not _NAME.fullmatch(value):
            raise refuse(
                "V155", "a template is named by a word, such as `shipped`", place, f"it is the file {FOLDER}/NAME.txt"
            )
        file = find_file(f"{FOLDER}/{value}.txt", [*folders, SHIPPED])
        if file is None:
            known = sorted(set(_known(folders)))
            near = did_you_mean(value, known) or f"there are: {', '.join(known)}"
            raise refuse("V155", f"no message template is named `{value}`", place, near)
        found = _read(value, file)
        return replace(found, **_translated(value, file, found.hash))

    def spoken_in(self, locale: str | None) -> MessageTemplate:
        """The one for that language (BCP 47): of `de-AT` that for `de-at`, else for `de`, else this one."""
        wanted = (locale or "").replace("_", "-").lower()
        while wanted:
            if wanted in self.languages:
                return self.languages[wanted]
            wanted = wanted.rpartition("-")[0]
        return self

    @property
    def reads(self) -> tuple[tuple[str, ...], ...]:
        """Every path that the template reads, for checks."""
        parts = (*self.subject, *self.text, *(self.html or ()))
        others = (path for one in self.languages.values() for path in one.reads)
        return tuple(dict.fromkeys((*holes(parts), *others)))

    def render(self, scope: Mapping[str, Any]) -> Written:
        """The message with these names. Never raises."""
        subject, text, html = Pen(), Pen(), Pen(escapes=True)
        render(self.subject, scope, subject)
        render(self.text, scope, text)
        render(self.html or (), scope, html)
        missing = {**subject.missing, **text.missing, **html.missing}
        return Written(
            subject.text.strip(" "), text.text, html.text if self.html is not None else None,
            tuple(missing), subject.too_long or text.too_long or html.too_long,
        )


def _known(folders: Sequence[Path]) -> Iterator[str]:
    for folder in (*folders, SHIPPED):
        if (folder / FOLDER).is_dir():
            yield from (file.stem for file in (folder / FOLDER).glob("*.txt") if _NAME.fullmatch(file.stem))


def _translated(name: str, file: Path, digest: str) -> dict[str, Any]:
    """The same message in other languages, from files beside the template, and a hash over all of them."""
    found: dict[str, MessageTemplate] = {}
    for other in sorted(file.parent.glob(f"{name}.*.txt")):
        language = other.stem.removeprefix(f"{name}.")
        if _LANGUAGE.fullmatch(language):
            found[language.lower()] = _read(name, other)
    told = "".join([digest, *(f"{language}{one.hash}" for language, one in found.items())])
    return {"languages": found, "hash": sha256(told.encode()).hexdigest() if found else digest}


def _read(name: str, file: Path) -> MessageTemplate:
    problems: list[Any] = []
    source = _content(file)
    first, _, rest = source.partition("\n")
    if not first.startswith(_SUBJECT) or not first.removeprefix(_SUBJECT).strip():
        raise refuse(
            "V154",
            "the first line of a template is its subject",
            Place(str(file), 1, 1, 2),
            "write `Subject: Your order` there",
        )
    beside = file.with_suffix(".html")
    markup = _content(beside) if beside.is_file() else None
    blank = " " * len(_SUBJECT)             # keeps the columns of the subject's problems right
    subject = _parsed(blank + first.removeprefix(_SUBJECT), str(file), problems)
    text = _parsed(rest.lstrip("\n"), str(file), problems, first_line=2 + len(rest) - len(rest.lstrip("\n")))
    html = None if markup is None else _parsed(markup, str(beside), problems, html=True)
    if problems:
        raise ProblemsError(problems)
    digest = sha256(f"{source}\0{markup or ''}".encode()).hexdigest()
    return MessageTemplate(name, subject, text, html, digest)


def _parsed(text: str, file: str, problems: list[Any], *, html: bool = False, first_line: int = 1) -> tuple[Part, ...]:
    try:
        return parse(text, file, html=html, first_line=first_line)
    except ProblemsError as error:
        problems.extend(error.problems)
        return ()


def _content(file: Path) -> str:
    try:
        content = read_bytes(file, LARGEST_BYTES)
    except ProblemsError as error:
        if any(problem.code == "Y001" for problem in error.problems):
            mend = "check that it may be read"
            raise refuse("V155", "the template cannot be opened", Place(str(file)), mend) from None
        message = f"the template is larger than {LARGEST_BYTES // 1000} kB"
        raise refuse("V155", message, Place(str(file)), "leave pictures and tables out of it") from None
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise refuse("V155", "the template is not UTF-8", Place(str(file)), "save it as UTF-8") from None
